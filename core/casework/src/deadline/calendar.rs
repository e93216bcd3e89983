//! The working calendar (工作日历) that each city administers as data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use super::CalendarVersion;
use crate::text::Words;

pub(super) const DAY_MS: i64 = 86_400_000;
pub(super) const MINUTE_MS: i64 = 60_000;

/// A checked calendar: office hours, working weekdays, holidays and make-up working days.
///
/// The zone is a fixed offset, since a pure crate has no time-zone database and China has no
/// daylight saving time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarFile", into = "CalendarFile")]
pub struct Calendar {
    file: CalendarFile,
    /// Office hours in milliseconds of the local day, in order, apart from each other.
    pub(super) hours: Vec<(i64, i64)>,
    /// Working weekdays, Monday first.
    weekdays: [bool; 7],
    holidays: BTreeMap<i64, String>,
    make_up: BTreeSet<i64>,
}

/// The calendar as it is written in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CalendarFile {
    id: String,
    version: u32,
    zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset_minutes: Option<i32>,
    office_hours: Vec<(String, String)>,
    weekdays: Vec<u8>,
    #[serde(default)]
    holidays: Vec<Holiday>,
    #[serde(default)]
    make_up: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holiday {
    date: String,
    #[serde(default)]
    name: String,
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// 工作日.
    Working,
    /// 周末 or another weekday off.
    DayOff,
    /// 节假日, with its name.
    Holiday(String),
    /// 调休上班: a day off that is worked.
    MakeUp,
}

/// What is wrong with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not JSON of the calendar's shape.
    #[error("the calendar is not JSON of its shape: line {line}, column {column}")]
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A zone without a known fixed offset.
    #[error("zone {0} is not known; give offset_minutes")]
    UnknownZone(String),
    /// An offset beyond ±14 hours.
    #[error("an offset of {0} minutes is no zone")]
    BadOffset(i32),
    /// Office hours that are no time, end before they begin, or overlap.
    #[error("office hours {0}–{1} are not in order")]
    BadHours(String, String),
    /// No office hours at all.
    #[error("a calendar needs office hours")]
    NoHours,
    /// No working weekday, or one that is not 1 to 7.
    #[error("a calendar needs working weekdays from 1 (Monday) to 7")]
    BadWeekdays,
    /// A day that is none.
    #[error("{0} is not a day in the form YYYY-MM-DD")]
    BadDay(String),
    /// A day that is both off and worked.
    #[error("{0} is written both as a holiday and as a make-up working day")]
    BothOffAndWorked(String),
}

impl CalendarError {
    /// The sentence for the administrator.
    #[must_use]
    pub fn words(&self) -> Words {
        let keep = "现行日历没有变。";
        let zh = match self {
            Self::Shape { line, column } => {
                format!("日历文件第{line}行第{column}列读不懂。{keep}改好后再导入。")
            }
            Self::UnknownZone(zone) => {
                format!("不认识时区“{zone}”。{keep}写上offset_minutes，北京时间是480。")
            }
            Self::BadOffset(minutes) => format!("时差{minutes}分钟不成立。{keep}北京时间写480。"),
            Self::BadHours(from, to) => {
                format!("上班时间{from}—{to}前后不对或有重叠。{keep}改成如08:00—12:00。")
            }
            Self::NoHours => format!("没有写上班时间。{keep}至少写一段。"),
            Self::BadWeekdays => format!("没有写哪几天上班，或写了1到7以外的数。{keep}周一写1。"),
            Self::BadDay(day) => format!("“{day}”不是日期。{keep}写成如2026-10-10。"),
            Self::BothOffAndWorked(day) => format!("{day}既写了休又写了班，请选一个。{keep}"),
        };
        Words::new(
            zh,
            format!("{self}. The calendar in force is unchanged. Correct the file and import again."),
        )
    }
}

impl Calendar {
    /// Reads a calendar from its JSON.
    ///
    /// # Errors
    /// [`CalendarError`] names what is wrong; nothing is guessed.
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        let file: CalendarFile = serde_json::from_str(json)
            .map_err(|e| CalendarError::Shape { line: e.line(), column: e.column() })?;
        file.try_into()
    }

    /// Which calendar this is.
    #[must_use]
    pub fn version(&self) -> CalendarVersion {
        CalendarVersion { id: self.file.id.clone(), version: self.file.version }
    }

    /// The zone's offset from UTC in minutes.
    #[must_use]
    pub fn offset_minutes(&self) -> i32 {
        // Checked when the file was read: either given, or China's.
        self.file.offset_minutes.unwrap_or(CHINA_MINUTES)
    }

    /// What a civil day is.
    #[must_use]
    pub fn day_kind(&self, date: Date) -> DayKind {
        let day = day_number(date);
        if self.make_up.contains(&day) {
            DayKind::MakeUp
        } else if let Some(name) = self.holidays.get(&day) {
            DayKind::Holiday(name.clone())
        } else if self.is_working(day) {
            DayKind::Working
        } else {
            DayKind::DayOff
        }
    }

    /// Office time of one working day in milliseconds: what a 工作日 is worth.
    #[must_use]
    pub fn day_length_ms(&self) -> i64 {
        self.hours.iter().map(|(from, to)| to - from).sum()
    }

    pub(super) fn is_working(&self, day: i64) -> bool {
        if self.make_up.contains(&day) {
            return true;
        }
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        !self.holidays.contains_key(&day) && self.weekdays.get(weekday).copied().unwrap_or(false)
    }

    pub(super) fn to_local(&self, ms: i64) -> i64 {
        ms.saturating_add(i64::from(self.offset_minutes()) * MINUTE_MS)
    }

    pub(super) fn to_utc(&self, local_ms: i64) -> i64 {
        local_ms.saturating_sub(i64::from(self.offset_minutes()) * MINUTE_MS)
    }
}

const CHINA_MINUTES: i32 = 480;

impl TryFrom<CalendarFile> for Calendar {
    type Error = CalendarError;

    fn try_from(file: CalendarFile) -> Result<Self, CalendarError> {
        match file.offset_minutes {
            Some(minutes) if minutes.abs() > 14 * 60 => return Err(CalendarError::BadOffset(minutes)),
            None if file.zone != "Asia/Shanghai" => return Err(CalendarError::UnknownZone(file.zone)),
            _ => {}
        }
        let mut hours = Vec::new();
        let mut end_before = 0;
        for (from, to) in &file.office_hours {
            let bad = || CalendarError::BadHours(from.clone(), to.clone());
            let (start, end) = (clock_ms(from).ok_or_else(bad)?, clock_ms(to).ok_or_else(bad)?);
            if start < end_before || end <= start {
                return Err(bad());
            }
            end_before = end;
            hours.push((start, end));
        }
        if hours.is_empty() {
            return Err(CalendarError::NoHours);
        }
        let mut weekdays = [false; 7];
        for number in &file.weekdays {
            let slot = usize::from(*number).checked_sub(1).and_then(|i| weekdays.get_mut(i));
            *slot.ok_or(CalendarError::BadWeekdays)? = true;
        }
        if !weekdays.contains(&true) {
            return Err(CalendarError::BadWeekdays);
        }
        let mut holidays = BTreeMap::new();
        for holiday in &file.holidays {
            holidays.insert(read_day(&holiday.date)?, holiday.name.clone());
        }
        let mut make_up = BTreeSet::new();
        for text in &file.make_up {
            let day = read_day(text)?;
            if holidays.contains_key(&day) {
                return Err(CalendarError::BothOffAndWorked(text.clone()));
            }
            make_up.insert(day);
        }
        Ok(Self { file, hours, weekdays, holidays, make_up })
    }
}

impl From<Calendar> for CalendarFile {
    fn from(calendar: Calendar) -> Self {
        calendar.file
    }
}

fn read_day(text: &str) -> Result<i64, CalendarError> {
    parse_day(text).map(day_number).ok_or_else(|| CalendarError::BadDay(text.to_owned()))
}

/// A day written `YYYY-MM-DD` and nothing else.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    if text.len() != 10 {
        return None;
    }
    text.parse().ok()
}

/// `HH:MM` of a day, `24:00` included, in milliseconds.
fn clock_ms(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some((hour * 60 + minute) * MINUTE_MS)
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    let midnight = date.at(0, 0, 0, 0);
    Offset::UTC.to_timestamp(midnight).map_or(0, |t| t.as_millisecond().div_euclid(DAY_MS))
}

/// The civil day of a day number; `None` outside the years that a calendar covers.
pub(crate) fn date_of(day: i64) -> Option<Date> {
    let ms = day.checked_mul(DAY_MS)?;
    let at = jiff::Timestamp::from_millisecond(ms).ok()?;
    Some(Offset::UTC.to_datetime(at).date())
}
