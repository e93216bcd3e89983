//! What a sync commits.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::entity::{self, VerdictBody};
use xuncha_wire::pull::{Fit, Page, Row};
use xuncha_wire::push::Verdict;
use xuncha_wire::{Cursor, Epoch, Mark, Scope};

use super::HubTime;
use super::plan::{Decided, HubSays, Local, PhotoMark};
use crate::Env;
use crate::change::Change;
use crate::error::Words;
use crate::form_files::FormFiles;
use crate::store::ops::{OpState, Outgoing};
use crate::store::{
    Reader, Result, StoreError, Writer, cursor, forms, meta, open, ops, photos, replica, transact,
};

/// Where this phone stands.
pub(super) fn local(reader: &Reader, logged_in: bool, seed: u64) -> Result<Local> {
    let epoch = meta::get(&reader.mine, meta::EPOCH)?.map(|text| text.parse()).transpose()?;
    Ok(Local { epoch, cursor: cursor::load(&reader.hub)?, logged_in, seed })
}

/// Verdicts of a push.
pub(super) fn settle(writer: &mut Writer, decided: &[Decided], says: &HubSays, env: &Env) -> Result<()> {
    transact(&mut writer.mine, |tx| {
        decided.iter().try_for_each(|one| ops::settle(tx, one.op, one.state, true, &one.verdict))
    })?;
    heard(&writer.hub, says, env)
}

/// What the hub said of itself: a replica's fact, which costs no sync of the disk.
fn heard(hub: &Connection, says: &HubSays, env: &Env) -> Result<()> {
    let clock = env.clock();
    let time = HubTime {
        hub_ms: says.hub_ms,
        wall_ms: clock.wall_ms(),
        mono_ms: clock.mono_ms(),
        boot: clock.boot(),
    };
    meta::write(hub, meta::HUB_COUNT, says)?;
    meta::write(hub, meta::HUB_TIME, &time)
}

/// An op is in custody, unread.
pub(super) fn keep(writer: &mut Writer, n: u64) -> Result<()> {
    let damaged = matches!(ops::outgoing(&writer.mine, n)?, Some(Outgoing::Damaged));
    let (why, zh, en) = if damaged {
        (
            "damaged",
            "这条在手机上损坏了，读不出来。剩下的原样都交给了平台保管，照片和其他记录完好。请联系管理员核对，还记得的再填一份。",
            "This was damaged on the phone and can't be read. What is left went to the hub as it is; photos and all \
             else are intact. Ask the administrator to check, and fill in anew what you remember.",
        )
    } else {
        (
            "custody",
            "平台读不了这条，没有生效。内容平台和本机都保留着，没有丢。请等管理员处理。",
            "The hub can't read this, so it had no effect. Both sides keep it; nothing is lost. Wait for the \
             administrator.",
        )
    };
    let verdict = Verdict::Quarantined { why: why.into(), zh: zh.into(), en: en.into() };
    transact(&mut writer.mine, |tx| ops::in_custody(tx, n, &verdict))
}

/// The hub's epoch; after a restore everything that is kept is offered again and the feeds are read from 0.
pub(super) fn set_epoch(writer: &mut Writer, epoch: Epoch, offer_again: bool) -> Result<()> {
    if offer_again {
        // The cursors go first: if we die between the two, the old epoch stands and it happens again.
        transact(&mut writer.hub, |tx| {
            cursor::forget_all(tx)?;
            meta::set(tx, meta::SWEEP_DUE, "1")
        })?;
    }
    transact(&mut writer.mine, |tx| {
        if offer_again {
            let offered = ops::offer_again(tx)?;
            photos::offer_again(tx)?;
            open::note(
                tx,
                Words::new(
                    format!("平台恢复过数据，正在把本机保留的{offered}条再交一遍，不会重复。"),
                    format!(
                        "The hub was restored; the {offered} items kept here are offered again. Nothing doubles."
                    ),
                ),
            )?;
        }
        meta::set(tx, meta::EPOCH, &epoch.to_string())
    })
}

/// Feeds that are pulled anew.
pub(super) fn drop_scopes(writer: &mut Writer, scopes: &[Scope]) -> Result<()> {
    let Writer { mine, hub } = writer;
    let keep = |_: &str, id: &str| ops::is_needed(mine, id);
    transact(hub, |tx| {
        scopes.iter().try_for_each(|scope| replica::drop_scope(tx, scope, &keep))?;
        meta::set(tx, meta::SWEEP_DUE, "1")
    })
}

/// Rows and cursor of a page in one transaction. Returns the checksums then, and what changed.
pub(super) fn apply(
    writer: &mut Writer,
    page: &Page,
    drop: &[Scope],
    after: &Cursor,
    env: &Env,
    files: &FormFiles,
) -> Result<(BTreeMap<Scope, ScopeSum>, BTreeSet<Change>)> {
    let says = HubSays {
        held: page.trailer.held,
        photos_held: page.trailer.photos_held,
        safe_n: page.trailer.safe_n,
        hub_ms: page.trailer.hub_ms,
    };
    let mut changes: BTreeSet<Change> = page.rows.iter().map(|row| change_of(&row.k)).collect();
    late_verdicts(writer, page)?;
    let Writer { mine, hub } = writer;
    let keep = |_: &str, id: &str| ops::is_needed(mine, id);
    let sums = transact(hub, |tx| {
        // The planner's cursor may be older than the replica: someone signed out or enrolled anew meanwhile.
        let stands = cursor::load(tx)?;
        if page.applies_to(&stands) == Fit::Stale {
            return Err(StoreError::Query("the page does not start where the replica stands"));
        }
        for scope in drop {
            replica::drop_scope(tx, scope, &keep)?;
            changes.insert(Change::Everything);
        }
        let mut sums: BTreeMap<Scope, ScopeSum> = BTreeMap::new();
        for scope in after.0.keys() {
            sums.insert(scope.clone(), cursor::sum(tx, scope)?);
        }
        for row in &page.rows {
            let sum = sums.entry(row.s.clone()).or_default();
            *sum = apply_row(tx, mine, row, *sum)?;
        }
        let before = cursor::load(tx)?;
        for (scope, sum) in &sums {
            let zero = Mark::default();
            let at = after.0.get(scope).unwrap_or(&zero);
            if before.0.get(scope) != Some(at) || page.rows.iter().any(|row| row.s == *scope) {
                cursor::save(tx, scope, at, *sum)?;
            }
        }
        if forms::offer(tx, files, !page.trailer.more)? {
            changes.insert(Change::Everything);
        }
        if !page.trailer.more && meta::get(tx, meta::SWEEP_DUE)?.is_some() {
            replica::sweep(tx, &keep)?;
            meta::remove(tx, meta::SWEEP_DUE)?;
        }
        if !page.trailer.more {
            // By the hub's clock, as deadlines are: this phone's may be off.
            meta::set(tx, meta::LAST_SYNC, &says.hub_ms.to_string())?;
            meta::set(tx, crate::casebook::SEEN_N, &ops::decided_up_to(mine)?.to_string())?;
        }
        heard(tx, &says, env)?;
        Ok(sums)
    })?;
    Ok((sums, changes))
}

fn apply_row(tx: &Connection, mine: &Connection, row: &Row, sum: ScopeSum) -> Result<ScopeSum> {
    let sum = match replica::version_in(tx, &row.s, &row.k, &row.id)? {
        Some(version) => sum.without(&row.k, &row.id, version),
        None => sum,
    };
    if row.leave {
        replica::leave(tx, &row.s, &row.k, &row.id, ops::is_needed(mine, &row.id)?)?;
        return Ok(sum);
    }
    match &row.b {
        Some(body) => replica::put(tx, &row.s, &row.k, &row.id, row.v, body.get().as_bytes())?,
        // The hub does not send back what this phone wrote: it is in mine.db.
        None => replica::note(tx, &row.s, &row.k, &row.id, row.v)?,
    }
    Ok(sum.with(&row.k, &row.id, row.v))
}

/// A quarantined op was released or refused by a person at the hub.
fn late_verdicts(writer: &mut Writer, page: &Page) -> Result<()> {
    let bodies =
        page.rows.iter().filter(|row| row.k == entity::KIND_VERDICT).filter_map(|row| row.b.as_ref());
    let said: Vec<VerdictBody> = bodies.filter_map(|body| serde_json::from_str(body.get()).ok()).collect();
    if said.is_empty() {
        return Ok(());
    }
    transact(&mut writer.mine, |tx| {
        for VerdictBody { op, verdict } in &said {
            let state = match verdict {
                Verdict::Applied | Verdict::Duplicate => OpState::Applied,
                Verdict::Refused { .. } => OpState::Refused,
                Verdict::Quarantined { .. } => OpState::Quarantined,
                Verdict::Retry => continue,
            };
            ops::settle(tx, *op, state, true, verdict)?;
        }
        Ok(())
    })
}

fn change_of(kind: &str) -> Change {
    match kind {
        entity::KIND_CASE => Change::Cases,
        entity::KIND_SITE | entity::KIND_CAMPAIGN | entity::KIND_ASSIGNMENT => Change::Sites,
        entity::KIND_RECORD => Change::Records,
        entity::KIND_VERDICT => Change::Sync,
        _ => Change::Everything,
    }
}

/// A photo's state.
pub(super) fn mark(writer: &mut Writer, id: &str, mark: &PhotoMark) -> Result<()> {
    let mine = &writer.mine;
    match mark {
        PhotoMark::Held => photos::set_held(mine, id),
        PhotoMark::Arrived(bytes) => photos::set_arrived(mine, id, *bytes, ""),
        PhotoMark::Trouble(why) => {
            let arrived = photos::get(mine, id)?.map_or(0, |photo| photo.arrived);
            photos::set_arrived(mine, id, arrived, why)
        }
    }
}

#[cfg(test)]
mod tests;
