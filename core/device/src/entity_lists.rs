//! Entity lists on this phone: the hub's, with what own records say laid over them, as the file that forms read.
//!
//! A change is laid over until the hub's list names its record, so that a form that is opened next sees it, whatever a
//! sync was cut in. One that the hub's list never names (it could not be done there) goes after some whole syncs.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use xuncha_forms::{Context, EntityChange, EntityList, Moment};
use xuncha_wire::entity::FormBody;
use xuncha_wire::listed::{
    EntityListBody, KIND_ENTITY_LIST, KIND_LISTED, ListedBody, ListedChange, Property, name_in,
};

use crate::store::listed::{self, Pending};
use crate::store::ops::OpState;
use crate::store::{Reader, Result, Writer, replica, transact};

/// Whole syncs in which the hub's list may come to name a record that the hub took. In the first, the list may have been
/// read before a person there released the record.
const WAITS: i64 = 2;

/// The lists that a form reads, by what it calls them (`jr://file-csv/trees.csv`).
pub(crate) fn read_by(reader: &Reader, form: &FormBody) -> Result<BTreeMap<String, Vec<u8>>> {
    let named = form.lists.iter().filter_map(|src| Some((src, name_in(src)?)));
    named.map(|(src, name)| Ok((src.clone(), file(&reader.mine, &reader.hub, name)?))).collect()
}

/// A list as the file that forms read.
fn file(mine: &Connection, hub: &Connection, name: &str) -> Result<Vec<u8>> {
    // A form may come before what is said of its list.
    let properties = replica::get::<EntityListBody>(hub, KIND_ENTITY_LIST, name)?.map(|list| list.properties);
    let theirs = replica::below::<ListedBody>(hub, KIND_LISTED, name)?;
    let mut rows = EntityList::new(properties.iter().flatten().map(String::as_str));
    for one in &theirs {
        let properties = one.properties.iter().map(|p| (p.name.as_str(), p.value.as_str()));
        rows.push(&one.id, &one.label, one.version, properties);
    }
    let by_id: BTreeMap<&str, &ListedBody> = theirs.iter().map(|one| (one.id.as_str(), one)).collect();
    for one in &listed::pending(mine, name)? {
        let laid_over = match one.state {
            OpState::Pending | OpState::Quarantined => true,
            OpState::Applied => !is_over(one, by_id.get(one.change.id.as_str()).copied()),
            OpState::Refused | OpState::Left => false,
        };
        if laid_over {
            // What can't be done changes nothing; the record says it all the same, and the hub tells of it.
            let _ = rows.apply(&change_of(&one.change), &mut Branch(&one.record));
        }
    }
    Ok(rows.csv())
}

/// Is a change that took effect no longer laid over: the hub's entity names its record, or never will?
fn is_over(one: &Pending, theirs: Option<&ListedBody>) -> bool {
    one.syncs >= WAITS
        || theirs.is_some_and(|entity| entity.records.iter().any(|made| made.to_string() == one.record))
}

/// After a whole sync: forgets what the hub's lists have, and what they never will.
pub(crate) fn settle(writer: &mut Writer) -> Result<()> {
    let Writer { mine, hub } = writer;
    let all = listed::pending(mine, "")?;
    if all.is_empty() {
        return Ok(());
    }
    transact(mine, |tx| all.iter().try_for_each(|one| settle_one(tx, hub, one)))
}

fn settle_one(tx: &Connection, hub: &Connection, one: &Pending) -> Result<()> {
    match one.state {
        // It may still take effect.
        OpState::Pending | OpState::Quarantined | OpState::Refused => Ok(()),
        OpState::Left => listed::forget(tx, one.rid),
        OpState::Applied => {
            let name = xuncha_wire::listed::feed_id(&one.change.list, &one.change.id);
            let theirs = replica::get::<ListedBody>(hub, KIND_LISTED, &name)?;
            if is_over(one, theirs.as_ref()) {
                listed::forget(tx, one.rid)
            } else {
                listed::synced(tx, one.rid)
            }
        }
    }
}

/// What a record says, as it travels.
pub(crate) fn said(changes: &[EntityChange]) -> Vec<ListedChange> {
    let property = |(name, value): &(String, String)| Property { name: name.clone(), value: value.clone() };
    let said = |change: &EntityChange| ListedChange {
        list: change.dataset.clone(),
        id: change.id.clone(),
        label: change.label.clone(),
        create: change.create,
        update: change.update,
        base: change.base_version.clone(),
        trunk: change.trunk_version.clone(),
        branch: change.branch_id.clone(),
        properties: change.properties.iter().map(property).collect(),
    };
    changes.iter().map(said).collect()
}

fn change_of(said: &ListedChange) -> EntityChange {
    EntityChange {
        dataset: said.list.clone(),
        id: said.id.clone(),
        label: said.label.clone(),
        create: said.create,
        update: said.update,
        base_version: said.base.clone(),
        trunk_version: said.trunk.clone(),
        branch_id: said.branch.clone(),
        properties: said.properties.iter().map(|p| (p.name.clone(), p.value.clone())).collect(),
    }
}

/// The list is put together whenever a form is opened, and a branch has one name each time: that of its record.
struct Branch<'a>(&'a str);

impl Context for Branch<'_> {
    fn now(&self) -> Moment {
        Moment::default()
    }

    fn entropy(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(Sha256::digest(self.0)).for_each(|(byte, from)| *byte = from);
        bytes
    }

    fn property(&self, _name: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests;
