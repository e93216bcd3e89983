//! The right side of the desk: one case, what is suggested for it, and the steps that can be made now.

use std::collections::BTreeMap;

use xuncha_casework::terms::marks;
use xuncha_casework::{MoveKind, MoveOffer, Rules, State as CaseState, allowed, format};

use super::Ask;
use crate::Hub;
use crate::console::case::{self, Do, Fault, File, Lost};
use crate::console::evidence::Shots;
use crate::console::frame::MarkView;
use crate::console::session::Signed;
use crate::console::trouble::Trouble;
use crate::ledger::desk::DeskDue;
use crate::ledger::nearby::{self, Near};
use crate::ledger::suggest::{self, Suggestion};
use crate::ledger::words;

pub(super) struct Pane {
    pub(super) id: String,
    pub(super) head: String,
    pub(super) number: String,
    pub(super) headline: String,
    pub(super) marks: Vec<MarkView>,
    pub(super) due: String,
    /// Until when the desk itself should have done its step, and how that is counted.
    pub(super) desk_due: String,
    pub(super) desk_how: String,
    pub(super) shots: Shots,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) change: String,
    pub(super) preview: String,
    pub(super) explained: String,
    pub(super) near: String,
    pub(super) near_href: String,
    pub(super) compared: Vec<Compared>,
    pub(super) suggested: String,
    pub(super) suggested_id: String,
    pub(super) why: String,
    pub(super) nobody: bool,
    pub(super) buttons: Vec<Button>,
    pub(super) confirm: Option<Confirm>,
    pub(super) panel: Option<Do>,
    pub(super) cancel: String,
    pub(super) list: String,
    pub(super) next: String,
    pub(super) next_href: String,
    pub(super) tab: String,
    pub(super) district: String,
    pub(super) lost_head: String,
    pub(super) lost: String,
    pub(super) kept: String,
    pub(super) faults: Vec<Fault>,
    pub(super) trouble: bool,
}

/// A step as a button: a link to its panel, or a form that makes it at once.
pub(super) struct Button {
    pub(super) word: String,
    pub(super) label: String,
    pub(super) key: &'static str,
    pub(super) cap: &'static str,
    pub(super) href: String,
    pub(super) main: bool,
}

/// 派遣给 环卫中心 李明，7月9日8:30到期.
pub(super) struct Confirm {
    pub(super) text: String,
    pub(super) handler: String,
    pub(super) reason: String,
}

/// Another open case close by.
pub(super) struct Compared {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) marks: Vec<MarkView>,
    pub(super) said: String,
    pub(super) shots: Vec<String>,
    pub(super) repeats: String,
}

struct Beside {
    near: Vec<Near>,
    shots: Vec<Vec<String>>,
    suggestion: Option<Suggestion>,
}

async fn beside(hub: &Hub, signed: &Signed, file: &File, compare: bool) -> Result<Beside, Trouble> {
    let (sees, row, handlers, now) = (signed.sees(), file.row.clone(), file.handlers.clone(), hub.now_ms());
    let waits = matches!(row.case.state, CaseState::Reported | CaseState::Accepted | CaseState::SentBack);
    let found = hub
        .db()
        .read(move |tx| {
            if !waits {
                return Ok(Beside { near: Vec::new(), shots: Vec::new(), suggestion: None });
            }
            let near = nearby::of(tx, &sees, &row, now)?;
            let mut shots = Vec::new();
            for other in near.iter().filter(|_| compare) {
                let all =
                    crate::ledger::history::shots(tx, &sees.tenant, "case", other.row.case.id.as_str())?;
                shots.push(all.into_iter().filter(|s| s.here).map(|s| s.id).take(2).collect());
            }
            let suggestion = suggest::of(tx, &sees.tenant, &row, &handlers)?;
            Ok(Beside { near, shots, suggestion })
        })
        .await?;
    Ok(found)
}

pub(super) async fn of(
    hub: &Hub,
    signed: &Signed,
    ask: &Ask,
    id: &str,
    next: String,
    lost: Option<Lost>,
) -> Result<Pane, Trouble> {
    let file = case::file(hub, signed, id).await?;
    let (case, rules, now) = (&file.row.case, &file.rules, hub.now_ms());
    let Beside { near, shots, suggestion } = beside(hub, signed, &file, ask.panel == "compare").await?;
    let offers = allowed(case, &signed.actor());
    let trouble = lost.is_some();
    let lost = lost.unwrap_or_default();
    let may = |kind: MoveKind| offers.iter().any(|offer| offer.kind == kind);
    let typed_word = lost.typed.get("move").cloned().unwrap_or_default();
    let kept = case::kept(&lost.typed, &offers);
    let (preview, explained) = case::preview(case, rules, now);
    let waits = matches!(case.state, CaseState::Reported | CaseState::Accepted | CaseState::SentBack);
    let known = case::limit_of(case, rules).is_some();
    let confirm = (ask.panel == "dispatch" && !trouble && may(MoveKind::Dispatch) && known)
        .then(|| suggestion.as_ref().map(|s| confirm(s, &preview)))
        .flatten();
    let word = match (typed_word.as_str(), ask.panel.as_str()) {
        ("", "dispatch_to") => "dispatch",
        ("", panel) => panel,
        (typed, _) => typed,
    };
    let typed = if trouble { lost.typed.clone() } else { prefilled(word, ask, suggestion.as_ref()) };
    let panel = if confirm.is_some() { None } else { step(&file, &offers, now, word, &typed, &lost.faults) };
    let category = words::category(case, rules);
    let condition = case::condition_of(case, rules).map(|c| c.zh.clone()).unwrap_or_default();
    let limit = case::limit_of(case, rules).map(format::limit_short).unwrap_or_default();
    let code = case.category.as_ref().map_or_else(String::new, |key| format!("{} ", key.code));
    let change = match () {
        () if may(MoveKind::Accept) => ask.at(id, "accept"),
        () if may(MoveKind::Correct) && case.state == CaseState::Accepted => ask.at(id, "correct"),
        () => String::new(),
    };
    let said = |parts: [&str; 2]| parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("，");
    let facts = [
        ("描述", case.description.clone()),
        ("地点", file.row.place().to_owned()),
        ("区", file.row.district.clone()),
        ("类别", format!("{code}{category}")),
        ("立案条件", said([&condition, &limit])),
        ("上报", format!("{} {}", file.row.reporter, format::ago(case.reported_at_ms, now, &rules.calendar))),
        ("责任", if case.responsible.is_some() { words::responsible(case) } else { String::new() }),
        ("申请", case::asked(case, now, rules)),
    ];
    let desk = DeskDue::of(&file.row, hub.config().desk, rules);
    let (desk_due, desk_how) = desk.map(|due| due.sentence(now, &rules.calendar)).unwrap_or_default();
    Ok(Pane {
        desk_due,
        desk_how,
        id: id.to_owned(),
        head: case.head.to_string(),
        number: file.row.number().to_owned(),
        headline: words::headline(case, file.row.place(), rules),
        marks: marks(case, now, &rules.calendar).iter().map(MarkView::from).collect(),
        due: case.deadline.as_ref().map_or_else(String::new, |d| d.sentence(now, &rules.calendar)),
        shots: Shots::of(&file.shots, "现场", "没有照片", &rules.calendar),
        facts: facts.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect(),
        change,
        preview: if waits { preview } else { String::new() },
        explained,
        near: near_said(&near),
        near_href: ask.at(id, "compare"),
        compared: if ask.panel == "compare" {
            compared(ask, id, &near, shots, rules, now)
        } else {
            Vec::new()
        },
        suggested: suggestion.as_ref().map_or_else(String::new, |s| {
            [&s.person.unit_name, &s.person.post, &s.person.name].map(String::as_str).join(" · ")
        }),
        suggested_id: suggestion.as_ref().map_or_else(String::new, |s| s.person.id.clone()),
        why: suggestion.as_ref().map_or_else(String::new, |s| format!("{}。", s.why.join("；"))),
        nobody: suggestion.is_none() && waits,
        buttons: if confirm.is_some() || panel.is_some() {
            Vec::new()
        } else {
            buttons(&offers, ask, id, suggestion.as_ref())
        },
        confirm,
        panel,
        cancel: ask.at(id, ""),
        list: ask.at("", ""),
        next_href: if next.is_empty() { String::new() } else { ask.at(&next, "") },
        next,
        tab: ask.tab.clone(),
        district: ask.district.clone(),
        faults: case::faults_of(&typed_word, lost.faults),
        lost_head: lost.head,
        lost: lost.text,
        kept,
        trouble,
    })
}

fn confirm(suggestion: &Suggestion, preview: &str) -> Confirm {
    let person = &suggestion.person;
    let due = preview.trim_start_matches("若现在派遣，");
    Confirm {
        text: format!("派遣给{} {}，{due}。", person.unit_name, person.name),
        handler: person.id.clone(),
        reason: suggestion.why.join("；"),
    }
}

/// What stands in a panel before anything is typed.
fn prefilled(word: &str, ask: &Ask, suggestion: Option<&Suggestion>) -> BTreeMap<String, String> {
    let mut typed = BTreeMap::from([("move".to_owned(), word.to_owned())]);
    match (word, suggestion) {
        ("dispatch", Some(s)) => {
            typed.insert("handler".to_owned(), s.person.id.clone());
        }
        ("reject", _) if !ask.dup.is_empty() => {
            typed.insert("why".to_owned(), case::REPEATED.to_owned());
            typed.insert("reason".to_owned(), format!("与{}是同一处", ask.dup));
        }
        _ => {}
    }
    typed
}

/// The form of a step, if it may be made now.
fn step(
    file: &File,
    offers: &[MoveOffer],
    now: i64,
    word: &str,
    typed: &BTreeMap<String, String>,
    faults: &[(String, String)],
) -> Option<Do> {
    case::forms(file, offers, now, typed, faults).into_iter().find(|form| form.word == word)
}

/// Steps at the desk with their keys, in the order of the drawing.
const STEPS: [(MoveKind, &str, &str); 9] = [
    (MoveKind::Accept, "KeyA", "A"),
    (MoveKind::Dispatch, "KeyD", "D"),
    (MoveKind::Close, "KeyC", "C"),
    (MoveKind::Extend, "KeyE", "E"),
    (MoveKind::Suspend, "KeyP", "P"),
    (MoveKind::Decline, "KeyN", "N"),
    (MoveKind::RequestMore, "KeyS", "S"),
    (MoveKind::Reject, "KeyX", "X"),
    (MoveKind::Correct, "KeyZ", "Z"),
];

fn buttons(offers: &[MoveOffer], ask: &Ask, id: &str, suggestion: Option<&Suggestion>) -> Vec<Button> {
    let mut buttons = Vec::new();
    for (kind, key, cap) in STEPS {
        let Some(offer) = offers.iter().find(|offer| offer.kind == kind) else { continue };
        // A case under way is not what this desk is for; another unit there is a step of the case's page.
        let moves_on = offer.main || kind != MoveKind::Dispatch;
        let word = case::word_of(kind);
        let button = |label: String, href: String, main: bool, key, cap| Button {
            word: word.clone(),
            label,
            key,
            cap,
            href,
            main,
        };
        match (kind, suggestion) {
            (MoveKind::Dispatch, _) if !moves_on => {}
            (MoveKind::Dispatch, Some(s)) => {
                let label = format!("{}给{}", kind.words().zh, s.person.unit_name);
                buttons.push(button(label, ask.at(id, "dispatch"), true, key, cap));
                buttons.push(button("换单位".to_owned(), ask.at(id, "dispatch_to"), false, "KeyU", "U"));
            }
            (MoveKind::Dispatch, None) => {
                buttons.push(button("选单位".to_owned(), ask.at(id, "dispatch_to"), true, "KeyU", "U"));
            }
            (MoveKind::Accept | MoveKind::Close, _) => {
                buttons.push(button(kind.words().zh, String::new(), true, key, cap));
            }
            _ => buttons.push(button(kind.words().zh, ask.at(id, &word), false, key, cap)),
        }
    }
    buttons
}

fn near_said(near: &[Near]) -> String {
    match near {
        [] => String::new(),
        [only] => format!("附近{:.0}米内有1件未结，{}", nearby::REACH_M, apart(only.metres)),
        [first, ..] => {
            format!("附近{:.0}米内有{}件未结，最近的{}", nearby::REACH_M, near.len(), apart(first.metres))
        }
    }
}

fn apart(metres: f64) -> String {
    if metres < 1.0 { "不到1米".to_owned() } else { format!("{metres:.0}米") }
}

fn compared(
    ask: &Ask,
    id: &str,
    near: &[Near],
    shots: Vec<Vec<String>>,
    rules: &Rules,
    now: i64,
) -> Vec<Compared> {
    let with = |number: &str| {
        let mut href = ask.at(id, "reject");
        href.push_str(&format!("&dup={}", crate::console::trouble::form_urlencode(number)));
        href
    };
    let rows = near.iter().zip(shots).map(|(other, shots)| {
        let row = &other.row;
        Compared {
            id: row.case.id.to_string(),
            number: row.number().to_owned(),
            marks: marks(&row.case, now, &rules.calendar).iter().map(MarkView::from).collect(),
            said: format!(
                "{} · {} {}上报 · {}",
                apart(other.metres),
                format::near(row.case.reported_at_ms, now, &rules.calendar),
                row.reporter,
                row.case.description
            ),
            shots,
            repeats: with(row.number()),
        }
    });
    rows.collect()
}
