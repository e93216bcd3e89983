//! The osm sheet: the tags that a map feature may have.

use crate::error::{Code, Notice};
use crate::field::Field;
use crate::headers::{CHOICES, Table};
use crate::workbook::Workbook;

/// One list: its name, and its tags by key and label.
type List = (String, Vec<(String, String)>);

/// Lists of tags.
#[derive(Debug, Default)]
pub(crate) struct Tags(Vec<List>);

impl Tags {
    pub(crate) fn read(book: &Workbook, notices: &mut Vec<Notice>) -> Self {
        let Some(sheet) = book.sheet("osm") else { return Self::default() };
        let table = Table::read(sheet, &CHOICES, "default", false, notices);
        let mut tags = Self::default();
        for row in &table.rows {
            let Some(list) = row.fields.text("list name") else { continue };
            let Some(key) = row.fields.text("name") else {
                notices.push(Notice::error(
                    Code::MissingName,
                    table.place(row.number, &["name"]),
                    "标签没有name。填上OpenStreetMap的键，如building。",
                    "the tag has no name. Write the OpenStreetMap key, such as building.",
                ));
                continue;
            };
            let label = match row.fields.get("label") {
                Some(Field::Map(_)) => {
                    notices.push(Notice::error(
                        Code::Unsupported,
                        table.place(row.number, &["label"]),
                        "osm表的label不能分语言。只写一列label。",
                        "labels of the sheet osm cannot be translated. Write one column label.",
                    ));
                    continue;
                }
                Some(Field::Text(label)) => label.clone(),
                None => String::new(),
            };
            let tag = (key.to_owned(), label);
            match tags.0.iter_mut().find(|(known, _)| known == list) {
                Some((_, of)) => of.push(tag),
                None => tags.0.push((list.to_owned(), vec![tag])),
            }
        }
        tags
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn list(&self, name: &str) -> Option<&[(String, String)]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, tags)| tags.as_slice())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}
