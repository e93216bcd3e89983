//! The desk's own deadline: how soon a report is to be filed, and a filed case dispatched.

use xuncha_casework::terms::Term;
use xuncha_casework::{Calendar, Clock, MoveKind, Rules, State, format};

use crate::config::DeskLimits;
use crate::ledger::cases::CaseRow;

const MINUTE_MS: i64 = 60_000;

/// What the desk owes a case, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskDue {
    /// 立案 or 派遣.
    pub step: MoveKind,
    /// Its category runs on urgent hours: it stands before the others, and its minutes run round the clock.
    pub urgent: bool,
    /// Since when it waits, ms.
    pub from_ms: i64,
    /// Until when, ms.
    pub due_ms: i64,
    minutes: u32,
}

impl DeskDue {
    /// What the desk owes this case; none if it waits for no one there.
    #[must_use]
    pub fn of(row: &CaseRow, limits: DeskLimits, rules: &Rules) -> Option<Self> {
        let case = &row.case;
        let (step, from_ms, minutes) = match case.state {
            State::Reported => (MoveKind::Accept, case.reported_at_ms, limits.accept_min),
            State::Accepted | State::SentBack => (MoveKind::Dispatch, row.changed_ms, limits.dispatch_min),
            _ => return None,
        };
        let limit = case.category.as_ref().zip(case.condition.as_ref());
        let limit = limit.and_then(|(key, id)| rules.catalogue_of(key)?.limit(key, id, case.road_class));
        let urgent = limit.is_some_and(|limit| limit.clock == Clock::UrgentHours);
        let due_ms = rules.calendar.add(Self::clock(urgent), from_ms, i64::from(minutes) * MINUTE_MS).ok()?;
        Some(Self { step, urgent, from_ms, due_ms, minutes })
    }

    fn clock(urgent: bool) -> Clock {
        if urgent { Clock::UrgentHours } else { Clock::WorkingHours }
    }

    /// What comes first at the desk: the urgent, then the soonest deadline, then who has waited longest.
    #[must_use]
    pub fn rank(&self) -> (bool, i64, i64) {
        (!self.urgent, self.due_ms, self.from_ms)
    }

    /// Has it passed?
    #[must_use]
    pub fn is_over(&self, now_ms: i64) -> bool {
        now_ms > self.due_ms
    }

    /// Less than a quarter of its time is left.
    #[must_use]
    pub fn is_close(&self, now_ms: i64, calendar: &Calendar) -> bool {
        let left = calendar.between(Self::clock(self.urgent), now_ms, self.due_ms);
        !self.is_over(now_ms) && left * 4 < i64::from(self.minutes) * MINUTE_MS
    }

    /// `立案还有12分钟`, `派遣超期1工作时5分`.
    #[must_use]
    pub fn chip(&self, now_ms: i64, calendar: &Calendar) -> String {
        let (clock, day) = (Self::clock(self.urgent), calendar.day_length_ms());
        let step = self.step.words().zh;
        if self.is_over(now_ms) {
            let late = format::amount(clock, calendar.between(clock, self.due_ms, now_ms), day);
            format!("{step}{}{late}", Term::MarkOverdue.zh())
        } else {
            let left = calendar.between(clock, now_ms, self.due_ms);
            format!("{step}还有{}", format::amount(clock, left, day))
        }
    }

    /// `立案应在今天14:36前`, and how that is counted.
    #[must_use]
    pub fn sentence(&self, now_ms: i64, calendar: &Calendar) -> (String, String) {
        let step = self.step.words().zh;
        let since = if self.step == MoveKind::Accept { "上报" } else { "上一步" };
        let clock = if self.urgent { "急要件，昼夜连续计算" } else { "只算办公时间" };
        let said = format!("{step}应在{}前", format::near(self.due_ms, now_ms, calendar));
        let how = format!(
            "{since}是{}，本市定的{step}时限是{}分钟，{clock}。到期早的排在前面，急要件在最前。",
            format::near(self.from_ms, now_ms, calendar),
            self.minutes
        );
        (said, how)
    }
}
