//! Texts that show values: `${question}`, and `instance('list')/root/item[…]/label`.

use super::Form;
use super::xml::Node;
use crate::expression::{Found, references};
use crate::names::is_name_char;
use crate::references::{Style, insert_paths, path_of};
use crate::tree::Id;

/// What ends a path within a sentence, though XML allows most of it in names.
const PUNCTUATION: &str = "、。，！？；：）」』》〉】";

/// A place of a text that shows a value.
enum Shown<'a> {
    Reference(Found<'a>),
    /// From where to where a path into a secondary instance stands.
    Path(usize, usize),
}

/// Text whose references and paths become `<output>`.
pub(super) fn rich_text(form: &Form<'_>, mut node: Node, text: &str, context: Option<Id>) -> Node {
    let shown = if text == "-" { Vec::new() } else { shown(text) };
    let mut last = 0;
    for one in &shown {
        if form.tree.is_full() {
            break;
        }
        let (start, end, value) = match one {
            Shown::Reference(found) => {
                (found.start, found.end, path_of(form.tree, text, found, context, Style::default()))
            }
            Shown::Path(start, end) => {
                let path = text.get(*start..*end).unwrap_or_default();
                (*start, *end, Some(insert_paths(form.tree, path, context, Style::default())))
            }
        };
        node.text(text.get(last..start).unwrap_or_default());
        let mut output = Node::new("output");
        if let Some(value) = value {
            output.set("value", value);
        }
        node.push(output);
        last = end;
    }
    node.text(text.get(last..).unwrap_or_default());
    node
}

fn shown(text: &str) -> Vec<Shown<'_>> {
    let paths = paths(text);
    let within =
        |found: &Found<'_>| paths.iter().any(|(start, end)| found.start >= *start && found.end <= *end);
    let mut all: Vec<(usize, Shown<'_>)> = references(text)
        .into_iter()
        .filter(|found| !within(found))
        .map(|found| (found.start, Shown::Reference(found)))
        .collect();
    all.extend(paths.iter().map(|(start, end)| (*start, Shown::Path(*start, *end))));
    all.sort_by_key(|(start, _)| *start);
    all.into_iter().map(|(_, shown)| shown).collect()
}

/// Where `instance(…)/…` stands: to the first blank or mark outside its predicates.
fn paths(text: &str) -> Vec<(usize, usize)> {
    const CALL: &str = "instance(";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(CALL)).map(|at| from + at) {
        from = start + CALL.len();
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| is_name_char(c) && c.is_ascii() || c == ':') {
            continue;
        }
        let length = text.get(from..).and_then(rest_of_path);
        if let Some(length) = length {
            found.push((start, from + length));
            from += length;
        }
    }
    found
}

/// How long `'list')/root/item[…]/label` is, if the text begins so.
fn rest_of_path(text: &str) -> Option<usize> {
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
    // The full stop of a sentence is not the end of a name.
    let whole = text.get(..end)?.trim_end_matches('.');
    (depth == 0 && string.is_none()).then_some(whole.len())
}

fn ends_path(c: char) -> bool {
    !(is_name_char(c) || matches!(c, '/' | '@' | '*' | ':')) || PUNCTUATION.contains(c)
}

#[cfg(test)]
mod tests;
