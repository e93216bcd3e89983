//! Instances of repeats in their order, and every change to a node: what is kept about lists and
//! columns follows here and nowhere else.

use super::tally::{Keeping, Part, Tally};
use super::{Kid, NO_NODE, NodeId, State};
use crate::form::{DefId, Form};
use smol_str::SmolStr;

/// The instances of a repeat within one parent, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Instances {
    list: Vec<NodeId>,
    /// How many it has ever had.
    numbered: u32,
    /// How many of them are not relevant.
    hidden: u32,
}

impl Instances {
    pub(crate) fn list(&self) -> &[NodeId] {
        &self.list
    }
    /// Whether all are relevant: then the position among the relevant ones is the place in the list.
    pub(crate) fn all_shown(&self) -> bool {
        self.hidden == 0
    }
    /// Adds an instance at the end and says its number.
    pub(super) fn push(&mut self, id: NodeId, relevant: bool) -> u32 {
        self.list.push(id);
        self.hidden += u32::from(!relevant);
        self.numbered += 1;
        self.numbered - 1
    }
}

impl State {
    pub(crate) fn instances(&self, parent: NodeId, slot: u16) -> Option<&Instances> {
        match self.node(parent)?.kids.get(slot as usize)? {
            Kid::Many(instances) => Some(instances),
            Kid::One(_) => None,
        }
    }

    fn instances_mut(&mut self, parent: NodeId, slot: u16) -> Option<&mut Instances> {
        match self.node_mut(parent)?.kids.get_mut(slot as usize)? {
            Kid::Many(instances) => Some(instances),
            Kid::One(_) => None,
        }
    }

    /// Where an instance stands among those of its repeat, from 0. Numbers rise along a list.
    pub(crate) fn place(&self, id: NodeId) -> usize {
        let Some(node) = self.node(id).filter(|node| node.parent != NO_NODE) else { return 0 };
        let Some(instances) = self.instances(node.parent, node.slot) else { return 0 };
        if instances.list.get(node.number as usize) == Some(&id) {
            return node.number as usize;
        }
        instances.list.partition_point(|other| self.node(*other).is_some_and(|one| one.number < node.number))
    }

    /// 1-based position of an instance in its repeat; 1 for other nodes.
    pub(crate) fn ordinal(&self, id: NodeId) -> u32 {
        u32::try_from(self.place(id) + 1).unwrap_or(u32::MAX)
    }

    /// The relevant instance at a 0-based position among the relevant ones.
    pub(crate) fn shown_at(&self, parent: NodeId, slot: u16, position: usize) -> Option<NodeId> {
        let instances = self.instances(parent, slot)?;
        if instances.all_shown() {
            return instances.list.get(position).copied();
        }
        instances.list.iter().copied().filter(|id| self.relevant(*id)).nth(position)
    }

    /// Puts a planted instance at the end of its repeat.
    pub(crate) fn attach(&mut self, form: &Form, id: NodeId) {
        let Some((parent, slot, relevant)) =
            self.node(id).map(|node| (node.parent, node.slot, node.relevant))
        else {
            return;
        };
        let Some(number) = self.instances_mut(parent, slot).map(|instances| instances.push(id, relevant))
        else {
            return;
        };
        if let Some(node) = self.node_mut(id) {
            node.number = number;
        }
        self.count_below(form, id, true);
    }

    /// Takes an instance out of its repeat.
    pub(crate) fn detach(&mut self, form: &Form, id: NodeId) {
        let place = self.place(id);
        let Some((parent, slot, relevant)) =
            self.node(id).map(|node| (node.parent, node.slot, node.relevant))
        else {
            return;
        };
        self.count_below(form, id, false);
        if let Some(instances) = self.instances_mut(parent, slot)
            && instances.list.get(place) == Some(&id)
        {
            instances.list.remove(place);
            instances.hidden -= u32::from(!relevant);
        }
        self.set_gone(id, true);
    }

    /// Puts an instance back where it was.
    pub(crate) fn reattach(&mut self, form: &Form, id: NodeId) {
        let place = self.place(id);
        let Some((parent, slot, relevant)) =
            self.node(id).map(|node| (node.parent, node.slot, node.relevant))
        else {
            return;
        };
        if let Some(instances) = self.instances_mut(parent, slot) {
            instances.list.insert(place.min(instances.list.len()), id);
            instances.hidden += u32::from(!relevant);
        }
        self.set_gone(id, false);
        self.count_below(form, id, true);
    }

    fn set_gone(&mut self, id: NodeId, gone: bool) {
        let mut all = Vec::new();
        self.subtree(id, &mut all);
        for id in all {
            if let Some(node) = self.node_mut(id) {
                node.gone = gone;
            }
        }
    }

    /// Sets a node's text and gives back the one before.
    pub(crate) fn put_value(&mut self, form: &Form, id: NodeId, text: SmolStr) -> SmolStr {
        let Some(node) = self.node_mut(id) else { return text };
        let (def, counts) = (node.def, node.relevant && !node.gone);
        let old = std::mem::replace(&mut node.value, text);
        if counts && is_counted(form, def) {
            let to = Part::of(self.value(id));
            self.recount(form, id, Part::of(&old), to);
        }
        old
    }

    /// Sets what makes a node relevant: by its own expression, beyond the count, and all in all.
    pub(crate) fn put_relevance(
        &mut self,
        form: &Form,
        id: NodeId,
        itself: bool,
        surplus: bool,
        relevant: bool,
    ) {
        let Some(node) = self.node_mut(id) else { return };
        let before = std::mem::replace(&mut node.relevant, relevant);
        (node.relevant_itself, node.surplus) = (itself, surplus);
        let (def, parent, slot, gone) = (node.def, node.parent, node.slot, node.gone);
        if before == relevant || gone {
            return;
        }
        if let Some(instances) = self.instances_mut(parent, slot) {
            if relevant {
                instances.hidden -= 1;
            } else {
                instances.hidden += 1;
            }
        }
        if is_counted(form, def) {
            self.count(form, id, relevant);
        }
    }

    fn count_below(&mut self, form: &Form, id: NodeId, comes: bool) {
        if self.tallies.borrow().is_empty() {
            return;
        }
        let mut all = Vec::new();
        self.subtree(id, &mut all);
        for id in all {
            let counts = self.node(id).filter(|node| node.relevant).map(|node| node.def);
            if counts.is_some_and(|def| is_counted(form, def)) {
                self.count(form, id, comes);
            }
        }
    }

    fn count(&mut self, form: &Form, id: NodeId, comes: bool) {
        let part = Part::of(self.value(id));
        if comes {
            self.recount(form, id, Part::default(), part);
        } else {
            self.recount(form, id, part, Part::default());
        }
    }

    /// Brings the columns of a leaf up to date.
    fn recount(&mut self, form: &Form, id: NodeId, from: Part, to: Part) {
        let Some(def) = self.node(id).map(|node| node.def) else { return };
        for column in form.columns_of(def) {
            let Some(kept) = form.columns.get(*column as usize) else { continue };
            let Some(anchor) = self.climb(id, kept.up) else { continue };
            let entry = self.entry(id, kept.keeping);
            if let Some(tally) = self.tallies.get_mut().get_mut(&(*column, anchor)) {
                tally.change(kept.keeping, entry, from, to);
            }
        }
    }

    /// The number of a leaf's instance, where its column keeps running totals.
    fn entry(&self, leaf: NodeId, keeping: Keeping) -> usize {
        let Keeping::Running(levels) = keeping else { return 0 };
        self.climb(leaf, levels).and_then(|id| self.node(id)).map_or(0, |node| node.number as usize)
    }

    /// Looks at a column below an anchor; it is added up when it is first asked for.
    pub(crate) fn tally<T>(
        &self,
        form: &Form,
        column: u32,
        anchor: NodeId,
        look: impl FnOnce(&Tally) -> Option<T>,
    ) -> Option<T> {
        let kept = form.columns.get(column as usize)?;
        if let Some(tally) = self.tallies.borrow().get(&(column, anchor)) {
            return look(tally);
        }
        let mut tally = Tally::default();
        self.walk(anchor, &kept.path, &mut |leaf| {
            if self.relevant(leaf) {
                let entry = self.entry(leaf, kept.keeping);
                tally.change(kept.keeping, entry, Part::default(), Part::of(self.value(leaf)));
            }
        });
        let found = look(&tally);
        self.tallies.borrow_mut().insert((column, anchor), tally);
        found
    }
}

fn is_counted(form: &Form, def: DefId) -> bool {
    !form.columns_of(def).is_empty()
}
