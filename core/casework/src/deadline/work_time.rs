//! Counting in the clocks: adding office time, measuring it, and what pauses and extensions do.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::calendar::{DAY_MS, day_number, parse_day};
use super::{Calendar, Clock, Deadline, DeadlineError, Extension, Limit, Stop, Why};
use crate::ids::PersonId;

const HOUR_MS: i64 = 3_600_000;
/// 0001-01-01 and 9999-12-30 as day numbers: the years that a calendar covers.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_895;
const MOST: u32 = 10_000;

impl Calendar {
    /// How much time of its clock a limit gives, in milliseconds.
    pub(super) fn allowance_ms(&self, limit: Limit) -> Result<i64, DeadlineError> {
        match limit.amount {
            0 => Err(DeadlineError::Zero),
            amount if amount > MOST => Err(DeadlineError::OutOfRange),
            amount => Ok(i64::from(amount) * self.unit_ms(limit.clock)),
        }
    }

    /// One hour, or one working day, of a clock.
    pub(super) fn unit_ms(&self, clock: Clock) -> i64 {
        match clock {
            Clock::UrgentHours | Clock::WorkingHours => HOUR_MS,
            Clock::WorkingDays => self.day_length_ms(),
        }
    }

    /// The moment at which `amount_ms` of the clock have passed since `from_ms`.
    ///
    /// # Errors
    /// [`DeadlineError::OutOfRange`] outside the years that a calendar covers.
    pub fn add(&self, clock: Clock, from_ms: i64, amount_ms: i64) -> Result<i64, DeadlineError> {
        let local = self.to_local(from_ms);
        if !DAYS.contains(&local.div_euclid(DAY_MS)) {
            return Err(DeadlineError::OutOfRange);
        }
        if clock == Clock::UrgentHours || amount_ms <= 0 {
            let end = local.checked_add(amount_ms.max(0)).ok_or(DeadlineError::OutOfRange)?;
            let inside = DAYS.contains(&end.div_euclid(DAY_MS));
            return if inside { Ok(self.to_utc(end)) } else { Err(DeadlineError::OutOfRange) };
        }
        let mut left = amount_ms;
        let mut day = local.div_euclid(DAY_MS);
        while DAYS.contains(&day) {
            if self.is_working(day) {
                for (from, to) in &self.hours {
                    let start = (day * DAY_MS + from).max(local);
                    let open = day * DAY_MS + to - start;
                    if open >= left {
                        return Ok(self.to_utc(start + left));
                    }
                    left -= open.max(0);
                }
            }
            day += 1;
        }
        Err(DeadlineError::OutOfRange)
    }

    /// How much of the clock passes from one moment to a later one; zero if it is not later.
    #[must_use]
    pub fn between(&self, clock: Clock, from_ms: i64, to_ms: i64) -> i64 {
        if clock == Clock::UrgentHours {
            return to_ms.saturating_sub(from_ms).max(0);
        }
        let (from, to) = (self.to_local(from_ms), self.to_local(to_ms));
        self.office(from, to).map(|(a, b)| b - a).sum()
    }
}

impl Deadline {
    /// Time left in the limit's clock, in milliseconds: negative once overdue, constant while stopped.
    #[must_use]
    pub fn left_ms(&self, now_ms: i64, calendar: &Calendar) -> i64 {
        if let Some(stop) = &self.stopped {
            return stop.left_ms;
        }
        // A phone whose clock lags behind the hub's must not show more time than was given.
        let now = now_ms.max(self.running_since_ms);
        if now <= self.due_ms {
            calendar.between(self.limit.clock, now, self.due_ms)
        } else {
            -calendar.between(self.limit.clock, self.due_ms, now)
        }
    }

    /// Whether it is past. Strictly by the moment, even when office time has not moved since.
    #[must_use]
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        match &self.stopped {
            Some(stop) => stop.at_ms > self.due_ms,
            None => now_ms > self.due_ms,
        }
    }

    /// Whether 25 % of the time or less is left, or none.
    #[must_use]
    pub fn is_close(&self, now_ms: i64, calendar: &Calendar) -> bool {
        let whole = self.used_ms + calendar.between(self.limit.clock, self.running_since_ms, self.due_ms);
        self.left_ms(now_ms, calendar).saturating_mul(4) <= whole
    }

    /// Stops the clock; a clock that stands still keeps its time and only changes its reason.
    pub fn stop(&mut self, at_ms: i64, why: Why, calendar: &Calendar) {
        let stop = match self.stopped.take() {
            Some(stop) => Stop { why, ..stop },
            None => {
                // Never before it began: a late clock must not earn time.
                let at_ms = at_ms.max(self.running_since_ms);
                Stop { at_ms, left_ms: self.left_ms(at_ms, calendar), why }
            }
        };
        self.stopped = Some(stop);
    }

    /// Lets a stopped clock run again; what was left runs from now. An overdue one stays overdue since
    /// its day, because a pause does not move a deadline that had passed.
    ///
    /// # Errors
    /// [`DeadlineError::OutOfRange`]; the deadline is then unchanged.
    pub fn resume(&mut self, at_ms: i64, calendar: &Calendar) -> Result<(), DeadlineError> {
        let Some(stop) = &self.stopped else { return Ok(()) };
        let at_ms = at_ms.max(stop.at_ms);
        if stop.at_ms <= self.due_ms {
            let due = calendar.add(self.limit.clock, at_ms, stop.left_ms.max(0))?;
            self.used_ms += calendar.between(self.limit.clock, self.running_since_ms, stop.at_ms);
            self.running_since_ms = at_ms;
            self.due_ms = due;
        }
        self.stopped = None;
        Ok(())
    }

    /// Extends a running deadline to a moment, or by its limit once more.
    ///
    /// # Errors
    /// [`DeadlineError::NotLater`] if the moment does not lie after the present deadline;
    /// [`DeadlineError::OutOfRange`].
    pub fn extend(
        &mut self,
        until_ms: Option<i64>,
        (by, by_name): (PersonId, String),
        at_ms: i64,
        calendar: &Calendar,
    ) -> Result<(), DeadlineError> {
        let to_due_ms = match until_ms {
            Some(until) => calendar.add(Clock::UrgentHours, until, 0)?,
            None => calendar.add(self.limit.clock, self.due_ms, calendar.allowance_ms(self.limit)?)?,
        };
        if to_due_ms <= self.due_ms {
            return Err(DeadlineError::NotLater);
        }
        self.original_due_ms.get_or_insert(self.due_ms);
        self.extensions.push(Extension { by, by_name, at_ms, from_due_ms: self.due_ms, to_due_ms });
        self.due_ms = to_due_ms;
        Ok(())
    }
}

impl Calendar {
    /// The first moment of a day `YYYY-MM-DD` in the calendar's zone.
    ///
    /// # Errors
    /// [`DeadlineError::BadDay`] for any other text.
    pub fn day_start_ms(&self, text: &str) -> Result<i64, DeadlineError> {
        let date = parse_day(text).ok_or(DeadlineError::BadDay)?;
        Ok(self.midnight_ms(day_number(date)))
    }

    /// The first moment of a day number in the calendar's zone.
    pub(crate) fn midnight_ms(&self, day: i64) -> i64 {
        self.to_utc(day.saturating_mul(DAY_MS))
    }

    /// The local date and time of a moment; beyond the years that a calendar covers it is 1970.
    #[must_use]
    pub fn civil(&self, ms: i64) -> DateTime {
        let local =
            jiff::Timestamp::from_millisecond(self.to_local(ms)).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Offset::UTC.to_datetime(local)
    }

    /// The stretches of office time between two moments.
    pub(super) fn slices(&self, from_ms: i64, to_ms: i64) -> Vec<(i64, i64)> {
        let (from, to) = (self.to_local(from_ms), self.to_local(to_ms));
        self.office(from, to).map(|(a, b)| (self.to_utc(a), self.to_utc(b))).collect()
    }

    /// The same in local time.
    fn office(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = from.div_euclid(DAY_MS).max(*DAYS.start());
        let last = to.div_euclid(DAY_MS).min(*DAYS.end());
        (first..=last)
            .filter(|day| self.is_working(*day))
            .flat_map(|day| self.hours.iter().map(move |(a, b)| (day * DAY_MS + a, day * DAY_MS + b)))
            .map(move |(a, b)| (a.max(from), b.min(to)))
            .filter(|(a, b)| a < b)
    }
}
