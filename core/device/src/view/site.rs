//! Places that are inspected or visited.

use super::{CaseRow, Datum, HistoryRow, VisitRow};

/// Where the phone is, for sorting by distance.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NearPoint {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The coordinate system.
    pub datum: Datum,
}

/// Which sites to list.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SiteFilter {
    /// Words that name or address contain, in any order.
    pub text: String,
    /// `enterprise`, `shop`, `road`, `facility`, `restaurant`, `point`; none for all.
    pub kind: Option<String>,
    /// Sort by distance from here.
    pub near: Option<NearPoint>,
    /// At most so many; 0 means 50.
    pub limit: u32,
}

/// A site in a list.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SiteRow {
    /// Its id.
    pub id: String,
    /// `enterprise`, `shop`, …
    pub kind: String,
    /// The kind in words.
    pub kind_word: String,
    /// Its name.
    pub name: String,
    /// District and address.
    pub detail: String,
    /// Metres from the asked point, if both are known.
    pub distance_m: Option<f64>,
    /// `东北 40米`, or empty.
    pub distance_line: String,
    /// `责任人：王新`, or that nobody answers for it yet.
    pub responsible: String,
    /// How many open cases it has.
    pub open_cases: u32,
}

/// A site with its history.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SiteView {
    /// Its line in lists.
    pub row: SiteRow,
    /// Whom to ask for.
    pub contact: String,
    /// `未结 1 · 累计 4`.
    pub counts_line: String,
    /// Its open cases.
    pub open: Vec<CaseRow>,
    /// What happened here, newest first.
    pub history: Vec<HistoryRow>,
    /// What this person should do here within a campaign.
    pub visits: Vec<VisitRow>,
    /// Shown if there is no history.
    pub empty_sentence: String,
}
