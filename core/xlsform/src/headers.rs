//! What the heads of the columns mean: aliases, and `a::b` for languages and attributes.

use std::collections::HashMap;

use crate::error::{Code, Column, Notice, Place};
use crate::field::Fields;
use crate::workbook::{Sheet, collapse_spaces};

/// Which columns a sheet knows, and what else they may be called.
pub(crate) struct Vocabulary {
    /// Column names as they are.
    pub(crate) known: &'static [&'static str],
    /// Another name, and what it stands for.
    pub(crate) aliases: &'static [(&'static str, &'static [&'static str])],
}

/// Columns that have a use, or are an author's habit, without being part of the vocabulary.
const PASSED_OVER: &[&str] = &["disabled", "intent", "flat", "note", "notes", "comment", "comments"];

/// Attributes of a bind that have a text in each language.
pub(crate) const MESSAGES: &[&str] = &["jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"];

/// A sheet whose columns are understood.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The row of the heads.
    pub(crate) head: u32,
    pub(crate) columns: Vec<(Column, Vec<String>)>,
    pub(crate) rows: Vec<TableRow>,
}

/// A row of it.
#[derive(Debug, Clone)]
pub(crate) struct TableRow {
    pub(crate) number: u32,
    pub(crate) fields: Fields,
}

impl Table {
    /// A row's number as it would be under heads in row 1: what names are made of may not depend on where in a file
    /// of text the sheet stands.
    pub(crate) fn ordinal(&self, row: u32) -> u32 {
        row - self.head.saturating_sub(1).min(row)
    }

    /// Where a field of a row stands, for a notice; the column may be missing.
    pub(crate) fn place(&self, row: u32, path: &[&str]) -> Place {
        let column = self
            .columns
            .iter()
            .find(|(_, tokens)| tokens.len() >= path.len() && tokens.iter().zip(path).all(|(a, b)| a == b))
            .map(|(column, _)| column.clone());
        let missing = column.is_none().then(|| {
            let next = self.columns.last().map_or(0, |(column, _)| column.index + 1);
            let letters = Column { index: next, header: String::new() }.letters();
            (head(path), format!("{letters}{}", self.head.max(1)))
        });
        Place { missing, ..Place::at(&self.name, Some(row), column) }
    }

    /// The notice of a row at one of its cells.
    pub(crate) fn moved(&self, notice: Notice, path: &[&str]) -> Notice {
        let found = self.place(notice.row, path).column.filter(|_| notice.row > 0);
        let letters = found.as_ref().map(Column::letters).unwrap_or_default();
        let column = found.map(|column| column.header).unwrap_or_default();
        Notice { sheet: self.name.clone(), column, letters, ..notice }
    }

    /// The head of a column, for a notice.
    pub(crate) fn head_of(&self, column: &Column) -> Place {
        Place::at(&self.name, Some(self.head), Some(column.clone()))
    }

    /// Heads that nobody knows but that are nearly those of a known column.
    pub(crate) fn check_unknown(&self, vocabulary: &Vocabulary, notices: &mut Vec<Notice>) {
        let aliases = vocabulary.aliases.iter().map(|(from, _)| *from);
        let known: Vec<&str> = vocabulary.known.iter().copied().chain(aliases).collect();
        let meant = |token: &str| vocabulary.aliases.iter().any(|(_, to)| to.first() == Some(&token));
        for (column, path) in &self.columns {
            let Some(first) = path.first().filter(|first| !first.contains(':')) else { continue };
            if known.contains(&first.as_str()) || meant(first) || PASSED_OVER.contains(&first.as_str()) {
                continue;
            }
            let notice = Notice::warning(
                Code::BadColumn,
                self.head_of(column),
                "没有这个列名，这一列没有用。",
                "is no known column and was passed over.",
            );
            let notice = notice.near(&first.to_lowercase(), known.iter().copied());
            // Where the column that is nearly meant is there too, this one is something else.
            let there = |word: &String| self.columns.iter().any(|(_, path)| path.first() == Some(word));
            if notice.suggestion.as_ref().is_some_and(|word| !there(word)) {
                notices.push(notice);
            }
        }
    }

    /// Heads that say too little or too much for their cells to be used.
    pub(crate) fn check_parts(&self, notices: &mut Vec<Notice>) {
        for (column, path) in &self.columns {
            let (zh, en) = match path.as_slice() {
                [one] if one == "media" => (
                    "没有说是哪种媒体，这一列没有用。写成media::image、media::audio或media::video。".to_owned(),
                    "does not say which medium, and was passed over. Write media::image, media::audio or media::video.".to_owned(),
                ),
                [first, rest @ ..]
                    if rest.len() > 1
                        && matches!(first.as_str(), "bind" | "control" | "instance")
                        && !rest.first().is_some_and(|key| MESSAGES.contains(&key.as_str())) =>
                {
                    let kind = if first == "control" { "body" } else { first };
                    let meant = format!("{kind}::{}", rest.join(":"));
                    (
                        format!("列名有{}段，最多两段，这一列没有用。写成{meant}。", path.len()),
                        format!("has {} parts where two are allowed, and was passed over. Write {meant}.", path.len()),
                    )
                }
                _ => continue,
            };
            notices.push(Notice::warning(Code::BadColumn, self.head_of(column), zh, en));
        }
    }

    /// The column of that number, which stand in their order, and what its head means.
    pub(crate) fn column(&self, index: u32) -> Option<&(Column, Vec<String>)> {
        let nth = self.columns.binary_search_by_key(&index, |(column, _)| column.index).ok()?;
        self.columns.get(nth)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(_, path)| path.first().is_some_and(|first| first == name))
    }

    /// Reads a sheet by its vocabulary. `collapse` joins runs of spaces in the cells.
    pub(crate) fn read(
        sheet: &Sheet,
        vocabulary: &Vocabulary,
        default_language: &str,
        collapse: bool,
        notices: &mut Vec<Notice>,
    ) -> Self {
        let double = sheet.columns.iter().any(|c| c.header.contains("::"));
        let mut table = Self { name: sheet.name.clone(), head: sheet.head, ..Self::default() };
        // For each meaning the column that has it, and for each first word of one how often it stands there.
        let mut known: HashMap<Vec<String>, &Column> = HashMap::new();
        let mut firsts: HashMap<String, usize> = HashMap::new();
        for column in &sheet.columns {
            let path = path(&column.header, double, vocabulary);
            if let Some(other) = known.get(&path) {
                notices.push(Notice::error(
                    Code::DuplicateColumn,
                    Place::at(&sheet.name, Some(sheet.head), Some(column.clone())),
                    format!(
                        "和{}列（{}）是同一列的两个名字。删掉或改名其中一列。",
                        other.letters(),
                        other.header
                    ),
                    format!(
                        "means the same as column {} ({}). Delete or rename one of them.",
                        other.letters(),
                        other.header
                    ),
                ));
                continue;
            }
            known.insert(path.clone(), column);
            *firsts.entry(path.first().cloned().unwrap_or_default()).or_default() += 1;
            table.columns.push((column.clone(), path));
        }
        for row in &sheet.rows {
            let mut fields = Fields::default();
            for (index, text) in &row.cells {
                let Some((_, path)) = table.column(*index) else { continue };
                let text = clean(text, collapse);
                match path.as_slice() {
                    // Nothing else can stand under this name.
                    [only] if firsts.get(only) == Some(&1) => fields.push_text(only, text),
                    path => fields.put(path, text, default_language),
                }
            }
            table.rows.push(TableRow { number: row.number, fields });
        }
        table
    }
}

/// Typographic quotes become plain ones, since expressions need those.
fn clean(text: &str, collapse: bool) -> String {
    let text = if collapse { collapse_spaces(text) } else { text.to_owned() };
    if text.contains(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}']) {
        return text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"");
    }
    text
}

/// The head that an author writes for a column of that meaning.
fn head(path: &[&str]) -> String {
    match path {
        ["list name" | "dataset"] => "list_name".to_owned(),
        ["bind", "calculate"] => "calculation".to_owned(),
        ["bind", "jr:constraintMsg"] => "constraint_message".to_owned(),
        ["bind", "jr:requiredMsg"] => "required_message".to_owned(),
        ["bind", "entities:saveto"] => "save_to".to_owned(),
        ["control", "jr:count"] => "repeat_count".to_owned(),
        ["media", kind] => format!("media::{kind}"),
        [.., last] => (*last).to_owned(),
        [] => String::new(),
    }
}

fn snake(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// What a head means, token by token.
fn path(header: &str, double: bool, vocabulary: &Vocabulary) -> Vec<String> {
    let alias = |word: &str| vocabulary.aliases.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    for word in [header.to_owned(), snake(header)] {
        if vocabulary.known.contains(&word.as_str()) && alias(&word).is_none() {
            return vec![word];
        }
    }
    let mut tokens: Vec<String> = if double || header.contains("::") {
        header.split("::").map(|t| t.trim().to_owned()).collect()
    } else {
        single_colons(header)
    };
    let Some(first) = tokens.first().cloned() else { return tokens };
    let first_snake = snake(&first);
    if let Some(to) = alias(&first_snake) {
        tokens.splice(0..1, to.iter().map(|t| (*t).to_owned()));
    } else if vocabulary.known.contains(&first_snake.as_str())
        && let Some(head) = tokens.first_mut()
    {
        *head = first_snake;
    }
    tokens
}

/// The old way to separate: single colons, except in `jr:count` and the like.
fn single_colons(header: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut parts = header.split(':').map(|t| t.trim().to_owned());
    while let Some(part) = parts.next() {
        if part == "jr"
            && let Some(next) = parts.next()
        {
            tokens.push(format!("jr:{next}"));
        } else {
            tokens.push(part);
        }
    }
    tokens
}

pub(crate) const SURVEY: Vocabulary = Vocabulary {
    known: &[
        "name",
        "label",
        "actions",
        "default",
        "guidance_hint",
        "instance",
        "query",
        "sms_field",
        "trigger",
        "bind",
        "choice_filter",
        "control",
        "hint",
        "media",
        "parameters",
        "type",
        "choices",
        "itemset",
        "list_name",
    ],
    aliases: &[
        ("compact_tag", &["instance", "odk:tag"]),
        ("read_only", &["bind", "readonly"]),
        ("readonly", &["bind", "readonly"]),
        ("relevant", &["bind", "relevant"]),
        ("relevance", &["bind", "relevant"]),
        ("caption", &["label"]),
        ("appearance", &["control", "appearance"]),
        ("required", &["bind", "required"]),
        ("constraint", &["bind", "constraint"]),
        ("constraining_message", &["bind", "jr:constraintMsg"]),
        ("constraint_message", &["bind", "jr:constraintMsg"]),
        ("calculation", &["bind", "calculate"]),
        ("calculate", &["bind", "calculate"]),
        ("command", &["type"]),
        ("tag", &["name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
        ("count", &["control", "jr:count"]),
        ("repeat_count", &["control", "jr:count"]),
        ("jr:count", &["control", "jr:count"]),
        ("autoplay", &["control", "autoplay"]),
        ("rows", &["control", "rows"]),
        ("noapperrorstring", &["bind", "jr:noAppErrorString"]),
        ("no_app_error_string", &["bind", "jr:noAppErrorString"]),
        ("requiredmsg", &["bind", "jr:requiredMsg"]),
        ("required_message", &["bind", "jr:requiredMsg"]),
        ("body", &["control"]),
        ("save_to", &["bind", "entities:saveto"]),
    ],
};

pub(crate) const CHOICES: Vocabulary = Vocabulary {
    known: &["name", "label", "media", "sms_option"],
    aliases: &[
        ("caption", &["label"]),
        ("list_name", &["list name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
    ],
};

pub(crate) const ENTITIES: Vocabulary = Vocabulary {
    known: &["dataset", "entity_id", "create_if", "update_if", "repeat", "label"],
    aliases: &[("list_name", &["dataset"])],
};

pub(crate) const SETTINGS: Vocabulary = Vocabulary {
    known: &[
        "name",
        "title",
        "id_string",
        "version",
        "default_language",
        "instance_name",
        "style",
        "namespaces",
        "attribute",
        "auto_delete",
        "auto_send",
        "add_none_option",
        "clean_text_values",
        "client_editable",
        "instance_xmlns",
        "omit_instanceID",
        "public_key",
        "submission_url",
        "allow_choice_duplicates",
        "delimiter",
        "flat",
        "sms_keyword",
    ],
    aliases: &[
        ("form_title", &["title"]),
        ("set_form_title", &["title"]),
        ("form_id", &["id_string"]),
        ("set_form_id", &["id_string"]),
        ("prefix", &["prefix"]),
    ],
};
