//! What the console reads: one module a list, read-only SQL on [`crate::store::Db::read`].
//!
//! Every query starts with the tenant and carries what its reader may see ([`Sees`]); a number and the list that
//! it opens come from the same conditions.

pub mod answers;
pub mod banners;
pub mod campaigns;
pub mod cases;
pub mod desk;
pub mod districts;
pub mod entity_lists;
pub mod forms;
pub mod history;
pub mod nearby;
pub mod people;
pub mod phones;
pub mod sheet;
pub mod suggest;
pub mod usual;
pub mod visits;
pub mod words;

use crate::store::{E, V};

/// What a reader of the console may see of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sees {
    /// The city.
    pub tenant: String,
    /// Districts with a comma before and after each (`,d1,d2,`); empty: all; `,`: none.
    pub districts: String,
    /// Set for those who see only what their unit handles or they reported themselves.
    pub only: Option<Own>,
}

/// Whose cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The person.
    pub person: String,
    /// Their unit.
    pub unit: String,
}

impl Sees {
    /// The first five parameters of every list: tenant, districts, restricted, unit, person.
    fn params(&self) -> [V<'_>; 5] {
        let own = self.only.as_ref();
        [
            V::T(&self.tenant),
            V::T(&self.districts),
            V::I(i64::from(own.is_some())),
            V::T(own.map_or("", |own| &own.unit)),
            V::T(own.map_or("", |own| &own.person)),
        ]
    }

    /// Does this reader see a district at all?
    #[must_use]
    pub fn district(&self, code: &str) -> bool {
        self.districts.is_empty() || code.is_empty() || self.districts.contains(&format!(",{code},"))
    }
}

/// What a search in a list begins with: who reads, and up to four words that must all be found.
struct Query<'a> {
    sees: &'a Sees,
    words: [String; 4],
}

impl<'a> Query<'a> {
    fn of(sees: &'a Sees, text: &str) -> Self {
        let mut found = text.split_whitespace().map(like);
        // Absent words match everything.
        Self { sees, words: std::array::from_fn(|_| found.next().unwrap_or_else(|| "%".to_owned())) }
    }

    /// The statement's parameters: the reader's five, the four words, then the list's own.
    fn params<'q>(&'q self, own: &[V<'q>]) -> Vec<V<'q>> {
        let mut params = self.sees.params().to_vec();
        params.extend(self.words.iter().map(|word| V::T(word)));
        params.extend_from_slice(own);
        params
    }
}

/// One page of a list, and how many rows the list has in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// Rows of the whole list.
    pub total: usize,
}

/// Rows of a page on screen.
pub const PAGE: usize = 50;
/// Most rows of one export.
pub const EXPORT: usize = 100_000;

/// Text as a pattern for LIKE: found anywhere, its own wildcards taken literally.
fn like(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn count_of(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

fn limit_of(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A JSON body inside its envelope.
fn opened<T: serde::de::DeserializeOwned>(what: &str, stored: &[u8]) -> Result<T, E> {
    let body = xuncha_wire::envelope::open(stored).map_err(|e| E::Damaged(format!("{what}: {e}")))?;
    serde_json::from_slice(body).map_err(|e| E::Damaged(format!("{what}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_word_is_no_pattern() {
        assert_eq!(like("50%_a\\"), "%50\\%\\_a\\\\%");
        let sees = Sees { tenant: "a".into(), districts: ",east,".into(), only: None };
        let query = Query::of(&sees, " 建设路  井盖 ");
        assert_eq!(query.words, ["%建设路%", "%井盖%", "%", "%"].map(String::from));
        assert_eq!(query.params(&[V::I(7)]).len(), 10);
        assert!(sees.district("east") && sees.district("") && !sees.district("ea"));
    }
}
