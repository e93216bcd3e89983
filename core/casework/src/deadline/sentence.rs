//! What a deadline says about itself: one sentence, one chip.

use serde::{Deserialize, Serialize};

use super::{Calendar, Clock, Deadline, Why, calendar::parse_day};
use crate::format;

/// The role of a colour; which colour it is, the token file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to note.
    Neutral,
    /// Under way.
    Primary,
    /// Done.
    Ok,
    /// 25 % of the time or less is left.
    Warn,
    /// Past.
    Danger,
    /// Facts worth a look first.
    Hint,
}

/// A deadline in two or three characters: `3工时`, `2天`, `40分`, `超期`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// The text; a number is always written.
    pub text: String,
    /// The colour's role.
    pub tone: Tone,
}

impl Deadline {
    /// The sentence under a case's title, in Chinese.
    #[must_use]
    pub fn sentence(&self, now_ms: i64, calendar: &Calendar) -> String {
        let clock = self.limit.clock;
        let left = self.left_ms(now_ms, calendar);
        let amount = |ms: i64| format::amount(clock, ms, calendar.day_length_ms());
        if let Some(stop) = &self.stopped {
            let over = stop.at_ms > self.due_ms;
            return match &stop.why {
                Why::Closed if over && left > -60_000 => "超期办结".to_owned(),
                Why::Closed if over => format!("超期{}办结", amount(-left)),
                Why::Closed if left < 60_000 => "按期办结".to_owned(),
                Why::Closed => format!("提前{}办结", amount(left)),
                Why::SentBack if over => format!("已退回，计时暂停；{}", overdue(&amount(-left), left)),
                Why::SentBack => format!("已退回，计时暂停；还剩{}", amount(left)),
                Why::HandedIn if over => format!("已反馈，计时停止；{}", overdue(&amount(-left), left)),
                Why::HandedIn => format!("已反馈，计时停止；还剩{}", amount(left)),
                Why::Suspended { until } => {
                    let day = parse_day(until).map_or_else(|| until.clone(), format::month_day);
                    format!("已挂账，暂停计时；{day}恢复后还有{}", amount(left))
                }
            };
        }
        if self.is_overdue(now_ms) {
            let due = format::near(self.due_ms, now_ms, calendar);
            return format!("{}，应于{due}前完成", overdue(&amount(-left), left));
        }
        if let Some(original) = self.original_due_ms {
            let (due, was) =
                (format::dated(self.due_ms, now_ms, calendar), format::dated(original, now_ms, calendar));
            return format!("已延期{}次，{due}到期（原{was}）", self.extensions.len());
        }
        let due = format::near_weekday(self.due_ms, now_ms, calendar);
        let urgent = if clock == Clock::UrgentHours { "（紧急工作时，夜间照算）" } else { "" };
        format!("还有{}{urgent}，{due}到期", amount(left))
    }

    /// What a dispatch at this moment would mean: `若现在派遣，明天8:30到期`.
    #[must_use]
    pub fn preview(&self, calendar: &Calendar) -> String {
        let due = format::near_weekday(self.due_ms, self.started_ms, calendar);
        format!("若现在派遣，{due}到期")
    }

    /// When it was dispatched and for how long: `11:30派遣，限4工作时`.
    #[must_use]
    pub fn limit_line(&self, now_ms: i64, calendar: &Calendar) -> String {
        let today = format::civil(now_ms, calendar).date() == format::civil(self.started_ms, calendar).date();
        let start = if today {
            format::clock_time(self.started_ms, calendar)
        } else {
            format::near(self.started_ms, now_ms, calendar)
        };
        format!("{start}派遣，限{}", format::limit_short(self.limit))
    }

    /// The chip of a list row.
    #[must_use]
    pub fn chip(&self, now_ms: i64, calendar: &Calendar) -> Chip {
        let neutral = |text: &str| Chip { text: text.to_owned(), tone: Tone::Neutral };
        if self.is_overdue(now_ms) {
            return Chip { text: "超期".to_owned(), tone: Tone::Danger };
        }
        match self.stopped.as_ref().map(|stop| &stop.why) {
            Some(Why::Suspended { .. }) => return neutral("已挂账"),
            Some(Why::SentBack) => return neutral("暂停"),
            Some(Why::HandedIn) => return neutral("已反馈"),
            Some(Why::Closed) => return Chip { text: "按期".to_owned(), tone: Tone::Ok },
            None => {}
        }
        let minutes = self.left_ms(now_ms, calendar) / 60_000;
        let day = (calendar.day_length_ms() / 60_000).max(1);
        let text = match self.limit.clock {
            Clock::WorkingDays if minutes >= day => format!("{}天", minutes / day),
            _ if minutes < 60 => format!("{minutes}分"),
            Clock::UrgentHours => format!("{}小时", minutes / 60),
            Clock::WorkingHours | Clock::WorkingDays => format!("{}工时", minutes / 60),
        };
        let tone = if self.is_close(now_ms, calendar) { Tone::Warn } else { Tone::Neutral };
        Chip { text, tone }
    }
}

/// Overdue by less than a minute of its clock, such as in the night after, has no amount worth saying.
fn overdue(amount: &str, left_ms: i64) -> String {
    if left_ms > -60_000 { "已超期".to_owned() } else { format!("已超期{amount}") }
}
