//! A case in words: its line in lists, its page, its history.

use xuncha_casework::case::{MoveKind, allowed, why_not_close};
use xuncha_casework::terms::{self, Term};
use xuncha_casework::{Case, Move};
use xuncha_wire::body::{CaseNote, CaseReport, MoveBody};
use xuncha_wire::entity::HistoryLine;
use xuncha_wire::push::{OpKind, Verdict};

use super::{Ground, SeenCase, from_word, waits, word};
use crate::core::{Core, photo_view};
use crate::store::ops::{KeptOp, OpState};
use crate::store::{Reader, photos};
use crate::view::{CaseRow, CaseView, HistoryRow, MoveOffer, PhotoView};

/// The case's line in lists.
pub(crate) fn row(core: &Core, ground: &Ground, seen: &SeenCase) -> CaseRow {
    let (case, calendar) = (&seen.case, &ground.rules.calendar);
    let running = case.deadline.as_ref();
    let chip =
        running.filter(|_| !case.state.is_over()).map(|deadline| deadline.chip(ground.now_ms, calendar));
    let marks = terms::marks(case, ground.now_ms, calendar);
    let state = marks.iter().rev().find(|mark| !matches!(mark.icon, terms::Icon::Loop)).or(marks.last());
    CaseRow {
        id: case.id.as_str().to_owned(),
        headline: headline(ground, case),
        number: case.number.clone().unwrap_or_default(),
        state_word: ground.words(case.state.words()),
        state_icon: state.map(|mark| word(&mark.icon)).unwrap_or_default(),
        deadline_sentence: running
            .map(|deadline| {
                let now = ground.now_ms;
                ground.made(|| deadline.sentence(now, calendar), || deadline.sentence_en(now, calendar))
            })
            .unwrap_or_default(),
        deadline_tone: chip.as_ref().map(|chip| word(&chip.tone)).unwrap_or_else(|| "neutral".into()),
        deadline_chip: chip
            .zip(running)
            .map(|(chip, deadline)| ground.made(|| chip.text, || deadline.chip_en(ground.now_ms, calendar)))
            .unwrap_or_default(),
        overdue: running.is_some_and(|deadline| !case.state.is_over() && deadline.is_overdue(ground.now_ms)),
        responsible: case
            .responsible
            .as_ref()
            .map(|who| format!("{} {}", who.unit_name, who.person_name).trim().to_owned())
            .unwrap_or_default(),
        mark: if waits(&seen.own) {
            ground.say("(↑)在本机", "(↑) on this phone")
        } else {
            String::new()
        },
        thumb_path: case.photos.first().map(|photo| core.media.thumb(photo.as_str())).unwrap_or_default(),
    }
}

/// Category, topic or first words, and the place.
pub(crate) fn headline(ground: &Ground, case: &Case) -> String {
    let category = case.category.as_ref().and_then(|key| {
        let category = ground.rules.catalogue_of(key)?.category(key)?;
        Some(ground.say(&category.zh, &category.en))
    });
    let what = category
        .or_else(|| case.topic.clone().filter(|topic| !topic.is_ascii()))
        .unwrap_or_else(|| case.description.chars().take(16).collect());
    match &case.place {
        Some(place) if !place.is_empty() => format!("{what} · {place}"),
        _ => what,
    }
}

/// The case's page.
pub(crate) fn page(
    core: &Core,
    reader: &Reader,
    ground: &Ground,
    seen: &SeenCase,
    data_time_ms: i64,
) -> crate::store::Result<CaseView> {
    let (case, calendar) = (&seen.case, &ground.rules.calendar);
    let row = row(core, ground, seen);
    let view = |ids: Vec<&str>| -> crate::store::Result<Vec<PhotoView>> {
        ids.into_iter().map(|id| picture(core, reader, ground, id)).collect()
    };
    let mut after: Vec<&str> = Vec::new();
    after.extend(case.rectified.iter().flat_map(|done| &done.what.photos).map(|p| p.as_str()));
    after.extend(case.verified.iter().flat_map(|done| &done.what.photos).map(|p| p.as_str()));
    let deadline = case.deadline.as_ref();
    let mut history: Vec<HistoryRow> = Vec::new();
    for op in seen.own.iter().rev() {
        history.push(own_line(ground, op));
    }
    history.extend(seen.history.iter().rev().map(|line| hub_line(ground, line)));
    let offers = allowed(case, &ground.actor).into_iter().filter(|offer| on_a_phone(offer.kind));
    Ok(CaseView {
        description: case.description.clone(),
        limit_line: deadline
            .map(|deadline| {
                let now = ground.now_ms;
                ground.made(|| deadline.limit_line(now, calendar), || deadline.limit_line_en(now, calendar))
            })
            .unwrap_or_default(),
        deadline_explained: deadline
            .map(|deadline| ground.made(|| deadline.explain(calendar), || deadline.explain_en(calendar)))
            .unwrap_or_default(),
        responsible_line: if row.responsible.is_empty() {
            ground.say("责任：尚未落实", "Responsible: nobody yet")
        } else {
            format!("{}{}", ground.say("责任：", "Responsible: "), row.responsible)
        },
        before: view(case.photos.iter().map(|photo| photo.as_str()).collect())?,
        after: view(after)?,
        history,
        moves: offers
            .map(|offer| MoveOffer {
                kind: word(&offer.kind),
                label: ground.words(offer.kind.words()),
                main: offer.main,
                needs: offer.needs.into_iter().map(|need| ground.words(need.words())).collect(),
            })
            .collect(),
        why_not_close: if case.state.is_over() {
            String::new()
        } else {
            why_not_close(case, &ground.actor).map(|words| ground.words(words)).unwrap_or_default()
        },
        site: case.site.as_ref().map(|site| site.as_str().to_owned()),
        data_time_ms,
        row,
    })
}

/// Moves that [`crate::view::CaseMove`] can say.
fn on_a_phone(kind: MoveKind) -> bool {
    matches!(
        kind,
        MoveKind::Receive
            | MoveKind::SendBack
            | MoveKind::Rectify
            | MoveKind::Verify
            | MoveKind::Acknowledge
            | MoveKind::Supplement
            | MoveKind::RequestExtension
            | MoveKind::RequestSuspension
            | MoveKind::Remind
            | MoveKind::Close
            | MoveKind::Reopen
    )
}

fn picture(core: &Core, reader: &Reader, ground: &Ground, id: &str) -> crate::store::Result<PhotoView> {
    if let Some(photo) = photos::get(&reader.mine, id)? {
        return Ok(photo_view(core, &photo, String::new()));
    }
    Ok(PhotoView {
        id: id.to_owned(),
        thumb_path: core.media.thumb(id),
        path: core.media.view(id),
        state_word: ground.words(Term::MarkHeld.words()),
        state_icon: word(&Term::MarkHeld.mark().icon),
        damage: String::new(),
        taken: String::new(),
    })
}

fn hub_line(ground: &Ground, line: &HistoryLine) -> HistoryRow {
    let mark = match &line.verdict {
        Verdict::Refused { .. } => ground.words(Term::MarkRefused.words()),
        Verdict::Quarantined { .. } => ground.words(Term::MarkQuarantined.words()),
        _ => String::new(),
    };
    HistoryRow {
        id: line.op.to_string(),
        when: ground.near(line.hub_ms),
        who: line.name.clone(),
        what: what(ground, &line.what),
        detail: detail(ground, &line.what, line.body.get()),
        mark,
        photos: u32::try_from(line.blobs.len()).unwrap_or(u32::MAX),
    }
}

fn own_line(ground: &Ground, op: &KeptOp) -> HistoryRow {
    let body = op.text();
    let kind = kind_word(op, body);
    HistoryRow {
        id: op.op.to_string(),
        when: ground.near(op.at_ms),
        who: ground.actor.name.clone(),
        what: what(ground, &kind),
        detail: detail(ground, &kind, body),
        mark: if op.state == OpState::Pending {
            ground.say("(↑)在本机", "(↑) on this phone")
        } else {
            String::new()
        },
        photos: u32::try_from(op.blobs.len()).unwrap_or(u32::MAX),
    }
}

/// The move's word of an op.
pub(crate) fn kind_word(op: &KeptOp, body: &str) -> String {
    match op.kind {
        OpKind::CaseReport => "report".into(),
        OpKind::CaseNote => "note".into(),
        _ => read_move(body).map(|mv| word(&mv.kind())).unwrap_or_default(),
    }
}

fn read_move(body: &str) -> Option<Move> {
    let body: MoveBody = serde_json::from_str(body).ok()?;
    serde_json::from_str(body.mv.get()).ok()
}

/// A move's or note's word for people.
pub(crate) fn what(ground: &Ground, kind: &str) -> String {
    match (kind, from_word::<MoveKind>(kind)) {
        (_, Some(kind)) => ground.words(kind.words()),
        ("note", _) => ground.say("备注", "note"),
        _ => kind.to_owned(),
    }
}

/// With what words it was done: the reason, the note, to whom. A phone's body or a console's bare move.
fn detail(ground: &Ground, kind: &str, body: &str) -> String {
    if kind == "report"
        && let Ok(report) = serde_json::from_str::<CaseReport>(body)
    {
        return report.description;
    }
    if kind == "note" {
        return serde_json::from_str::<CaseNote>(body).map(|note| note.text).unwrap_or_default();
    }
    let mv = read_move(body).or_else(|| serde_json::from_str(body).ok());
    match mv {
        Some(Move::Dispatch(dispatch)) => {
            let to = format!("{} {}", dispatch.responsible.unit_name, dispatch.responsible.person_name);
            format!("{}{}", ground.say("给", "to "), to.trim())
        }
        Some(Move::Rectify(done)) => join(ground, &ground.words(done.outcome.words()), &done.note),
        Some(Move::Verify(done)) => done.note,
        Some(
            Move::Reject { reason }
            | Move::SendBack { reason }
            | Move::RequestExtension { reason, .. }
            | Move::Extend { reason, .. }
            | Move::RequestSuspension { reason, .. }
            | Move::Suspend { reason, .. }
            | Move::Decline { reason }
            | Move::Reopen { reason },
        ) => reason,
        Some(Move::Supplement { text, .. } | Move::Remind { text }) => text,
        Some(Move::Receive { note } | Move::Resume { note } | Move::Close { note }) => note,
        Some(Move::RequestMore { wanted }) => wanted,
        Some(Move::Accept(accept)) => accept.note,
        Some(Move::Acknowledge(ack)) => ack.name,
        Some(Move::Correct(correction)) => correction.reason,
        Some(Move::Report(report)) => report.description,
        Some(Move::Rate { comment, .. }) => comment,
        None => String::new(),
    }
}

fn join(ground: &Ground, first: &str, second: &str) -> String {
    if second.is_empty() { first.to_owned() } else { format!("{first}{}{second}", ground.say("：", ": ")) }
}
