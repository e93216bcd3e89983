//! Patterns of `regex()` as Collect's and Web Forms' engines read them, in linear time.

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
pub(super) struct Pattern {
    whole: Regex,
    /// What the text must, or must not, begin with: lookaheads at the pattern's beginning.
    ahead: Vec<(bool, Regex)>,
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
                Err(Error::CompiledTooBig(_)) => {}
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
    matches!(Pattern::of(pattern, SMALL), Ok(_) | Err(Error::CompiledTooBig(_)))
}

impl Pattern {
    fn of(pattern: &str, size: usize) -> Result<Pattern, Error> {
        let build = |pattern: &str| RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(size).build();
        let mut rest = pattern.strip_prefix('^').unwrap_or(pattern);
        let mut ahead = Vec::new();
        while let Some((wanted, inner, after)) = lookahead(rest) {
            ahead.push((wanted, build(&format!("^(?:{})", narrow(inner)))?));
            rest = after;
        }
        // What looks ahead does so in its own branch only.
        let branches = !ahead.is_empty() && branches(rest);
        // By itself first: what closes a bracket of ours must not pass for a pattern.
        let rest = narrow(if branches { pattern } else { rest });
        build(&rest)?;
        Ok(Pattern { whole: build(&format!("^(?:{rest})$"))?, ahead })
    }

    pub(super) fn takes(&self, text: &str) -> bool {
        let begins = |(wanted, ahead): &(bool, Regex)| ahead.is_match(text) == *wanted;
        self.ahead.iter().all(begins) && self.whole.is_match(text)
    }
}

/// Steps of a pattern: where each begins, how many brackets are open around it, whether it is in a class.
fn steps(pattern: &str) -> impl Iterator<Item = (usize, char, usize, bool)> {
    let (mut depth, mut class, mut escaped) = (0usize, 0usize, false);
    pattern.char_indices().filter_map(move |(at, c)| {
        if escaped {
            escaped = false;
            return None;
        }
        match c {
            '\\' => escaped = true,
            '[' => class += 1,
            ']' => class = class.saturating_sub(1),
            '(' if class == 0 => depth += 1,
            ')' if class == 0 => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, c, depth, class > 0))
    })
}

/// A lookahead that a pattern begins with: whether it is wanted, what is in it, what follows.
fn lookahead(pattern: &str) -> Option<(bool, &str, &str)> {
    let wanted = pattern.starts_with("(?=");
    if !wanted && !pattern.starts_with("(?!") {
        return None;
    }
    let (end, ..) = steps(pattern).find(|(_, c, depth, class)| *c == ')' && *depth == 0 && !class)?;
    Some((wanted, pattern.get(3..end)?, pattern.get(end + 1..)?))
}

fn branches(pattern: &str) -> bool {
    steps(pattern).any(|(_, c, depth, class)| c == '|' && depth == 0 && !class)
}

/// `\d`, `\w`, `\s` of ASCII only, as both peers have them.
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
