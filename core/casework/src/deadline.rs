//! Deadlines in two clocks on a working calendar: one function computes them, and every deadline can
//! explain itself in a sentence.

mod calendar;
mod chinese;
mod english;
mod explain;
mod sentence;
#[cfg(test)]
mod tests;
mod work_time;

use serde::{Deserialize, Serialize};

pub use calendar::{Calendar, CalendarError, DayKind};
pub(crate) use calendar::{day_number, parse_day};
pub use sentence::{Chip, Tone};

use crate::ids::PersonId;

/// Which clock a limit counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// 紧急工作时: round the clock, through nights and holidays.
    UrgentHours,
    /// 工作时: office hours of working days.
    WorkingHours,
    /// 工作日: each as long as the calendar's office hours of one day.
    WorkingDays,
}

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// In which clock.
    pub clock: Clock,
    /// How many hours or days of it.
    pub amount: u32,
}

/// Which calendar computed a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CalendarVersion {
    /// The calendar.
    pub id: String,
    /// Its version.
    pub version: u32,
}

/// An approved extension (延期).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Who approved it.
    pub by: PersonId,
    /// Their name at the time.
    #[serde(default)]
    pub by_name: String,
    /// When it was approved.
    pub at_ms: i64,
    /// The deadline before.
    pub from_due_ms: i64,
    /// The deadline after.
    pub to_due_ms: i64,
}

/// Why a clock stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Why {
    /// 退回: waits for a new dispatch.
    SentBack,
    /// 挂账 until a day.
    Suspended {
        /// First day on which work goes on, `YYYY-MM-DD`.
        until: String,
    },
    /// 已反馈: the handler has done their part.
    HandedIn,
    /// 已结案.
    Closed,
}

/// A stopped clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    pub at_ms: i64,
    /// Time left in the limit's clock, in milliseconds; negative once overdue.
    pub left_ms: i64,
    /// Why.
    pub why: Why,
}

/// A deadline: its limit, when it runs out, and all that changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The limit that was set.
    pub limit: Limit,
    /// The calendar that counted.
    pub calendar: CalendarVersion,
    /// When the clock started first.
    pub started_ms: i64,
    /// When the present run of the clock began; later than `started_ms` after a pause.
    pub running_since_ms: i64,
    /// Time of the limit's clock that earlier runs have used, in milliseconds.
    #[serde(default)]
    pub used_ms: i64,
    /// When it runs out if the clock keeps running.
    pub due_ms: i64,
    /// What `due_ms` was before the first extension.
    #[serde(default)]
    pub original_due_ms: Option<i64>,
    /// Approved extensions, oldest first.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// Set while the clock stands still.
    #[serde(default)]
    pub stopped: Option<Stop>,
}

/// What can't be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// The result lies outside the years that a calendar covers, or the limit is beyond 10,000.
    #[error("the deadline lies outside the years a calendar covers")]
    OutOfRange,
    /// A limit of zero.
    #[error("a limit of zero is no limit")]
    Zero,
    /// A time that would not lie after the present deadline.
    #[error("an extension must end after the present deadline")]
    NotLater,
    /// A day that is none.
    #[error("not a day in the form YYYY-MM-DD")]
    BadDay,
}

/// When a limit that starts now runs out: the one function for phone, hub and preview.
///
/// # Errors
/// [`DeadlineError`] for a limit of zero or a result outside the calendar's years.
pub fn due(start_ms: i64, limit: Limit, calendar: &Calendar) -> Result<Deadline, DeadlineError> {
    let allowance = calendar.allowance_ms(limit)?;
    Ok(Deadline {
        limit,
        calendar: calendar.version(),
        started_ms: start_ms,
        running_since_ms: start_ms,
        used_ms: 0,
        due_ms: calendar.add(limit.clock, start_ms, allowance)?,
        original_due_ms: None,
        extensions: Vec::new(),
        stopped: None,
    })
}
