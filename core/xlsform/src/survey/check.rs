//! Do all `${…}` name one question?

use std::collections::HashSet;

use super::Built;
use super::limits::too_many_errors;
use crate::Limits;
use crate::error::{Code, Column, Notice, Place};
use crate::expression::{malformed, references};
use crate::headers::Table;
use crate::notices::Notices;

/// How many questions a reference may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    None,
    One,
    Several,
}

impl Built {
    fn meant(&self, name: &str) -> Meant {
        let Some(word) = self.tree.words().find(name) else { return Meant::None };
        match (self.named.count(word), self.tree.named(name)) {
            (0, _) => Meant::None,
            (1, Some(Some(_))) => Meant::One,
            (1, Some(None)) => Meant::Several,
            // A file beside the form has a name, but no answer. Other rows that are not there were refused.
            (1, None) if self.files.contains(&word) => Meant::None,
            (1, None) => Meant::One,
            _ => Meant::Several,
        }
    }
}

/// Checks a sheet's references against the names of the survey sheet. `wanted` tells by the meaning
/// of a column whether its cells may hold references.
pub(crate) fn check_references(
    table: &Table,
    built: &Built,
    wanted: impl Fn(&[String]) -> bool,
    limits: &Limits,
    notices: &mut Notices,
) {
    let before = notices.errors();
    for row in table.written() {
        if notices.errors() - before >= limits.errors {
            notices.push(too_many_errors(table, row.number, limits));
            return;
        }
        for (index, text) in row.cells() {
            if !text.contains("${") {
                continue;
            }
            let Some((column, path)) = table.column(index) else { continue };
            if wanted(path) {
                cell(table, row.number, column, text, built, limits, notices);
            }
        }
    }
}

fn cell(
    table: &Table,
    row: u32,
    column: &Column,
    text: &str,
    built: &Built,
    limits: &Limits,
    notices: &mut Notices,
) {
    let place = Place::at(&table.name, Some(row), Some(column.clone()));
    if let Some(bad) = malformed(text) {
        notices.push(Notice::error(
            Code::BadReference,
            place,
            format!("“{bad}”不是正确的引用。写成${{题目名}}。"),
            format!("'{bad}' is not a proper reference. Write ${{question}}."),
        ));
        return;
    }
    let mut told: HashSet<&str> = HashSet::new();
    for found in references(text) {
        let name = found.reference.name;
        if !told.insert(name) || told.len() > limits.errors {
            continue;
        }
        match built.meant(name) {
            Meant::One => {}
            Meant::Several => notices.push(Notice::error(
                Code::BadReference,
                place.clone(),
                format!("有几道题都叫“{name}”，分不清引用的是哪一道。改成不同的名字。"),
                format!("several questions are named '{name}', so the reference is ambiguous. Give them different names."),
            )),
            Meant::None => notices.guess(
                Notice::error(
                    Code::BadReference,
                    place.clone(),
                    format!("引用的题目“{name}”不存在。"),
                    format!("there is no question '{name}'."),
                ),
                name,
                built.named.all(&built.tree),
                ("写survey表name列里的名字。", "Write a name from the column name of the survey."),
            ),
        }
    }
}
