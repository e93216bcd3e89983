//! Where a case stood on an earlier day: what later moves gave or took away does not count for it.

use super::{CaseFact, OutcomeKind};
use crate::case::{Move, VerifyResult};
use crate::day::Day;
use crate::deadline::Calendar;
use crate::ids::{PersonId, UnitId};

/// What of a case comes and goes, as far as figures of a day ask for it: who answers for it, and whether and with what
/// it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Course {
    responsible: Option<(UnitId, PersonId)>,
    claimed: Option<OutcomeKind>,
    closed_ms: Option<i64>,
}

impl Course {
    fn step(&mut self, mv: &Move, at_ms: i64) {
        match mv {
            Move::Dispatch(order) => {
                self.responsible = Some((order.responsible.unit.clone(), order.responsible.person.clone()));
            }
            Move::Rectify(done) => self.claimed = Some(OutcomeKind::from(&done.outcome)),
            Move::Verify(done) if done.result == VerifyResult::Failed => self.claimed = None,
            Move::Close { .. } => self.closed_ms = Some(at_ms),
            // What was rejected goes back to filing as it was.
            Move::Reopen { .. } if self.closed_ms.is_some() => *self = Self::default(),
            _ => {}
        }
    }
}

impl CaseFact {
    /// The same case as it stood at the end of a day: its person, unit, closing and outcome follow from the moves that
    /// had been accepted by then, oldest first, each with its time. All else is as it is now.
    #[must_use]
    pub fn as_of<'a>(
        self,
        day: Day,
        moves: impl IntoIterator<Item = (i64, &'a Move)>,
        calendar: &Calendar,
    ) -> Self {
        let end = day.end_ms(calendar);
        let mut course = Course::default();
        moves.into_iter().filter(|(at_ms, _)| *at_ms < end).for_each(|(at_ms, mv)| course.step(mv, at_ms));
        let (unit, person) = course.responsible.unzip();
        Self {
            unit,
            person,
            closed_ms: course.closed_ms,
            closed: course.closed_ms.map(|ms| Day::of(ms, calendar)),
            outcome: course.claimed.filter(|_| course.closed_ms.is_some()),
            ..self
        }
    }
}
