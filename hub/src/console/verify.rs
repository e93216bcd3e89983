//! 核查: what waits for verification, what is worth a first look on top. A hint orders the list and decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use xuncha_casework::terms::{Term, marks};
use xuncha_casework::{PhotoRef, Rules, State as CaseState, format};

use super::frame::{Frame, MarkView};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::cases::{self, By, CaseFilter, CaseRow, Order, StateFilter};
use crate::ledger::history::{self, Shot};
use crate::ledger::usual::{self, Hint, Measured};
use crate::ledger::{PAGE, words};

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    frame: Frame,
    said: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    number: String,
    headline: String,
    mark: MarkView,
    hints: Vec<Hint>,
    marks: Vec<MarkView>,
    before: Vec<String>,
    after: Vec<String>,
    who: String,
    when: String,
    /// Who handled it does not verify it.
    mine: bool,
}

struct Waiting {
    row: CaseRow,
    shots: Vec<Shot>,
    hints: Vec<Hint>,
}

/// What waits, in the order of the list: more hints first, then the oldest feedback.
async fn waiting(hub: &Hub, signed: &Signed) -> Result<(Arc<Rules>, usize, Vec<Waiting>), Trouble> {
    let now = hub.now_ms();
    let (sees, cache) = (signed.sees(), hub.rules().clone());
    let (rules, total, mut waiting) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let state = StateFilter::Exactly(CaseState::Rectified);
            let filter = CaseFilter { state, ..CaseFilter::default() };
            let listed = cases::list(tx, &sees, &filter, Order::Up(By::Rectified), now, (0, PAGE))?;
            let mut usual: BTreeMap<String, Vec<Measured>> = BTreeMap::new();
            let mut waiting = Vec::new();
            for row in listed.rows {
                let shots = history::shots(tx, &sees.tenant, "case", row.case.id.as_str())?;
                let category = row.case.category.as_ref().map(words::key_text).unwrap_or_default();
                if !usual.contains_key(&category) {
                    usual.insert(category.clone(), usual::closed(tx, &sees, &category, now)?);
                }
                let others = usual.get(&category).map_or(&[][..], Vec::as_slice);
                let photos = row.case.rectified.as_ref().is_some_and(|r| !r.what.photos.is_empty());
                let hints = usual::hints(&Measured::of(&row.case, &shots), others, photos);
                waiting.push(Waiting { row, shots, hints });
            }
            Ok((rules, listed.total, waiting))
        })
        .await?;
    // Equal ranks keep their order: the oldest feedback first.
    waiting.sort_by_key(|w| std::cmp::Reverse(w.hints.len()));
    Ok((rules, total, waiting))
}

/// The ids of what waits, in the same order.
pub(super) async fn order(hub: &Hub, signed: &Signed) -> Result<Vec<String>, Trouble> {
    if !signed.may(Area::Verify) {
        return Ok(Vec::new());
    }
    Ok(waiting(hub, signed).await?.2.into_iter().map(|w| w.row.case.id.to_string()).collect())
}

/// `GET /verify`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Verify)?;
    let now = hub.now_ms();
    let (rules, total, waiting) = waiting(&hub, &signed).await?;
    let me = signed.actor().person;
    let rows = waiting.into_iter().map(|w| {
        let case = &w.row.case;
        let feedback = case.rectified.as_ref();
        Row {
            id: case.id.to_string(),
            number: w.row.number().to_owned(),
            headline: words::headline(case, w.row.place(), &rules),
            mark: MarkView::from(&Term::MarkHints.mark_number(u32::try_from(w.hints.len()).unwrap_or(0))),
            marks: marks(case, now, &rules.calendar).iter().map(MarkView::from).collect(),
            before: here(&case.photos, &w.shots),
            after: feedback.map_or_else(Vec::new, |f| here(&f.what.photos, &w.shots)),
            who: words::responsible(case),
            when: feedback.map_or_else(String::new, |f| format::ago(f.at_ms, now, &rules.calendar)),
            mine: case.is_handler(&me),
            hints: w.hints,
        }
    });
    html(&VerifyPage {
        frame: Frame::of(&hub, &signed, Term::StepVerify.zh(), "/verify").await?,
        said: format!("{}{total} · 提示多的在前，其次反馈早的在前", Term::StateRectified.zh()),
        rows: rows.collect(),
    })
}

/// The photos of these that the hub holds, the first two.
fn here(ids: &[PhotoRef], shots: &[Shot]) -> Vec<String> {
    let held = |id: &&PhotoRef| shots.iter().any(|shot| shot.here && shot.id == id.as_str());
    ids.iter().filter(held).take(2).map(ToString::to_string).collect()
}
