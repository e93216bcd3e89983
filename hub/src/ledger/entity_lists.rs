//! Entity lists: what is in them, what each entity was, and what of it waits for a person.

use xuncha_wire::listed::{KIND_LISTED, ListedBody, ListedChange, feed_id};

use super::{count_of, limit_of};
use crate::office::entities;
use crate::store::{E, Tx, V};

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Its name.
    pub name: String,
    /// Entities.
    pub entities: i64,
    /// Those that two authors changed without knowing of each other, and nobody has looked at.
    pub conflicts: i64,
}

/// All lists, by name.
///
/// # Errors
/// [`E`] of the store.
pub fn all(tx: &mut dyn Tx, tenant: &str) -> Result<Vec<ListRow>, E> {
    tx.all(
        "SELECT e.name,
             (SELECT COUNT(*) FROM listed l WHERE l.tenant = e.tenant AND l.list = e.name),
             (SELECT COUNT(*) FROM listed l WHERE l.tenant = e.tenant AND l.list = e.name AND l.conflict <> '')
         FROM entity_list e WHERE e.tenant = $1 ORDER BY e.name",
        &[V::T(tenant)],
        |r| Ok(ListRow { name: r.text(0)?, entities: r.int(1)?, conflicts: r.int(2)? }),
    )
}

/// An entity's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRow {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its version.
    pub version: i64,
    /// `''`, `soft` or `hard`.
    pub conflict: String,
    /// When it was changed last, ms.
    pub changed_ms: i64,
}

/// How many entities a list has. None if there is no such list.
///
/// # Errors
/// [`E`] of the store.
pub fn count(tx: &mut dyn Tx, tenant: &str, list: &str) -> Result<Option<usize>, E> {
    let found = tx.one(
        "SELECT (SELECT COUNT(*) FROM listed l WHERE l.tenant = e.tenant AND l.list = e.name)
         FROM entity_list e WHERE e.tenant = $1 AND e.name = $2",
        &[V::T(tenant), V::T(list)],
        |r| r.int(0),
    )?;
    Ok(found.map(count_of))
}

/// A page of a list: conflicts first, then what was changed last.
///
/// # Errors
/// [`E`] of the store.
pub fn page(
    tx: &mut dyn Tx,
    tenant: &str,
    list: &str,
    (skip, most): (usize, usize),
) -> Result<Vec<EntityRow>, E> {
    tx.all(
        "SELECT id, label, version, conflict, changed_ms FROM listed WHERE tenant = $1 AND list = $2
         ORDER BY conflict <> '' DESC, changed_ms DESC, id LIMIT $3 OFFSET $4",
        &[V::T(tenant), V::T(list), V::I(limit_of(most)), V::I(limit_of(skip))],
        |r| {
            Ok(EntityRow {
                id: r.text(0)?,
                label: r.text(1)?,
                version: r.int(2)?,
                conflict: r.text(3)?,
                changed_ms: r.int(4)?,
            })
        },
    )
}

/// A version of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Its number.
    pub version: i64,
    /// The record that made it.
    pub record: String,
    /// Who.
    pub person: String,
    /// The version that they saw at the hub; none where the form does not say.
    pub trunk: Option<i64>,
    /// `''`, `soft` or `hard`.
    pub conflict: String,
    /// When the hub took it, ms.
    pub at_ms: i64,
    /// What the record said.
    pub said: ListedChange,
}

/// An entity as it is, whether it waits for a person, and its versions, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// As it is.
    pub now: ListedBody,
    /// `''`, `soft` or `hard`.
    pub conflict: String,
    /// As it came to be.
    pub versions: Vec<VersionRow>,
}

/// One entity.
///
/// # Errors
/// [`E`] of the store.
pub fn one(tx: &mut dyn Tx, tenant: &str, list: &str, id: &str) -> Result<Option<Entity>, E> {
    let Some(now) = entities::read::<ListedBody>(tx, tenant, KIND_LISTED, &feed_id(list, id))? else {
        return Ok(None);
    };
    let conflict = tx.one(
        "SELECT conflict FROM listed WHERE tenant = $1 AND list = $2 AND id = $3",
        &[V::T(tenant), V::T(list), V::T(id)],
        |r| r.text(0),
    )?;
    let versions = tx.all(
        "SELECT version, record, person_name, trunk, conflict, at_ms, body FROM listed_version
         WHERE tenant = $1 AND list = $2 AND id = $3 ORDER BY version DESC",
        &[V::T(tenant), V::T(list), V::T(id)],
        |r| {
            Ok(VersionRow {
                version: r.int(0)?,
                record: r.text(1)?,
                person: r.text(2)?,
                trunk: Some(r.int(3)?).filter(|trunk| *trunk >= 0),
                conflict: r.text(4)?,
                at_ms: r.int(5)?,
                said: serde_json::from_str(&r.text(6)?)
                    .map_err(|_| E::Damaged("a version of an entity".into()))?,
            })
        },
    )?;
    Ok(Some(Entity { now, conflict: conflict.unwrap_or_default(), versions }))
}

/// What a record did to lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneRow {
    /// The list.
    pub list: String,
    /// The entity.
    pub id: String,
    /// Its label now; empty if it is not there.
    pub label: String,
    /// The version that it made; 0 if it could not be done.
    pub version: i64,
    /// `''`, `soft` or `hard`.
    pub conflict: String,
    /// Why it could not be done: `not_a_uuid`, `no_label`, `not_there`, `already_there`, `no_list`; else empty.
    pub why: String,
}

/// What a record did to lists, and what it could not do.
///
/// # Errors
/// [`E`] of the store.
pub fn of_record(tx: &mut dyn Tx, tenant: &str, record: &str) -> Result<Vec<DoneRow>, E> {
    tx.all(
        "SELECT v.list, v.id, COALESCE(l.label, ''), v.version, v.conflict, ''
         FROM listed_version v
         LEFT JOIN listed l ON l.tenant = v.tenant AND l.list = v.list AND l.id = v.id
         WHERE v.tenant = $1 AND v.record = $2
         UNION ALL
         SELECT f.list, f.id, COALESCE(l.label, ''), 0, '', f.why
         FROM listed_fault f
         LEFT JOIN listed l ON l.tenant = f.tenant AND l.list = f.list AND l.id = f.id
         WHERE f.tenant = $1 AND f.record = $2
         ORDER BY 1, 2, 4",
        &[V::T(tenant), V::T(record)],
        |r| {
            Ok(DoneRow {
                list: r.text(0)?,
                id: r.text(1)?,
                label: r.text(2)?,
                version: r.int(3)?,
                conflict: r.text(4)?,
                why: r.text(5)?,
            })
        },
    )
}
