//! Entity lists: which there are follows from the forms that write them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use xuncha_forms::EntityList;
use xuncha_wire::listed::{EntityListBody, KIND_ENTITY_LIST, feed_id, name_in};

use super::{Deed, entities};
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};
use crate::{Hub, HubError};

/// The lists that forms may read: those that there are, and those that the form itself writes.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists(BTreeMap<String, BTreeSet<String>>);

impl Lists {
    /// Those that there are.
    ///
    /// # Errors
    /// [`E`] of the store.
    pub(super) fn known(tx: &mut dyn Tx, tenant: &str) -> Result<Self, E> {
        let rows = tx.all(
            "SELECT name, properties FROM entity_list WHERE tenant = $1 ORDER BY name",
            &[V::T(tenant)],
            |r| Ok((r.text(0)?, r.text(1)?)),
        )?;
        let read = |(name, properties): (String, String)| {
            let damaged = |_| E::Damaged("the properties of an entity list".into());
            Ok((name, serde_json::from_str(&properties).map_err(damaged)?))
        };
        Ok(Self(rows.into_iter().map(read).collect::<Result<_, E>>()?))
    }

    /// With those that a form writes.
    pub(super) fn add(&mut self, written: &BTreeMap<String, BTreeSet<String>>) {
        for (name, properties) in written {
            self.0.entry(name.clone()).or_default().extend(properties.iter().cloned());
        }
    }

    /// The name of the list that a form means by a file's name, if there is one.
    pub(super) fn name_of<'n>(&self, src: &'n str) -> Option<&'n str> {
        name_in(src).filter(|name| self.0.contains_key(*name))
    }

    /// A list as the file that forms read, without entities: what is in it changes without the form.
    pub(super) fn file(&self, src: &str) -> Option<Cow<'static, [u8]>> {
        let properties = self.0.get(self.name_of(src)?)?;
        Some(Cow::Owned(EntityList::new(properties.iter().map(String::as_str)).csv()))
    }
}

/// Keeps the lists that a form writes, and shows them to phones. What other forms and versions save there stays.
///
/// # Errors
/// [`E`] of the store.
pub(super) fn keep(
    tx: &mut dyn Tx,
    deed: &Deed,
    written: &BTreeMap<String, BTreeSet<String>>,
    changes: &mut Changes,
) -> Result<(), E> {
    let mut lists = Lists::known(tx, &deed.tenant)?;
    let before = lists.0.clone();
    lists.add(written);
    for (name, properties) in lists.0 {
        if before.get(&name) == Some(&properties) {
            continue;
        }
        let body = EntityListBody { name: name.clone(), properties: properties.into_iter().collect() };
        let names =
            serde_json::to_string(&body.properties).map_err(|_| E::Other("names do not serialise".into()))?;
        tx.exec(
            "INSERT INTO entity_list (tenant, name, properties, since_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant, name) DO UPDATE SET properties = excluded.properties",
            &[V::T(&deed.tenant), V::T(&name), V::T(&names), V::I(deed.now_ms)],
        )?;
        let ver = entities::put(tx, &deed.tenant, KIND_ENTITY_LIST, &name, &body)?;
        changes.show("t", KIND_ENTITY_LIST, &name, ver);
    }
    Ok(())
}

impl Hub {
    /// A person has looked at an entity that two authors changed without knowing of each other.
    ///
    /// # Errors
    /// [`HubError`] of the store.
    pub async fn check_entity(&self, by: &str, list: &str, id: &str) -> Result<(), HubError> {
        let (name, entity) = (list.to_owned(), id.to_owned());
        let deed = Deed::of(self, by)?;
        deed.run(self, "check_entity", &feed_id(list, id), move |tx, deed, _| {
            tx.exec(
                "UPDATE listed SET conflict = '' WHERE tenant = $1 AND list = $2 AND id = $3",
                &[V::T(&deed.tenant), V::T(&name), V::T(&entity)],
            )?;
            Ok(())
        })
        .await?;
        Ok(())
    }
}
