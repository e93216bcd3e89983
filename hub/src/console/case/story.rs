//! What happened, newest first: who, what, when, with which evidence; refused moves too.

#[cfg(test)]
use xuncha_casework::MoveKind;
use xuncha_casework::case::VerifyResult;
use xuncha_casework::terms::Term;
use xuncha_casework::{Case, Move, Outcome, Rules, format};

use super::does::{kind_of, label};
use crate::console::frame::MarkView;
use crate::ledger::history::{Line, Said};

pub(super) struct Told {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) detail: String,
    pub(super) refused: bool,
    pub(super) mark: MarkView,
    pub(super) why: String,
    pub(super) shots: Vec<String>,
}

pub(super) fn tell(lines: &[Line], case: &Case, rules: &Rules, now: i64) -> Vec<Told> {
    let told = lines.iter().map(|line| Told {
        when: format::near(line.at_ms, now, &rules.calendar),
        who: line.name.clone(),
        what: match line.what.as_str() {
            "note" => "补充说明".to_owned(),
            word if kind_of(word).is_some() => label(word),
            word => word.to_owned(),
        },
        detail: match &line.said {
            Said::Text(text) if line.what == "report" && text.is_empty() => case.description.clone(),
            Said::Text(text) => text.clone(),
            Said::Move(mv) => said(mv, rules),
        },
        refused: line.refused.is_some(),
        mark: MarkView::from(Term::MarkRefused),
        why: line.refused.clone().unwrap_or_default(),
        shots: line.photos.clone(),
    });
    let mut told: Vec<Told> = told.collect();
    told.reverse();
    told
}

/// Who was first with which step, and when: `陈晓10:42已派遣给环卫中心`. Empty if nothing took effect yet.
pub(crate) fn first(lines: &[Line], now: i64, rules: &Rules) -> String {
    let Some(line) = lines.iter().rev().find(|line| line.refused.is_none()) else { return String::new() };
    let when = format::near(line.at_ms, now, &rules.calendar);
    let when = when.strip_prefix("今天").unwrap_or(&when);
    let to = match &line.said {
        Said::Move(mv) => match &**mv {
            Move::Dispatch(dispatch) => format!("给{}", dispatch.responsible.unit_name),
            _ => String::new(),
        },
        Said::Text(_) => String::new(),
    };
    format!("{}{when}已{}{to}", line.name, label(&line.what))
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("：")
}

fn said(mv: &Move, rules: &Rules) -> String {
    match mv {
        Move::Report(report) => report.description.clone(),
        Move::Accept(accepted) => {
            let known = accepted.category.as_ref().zip(accepted.condition.as_ref());
            let condition = known.and_then(|(key, id)| rules.catalogue_of(key)?.condition(key, id));
            joined(&[condition.map_or("", |c| c.zh.as_str()), &accepted.note])
        }
        Move::Dispatch(dispatch) => {
            let to = &dispatch.responsible;
            let limit = dispatch.limit.map(|l| format!("，限{}", format::limit(l))).unwrap_or_default();
            joined(&[&format!("给{} {}{limit}", to.unit_name, to.person_name), &dispatch.reason])
        }
        Move::Reject { reason }
        | Move::SendBack { reason }
        | Move::Decline { reason }
        | Move::Reopen { reason }
        | Move::RequestExtension { reason, .. }
        | Move::Extend { reason, .. } => reason.clone(),
        Move::RequestSuspension { reason, until } | Move::Suspend { reason, until } => {
            joined(&[&format!("到{until}"), reason])
        }
        Move::RequestMore { wanted } => wanted.clone(),
        Move::Supplement { text, .. } | Move::Remind { text } => text.clone(),
        Move::Correct(correction) => correction.reason.clone(),
        Move::Receive { note } | Move::Resume { note } | Move::Close { note } => note.clone(),
        Move::Rectify(rectified) => {
            let how = rectified.outcome.words().zh;
            let more = match &rectified.outcome {
                Outcome::Resolved => rectified.note.clone(),
                other => crate::ledger::sheet::measure(Some(other), &rectified.note),
            };
            joined(&[&how, &more])
        }
        Move::Acknowledge(acknowledged) => format!("{}已确认", acknowledged.name),
        Move::Verify(verified) => {
            let again = if verified.result == VerifyResult::Failed { Term::StepRework.zh() } else { "" };
            let said = [verified.mode.words().zh, verified.result.words().zh, again.to_owned()];
            let said: Vec<_> = said.into_iter().filter(|part| !part.is_empty()).collect();
            joined(&[&said.join("，"), &verified.note])
        }
        Move::Rate { satisfaction, comment } => joined(&[&satisfaction.words().zh, comment]),
    }
}

/// All move words have a label; the compiler does not see it.
#[cfg(test)]
#[test]
fn every_move_has_a_word_and_a_label() {
    for kind in MoveKind::ALL {
        let word = super::does::word_of(*kind);
        assert_eq!(kind_of(&word), Some(*kind));
        assert!(!label(&word).is_empty());
    }
}
