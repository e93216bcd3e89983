//! Which names stand where.

use std::collections::HashSet;

use crate::symbols::Symbol;
use crate::tree::Tree;

/// The names within one section.
#[derive(Default)]
pub(super) struct Names {
    pub(super) taken: HashSet<Symbol>,
    /// The same in lower case.
    pub(super) lower: HashSet<Symbol>,
}

impl Names {
    /// The form adds a group `meta` of its own.
    pub(super) fn new(tree: &mut Tree) -> Self {
        Self { taken: HashSet::from([tree.word("meta")]), lower: HashSet::new() }
    }
}

/// How often each name stands in the survey sheet, by its number in the tree.
#[derive(Default)]
pub(crate) struct Named(Vec<u32>);

impl Named {
    pub(super) fn add(&mut self, name: Symbol) {
        let at = name.index();
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(count) = self.0.get_mut(at) {
            *count += 1;
        }
    }

    pub(super) fn count(&self, name: Symbol) -> u32 {
        self.0.get(name.index()).copied().unwrap_or(0)
    }

    /// All names, in the order of their first mention.
    pub(super) fn all<'a>(&'a self, tree: &'a Tree) -> impl Iterator<Item = &'a str> {
        tree.words().iter().filter(|(name, _)| self.count(*name) > 0).map(|(_, name)| name)
    }
}
