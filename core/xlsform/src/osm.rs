//! The osm sheet: the tags that a map feature may have.

use crate::chains::Chains;
use crate::error::{Code, Notice};
use crate::field::Field;
use crate::headers::{CHOICES, Table};
use crate::notices::Notices;
use crate::workbook::Workbook;

/// Lists of tags. They stand in the sheet, from where they are read as they are needed.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    table: Table,
    lists: Chains,
}

impl Tags {
    pub(crate) fn read(book: &Workbook, notices: &mut Notices) -> Self {
        let Some(sheet) = book.sheet("osm") else { return Self::default() };
        let table = Table::read(sheet, &CHOICES, "default", false, notices);
        let mut lists = Chains::new(table.len());
        for (nth, row) in table.rows().enumerate() {
            let Some(list) = row.fields.text("list name") else { continue };
            if row.fields.text("name").is_none() {
                notices.push(Notice::error(
                    Code::MissingName,
                    table.place(row.number, &["name"]),
                    "标签没有name。填上OpenStreetMap的键，如building。",
                    "the tag has no name. Write the OpenStreetMap key, such as building.",
                ));
            } else if let Some(Field::Map(_)) = row.fields.get("label") {
                notices.push(Notice::error(
                    Code::Unsupported,
                    table.place(row.number, &["label"]),
                    "osm表的label不能分语言。只写一列label。",
                    "labels of the sheet osm cannot be translated. Write one column label.",
                ));
            } else {
                lists.add(list, nth);
            }
        }
        Self { table, lists }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lists.names().len() == 0
    }

    pub(crate) fn has(&self, list: &str) -> bool {
        self.lists.names().find(list).is_some()
    }

    /// The tags of a list by key and label.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = (String, String)> {
        let rows = self.lists.names().find(name).into_iter().flat_map(|list| self.lists.rows(list));
        rows.filter_map(|nth| {
            let row = self.table.row(nth)?;
            let label = row.fields.text("label").unwrap_or_default();
            Some((row.fields.text("name")?.to_owned(), label.to_owned()))
        })
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.names().iter().map(|(_, name)| name)
    }
}
