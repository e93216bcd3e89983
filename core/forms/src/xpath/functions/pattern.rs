//! Patterns of `regex()` as Collect's and Web Forms' engines read them: in linear time, but for what linear time does
//! not have.

mod backtracking;

use foldhash::HashMap;
use regex::{Error, Regex, RegexBuilder};
use std::cell::RefCell;
use std::rc::Rc;

/// What a pattern compiled may hold, in bytes: the first that is enough.
const SIZES: [usize; 3] = [1 << 16, 1 << 20, 8 << 20];
/// What all that are known may hold together.
const KNOWN: usize = 16 << 20;

/// A pattern that a whole text is held against.
#[derive(Debug)]
pub(super) enum Pattern {
    /// In linear time.
    Linear(Regex),
    /// With lookarounds, atomic groups or back references.
    Backtracking(Box<fancy_regex::Regex>),
}

/// Why a pattern is none.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    TooLarge,
    Unclear,
}

#[derive(Default)]
struct Known {
    patterns: HashMap<String, Option<Rc<Pattern>>>,
    held: usize,
}

thread_local! {
    /// Patterns already compiled: constraints run at every view.
    static KNOWN_PATTERNS: RefCell<Known> = RefCell::default();
}

/// A pattern, compiled once. None for one that cannot be read or is too large, and where `effort`, which is told how
/// much it takes, does not allow it.
pub(super) fn known(pattern: &str, effort: impl Fn(usize) -> bool) -> Option<Rc<Pattern>> {
    KNOWN_PATTERNS.with_borrow_mut(|known| {
        if let Some(found) = known.patterns.get(pattern) {
            return found.clone();
        }
        if !effort(pattern.len()) {
            return None;
        }
        let mut made = None;
        let mut held = pattern.len();
        for size in SIZES {
            held = size;
            // Each is tried, so that all of them count.
            if !effort(size / 16) {
                return None;
            }
            match Pattern::of(pattern, size) {
                Err(Unread::TooLarge) => {}
                other => {
                    made = other.ok().map(Rc::new);
                    break;
                }
            }
        }
        if known.held + held > KNOWN {
            *known = Known::default();
        }
        known.held += held;
        known.patterns.insert(pattern.to_owned(), made.clone());
        made
    })
}

/// Whether a pattern can be read at all, however large it is.
pub(crate) fn is_readable(pattern: &str) -> bool {
    const SMALL: usize = 1 << 12;
    !matches!(Pattern::of(pattern, SMALL), Err(Unread::Unclear))
}

impl Pattern {
    fn of(pattern: &str, size: usize) -> Result<Pattern, Unread> {
        let pattern = narrow(pattern);
        let whole = format!("^(?:{pattern})$");
        let linear = |pattern| RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(size).build();
        // By itself first: what closes a bracket of ours must not pass for a pattern.
        match linear(&pattern).and_then(|_| linear(&whole)) {
            Ok(found) => return Ok(Pattern::Linear(found)),
            Err(Error::CompiledTooBig(_)) => return Err(Unread::TooLarge),
            Err(_) => {}
        }
        backtracking::compiled(&pattern, size)?;
        Ok(Pattern::Backtracking(Box::new(backtracking::compiled(&whole, size)?)))
    }

    /// Whether it matches the whole text. `effort` is told how much more that takes than reading the text once.
    pub(super) fn takes(&self, text: &str, effort: impl Fn(usize) -> bool) -> bool {
        match self {
            Pattern::Linear(found) => found.is_match(text),
            Pattern::Backtracking(found) => {
                effort(backtracking::effort(text))
                    && found.is_match(text).unwrap_or_else(|_| {
                        // To whoever waits, what goes back too often is what may not be tried.
                        effort(usize::MAX);
                        false
                    })
            }
        }
    }
}

/// `\d`, `\w`, `\s` of ASCII only, as both peers have them; `\h` as Collect has it.
fn narrow(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[A-Za-z0-9_]"),
            Some('W') => out.push_str("[^A-Za-z0-9_]"),
            Some('s') => out.push_str(r"[ \t\n\x0B\f\r]"),
            Some('S') => out.push_str(r"[^ \t\n\x0B\f\r]"),
            Some('h') => {
                out.push_str(r"[ \t\u{a0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}]")
            }
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
