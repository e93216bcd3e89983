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
use foldhash::{HashMap, HashMapExt};

mod order;

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
    let (order, circular) = order::sorted(form, &edges)?;
    for id in circular {
        if let Some(def) = form.defs.get_mut(id as usize) {
            def.circular = true;
        }
    }
    let mut vertices = Vec::new();
    let mut spoken = Vec::new();
    let mut readers = Vec::new();
    let mut dependents: Vec<(DefId, Dependent)> = Vec::new();
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
            dependents.push((reference.target, dependent));
        }
    }
    for (vertex, found) in (0u32..).zip(&vertices) {
        if found.task == Task::Count && form.def(found.def).is_some_and(|def| def.circular) {
            grows(form, &mut dependents, vertex, found.def);
        }
    }
    // By definition, in the order in which they were found.
    dependents.sort_by_key(|(target, _)| *target);
    dependents.dedup();
    for (at, (target, _)) in (0u32..).zip(&dependents) {
        if let Some(follows) = form.follows.get_mut(*target as usize) {
            let (start, end) = follows.dependents;
            follows.dependents = (if start == end { at } else { start }, at + 1);
        }
    }
    form.dependents = dependents.into_iter().map(|(_, dependent)| dependent).collect();
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
fn grows(form: &Form, dependents: &mut Vec<(DefId, Dependent)>, vertex: u32, repeat: DefId) {
    let Some(depth) = form.def(repeat).map(|def| def.depth.saturating_sub(1)) else { return };
    let mut open = vec![repeat];
    while let Some((id, def)) = open.pop().and_then(|id| form.def(id).map(|def| (id, def))) {
        open.extend(&def.children);
        let up = def.depth.saturating_sub(depth);
        let dependent = Dependent { vertex, up, down: Way::default(), near: None, place: false };
        dependents.push((id, dependent));
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
