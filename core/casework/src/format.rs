//! Dates, numbers and amounts as the screens write them, in Chinese; [`english`] has them in English.
//!
//! Digits for every count, 24 hours, full-width brackets, no space between Chinese and digits.

pub mod english;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Weekday};

use crate::deadline::{Calendar, Clock, Limit};

const MINUTE_MS: i64 = 60_000;

/// A moment in the calendar's zone; times beyond every calendar show as 1970.
#[must_use]
pub fn civil(ms: i64, calendar: &Calendar) -> DateTime {
    calendar.civil(ms)
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// `17:30`, `8:30`.
#[must_use]
pub fn clock_time(ms: i64, calendar: &Calendar) -> String {
    let at = civil(ms, calendar);
    format!("{}:{:02}", at.hour(), at.minute())
}

/// `7月8日`.
#[must_use]
pub fn month_day(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// `7月8日（周三）`.
#[must_use]
pub fn month_day_weekday(date: Date) -> String {
    format!("{}（{}）", month_day(date), weekday(date))
}

/// `2026年7月8日（周三）14:30`.
#[must_use]
pub fn long(ms: i64, calendar: &Calendar) -> String {
    let date = civil(ms, calendar).date();
    format!("{}年{}{}", date.year(), month_day_weekday(date), clock_time(ms, calendar))
}

/// `2026年7月8日14:30`, for the heads of papers.
#[must_use]
pub fn full(ms: i64, calendar: &Calendar) -> String {
    let date = civil(ms, calendar).date();
    format!("{}年{}{}", date.year(), month_day(date), clock_time(ms, calendar))
}

/// `2026-07-08 14:30`, for tables and exports.
#[must_use]
pub fn table(ms: i64, calendar: &Calendar) -> String {
    let at = civil(ms, calendar);
    format!("{:04}-{:02}-{:02} {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

/// How a language writes a moment: words for the days around today, where the year stands, what is between day and time.
struct Moments {
    today: &'static str,
    tomorrow: &'static str,
    yesterday: &'static str,
    with_year: fn(String, i16) -> String,
    gap: &'static str,
}

impl Moments {
    /// The day by its word if it is near, else by `far`, with the year if it is another one; then the time.
    fn near(&self, ms: i64, now_ms: i64, calendar: &Calendar, far: fn(Date) -> String) -> String {
        let (date, today) = (civil(ms, calendar).date(), civil(now_ms, calendar).date());
        if today.tomorrow().is_ok_and(|day| day == date) {
            return self.on(self.tomorrow, ms, calendar);
        }
        if today.yesterday().is_ok_and(|day| day == date) {
            return self.on(self.yesterday, ms, calendar);
        }
        self.dated(ms, now_ms, calendar, far)
    }

    /// The same, where only today is named by its word.
    fn dated(&self, ms: i64, now_ms: i64, calendar: &Calendar, far: fn(Date) -> String) -> String {
        let (date, today) = (civil(ms, calendar).date(), civil(now_ms, calendar).date());
        if date == today {
            return self.on(self.today, ms, calendar);
        }
        let day = far(date);
        let day = if date.year() == today.year() { day } else { (self.with_year)(day, date.year()) };
        self.on(&day, ms, calendar)
    }

    fn on(&self, day: &str, ms: i64, calendar: &Calendar) -> String {
        format!("{day}{}{}", self.gap, clock_time(ms, calendar))
    }
}

const CHINESE: Moments = Moments {
    today: "今天",
    tomorrow: "明天",
    yesterday: "昨天",
    with_year: |day, year| format!("{year}年{day}"),
    gap: "",
};

/// `今天17:30`, `昨天16:05`, `明天8:30`, `7月8日14:30`, with the year if it is another one.
#[must_use]
pub fn near(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    CHINESE.near(ms, now_ms, calendar, month_day)
}

/// Like [`near`], with the weekday on days further off: `7月10日（周五）14:30`.
#[must_use]
pub fn near_weekday(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    CHINESE.near(ms, now_ms, calendar, month_day_weekday)
}

/// `7月9日12:00`; only today is named by its word, for pairs of old and new deadlines.
#[must_use]
pub fn dated(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    CHINESE.dated(ms, now_ms, calendar, month_day)
}

/// `12分钟前（14:18）` under one hour, else [`near`].
#[must_use]
pub fn ago(ms: i64, now_ms: i64, calendar: &Calendar) -> String {
    match now_ms.saturating_sub(ms) / MINUTE_MS {
        0 if ms <= now_ms => format!("刚才（{}）", clock_time(ms, calendar)),
        minutes @ 1..60 => format!("{minutes}分钟前（{}）", clock_time(ms, calendar)),
        _ => near(ms, now_ms, calendar),
    }
}

/// `7月8日—8月7日`.
#[must_use]
pub fn period(from: Date, to: Date) -> String {
    format!("{}—{}", month_day(from), month_day(to))
}

/// `1,204`: counts on screen. Exports and report sentences write plain digits.
#[must_use]
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `85.2%`, rounded half up; `None` for 0/0, which is no rate.
#[must_use]
pub fn percent(numerator: usize, denominator: usize) -> Option<String> {
    if denominator == 0 {
        return None;
    }
    let (n, d) = (u128::try_from(numerator).ok()?, u128::try_from(denominator).ok()?);
    let tenths = (n * 2000 + d) / (d * 2);
    Some(format!("{}.{}%", tenths / 10, tenths % 10))
}

/// An amount of a clock's time as every language says it. Minutes are rounded down; beyond one working day they are
/// left out.
enum Amount {
    Days {
        days: i64,
        hours: i64,
    },
    UnderAMinute,
    Minutes(i64),
    /// Hours of the wall clock, which urgent limits count.
    Hours {
        hours: i64,
        minutes: i64,
    },
    WorkingHours {
        hours: i64,
        minutes: i64,
    },
}

impl Amount {
    /// `day_ms` is the office time of one working day.
    fn of(clock: Clock, ms: i64, day_ms: i64) -> Self {
        let minutes = ms.max(0) / MINUTE_MS;
        let (hours, rest) = (minutes / 60, minutes % 60);
        let day = (day_ms / MINUTE_MS).max(1);
        match (clock, hours, rest) {
            (Clock::WorkingDays, ..) if minutes >= day => {
                Self::Days { days: minutes / day, hours: minutes % day / 60 }
            }
            (_, 0, 0) => Self::UnderAMinute,
            (_, 0, minutes) => Self::Minutes(minutes),
            (Clock::UrgentHours, hours, minutes) => Self::Hours { hours, minutes },
            (_, hours, minutes) => Self::WorkingHours { hours, minutes },
        }
    }
}

/// An amount of a clock's time: `3个工作时`, `1工作时40分`, `40分钟`, `2个工作日`, `1小时35分`.
///
/// `day_ms` is the office time of one working day. Minutes are rounded down; beyond one working day
/// they are left out.
#[must_use]
pub fn amount(clock: Clock, ms: i64, day_ms: i64) -> String {
    match Amount::of(clock, ms, day_ms) {
        Amount::Days { days, hours: 0 } => format!("{days}个工作日"),
        Amount::Days { days, hours } => format!("{days}工作日{hours}工作时"),
        Amount::UnderAMinute => "不到1分钟".to_owned(),
        Amount::Minutes(minutes) => format!("{minutes}分钟"),
        Amount::Hours { hours, minutes: 0 } => format!("{hours}小时"),
        Amount::Hours { hours, minutes } => format!("{hours}小时{minutes}分"),
        Amount::WorkingHours { hours, minutes: 0 } => format!("{hours}个工作时"),
        Amount::WorkingHours { hours, minutes } => format!("{hours}工作时{minutes}分"),
    }
}

/// A limit as it is set: `4个工作时`, `2个紧急工作时`, `5个工作日`.
#[must_use]
pub fn limit(limit: Limit) -> String {
    format!("{}个{}", limit.amount, limit.clock.term().zh())
}

/// The same in a compound or a table: `4工作时`.
#[must_use]
pub fn limit_short(limit: Limit) -> String {
    format!("{}{}", limit.amount, limit.clock.term().zh())
}

/// Units of an exact length of time.
struct Units {
    hours: &'static str,
    /// Minutes by themselves.
    minutes: &'static str,
    /// Minutes after hours.
    rest: &'static str,
    gap: &'static str,
}

impl Units {
    fn hours(&self, ms: i64) -> String {
        let minutes = ms.max(0) / MINUTE_MS;
        let (hours, rest) = (minutes / 60, minutes % 60);
        match rest {
            0 => format!("{hours}{}", self.hours),
            30 => format!("{hours}.5{}", self.hours),
            _ if hours == 0 => format!("{rest}{}", self.minutes),
            _ => format!("{hours}{}{}{rest}{}", self.hours, self.gap, self.rest),
        }
    }
}

/// Hours with at most two decimals and no trailing zeros: `0.5小时`, `3小时`; minutes where decimals
/// would not say it exactly: `1小时40分`.
#[must_use]
pub fn hours(ms: i64) -> String {
    Units { hours: "小时", minutes: "分钟", rest: "分", gap: "" }.hours(ms)
}
