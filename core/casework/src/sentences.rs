//! The two sentences of the report, composed from figures.
//!
//! A clause that is not true is not written; it is listed with its reason and the ids that make it
//! untrue. Every number is a segment that names its figure, so that a reader can open its list.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::figures::{CampaignFigures, Figure, Party, Set, TierFigures};

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its text; a number in plain digits, as offices print them.
    pub text: String,
    /// The figure that the number is, if it is one.
    #[serde(default)]
    pub figure: Option<String>,
}

/// A clause that was not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedClause {
    /// The clause as it would read.
    pub text: String,
    /// Why it is not written.
    pub reason: String,
    /// What makes it untrue, where that can be shown.
    #[serde(default)]
    pub open: Option<Set>,
}

/// A composed text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReportText {
    /// Its pieces in order.
    pub segments: Vec<Segment>,
    /// What was not written (没有写入的句子).
    pub refused: Vec<RefusedClause>,
}

/// The names in the sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Who reports, such as 该局.
    pub bureau: String,
    /// The day the campaign began.
    pub since: Day,
    /// The meeting that began it, such as “中梗阻”问题整治集中月活动动员部署会; empty if there was none.
    #[serde(default)]
    pub kickoff: String,
    /// Whether the result sentence prints the split of outcomes behind its number.
    #[serde(default)]
    pub with_split: bool,
}

impl ReportText {
    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.segments.iter().map(|s| s.text.as_str()).collect()
    }

    fn say(&mut self, text: impl Into<String>) {
        let text = text.into();
        match self.segments.last_mut() {
            Some(last) if last.figure.is_none() => last.text.push_str(&text),
            _ => self.segments.push(Segment { text, figure: None }),
        }
    }

    fn number(&mut self, figure: &Figure) {
        self.segments.push(Segment { text: figure.count().to_string(), figure: Some(figure.id.clone()) });
    }

    fn refuse(&mut self, text: impl Into<String>, reason: impl Into<String>, open: Option<Set>) {
        self.refused.push(RefusedClause { text: text.into(), reason: reason.into(), open });
    }
}

/// The as-of report (截至报): who visited how many, what was collected, and whether it is in hand.
#[must_use]
pub fn interim(figures: &CampaignFigures, wording: &Wording) -> ReportText {
    let mut report = ReportText::default();
    report.say(format!("截至{}，{}", figures.as_of.month_day(), wording.bureau));
    if figures.tiers.is_empty() {
        report.say("还没有走访记录。");
        report.refuse("走访企业、收集问题和建议", "还没有走访记录", None);
        return report;
    }
    for (at, tier) in figures.tiers.iter().enumerate() {
        if at > 0 {
            report.say("；");
        }
        visits_of(&mut report, tier);
    }
    report.say("。");
    ledger_clause(&mut report, figures);
    report
}

fn visits_of(report: &mut ReportText, tier: &TierFigures) {
    match tier.party {
        Party::Utilities => {
            let kinds: Vec<_> = tier.utilities.iter().map(|u| u.zh()).collect();
            report.say(kinds.join("、"));
            if tier.units.count() > 0 {
                report.number(&tier.units);
                report.say("家");
            }
            report.say("公用事业企业");
        }
        party => report.say(party.zh()),
    }
    report.say("走访企业");
    report.number(&tier.visited);
    report.say("家");
    if tier.collected.count() == 0 {
        let clause = format!("{}收集问题和建议", tier.party.zh());
        report.refuse(clause, "没有收集到问题和建议", Some(tier.visited.numerator.clone()));
        return;
    }
    // The topic is named for the utilities, whose visits turn on what they supply.
    match tier.topic.as_deref().filter(|_| tier.party == Party::Utilities) {
        Some(topic) => report.say(format!("，收集涉及{}问题和建议", topic_word(topic))),
        None => report.say("，收集问题和建议"),
    }
    report.number(&tier.collected);
    report.say("条");
}

/// Topics are named from the enterprise's side (用暖); the sentence names the supply (供暖).
fn topic_word(topic: &str) -> String {
    match topic {
        "用水" => "供水".to_owned(),
        "用气" => "供气".to_owned(),
        "用暖" => "供暖".to_owned(),
        other => other.to_owned(),
    }
}

fn ledger_clause(report: &mut ReportText, figures: &CampaignFigures) {
    let ledger = "目前，收集的问题和建议已建立台账";
    let in_hand = "并将整改任务落实到相关责任人";
    let all = figures.collected.count();
    if all == 0 {
        report.refuse(ledger, "还没有收集到问题和建议", None);
        return;
    }
    let outside = &figures.not_in_ledger;
    if outside.count() > 0 {
        let reason = format!("{all}条中有{}条还没有进入台账", outside.count());
        report.refuse(ledger, reason, Some(outside.numerator.clone()));
    }
    let open = &figures.without_person;
    if open.count() > 0 {
        let reason = format!("{all}条中有{}条没有责任人", open.count());
        report.refuse(in_hand, reason, Some(open.numerator.clone()));
    }
    match (outside.count(), open.count()) {
        (0, 0) => report.say(format!("{ledger}，{in_hand}。")),
        (0, _) => {
            report.say(format!("{ledger}，其中"));
            report.number(open);
            report.say("条尚未落实责任人。");
        }
        // What is not in the ledger has no person either: both clauses stand in the list of refusals.
        _ => {}
    }
}

/// The result report: what was collected since the campaign began and what became of it.
#[must_use]
pub fn result(figures: &CampaignFigures, wording: &Wording) -> ReportText {
    let mut report = ReportText::default();
    let meeting =
        if wording.kickoff.is_empty() { String::new() } else { format!("召开{}", wording.kickoff) };
    report.say(format!("自{}{meeting}以来，", wording.since.month_day()));
    let channels = [("领导“大走访”", &figures.grand_visit), ("科室“大排查”", &figures.grand_sweep)];
    let there: Vec<_> = channels.iter().filter(|(_, f)| f.count() > 0).map(|(text, _)| *text).collect();
    if !there.is_empty() {
        report.say(format!("通过{}，", there.join("、")));
    }
    for (text, _) in channels.iter().filter(|(_, f)| f.count() == 0) {
        report.refuse(format!("通过{text}"), "没有这一类走访记录", None);
    }
    report.say("共收集企业反馈问题");
    report.number(&figures.collected);
    report.say("个");
    if figures.handled.count() == 0 {
        report.refuse("已解决或妥善处理", "还没有一件结案", Some(figures.collected.numerator.clone()));
    } else {
        report.say("，已解决或妥善处理");
        report.number(&figures.handled);
        report.say("个");
        if wording.with_split {
            split_of(&mut report, figures);
        }
    }
    let givers = figures.banners.count();
    if givers >= 2 {
        report.say("，获多家企业点赞送锦旗");
    } else {
        let reason = format!("要有2家以上企业的锦旗，现有{givers}家");
        report.refuse("获多家企业点赞送锦旗", reason, Some(figures.banners.numerator.clone()));
    }
    report.say("。");
    report
}

/// `（其中解决49个，分步解决5个，政策解释3个）`; an outcome that did not occur is not named.
fn split_of(report: &mut ReportText, figures: &CampaignFigures) {
    let occurred = figures.split.iter().filter(|f| f.count() > 0);
    for (at, part) in occurred.enumerate() {
        report.say(if at == 0 { "（其中" } else { "，" });
        report.say(part.zh.clone());
        report.number(part);
        report.say("个");
    }
    report.say("）");
}
