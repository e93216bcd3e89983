//! How a deadline was counted (怎么算的), in one paragraph of either language.

use jiff::civil::Date;

use super::calendar::{DAY_MS, date_of};
use super::{Calendar, Clock, DayKind, Deadline, Extension, Limit};
use crate::format::{civil, clock_time};

/// A language's phrases for how a deadline was counted; each ends as its place in the sentence asks. `at`, `start`,
/// `day`, `was` and `now` are moments and days already written.
pub(super) trait Phrases {
    /// Between a day and its time.
    const GAP: &'static str;
    /// Between the days of a list.
    const COMMA: &'static str;
    /// After the count.
    const STOP: &'static str;
    /// That nights and days off count.
    const URGENT: &'static str;
    /// That office hours alone count.
    const OFFICE_HOURS: &'static str;

    fn month_day(date: Date) -> String;
    fn limit(limit: Limit) -> String;
    fn begins(at: &str) -> String;
    fn resumes(start: &str, used: (Clock, i64), day_ms: i64, at: &str) -> String;
    fn holiday(day: &str, name: &str) -> String;
    fn off(days: &str) -> String;
    fn worked(days: &str) -> String;
    fn on_from(at: &str) -> String;
    fn until(used_ms: i64, at: &str) -> String;
    fn full(at: &str, limit: Limit) -> String;
    fn extended(times: usize, last: &Extension, day: &str, was: &str, now: &str) -> String;
}

impl Deadline {
    pub(super) fn explain_in<P: Phrases>(&self, calendar: &Calendar) -> String {
        let counted_until = self.extensions.first().map_or(self.due_ms, |first| first.from_due_ms);
        let mut text = P::limit(self.limit);
        let since = day_time::<P>(self.running_since_ms, calendar);
        let resumed = self.used_ms > 0 || self.running_since_ms != self.started_ms;
        text.push_str(&if resumed {
            let start = day_time::<P>(self.started_ms, calendar);
            P::resumes(&start, (self.limit.clock, self.used_ms), calendar.day_length_ms(), &since)
        } else {
            P::begins(&since)
        });
        // A pause after an extension leaves the extended end as the only one that still holds.
        let end = if counted_until > self.running_since_ms { counted_until } else { self.due_ms };
        match self.limit.clock {
            Clock::UrgentHours => text.push_str(P::URGENT),
            Clock::WorkingHours => {}
            Clock::WorkingDays => {
                text.push_str(P::OFFICE_HOURS);
                text.push_str(&days_off::<P>(self.running_since_ms, end, calendar));
            }
        }
        text.push_str(&match self.limit.clock {
            Clock::WorkingHours => self.hour_by_hour::<P>(end, calendar),
            Clock::UrgentHours | Clock::WorkingDays => self.full::<P>(end, self.running_since_ms, calendar),
        });
        text.push_str(P::STOP);
        text.push_str(&self.extended::<P>(calendar));
        text
    }

    /// `到17:30满4小时`.
    fn full<P: Phrases>(&self, end: i64, before: i64, calendar: &Calendar) -> String {
        P::full(&same_day::<P>(end, before, calendar), self.limit)
    }

    fn hour_by_hour<P: Phrases>(&self, end: i64, calendar: &Calendar) -> String {
        let mut text = String::new();
        let mut before = self.running_since_ms;
        let slices = calendar.slices(self.running_since_ms, end);
        let last = slices.len().saturating_sub(1);
        for (at, (from, to)) in slices.into_iter().enumerate() {
            if from > before {
                text.push_str(&days_off::<P>(before, from, calendar));
                text.push_str(&P::on_from(&same_day::<P>(from, before, calendar)));
            }
            text.push_str(&if at == last {
                self.full::<P>(end, from, calendar)
            } else {
                P::until(to - from, &clock_time(to, calendar))
            });
            before = to;
        }
        text
    }

    /// `延期1次（陈晓7月8日批准），原17:30，现7月9日12:00。`
    fn extended<P: Phrases>(&self, calendar: &Calendar) -> String {
        let Some(last) = self.extensions.last() else { return String::new() };
        let day = P::month_day(civil(last.at_ms, calendar).date());
        let was = self.original_due_ms.unwrap_or(last.from_due_ms);
        let moment = |ms| same_day::<P>(ms, last.at_ms, calendar);
        P::extended(self.extensions.len(), last, &day, &moment(was), &moment(self.due_ms))
    }
}

fn day_time<P: Phrases>(ms: i64, calendar: &Calendar) -> String {
    format!("{}{}{}", P::month_day(civil(ms, calendar).date()), P::GAP, clock_time(ms, calendar))
}

/// A time, with its day only if it is another one than the time before it.
fn same_day<P: Phrases>(ms: i64, before_ms: i64, calendar: &Calendar) -> String {
    if civil(ms, calendar).date() == civil(before_ms, calendar).date() {
        clock_time(ms, calendar)
    } else {
        day_time::<P>(ms, calendar)
    }
}

/// The days between two moments that are not worked, and those that are worked though off.
fn days_off<P: Phrases>(from: i64, to: i64, calendar: &Calendar) -> String {
    let day = |ms: i64| calendar.to_local(ms).div_euclid(DAY_MS);
    let (mut off, mut worked) = (Vec::new(), Vec::new());
    for date in (day(from)..=day(to)).filter_map(date_of) {
        match calendar.day_kind(date) {
            DayKind::Working => {}
            DayKind::MakeUp => worked.push(P::month_day(date)),
            DayKind::DayOff => off.push(P::month_day(date)),
            DayKind::Holiday(name) => off.push(P::holiday(&P::month_day(date), &name)),
        }
    }
    let mut text = String::new();
    if !off.is_empty() {
        text.push_str(&P::off(&off.join(P::COMMA)));
    }
    if !worked.is_empty() {
        text.push_str(&P::worked(&worked.join(P::COMMA)));
    }
    text
}
