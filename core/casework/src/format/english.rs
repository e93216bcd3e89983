//! The same dates and amounts in English, for the second language of the screens.

use jiff::civil::{Date, Weekday};

use super::{MINUTE_MS, civil, clock_time};
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

fn day_word(date: Date, today: Date) -> Option<&'static str> {
    if date == today {
        Some("today")
    } else if today.tomorrow().is_ok_and(|d| d == date) {
        Some("tomorrow")
    } else if today.yesterday().is_ok_and(|d| d == date) {
        Some("yesterday")
    } else {
        None
    }
}

fn with_year(date: Date, today: Date, text: String) -> String {
    if date.year() == today.year() { text } else { format!("{text} {}", date.year()) }
}

/// `today 17:30`, `yesterday 16:05`, `8 Jul 14:30`, with the year if it is another one.
#[must_use]
pub fn near(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    let (date, today) = (civil(ms, calendar).date(), civil(now_ms, calendar).date());
    let day = day_word(date, today).map_or_else(|| with_year(date, today, month_day(date)), str::to_owned);
    format!("{day} {}", clock_time(ms, calendar))
}

/// Like [`near`], with the weekday on days further off: `Fri 10 Jul 14:30`.
#[must_use]
pub fn near_weekday(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    let (date, today) = (civil(ms, calendar).date(), civil(now_ms, calendar).date());
    let day =
        day_word(date, today).map_or_else(|| with_year(date, today, month_day_weekday(date)), str::to_owned);
    format!("{day} {}", clock_time(ms, calendar))
}

/// `9 Jul 12:00`; only today is named by its word, for pairs of old and new deadlines.
#[must_use]
pub fn dated(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    let (date, today) = (civil(ms, calendar).date(), civil(now_ms, calendar).date());
    let day = if date == today { "today".to_owned() } else { with_year(date, today, month_day(date)) };
    format!("{day} {}", clock_time(ms, calendar))
}

/// `1 working hour`, `3 working hours`.
fn some(number: i64, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// An amount of a clock's time: `3 working hours`, `1 working hour 40 min`, `2 working days`, `1 h 35 min`; as
/// [`super::amount`] rounds it.
#[must_use]
pub fn amount(clock: Clock, ms: i64, day_ms: i64) -> String {
    let minutes = ms.max(0) / MINUTE_MS;
    let (hours, rest) = (minutes / 60, minutes % 60);
    let day = (day_ms / MINUTE_MS).max(1);
    match (clock, hours, rest) {
        (Clock::WorkingDays, ..) if minutes >= day => {
            let (days, hours) = (minutes / day, minutes % day / 60);
            let days = some(days, "working day");
            if hours == 0 { days } else { format!("{days} {}", some(hours, "working hour")) }
        }
        (_, 0, 0) => "less than 1 min".to_owned(),
        (_, 0, minutes) => format!("{minutes} min"),
        (Clock::UrgentHours, hours, 0) => format!("{hours} h"),
        (Clock::UrgentHours, hours, minutes) => format!("{hours} h {minutes} min"),
        (_, hours, 0) => some(hours, "working hour"),
        (_, hours, minutes) => format!("{} {minutes} min", some(hours, "working hour")),
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
    let minutes = ms.max(0) / MINUTE_MS;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match rest {
        0 => format!("{hours} h"),
        30 => format!("{hours}.5 h"),
        _ if hours == 0 => format!("{rest} min"),
        _ => format!("{hours} h {rest} min"),
    }
}
