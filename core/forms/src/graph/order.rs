//! Which expression is evaluated after which.

use super::Edges;
use crate::error::FormError;
use crate::form::{DefId, Form, Task};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::BTreeSet;

/// What must come before what: plainly; by a position in a repeat, which may be another instance's; by how
/// many instances a count makes; choices by that, which is last: none may leave before the instances are settled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Tie {
    Plain,
    Across,
    Counted,
    Listed,
}

/// Who waits for whom: by edge, those that come after it.
struct Ties {
    starts: Vec<u32>,
    all: Vec<(u32, Tie)>,
}

impl Ties {
    /// From edges, those that come after them, and why.
    fn new(edges: usize, mut found: Vec<(u32, u32, Tie)>) -> Ties {
        found.sort_unstable();
        let mut starts = vec![0; edges + 1];
        for (before, ..) in &found {
            starts.get_mut(*before as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        Ties { starts, all: found.into_iter().map(|(_, after, tie)| (after, tie)).collect() }
    }

    fn after(&self, edge: usize) -> impl Iterator<Item = (usize, Tie)> {
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        let found = self.all.get(bound(edge)..bound(edge + 1)).unwrap_or(&[]);
        found.iter().map(|(after, tie)| (*after as usize, *tie))
    }
}

/// Whether both stand in a repeat together: only then one may be of another instance than the other.
fn share_a_repeat(form: &Form, one: DefId, other: DefId) -> bool {
    let above = |id: DefId| std::iter::successors(Some(id), |id| form.def(*id).and_then(|def| def.parent));
    above(one).any(|id| form.def(id).is_some_and(|def| def.repeats) && above(other).any(|found| found == id))
}

/// Indices of `edges` in evaluation order, and the repeats whose count reads itself.
pub(super) fn sorted(form: &Form, edges: &[Edges]) -> Result<(Vec<usize>, Vec<DefId>), FormError> {
    // Who writes what can be read of a definition: its value; its presence, through its ancestors too.
    let mut writers: Vec<(DefId, bool, u32)> = Vec::with_capacity(edges.len());
    for (index, edge) in (0u32..).zip(edges) {
        writers.push((edge.def, matches!(edge.task, Task::Relevant | Task::Count), index));
    }
    writers.sort_unstable();
    let mut ties = Vec::new();
    let mut waits: Vec<usize> = vec![0; edges.len()];
    let mut known: HashSet<(u32, Tie)> = HashSet::new();
    for (index, edge) in (0u32..).zip(edges) {
        for reference in &edge.references {
            let mut add = |def: DefId, presence: bool| {
                let from = writers.partition_point(|(id, kind, _)| (*id, *kind) < (def, presence));
                let writers = writers.get(from..).unwrap_or(&[]).iter();
                for (.., writer) in writers.take_while(|(id, kind, _)| (*id, *kind) == (def, presence)) {
                    // That an instance's own relevance hides its content is no circle by itself.
                    let counts = edges.get(*writer as usize).is_some_and(|edge| edge.task == Task::Count);
                    let across = reference.across && share_a_repeat(form, edge.def, reference.target);
                    let tie = match (counts, across) {
                        (true, _) if edge.task == Task::Choices => Tie::Listed,
                        (true, _) => Tie::Counted,
                        (false, true) => Tie::Across,
                        (false, false) => Tie::Plain,
                    };
                    known.insert((*writer, tie));
                }
            };
            add(reference.target, false);
            let mut next = Some(reference.target);
            while let Some(def) = next {
                add(def, true);
                next = form.def(def).and_then(|def| def.parent);
            }
        }
        for (writer, tie) in known.drain() {
            ties.push((writer, index, tie));
            waits.get_mut(index as usize).into_iter().for_each(|count| *count += 1);
        }
    }
    let ties = Ties::new(edges.len(), ties);
    let mut ready: BTreeSet<usize> =
        waits.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
    let mut out = Vec::with_capacity(edges.len());
    let mut done = vec![false; edges.len()];
    let mut circular = Vec::new();
    // The strongest tie that no longer binds.
    let mut relaxed = Tie::Plain;
    loop {
        while let Some(index) = ready.pop_first() {
            out.push(index);
            if let Some(done) = done.get_mut(index) {
                *done = true;
            }
            for (next, tie) in ties.after(index) {
                if tie != Tie::Plain && tie <= relaxed {
                    continue;
                }
                if let Some(count) = waits.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(next);
                    }
                }
            }
        }
        if out.len() == edges.len() {
            return Ok((out, circular));
        }
        relaxed = match relaxed {
            // What reads other instances of a repeat by position is no circle between nodes: evaluation
            // follows the change from instance to instance.
            Tie::Plain => Tie::Across,
            // "One more as long as the last one says so": a count that reads its own instances.
            Tie::Across => {
                let left = (0..edges.len()).filter(|index| done.get(*index) == Some(&false));
                let counts =
                    left.filter(|index| edges.get(*index).is_some_and(|edge| edge.task == Task::Count));
                circular = counts
                    .filter(|index| reaches(&ties, *index, *index))
                    .filter_map(|index| edges.get(index).map(|edge| edge.def))
                    .collect();
                Tie::Counted
            }
            Tie::Counted => Tie::Listed,
            Tie::Listed => {
                return Err(FormError::Cycle { nodes: circle(form, edges, &ties, &done) });
            }
        };
        for index in (0..edges.len()).filter(|index| done.get(*index) == Some(&false)) {
            for (next, _) in ties.after(index).filter(|(_, tie)| *tie == relaxed) {
                if let Some(count) = waits.get_mut(next) {
                    *count -= 1;
                    if *count == 0 && done.get(next) == Some(&false) {
                        ready.insert(next);
                    }
                }
            }
        }
    }
}

/// Whether one edge comes, by whatever ties, after another.
fn reaches(ties: &Ties, from: usize, to: usize) -> bool {
    let mut open = vec![from];
    let mut seen = HashSet::new();
    while let Some(at) = open.pop() {
        for (next, _) in ties.after(at) {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

/// Nodes that an error names of a circle.
const NAMED: usize = 20;

/// The nodes of one circle among what could not be ordered.
fn circle(form: &Form, edges: &[Edges], ties: &Ties, done: &[bool]) -> Vec<String> {
    let left = || (0..edges.len()).filter(|index| done.get(*index) == Some(&false));
    // Walk backwards: each of those waits for another of them, so the walk must meet itself.
    let mut waits_for: HashMap<usize, usize> = HashMap::new();
    for before in left() {
        for (next, _) in ties.after(before).filter(|(_, tie)| *tie == Tie::Plain) {
            waits_for.entry(next).or_insert(before);
        }
    }
    let mut walk: Vec<usize> = left().take(1).collect();
    let mut places: HashMap<usize, usize> = walk.iter().map(|first| (*first, 0)).collect();
    while let Some(next) = walk.last().and_then(|last| waits_for.get(last)).copied() {
        if let Some(start) = places.get(&next) {
            walk.drain(..start);
            break;
        }
        places.insert(next, walk.len());
        walk.push(next);
    }
    let more = walk.len() > NAMED;
    let named = walk.into_iter().rev().take(NAMED).filter_map(|index| edges.get(index));
    let mut names: Vec<String> = named
        .map(|edge| {
            let what = match edge.task {
                Task::Relevant => "relevant",
                Task::Count => "jr:count",
                Task::Calculate => "calculate",
                Task::Choices => "itemset",
            };
            format!("{} ({what})", form.path(edge.def))
        })
        .collect();
    if more {
        names.push("…".to_owned());
    }
    names
}
