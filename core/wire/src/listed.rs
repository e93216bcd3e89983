//! Entity lists (ODK Entities): what records create and update, and other forms read as `<list>.csv`.

use serde::{Deserialize, Serialize};

use crate::ids::EntityId;

/// [`EntityListBody`], by its name.
pub const KIND_ENTITY_LIST: &str = "entity_list";
/// [`ListedBody`], by [`feed_id`].
pub const KIND_LISTED: &str = "listed";

/// Records that a [`ListedBody`] names at most.
pub const MAX_RECORDS: usize = 64;

/// A list that some form writes. Forms may read it before it has any entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityListBody {
    /// Its name, as forms write it.
    pub name: String,
    /// The properties that forms save in it.
    #[serde(default)]
    pub properties: Vec<String>,
}

/// An entity of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBody {
    /// The list's name.
    pub list: String,
    /// Its id, a UUID.
    pub id: String,
    /// Its label.
    pub label: String,
    /// 1, 2, … with each change.
    pub version: u64,
    /// Its properties.
    #[serde(default)]
    pub properties: Vec<Property>,
    /// The records that made its last versions, the newest last.
    #[serde(default)]
    pub records: Vec<EntityId>,
}

/// A property of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its value, as the form stores it.
    pub value: String,
}

/// What a record says of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedChange {
    /// The list's name.
    pub list: String,
    /// The entity's id.
    pub id: String,
    /// Its label; empty where the form says none.
    #[serde(default)]
    pub label: String,
    /// It is to be created.
    #[serde(default)]
    pub create: bool,
    /// It is to be updated. With both, what can be done is.
    #[serde(default)]
    pub update: bool,
    /// `baseVersion`, `trunkVersion`, `branchId` as the record's XML has them; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base: String,
    /// See `base`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trunk: String,
    /// See `base`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub branch: String,
    /// What it says of its properties.
    #[serde(default)]
    pub properties: Vec<Property>,
}

impl ListedChange {
    /// The hub's version that its author saw, and how many changes of their own phone came on top of it. An entity that
    /// was made on the phone has none at the hub: 0. None where the form does not say.
    pub fn seen(&self) -> Option<(u64, u64)> {
        let base: u64 = self.base.trim().parse().ok()?;
        match self.trunk.trim().parse() {
            Ok(trunk) => Some((trunk, base.saturating_sub(trunk))),
            Err(_) if self.branch.trim().is_empty() => Some((base, 0)),
            Err(_) => Some((0, base)),
        }
    }
}

/// The name of the list that a form means by a file's name, if it may be one: `trees` of `jr://file-csv/trees.csv`.
pub fn name_in(src: &str) -> Option<&str> {
    let file = src.strip_prefix("jr://file-csv/").or_else(|| src.strip_prefix("jr://file/"))?;
    file.strip_suffix(".csv")
}

/// An entity's id in the feeds.
pub fn feed_id(list: &str, id: &str) -> String {
    format!("{list}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(base: &str, trunk: &str, branch: &str) -> ListedChange {
        ListedChange {
            list: "trees".into(),
            id: "x".into(),
            label: String::new(),
            create: false,
            update: true,
            base: base.into(),
            trunk: trunk.into(),
            branch: branch.into(),
            properties: Vec::new(),
        }
    }

    #[test]
    fn a_form_means_a_list_by_the_name_of_a_file() {
        assert_eq!(name_in("jr://file-csv/trees.csv"), Some("trees"));
        assert_eq!(name_in("jr://file/树.csv"), Some("树"));
        assert_eq!(name_in("jr://file/trees.xml"), None);
        assert_eq!(name_in("jr://instance/last-saved"), None);
    }

    #[test]
    fn an_author_saw_the_hubs_version_and_their_own_changes_on_top() {
        assert_eq!(change("3", "", "").seen(), Some((3, 0)), "as it came from the hub");
        assert_eq!(change("5", "3", "b").seen(), Some((3, 2)), "changed twice on the phone");
        assert_eq!(change("2", "", "b").seen(), Some((0, 2)), "made on the phone and changed there");
        assert_eq!(change("", "", "").seen(), None);
    }
}
