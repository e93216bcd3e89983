//! “列”: what the ledger shows beside its usual columns, out of those that it exports.

use crate::ledger::sheet::CASE_HEADS;

/// A column that can be chosen.
pub(super) struct Column {
    /// Its word in the address.
    pub(super) word: &'static str,
    /// Which column of the exported ledger it is.
    pub(super) at: usize,
    /// What sorts by it; empty if nothing does.
    pub(super) sort: &'static str,
}

impl Column {
    /// Its head, as in the file.
    pub(super) fn head(&self) -> &'static str {
        CASE_HEADS.get(self.at).map_or("", |(head, _)| head)
    }
}

const fn column(word: &'static str, at: usize, sort: &'static str) -> Column {
    Column { word, at, sort }
}

/// In the order of the file. The file's other columns are the usual ones, or filled by nothing yet (街道/社区, 单元网格).
pub(super) const MORE: [Column; 13] = [
    column("reported", 3, "reported"),
    column("reporter", 4, "reporter"),
    column("major", 5, ""),
    column("condition", 7, ""),
    column("description", 8, ""),
    column("district", 10, "district"),
    column("limit", 16, ""),
    column("measure", 18, ""),
    column("outcome", 19, "outcome"),
    column("feedback", 20, "rectified"),
    column("verified", 21, "verified"),
    column("closed", 22, "closed"),
    column("remarks", 23, ""),
];

/// Those that the address names, in the order of the file.
pub(super) fn chosen(words: &[String]) -> impl Iterator<Item = &'static Column> {
    MORE.iter().filter(|column| words.iter().any(|word| word == column.word))
}
