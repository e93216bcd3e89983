//! Reading expressions as far as a converter must: is a default computed, where do references stand.

use crate::names::{is_name_char, is_name_start};

/// A piece of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// `*`, `+`, `-`, ` mod `, ` div `.
    Math(char),
    /// `|`.
    Union,
    /// `${…}`.
    Reference,
    /// A name and its opening parenthesis.
    Call,
    /// Anything else.
    Other,
}

/// Is this default computed when the form opens, rather than written into it? By pyxform's rule: it
/// holds arithmetic, a union, a call or a reference, save that dates and positions may hold a hyphen.
pub(crate) fn is_dynamic_default(default: &str, kind: &str) -> bool {
    let hyphen_is_plain = matches!(kind, "date" | "dateTime" | "geopoint" | "geotrace" | "geoshape");
    let mut rest = default;
    while let Some((token, after)) = next_token(rest) {
        if hyphen_is_plain && token == Token::Math('-') {
            return false;
        }
        if matches!(token, Token::Math(_) | Token::Union | Token::Reference | Token::Call) {
            return true;
        }
        rest = after;
    }
    false
}

/// The first piece and what follows it. The order of the attempts is pyxform's.
fn next_token(text: &str) -> Option<(Token, &str)> {
    let first = text.chars().next()?;
    if let Some(after) = date_or_time(text).or_else(|| number(text)) {
        return Some((Token::Other, after));
    }
    if matches!(first, '*' | '+' | '-') {
        return Some((Token::Math(first), text.strip_prefix(first)?));
    }
    for word in [" mod ", " div "] {
        if let Some(after) = text.strip_prefix(word) {
            return Some((Token::Math('/'), after));
        }
    }
    if let Some(after) = text.strip_prefix('|') {
        return Some((Token::Union, after));
    }
    if matches!(first, '"' | '\'')
        && let Some(after) = text.strip_prefix(first)
        && let Some((_, after)) = after.split_once(first)
    {
        return Some((Token::Other, after));
    }
    if let Some((_, after)) = reference(text) {
        return Some((Token::Reference, after));
    }
    if is_name_start(first) {
        let after = name(text)?;
        let after = after.strip_prefix(':').and_then(name).unwrap_or(after);
        return Some(match after.strip_prefix('(') {
            Some(after) => (Token::Call, after),
            None => (Token::Other, after),
        });
    }
    Some((Token::Other, text.strip_prefix(first)?))
}

/// What follows the name that the text begins with.
fn name(text: &str) -> Option<&str> {
    let after = text.strip_prefix(is_name_start)?;
    Some(after.trim_start_matches(is_name_char))
}

fn digits(text: &str, count: usize) -> Option<&str> {
    (0..count).try_fold(text, |rest, _| rest.strip_prefix(|c: char| c.is_ascii_digit()))
}

fn date_or_time(text: &str) -> Option<&str> {
    let time = |text| {
        let rest = digits(digits(digits(text, 2)?.strip_prefix(':')?, 2)?.strip_prefix(':')?, 2)?;
        let zone = |rest: &'_ str| {
            let rest = rest.strip_prefix(['+', '-'])?;
            digits(digits(rest, 2)?.strip_prefix(':')?, 2).map(str::len)
        };
        let keep = zone(rest).or_else(|| rest.strip_prefix('Z').map(str::len));
        Some(keep.and_then(|left| rest.get(rest.len() - left..)).unwrap_or(rest))
    };
    let date = |text: &'_ str| {
        let text = text.strip_prefix('-').unwrap_or(text);
        digits(digits(digits(text, 4)?.strip_prefix('-')?, 2)?.strip_prefix('-')?, 2).map(str::len)
    };
    if let Some(rest) = date(text).and_then(|left| text.get(text.len() - left..)) {
        return Some(rest.strip_prefix('T').and_then(time).unwrap_or(rest));
    }
    time(text)
}

fn number(text: &str) -> Option<&str> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let whole = body.trim_start_matches(|c: char| c.is_ascii_digit());
    if whole.len() < body.len() {
        let after = whole.strip_prefix('.').unwrap_or(whole);
        return Some(if after.len() < whole.len() {
            after.trim_start_matches(|c: char| c.is_ascii_digit())
        } else {
            whole
        });
    }
    let fraction = body.strip_prefix('.')?;
    let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    (after.len() < fraction.len()).then_some(after)
}

/// A `${…}`: the question's name, and whether the last saved record is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub(crate) name: &'a str,
    pub(crate) last_saved: bool,
}

/// The reference that the text begins with, and what follows it.
pub(crate) fn reference(text: &str) -> Option<(Reference<'_>, &str)> {
    let inner = text.strip_prefix("${")?;
    let (body, last_saved) = match inner.strip_prefix("last-saved#") {
        Some(body) => (body, true),
        None => (inner, false),
    };
    let after = name(body)?;
    let name = body.get(..body.len() - after.len())?;
    Some((Reference { name, last_saved }, after.strip_prefix('}')?))
}

/// A reference in a text: where it begins and ends, and what it names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) reference: Reference<'a>,
}

/// All well-formed references of a text, in order.
pub(crate) fn references(text: &str) -> impl Iterator<Item = Found<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(offset) = text.get(at..).and_then(|rest| rest.find("${")) {
            let start = at + offset;
            match text.get(start..).and_then(reference) {
                Some((reference, after)) => {
                    at = text.len() - after.len();
                    return Some(Found { start, end: at, reference });
                }
                None => at = start + 2,
            }
        }
        at = text.len();
        None
    })
}

/// The first `${` that is not a well-formed reference, as written.
pub(crate) fn malformed(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let here = rest.get(at..)?;
        match reference(here) {
            Some((_, after)) => rest = after,
            None => {
                let end = here.find('}').map_or(here.len(), |end| end + 1);
                return here.get(..end);
            }
        }
    }
    None
}

/// Is the text one reference and nothing else?
pub(crate) fn is_reference(text: &str) -> bool {
    reference(text).is_some_and(|(_, after)| after.is_empty())
}
