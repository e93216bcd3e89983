//! What the expressions of one change, or of one look at a screen, may still do.

use crate::context::Limits;
use std::cell::Cell;

/// Counts down. Where nothing is left, node-sets and texts come out empty, so that whatever asked ends soon; a change
/// is taken back then.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    evaluations: usize,
    text_made: usize,
    evaluations_left: Cell<usize>,
    text_left: Cell<usize>,
    passed: Cell<Option<(&'static str, usize)>>,
}

impl Work {
    pub(crate) fn new(limits: &Limits) -> Work {
        let Limits { evaluations, text_made, .. } = *limits;
        Work {
            evaluations,
            text_made,
            evaluations_left: Cell::new(evaluations),
            text_left: Cell::new(text_made),
            passed: Cell::new(None),
        }
    }

    /// A change begins.
    pub(crate) fn renew(&self) {
        self.allow(self.evaluations, self.text_made);
    }

    /// A look begins: it comes after every change, and a person waits for both.
    pub(crate) fn renew_to_look(&self) {
        self.allow(self.evaluations / 2, self.text_made);
    }

    /// Everything is to be done at once that a person's changes did one by one: what they were allowed must not
    /// keep a draft from being opened or a record from being finished.
    pub(crate) fn renew_for_all(&self) {
        self.allow(self.evaluations.saturating_mul(20), self.text_made.saturating_mul(4));
    }

    fn allow(&self, evaluations: usize, text_made: usize) {
        self.evaluations_left.set(evaluations);
        self.text_left.set(text_made);
        self.passed.set(None);
    }

    /// So many more evaluations; whether they may be.
    pub(crate) fn evaluate(&self, count: usize) -> bool {
        match self.evaluations_left.get().checked_sub(count) {
            Some(left) => {
                self.evaluations_left.set(left);
                true
            }
            None => self.too_many(),
        }
    }

    #[cold]
    fn too_many(&self) -> bool {
        self.evaluations_left.set(0);
        self.passed.set(Some(("the number of evaluations of one change", self.evaluations)));
        false
    }

    /// A text of so many bytes is to be read through.
    pub(crate) fn read(&self, bytes: usize) -> bool {
        const SHORT: usize = 64;
        const AT_ONCE: usize = 16;
        bytes < SHORT || self.evaluate(bytes / AT_ONCE)
    }

    /// A text of so many bytes is to be made; short ones are as many as nodes and evaluations are.
    pub(crate) fn make(&self, bytes: usize) -> bool {
        const SHORT: usize = 1000;
        if bytes <= SHORT {
            return true;
        }
        let left = self.text_left.get();
        self.text_left.set(left.saturating_sub(bytes));
        if left < bytes {
            self.passed.set(Some(("the long text that one change makes, in bytes,", self.text_made)));
        }
        left >= bytes && self.read(bytes)
    }

    /// The limit that was passed since it began, and its value.
    pub(crate) fn passed(&self) -> Option<(&'static str, usize)> {
        self.passed.get()
    }
}
