//! Ops that wait for a person at the hub: released or refused, and the author hears of it.

use xuncha_wire::entity::{KIND_VERDICT, VerdictBody};
use xuncha_wire::push::{Op, OpKind, Verdict};
use xuncha_wire::{OpId, Scope};

use super::entities;
use crate::push::custody::{self, Kept};
use crate::push::{Ground, judge_op, verdict};
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};
use crate::{Hub, HubError, audit, clock};

impl Hub {
    /// Judges a quarantined op anew, without the reason that held it back, in its author's name. `Some` is the verdict
    /// that now stands.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined.
    pub async fn release_op(&self, by: &str, op: OpId) -> Result<Verdict, HubError> {
        self.decide(by, op, Decision::Release).await
    }

    /// The same, but what the op makes belongs to this district. The op's bytes in custody stay as they came.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined, [`HubError::Invalid`] for a district that is none.
    pub async fn release_op_to(&self, by: &str, op: OpId, district: &str) -> Result<Verdict, HubError> {
        let scope = Scope::district(district)?;
        self.decide(by, op, Decision::ReleaseTo(scope, district.to_owned())).await
    }

    /// Asks the author of a quarantined op something: they read it beside the op on their phone. The op stays where it is.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined.
    pub async fn ask_author(&self, by: &str, op: OpId, question: &str) -> Result<(), HubError> {
        let (tenant, id, by) = (self.tenant().to_string(), op.to_string(), by.to_owned());
        let zh = format!("平台收到了，代为保管。管理员问你：{question}。内容没有丢，请答复管理员。");
        let en = "The hub has it and keeps it. The administrator asks you something: see the Chinese text.";
        let (mark, now_ms) = (clock::mark()?, self.now_ms());
        let asked = self
            .db()
            .write(move |tx| {
                let params = [V::T(&tenant), V::T(&id)];
                let found = tx.one(
                    "SELECT person, why FROM op_verdict WHERE tenant = $1 AND op = $2 AND st = 'quarantined'",
                    &params,
                    |r| Ok((r.text(0)?, r.text(1)?)),
                )?;
                let Some((author, why)) = found else { return Ok(false) };
                tx.exec(
                    "UPDATE op_verdict SET zh = $3, en = $4 WHERE tenant = $1 AND op = $2",
                    &[V::T(&tenant), V::T(&id), V::T(&zh), V::T(en)],
                )?;
                let mut changes = Changes::default();
                let body = VerdictBody { op, verdict: verdict::quarantined(&why, &zh, en) };
                let ver = entities::put(tx, &tenant, KIND_VERDICT, &id, &body)?;
                changes.show(&format!("u/{author}"), KIND_VERDICT, &id, ver);
                audit::write(tx, &tenant, now_ms, &by, "ask_author", &id, "")?;
                changes.commit(tx, &tenant, &mark, now_ms)?;
                Ok(true)
            })
            .await?;
        if asked { Ok(()) } else { Err(HubError::NotFound { what: "quarantined op", id: op.to_string() }) }
    }

    /// Refuses a quarantined op for good. It stays in custody and with its author.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if no such op is quarantined.
    pub async fn refuse_op(&self, by: &str, op: OpId, why_zh: &str) -> Result<Verdict, HubError> {
        let zh = format!("管理员看过，没有采纳：{why_zh}。内容在本机和平台都保留着。");
        let en =
            "The administrator looked at it and did not take it. It is kept on the phone and at the hub.";
        self.decide(by, op, Decision::Refuse(verdict::refused("declined", &zh, en))).await
    }

    async fn decide(&self, by: &str, op: OpId, decision: Decision) -> Result<Verdict, HubError> {
        let (tenant, id, by) = (self.tenant().to_string(), op.to_string(), by.to_owned());
        let not_found = || HubError::NotFound { what: "quarantined op", id: op.to_string() };
        let (t, key) = (tenant.clone(), id.clone());
        let waiting = self.db().read(move |tx| waiting(tx, &t, &key)).await?.ok_or_else(not_found)?;
        let sent: Option<Op> = serde_json::from_slice(&waiting.bytes).ok();
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
                let decided = match (&decision, &sent) {
                    (Decision::Refuse(refusal), _) => refusal.clone(),
                    (Decision::Release, Some(op)) => judge_op(tx, &ground, op, 0, &mut changes)?,
                    (Decision::ReleaseTo(scope, district), Some(op)) => {
                        let op = placed(op, scope, district);
                        judge_op(tx, &ground, &op, 0, &mut changes)?
                    }
                    (_, None) => verdict::bad_body(),
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

/// What a person decides about an op that waits.
enum Decision {
    Release,
    ReleaseTo(Scope, String),
    Refuse(Verdict),
}

/// The op as if it had been made for this district.
fn placed(op: &Op, scope: &Scope, district: &str) -> Op {
    let mut op = Op { scope: Some(scope.clone()), ..op.clone() };
    if op.kind == OpKind::CaseReport
        && let Ok(mut body) =
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(op.body.get())
    {
        body.insert("district".to_owned(), district.into());
        if let Ok(raw) = serde_json::value::to_raw_value(&body) {
            op.body = raw;
        }
    }
    op
}

/// A quarantined op; `None` if it does not wait for a person.
fn waiting(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Option<Kept>, E> {
    let quarantined = tx.one(
        "SELECT 1 FROM op_verdict WHERE tenant = $1 AND op = $2 AND st = 'quarantined'",
        &[V::T(tenant), V::T(id)],
        |r| r.int(0),
    )?;
    if quarantined.is_none() {
        return Ok(None);
    }
    custody::kept(tx, tenant, id)
}
