//! Which languages lack a column that others have.

use crate::error::{Code, Notice, Place};
use crate::headers::Table;

/// Columns that may be translated, by their path: the last token before the language.
const TRANSLATABLE: &[(&str, &str)] = &[
    ("label", "label"),
    ("hint", "hint"),
    ("guidance_hint", "guidance_hint"),
    ("image", "image"),
    ("big-image", "big-image"),
    ("audio", "audio"),
    ("video", "video"),
    ("jr:constraintMsg", "constraint_message"),
    ("jr:requiredMsg", "required_message"),
];

/// One warning for each column that some language has and another has not.
pub(crate) fn check(table: &Table, default_language: &str, notices: &mut Vec<Notice>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (_, path) in &table.columns {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let tail = match path.as_slice() {
            ["media" | "bind", rest @ ..] => rest,
            all => all,
        };
        let Some((name, language)) = tail.split_first() else { continue };
        if let Some((_, shown)) = TRANSLATABLE.iter().find(|(token, _)| token == name) {
            seen.push((shown, language.first().copied().unwrap_or(default_language)));
        }
    }
    let mut languages: Vec<&str> = Vec::new();
    let mut columns: Vec<&str> = Vec::new();
    for (column, language) in &seen {
        if !languages.contains(language) {
            languages.push(language);
        }
        if !columns.contains(column) {
            columns.push(column);
        }
    }
    for language in &languages {
        for column in columns.iter().filter(|column| !seen.contains(&(**column, *language))) {
            notices.push(Notice::warning(
                Code::MissingTranslation,
                Place { sheet: table.name.clone(), row: Some(1), column: None },
                format!("语言“{language}”没有{column}列，填表时那里显示“-”。加一列{column}::{language}。"),
                format!("the language '{language}' has no column {column}, so '-' is shown there. Add a column {column}::{language}."),
            ));
        }
    }
}
