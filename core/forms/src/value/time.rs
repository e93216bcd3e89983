//! Dates and times as ODK writes them (ISO 8601), without any clock or time zone database.
//!
//! As numbers, a date is whole days since 1970-01-01 and a date-time is days and fraction *of local
//! time*, so that `now() > today()` holds east and west of Greenwich alike.

use crate::context::Moment;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A civil date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

/// Days since 1970-01-01 of a civil date (proleptic Gregorian).
pub(crate) fn days(date: Date) -> i64 {
    let year = if date.month <= 2 { date.year - 1 } else { date.year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let month = i64::from(date.month);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(date.day) - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The civil date of days since 1970-01-01.
pub(crate) fn civil(days: i64) -> Date {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = u32::try_from(of_year - (153 * shifted + 2) / 5 + 1).unwrap_or(1);
    let month = u32::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).unwrap_or(1);
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date { year, month, day }
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let fits = count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// `YYYY-MM-DD`, a real day.
pub(crate) fn date_of(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4..=4)?;
    let month = u32::try_from(digits(parts.next()?, 1..=2)?).ok()?;
    let day = u32::try_from(digits(parts.next()?, 1..=2)?).ok()?;
    let date = Date { year, month, day };
    (parts.next().is_none() && (1..=12).contains(&month) && day >= 1 && civil(days(date)) == date)
        .then_some(date)
}

/// `HH:MM[:SS[.fff]]` with an optional offset: milliseconds of the day and minutes of offset.
pub(crate) fn time_of(text: &str) -> Option<(i64, Option<i32>)> {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => (text.get(..at)?, Some(offset_of(text.get(at..)?)?)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1..=2)?;
    let minute = digits(parts.next()?, 2..=2)?;
    let (second, ms) = match parts.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let three: String = fraction.chars().chain("000".chars()).take(3).collect();
            digits(fraction, 1..=9)?;
            (digits(whole, 2..=2)?, digits(&three, 3..=3)?)
        }
    };
    let real = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    real.then_some((((hour * 60 + minute) * 60 + second) * 1000 + ms, offset))
}

/// Minutes of `Z`, `+HH:MM`, `+HHMM` or `+HH`.
pub(crate) fn offset_of(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.get(..1)? {
        "-" => -1,
        "+" => 1,
        _ => return None,
    };
    let rest = text.get(1..)?;
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if rest.len() == 4 => (rest.get(..2)?, rest.get(2..)?),
        None => (rest, "00"),
    };
    let total = digits(hours, 2..=2)? * 60 + digits(minutes, 2..=2)?;
    i32::try_from(total).ok().filter(|total| *total <= 14 * 60).map(|total| sign * total)
}

/// The instant of a date-time, or of a date's local midnight, in Unix milliseconds. What names no
/// offset is taken at `offset` minutes.
pub(crate) fn instant_of(text: &str, offset: i32) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let day = days(date_of(date)?) * DAY_MS;
    let (ms, own) = match time {
        Some(time) => time_of(time)?,
        None => (0, None),
    };
    Some(day + ms - i64::from(own.unwrap_or(offset)) * 60_000)
}

/// What `number()` makes of a date, a date-time or a time: days of local time.
pub(crate) fn day_number(text: &str, offset: i32) -> Option<f64> {
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() || text.len() < 4 || text.len() > 40 {
        return None;
    }
    if let Some(date) = date_of(text) {
        #[allow(clippy::cast_precision_loss, reason = "days of a four-digit year fit")]
        return Some(days(date) as f64);
    }
    if text.contains('T') {
        let instant = instant_of(text, offset)?;
        return Some(ms_to_days(instant + i64::from(offset) * 60_000));
    }
    let (ms, _) = time_of(text)?;
    Some(ms_to_days(ms))
}

/// Milliseconds as days.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of any four-digit year fit 53 bits")]
pub(crate) fn ms_to_days(ms: i64) -> f64 {
    ms as f64 / DAY_MS as f64
}

/// Days of local time as local milliseconds; none when out of any calendar.
#[allow(clippy::cast_possible_truncation, reason = "checked against the range of years first")]
pub(crate) fn days_to_ms(days: f64) -> Option<i64> {
    (days.is_finite() && days.abs() < 4_000_000.0).then(|| (days * DAY_MS as f64).round() as i64)
}

/// `YYYY-MM-DD`.
pub(crate) fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// Local milliseconds and an offset as `YYYY-MM-DDTHH:MM:SS.mmm+HH:MM`.
pub(crate) fn local_text(local_ms: i64, offset: i32) -> String {
    let date = civil(local_ms.div_euclid(DAY_MS));
    let ms = local_ms.rem_euclid(DAY_MS);
    let sign = if offset < 0 { '-' } else { '+' };
    let away = offset.unsigned_abs();
    format!(
        "{}T{:02}:{:02}:{:02}.{:03}{sign}{:02}:{:02}",
        date_text(date),
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000,
        away / 60,
        away % 60
    )
}

/// A moment as text.
pub(crate) fn moment_text(moment: Moment) -> String {
    local_text(local_ms(moment), moment.offset_minutes)
}

/// Local milliseconds of a moment.
pub(crate) fn local_ms(moment: Moment) -> i64 {
    moment.unix_ms + i64::from(moment.offset_minutes) * 60_000
}

/// The local day of a moment.
pub(crate) fn today(moment: Moment) -> Date {
    civil(local_ms(moment).div_euclid(DAY_MS))
}

/// Short names of months, and of weekdays from Thursday on.
#[derive(Debug)]
pub(crate) struct Calendar {
    months: [&'static str; 12],
    weekdays: [&'static str; 7],
}

static ENGLISH: Calendar = Calendar {
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    weekdays: ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"],
};
static CHINESE: Calendar = Calendar {
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    weekdays: ["周四", "周五", "周六", "周日", "周一", "周二", "周三"],
};

impl Calendar {
    /// By the name of a form's language, such as `中文 (zh)`; English for those that it does not know.
    pub(crate) fn of(language: &str) -> &'static Calendar {
        let name = language.to_lowercase();
        let chinese = ["(zh", "中文", "汉语", "漢語", "chinese"].iter().any(|part| name.contains(part));
        if chinese || name == "zh" || name.starts_with("zh-") { &CHINESE } else { &ENGLISH }
    }
}

/// `format-date` and `format-date-time`: the specification's codes; any other character stays.
pub(crate) fn format(local_ms: i64, pattern: &str, names: &Calendar) -> String {
    let day = local_ms.div_euclid(DAY_MS);
    let date = civil(day);
    let ms = local_ms.rem_euclid(DAY_MS);
    let named = |list: &[&'static str], index: i64| {
        usize::try_from(index).ok().and_then(|index| list.get(index).copied()).unwrap_or_default()
    };
    let mut out = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('Y') => out += &format!("{:04}", date.year),
            Some('y') => out += &format!("{:02}", date.year.rem_euclid(100)),
            Some('m') => out += &format!("{:02}", date.month),
            Some('n') => out += &date.month.to_string(),
            Some('b') => out += named(&names.months, i64::from(date.month) - 1),
            Some('d') => out += &format!("{:02}", date.day),
            Some('e') => out += &date.day.to_string(),
            Some('a') => out += named(&names.weekdays, day.rem_euclid(7)),
            Some('H') => out += &format!("{:02}", ms / 3_600_000),
            Some('h') => out += &(ms / 3_600_000).to_string(),
            Some('M') => out += &format!("{:02}", ms / 60_000 % 60),
            Some('S') => out += &format!("{:02}", ms / 1000 % 60),
            Some('3') => out += &format!("{:03}", ms % 1000),
            Some('%') => out.push('%'),
            Some(other) => {
                out.push('%');
                out.push(other);
            }
            None => out.push('%'),
        }
    }
    out
}
