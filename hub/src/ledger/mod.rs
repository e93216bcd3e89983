//! What the console reads: one module a list, read-only SQL on [`crate::store::Db::read`].
//!
//! Every query starts with the tenant and carries what its reader may see ([`Sees`]); a number and the list that
//! it opens come from the same conditions.

pub mod banners;
pub mod campaigns;
pub mod cases;
pub mod forms;
pub mod history;
pub mod people;
pub mod phones;
pub mod sheet;
pub mod visits;
pub mod words;

use crate::store::E;

/// What a reader of the console may see of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sees {
    /// The city.
    pub tenant: String,
    /// Districts with a comma before and after each (`,d1,d2,`); empty: all.
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
    fn person(&self) -> &str {
        self.only.as_ref().map_or("", |own| &own.person)
    }

    fn unit(&self) -> &str {
        self.only.as_ref().map_or("", |own| &own.unit)
    }

    fn restricted(&self) -> i64 {
        i64::from(self.only.is_some())
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

/// Up to four words of a search, each of which must be found; absent ones match everything.
fn words(text: &str) -> [String; 4] {
    let mut found = text.split_whitespace().map(like);
    std::array::from_fn(|_| found.next().unwrap_or_else(|| "%".to_owned()))
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
        assert_eq!(words(" 建设路  井盖 "), ["%建设路%", "%井盖%", "%", "%"].map(String::from));
    }
}
