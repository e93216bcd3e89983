//! Aggregates over columns that are kept up to date, instead of read again.

use super::nodes::first_count;
use super::*;
use crate::instance::tally::{Keeping, Part};
use crate::xpath::expr::Nodes;
use crate::xpath::functions::Function;

impl<'a> Eval<'a> {
    /// An aggregate's number; none where the nodes must be read, because a number of theirs is not exact.
    pub(super) fn kept(
        &self,
        function: Function,
        arguments: &'a [Expr],
        column: u32,
        here: &Here,
    ) -> Option<f64> {
        let [Expr::Nodes(nodes)] = arguments else { return None };
        let anchor = match (&nodes.start, here.item) {
            (Start::Up(levels), Item::Answer(node)) => self.state.climb(node, *levels)?,
            (Start::CurrentUp(levels), _) => self.state.climb(here.current, *levels)?,
            _ => return None,
        };
        let of = |part: Part| match function {
            Function::Count => Some(f64::from(part.nodes)),
            Function::CountNonEmpty => Some(f64::from(part.filled)),
            _ => part.total(),
        };
        match self.form.columns.get(column as usize)?.keeping {
            Keeping::Total => self.state.tally(self.form, column, anchor, |tally| of(tally.total())),
            Keeping::Running(_) => {
                let bound = self.bound(nodes, anchor, here)?;
                self.state.tally(self.form, column, anchor, |tally| of(tally.below(bound)))
            }
            Keeping::Extremes => self.state.tally(self.form, column, anchor, |tally| {
                let (least, greatest) = tally.extremes()?;
                Some(if function == Function::Min { least } else { greatest })
            }),
        }
    }

    /// The number below which the instances stand that a path with `[position() <= …]` takes.
    fn bound(&self, nodes: &'a Nodes, anchor: NodeId, here: &Here) -> Option<usize> {
        let mut at = anchor;
        for (to, predicates) in nodes.steps.iter() {
            let To::Slot(slot) = to else { return None };
            if let [Predicate::First(bound, inclusive)] = predicates {
                let count = first_count(self.number(bound, here), *inclusive);
                let Some(last) = count.checked_sub(1) else { return Some(0) };
                let last = self.state.shown_at(at, slot, last).and_then(|id| self.state.node(id));
                return Some(last.map_or(usize::MAX, |node| node.number as usize + 1));
            }
            at = self.state.slot(at, slot).first().copied()?;
        }
        None
    }
}
