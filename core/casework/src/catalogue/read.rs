//! Reading a catalogue from JSON, with every fault named by the entry that has it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Catalogue, Category, CategoryKey, Condition};
use crate::text::Words;

/// The catalogue as it is written in JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CatalogueFile {
    id: String,
    version: u32,
    standard: String,
    #[serde(default)]
    note: String,
    categories: Vec<Category>,
    #[serde(default)]
    conditions: Vec<Condition>,
}

/// What is wrong with a catalogue. Entries are counted from 1, as a person counts them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not JSON of the catalogue's shape.
    #[error("the catalogue is not JSON of its shape: line {line}, column {column}: {what}")]
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader expected.
        what: String,
    },
    /// No category at all.
    #[error("the catalogue has no category")]
    Empty,
    /// A code that is not of its standard's length, or not digits.
    #[error("category {entry}: code {code} is not {digits} digits")]
    BadCode {
        /// Which category, from 1.
        entry: usize,
        /// The code as written.
        code: String,
        /// How many digits the standard has.
        digits: usize,
    },
    /// A blank name, standard or code.
    #[error("category {entry} has a blank name, standard or code")]
    BlankCategory {
        /// Which category, from 1.
        entry: usize,
    },
    /// The same key twice.
    #[error("category {entry}: code {code} is there twice")]
    TwiceCategory {
        /// Which category, from 1.
        entry: usize,
        /// Its code.
        code: String,
    },
    /// A condition for a category that is not in the catalogue.
    #[error("condition {entry}: code {code} is not in the catalogue")]
    UnknownCategory {
        /// Which condition, from 1.
        entry: usize,
        /// The code as written.
        code: String,
    },
    /// A blank id or text.
    #[error("condition {entry} has a blank id, text or closing condition")]
    BlankCondition {
        /// Which condition, from 1.
        entry: usize,
    },
    /// The same condition twice in its category.
    #[error("condition {entry}: id {id} is there twice in its category")]
    TwiceCondition {
        /// Which condition, from 1.
        entry: usize,
        /// Its id.
        id: String,
    },
    /// No limit.
    #[error("condition {entry} has no limit")]
    NoLimit {
        /// Which condition, from 1.
        entry: usize,
    },
    /// A limit of zero or beyond 10,000, or two for one road class.
    #[error("condition {entry}: its limits are zero, beyond 10000, or twice for one road class")]
    BadLimit {
        /// Which condition, from 1.
        entry: usize,
    },
}

impl CatalogueError {
    /// The sentence for the administrator.
    #[must_use]
    pub fn words(&self) -> Words {
        let what = match self {
            Self::Shape { line, column, .. } => format!("目录文件第{line}行第{column}列读不懂"),
            Self::Empty => "目录里没有类别".to_owned(),
            Self::BadCode { entry, code, digits } => {
                format!("第{entry}个类别的代码“{code}”不是{digits}位数字")
            }
            Self::BlankCategory { entry } => format!("第{entry}个类别缺名称、标准或代码"),
            Self::TwiceCategory { entry, code } => format!("第{entry}个类别的代码“{code}”重复"),
            Self::UnknownCategory { entry, code } => format!("第{entry}个立案条件的代码“{code}”目录里没有"),
            Self::BlankCondition { entry } => format!("第{entry}个立案条件缺编号、条件或结案条件"),
            Self::TwiceCondition { entry, id } => format!("第{entry}个立案条件的编号“{id}”在同一类别里重复"),
            Self::NoLimit { entry } => format!("第{entry}个立案条件没有时限，写成如“4工作时”"),
            Self::BadLimit { entry } => {
                format!("第{entry}个立案条件的时限是0、超过10000，或同一道路等级写了两次")
            }
        };
        let zh = format!("{what}。现行目录没有变。改好后再导入。");
        Words::new(
            zh,
            format!("{self}. The catalogue in force is unchanged. Correct the file and import again."),
        )
    }
}

/// How many digits a code of a known standard has; other standards are the city's own.
fn digits_of(standard: &str) -> Option<usize> {
    match standard {
        "GB/T 47678.5-2026" => Some(5),
        "GB/T 30428.2-2013" => Some(4),
        _ => None,
    }
}

impl Catalogue {
    /// Reads a catalogue from its JSON.
    ///
    /// # Errors
    /// The first [`CatalogueError`]; nothing of a faulty file is taken.
    pub fn parse(json: &str) -> Result<Self, CatalogueError> {
        let file: CatalogueFile = serde_json::from_str(json).map_err(|e| CatalogueError::Shape {
            line: e.line(),
            column: e.column(),
            what: e.to_string(),
        })?;
        file.try_into()
    }
}

impl TryFrom<CatalogueFile> for Catalogue {
    type Error = CatalogueError;

    fn try_from(file: CatalogueFile) -> Result<Self, CatalogueError> {
        if file.categories.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let mut keys = BTreeSet::new();
        for (entry, category) in (1..).zip(&file.categories) {
            check_category(entry, category)?;
            if !keys.insert(&category.key) {
                let code = category.key.code.clone();
                return Err(CatalogueError::TwiceCategory { entry, code });
            }
        }
        let mut ids = BTreeSet::new();
        for (entry, condition) in (1..).zip(&file.conditions) {
            check_condition(entry, condition, &keys)?;
            if !ids.insert((&condition.category, &condition.id)) {
                return Err(CatalogueError::TwiceCondition { entry, id: condition.id.to_string() });
            }
        }
        let CatalogueFile { id, version, standard, note, categories, conditions } = file;
        Ok(Self { id, version, standard, note, categories, conditions })
    }
}

fn check_category(entry: usize, category: &Category) -> Result<(), CatalogueError> {
    let CategoryKey { standard, code, .. } = &category.key;
    if [standard, code, &category.zh, &category.en].iter().any(|text| text.trim().is_empty()) {
        return Err(CatalogueError::BlankCategory { entry });
    }
    if let Some(digits) = digits_of(standard)
        && (code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(CatalogueError::BadCode { entry, code: code.clone(), digits });
    }
    Ok(())
}

fn check_condition(
    entry: usize,
    condition: &Condition,
    keys: &BTreeSet<&CategoryKey>,
) -> Result<(), CatalogueError> {
    if !keys.contains(&condition.category) {
        return Err(CatalogueError::UnknownCategory { entry, code: condition.category.code.clone() });
    }
    let blank = |text: &str| text.trim().is_empty();
    if blank(condition.id.as_str()) || blank(&condition.zh) || blank(&condition.closing_zh) {
        return Err(CatalogueError::BlankCondition { entry });
    }
    if condition.limits.is_empty() {
        return Err(CatalogueError::NoLimit { entry });
    }
    let classes: BTreeSet<_> = condition.limits.iter().map(|l| l.road_class).collect();
    let in_range = condition.limits.iter().all(|l| (1..=10_000).contains(&l.limit.amount));
    if classes.len() != condition.limits.len() || !in_range {
        return Err(CatalogueError::BadLimit { entry });
    }
    Ok(())
}

impl From<Catalogue> for CatalogueFile {
    fn from(catalogue: Catalogue) -> Self {
        let Catalogue { id, version, standard, note, categories, conditions } = catalogue;
        Self { id, version, standard, note, categories, conditions }
    }
}
