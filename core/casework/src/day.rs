//! A civil day of the office, written `2026-07-08`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::deadline::{Calendar, day_number, parse_day};
use crate::format;

/// A civil day, without a time and without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// A text that is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day in the form YYYY-MM-DD")]
pub struct BadDay;

impl Day {
    /// The day of a moment in the calendar's zone.
    #[must_use]
    pub fn of(ms: i64, calendar: &Calendar) -> Self {
        Self(calendar.civil(ms).date())
    }

    /// The first moment after it in the calendar's zone.
    #[must_use]
    pub fn end_ms(self, calendar: &Calendar) -> i64 {
        calendar.midnight_ms(day_number(self.0) + 1)
    }

    /// `7月8日`.
    #[must_use]
    pub fn month_day(self) -> String {
        format::month_day(self.0)
    }

    /// The civil date.
    #[must_use]
    pub fn date(self) -> Date {
        self.0
    }
}

impl FromStr for Day {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        parse_day(text).map(Self).ok_or(BadDay)
    }
}

impl TryFrom<String> for Day {
    type Error = BadDay;

    fn try_from(text: String) -> Result<Self, BadDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
