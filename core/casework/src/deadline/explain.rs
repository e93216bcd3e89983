//! How a deadline was counted (怎么算的), in one paragraph.

use super::calendar::{DAY_MS, date_of};
use super::{Calendar, Clock, DayKind, Deadline};
use crate::format;

impl Deadline {
    /// How it was counted, in Chinese: “4个工作时。7月8日11:30派遣起算，到12:00用0.5小时；14:00接着算，
    /// 到17:30满4小时。”
    #[must_use]
    pub fn explain(&self, calendar: &Calendar) -> String {
        let counted_until = self.extensions.first().map_or(self.due_ms, |first| first.from_due_ms);
        let mut text = format!("{}。", format::limit(self.limit));
        let resumed = self.used_ms > 0 || self.running_since_ms != self.started_ms;
        let verb = if resumed { "接着算" } else { "派遣起算" };
        if resumed {
            let used = format::amount(self.limit.clock, self.used_ms, calendar.day_length_ms());
            text.push_str(&format!("{}派遣，暂停前已用{used}；", self.day_time(self.started_ms, calendar)));
        }
        // A pause after an extension leaves the extended end as the only one that still holds.
        let end = if counted_until > self.running_since_ms { counted_until } else { self.due_ms };
        text.push_str(&format!("{}{verb}，", self.day_time(self.running_since_ms, calendar)));
        text.push_str(&match self.limit.clock {
            Clock::UrgentHours => {
                format!("夜间和休息日照算，{}", self.full(end, self.running_since_ms, calendar))
            }
            Clock::WorkingHours => self.hour_by_hour(end, calendar),
            Clock::WorkingDays => self.day_by_day(end, calendar),
        });
        text.push('。');
        text.push_str(&self.extended(calendar));
        text
    }

    fn day_time(&self, ms: i64, calendar: &Calendar) -> String {
        format!(
            "{}{}",
            format::month_day(format::civil(ms, calendar).date()),
            format::clock_time(ms, calendar)
        )
    }

    /// A time, with its day only if it is another one than the time before it.
    fn same_day(ms: i64, before_ms: i64, calendar: &Calendar) -> String {
        let (date, before) = (format::civil(ms, calendar).date(), format::civil(before_ms, calendar).date());
        let time = format::clock_time(ms, calendar);
        if date == before { time } else { format!("{}{time}", format::month_day(date)) }
    }

    /// `到17:30满4小时`.
    fn full(&self, end: i64, before: i64, calendar: &Calendar) -> String {
        let whole = match self.limit.clock {
            Clock::WorkingDays => format::limit(self.limit),
            Clock::UrgentHours | Clock::WorkingHours => format!("{}小时", self.limit.amount),
        };
        format!("到{}满{whole}", Self::same_day(end, before, calendar))
    }

    fn hour_by_hour(&self, end: i64, calendar: &Calendar) -> String {
        let mut text = String::new();
        let mut before = self.running_since_ms;
        let slices = calendar.slices(self.running_since_ms, end);
        let last = slices.len().saturating_sub(1);
        for (at, (from, to)) in slices.into_iter().enumerate() {
            if from > before {
                text.push_str(&self.days_off(before, from, calendar));
                text.push_str(&format!("{}接着算，", Self::same_day(from, before, calendar)));
            }
            if at == last {
                text.push_str(&self.full(end, from, calendar));
            } else {
                text.push_str(&format!(
                    "到{}用{}；",
                    format::clock_time(to, calendar),
                    format::hours(to - from)
                ));
            }
            before = to;
        }
        text
    }

    fn day_by_day(&self, end: i64, calendar: &Calendar) -> String {
        let off = self.days_off(self.running_since_ms, end, calendar);
        format!("只算上班时间，{off}{}", self.full(end, self.running_since_ms, calendar))
    }

    /// The days between two moments that are not worked, and those that are worked though off.
    fn days_off(&self, from: i64, to: i64, calendar: &Calendar) -> String {
        let day = |ms: i64| calendar.to_local(ms).div_euclid(DAY_MS);
        let (mut off, mut worked) = (Vec::new(), Vec::new());
        for date in (day(from)..=day(to)).filter_map(date_of) {
            match calendar.day_kind(date) {
                DayKind::Working => {}
                DayKind::MakeUp => worked.push(format::month_day(date)),
                DayKind::DayOff => off.push(format::month_day(date)),
                DayKind::Holiday(name) if name.is_empty() => off.push(format::month_day(date)),
                DayKind::Holiday(name) => off.push(format!("{}（{name}）", format::month_day(date))),
            }
        }
        let mut text = String::new();
        if !off.is_empty() {
            text.push_str(&format!("{}休息不算，", off.join("、")));
        }
        if !worked.is_empty() {
            text.push_str(&format!("{}调休上班照算，", worked.join("、")));
        }
        text
    }

    /// `延期1次（陈晓7月8日批准），原17:30，现7月9日12:00。`
    fn extended(&self, calendar: &Calendar) -> String {
        let Some(last) = self.extensions.last() else { return String::new() };
        let day = format::month_day(format::civil(last.at_ms, calendar).date());
        let was = self.original_due_ms.unwrap_or(last.from_due_ms);
        format!(
            "延期{}次（{}{day}批准），原{}，现{}。",
            self.extensions.len(),
            last.by_name,
            Self::same_day(was, last.at_ms, calendar),
            Self::same_day(self.due_ms, last.at_ms, calendar),
        )
    }
}
