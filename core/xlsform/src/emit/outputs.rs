//! Texts that show values: `${question}`, and `instance('list')/root/item[…]/label`.

use crate::expression::{Found, references};
use crate::names::is_name_char;
use crate::references::{Style, Surroundings, insert_paths, path_of};
use crate::tree::{Id, Tree};

/// What ends a path within a sentence, though XML allows most of it in names.
const PUNCTUATION: &str = "、。，！？；：）」』》〉】";

/// Bytes of a path within a text; what is longer stays text.
const LONGEST: usize = 1000;

/// A place of a text that shows a value.
enum Shown<'a> {
    Reference(Found<'a>),
    /// From where to where a path into a secondary instance stands.
    Path(usize, usize),
}

impl Shown<'_> {
    fn span(&self) -> (usize, usize) {
        match self {
            Self::Reference(found) => (found.start, found.end),
            Self::Path(start, end) => (*start, *end),
        }
    }
}

/// Does anything stand in the text beside the values that it shows?
pub(super) fn is_mixed(text: &str) -> bool {
    let mut last = 0;
    let between = shown(text).any(|one| {
        let (start, end) = one.span();
        let gap = start > last;
        last = end;
        gap
    });
    between || last < text.len()
}

/// The plain pieces of a text, each with the value that follows it: none after the last piece, none within where it
/// names nothing. Ends where the callee says false.
pub(super) fn each(
    tree: &Tree,
    text: &str,
    context: Option<Id>,
    mut piece: impl FnMut(&str, Option<Option<String>>) -> bool,
) {
    let mut around = Surroundings::of(text);
    let mut last = 0;
    for one in shown(text) {
        let (start, end) = one.span();
        let value = match &one {
            Shown::Reference(found) => path_of(tree, &mut around, found, context, Style::default()),
            Shown::Path(start, end) => {
                let path = text.get(*start..*end).unwrap_or_default();
                Some(insert_paths(tree, path, context, Style::default()))
            }
        };
        if !piece(text.get(last..start).unwrap_or_default(), Some(value)) {
            return;
        }
        last = end;
    }
    piece(text.get(last..).unwrap_or_default(), None);
}

/// The places that show a value, in order. References within a path belong to it.
fn shown(text: &str) -> impl Iterator<Item = Shown<'_>> {
    let text = if text == "-" { "" } else { text };
    let (mut found, mut paths) = (references(text).peekable(), paths(text).peekable());
    std::iter::from_fn(move || {
        let first = paths.peek().map_or(usize::MAX, |(start, _)| *start);
        if let Some(found) = found.next_if(|found| found.start < first) {
            return Some(Shown::Reference(found));
        }
        let (start, end) = paths.next()?;
        while found.next_if(|found| found.end <= end).is_some() {}
        Some(Shown::Path(start, end))
    })
}

/// Where `instance(…)/…` stands: to the first blank or mark outside its predicates.
fn paths(text: &str) -> impl Iterator<Item = (usize, usize)> {
    const CALL: &str = "instance(";
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(start) = text.get(from..).and_then(|rest| rest.find(CALL)).map(|at| from + at) {
            from = start + CALL.len();
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            if before.is_some_and(|c| is_name_char(c) && c.is_ascii() || c == ':') {
                continue;
            }
            if let Some(length) = text.get(from..).and_then(rest_of_path) {
                from += length;
                return Some((start, from));
            }
        }
        from = text.len();
        None
    })
}

/// How long `'list')/root/item[…]/label` is, if the text begins so.
fn rest_of_path(text: &str) -> Option<usize> {
    let whole_text = text.len() <= LONGEST;
    let text = text.get(..text.floor_char_boundary(LONGEST))?;
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let close = text.get(1..)?.find(quote)? + 2;
    let path = text.get(close..)?.strip_prefix(")/")?;
    let start = text.len() - path.len();
    let mut depth = 0_usize;
    let mut string = None;
    let mut end = text.len();
    for (at, c) in path.char_indices() {
        match (string, c) {
            (Some(open), c) if c == open => string = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if depth > 0 => string = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth > 0 => depth -= 1,
            (None, c) if depth == 0 && ends_path(c) => {
                end = start + at;
                break;
            }
            _ => {}
        }
    }
    if end == text.len() && !whole_text {
        return None;
    }
    // The full stop of a sentence is not the end of a name.
    let whole = text.get(..end)?.trim_end_matches('.');
    (depth == 0 && string.is_none()).then_some(whole.len())
}

fn ends_path(c: char) -> bool {
    !(is_name_char(c) || matches!(c, '/' | '@' | '*' | ':')) || PUNCTUATION.contains(c)
}

#[cfg(test)]
mod tests;
