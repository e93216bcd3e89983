//! `${name}` into paths, exactly as pyxform writes them.
//!
//! Two questions below one repeat see each other by a relative path (` ../age `): an absolute one
//! would mean the first instance to some engines and the same instance to others.

use std::collections::HashMap;

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

/// Where the references of one text stand, asked in their order: what stands around them is looked at once.
pub(crate) struct Surroundings<'a> {
    text: &'a str,
    /// Does the text read a secondary instance?
    reads: bool,
    /// The pair of brackets that was found last, and from where the next is to be looked for.
    brackets: Option<(usize, usize)>,
    after_brackets: usize,
    /// The call of `indexed-repeat` that was found last, and at which argument each name stands in it.
    call: Option<(usize, usize)>,
    arguments: Option<HashMap<&'a str, usize>>,
    after_call: usize,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let reads = text.find("instance(").and_then(|at| text.get(at + "instance(".len()..));
        let reads = reads.is_some_and(|rest| !rest.starts_with(')') && rest.chars().nth(1).is_some());
        Self { text, reads, brackets: None, after_brackets: 0, call: None, arguments: None, after_call: 0 }
    }

    fn find(&self, from: usize, what: &str) -> Option<usize> {
        Some(from + self.text.get(from..)?.find(what)?)
    }

    /// Does the reference stand between brackets of a text that reads a secondary instance?
    fn in_instance_predicate(&mut self, found: &Found<'_>) -> bool {
        while self.reads {
            let Some((open, close)) = self.brackets.or_else(|| self.next_brackets()) else {
                self.reads = false;
                return false;
            };
            self.brackets = Some((open, close));
            if found.start < open {
                return false;
            }
            if found.end <= close + 1 {
                return true;
            }
            (self.brackets, self.after_brackets) = (None, close + 1);
        }
        false
    }

    /// The next brackets with something between them.
    fn next_brackets(&mut self) -> Option<(usize, usize)> {
        loop {
            let open = self.find(self.after_brackets, "[")?;
            let close = self.find(open, "]")?;
            if close > open + 1 {
                return Some((open, close));
            }
            self.after_brackets = open + 1;
        }
    }

    /// `indexed-repeat(node, repeat, index, …)` wants absolute paths for nodes and repeats and relative ones for
    /// indexes.
    fn may_be_relative(&mut self, found: &Found<'_>) -> bool {
        const CALL: &str = "indexed-repeat(";
        loop {
            let call = self.call.or_else(|| {
                let start = self.find(self.after_call, CALL)?;
                Some((start, self.find(start, ")")? + 1))
            });
            let Some((start, end)) = call else {
                self.after_call = self.text.len();
                return true;
            };
            self.call = call;
            if found.end < start {
                return true;
            }
            if found.start <= end && found.end <= end {
                let inside = self.text.get(start + CALL.len()..end.saturating_sub(1)).unwrap_or_default();
                let arguments = self.arguments.get_or_insert_with(|| arguments(inside));
                let at = arguments.get(found.reference.name);
                return at.is_some_and(|at| ![0, 1, 3, 5].contains(at));
            }
            (self.call, self.arguments, self.after_call) = (None, None, end);
        }
    }
}

/// At which argument each name stands; of several the last counts.
fn arguments(inside: &str) -> HashMap<&str, usize> {
    let of = |(at, argument)| {
        let plain = references(argument).filter(|found| !found.reference.last_saved);
        plain.map(move |found| (found.reference.name, at))
    };
    inside.split(',').enumerate().flat_map(of).collect()
}

/// Replaces all references of a text. Unknown names stay as written: they were reported before.
pub(crate) fn insert_paths(tree: &Tree, text: &str, context: Option<Id>, style: Style) -> String {
    let mut out = String::with_capacity(text.len());
    each_piece(tree, text, context, style, |piece| out.push_str(piece));
    out
}

/// The pieces of a text whose references are replaced.
pub(crate) fn each_piece(
    tree: &Tree,
    text: &str,
    context: Option<Id>,
    style: Style,
    mut each: impl FnMut(&str),
) {
    let mut around = Surroundings::of(text);
    let mut last = 0;
    for found in references(text) {
        if tree.is_full() {
            break;
        }
        each(text.get(last..found.start).unwrap_or_default());
        match path_of(tree, &mut around, &found, context, style) {
            Some(path) => each(&path),
            None => each(text.get(found.start..found.end).unwrap_or_default()),
        }
        last = found.end;
    }
    each(text.get(last..).unwrap_or_default());
}

/// The path of one reference, with the blanks that pyxform puts around it.
pub(crate) fn path_of(
    tree: &Tree,
    around: &mut Surroundings<'_>,
    found: &Found<'_>,
    context: Option<Id>,
    style: Style,
) -> Option<String> {
    let target = tree.named(found.reference.name)??;
    if let Some(context) = context
        && !found.reference.last_saved
        && around.may_be_relative(found)
    {
        let current = around.in_instance_predicate(found) || style.current;
        if let Some(path) = relative(tree, context, target, current, style.to_parent) {
            tree.spend(path.len());
            return Some(path);
        }
    }
    let instance = if found.reference.last_saved { "instance('__last-saved')" } else { "" };
    let path = format!(" {instance}{} ", tree.path(target));
    tree.spend(path.len());
    Some(path)
}

/// The path from `context` to `target` if both stand below one repeat.
fn relative(tree: &Tree, context: Id, target: Id, current: bool, to_parent: bool) -> Option<String> {
    let (repeat_steps, repeat) = common(tree, context, target, |kind| kind == Kind::Repeat)?;
    let (steps, path) = if to_parent && parent_fits(tree, context, target, repeat) {
        let above = tree.parent(repeat)?;
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
fn common(tree: &Tree, a: Id, b: Id, fits: impl Fn(Kind) -> bool) -> Option<(usize, Id)> {
    let others: Vec<Id> = tree.ancestors(b).collect();
    tree.ancestors(a)
        .enumerate()
        .find(|(_, up)| fits(tree.kind(*up)) && others.contains(up))
        .map(|(steps, up)| (steps + 1, up))
}

/// The path from an ancestor down to an element, beginning with a slash.
fn below(tree: &Tree, id: Id, ancestor: Id) -> String {
    let path = tree.path(id);
    path.strip_prefix(tree.path(ancestor).as_str()).unwrap_or(&path).to_owned()
}
