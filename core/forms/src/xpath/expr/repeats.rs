//! What is known of expressions over repeats when they are compiled: columns that aggregates keep, and
//! which instances read which.

use super::super::ast::Operator;
use super::super::functions::Function;
use super::compile::{Compiler, Context};
use super::*;
use crate::form::Column;
use crate::instance::tally::Keeping;

impl Compiler<'_> {
    fn above(&self, id: DefId, levels: u16) -> Option<DefId> {
        let mut id = id;
        for _ in 0..levels {
            id = self.def(id)?.parent?;
        }
        Some(id)
    }

    /// The column that an aggregate reads, where it can be kept.
    pub(super) fn column(&mut self, function: Function, argument: &Expr) -> Option<u32> {
        let Expr::Nodes(nodes) = argument else { return None };
        if self.absent {
            return None;
        }
        let anchor = match (&nodes.start, self.context) {
            (Start::CurrentUp(levels), _) | (Start::Up(levels), Context::Own) => {
                self.above(self.own, *levels)?
            }
            (Start::Up(levels), Context::Candidate(def)) => self.above(def, *levels)?,
            _ => return None,
        };
        let mut leaf = anchor;
        let mut path = Vec::new();
        // The level of the repeat whose first instances are asked for.
        let mut bounded = None;
        let mut repeats = 0;
        for (to, predicates) in nodes.steps.iter() {
            let To::Slot(slot) = to else { return None };
            leaf = self.def(leaf)?.children.get(slot as usize).copied()?;
            path.push(slot);
            let repeated = self.def(leaf)?.repeats;
            repeats += usize::from(repeated);
            match predicates {
                [] => {}
                [Predicate::First(..)] if repeated && bounded.is_none() => bounded = Some(path.len()),
                _ => return None,
            }
        }
        let def = self.def(leaf)?;
        // The text of a group is that of all below it.
        let group = def.children.iter().any(|id| self.def(*id).is_some_and(|def| !def.attribute));
        if repeats == 0 || (group && function != Function::Count) {
            return None;
        }
        let keeping = match (function, bounded) {
            (Function::Min | Function::Max, None) => Keeping::Extremes,
            (Function::Min | Function::Max, Some(_)) => return None,
            (_, None) => Keeping::Total,
            (_, Some(at)) if repeats == 1 => Keeping::Running(u16::try_from(path.len() - at).ok()?),
            _ => return None,
        };
        let column = Column { leaf, up: u16::try_from(path.len()).ok()?, path: path.into(), keeping };
        let table = &mut self.tables.as_deref_mut()?.columns;
        let at = table.iter().position(|known| *known == column).unwrap_or_else(|| {
            table.push(column);
            table.len() - 1
        });
        u32::try_from(at).ok()
    }

    /// Which instances of `repeat` read which, when one is read through these predicates at each other.
    /// `own` says whether they were compiled where the reader stands.
    pub(super) fn reach(&self, repeat: DefId, predicates: &[Predicate], own: bool) -> Option<Reach> {
        let [predicate] = predicates else { return None };
        if self.absent || self.context != Context::Own {
            return None;
        }
        let (offset, only) = match predicate {
            Predicate::At(position) => (-self.distance(repeat, position, own)?, true),
            Predicate::First(bound, true) => (-self.distance(repeat, bound, own)?, false),
            Predicate::First(bound, false) => (1 - self.distance(repeat, bound, own)?, false),
            _ => return None,
        };
        Some(Reach { repeat, offset, only })
    }

    /// Notes the reach of a path: of what it leads to (its first reference) and of what the predicate of
    /// its repeat counts (those since `before`).
    pub(super) fn limit(&mut self, before: usize, anchor: DefId, reach: Option<Reach>) {
        for (at, reference) in self.references.iter_mut().enumerate() {
            if (at == 0 || at >= before) && reference.anchor == anchor && reference.across {
                reference.reach = reach;
            }
        }
    }

    /// `position(..) - 1` as -1: how far from the reader's own instance of a repeat.
    fn distance(&self, repeat: DefId, position: &Expr, own: bool) -> Option<i32> {
        match position {
            Expr::Call(Function::Position, arguments) => {
                let [Expr::Nodes(nodes)] = &**arguments else { return None };
                let levels = match nodes.start {
                    Start::CurrentUp(levels) => levels,
                    Start::Up(levels) if own => levels,
                    _ => return None,
                };
                (nodes.steps.is_empty() && self.above(self.own, levels) == Some(repeat)).then_some(0)
            }
            Expr::Chain(chain) => {
                let mut total = self.distance(repeat, &chain.first, own)?;
                for (operator, part) in chain.rest() {
                    let Expr::Number(number) = part else { return None };
                    if number.fract() != 0.0 || number.abs() > 1e6 {
                        return None;
                    }
                    #[allow(clippy::cast_possible_truncation, reason = "checked")]
                    let number = *number as i32;
                    match operator {
                        Operator::Add => total += number,
                        Operator::Subtract => total -= number,
                        _ => return None,
                    }
                }
                Some(total)
            }
            _ => None,
        }
    }
}
