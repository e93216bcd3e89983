//! Judgement: each op of a push in its order, with its effect and its verdict in one transaction.

use std::sync::Arc;

use xuncha_wire::push::{Op, OpKind, OpVerdict, Verdict};

use super::custody::{self, Batch, Line};
use super::{Ground, case, record, verdict};
use crate::store::feed::Changes;
use crate::store::{Db, E, Tx};

const DAY_MS: i64 = 86_400_000;

/// Judges what a push brought. All in one transaction; if that fails, each op alone, so that one bad op does not hold
/// up the others. What still fails is answered with `retry` and stays in custody. `fresh` says which lines custody had
/// never seen: nobody can have judged these, unless the same push came twice at once, and then the verdict's key says
/// so and each op is looked up.
///
/// # Errors
/// [`E::Full`] and [`E::Overloaded`]: nothing was judged, send again later.
pub async fn judge_batch(
    db: &Db,
    ground: &Ground,
    batch: &Arc<Batch>,
    fresh: Vec<bool>,
) -> Result<Vec<OpVerdict>, E> {
    if batch.lines.is_empty() {
        return Ok(Vec::new());
    }
    let (g, b) = (ground.clone(), Arc::clone(batch));
    let clock_ms = batch.header.wall_ms.saturating_sub(ground.now_ms);
    let together = db
        .write(move |tx| {
            let mut changes = Changes::default();
            let lines = b.lines.iter().zip(fresh.iter().copied().chain(std::iter::repeat(false)));
            let judge = |(line, fresh)| judge_line(tx, &g, line, fresh, clock_ms, &mut changes);
            let verdicts: Result<Vec<_>, E> = lines.map(judge).collect();
            changes.commit(tx, &g.who.tenant, &g.mark, g.now_ms)?;
            verdicts
        })
        .await;
    match together {
        Ok(verdicts) => return Ok(named(batch, verdicts)),
        Err(e @ (E::Full | E::Overloaded)) => return Err(e),
        Err(e) => tracing::warn!(cause = %e, "a push is judged op by op"),
    }
    let mut verdicts = Vec::with_capacity(batch.lines.len());
    for at in 0..batch.lines.len() {
        let (g, b) = (ground.clone(), Arc::clone(batch));
        let alone = db
            .write(move |tx| {
                let mut changes = Changes::default();
                let line = b.lines.get(at).ok_or_else(|| E::Other("no such line".into()))?;
                let verdict = judge_line(tx, &g, line, false, clock_ms, &mut changes)?;
                changes.commit(tx, &g.who.tenant, &g.mark, g.now_ms)?;
                Ok(verdict)
            })
            .await;
        verdicts.push(alone.unwrap_or_else(|e| {
            tracing::error!(cause = %e, "an op can't be judged; it stays in custody");
            Verdict::Retry
        }));
    }
    Ok(named(batch, verdicts))
}

fn named(batch: &Batch, verdicts: Vec<Verdict>) -> Vec<OpVerdict> {
    let named = batch.lines.iter().zip(verdicts).filter_map(|(line, verdict)| {
        // A line without an id of its own can't be answered; it is held and counted.
        line.id.parse().ok().map(|op| OpVerdict { op, verdict })
    });
    named.collect()
}

fn judge_line(
    tx: &mut dyn Tx,
    ground: &Ground,
    line: &Line,
    fresh: bool,
    clock_ms: i64,
    changes: &mut Changes,
) -> Result<Verdict, E> {
    let tenant = &ground.who.tenant;
    if !fresh {
        if !custody::same(tx, tenant, line)? {
            return Ok(verdict::taken());
        }
        match verdict::of_op(tx, tenant, &line.id)? {
            Some(Verdict::Applied) => return Ok(Verdict::Duplicate),
            // The phone may not have heard it: the same verdict again.
            Some(earlier) => return Ok(earlier),
            None => {}
        }
    }
    let decided = match &line.op {
        Some(op) => judge_op(tx, ground, op, clock_ms, changes)?,
        None => verdict::bad_body(),
    };
    verdict::put(tx, tenant, &line.id, &ground.who.person, &decided, ground.now_ms, "")?;
    Ok(decided)
}

/// Judges one op and does what it does. The caller writes the verdict in the same transaction.
///
/// # Errors
/// [`E`] of the store.
pub fn judge_op(
    tx: &mut dyn Tx,
    ground: &Ground,
    op: &Op,
    clock_ms: i64,
    changes: &mut Changes,
) -> Result<Verdict, E> {
    if !ground.released
        && let Some(waits) = quarantine(ground, clock_ms)
    {
        return Ok(waits);
    }
    match op.kind {
        OpKind::Record => record::take(tx, ground, op, changes),
        OpKind::CaseReport => case::report(tx, ground, op, changes),
        OpKind::CaseMove => case::make_move(tx, ground, op, changes),
        OpKind::CaseNote => case::note(tx, ground, op, changes),
        OpKind::Unknown => Ok(verdict::quarantined(
            "unknown_kind",
            "平台收到了，但还不认识这类内容，先代为保管。平台升级后处理，内容没有丢。",
            "The hub has it but does not know this kind yet, and keeps it until it does. Nothing is lost.",
        )),
    }
}

/// What waits for a person at the hub before it is even read.
fn quarantine(ground: &Ground, clock_ms: i64) -> Option<Verdict> {
    if ground.who.suspended {
        return Some(verdict::quarantined(
            "suspended",
            "平台收到了，代为保管：你的账号已停用，等管理员处理。内容没有丢。",
            "The hub has it and keeps it: your account is suspended. The administrator decides; nothing is lost.",
        ));
    }
    if ground.quarantine_clock && clock_ms.saturating_abs() > DAY_MS {
        return Some(verdict::quarantined(
            "clock",
            "平台收到了，代为保管：手机时间与平台相差一天以上，等管理员核对。内容没有丢，请校准手机时间。",
            "The hub has it and keeps it: the phone's clock is more than a day off, and the administrator checks. \
             Nothing is lost; set the phone's clock.",
        ));
    }
    None
}
