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
    check_codes(table, notices);
    for language in &languages {
        for column in columns.iter().filter(|column| !seen.contains(&(**column, *language))) {
            notices.push(Notice::warning(
                Code::MissingTranslation,
                Place::at(&table.name, Some(table.head), None),
                format!("语言“{language}”没有{column}列，填表时那里显示“-”。加一列{column}::{language}。"),
                format!("the language '{language}' has no column {column}, so '-' is shown there. Add a column {column}::{language}."),
            ));
        }
    }
}

/// A language carries its code, by which an app finds that of the phone: `中文 (zh)`.
fn check_codes(table: &Table, notices: &mut Vec<Notice>) {
    let mut seen: Vec<&str> = Vec::new();
    for (column, path) in &table.columns {
        let tail = match path.as_slice() {
            [first, rest @ ..] if first == "media" || first == "bind" => rest,
            all => all,
        };
        let [name, language] = tail else { continue };
        if !TRANSLATABLE.iter().any(|(token, _)| token == name) || seen.contains(&language.as_str()) {
            continue;
        }
        seen.push(language);
        let (zh, en) = match code(language) {
            _ if language == "default" => continue,
            Some(code) if is_registered(code) => continue,
            Some(code) => (
                format!(
                    "语言“{language}”的代码“{code}”没有登记过，手机认不出是哪种语言。写成如“中文 (zh)”。"
                ),
                format!(
                    "the code '{code}' of the language '{language}' is not registered, so phones cannot tell which it is. Write it like 'English (en)'."
                ),
            ),
            None => (
                format!("语言“{language}”没有代码，手机认不出是哪种语言。写成如“中文 (zh)”。"),
                format!(
                    "the language '{language}' has no code, so phones cannot tell which it is. Write it like 'English (en)'."
                ),
            ),
        };
        notices.push(Notice::warning(Code::Portability, table.head_of(column), zh, en));
    }
}

/// What stands in brackets at the end, where it has the shape of a code: `English (en)`, `中文 (zh-Hans)`.
fn code(language: &str) -> Option<&str> {
    let (_, code) = language.strip_suffix(')')?.rsplit_once('(')?;
    let is_tag =
        |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    code.split('-').all(is_tag).then_some(code)
}

/// The languages of IANA's registry (BCP 47), by their subtag, as of pyxform 4.5.0.
const LANGUAGES: &str = include_str!("translations/languages.txt");

/// Whether the language is one of the registry. What follows it, such as a script, is not looked up.
fn is_registered(code: &str) -> bool {
    let language = code.split('-').next().unwrap_or_default().to_ascii_lowercase();
    LANGUAGES.split_ascii_whitespace().any(|known| known == language)
}

/// The answer that `or_other` adds is not translated.
pub(crate) fn check_other(tables: &[&Table], notices: &mut Vec<Notice>) {
    let translated = |path: &[String]| {
        let tail = match path {
            [first, rest @ ..] if first == "media" || first == "bind" => rest,
            all => all,
        };
        tail.len() > 1 && TRANSLATABLE.iter().any(|(token, _)| tail.first().is_some_and(|t| t == token))
    };
    let found = tables.iter().find(|table| table.columns.iter().any(|(_, path)| translated(path)));
    if let Some(table) = found {
        notices.push(Notice::warning(
            Code::MissingTranslation,
            Place::at(&table.name, Some(table.head), None),
            "or_other自动加的“其他”没有译文。自己在列表里加一个other选项，再加一道文本题。",
            "what or_other adds is not translated. Add a choice other to the list and a text question yourself.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_of_the_registry_whatever_follows_and_however_it_is_written() {
        for language in
            ["English (en)", "中文 (zh)", "中文 (zh-Hans-CN)", "ئۇيغۇرچە (ug)", "Hakka (hak)", "X (EN)"]
        {
            assert!(code(language).is_some_and(is_registered), "{language}");
        }
        // `eng` is no subtag: the registry has the shorter one.
        for language in ["English (eng)", "Nobody's (xx)", "中文 (cn)", "Long (english)"] {
            assert!(code(language).is_some_and(|code| !is_registered(code)), "{language}");
        }
        for language in ["English", "English ()", "English (e n)", "(en) English", "English (en-)"] {
            assert_eq!(code(language), None, "{language}");
        }
        assert_eq!(LANGUAGES.split_ascii_whitespace().filter(|known| known.len() == 2).count(), 189);
    }
}
