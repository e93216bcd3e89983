//! What is said about a workbook, as it is met: each once, and no more than an author reads.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::Limits;
use crate::error::{Code, Notice, Place, Severity};

/// Words that are looked at, in all, for what was probably meant.
const GUESSES: usize = 100_000;

/// Notices in the order they were met.
#[derive(Debug)]
pub(crate) struct Notices {
    kept: Vec<Notice>,
    /// Errors and warnings each.
    most: usize,
    errors: usize,
    warnings: usize,
    /// What was said already, by its hash.
    told: HashSet<u64>,
    /// How many were left out.
    more: usize,
    guesses: usize,
}

impl Notices {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            kept: Vec::new(),
            most: limits.errors,
            errors: 0,
            warnings: 0,
            told: HashSet::new(),
            more: 0,
            guesses: GUESSES,
        }
    }

    /// Adds what was not said before. Of errors and of warnings so many are kept as the limit says; of limits that
    /// were passed, all.
    pub(crate) fn push(&mut self, notice: Notice) {
        let mut hasher = DefaultHasher::new();
        notice.hash(&mut hasher);
        if !self.told.insert(hasher.finish()) {
            return;
        }
        let count = match notice.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= self.most || notice.code == Code::TooLarge {
            self.kept.push(notice);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn extend(&mut self, notices: impl IntoIterator<Item = Notice>) {
        notices.into_iter().for_each(|notice| self.push(notice));
    }

    /// Adds a notice with the nearest of the known words, if one is near, and with what to do if none is. After very
    /// many words were looked at nothing is guessed any more.
    pub(crate) fn guess<'a>(
        &mut self,
        notice: Notice,
        written: &str,
        known: impl IntoIterator<Item = &'a str>,
        or: (&str, &str),
    ) {
        let mut notice = notice;
        let known = known.into_iter();
        // What is filtered out is looked at, too.
        let most = known.size_hint().1.unwrap_or(0);
        if most <= self.guesses {
            self.guesses -= most;
            notice = notice.near(written, known);
        }
        self.push(if or.0.is_empty() { notice } else { notice.or(or.0, or.1) });
    }

    /// How many errors there were.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// All of them; the last says how many are not among them.
    pub(crate) fn into_vec(mut self) -> Vec<Notice> {
        if self.more > 0 {
            let more = self.more;
            self.kept.push(Notice::warning(
                Code::More,
                Place::workbook(),
                format!("另有{more}条没有列出。先改前面的。"),
                format!("{more} more are not listed. Mend these first."),
            ));
        }
        self.kept
    }
}
