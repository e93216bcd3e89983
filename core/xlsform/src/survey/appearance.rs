//! Words of the column appearance that are nearly those of XLSForm.

use std::collections::HashSet;

use super::Builder;
use crate::error::{Code, Notice};
use crate::headers::TableRow;

/// What the documentation of ODK, Enketo and the Community Health Toolkit know; `columns-3`, `w4` and calls are told by
/// their shape.
const KNOWN: &[&str] = &[
    "analog-scale",
    "annotate",
    "autocomplete",
    "bearing",
    "bikram-sambat",
    "center",
    "columns",
    "columns-flex",
    "columns-pack",
    "comment",
    "compact",
    "coptic",
    "counter",
    "distress",
    "draw",
    "ethiopian",
    "field-list",
    "hidden-answer",
    "hide-input",
    "horizontal",
    "horizontal-compact",
    "image-map",
    "islamic",
    "label",
    "likert",
    "list",
    "list-nolabel",
    "map",
    "maps",
    "masked",
    "minimal",
    "month-year",
    "multiline",
    "myanmar",
    "new",
    "new-front",
    "no-buttons",
    "no-calendar",
    "no-ticks",
    "numbers",
    "persian",
    "picker",
    "placement-map",
    "printer",
    "quick",
    "quickcompact",
    "rating",
    "search",
    "signature",
    "summary",
    "table-list",
    "thousands-sep",
    "url",
    "vertical",
    "year",
];

/// `columns-3`, `compact-2`, `quickcompact-2`.
fn numbered(word: &str) -> bool {
    word.rsplit_once('-').is_some_and(|(word, count)| {
        matches!(word, "columns" | "compact" | "quickcompact") && count.bytes().all(|b| b.is_ascii_digit())
    })
}

impl Builder<'_> {
    /// Apps pass over words that they do not know, so anything may stand here; what is nearly a known word is told.
    pub(super) fn check_appearance(&mut self, row: &TableRow) {
        let appearance = row.fields.inner("control", "appearance").unwrap_or_default();
        if appearance.contains(['(', ':', '$']) {
            return;
        }
        let mut tried = HashSet::new();
        for word in appearance.split_whitespace() {
            // Of four letters too many are near.
            if word.len() < 5 || numbered(word) || KNOWN.contains(&word) {
                continue;
            }
            // Words are met again and again; of those that differ, no cell needs more than a few.
            if tried.contains(&word) || tried.len() > 100 {
                continue;
            }
            tried.insert(word);
            let notice = Notice::warning(
                Code::BadAppearance,
                self.table.place(row.number, &["control", "appearance"]),
                format!("外观“{word}”没有应用认识，会照没有写它显示。"),
                format!("no app knows the appearance '{word}'; the question is shown without it."),
            )
            .near(word, KNOWN.iter().copied());
            if notice.suggestion.is_some() {
                self.notices.push(notice);
            }
        }
    }
}
