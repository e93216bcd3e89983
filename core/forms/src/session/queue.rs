//! What is to be looked at again: the expressions that read what has changed, in the form's order.

use super::*;
use crate::form::Near;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Expressions to evaluate again: vertex in the high half (its rank is the order), node in the low.
#[derive(Debug, Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<u64>>,
    /// The last one pushed: marks of one kind come in rows.
    last: Option<u64>,
    /// How many there are to be before doubles are looked for.
    most: usize,
}

impl Queue {
    pub(super) fn push(&mut self, vertex: u32, node: NodeId) {
        let key = u64::from(vertex) << 32 | u64::from(node);
        if self.last != Some(key) {
            self.last = Some(key);
            self.heap.push(Reverse(key));
            if self.heap.len() > self.most {
                self.thin_out();
            }
        }
    }

    /// Takes out doubles: what all instances of a repeat read is marked by each that comes.
    fn thin_out(&mut self) {
        const FEW: usize = 1 << 16;
        if self.most >= FEW {
            let mut keys = std::mem::take(&mut self.heap).into_vec();
            keys.sort_unstable();
            keys.dedup();
            self.heap = keys.into();
        }
        self.most = FEW.max(2 * self.heap.len());
    }

    pub(super) fn pop(&mut self) -> Option<(u32, NodeId)> {
        let Reverse(key) = self.heap.pop()?;
        while self.heap.peek() == Some(&Reverse(key)) {
            self.heap.pop();
        }
        self.last = None;
        #[allow(clippy::cast_possible_truncation, reason = "the halves are 32 bits each")]
        let halves = ((key >> 32) as u32, key as u32);
        Some(halves)
    }
}

/// What a change does to where instances stand among the relevant ones of their repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    Nothing,
    /// Those after the changed one move up.
    After,
    /// It came among them, or went.
    Anywhere,
}

/// The instances that a change below one of them concerns, and how many slots lead to them; none when it
/// may be any: a position counts the relevant ones, so that hidden ones shift it.
fn concerned(state: &State, id: NodeId, near: Near, moved: bool) -> Option<(&[NodeId], usize)> {
    let instance = state.climb(id, near.up)?;
    let node = state.node(instance)?;
    let instances = state.instances(node.parent, node.slot).filter(|instances| instances.all_shown())?;
    let place = i64::try_from(state.place(instance)).ok()?;
    let offset = if moved { near.offset.min(0) } else { near.offset };
    let from = place + i64::from(offset);
    let from_place = usize::try_from(from.max(0)).ok()?;
    let list = instances.list();
    let list = if near.only && !moved {
        usize::try_from(from).ok().and_then(|at| list.get(at..=at)).unwrap_or(&[])
    } else {
        list.get(from_place..).unwrap_or(&[])
    };
    Some((list, near.slots as usize))
}

impl Session {
    pub(super) fn queue_all(&mut self, vertex: u32) {
        let form = Arc::clone(&self.form);
        let Some(found) = form.vertices.get(vertex as usize) else { return };
        let queue = &mut self.queue;
        self.state.walk(self.state.root, form.slots(found.path), &mut |node| queue.push(vertex, node));
    }

    /// Marks what reads a node. `moved` says that instances of a repeat have come to stand elsewhere among
    /// the relevant ones: then what reads by position is marked with those after it.
    pub(super) fn mark(&mut self, id: NodeId, moved: Moved) {
        let Some(def) = self.state.node(id).map(|node| node.def) else { return };
        for dependent in self.form.dependents(def) {
            let down = self.form.slots(dependent.down);
            let Some(anchor) = self.state.climb(id, dependent.up) else { continue };
            let (state, queue) = (&self.state, &mut self.queue);
            let mut push = |node| {
                // It is kept in order, and run later.
                if state.work.evaluate(4) {
                    queue.push(dependent.vertex, node);
                }
            };
            let concerned = match (dependent.near, moved) {
                (None, _) | (_, Moved::Anywhere) => None,
                (Some(near), moved) => concerned(state, id, near, moved == Moved::After),
            };
            match concerned {
                Some((instances, slots)) => {
                    let below = down.get(slots..).unwrap_or(&[]);
                    instances.iter().for_each(|instance| state.walk(*instance, below, &mut push));
                }
                None => state.walk(anchor, down, &mut push),
            }
        }
    }

    pub(super) fn mark_all(&mut self, id: NodeId, moved: Moved) {
        let mut all = Vec::new();
        self.state.subtree(id, &mut all);
        for node in all {
            self.mark(node, moved);
        }
    }
}
