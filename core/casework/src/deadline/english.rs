//! The same sentence, chip and explanation in English, for the second language of the screens.

use jiff::civil::Date;

use super::explain::Phrases;
use super::sentence::{Brief, Standing, day_of};
use super::{Calendar, Clock, Deadline, Extension, Limit, Why};
use crate::format::english as format;

impl Deadline {
    /// The sentence under a case's title.
    #[must_use]
    pub fn sentence_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        let amount = |ms: i64| format::amount(self.limit.clock, ms, calendar.day_length_ms());
        let by = |late: Option<i64>| late.map(|ms| format!(" by {}", amount(ms))).unwrap_or_default();
        match self.standing(now_ms, calendar) {
            Standing::DoneLate(None) => "Done late".to_owned(),
            Standing::DoneLate(Some(late)) => format!("Done {} late", amount(late)),
            Standing::DoneEarly(None) => "Done in time".to_owned(),
            Standing::DoneEarly(Some(early)) => format!("Done {} early", amount(early)),
            Standing::StoppedLate(why, late) => format!("{}; overdue{}", stopped(why), by(late)),
            Standing::StoppedLeft(why, left) => format!("{}; {} left", stopped(why), amount(left)),
            Standing::Suspended { until, left } => {
                let day = day_of(until, format::month_day);
                format!("Suspended, clock stopped; {} left from {day}", amount(left))
            }
            Standing::Overdue(late) => {
                format!("Overdue{}, was due {}", by(late), format::near(self.due_ms, now_ms, calendar))
            }
            Standing::Extended { was_ms, times: number } => {
                let (due, was) =
                    (format::dated(self.due_ms, now_ms, calendar), format::dated(was_ms, now_ms, calendar));
                format!("Extended {}, due {due} (was {was})", times(number))
            }
            Standing::Left { ms, urgent } => {
                let urgent = if urgent { " (urgent: nights count)" } else { "" };
                let due = format::near_weekday(self.due_ms, now_ms, calendar);
                format!("{} left{urgent}, due {due}", amount(ms))
            }
        }
    }

    /// What a dispatch at this moment would mean: `If dispatched now, due tomorrow 8:30`.
    #[must_use]
    pub fn preview_en(&self, calendar: &Calendar) -> String {
        format!("If dispatched now, due {}", format::near_weekday(self.due_ms, self.started_ms, calendar))
    }

    /// When it was dispatched and for how long: `Dispatched 11:30, limit 4 working hours`.
    #[must_use]
    pub fn limit_line_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        let start = self.start(now_ms, calendar, format::near);
        format!("Dispatched {start}, limit {}", format::limit(self.limit))
    }

    /// The chip of a list row: `3 h`, `2 d`, `40 min`, `overdue`.
    #[must_use]
    pub fn chip_en(&self, now_ms: i64, calendar: &Calendar) -> String {
        match self.brief(now_ms, calendar) {
            Brief::Overdue => "overdue".to_owned(),
            Brief::Stopped(Why::Suspended { .. }) => "suspended".to_owned(),
            Brief::Stopped(Why::SentBack) => "stopped".to_owned(),
            Brief::Stopped(Why::HandedIn) => "handed in".to_owned(),
            Brief::Stopped(Why::Closed) => "in time".to_owned(),
            Brief::Days(days) => format!("{days} d"),
            Brief::Minutes(minutes) => format!("{minutes} min"),
            Brief::Hours(hours) => format!("{hours} h"),
        }
    }

    /// How it was counted: “4 working hours. Counted from dispatch 8 Jul 11:30, 0.5 h until 12:00; on from 14:00,
    /// full at 17:30.”
    #[must_use]
    pub fn explain_en(&self, calendar: &Calendar) -> String {
        self.explain_in::<English>(calendar)
    }
}

fn stopped(why: &Why) -> &'static str {
    match why {
        Why::SentBack => "Sent back, clock stopped",
        Why::HandedIn => "Handed in, clock stopped",
        Why::Suspended { .. } => "Suspended, clock stopped",
        Why::Closed => "Done",
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

struct English;

impl Phrases for English {
    const GAP: &'static str = " ";
    const COMMA: &'static str = ", ";
    const STOP: &'static str = ".";
    const URGENT: &'static str = "nights and days off count, ";
    const OFFICE_HOURS: &'static str = "office hours only, ";

    fn month_day(date: Date) -> String {
        format::month_day(date)
    }

    fn limit(limit: Limit) -> String {
        format!("{}. ", format::limit(limit))
    }

    fn begins(at: &str) -> String {
        format!("Counted from dispatch {at}, ")
    }

    fn resumes(start: &str, (clock, used_ms): (Clock, i64), day_ms: i64, at: &str) -> String {
        let used = format::amount(clock, used_ms, day_ms);
        format!("Dispatched {start}, {used} used before the pause; counted on from {at}, ")
    }

    /// Names of holidays are administered in Chinese only.
    fn holiday(day: &str, _name: &str) -> String {
        format!("{day} (holiday)")
    }

    fn off(days: &str) -> String {
        format!("{days} off, ")
    }

    fn worked(days: &str) -> String {
        format!("{days} worked though off, ")
    }

    fn on_from(at: &str) -> String {
        format!("on from {at}, ")
    }

    fn until(used_ms: i64, at: &str) -> String {
        format!("{} until {at}; ", format::hours(used_ms))
    }

    fn full(at: &str, _limit: Limit) -> String {
        format!("full at {at}")
    }

    fn extended(number: usize, last: &Extension, day: &str, was: &str, now: &str) -> String {
        format!(" Extended {} (by {}, {day}), from {was} to {now}.", times(number), last.by_name)
    }
}
