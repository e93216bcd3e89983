//! Banners (锦旗).

use std::collections::BTreeMap;

use super::visits::{self, VisitFilter};
use super::{PAGE, Sees, history};
use crate::store::{E, Tx, V};

/// A banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Its record.
    pub record: String,
    /// A photo of it that is here; empty if none is.
    pub photo: String,
    /// What is written on it.
    pub inscription: String,
    /// Who gave it.
    pub giver: String,
    /// Who received it.
    pub receiver: String,
    /// Who took the photo.
    pub photographer: String,
    /// When.
    pub day: String,
    /// Persons by position: `左二 王新`.
    pub persons: Vec<String>,
    /// Cases it thanks for: id and number; the id is empty where no such case is here.
    pub cases: Vec<(String, String)>,
}

/// Banners, newest first, at most a page.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, sees: &Sees) -> Result<Vec<Banner>, E> {
    let filter = VisitFilter { kind: "banner".to_owned(), ..VisitFilter::default() };
    let mut banners = Vec::new();
    for row in visits::list(tx, sees, &filter, (0, PAGE))?.rows {
        let mut persons: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for fact in visits::facts(tx, &sees.tenant, &row.id)? {
            if fact.word.starts_with("banner.person.") && !fact.value.is_empty() {
                persons.entry(fact.nth).or_default().push(fact.value);
            }
        }
        let shots = history::shots(tx, &sees.tenant, "record", &row.id)?;
        let mut cases = Vec::new();
        for number in row.fact("banner.cases").split([' ', ',', '，', '、']).filter(|n| !n.is_empty()) {
            let id = tx.one(
                "SELECT id FROM casefile WHERE tenant = $1 AND number = $2",
                &[V::T(&sees.tenant), V::T(number)],
                |r| r.text(0),
            )?;
            cases.push((id.unwrap_or_default(), number.to_owned()));
        }
        let given = row.fact("banner.given_on");
        let day = if given.is_empty() { row.day.clone() } else { given.to_owned() };
        banners.push(Banner {
            photo: shots.iter().find(|s| s.here).map_or_else(String::new, |s| s.id.clone()),
            inscription: row.fact("banner.inscription").to_owned(),
            giver: row.fact("banner.giver").to_owned(),
            receiver: row.fact("banner.receiver").to_owned(),
            photographer: row.fact("banner.photographer").to_owned(),
            day,
            persons: persons.into_values().map(|parts| parts.join(" ")).collect(),
            cases,
            record: row.id,
        });
    }
    Ok(banners)
}
