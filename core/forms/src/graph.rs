//! What depends on what: an order of evaluation in which nothing is evaluated before what it reads, and
//! for each definition the list of what to look at again when one of its nodes changes.
//!
//! Edges are between definitions; which nodes they mean is found by climbing from the changed node to
//! what it shares with its reader and descending from there. An instance of a repeat therefore touches
//! only its own readers and those outside of it.

use crate::error::FormError;
use crate::form::{DefId, Dependent, Form, Near, Task, Vertex, Way};
use crate::value::ValueType;
use crate::xpath::expr::{Expr, Reference};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::BTreeSet;

/// An expression that is kept up to date, with what it reads.
#[derive(Debug)]
pub(crate) struct Edges {
    pub(crate) def: DefId,
    pub(crate) task: Task,
    /// The expression itself; choices are their question's.
    pub(crate) expr: Option<Expr>,
    /// The definition of the node that it is evaluated at.
    pub(crate) reader: DefId,
    pub(crate) references: Vec<Reference>,
    pub(crate) spoken: bool,
}

/// Orders the expressions and writes the tables of `form`.
pub(crate) fn order(form: &mut Form, mut edges: Vec<Edges>) -> Result<(), FormError> {
    // A list of choices is looked at again with its question only where nothing else sets the answer.
    edges.retain(|edge| edge.task != Task::Choices || form.def(edge.def).is_some_and(|def| !def.calculated));
    for edge in &mut edges {
        if edge.task == Task::Choices {
            let own = edge.def;
            edge.references.retain(|reference| reference.target != own);
        }
        if edge.task == Task::Calculate {
            // `coalesce(., default)`: reads what it was, and does not run again for what it became.
            let own = edge.def;
            edge.references.retain(|reference| (reference.target, reference.anchor) != (own, own));
        }
    }
    let (order, circular) = sorted(form, &edges)?;
    for id in circular {
        if let Some(def) = form.defs.get_mut(id as usize) {
            def.circular = true;
        }
    }
    let mut vertices = Vec::new();
    let mut spoken = Vec::new();
    let mut readers = Vec::new();
    let mut dependents: Vec<Vec<Dependent>> = form.defs.iter().map(|_| Vec::new()).collect();
    let mut ways = HashMap::new();
    for (rank, index) in order.into_iter().enumerate() {
        let Some(edge) = edges.get_mut(index) else { continue };
        let vertex = u32::try_from(rank).unwrap_or(u32::MAX);
        if edge.spoken {
            spoken.push(vertex);
        }
        readers.push(edge.reader);
        let path = *ways.entry(edge.reader).or_insert_with(|| way(form, edge.reader));
        let kind = form.def(edge.def).map_or(ValueType::Text, |def| def.kind);
        vertices.push(Vertex { def: edge.def, task: edge.task, kind, path, expr: edge.expr.take() });
        for reference in &edge.references {
            let (Some(target), Some(anchor)) = (form.def(reference.target), form.def(reference.anchor))
            else {
                continue;
            };
            let dependent = Dependent {
                vertex,
                up: target.depth.saturating_sub(anchor.depth),
                down: Way {
                    start: path.start + u32::from(anchor.depth),
                    length: path.length.saturating_sub(anchor.depth),
                },
                near: near(form, reference, edge.reader),
                place: reference.place && target.repeats,
            };
            if let Some(list) = dependents.get_mut(reference.target as usize)
                && list.last() != Some(&dependent)
            {
                list.push(dependent);
            }
        }
    }
    for (vertex, found) in (0u32..).zip(&vertices) {
        if found.task == Task::Count && form.def(found.def).is_some_and(|def| def.circular) {
            grows(form, &mut dependents, vertex, found.def);
        }
    }
    for (follows, list) in form.follows.iter_mut().zip(dependents) {
        let end = |all: &Vec<Dependent>| u32::try_from(all.len()).unwrap_or(u32::MAX);
        let start = end(&form.dependents);
        form.dependents.extend(list);
        follows.dependents = (start, end(&form.dependents));
    }
    let mut within: HashMap<DefId, Vec<u32>> = HashMap::new();
    for (vertex, edge) in (0u32..).zip(&readers) {
        let mut next = Some(*edge);
        while let Some((id, def)) = next.and_then(|id| form.def(id).map(|def| (id, def))) {
            if def.repeats {
                within.entry(id).or_default().push(vertex);
            }
            next = def.parent;
        }
    }
    form.within = within;
    form.vertices = vertices;
    form.spoken = spoken;
    Ok(())
}

/// A count that reads itself is looked at again whenever something is answered in one of its instances.
fn grows(form: &Form, dependents: &mut [Vec<Dependent>], vertex: u32, repeat: DefId) {
    let Some(depth) = form.def(repeat).map(|def| def.depth.saturating_sub(1)) else { return };
    let mut open = vec![repeat];
    while let Some((id, def)) = open.pop().and_then(|id| form.def(id).map(|def| (id, def))) {
        open.extend(&def.children);
        let up = def.depth.saturating_sub(depth);
        let dependent = Dependent { vertex, up, down: Way::default(), near: None, place: false };
        dependents.get_mut(id as usize).into_iter().for_each(|list| list.push(dependent.clone()));
    }
}

/// Which instances a reference concerns, where reader and read are below one repeat.
fn near(form: &Form, reference: &Reference, reader: DefId) -> Option<Near> {
    let reach = reference.reach?;
    let within = |id: DefId| {
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| *id != reach.repeat) {
            next = form.def(id)?.parent;
        }
        next
    };
    within(reader).and(within(reference.target))?;
    let depth = |id: DefId| form.def(id).map(|def| def.depth);
    let (repeat, anchor) = (depth(reach.repeat)?, depth(reference.anchor)?);
    (anchor < repeat).then_some(Near {
        up: depth(reference.target)? - repeat,
        slots: repeat - anchor,
        offset: reach.offset,
        only: reach.only,
    })
}

/// The way from the root to a definition, written down.
fn way(form: &mut Form, to: DefId) -> Way {
    let start = form.slots.len();
    let mut next = form.def(to).filter(|def| def.depth > 0);
    while let Some(def) = next {
        let (slot, parent) = (def.slot, def.parent);
        form.slots.push(slot);
        next = parent.and_then(|parent| form.def(parent)).filter(|def| def.depth > 0);
    }
    let slots = form.slots.get_mut(start..).unwrap_or_default();
    slots.reverse();
    let length = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    Way { start: u32::try_from(start).unwrap_or(u32::MAX), length }
}

/// What must come before what: plainly; by a position in a repeat, which may be another instance's; by how
/// many instances a count makes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Tie {
    Plain,
    Across,
    Counted,
}

/// Whether both stand in a repeat together: only then one may be of another instance than the other.
fn share_a_repeat(form: &Form, one: DefId, other: DefId) -> bool {
    let above = |id: DefId| std::iter::successors(Some(id), |id| form.def(*id).and_then(|def| def.parent));
    above(one).any(|id| form.def(id).is_some_and(|def| def.repeats) && above(other).any(|found| found == id))
}

/// Indices of `edges` in evaluation order, and the repeats whose count reads itself.
fn sorted(form: &Form, edges: &[Edges]) -> Result<(Vec<usize>, Vec<DefId>), FormError> {
    // Who writes what can be read of a definition: its value; its presence, through its ancestors too.
    let mut writers: HashMap<(DefId, bool), Vec<usize>> = HashMap::new();
    for (index, edge) in edges.iter().enumerate() {
        let presence = matches!(edge.task, Task::Relevant | Task::Count);
        writers.entry((edge.def, presence)).or_default().push(index);
    }
    let mut after: Vec<Vec<(usize, Tie)>> = edges.iter().map(|_| Vec::new()).collect();
    let mut waits: Vec<usize> = vec![0; edges.len()];
    for (index, edge) in edges.iter().enumerate() {
        let mut known: HashSet<(usize, Tie)> = HashSet::new();
        for reference in &edge.references {
            let mut add = |def: DefId, presence: bool| {
                for writer in writers.get(&(def, presence)).into_iter().flatten() {
                    // That an instance's own relevance hides its content is no circle by itself.
                    let counts = edges.get(*writer).is_some_and(|edge| edge.task == Task::Count);
                    let across = reference.across && share_a_repeat(form, edge.def, reference.target);
                    let tie = match (counts, across) {
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
        for (writer, tie) in known {
            if let (Some(list), Some(count)) = (after.get_mut(writer), waits.get_mut(index)) {
                list.push((index, tie));
                *count += 1;
            }
        }
    }
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
            for (next, tie) in after.get(index).into_iter().flatten() {
                if *tie != Tie::Plain && *tie <= relaxed {
                    continue;
                }
                if let Some(count) = waits.get_mut(*next) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(*next);
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
            // "One more as long as the last one says so": a count that reads its own instances. It adds one
            // at a time.
            Tie::Across => {
                let left = (0..edges.len()).filter(|index| done.get(*index) == Some(&false));
                let counts =
                    left.filter(|index| edges.get(*index).is_some_and(|edge| edge.task == Task::Count));
                circular = counts
                    .filter(|index| reaches(&after, *index, *index))
                    .filter_map(|index| edges.get(index).map(|edge| edge.def))
                    .collect();
                Tie::Counted
            }
            Tie::Counted => {
                return Err(FormError::Cycle { nodes: circle(form, edges, &after, &done) });
            }
        };
        for (index, list) in after.iter().enumerate() {
            if done.get(index) == Some(&true) {
                continue;
            }
            for (next, _) in list.iter().filter(|(_, tie)| *tie == relaxed) {
                if let Some(count) = waits.get_mut(*next) {
                    *count -= 1;
                    if *count == 0 && done.get(*next) == Some(&false) {
                        ready.insert(*next);
                    }
                }
            }
        }
    }
}

/// Whether one edge comes, by whatever ties, after another.
fn reaches(after: &[Vec<(usize, Tie)>], from: usize, to: usize) -> bool {
    let mut open = vec![from];
    let mut seen = HashSet::new();
    while let Some(at) = open.pop() {
        for (next, _) in after.get(at).into_iter().flatten() {
            if *next == to {
                return true;
            }
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    false
}

/// The nodes of one circle among what could not be ordered.
fn circle(form: &Form, edges: &[Edges], after: &[Vec<(usize, Tie)>], done: &[bool]) -> Vec<String> {
    let left: Vec<usize> = (0..edges.len()).filter(|index| done.get(*index) == Some(&false)).collect();
    // Walk backwards: each of those waits for another of them, so the walk must meet itself.
    let waits_for = |index: usize| {
        left.iter().copied().find(|other| {
            after
                .get(*other)
                .is_some_and(|list| list.iter().any(|(next, tie)| *next == index && *tie == Tie::Plain))
        })
    };
    let mut walk: Vec<usize> = left.first().copied().into_iter().collect();
    while let Some(next) = walk.last().copied().and_then(waits_for) {
        if let Some(start) = walk.iter().position(|seen| *seen == next) {
            walk.drain(..start);
            break;
        }
        walk.push(next);
    }
    let names = walk.into_iter().rev().filter_map(|index| edges.get(index));
    names
        .map(|edge| {
            let what = match edge.task {
                Task::Relevant => "relevant",
                Task::Count => "jr:count",
                Task::Calculate => "calculate",
                Task::Choices => "itemset",
            };
            format!("{} ({what})", form.path(edge.def))
        })
        .collect()
}
