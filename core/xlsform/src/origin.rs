//! Back from the form to the workbook: the cell in which something of the XForm was written.

use crate::error::{Notice, Place};
use crate::headers::{self, Table};
use crate::notices::Notices;
use crate::workbook::Workbook;
use crate::{Code, Limits};

/// A cell as its author sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is written there.
    pub text: String,
    place: Place,
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

/// The cells of the survey sheet from which a question's bind attributes (`relevant`, `constraint`, `calculate`, …)
/// came: one for each of `attributes` that is written. Of several questions with this name the first that has the
/// attribute. Empty if the workbook can't be read.
#[must_use]
pub fn cells_of(xlsx: &[u8], limits: &Limits, question: &str, attributes: &[&str]) -> Vec<Cell> {
    let Ok(book) = Workbook::read(xlsx, limits) else { return Vec::new() };
    let Some(sheet) = book.sheet("survey") else { return Vec::new() };
    let table = Table::read(sheet, &headers::SURVEY, "default", false, &mut Notices::new(limits));
    let mut found: Vec<Option<Cell>> = attributes.iter().map(|_| None).collect();
    for row in table.rows().filter(|row| row.fields.text("name").is_some_and(|name| name.trim() == question))
    {
        for (attribute, cell) in attributes.iter().zip(&mut found).filter(|(_, cell)| cell.is_none()) {
            *cell = row.fields.inner("bind", attribute).map(|text| Cell {
                text: text.to_owned(),
                place: table.place(row.number, &["bind", attribute]),
            });
        }
    }
    found.into_iter().flatten().collect()
}

/// The first cell that names a file beside the form: whole (`shops.csv`), or without its ending as `pulldata('shops', …)`
/// and `csv-external` do. None if no cell does, or the workbook can't be read.
#[must_use]
pub fn cell_naming(workbook: &[u8], limits: &Limits, file: &str) -> Option<Cell> {
    let book = Workbook::read(workbook, limits).ok()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let quoted = ['\'', '"'].map(|quote| format!("{quote}{stem}{quote}"));
    let whole = |text: &str| text.contains(file);
    let looked_up = |text: &str| quoted.iter().any(|word| text.contains(word.as_str()));
    let declared = |text: &str| text.trim() == stem;
    let ways: [&dyn Fn(&str) -> bool; 3] = [&whole, &looked_up, &declared];
    ways.into_iter().find_map(|names| {
        ["survey", "choices", "entities"].into_iter().find_map(|sheet| {
            let sheet = book.sheet(sheet)?;
            let mut cells = sheet.rows().flat_map(|row| row.cells().map(move |cell| (row.number, cell)));
            let (row, (index, text)) = cells.find(|(_, (_, text))| names(text))?;
            let column = sheet.columns.iter().find(|column| column.index == index).cloned();
            Some(Cell { text: text.to_owned(), place: Place::at(&sheet.name, Some(row), column) })
        })
    })
}
