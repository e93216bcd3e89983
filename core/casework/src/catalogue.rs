//! The category catalogue: GB/T 47678.5-2026 and GB/T 30428.2-2013 side by side, with the filing
//! conditions, closing conditions and limits that each city administers as data.
//!
//! Component and matter codes overlap and the same code means different things in the two standards,
//! so the key of a category is standard, kind and code.

mod read;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use read::CatalogueError;

use crate::deadline::Limit;
use crate::ids::ConditionId;
use crate::responsibility::RoadClass;

/// Component or matter: they share code numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CategoryKind {
    /// 管理部件: a thing that is managed, such as a manhole cover.
    Component,
    /// 管理事项 (事件 in GB/T 30428.2): something that happens, such as exposed rubbish.
    Matter,
}

/// The key of a category.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CategoryKey {
    /// The standard that the code belongs to, such as `GB/T 47678.5-2026`.
    pub standard: String,
    /// Component or matter.
    pub kind: CategoryKind,
    /// The code within them: five digits in GB/T 47678.5, four in GB/T 30428.2.
    pub code: String,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its key.
    #[serde(flatten)]
    pub key: CategoryKey,
    /// Name in Chinese (小类).
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Major class in Chinese (大类).
    pub major_zh: String,
    /// Major class in English.
    pub major_en: String,
}

/// The limit of a filing condition on one class of road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoadLimit {
    /// The class, or `None` for every class that has no limit of its own.
    #[serde(default)]
    pub road_class: Option<RoadClass>,
    /// How long handling may take.
    #[serde(flatten)]
    pub limit: Limit,
}

/// A filing condition (立案条件) of a category, with its closing condition and limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The category.
    pub category: CategoryKey,
    /// Its id within the category.
    pub id: ConditionId,
    /// What must be the case, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// When it counts as put right (结案条件), in Chinese.
    pub closing_zh: String,
    /// Limits by road class.
    pub limits: Vec<RoadLimit>,
}

/// Which catalogue version judged a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CatalogueVersion {
    /// The catalogue.
    pub id: String,
    /// Its version.
    pub version: u32,
}

/// A checked catalogue in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "read::CatalogueFile", into = "read::CatalogueFile")]
pub struct Catalogue {
    /// The catalogue.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The standard it chiefly follows.
    pub standard: String,
    /// What the city notes about it.
    pub note: String,
    categories: Vec<Category>,
    conditions: Vec<Condition>,
}

impl Catalogue {
    /// Which catalogue version this is.
    #[must_use]
    pub fn version(&self) -> CatalogueVersion {
        CatalogueVersion { id: self.id.clone(), version: self.version }
    }

    /// All categories, in the order of the file.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// All filing conditions, in the order of the file.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// A category by its key.
    #[must_use]
    pub fn category(&self, key: &CategoryKey) -> Option<&Category> {
        self.categories.iter().find(|c| c.key == *key)
    }

    /// The filing conditions of a category.
    pub fn conditions_of<'a>(&'a self, key: &'a CategoryKey) -> impl Iterator<Item = &'a Condition> {
        self.conditions.iter().filter(move |c| c.category == *key)
    }

    /// A filing condition of a category.
    #[must_use]
    pub fn condition(&self, key: &CategoryKey, id: &ConditionId) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.id == *id && c.category == *key)
    }

    /// How long handling may take: the limit of this road class, else the one for every class.
    #[must_use]
    pub fn limit(&self, key: &CategoryKey, id: &ConditionId, road: Option<RoadClass>) -> Option<Limit> {
        let limits = &self.condition(key, id)?.limits;
        let of = |class: Option<RoadClass>| limits.iter().find(|l| l.road_class == class);
        road.and_then(|class| of(Some(class))).or_else(|| of(None)).map(|l| l.limit)
    }
}
