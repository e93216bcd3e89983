//! What answers begin as: the form's own instance, a repeat's template, what was saved.

use crate::form::{Def, DefId};
use smol_str::SmolStr;
use std::sync::Arc;

/// What a node begins as.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seed {
    pub(crate) def: DefId,
    pub(crate) value: SmolStr,
    /// Shared: what a repeat begins with stands in what the repeats around it begin with.
    below: Option<Arc<Vec<Seed>>>,
}

impl Seed {
    pub(crate) fn new(def: DefId, value: impl Into<SmolStr>) -> Seed {
        Seed { def, value: value.into(), below: None }
    }
    pub(crate) fn children(&self) -> &[Seed] {
        self.below.as_deref().map_or(&[], Vec::as_slice)
    }
    pub(crate) fn children_mut(&mut self) -> &mut Vec<Seed> {
        Arc::make_mut(self.below.get_or_insert_default())
    }
    /// How many nodes it grows to; `least` has, by definition, how many an empty one does.
    pub(crate) fn nodes(&self, defs: &[Def], least: &[usize]) -> usize {
        let empty = |seed: &Seed| least.get(seed.def as usize).copied().unwrap_or(0);
        let more = |seed: &Seed| {
            let one_of_several = defs.get(seed.def as usize).is_some_and(|def| def.repeats);
            // One that is not of several stands in the place of the empty one.
            seed.nodes(defs, least).saturating_sub(if one_of_several { 0 } else { empty(seed) })
        };
        self.children().iter().fold(empty(self), |sum, seed| sum.saturating_add(more(seed)))
    }
}

/// How many nodes an empty one of each definition has: itself, and all below it that does not repeat.
pub(crate) fn least_nodes(defs: &[Def]) -> Vec<usize> {
    let mut least = vec![1usize; defs.len()];
    // Children are numbered after their parents.
    for (id, def) in defs.iter().enumerate().rev() {
        let own = least.get(id).copied().unwrap_or(1);
        if let (false, Some(above)) =
            (def.repeats, def.parent.and_then(|parent| least.get_mut(parent as usize)))
        {
            *above = above.saturating_add(own);
        }
    }
    least
}
