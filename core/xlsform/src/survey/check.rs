//! Do all `${…}` name one question? Is there anything that is not converted yet?

use std::collections::HashMap;

use crate::error::{Code, Column, Notice, Place};
use crate::expression::{malformed, references};
use crate::field::Field;
use crate::headers::Table;
use crate::workbook::Sheet;

/// Checks a sheet's references against the names of the survey sheet. `wanted` tells by the meaning
/// of a column whether its cells may hold references.
pub(crate) fn check_references(
    sheet: &Sheet,
    table: &Table,
    names: &HashMap<String, u32>,
    wanted: impl Fn(&[String]) -> bool,
    notices: &mut Vec<Notice>,
) {
    for row in &sheet.rows {
        for (index, text) in &row.cells {
            if !text.contains("${") {
                continue;
            }
            let Some((column, path)) = table.columns.iter().find(|(column, _)| column.index == *index) else {
                continue;
            };
            if wanted(path) {
                cell(sheet, row.number, column, text, names, notices);
            }
        }
    }
}

fn cell(
    sheet: &Sheet,
    row: u32,
    column: &Column,
    text: &str,
    names: &HashMap<String, u32>,
    notices: &mut Vec<Notice>,
) {
    let place = Place { sheet: sheet.name.clone(), row: Some(row), column: Some(column.clone()) };
    if let Some(bad) = malformed(text) {
        notices.push(Notice::error(
            Code::BadReference,
            place,
            format!("“{bad}”不是正确的引用。写成${{题目名}}。"),
            format!("'{bad}' is not a proper reference. Write ${{question}}."),
        ));
        return;
    }
    for found in references(text) {
        let name = found.reference.name;
        match names.get(name) {
            Some(1) => {}
            Some(_) => notices.push(Notice::error(
                Code::BadReference,
                place.clone(),
                format!("有几道题都叫“{name}”，分不清引用的是哪一道。改成不同的名字。"),
                format!("several questions are named '{name}', so the reference is ambiguous. Give them different names."),
            )),
            None => notices.push(
                Notice::error(
                    Code::BadReference,
                    place.clone(),
                    format!("引用的题目“{name}”不存在。"),
                    format!("there is no question '{name}'."),
                )
                .near(name, names.keys().map(String::as_str)),
            ),
        }
    }
}

/// Texts that read a secondary instance, and entities: both would be lost without a word.
pub(crate) fn check_unsupported(table: &Table, notices: &mut Vec<Notice>) {
    for row in &table.rows {
        for shown in ["label", "hint", "guidance_hint"] {
            let field = row.fields.get(shown);
            let mut texts = field.into_iter().flat_map(|field| match field {
                Field::Text(text) => vec![text.as_str()],
                Field::Map(map) => map.iter().filter_map(|(_, text)| text.text()).collect(),
            });
            if texts.any(|text| text.contains("instance(")) {
                notices.push(Notice::error(
                    Code::Unsupported,
                    table.place(row.number, &[shown]),
                    "文字里的instance(…)还不支持。先用calculate算出来，再写${题目名}。",
                    "instance(…) within a text is not supported yet. Calculate it first and write ${question}.",
                ));
            }
        }
        if row.fields.inner("bind", "entities:saveto").is_some() {
            notices.push(Notice::error(
                Code::Unsupported,
                table.place(row.number, &["bind", "entities:saveto"]),
                "实体（save_to）还不支持。删掉这一列。",
                "entities (save_to) are not supported yet. Delete this column.",
            ));
        }
    }
}
