//! `${name}`: what it becomes in an expression, in a choice filter, in a label.
//!
//! The rules are pyxform 4.5.0's: a reference within a common repeat is relative (` ../age `), or else a form that
//! works on this instance would read the first one; everything else is absolute.

use crate::notice::{Notice, did_you_mean, nearest};
use crate::survey::{NodeId, Tree};
use crate::types::Kind;

/// How a relative reference begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// `../age`
    Here,
    /// `current()/../age`: inside a predicate over other nodes.
    Current,
}

/// A text in pieces: as written, or a reference by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Reference(&'a str),
}

/// Takes a text apart at its `${…}`. Anything that is not a whole reference stays text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else { break };
        if !before.is_empty() {
            out.push(Piece::Text(before));
        }
        out.push(Piece::Reference(name.trim()));
        rest = tail;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// Why a reference leads nowhere, in both languages.
pub(crate) type Astray = (String, String);

/// What the reference becomes at `context`.
pub(crate) fn resolve(
    tree: &Tree,
    name: &str,
    context: Option<NodeId>,
    start: Start,
) -> Result<String, Astray> {
    if let Some(saved) = name.strip_prefix("last-saved#") {
        return Err((
            format!("暂不支持${{last-saved#{saved}}}"),
            format!("${{last-saved#{saved}}} is not supported yet"),
        ));
    }
    let target = match tree.by_name.get(name).map(Vec::as_slice) {
        Some([one]) => *one,
        Some(_) => {
            return Err((
                format!("“{name}”不止一处，${{{name}}}指哪一个不明确，请改名"),
                format!("There is more than one “{name}”, so ${{{name}}} is not clear; rename one"),
            ));
        }
        None => {
            let (zh, en) = did_you_mean(nearest(name, tree.by_name.keys().map(String::as_str)));
            return Err((
                format!("没有名为“{name}”的题目。{zh}"),
                format!("There is no question “{name}”.{en}"),
            ));
        }
    };
    Ok(context
        .and_then(|context| relative(tree, context, target, start))
        .unwrap_or_else(|| format!(" {} ", tree.path(target))))
}

/// The relative path, if both stand within one repeat.
fn relative(tree: &Tree, context: NodeId, target: NodeId, start: Start) -> Option<String> {
    let (from, to) = (tree.line(context), tree.line(target));
    // Only ancestors count: a repeat is not within itself.
    let shared: Vec<NodeId> = from
        .iter()
        .take(from.len().saturating_sub(1))
        .zip(to.iter().take(to.len().saturating_sub(1)))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| *a)
        .collect();
    let within_repeat = shared.iter().any(|id| tree.node(*id).is_some_and(|n| n.kind == Kind::Repeat));
    if !within_repeat {
        return None;
    }
    let steps = from.len().checked_sub(shared.len())?;
    let down: String = to
        .iter()
        .skip(shared.len())
        .filter_map(|id| tree.node(*id))
        .map(|n| format!("/{}", n.name))
        .collect();
    let up = vec![".."; steps].join("/");
    let prefix = if start == Start::Current { "current()/" } else { "" };
    Some(format!(" {prefix}{up}{down} "))
}

/// An expression with every reference replaced.
///
/// References inside the predicate of `instance(…)` begin at `current()`.
pub(crate) fn expression(
    tree: &Tree,
    text: &str,
    context: Option<NodeId>,
    start: Start,
    astray: &mut Vec<Astray>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let over_instance = text.contains("instance(");
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => {
                for c in text.chars() {
                    match c {
                        '[' => depth += 1,
                        ']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                out.push_str(text);
            }
            Piece::Reference(name) => {
                let start = if over_instance && depth > 0 { Start::Current } else { start };
                match resolve(tree, name, context, start) {
                    Ok(path) => out.push_str(&path),
                    Err(why) => astray.push(why),
                }
            }
        }
    }
    out
}

/// The errors of a cell, at its place.
pub(crate) fn report(astray: Vec<Astray>, at: crate::notice::Place<'_>, notices: &mut Vec<Notice>) {
    notices.extend(astray.into_iter().map(|(zh, en)| Notice::error(at, zh, en)));
}
