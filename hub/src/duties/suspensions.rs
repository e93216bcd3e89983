//! 挂账 ends on its day: the first moment of the day on which work goes on, the platform resumes the case.
//!
//! The move goes the way of every op and stands in the case's history under the platform's name. A hub that was off
//! on that day resumes when it is back; the clock runs from then.

use xuncha_casework::case::State;
use xuncha_casework::deadline::Why;
use xuncha_casework::{Case, Move, Rules};
use xuncha_wire::EntityId;
use xuncha_wire::push::{OpKind, Verdict};

use crate::identity::Scoped;
use crate::push::{Ground, case};
use crate::store::{E, Tx, V};
use crate::{Hub, HubError, moves};

impl Hub {
    /// Resumes every case whose suspension ends by now; answers how many.
    ///
    /// # Errors
    /// The store's errors; what was resumed before stays so.
    pub async fn end_suspensions(&self) -> Result<usize, HubError> {
        let ground = Ground::of(self, &Scoped::platform(self.tenant().as_str()))?;
        let g = ground.clone();
        let over = self.db().read(move |tx| over(tx, &g)).await?;
        let mut ended = 0;
        for id in over {
            let entity: EntityId = id.parse()?;
            let body = moves::body_of(&Move::Resume { note: String::new() }, Vec::new())?;
            let draft = moves::Draft { kind: OpKind::CaseMove, entity, seen: None, blobs: Vec::new(), body };
            let (g, op) = (ground.clone(), crate::clock::op_id(self.clock())?);
            let made = self
                .db()
                .write(move |tx| {
                    // Someone may have resumed it, or suspended it anew, since it was found.
                    let rules = g.rules.load(tx, &g.who.tenant)?;
                    match case::load(tx, &g.who.tenant, &id)? {
                        Some(case) if is_over(&case, &rules, g.now_ms) => moves::enter(tx, &g, op, &draft),
                        _ => Ok(None),
                    }
                })
                .await?;
            match made {
                Some(Verdict::Applied) => ended += 1,
                Some(_) => tracing::error!(case = %entity, "the end of a suspension was refused"),
                None => {}
            }
        }
        Ok(ended)
    }
}

/// The suspended cases whose day has come.
fn over(tx: &mut dyn Tx, ground: &Ground) -> Result<Vec<String>, E> {
    let tenant = &ground.who.tenant;
    let suspended = tx.all(
        "SELECT id FROM casefile WHERE tenant = $1 AND state = 'suspended' ORDER BY id",
        &[V::T(tenant)],
        |r| r.text(0),
    )?;
    let rules = ground.rules.load(tx, tenant)?;
    let mut found = Vec::new();
    for id in suspended {
        if case::load(tx, tenant, &id)?.is_some_and(|case| is_over(&case, &rules, ground.now_ms)) {
            found.push(id);
        }
    }
    Ok(found)
}

fn is_over(case: &Case, rules: &Rules, now_ms: i64) -> bool {
    let stop = case.deadline.as_ref().and_then(|deadline| deadline.stopped.as_ref());
    match stop.map(|stop| &stop.why) {
        Some(Why::Suspended { until }) if case.state == State::Suspended => {
            rules.calendar.day_start_ms(until).is_ok_and(|start| start <= now_ms)
        }
        _ => false,
    }
}
