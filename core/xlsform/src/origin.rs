//! Back from the form to the workbook: the cell in which something of the XForm was written.

use crate::error::Notice;
use crate::headers::{self, Table};
use crate::workbook::Workbook;
use crate::{Code, Limits};

/// A cell as its author sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is written there.
    pub text: String,
    place: crate::error::Place,
}

impl Cell {
    /// A sentence about it, with its place: `“survey”第5行D列（relevant）：…`.
    #[must_use]
    pub fn sentence_zh(&self, zh: &str) -> String {
        Notice::error(Code::BadReference, self.place.clone(), zh, "").sentence_zh()
    }

    /// The same in English.
    #[must_use]
    pub fn sentence_en(&self, en: &str) -> String {
        Notice::error(Code::BadReference, self.place.clone(), "", en).sentence_en()
    }
}

/// The cell of the survey sheet from which a question's bind attribute (`relevant`, `constraint`, `calculate`, …)
/// came. Of several questions with this name the first that has the attribute; `None` if none has.
#[must_use]
pub fn cell_of(xlsx: &[u8], limits: &Limits, question: &str, attribute: &str) -> Option<Cell> {
    let book = Workbook::read(xlsx, limits).ok()?;
    let table = Table::read(book.sheet("survey")?, &headers::SURVEY, "default", false, &mut Vec::new());
    let written = |row: &headers::TableRow| row.fields.inner("bind", attribute).map(str::to_owned);
    let named =
        |row: &&headers::TableRow| row.fields.text("name").is_some_and(|name| name.trim() == question);
    let (row, text) =
        table.rows.iter().filter(named).find_map(|row| written(row).map(|text| (row.number, text)))?;
    Some(Cell { text, place: table.place(row, &["bind", attribute]) })
}
