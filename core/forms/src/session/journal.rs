//! What was done: every change is journalled as it happens, so that it can be taken back without running anything.

use super::*;
use crate::form::DefId;
use smol_str::SmolStr;

/// What to put back to take a change back.
#[derive(Debug)]
pub(super) enum Entry {
    /// The next of [`Journal::values`], from their end.
    Value(NodeId),
    Relevance {
        node: NodeId,
        itself: bool,
        surplus: bool,
        relevant: bool,
    },
    Inserted(NodeId),
    Removed(NodeId),
}

/// One change and all that followed.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) entries: Vec<Entry>,
    /// The texts that were there before.
    pub(super) values: Vec<SmolStr>,
    /// Repeats, by their parent, whose count reads itself, and how far it is with them in this change.
    pub(super) counted: Vec<(DefId, NodeId, Stage)>,
    /// Counts, by their parent, that add the next instance when what follows from the last one is done.
    pub(super) unfinished: Vec<(u32, NodeId)>,
    /// Answers, or parts of them, that left with their choices.
    pub(super) vanished: Vec<(NodeId, String)>,
    /// What the device delivered since: it stays when the rest is taken back.
    delivered: Vec<(NodeId, SmolStr)>,
    pub(super) changed: Changed,
}

impl Session {
    pub(super) fn begin(&mut self, cx: &mut dyn Context) {
        self.state.refresh(cx);
        self.journal = Journal::default();
        // One change is often like the one before it: what a long one needs is asked for at once.
        if let Some(last) = self.done.last() {
            self.journal.entries.reserve_exact(last.entries.len());
            self.journal.values.reserve_exact(last.values.len());
        }
    }

    /// Runs what follows and closes the change; takes it back when it passes a limit.
    pub(super) fn settle(&mut self) -> Result<Changed, AnswerError> {
        self.settle_after(Ok(()))
    }

    /// The same, after a first part that may itself have passed one.
    pub(super) fn settle_after(&mut self, first: Result<(), AnswerError>) -> Result<Changed, AnswerError> {
        let (journal, mut changed) = self.concluded(first)?;
        changed.step = !journal.entries.is_empty();
        self.remember(journal);
        Ok(changed)
    }

    fn concluded(&mut self, first: Result<(), AnswerError>) -> Result<(Journal, Changed), AnswerError> {
        let result = first.and_then(|()| self.run());
        let mut journal = std::mem::take(&mut self.journal);
        let changed = std::mem::take(&mut journal.changed);
        match result {
            Ok(()) => Ok((journal, changed)),
            Err(error) => {
                self.revert(journal);
                Err(error)
            }
        }
    }

    /// Sets what the device delivered. That is no step of a person: it goes with the step before it, and stays
    /// when that is taken back.
    pub(super) fn receive(&mut self, delivered: Vec<(NodeId, SmolStr)>) -> Result<Changed, AnswerError> {
        let first = delivered.iter().try_for_each(|(id, text)| self.give(*id, text.clone()));
        let (journal, changed) = self.concluded(first)?;
        self.goes_along(journal);
        if let Some(step) = self.done.last_mut() {
            step.delivered.extend(delivered);
        }
        Ok(changed)
    }

    /// Keeps what is no step of a person with the last one that is.
    pub(super) fn goes_along(&mut self, journal: Journal) {
        if let Some(step) = self.done.last_mut() {
            step.entries.extend(journal.entries);
            step.values.extend(journal.values);
        }
    }

    /// Takes back the last change of a person with all that followed from it. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(mut journal) = self.done.pop() else { return false };
        let mut delivered = std::mem::take(&mut journal.delivered);
        self.revert(journal);
        delivered.retain(|(id, _)| self.state.node(*id).is_some_and(|node| !node.gone));
        if !delivered.is_empty() {
            self.journal = Journal::default();
            // It was within the limits before the step, and is again.
            let _ = self.receive(delivered);
        }
        true
    }

    /// Keeps a change for undo, unless it changed nothing.
    pub(super) fn remember(&mut self, mut journal: Journal) {
        if journal.entries.is_empty() {
            return;
        }
        journal.entries.shrink_to_fit();
        journal.values.shrink_to_fit();
        if self.done.len() >= UNDO {
            self.done.remove(0);
        }
        self.done.push(journal);
    }

    /// Puts back what a change did, in reverse, without running anything, also not what the change had still to run: the
    /// state before was at rest.
    pub(super) fn revert(&mut self, mut journal: Journal) {
        self.queue = Queue::default();
        let form = &self.form;
        for entry in journal.entries.into_iter().rev() {
            match entry {
                Entry::Value(id) => {
                    if let Some(old) = journal.values.pop() {
                        self.state.put_value(form, id, old);
                    }
                }
                Entry::Relevance { node, itself, surplus, relevant } => {
                    self.state.put_relevance(form, node, itself, surplus, relevant);
                }
                Entry::Inserted(id) => self.state.detach(form, id),
                Entry::Removed(id) => self.state.reattach(form, id),
            }
        }
    }
}
