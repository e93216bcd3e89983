//! A deadline's sentence, chip and explanation in English, for the second language of the screens. Which sentence
//! holds is decided as in Chinese.

use super::calendar::{DAY_MS, date_of};
use super::{Calendar, Clock, DayKind, Deadline, Why, parse_day};
use crate::format::english as format;
use crate::format::{civil, clock_time};

impl Deadline {
    /// The sentence under a case's title.
    #[must_use]
    pub fn sentence_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        let clock = self.limit.clock;
        let left = self.left_ms(now_ms, calendar);
        let amount = |ms: i64| format::amount(clock, ms, calendar.day_length_ms());
        if let Some(stop) = &self.stopped {
            let over = stop.at_ms > self.due_ms;
            return match &stop.why {
                Why::Closed if over && left > -60_000 => "Done late".to_owned(),
                Why::Closed if over => format!("Done {} late", amount(-left)),
                Why::Closed if left < 60_000 => "Done in time".to_owned(),
                Why::Closed => format!("Done {} early", amount(left)),
                Why::SentBack if over => {
                    format!("Sent back, clock stopped; {}", overdue(&amount(-left), left))
                }
                Why::SentBack => format!("Sent back, clock stopped; {} left", amount(left)),
                Why::HandedIn if over => {
                    format!("Handed in, clock stopped; {}", overdue(&amount(-left), left))
                }
                Why::HandedIn => format!("Handed in, clock stopped; {} left", amount(left)),
                Why::Suspended { until } => {
                    let day = parse_day(until).map_or_else(|| until.clone(), format::month_day);
                    format!("Suspended, clock stopped; {} left from {day}", amount(left))
                }
            };
        }
        if self.is_overdue(now_ms) {
            let due = format::near(self.due_ms, now_ms, calendar);
            let late = if left > -60_000 { String::new() } else { format!(" by {}", amount(-left)) };
            return format!("Overdue{late}, was due {due}");
        }
        if let Some(original) = self.original_due_ms {
            let (due, was) =
                (format::dated(self.due_ms, now_ms, calendar), format::dated(original, now_ms, calendar));
            return format!("Extended {}, due {due} (was {was})", times(self.extensions.len()));
        }
        let due = format::near_weekday(self.due_ms, now_ms, calendar);
        let urgent = if clock == Clock::UrgentHours { " (urgent: nights count)" } else { "" };
        format!("{} left{urgent}, due {due}", amount(left))
    }

    /// What a dispatch at this moment would mean: `If dispatched now, due tomorrow 8:30`.
    #[must_use]
    pub fn preview_en(&self, calendar: &Calendar) -> String {
        format!("If dispatched now, due {}", format::near_weekday(self.due_ms, self.started_ms, calendar))
    }

    /// When it was dispatched and for how long: `Dispatched 11:30, limit 4 working hours`.
    #[must_use]
    pub fn limit_line_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        let today = civil(now_ms, calendar).date() == civil(self.started_ms, calendar).date();
        let start = if today {
            clock_time(self.started_ms, calendar)
        } else {
            format::near(self.started_ms, now_ms, calendar)
        };
        format!("Dispatched {start}, limit {}", format::limit(self.limit))
    }

    /// The chip of a list row: `3 h`, `2 d`, `40 min`, `overdue`.
    #[must_use]
    pub fn chip_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        if self.is_overdue(now_ms) {
            return "overdue".to_owned();
        }
        match self.stopped.as_ref().map(|stop| &stop.why) {
            Some(Why::Suspended { .. }) => return "suspended".to_owned(),
            Some(Why::SentBack) => return "stopped".to_owned(),
            Some(Why::HandedIn) => return "handed in".to_owned(),
            Some(Why::Closed) => return "in time".to_owned(),
            None => {}
        }
        let minutes = self.left_ms(now_ms, calendar) / 60_000;
        let day = (calendar.day_length_ms() / 60_000).max(1);
        match self.limit.clock {
            Clock::WorkingDays if minutes >= day => format!("{} d", minutes / day),
            _ if minutes < 60 => format!("{minutes} min"),
            _ => format!("{} h", minutes / 60),
        }
    }

    /// How it was counted: “4 working hours. Counted from dispatch 8 Jul 11:30, 0.5 h until 12:00; on from 14:00,
    /// full at 17:30.”
    #[must_use]
    pub fn explain_en(&self, calendar: &Calendar) -> String {
        let counted_until = self.extensions.first().map_or(self.due_ms, |first| first.from_due_ms);
        let mut text = format!("{}. ", format::limit(self.limit));
        let resumed = self.used_ms > 0 || self.running_since_ms != self.started_ms;
        if resumed {
            let used = format::amount(self.limit.clock, self.used_ms, calendar.day_length_ms());
            let start = dated(self.started_ms, calendar);
            text.push_str(&format!("Dispatched {start}, {used} used before the pause; counted on from "));
        } else {
            text.push_str("Counted from dispatch ");
        }
        // A pause after an extension leaves the extended end as the only one that still holds.
        let end = if counted_until > self.running_since_ms { counted_until } else { self.due_ms };
        text.push_str(&format!("{}, ", dated(self.running_since_ms, calendar)));
        text.push_str(&match self.limit.clock {
            Clock::UrgentHours => {
                format!("nights and days off count, {}", full(end, self.running_since_ms, calendar))
            }
            Clock::WorkingHours => self.hour_by_hour_en(end, calendar),
            Clock::WorkingDays => format!(
                "office hours only, {}{}",
                days_off(self.running_since_ms, end, calendar),
                full(end, self.running_since_ms, calendar)
            ),
        });
        text.push('.');
        if let Some(last) = self.extensions.last() {
            let was = self.original_due_ms.unwrap_or(last.from_due_ms);
            text.push_str(&format!(
                " Extended {} (by {}, {}), from {} to {}.",
                times(self.extensions.len()),
                last.by_name,
                format::month_day(civil(last.at_ms, calendar).date()),
                same_day(was, last.at_ms, calendar),
                same_day(self.due_ms, last.at_ms, calendar),
            ));
        }
        text
    }

    fn hour_by_hour_en(&self, end: i64, calendar: &Calendar) -> String {
        let mut text = String::new();
        let mut before = self.running_since_ms;
        let slices = calendar.slices(self.running_since_ms, end);
        let last = slices.len().saturating_sub(1);
        for (at, (from, to)) in slices.into_iter().enumerate() {
            if from > before {
                text.push_str(&days_off(before, from, calendar));
                text.push_str(&format!("on from {}, ", same_day(from, before, calendar)));
            }
            if at == last {
                text.push_str(&full(end, from, calendar));
            } else {
                text.push_str(&format!("{} until {}; ", format::hours(to - from), clock_time(to, calendar)));
            }
            before = to;
        }
        text
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn overdue(amount: &str, left_ms: i64) -> String {
    if left_ms > -60_000 { "overdue".to_owned() } else { format!("overdue by {amount}") }
}

fn dated(ms: i64, calendar: &Calendar) -> String {
    format!("{} {}", format::month_day(civil(ms, calendar).date()), clock_time(ms, calendar))
}

/// A time, with its day only if it is another one than the time before it.
fn same_day(ms: i64, before_ms: i64, calendar: &Calendar) -> String {
    if civil(ms, calendar).date() == civil(before_ms, calendar).date() {
        clock_time(ms, calendar)
    } else {
        dated(ms, calendar)
    }
}

fn full(end: i64, before: i64, calendar: &Calendar) -> String {
    format!("full at {}", same_day(end, before, calendar))
}

/// The days between two moments that are not worked, and those that are worked though off.
fn days_off(from: i64, to: i64, calendar: &Calendar) -> String {
    let day = |ms: i64| calendar.to_local(ms).div_euclid(DAY_MS);
    let (mut off, mut worked) = (Vec::new(), Vec::new());
    for date in (day(from)..=day(to)).filter_map(date_of) {
        match calendar.day_kind(date) {
            DayKind::Working => {}
            DayKind::MakeUp => worked.push(format::month_day(date)),
            DayKind::DayOff => off.push(format::month_day(date)),
            DayKind::Holiday(_) => off.push(format!("{} (holiday)", format::month_day(date))),
        }
    }
    let mut text = String::new();
    if !off.is_empty() {
        text.push_str(&format!("{} off, ", off.join(", ")));
    }
    if !worked.is_empty() {
        text.push_str(&format!("{} worked though off, ", worked.join(", ")));
    }
    text
}
