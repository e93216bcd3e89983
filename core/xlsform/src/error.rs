//! What is said about a workbook: errors and warnings that name sheet, row and column.

use std::fmt;

#[cfg(test)]
mod tests;

/// Does it stop the conversion?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// There is no form until it is put right.
    Error,
    /// The form was made; this deserves a look.
    Warning,
}

/// A column: its place and the words at its head.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Column {
    /// From 0, as Excel counts `A`.
    pub(crate) index: u32,
    /// The cell in row 1; empty where the column is missing.
    pub(crate) header: String,
}

impl Column {
    /// The letters Excel shows: `A`, `Z`, `AA`.
    pub(crate) fn letters(&self) -> String {
        let mut letters = Vec::new();
        let mut left = u64::from(self.index) + 1;
        while left > 0 {
            let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
            letters.push(char::from(b'A' + digit));
            left = (left - 1) / 26;
        }
        letters.iter().rev().collect()
    }
}

/// Where in the workbook.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Place {
    /// The sheet; empty for the whole workbook.
    pub(crate) sheet: String,
    /// The row as Excel counts, from 1; none for the whole sheet.
    pub(crate) row: Option<u32>,
    /// The column; none for the whole row.
    pub(crate) column: Option<Column>,
    /// The column that the sheet would need for it: its head, and where to write that.
    pub(crate) missing: Option<(String, String)>,
}

impl Place {
    /// The whole workbook.
    pub(crate) fn workbook() -> Self {
        Self::default()
    }

    pub(crate) fn at(sheet: &str, row: Option<u32>, column: Option<Column>) -> Self {
        Self { sheet: sheet.to_owned(), row, column, missing: None }
    }

    /// A whole sheet.
    pub(crate) fn sheet(name: &str) -> Self {
        Self::at(name, None, None)
    }
}

/// What kind of thing is wrong; a stable word for programs and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// No workbook, or one that cannot be read.
    NotAWorkbook,
    /// A limit of [`crate::Limits`] is passed.
    TooLarge,
    /// A sheet that must be there is not.
    MissingSheet,
    /// A column that must be there is not.
    MissingColumn,
    /// Two columns mean the same.
    DuplicateColumn,
    /// A column whose head cannot be used.
    BadColumn,
    /// A character that XML cannot hold.
    BadCharacter,
    /// A row without a type.
    MissingType,
    /// A type that nobody knows.
    UnknownType,
    /// A row without a name.
    MissingName,
    /// A name that cannot be an element's.
    BadName,
    /// A name that is taken.
    DuplicateName,
    /// A group or repeat that is not closed, or closed without having begun.
    Unbalanced,
    /// A question that shows nothing.
    MissingLabel,
    /// A list that the choices sheet has not.
    UnknownList,
    /// A choice that cannot be used.
    BadChoice,
    /// A `${…}` that names nothing, or two things.
    BadReference,
    /// Parameters that cannot be read or used.
    BadParameters,
    /// A word for how a question looks that is nearly a known one.
    BadAppearance,
    /// A calculation that is missing.
    MissingCalculation,
    /// A trigger that cannot be used.
    BadTrigger,
    /// A language that lacks a column.
    MissingTranslation,
    /// Two secondary instances of one name.
    InstanceClash,
    /// A part of XLSForm that is not there yet.
    Unsupported,
    /// A row that is passed over.
    SkippedRow,
    /// A setting that cannot be used.
    BadSetting,
    /// An entity, or what is saved to it, that cannot be used.
    BadEntity,
    /// A sheet whose name is nearly that of a known one, and is passed over.
    PassedOverSheet,
    /// What other apps would read in another way, or not at all.
    Portability,
    /// There are more than are listed.
    More,
}

/// One error or warning, at a place that a form's author can go to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Notice {
    /// Error or warning.
    pub severity: Severity,
    /// What kind of thing it is.
    pub code: Code,
    /// The sheet as written; empty for the whole workbook.
    pub sheet: String,
    /// The row as Excel counts, from 1; 0 for the whole sheet.
    pub row: u32,
    /// The head of the column as written, or of the one that is missing; empty for the whole row.
    pub column: String,
    /// The letters of the column, such as `B`; empty where the column is missing.
    pub letters: String,
    /// What happened and what to do, in Chinese, with what was probably meant; without the place.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// What was probably meant, by itself.
    pub suggestion: Option<String>,
}

impl Notice {
    pub(crate) fn error(code: Code, place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let letters = place.column.as_ref().map(Column::letters).unwrap_or_default();
        let (mut zh, mut en) = (shortened(zh.into()), shortened(en.into()));
        let mut column = place.column.map(|column| column.header).unwrap_or_default();
        if let Some((head, cell)) = place.missing {
            zh.push_str(&format!("表里没有{head}列，在{cell}写上这个列名。"));
            en.push_str(&format!(" The sheet has no column {head}; write that head into {cell}."));
            column = head;
        }
        Self {
            severity: Severity::Error,
            code,
            sheet: shortened(place.sheet),
            row: place.row.unwrap_or(0),
            column,
            letters,
            zh,
            en,
            suggestion: None,
        }
    }

    pub(crate) fn warning(code: Code, place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, zh, en) }
    }

    /// Adds the nearest of the known words, if one is near.
    pub(crate) fn near<'a>(mut self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        if let Some(word) = nearest(written, known) {
            self.zh.push_str(&format!("是不是“{word}”？"));
            self.en.push_str(&format!(" Did you mean '{word}'?"));
            self.suggestion = Some(word);
        }
        self
    }

    /// Says what to do where nothing was near.
    pub(crate) fn or(mut self, zh: &str, en: &str) -> Self {
        if self.suggestion.is_none() {
            self.zh.push_str(zh);
            self.en.push(' ');
            self.en.push_str(en);
        }
        self
    }

    /// Place and sentence in Chinese: `“survey”第5行B列（name）：…`.
    #[must_use]
    pub fn sentence_zh(&self) -> String {
        if self.sheet.is_empty() {
            return format!("工作簿：{}", self.zh);
        }
        let row = if self.row > 0 { format!("第{}行", self.row) } else { "表".to_owned() };
        let letters = if self.letters.is_empty() { String::new() } else { format!("{}列", self.letters) };
        let head = if self.column.is_empty() { String::new() } else { format!("（{}）", self.column) };
        format!("“{}”{row}{letters}{head}：{}", self.sheet, self.zh)
    }

    /// Place and sentence in English: `Sheet 'survey', row 5, column B (name): …`.
    #[must_use]
    pub fn sentence_en(&self) -> String {
        if self.sheet.is_empty() {
            return format!("Workbook: {}", self.en);
        }
        let row = if self.row > 0 { format!(", row {}", self.row) } else { String::new() };
        let letters =
            if self.letters.is_empty() { String::new() } else { format!(", column {}", self.letters) };
        let head = if self.column.is_empty() { String::new() } else { format!(" ({})", self.column) };
        format!("Sheet '{}'{row}{letters}{head}: {}", self.sheet, self.en)
    }
}

impl fmt::Display for Notice {
    /// Chinese first, English second, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sentence_zh(), self.sentence_en())
    }
}

impl std::error::Error for Notice {}

/// A text without its middle, where somebody wrote pages into a cell: how it begins and what to do stay.
fn shortened(text: String) -> String {
    const PART: usize = 500;
    if text.len() <= 3 * PART {
        return text;
    }
    let (first, last) = (text.floor_char_boundary(PART), text.ceil_char_boundary(text.len() - PART));
    format!("{}…{}", text.get(..first).unwrap_or_default(), text.get(last..).unwrap_or_default())
}

/// The known word with the fewest edits from the written one, if at most a third of it differs.
fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted: Vec<char> = written.to_lowercase().chars().take(100).collect();
    // Of two letters any would be near any other.
    let allowed = if wanted.len() < 3 { 0 } else { wanted.len() / 3 };
    let letters = |word: &[char]| word.iter().fold(0_u64, |set, c| set | 1 << (u32::from(*c) % 64));
    let (written_letters, changed) = (letters(&wanted), u32::try_from(allowed * 2).unwrap_or(u32::MAX));
    let (mut edits, mut lower) = (Edits::default(), Vec::new());
    let near = known.into_iter().filter_map(|word| {
        if word == written || word.len() > (wanted.len() + allowed) * 4 {
            return None;
        }
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        let far = lower.len().abs_diff(wanted.len()) > allowed;
        // An edit brings one letter in and takes one out.
        if far || (letters(&lower) ^ written_letters).count_ones() > changed {
            return None;
        }
        Some((edits.between(&wanted, &lower), word)).filter(|(distance, _)| *distance <= allowed)
    });
    near.min().map(|(_, word)| word.to_owned())
}

/// Letters added, left out, changed, or swapped with their neighbour: the last three rows of a table of one word's
/// letters by the other's.
#[derive(Default)]
struct Edits {
    before_last: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Edits {
    fn between(&mut self, a: &[char], b: &[char]) -> usize {
        self.before_last.clear();
        self.last.clear();
        self.last.extend(0..=b.len());
        let mut left_of_a = None;
        for (i, x) in a.iter().enumerate() {
            self.row.clear();
            self.row.push(i + 1);
            let mut left = i + 1;
            let mut left_of_b = None;
            let above = self.last.iter().skip(1);
            for (j, ((y, diagonal), above)) in b.iter().zip(&self.last).zip(above).enumerate() {
                left = (diagonal + usize::from(x != y)).min(above + 1).min(left + 1);
                if left_of_a == Some(y)
                    && left_of_b == Some(x)
                    && let Some(swapped) = j.checked_sub(1).and_then(|at| self.before_last.get(at))
                {
                    left = left.min(swapped + 1);
                }
                self.row.push(left);
                left_of_b = Some(y);
            }
            std::mem::swap(&mut self.before_last, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
            left_of_a = Some(x);
        }
        self.last.last().copied().unwrap_or(0)
    }
}
