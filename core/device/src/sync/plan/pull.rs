//! Pulling: a page applies only where the phone stands; checksums are compared at the end.

use std::collections::{BTreeMap, BTreeSet};

use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::pull::{Fit, Page, Trailer};
use xuncha_wire::{Cursor, Scope};

use super::{Effect, EndKind, Failure, Planner, Stage};

/// Pages in a row that did not fit or brought nothing before the hub counts as confused.
const STALE: u32 = 5;

/// Where pulling stands.
#[derive(Default)]
pub(super) struct Pull {
    pub(super) cursor: Cursor,
    stale: u32,
    /// What the page under way leads to.
    after: Cursor,
    trailer: Option<Trailer>,
    /// Feeds that were taken anew in this sync.
    anew: BTreeSet<Scope>,
    /// A page that waits for the first epoch to be written.
    pub(super) page_after_epoch: Option<Box<Page>>,
}

impl Planner {
    pub(super) fn ask_page(&mut self) -> Vec<Effect> {
        let request = Effect::Pull { cursor: self.pull.cursor.clone(), max: self.limits.page_rows };
        self.ask(request)
    }

    pub(super) fn paged(&mut self, page: Box<Page>) -> Vec<Effect> {
        let first = self.epoch.is_none();
        if let Some(set) = self.epoch_change(page.trailer.epoch) {
            if first {
                self.pull.page_after_epoch = Some(page);
            }
            // After a restore this page speaks of another history: it is dropped.
            return vec![set];
        }
        if page.applies_to(&self.pull.cursor) == Fit::Stale {
            return self.stale();
        }
        let Ok(after) = page.cursor_after(&self.pull.cursor) else {
            self.fails += 1;
            return self.again(&Failure::Garbled, None);
        };
        let granted: BTreeSet<&Scope> = page.trailer.scopes.iter().collect();
        let mut drop: BTreeSet<Scope> =
            self.pull.cursor.0.keys().filter(|scope| !granted.contains(scope)).cloned().collect();
        drop.extend(page.trailer.reset.iter().cloned());
        if page.trailer.more && after == self.pull.cursor && drop.is_empty() {
            return self.stale();
        }
        self.pull.after = after.clone();
        self.pull.trailer = Some(page.trailer.clone());
        self.end.pulled += page.rows.len() as u64;
        vec![Effect::Apply { page, drop: drop.into_iter().collect(), after }]
    }

    fn stale(&mut self) -> Vec<Effect> {
        self.pull.stale += 1;
        if self.pull.stale > STALE { self.finish(EndKind::Trouble) } else { self.ask_page() }
    }

    pub(super) fn applied(&mut self, sums: &BTreeMap<Scope, ScopeSum>) -> Vec<Effect> {
        self.pull.stale = 0;
        self.progress();
        self.pull.cursor = std::mem::take(&mut self.pull.after);
        let Some(trailer) = self.pull.trailer.take() else { return self.ask_page() };
        if trailer.more {
            return self.ask_page();
        }
        let (known, differing): (Vec<_>, Vec<_>) =
            trailer.mismatches(sums).into_iter().partition(|scope| self.pull.anew.contains(scope));
        // Taken anew and still different: not ours to solve, but not to be hidden either.
        self.partly |= !known.is_empty();
        if !differing.is_empty() {
            for scope in &differing {
                self.pull.cursor.0.remove(scope);
                self.pull.anew.insert(scope.clone());
                self.end.repulled.push(scope.clone());
            }
            return vec![Effect::Drop { scopes: differing }];
        }
        self.all_pulled()
    }

    fn all_pulled(&mut self) -> Vec<Effect> {
        if self.stage == Stage::LastPull {
            return self.finish(EndKind::Done);
        }
        self.stage = Stage::Photos;
        vec![Effect::ListPhotos]
    }

    pub(super) fn pull_failed(&mut self, failure: &Failure) -> Vec<Effect> {
        if *failure == Failure::Outdated {
            self.outdated = true;
            return self.all_pulled();
        }
        self.again(failure, None)
    }
}
