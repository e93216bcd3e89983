//! 平均首次答复: how long an enterprise waits for the first word of the unit that handles what it raised.

use super::{Counted, Figure, Party, Set};
use crate::day::Day;
use crate::deadline::{Calendar, Clock};
use crate::ids::RecordId;

/// A record that collected problems or suggestions, as this figure needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFact {
    /// The record.
    pub record: RecordId,
    /// Who visited.
    pub party: Party,
    /// The day of the visit.
    pub day: Day,
    /// When the hub had the record, ms.
    pub received_ms: i64,
    /// When the handling unit answered the first of its problems, ms by the hub's clock; `None`: not yet.
    pub first_ms: Option<i64>,
}

/// A party's figure: which of its records were answered, and how long that took on average.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The party.
    pub party: Party,
    /// Records that were answered, of those that collected something.
    pub figure: Figure,
    /// Office time from arrival to first answer, the mean over the answered ones, ms; `None` if none was.
    pub average_ms: Option<i64>,
}

impl FirstAnswer {
    /// `1.2个工作日`, with one decimal; `—` if nothing was answered.
    #[must_use]
    pub fn average(&self, calendar: &Calendar) -> String {
        let day = calendar.day_length_ms();
        match self.average_ms {
            Some(ms) if day > 0 => {
                let tenths = (ms * 10 + day / 2) / day;
                format!("{}.{}个工作日", tenths / 10, tenths % 10)
            }
            _ => "—".to_owned(),
        }
    }
}

/// Counts a party's first answers up to and including a day.
#[must_use]
pub fn first_answer(party: Party, as_of: Day, facts: &[AnswerFact], calendar: &Calendar) -> FirstAnswer {
    let own = || facts.iter().filter(|f| f.party == party && f.day <= as_of);
    let answered: Vec<(&RecordId, i64)> = own()
        .filter_map(|f| {
            let at = f.first_ms.filter(|ms| Day::of(*ms, calendar) <= as_of)?;
            Some((&f.record, calendar.between(Clock::WorkingDays, f.received_ms, at)))
        })
        .collect();
    let sum: i64 = answered.iter().map(|(_, waited)| waited).sum();
    let many = i64::try_from(answered.len()).unwrap_or(i64::MAX);
    FirstAnswer {
        party,
        average_ms: sum.checked_div(many),
        figure: Figure {
            id: format!("answered.{}", party.key()),
            zh: format!("{}：已首次答复的走访", party.zh()),
            definition: format!(
                "截至{}，从平台收到走访记录，到责任单位对其中任何一个问题第一次答复（收到、补充说明、申请延期或挂账、提交整改），\
                 按工作时间折算成工作日，对已答复的走访求平均；已答复的走访／收集到问题和建议的走访。",
                as_of.month_day()
            ),
            numerator: Set::new(Counted::Records, answered.iter().map(|(record, _)| record)),
            denominator: Some(Set::new(Counted::Records, own().map(|f| &f.record))),
        },
    }
}

#[cfg(test)]
mod tests;
