//! Ops that a stop left between custody and judgement: judged at the next start, whether or not the phone, which may
//! be lost by then, sends them again.

use xuncha_wire::push::Op;

use crate::push::custody::{self, Kept};
use crate::push::{Ground, judge_op, verdict};
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};
use crate::{Hub, HubError};

impl Hub {
    /// Judges every op in custody that has no verdict, in the order of arrival; answers how many. One that can't be
    /// judged stays in custody and does not hold up the others.
    ///
    /// # Errors
    /// The store's errors while looking for them.
    pub async fn judge_leftovers(&self) -> Result<usize, HubError> {
        let tenant = self.tenant().to_string();
        let ids = self.db().read(move |tx| unjudged(tx, &tenant)).await?;
        let mut judged = 0;
        for id in ids {
            let (tenant, key) = (self.tenant().to_string(), id.clone());
            let Some(left) = self.db().read(move |tx| custody::kept(tx, &tenant, &key)).await? else {
                tracing::error!(op = id, "the author of an op in custody is unknown");
                continue;
            };
            let ground = Ground::of(self, &left.author)?;
            let decided = self.db().write(move |tx| judge(tx, &ground, &id, &left)).await;
            match decided {
                Ok(done) => judged += usize::from(done),
                Err(e) => tracing::error!(cause = %e, "an op can't be judged; it stays in custody"),
            }
        }
        Ok(judged)
    }
}

fn unjudged(tx: &mut dyn Tx, tenant: &str) -> Result<Vec<String>, E> {
    tx.all(
        "SELECT o.op FROM op o
         WHERE o.tenant = $1
           AND NOT EXISTS (SELECT 1 FROM op_verdict v WHERE v.tenant = o.tenant AND v.op = o.op)
         ORDER BY o.received_ms, o.device, o.n, o.op",
        &[V::T(tenant)],
        |r| r.text(0),
    )
}

/// True if this gave the op its verdict.
fn judge(tx: &mut dyn Tx, ground: &Ground, id: &str, left: &Kept) -> Result<bool, E> {
    let tenant = &ground.who.tenant;
    // The phone may have sent it again since it was found.
    if verdict::of_op(tx, tenant, id)?.is_some() {
        return Ok(false);
    }
    let op: Option<Op> = serde_json::from_slice(&left.bytes).ok();
    let mut changes = Changes::default();
    let decided = match &op {
        // Kept beside an op of the same id: its sender was told that the id is taken.
        Some(op) if op.op.to_string() != *id => return Ok(false),
        Some(op) => judge_op(tx, ground, op, left.clock_ms, &mut changes)?,
        None => verdict::bad_body(),
    };
    verdict::put(tx, tenant, id, &ground.who.person, &decided, ground.now_ms, "")?;
    changes.commit(tx, tenant, &ground.mark, ground.now_ms)?;
    Ok(true)
}
