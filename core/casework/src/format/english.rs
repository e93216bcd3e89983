//! The same dates and amounts in English, for the second language of the screens.

use jiff::civil::{Date, Weekday};

use super::{Amount, Moments, Units};
use crate::deadline::{Calendar, Clock, Limit};

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// `8 Jul`.
#[must_use]
pub fn month_day(date: Date) -> String {
    let month = match date.month() {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    };
    format!("{} {month}", date.day())
}

/// `Wed 8 Jul`.
#[must_use]
pub fn month_day_weekday(date: Date) -> String {
    format!("{} {}", weekday(date), month_day(date))
}

const ENGLISH: Moments = Moments {
    today: "today",
    tomorrow: "tomorrow",
    yesterday: "yesterday",
    with_year: |day, year| format!("{day} {year}"),
    gap: " ",
};

/// `today 17:30`, `yesterday 16:05`, `8 Jul 14:30`, with the year if it is another one.
#[must_use]
pub fn near(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    ENGLISH.near(ms, now_ms, calendar, month_day)
}

/// Like [`near`], with the weekday on days further off: `Fri 10 Jul 14:30`.
#[must_use]
pub fn near_weekday(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    ENGLISH.near(ms, now_ms, calendar, month_day_weekday)
}

/// `9 Jul 12:00`; only today is named by its word, for pairs of old and new deadlines.
#[must_use]
pub fn dated(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    ENGLISH.dated(ms, now_ms, calendar, month_day)
}

/// `1 working hour`, `3 working hours`.
fn some(number: i64, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// An amount of a clock's time: `3 working hours`, `1 working hour 40 min`, `2 working days`, `1 h 35 min`; as
/// [`super::amount`] rounds it.
#[must_use]
pub fn amount(clock: Clock, ms: i64, day_ms: i64) -> String {
    match Amount::of(clock, ms, day_ms) {
        Amount::Days { days, hours: 0 } => some(days, "working day"),
        Amount::Days { days, hours } => {
            format!("{} {}", some(days, "working day"), some(hours, "working hour"))
        }
        Amount::UnderAMinute => "less than 1 min".to_owned(),
        Amount::Minutes(minutes) => format!("{minutes} min"),
        Amount::Hours { hours, minutes: 0 } => format!("{hours} h"),
        Amount::Hours { hours, minutes } => format!("{hours} h {minutes} min"),
        Amount::WorkingHours { hours, minutes: 0 } => some(hours, "working hour"),
        Amount::WorkingHours { hours, minutes } => {
            format!("{} {minutes} min", some(hours, "working hour"))
        }
    }
}

/// A limit as it is set: `4 working hours`, `2 urgent hours`, `5 working days`.
#[must_use]
pub fn limit(limit: Limit) -> String {
    let unit = limit.clock.term().en();
    let unit = if limit.amount == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{} {unit}", limit.amount)
}

/// `0.5 h`, `3 h`; minutes where decimals would not say it exactly: `1 h 40 min`.
#[must_use]
pub fn hours(ms: i64) -> String {
    Units { hours: " h", minutes: " min", rest: " min", gap: " " }.hours(ms)
}
