//! How many instances a counted repeat has.

use super::change::limit;
use super::*;
use crate::form::DefId;
use crate::instance::Seed;

/// How far a count that reads its own instances is in one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// A draft is being opened, which adds none.
    Opened,
    /// Of the instances only those stand there that somebody has answered in: what it says now, counts.
    Asked {
        adds: bool,
    },
    Settled,
}

/// What a node of a definition begins as, in what a repeat begins with.
fn begins(seed: &Seed, def: DefId) -> Option<&str> {
    if seed.def == def {
        return Some(&seed.value);
    }
    seed.children().iter().find_map(|below| begins(below, def))
}

impl Session {
    /// What was saved is as long as it is: a count that reads itself does not grow by being opened.
    pub(super) fn hold_counts(&mut self) {
        let form = Arc::clone(&self.form);
        if !form.defs.iter().any(|def| def.circular) {
            return;
        }
        let mut all = Vec::new();
        self.state.subtree(self.state.root, &mut all);
        for id in all {
            for child in self.definition(id).map(|def| def.children.clone()).unwrap_or_default() {
                let held = form.def(child).filter(|def| def.circular);
                if held.is_some_and(|def| !self.state.slot(id, def.slot).is_empty()) {
                    self.journal.counted.push((child, id, Stage::Opened));
                }
            }
        }
    }

    /// Brings a counted repeat to its count. One that reads its own instances ("one more unless the last one says
    /// that it is") is asked once a change, of the answered instances alone: otherwise each new one, not answered
    /// yet, would ask for the next, and one that a slip of the finger brought would stay.
    pub(super) fn count(
        &mut self,
        (vertex, repeat): (u32, DefId),
        parent: NodeId,
        number: f64,
        settled: bool,
    ) -> Result<(), AnswerError> {
        let form = Arc::clone(&self.form);
        let Some(def) = form.def(repeat) else { return Ok(()) };
        let there = self.state.slot(parent, def.slot).to_vec();
        if !def.circular {
            // Where new instances have actions one is added when all else is done, so that they see what follows from
            // the one before.
            let most = if def.bind().on_new.is_empty() { usize::MAX } else { usize::from(settled) };
            let missing = self.recount(repeat, parent, &there, number, most)?;
            if missing > 0 && !self.journal.unfinished.contains(&(vertex, parent)) {
                self.journal.unfinished.push((vertex, parent));
            }
            return Ok(());
        }
        let known = self.journal.counted.iter().position(|(id, above, _)| (*id, *above) == (repeat, parent));
        let at = known.unwrap_or(self.journal.counted.len());
        if known.is_none() {
            self.journal.counted.push((repeat, parent, Stage::Asked { adds: true }));
        }
        let Some((_, _, stage)) = self.journal.counted.get_mut(at) else { return Ok(()) };
        let adds = match *stage {
            Stage::Settled => return Ok(()),
            Stage::Asked { adds } if known.is_some() => adds,
            begun => {
                let adds = begun != Stage::Opened;
                *stage = Stage::Asked { adds };
                let answered = there.iter().rposition(|node| self.is_answered(repeat, *node));
                if self.show_first(&there, answered.map_or(0, |last| last + 1)) {
                    // After what reads them.
                    self.queue.push(vertex, parent);
                    return Ok(());
                }
                adds
            }
        };
        if let Some((_, _, stage)) = self.journal.counted.get_mut(at) {
            *stage = Stage::Settled;
        }
        self.recount(repeat, parent, &there, number, if adds { usize::MAX } else { 0 }).map(|_| ())
    }

    /// Whether a question of an instance has another answer than it begins with.
    fn is_answered(&self, repeat: DefId, instance: NodeId) -> bool {
        let template = self.form.def(repeat).and_then(|def| def.template.as_deref());
        let mut all = Vec::new();
        self.state.subtree(instance, &mut all);
        all.into_iter().filter_map(|id| self.state.node(id)).any(|node| {
            let asked = self.form.def(node.def).is_some_and(|def| def.control.is_some() && !def.calculated);
            asked && node.value != template.and_then(|seed| begins(seed, node.def)).unwrap_or_default()
        })
    }

    /// Shows the first instances and hides the others. Says whether that changed anything.
    fn show_first(&mut self, there: &[NodeId], wanted: usize) -> bool {
        let mut changed = false;
        for (at, node) in there.iter().enumerate() {
            let surplus = at >= wanted;
            if self.state.node(*node).is_some_and(|node| node.surplus != surplus) {
                self.set_relevance(*node, None, Some(surplus), queue::Moved::Nothing);
                changed = true;
            }
        }
        changed
    }

    /// Adds what is missing, `most` of it, and hides what is too many. Answers with how many are still missing.
    fn recount(
        &mut self,
        repeat: DefId,
        parent: NodeId,
        there: &[NodeId],
        number: f64,
        most: usize,
    ) -> Result<usize, AnswerError> {
        let allowed = self.form.limits.repeat_instances;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; NaN is 0")]
        let wanted = number as usize;
        if wanted > allowed {
            return Err(limit("the number of instances of a repeat", allowed));
        }
        // What is shown again settles before another one comes.
        let changed = self.show_first(there, wanted);
        let missing = wanted.saturating_sub(there.len());
        let added = missing.min(if changed && most == 1 { 0 } else { most });
        for _ in 0..added {
            self.insert(parent, repeat);
            self.bounded()?;
            self.within_work()?;
        }
        Ok(missing - added)
    }
}
