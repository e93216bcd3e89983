//! What is wrong with a workbook, or worth knowing, and where: sheet, row, column.

use std::fmt;

/// Does it stop the conversion?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// There is no form until it is mended.
    Error,
    /// The form is made; this is worth a look.
    Warning,
}

/// One finding, in Chinese and English, at a place a form's author can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Error or warning.
    pub severity: Severity,
    /// The sheet's name as written.
    pub sheet: String,
    /// The row as Excel numbers it, from 1; 0 if it is about the whole sheet.
    pub row: u32,
    /// The column's header as written; empty if it is about the whole row.
    pub column: String,
    /// The sentence in Chinese.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
}

impl Notice {
    pub(crate) fn error(at: Place<'_>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Severity::Error, at, zh.into(), en.into())
    }

    pub(crate) fn warning(at: Place<'_>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Severity::Warning, at, zh.into(), en.into())
    }

    fn new(severity: Severity, at: Place<'_>, zh: String, en: String) -> Self {
        Self { severity, sheet: at.sheet.to_owned(), row: at.row, column: at.column.to_owned(), zh, en }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.sheet)?;
        if self.row > 0 {
            write!(f, " {}", self.row)?;
        }
        if !self.column.is_empty() {
            write!(f, " [{}]", self.column)?;
        }
        write!(f, ": {} / {}", self.zh, self.en)
    }
}

/// A place in a workbook.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) sheet: &'a str,
    pub(crate) row: u32,
    pub(crate) column: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn sheet(sheet: &'a str) -> Self {
        Self { sheet, row: 0, column: "" }
    }
}

/// The known word nearest to `word`, if it is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    // Two letters that changed places count as two edits.
    let limit = word.chars().count().div_ceil(2).clamp(1, 3);
    let near = known.into_iter().map(|k| (distance(&word, &k.to_lowercase()), k)).min_by_key(|(d, _)| *d)?;
    (near.0 <= limit).then_some(near.1)
}

/// `是不是“x”？` and `did you mean “x”?`, or nothing.
pub(crate) fn did_you_mean(near: Option<&str>) -> (String, String) {
    near.map_or_else(Default::default, |near| {
        (format!("是不是“{near}”？"), format!(" Did you mean “{near}”?"))
    })
}

/// Edits from one word to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (to, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}
