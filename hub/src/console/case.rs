//! 案卷: deadline, evidence, what can be done now, what happened.

mod beside;
mod does;
mod story;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use xuncha_casework::case::{Asked, missing_for_closing};
use xuncha_casework::catalogue::Condition;
use xuncha_casework::terms::{Term, marks};
use xuncha_casework::{
    Actor, Case, Move, MoveKind, MoveOffer, Refusal, Requirement, Role, Rules, State as CaseState, allowed,
    format, why_not_close,
};

use super::evidence::{self, Shots};
use super::frame::{Frame, MarkView};
use super::session::Signed;
use super::trouble::{Answer, Trouble, html_as};
use crate::Hub;
use crate::ledger::cases::{self, CaseRow};
use crate::ledger::history::{self, Line, Said, Shot};
use crate::ledger::people::{self, PersonRow};
use crate::ledger::words;
use beside::{Stand, menu_of};
pub(super) use does::{
    Do, REPEATED, clock_of, field_of, forms, kind_of as parse, label, limit_of, preview, rejected, word_of,
};
use story::Told;
pub(super) use story::first;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    done: String,
    from: String,
}

/// What became of a form that was not taken: shown above the page, with what was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Lost {
    pub(super) status: StatusCode,
    pub(super) head: String,
    pub(super) text: String,
    /// Field and sentence.
    pub(super) faults: Vec<(String, String)>,
    pub(super) typed: BTreeMap<String, String>,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    case_id: String,
    head: String,
    from: String,
    number: String,
    headline: String,
    marks: Vec<MarkView>,
    due: String,
    explained: String,
    before: Shots,
    after: Shots,
    checks: Shots,
    has_checks: bool,
    facts: Vec<(&'static str, String)>,
    record: String,
    record_label: &'static str,
    evidence: Vec<String>,
    closing: String,
    lacks: Vec<Lack>,
    nothing: String,
    does: Vec<Do>,
    story: Vec<Told>,
    lost: String,
    lost_head: String,
    kept: String,
    faults: Vec<Fault>,
    done: String,
    done_mark: MarkView,
    stand: Stand,
}

/// What closing lacks, and the way there: a form on this page, or who it waits for.
struct Lack {
    text: String,
    href: String,
    who: String,
}

/// What is wrong with a field, and where it stands in the page.
pub(super) struct Fault {
    pub(super) at: String,
    pub(super) text: String,
}

/// Faults of a step's form with the places of their fields.
pub(super) fn faults_of(word: &str, faults: Vec<(String, String)>) -> Vec<Fault> {
    faults.into_iter().map(|(field, text)| Fault { at: format!("{word}-{field}"), text }).collect()
}

/// What was written for a step that is not offered any more and so has no form to stand in.
pub(super) fn kept(typed: &BTreeMap<String, String>, offers: &[MoveOffer]) -> String {
    let word = typed.get("move").map(String::as_str).unwrap_or_default();
    let gone = !word.is_empty() && !offers.iter().any(|offer| word_of(offer.kind) == word);
    let texts = ["reason", "note", "text", "wanted", "description", "explanation"];
    let texts = texts.iter().filter_map(|name| typed.get(*name)).filter(|text| gone && !text.is_empty());
    texts.cloned().collect::<Vec<_>>().join("；")
}

/// What the handler asks for, in a sentence; empty if nothing.
pub(super) fn asked(case: &Case, now: i64, rules: &Rules) -> String {
    match &case.asked {
        None => String::new(),
        Some(Asked::Extension { until_ms: None, reason }) => format!("延期，再给一个原来的时限：{reason}"),
        Some(Asked::Extension { until_ms: Some(ms), reason }) => {
            format!("延到{}：{reason}", format::near(*ms, now, &rules.calendar))
        }
        Some(Asked::Suspension { until, reason }) => format!("挂账到{until}：{reason}"),
    }
}

/// All that a case's page needs.
pub(super) struct File {
    pub(super) row: CaseRow,
    pub(super) rules: std::sync::Arc<Rules>,
    pub(super) lines: Vec<Line>,
    pub(super) shots: Vec<Shot>,
    pub(super) handlers: Vec<PersonRow>,
}

impl File {
    /// Is this the move that took effect last?
    pub(super) fn last_is(&self, mv: &Move) -> bool {
        let last = self.lines.iter().rev().find(|line| line.refused.is_none());
        last.is_some_and(|line| matches!(&line.said, Said::Move(there) if **there == *mv))
    }
}

/// A case's file, if this person may see it.
pub(super) async fn file(hub: &Hub, signed: &Signed, id: &str) -> Result<File, Trouble> {
    let (sees, cache, id) = (signed.sees(), hub.rules().clone(), id.to_owned());
    let dispatches = signed.actor().is(Role::Dispatcher);
    let found = hub
        .db()
        .read(move |tx| {
            let Some(row) = cases::one(tx, &sees, &id)? else { return Ok(None) };
            let tenant = sees.tenant.as_str();
            Ok(Some(File {
                row,
                rules: cache.load(tx, tenant)?,
                lines: history::lines(tx, tenant, &id)?,
                shots: history::shots(tx, tenant, "case", &id)?,
                handlers: if dispatches { people::handlers(tx, tenant)? } else { Vec::new() },
            }))
        })
        .await?;
    found.ok_or(Trouble::Lost)
}

/// `GET /cases/{id}`.
pub(super) async fn page(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    show(&hub, &signed, &id, &ask.from, &ask.done, None).await
}

/// The page, with what became of a form that was not taken.
pub(super) async fn show(
    hub: &Hub,
    signed: &Signed,
    id: &str,
    from: &str,
    done: &str,
    lost: Option<Lost>,
) -> Answer {
    let file = file(hub, signed, id).await?;
    let (case, rules, now) = (&file.row.case, &file.rules, hub.now_ms());
    let actor = signed.actor();
    let headline = words::headline(case, file.row.place(), rules);
    let mut frame =
        Frame::of(hub, signed, &format!("{} {headline}", file.row.number()), menu_of(from)).await?;
    frame.wrong = lost.is_some();
    let status = lost.as_ref().map_or(StatusCode::OK, |l| l.status);
    let lost = lost.unwrap_or_default();
    let offers = allowed(case, &actor);
    let shots = Sorted::of(case, &file.shots);
    let word = lost.typed.get("move").cloned().unwrap_or_default();
    let done_words = label(done);
    let kept = kept(&lost.typed, &offers);
    let page = CasePage {
        case_id: case.id.to_string(),
        head: case.head.to_string(),
        from: from.to_owned(),
        number: file.row.number().to_owned(),
        marks: marks(case, now, &rules.calendar).iter().map(MarkView::from).collect(),
        due: case.deadline.as_ref().map_or_else(String::new, |d| d.sentence(now, &rules.calendar)),
        explained: case.deadline.as_ref().map_or_else(String::new, |d| d.explain(&rules.calendar)),
        before: Shots::of(shots.before, "整改前", "没有照片", &rules.calendar),
        after: Shots::of(shots.after, "整改后", "还没有", &rules.calendar),
        has_checks: !shots.checks.is_empty(),
        checks: Shots::of(shots.checks, "核查", "还没有", &rules.calendar),
        facts: facts(&file, now),
        record: case.source.as_ref().map_or_else(String::new, ToString::to_string),
        record_label: if file.row.source_kind == "visit" { "看走访记录" } else { "看记录" },
        evidence: evidence::statements(&file.shots, &rules.calendar),
        closing: closing(case, &actor),
        lacks: lacks(case, &offers),
        nothing: nothing(case),
        does: forms(&file, &offers, now, &lost.typed, &lost.faults),
        story: story::tell(&file.lines, case, rules, now),
        lost: lost.text,
        lost_head: lost.head,
        kept,
        faults: faults_of(&word, lost.faults),
        done: if done_words.is_empty() { String::new() } else { format!("“{done_words}”已生效。") },
        done_mark: Term::MarkHeld.into(),
        stand: Stand::of(hub, signed, from, case.id.as_str()).await?,
        headline,
        frame,
    };
    html_as(status, &page)
}

/// Photos of before, of after and of checks: by the case, not by what a phone called them.
struct Sorted<'a> {
    before: Vec<&'a Shot>,
    after: Vec<&'a Shot>,
    checks: Vec<&'a Shot>,
}

impl<'a> Sorted<'a> {
    fn of(case: &Case, shots: &'a [Shot]) -> Self {
        let is_in =
            |ids: &[xuncha_casework::PhotoRef], shot: &Shot| ids.iter().any(|p| p.as_str() == shot.id);
        let mut sorted = Self { before: Vec::new(), after: Vec::new(), checks: Vec::new() };
        for shot in shots {
            let after = case.rectified.as_ref().is_some_and(|r| is_in(&r.what.photos, shot));
            let check = case.verified.as_ref().is_some_and(|v| is_in(&v.what.photos, shot));
            if check || shot.role == "check" {
                sorted.checks.push(shot);
            } else if after || (shot.role == "after" && !is_in(&case.photos, shot)) {
                sorted.after.push(shot);
            } else {
                sorted.before.push(shot);
            }
        }
        sorted
    }
}

/// The filing condition that a case was filed by.
pub(super) fn condition_of<'a>(case: &Case, rules: &'a Rules) -> Option<&'a Condition> {
    let (key, id) = (case.category.as_ref()?, case.condition.as_ref()?);
    rules.catalogue_of(key)?.condition(key, id)
}

fn facts(file: &File, now: i64) -> Vec<(&'static str, String)> {
    let (case, rules) = (&file.row.case, &file.rules);
    let condition = condition_of(case, rules);
    let category = match &case.category {
        Some(key) => format!("{} {}（{}）", key.code, words::category(case, rules), key.standard),
        None => words::category(case, rules),
    };
    let position = case.position.as_ref().map(|p| {
        let p = p.wgs84();
        format!("东经{:.6}° 北纬{:.6}°（WGS-84）", p.lon, p.lat)
    });
    let text = |t: Option<String>| t.unwrap_or_default();
    let all = [
        ("描述", case.description.clone()),
        ("企业", file.row.site.clone()),
        ("地点", text(case.place.clone())),
        ("位置", text(position)),
        ("区", file.row.district.clone()),
        ("类别", category),
        ("立案条件", text(condition.map(|c| c.zh.clone()))),
        ("结案条件", text(condition.map(|c| c.closing_zh.clone()))),
        ("责任", words::responsible(case)),
        (
            "上报",
            format!("{} {}", file.row.reporter, format::near(case.reported_at_ms, now, &rules.calendar)),
        ),
        ("结果", text(case.outcome.as_ref().map(|o| o.words().zh))),
        ("整改措施", {
            let note = case.rectified.as_ref().map_or("", |r| r.what.note.as_str());
            crate::ledger::sheet::measure(case.outcome.as_ref(), note)
        }),
        ("申请", asked(case, now, rules)),
        ("待补充", text(case.more_wanted.clone())),
        ("企业满意度", text(case.satisfaction.map(|s| s.words().zh))),
        ("备注", crate::ledger::sheet::remarks(case, now)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What closing lacks, and who may not.
fn closing(case: &Case, actor: &Actor) -> String {
    if case.state.is_over() || case.state == CaseState::Reported {
        return String::new();
    }
    if case.state == CaseState::Rectified && case.is_handler(&actor.person) && actor.is(Role::Verifier) {
        return Refusal::SelfVerification.words().zh;
    }
    let said = why_not_close(case, actor).map(|w| w.zh).unwrap_or_default();
    let names: Vec<&str> = case.responsible.iter().map(|r| r.person_name.as_str()).collect();
    if said.starts_with("结案还差") && !names.is_empty() {
        return format!("{said}核查和结案不能由处置人{}办。", names.join("、"));
    }
    said
}

fn lacks(case: &Case, offers: &[MoveOffer]) -> Vec<Lack> {
    if case.state.is_over() || case.state == CaseState::Reported {
        return Vec::new();
    }
    let handler = words::responsible(case);
    let missing = missing_for_closing(case).into_iter().map(|what| {
        let (kind, who) = match what {
            Requirement::Rectification => {
                (MoveKind::Rectify, format!("等{handler}{}", MoveKind::Rectify.words().zh))
            }
            Requirement::Acknowledgement => (MoveKind::Acknowledge, "等企业确认".to_owned()),
            _ => (MoveKind::Verify, "等处置人以外的核查员".to_owned()),
        };
        let may = offers.iter().any(|offer| offer.kind == kind);
        let href = if may { format!("#do-{}", word_of(kind)) } else { String::new() };
        let who = match (what, case.state) {
            (Requirement::Rectification, CaseState::Accepted | CaseState::SentBack) => "先派遣".to_owned(),
            (Requirement::Verification, CaseState::Rectified) => who,
            (Requirement::Verification, _) => "反馈整改后再核查".to_owned(),
            _ => who,
        };
        Lack { text: what.words().zh, href, who }
    });
    missing.collect()
}

fn nothing(case: &Case) -> String {
    let state = case.state.words().zh;
    format!("案卷现在是{state}，没有由你办的事。若应由你办，请联系派遣员。")
}
