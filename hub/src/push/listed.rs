//! What a record says of entities, done in the unit of work that takes the record.
//!
//! The last to come is applied, whatever its author saw (as ODK Central does): a change that was made without knowing of
//! another one is marked as a conflict, and every version stays to be looked at. What can't be done is a fault beside the
//! record, which stands all the same.

use xuncha_forms::EntityError;
use xuncha_wire::EntityId;
use xuncha_wire::listed::{KIND_LISTED, ListedBody, ListedChange, MAX_RECORDS, Property, feed_id};

use super::Ground;
use crate::office::entities;
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};

/// How two changes that did not know of each other meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Conflict {
    None,
    Soft,
    Hard,
}

impl Conflict {
    fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }
}

/// Does all that a record says.
///
/// # Errors
/// [`E`] of the store.
pub(super) fn take(
    tx: &mut dyn Tx,
    ground: &Ground,
    record: EntityId,
    said: &[ListedChange],
    feeds: &mut Changes,
) -> Result<(), E> {
    for (ord, change) in (0_i64..).zip(said) {
        if let Err(why) = one(tx, ground, record, change, feeds)? {
            tx.exec(
                "INSERT INTO listed_fault (tenant, record, ord, list, id, why) VALUES ($1, $2, $3, $4, $5, $6)",
                &[
                    V::T(&ground.who.tenant),
                    V::T(&record.to_string()),
                    V::I(ord),
                    V::T(&change.list),
                    V::T(&change.id),
                    V::T(why),
                ],
            )?;
        }
    }
    Ok(())
}

fn why(error: EntityError) -> &'static str {
    match error {
        EntityError::NotAUuid => "not_a_uuid",
        EntityError::NoLabel => "no_label",
        EntityError::AlreadyThere => "already_there",
        _ => "not_there",
    }
}

/// One change; the inner error is why it can't be done.
fn one(
    tx: &mut dyn Tx,
    ground: &Ground,
    record: EntityId,
    change: &ListedChange,
    feeds: &mut Changes,
) -> Result<Result<(), &'static str>, E> {
    let tenant = &ground.who.tenant;
    let known = tx.one(
        "SELECT 1 FROM entity_list WHERE tenant = $1 AND name = $2",
        &[V::T(tenant), V::T(&change.list)],
        |r| r.int(0),
    )?;
    if known.is_none() {
        return Ok(Err("no_list"));
    }
    let name = feed_id(&change.list, &change.id);
    let before = entities::read::<ListedBody>(tx, tenant, KIND_LISTED, &name)?;
    let allowed =
        EntityError::of(&change.id, &change.label, (change.create, change.update), before.is_some());
    if let Err(error) = allowed {
        return Ok(Err(why(error)));
    }
    let conflict = match &before {
        Some(before) => conflict(tx, ground, change, before)?,
        None => Conflict::None,
    };
    let after = changed(before, change, record);
    let ver = entities::put(tx, tenant, KIND_LISTED, &name, &after)?;
    feeds.show("t", KIND_LISTED, &name, ver);
    write(tx, ground, record, change, &after, conflict)?;
    Ok(Ok(()))
}

/// The entity after a change. What the change does not name stays.
fn changed(before: Option<ListedBody>, change: &ListedChange, record: EntityId) -> ListedBody {
    let mut body = before.unwrap_or_else(|| ListedBody {
        list: change.list.clone(),
        id: change.id.clone(),
        label: String::new(),
        version: 0,
        properties: Vec::new(),
        records: Vec::new(),
    });
    body.version += 1;
    if !change.label.is_empty() {
        body.label.clone_from(&change.label);
    }
    for Property { name, value } in &change.properties {
        match body.properties.iter_mut().find(|known| known.name == *name) {
            Some(known) => known.value.clone_from(value),
            None => body.properties.push(Property { name: name.clone(), value: value.clone() }),
        }
    }
    body.records.push(record);
    let old = body.records.len().saturating_sub(MAX_RECORDS);
    body.records.drain(..old);
    body
}

/// Did somebody change it whom the author of this change had not heard of? Changes of one phone come in their order, so
/// that its own ones are known to it as far as its list said so.
fn conflict(
    tx: &mut dyn Tx,
    ground: &Ground,
    change: &ListedChange,
    before: &ListedBody,
) -> Result<Conflict, E> {
    let Some((trunk, own_seen)) = change.seen() else { return Ok(Conflict::None) };
    if trunk >= before.version {
        return Ok(Conflict::None);
    }
    let later = tx.all(
        "SELECT device, body FROM listed_version
         WHERE tenant = $1 AND list = $2 AND id = $3 AND version > $4 ORDER BY version",
        &[
            V::T(&ground.who.tenant),
            V::T(&change.list),
            V::T(&change.id),
            V::I(i64::try_from(trunk).unwrap_or(i64::MAX)),
        ],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )?;
    let mut own = 0;
    let mut found = Conflict::None;
    for (device, body) in later {
        if device == ground.who.device {
            own += 1;
            if own <= own_seen {
                continue;
            }
        }
        let other: ListedChange =
            serde_json::from_str(&body).map_err(|_| E::Damaged("a version of an entity".into()))?;
        found = found.max(if meet(&other, change) { Conflict::Hard } else { Conflict::Soft });
    }
    Ok(found)
}

/// Do both say another thing of the same?
fn meet(one: &ListedChange, other: &ListedChange) -> bool {
    let labels = !one.label.is_empty() && !other.label.is_empty() && one.label != other.label;
    let differs = |a: &Property| other.properties.iter().any(|b| a.name == b.name && a.value != b.value);
    labels || one.properties.iter().any(differs)
}

fn write(
    tx: &mut dyn Tx,
    ground: &Ground,
    record: EntityId,
    change: &ListedChange,
    after: &ListedBody,
    conflict: Conflict,
) -> Result<(), E> {
    let tenant = V::T(&ground.who.tenant);
    let version = V::I(i64::try_from(after.version).unwrap_or(i64::MAX));
    let trunk = change.seen().map_or(-1, |(trunk, _)| i64::try_from(trunk).unwrap_or(i64::MAX));
    let body = serde_json::to_string(change).map_err(|_| E::Other("a change does not serialise".into()))?;
    tx.exec(
        "INSERT INTO listed (tenant, list, id, label, version, conflict, changed_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, list, id) DO UPDATE SET label = excluded.label, version = excluded.version,
             conflict = CASE WHEN listed.conflict = 'hard' OR excluded.conflict = '' THEN listed.conflict
                        ELSE excluded.conflict END,
             changed_ms = excluded.changed_ms",
        &[
            tenant,
            V::T(&after.list),
            V::T(&after.id),
            V::T(&after.label),
            version,
            V::T(conflict.word()),
            V::I(ground.now_ms),
        ],
    )?;
    tx.exec(
        "INSERT INTO listed_version (tenant, list, id, version, record, device, person_name, trunk, conflict, at_ms, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            tenant,
            V::T(&after.list),
            V::T(&after.id),
            version,
            V::T(&record.to_string()),
            V::T(&ground.who.device),
            V::T(&ground.who.name),
            V::I(trunk),
            V::T(conflict.word()),
            V::I(ground.now_ms),
            V::T(&body),
        ],
    )?;
    Ok(())
}
