//! A deadline's sentence, chip and explanation in Chinese.

use jiff::civil::Date;

use super::explain::Phrases;
use super::sentence::{Brief, Standing, day_of};
use super::{Calendar, Chip, Clock, Deadline, Extension, Limit, Why};
use crate::format;

impl Deadline {
    /// The sentence under a case's title, in Chinese.
    #[must_use]
    pub fn sentence(&self, now_ms: i64, calendar: &Calendar) -> String {
        let amount = |ms: i64| format::amount(self.limit.clock, ms, calendar.day_length_ms());
        let overdue = |late: Option<i64>| format!("已超期{}", late.map(amount).unwrap_or_default());
        match self.standing(now_ms, calendar) {
            Standing::DoneLate(late) => format!("超期{}办结", late.map(amount).unwrap_or_default()),
            Standing::DoneEarly(None) => "按期办结".to_owned(),
            Standing::DoneEarly(Some(early)) => format!("提前{}办结", amount(early)),
            Standing::StoppedLate(why, late) => format!("{}；{}", stopped(why), overdue(late)),
            Standing::StoppedLeft(why, left) => format!("{}；还剩{}", stopped(why), amount(left)),
            Standing::Suspended { until, left } => {
                let day = day_of(until, format::month_day);
                format!("已挂账，暂停计时；{day}恢复后还有{}", amount(left))
            }
            Standing::Overdue(late) => {
                format!("{}，应于{}前完成", overdue(late), format::near(self.due_ms, now_ms, calendar))
            }
            Standing::Extended { was_ms, times } => {
                let (due, was) =
                    (format::dated(self.due_ms, now_ms, calendar), format::dated(was_ms, now_ms, calendar));
                format!("已延期{times}次，{due}到期（原{was}）")
            }
            Standing::Left { ms, urgent } => {
                let urgent = if urgent { "（紧急工作时，夜间照算）" } else { "" };
                let due = format::near_weekday(self.due_ms, now_ms, calendar);
                format!("还有{}{urgent}，{due}到期", amount(ms))
            }
        }
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
        let start = self.start(now_ms, calendar, format::near);
        format!("{start}派遣，限{}", format::limit_short(self.limit))
    }

    /// The chip of a list row.
    #[must_use]
    pub fn chip(&self, now_ms: i64, calendar: &Calendar) -> Chip {
        let brief = self.brief(now_ms, calendar);
        let text = match brief {
            Brief::Overdue => "超期".to_owned(),
            Brief::Stopped(Why::Suspended { .. }) => "已挂账".to_owned(),
            Brief::Stopped(Why::SentBack) => "暂停".to_owned(),
            Brief::Stopped(Why::HandedIn) => "已反馈".to_owned(),
            Brief::Stopped(Why::Closed) => "按期".to_owned(),
            Brief::Days(days) => format!("{days}天"),
            Brief::Minutes(minutes) => format!("{minutes}分"),
            Brief::Hours(hours) if self.limit.clock == Clock::UrgentHours => format!("{hours}小时"),
            Brief::Hours(hours) => format!("{hours}工时"),
        };
        Chip { text, tone: self.tone(&brief, now_ms, calendar) }
    }

    /// How it was counted, in Chinese: “4个工作时。7月8日11:30派遣起算，到12:00用0.5小时；14:00接着算，
    /// 到17:30满4小时。”
    #[must_use]
    pub fn explain(&self, calendar: &Calendar) -> String {
        self.explain_in::<Chinese>(calendar)
    }
}

fn stopped(why: &Why) -> &'static str {
    match why {
        Why::SentBack => "已退回，计时暂停",
        Why::HandedIn => "已反馈，计时停止",
        Why::Suspended { .. } => "已挂账，暂停计时",
        Why::Closed => "已办结",
    }
}

struct Chinese;

impl Phrases for Chinese {
    const GAP: &'static str = "";
    const COMMA: &'static str = "、";
    const STOP: &'static str = "。";
    const URGENT: &'static str = "夜间和休息日照算，";
    const OFFICE_HOURS: &'static str = "只算上班时间，";

    fn month_day(date: Date) -> String {
        format::month_day(date)
    }

    fn limit(limit: Limit) -> String {
        format!("{}。", format::limit(limit))
    }

    fn begins(at: &str) -> String {
        format!("{at}派遣起算，")
    }

    fn resumes(start: &str, (clock, used_ms): (Clock, i64), day_ms: i64, at: &str) -> String {
        let used = format::amount(clock, used_ms, day_ms);
        format!("{start}派遣，暂停前已用{used}；{at}接着算，")
    }

    fn holiday(day: &str, name: &str) -> String {
        if name.is_empty() { day.to_owned() } else { format!("{day}（{name}）") }
    }

    fn off(days: &str) -> String {
        format!("{days}休息不算，")
    }

    fn worked(days: &str) -> String {
        format!("{days}调休上班照算，")
    }

    fn on_from(at: &str) -> String {
        format!("{at}接着算，")
    }

    fn until(used_ms: i64, at: &str) -> String {
        format!("到{at}用{}；", format::hours(used_ms))
    }

    fn full(at: &str, limit: Limit) -> String {
        let whole = match limit.clock {
            Clock::WorkingDays => format::limit(limit),
            Clock::UrgentHours | Clock::WorkingHours => format!("{}小时", limit.amount),
        };
        format!("到{at}满{whole}")
    }

    fn extended(times: usize, last: &Extension, day: &str, was: &str, now: &str) -> String {
        format!("延期{times}次（{}{day}批准），原{was}，现{now}。", last.by_name)
    }
}
