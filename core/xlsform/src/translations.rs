//! Which languages lack a column that others have.

use std::collections::HashSet;

use crate::error::{Code, Notice, Place};
use crate::headers::Table;
use crate::notices::Notices;

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
pub(crate) fn check(table: &Table, default_language: &str, notices: &mut Notices) {
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let (mut languages, mut columns) = (Vec::new(), Vec::new());
    let (mut known_languages, mut known_columns) = (HashSet::new(), HashSet::new());
    for (_, path) in &table.columns {
        let tail = match path.as_slice() {
            [first, rest @ ..] if first == "media" || first == "bind" => rest,
            all => all,
        };
        let Some((name, language)) = tail.split_first() else { continue };
        if let Some((_, shown)) = TRANSLATABLE.iter().find(|(token, _)| token == name) {
            let language = language.first().map_or(default_language, String::as_str);
            seen.insert((*shown, language));
            if known_languages.insert(language) {
                languages.push(language);
            }
            if known_columns.insert(*shown) {
                columns.push(*shown);
            }
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
fn check_codes(table: &Table, notices: &mut Notices) {
    let (mut seen, registry): (HashSet<&str>, _) = (HashSet::new(), Registry::new());
    for (column, path) in &table.columns {
        let tail = match path.as_slice() {
            [first, rest @ ..] if first == "media" || first == "bind" => rest,
            all => all,
        };
        let [name, language] = tail else { continue };
        if !TRANSLATABLE.iter().any(|(token, _)| token == name) || !seen.insert(language.as_str()) {
            continue;
        }
        let (zh, en) = match code(language) {
            _ if language == "default" => continue,
            Some(code) if registry.has(code) => continue,
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

/// The lines of the registry, which are in order.
struct Registry(Vec<&'static str>);

impl Registry {
    fn new() -> Self {
        Self(LANGUAGES.lines().collect())
    }

    /// Whether the language is one of the registry. What follows it, such as a script, is not looked up.
    fn has(&self, code: &str) -> bool {
        let language = code.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let first = |line: &str| line.split(' ').next().is_some_and(|first| first <= language.as_str());
        let line = self.0.partition_point(|line| first(line)).checked_sub(1).and_then(|at| self.0.get(at));
        line.is_some_and(|line| line.split(' ').any(|known| known == language))
    }
}

/// The answer that `or_other` adds is not translated.
pub(crate) fn check_other(tables: &[&Table], notices: &mut Notices) {
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
        let registry = Registry::new();
        assert!(LANGUAGES.split_ascii_whitespace().all(|known| registry.has(known)));
        assert!(LANGUAGES.split_ascii_whitespace().is_sorted());
        for language in
            ["English (en)", "中文 (zh)", "中文 (zh-Hans-CN)", "ئۇيغۇرچە (ug)", "Hakka (hak)", "X (EN)"]
        {
            assert!(code(language).is_some_and(|code| registry.has(code)), "{language}");
        }
        // `eng` is no subtag: the registry has the shorter one.
        for language in ["English (eng)", "Nobody's (xx)", "中文 (cn)", "Long (english)"] {
            assert!(code(language).is_some_and(|code| !registry.has(code)), "{language}");
        }
        for language in ["English", "English ()", "English (e n)", "(en) English", "English (en-)"] {
            assert_eq!(code(language), None, "{language}");
        }
        assert_eq!(LANGUAGES.split_ascii_whitespace().filter(|known| known.len() == 2).count(), 189);
    }
}
