//! `${name}` into paths, exactly as pyxform writes them.
//!
//! Two questions below one repeat see each other by a relative path (` ../age `): an absolute one
//! would mean the first instance to some engines and the same instance to others.

use crate::expression::{Found, references};
use crate::tree::{Id, Kind, Tree};

/// How a reference is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// Relative paths begin at `current()`: the text stands in a predicate.
    pub(crate) current: bool,
    /// The path goes to the repeat's parent, so that a predicate may follow the repeat.
    pub(crate) to_parent: bool,
}

/// Replaces all references of a text. Unknown names stay as written: they were reported before.
pub(crate) fn insert_paths(tree: &Tree, text: &str, context: Option<Id>, style: Style) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = 0;
    for found in references(text) {
        if tree.is_full() {
            break;
        }
        out.push_str(text.get(last..found.start).unwrap_or_default());
        match path_of(tree, text, &found, context, style) {
            Some(path) => out.push_str(&path),
            None => out.push_str(text.get(found.start..found.end).unwrap_or_default()),
        }
        last = found.end;
    }
    out.push_str(text.get(last..).unwrap_or_default());
    out
}

/// The path of one reference, with the blanks that pyxform puts around it.
pub(crate) fn path_of(
    tree: &Tree,
    text: &str,
    found: &Found<'_>,
    context: Option<Id>,
    style: Style,
) -> Option<String> {
    let target = tree.named(found.reference.name)??;
    if let Some(context) = context
        && !found.reference.last_saved
        && may_be_relative(text, found)
    {
        let current = style.current || in_instance_predicate(text, found);
        if let Some(path) = relative(tree, context, target, current, style.to_parent) {
            tree.spend(path.len());
            return Some(path);
        }
    }
    let instance = if found.reference.last_saved { "instance('__last-saved')" } else { "" };
    let path = format!(" {instance}{} ", tree.at(target).path);
    tree.spend(path.len());
    Some(path)
}

/// The path from `context` to `target` if both stand below one repeat.
fn relative(tree: &Tree, context: Id, target: Id, current: bool, to_parent: bool) -> Option<String> {
    let (repeat_steps, repeat) = common(tree, context, target, |kind| *kind == Kind::Repeat)?;
    let (steps, path) = if to_parent && parent_fits(tree, context, target, repeat) {
        let above = tree.at(repeat).parent?;
        (repeat_steps + 1, below(tree, target, above))
    } else {
        let (steps, ancestor) =
            common(tree, context, target, |kind| matches!(kind, Kind::Group | Kind::Repeat))?;
        (steps, below(tree, target, ancestor))
    };
    let prefix = if current { " current()/" } else { " " };
    Some(format!("{prefix}{}{path} ", vec![".."; steps].join("/")))
}

/// Does a reference to the repeat's parent make sense here? Only if the target is not in a repeat
/// nested below the common one, and the common one is outermost or the source is nested deeper.
fn parent_fits(tree: &Tree, context: Id, target: Id, repeat: Id) -> bool {
    let outermost = tree.repeat_above(repeat).is_none();
    tree.repeat_above(target) == Some(repeat) && (outermost || tree.repeat_above(context) != Some(repeat))
}

/// The lowest common ancestor of a kind, and the steps up to it from `a`.
fn common(tree: &Tree, a: Id, b: Id, fits: impl Fn(&Kind) -> bool) -> Option<(usize, Id)> {
    let others: Vec<Id> = tree.ancestors(b).collect();
    tree.ancestors(a)
        .enumerate()
        .find(|(_, up)| fits(&tree.at(*up).kind) && others.contains(up))
        .map(|(steps, up)| (steps + 1, up))
}

/// The path from an ancestor down to an element, beginning with a slash.
fn below(tree: &Tree, id: Id, ancestor: Id) -> String {
    let path = &tree.at(id).path;
    path.strip_prefix(tree.at(ancestor).path.as_str()).unwrap_or(path).to_owned()
}

/// Does the reference stand between brackets of a text that reads a secondary instance?
fn in_instance_predicate(text: &str, found: &Found<'_>) -> bool {
    let reads = text.find("instance(").and_then(|at| text.get(at + "instance(".len()..));
    if !reads.is_some_and(|rest| !rest.starts_with(')') && rest.chars().nth(1).is_some()) {
        return false;
    }
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('[')).map(|at| from + at) {
        let Some(close) = text.get(open..).and_then(|rest| rest.find(']')).map(|at| open + at) else {
            return false;
        };
        if close == open + 1 {
            from = open + 1;
            continue;
        }
        if found.start >= open && found.end <= close + 1 {
            return true;
        }
        from = close + 1;
    }
    false
}

/// `indexed-repeat(node, repeat, index, …)` wants absolute paths for nodes and repeats and relative
/// ones for indexes.
fn may_be_relative(text: &str, found: &Found<'_>) -> bool {
    const CALL: &str = "indexed-repeat(";
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(CALL)).map(|at| from + at) {
        let Some(end) = text.get(start..).and_then(|rest| rest.find(')')).map(|at| start + at + 1) else {
            return true;
        };
        if found.end < start {
            return true;
        }
        if found.start <= end && found.end <= end {
            let inside = text.get(start + CALL.len()..end.saturating_sub(1)).unwrap_or_default();
            let argument = format!("${{{}}}", found.reference.name);
            let position = inside.split(',').enumerate().filter(|(_, a)| a.contains(&argument)).last();
            return position.is_some_and(|(at, _)| ![0, 1, 3, 5].contains(&at));
        }
        from = end;
    }
    true
}
