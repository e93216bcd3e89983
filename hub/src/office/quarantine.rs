//! Ops that wait for a person at the hub: released or refused, and the author hears of it.

use xuncha_wire::OpId;
use xuncha_wire::entity::{KIND_VERDICT, VerdictBody};
use xuncha_wire::push::{Op, Verdict};

use super::entities;
use crate::identity::scoped;
use crate::push::{Ground, judge_op, verdict};
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};
use crate::{Hub, HubError, audit, moves};

impl Hub {
    /// Judges a quarantined op anew, without the reason that held it back, in its author's name. `Some` is the verdict
    /// that now stands.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined.
    pub async fn release_op(&self, by: &str, op: OpId) -> Result<Verdict, HubError> {
        self.decide(by, op, None).await
    }

    /// Refuses a quarantined op for good. It stays in custody and with its author.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined.
    pub async fn refuse_op(&self, by: &str, op: OpId, why_zh: &str) -> Result<Verdict, HubError> {
        let zh = format!("管理员看过，没有采纳：{why_zh}。内容在本机和平台都保留着。");
        let en =
            "The administrator looked at it and did not take it. It is kept on the phone and at the hub.";
        self.decide(by, op, Some(verdict::refused("declined", &zh, en))).await
    }

    async fn decide(&self, by: &str, op: OpId, refusal: Option<Verdict>) -> Result<Verdict, HubError> {
        let (tenant, id, by) = (self.tenant().to_string(), op.to_string(), by.to_owned());
        let not_found = || HubError::NotFound { what: "quarantined op", id: op.to_string() };
        let (t, key) = (tenant.clone(), id.clone());
        let waiting = self.db().read(move |tx| waiting(tx, &t, &key)).await?.ok_or_else(not_found)?;
        let mut ground = Ground::of(self, &waiting.author)?;
        ground.released = true;
        let decided = self
            .db()
            .write(move |tx| {
                let still = tx.exec(
                    "DELETE FROM op_verdict WHERE tenant = $1 AND op = $2 AND st = 'quarantined'",
                    &[V::T(&tenant), V::T(&id)],
                )?;
                if still == 0 {
                    return Ok(None);
                }
                let mut changes = Changes::default();
                let decided = match (&refusal, &waiting.op) {
                    (Some(refusal), _) => refusal.clone(),
                    (None, Some(op)) => judge_op(tx, &ground, op, 0, &mut changes)?,
                    (None, None) => verdict::bad_body(),
                };
                let author = &waiting.author.person;
                verdict::put(tx, &tenant, &id, author, &decided, ground.now_ms, &by)?;
                let body = VerdictBody { op, verdict: decided.clone() };
                let ver = entities::put(tx, &tenant, KIND_VERDICT, &id, &body)?;
                changes.show(&format!("u/{author}"), KIND_VERDICT, &id, ver);
                audit::write(
                    tx,
                    &tenant,
                    ground.now_ms,
                    &by,
                    "decide_op",
                    &id,
                    verdict::columns(&decided).0,
                )?;
                changes.commit(tx, &tenant, &ground.mark, ground.now_ms)?;
                Ok(Some(decided))
            })
            .await?;
        decided.ok_or_else(not_found)
    }
}

struct Waiting {
    author: scoped::Scoped,
    op: Option<Op>,
}

fn waiting(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Option<Waiting>, E> {
    let found = tx.one(
        "SELECT o.person, o.device, o.bytes FROM op o
         JOIN op_verdict v ON v.tenant = o.tenant AND v.op = o.op AND v.st = 'quarantined'
         WHERE o.tenant = $1 AND o.op = $2",
        &[V::T(tenant), V::T(id)],
        |r| Ok((r.text(0)?, r.text(1)?, r.blob(2)?)),
    )?;
    let Some((person, device, bytes)) = found else { return Ok(None) };
    let device = if device.is_empty() { moves::CONSOLE.to_owned() } else { device };
    let author = scoped::by_person(tx, tenant, &person, &device)?;
    Ok(author.map(|author| Waiting { author, op: serde_json::from_slice(&bytes).ok() }))
}
