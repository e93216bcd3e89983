//! What a deadline says about itself, before any language words it: one sentence, one chip.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Calendar, Clock, Deadline, Why, calendar::MINUTE_MS, calendar::parse_day};
use crate::format::{civil, clock_time};

/// The role of a colour; which colour it is, the token file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to note.
    Neutral,
    /// Under way.
    Primary,
    /// Done.
    Ok,
    /// 25 % of the time or less is left.
    Warn,
    /// Past.
    Danger,
    /// Facts worth a look first.
    Hint,
}

/// A deadline in two or three characters: `3工时`, `2天`, `40分`, `超期`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// The text; a number is always written.
    pub text: String,
    /// The colour's role.
    pub tone: Tone,
}

/// Which sentence holds. Amounts are milliseconds of the limit's clock; being late or early by less than a minute,
/// such as overdue in the night after, has no amount worth saying.
pub(super) enum Standing<'a> {
    DoneLate(Option<i64>),
    DoneEarly(Option<i64>),
    StoppedLate(&'a Why, Option<i64>),
    StoppedLeft(&'a Why, i64),
    Suspended { until: &'a str, left: i64 },
    Overdue(Option<i64>),
    Extended { was_ms: i64, times: usize },
    Left { ms: i64, urgent: bool },
}

/// What a chip says.
pub(super) enum Brief<'a> {
    Overdue,
    Stopped(&'a Why),
    Days(i64),
    Minutes(i64),
    /// Hours of the limit's clock.
    Hours(i64),
}

impl Deadline {
    pub(super) fn standing(&self, now_ms: i64, calendar: &Calendar) -> Standing<'_> {
        let left = self.left_ms(now_ms, calendar);
        let said = |ms: i64| (ms >= MINUTE_MS).then_some(ms);
        if let Some(stop) = &self.stopped {
            let over = stop.at_ms > self.due_ms;
            return match &stop.why {
                Why::Closed if over => Standing::DoneLate(said(-left)),
                Why::Closed => Standing::DoneEarly(said(left)),
                Why::Suspended { until } => Standing::Suspended { until, left },
                why @ (Why::SentBack | Why::HandedIn) if over => Standing::StoppedLate(why, said(-left)),
                why @ (Why::SentBack | Why::HandedIn) => Standing::StoppedLeft(why, left),
            };
        }
        if self.is_overdue(now_ms) {
            return Standing::Overdue(said(-left));
        }
        match self.original_due_ms {
            Some(was_ms) => Standing::Extended { was_ms, times: self.extensions.len() },
            None => Standing::Left { ms: left, urgent: self.limit.clock == Clock::UrgentHours },
        }
    }

    pub(super) fn brief(&self, now_ms: i64, calendar: &Calendar) -> Brief<'_> {
        if self.is_overdue(now_ms) {
            return Brief::Overdue;
        }
        if let Some(stop) = &self.stopped {
            return Brief::Stopped(&stop.why);
        }
        let minutes = self.left_ms(now_ms, calendar) / MINUTE_MS;
        let day = (calendar.day_length_ms() / MINUTE_MS).max(1);
        match self.limit.clock {
            Clock::WorkingDays if minutes >= day => Brief::Days(minutes / day),
            _ if minutes < 60 => Brief::Minutes(minutes),
            _ => Brief::Hours(minutes / 60),
        }
    }

    pub(super) fn tone(&self, brief: &Brief<'_>, now_ms: i64, calendar: &Calendar) -> Tone {
        match brief {
            Brief::Overdue => Tone::Danger,
            Brief::Stopped(Why::Closed) => Tone::Ok,
            Brief::Stopped(Why::SentBack | Why::HandedIn | Why::Suspended { .. }) => Tone::Neutral,
            Brief::Days(_) | Brief::Minutes(_) | Brief::Hours(_) if self.is_close(now_ms, calendar) => {
                Tone::Warn
            }
            Brief::Days(_) | Brief::Minutes(_) | Brief::Hours(_) => Tone::Neutral,
        }
    }

    /// When the clock started: the time alone if that was today, else in the words of `near`.
    pub(super) fn start(
        &self,
        now_ms: i64,
        calendar: &Calendar,
        near: fn(i64, i64, &Calendar) -> String,
    ) -> String {
        if civil(now_ms, calendar).date() == civil(self.started_ms, calendar).date() {
            clock_time(self.started_ms, calendar)
        } else {
            near(self.started_ms, now_ms, calendar)
        }
    }
}

/// The day until which a case is suspended; one that is none is shown as it stands.
pub(super) fn day_of(until: &str, month_day: fn(Date) -> String) -> String {
    parse_day(until).map_or_else(|| until.to_owned(), month_day)
}
