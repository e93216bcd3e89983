//! What the heads of the columns mean: aliases, and `a::b` for languages and attributes.

mod layout;
mod vocabulary;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::error::{Code, Column, Notice, Place};
use crate::field::Fields;
use crate::notices::Notices;
use crate::workbook::{Row, Sheet, collapse_spaces};
use layout::Layout;
pub(crate) use vocabulary::{CHOICES, ENTITIES, SETTINGS, SURVEY, Vocabulary};

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
    /// Its cells, which are read row by row as they are asked for; none for a table without rows.
    sheet: Option<Rc<Sheet>>,
    layout: Layout,
    /// Do runs of spaces in its cells become one?
    collapse: bool,
    /// Where meanings stand, for notices: of many columns one is not looked for again and again.
    places: RefCell<HashMap<String, Option<usize>>>,
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
        let nth = *self.places.borrow_mut().entry(path.join("::")).or_insert_with(|| {
            self.columns.iter().position(|(_, tokens)| {
                tokens.len() >= path.len() && tokens.iter().zip(path).all(|(a, b)| a == b)
            })
        });
        let column = nth.and_then(|nth| self.columns.get(nth)).map(|(column, _)| column.clone());
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
    pub(crate) fn check_unknown(&self, vocabulary: &Vocabulary, notices: &mut Notices) {
        let aliases = vocabulary.aliases.iter().map(|(from, _)| *from);
        let known: Vec<&str> = vocabulary.known.iter().copied().chain(aliases).collect();
        let there: HashSet<&String> = self.columns.iter().filter_map(|(_, path)| path.first()).collect();
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
            if notice.suggestion.as_ref().is_some_and(|word| !there.contains(word)) {
                notices.push(notice);
            }
        }
    }

    /// Heads that say too little or too much for their cells to be used.
    pub(crate) fn check_parts(&self, notices: &mut Notices) {
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
        self.columns.get(self.nth(index)?)
    }

    fn nth(&self, index: u32) -> Option<usize> {
        self.columns.binary_search_by_key(&index, |(column, _)| column.index).ok()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(_, path)| path.first().is_some_and(|first| first == name))
    }

    /// Reads a sheet by its vocabulary. `collapse` joins runs of spaces in the cells.
    pub(crate) fn read(
        sheet: Rc<Sheet>,
        vocabulary: &Vocabulary,
        default_language: &str,
        collapse: bool,
        notices: &mut Notices,
    ) -> Self {
        let double = sheet.columns.iter().any(|c| c.header.contains("::"));
        let mut columns: Vec<(Column, Vec<String>)> = Vec::new();
        // For each meaning the column that has it.
        let mut known: HashMap<Vec<String>, &Column> = HashMap::new();
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
            columns.push((column.clone(), path));
        }
        drop(known);
        let layout = Layout::new(columns.iter().map(|(_, path)| path.as_slice()), default_language);
        let (name, head) = (sheet.name.clone(), sheet.head);
        Self { name, head, columns, sheet: Some(sheet), layout, collapse, places: RefCell::default() }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.sheet.as_ref().map_or(0, |sheet| sheet.len())
    }

    /// A row by its place, from 0.
    pub(crate) fn row(&self, nth: usize) -> Option<TableRow> {
        Some(self.read_row(self.sheet.as_ref()?.row(nth)?))
    }

    /// All rows, each read when its turn comes.
    pub(crate) fn rows(&self) -> impl Iterator<Item = TableRow> {
        (0..self.len()).filter_map(|nth| self.row(nth))
    }

    /// The cells of each row as they are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = Row<'_>> {
        self.sheet.iter().flat_map(|sheet| sheet.rows())
    }

    /// The heads alone: for places of notices, when no row is read any more.
    pub(crate) fn heads(self) -> Self {
        Self { sheet: None, ..self }
    }

    fn read_row(&self, row: Row<'_>) -> TableRow {
        let mut fields = self.layout.row();
        for (index, text) in row.cells() {
            if let Some(nth) = self.nth(index) {
                fields.put(nth, clean(text, self.collapse));
            }
        }
        TableRow { number: row.number, fields: fields.done() }
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
