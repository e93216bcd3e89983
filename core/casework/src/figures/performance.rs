//! Performance figures (GB/T 30428.4): each with its two sets and what it leaves out.

use serde::{Deserialize, Serialize};

use super::{CaseFact, Counted, Figure, Set};
use crate::case::{Satisfaction, State};
use crate::day::Day;
use crate::deadline::Calendar;

/// By which day a case belongs to a period (口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 按应结案时间.
    Due,
    /// 按上报时间.
    Reported,
}

/// The five figures of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performance {
    /// 结案率.
    pub closing: Figure,
    /// 按期结案率.
    pub on_time: Figure,
    /// 返工率.
    pub rework: Figure,
    /// 超期率.
    pub overdue: Figure,
    /// 满意率.
    pub satisfaction: Figure,
}

impl Performance {
    /// The five, in the order of the page.
    #[must_use]
    pub fn all(&self) -> [&Figure; 5] {
        [&self.closing, &self.on_time, &self.rework, &self.overdue, &self.satisfaction]
    }
}

/// Counts a period from its first to its last day, as it stood at `as_of_ms`.
///
/// 应结案: cases of the period whose deadline had passed by then. Left out: not filed (不予立案),
/// suspended (挂账) and exempt by appeal (申诉).
#[must_use]
pub fn performance<'a>(
    cases: impl IntoIterator<Item = &'a CaseFact>,
    (first, last): (Day, Day),
    basis: Basis,
    as_of_ms: i64,
    calendar: &Calendar,
) -> Performance {
    let counted = |case: &&CaseFact| {
        let Some(due_ms) = case.due_ms.filter(|due| *due <= as_of_ms) else { return false };
        let day = match basis {
            Basis::Due => Day::of(due_ms, calendar),
            Basis::Reported => case.reported,
        };
        let left_out = case.exempt || matches!(case.state, State::Rejected | State::Suspended);
        !left_out && first <= day && day <= last
    };
    let due: Vec<&CaseFact> = cases.into_iter().filter(counted).collect();
    let is_closed = |c: &CaseFact| c.closed_ms.is_some_and(|ms| ms <= as_of_ms);
    let set = |keep: &dyn Fn(&CaseFact) -> bool| {
        Set::new(Counted::Cases, due.iter().filter(|c| keep(c)).map(|c| &c.case))
    };
    let all = set(&|_| true);
    let closed = set(&is_closed);
    let by = match basis {
        Basis::Due => "应结案时间",
        Basis::Reported => "上报时间",
    };
    let what = format!("按{by}在{}内，不含不予立案、挂账和申诉通过的案卷。", period(first, last));
    let figure = |id: &str, zh: &str, sets: &str, numerator: Set, denominator: &Set| Figure {
        id: id.to_owned(),
        zh: zh.to_owned(),
        definition: format!("{sets}；{what}"),
        numerator,
        denominator: Some(denominator.clone()),
    };
    let happy = |c: &CaseFact| matches!(c.satisfaction, Some(Satisfaction::Satisfied | Satisfaction::Fairly));
    Performance {
        closing: figure("closing", "结案率", "已结案／应结案", closed.clone(), &all),
        on_time: figure(
            "on_time",
            "按期结案率",
            "按期反馈并已结案／应结案",
            set(&|c| is_closed(c) && !c.late),
            &all,
        ),
        rework: figure(
            "rework",
            "返工率",
            "被退回返工过的／已结案",
            set(&|c| is_closed(c) && c.reworks > 0),
            &closed,
        ),
        overdue: figure("overdue", "超期率", "到期仍未结案／应结案", set(&|c| !is_closed(c)), &all),
        satisfaction: figure(
            "satisfaction",
            "满意率",
            "评价为满意或基本满意的／有评价的",
            set(&happy),
            &set(&|c| c.satisfaction.is_some()),
        ),
    }
}

fn period(first: Day, last: Day) -> String {
    crate::format::period(first.date(), last.date())
}
