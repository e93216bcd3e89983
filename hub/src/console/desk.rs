//! 派遣台: what waits on the left, the case and what can be done with it on the right. Every row, panel and step is a link
//! or a form; scripts only add keys.

mod pane;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use xuncha_casework::terms::{Term, marks};
use xuncha_casework::{Rules, State as CaseState, format};

use super::case::Lost;
use super::frame::{Frame, MarkView, Pager, address, rows_before};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html_as};
use crate::Hub;
use crate::ledger::cases::{self, By, CaseFilter, CaseRow, Order, StateFilter};
use crate::ledger::desk::{self as worked, DeskDue};
use crate::ledger::{PAGE, words};
use pane::Pane;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    /// Which list; empty: what is to be filed or dispatched.
    pub(super) tab: String,
    /// A district's code; empty: all.
    pub(super) district: String,
    /// The open case; empty: the first.
    pub(super) case: String,
    /// The open panel: a step's word, `dispatch_to` or `compare`.
    pub(super) panel: String,
    /// A step that has just taken effect, and the number of its case.
    pub(super) done: String,
    pub(super) was: String,
    /// The number of the case that this one repeats.
    pub(super) dup: String,
    /// Which page of the list.
    pub(super) page: String,
}

impl Ask {
    /// The desk with this case and panel.
    pub(super) fn at(&self, case: &str, panel: &str) -> String {
        let all = [
            ("tab", self.tab.as_str()),
            ("district", &self.district),
            ("page", &self.page),
            ("case", case),
            ("panel", panel),
        ];
        address("/desk", &all.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }
}

impl Ask {
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).max(1)
    }

    /// What another page of the list keeps.
    fn kept(&self) -> Vec<(String, String)> {
        [("tab", &self.tab), ("district", &self.district)].map(|(n, v)| (n.to_owned(), v.clone())).into()
    }
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    frame: Frame,
    said: String,
    tabs: Vec<Tab>,
    districts: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
    worked: String,
    empty: String,
    pane: Option<Pane>,
    /// The address names the case: a narrow page shows it alone.
    alone: bool,
    done: String,
}

struct Tab {
    href: String,
    label: String,
    on: bool,
}

struct Row {
    href: String,
    here: bool,
    marks: Vec<MarkView>,
    headline: String,
    when: String,
    who: String,
}

const TABS: [(&str, Term, StateFilter); 5] = [
    ("", Term::WordDesk, StateFilter::Desk),
    ("reported", Term::StateReported, StateFilter::Exactly(CaseState::Reported)),
    ("to_dispatch", Term::StateAccepted, StateFilter::ToDispatch),
    ("asked", Term::StateDispatched, StateFilter::Exactly(CaseState::Dispatched)),
    ("verified", Term::StateVerified, StateFilter::Exactly(CaseState::Verified)),
];

fn label(word: &str, term: Term) -> &'static str {
    match word {
        "" => "受理和派遣",
        "asked" => "申请待答复",
        _ => term.zh(),
    }
}

/// `GET /desk`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    show(&hub, &signed, &ask, None).await
}

/// How many cases a list is sorted from; those that have waited longest.
const LOOKED_THROUGH: usize = 2_000;

struct Found {
    rules: std::sync::Arc<Rules>,
    numbers: Vec<usize>,
    districts: Vec<(String, String)>,
    rows: Vec<CaseRow>,
    total: usize,
    page: usize,
    worked: worked::Worked,
}

async fn gather(hub: &Hub, signed: &Signed, ask: &Ask) -> Result<Found, Trouble> {
    let (now, limits) = (hub.now_ms(), hub.config().desk);
    let (sees, cache, ask, person) =
        (signed.sees(), hub.rules().clone(), ask.clone(), signed.0.person.clone());
    let found = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let filter = |(word, _, state): &(&str, Term, StateFilter)| CaseFilter {
                state: *state,
                asked: *word == "asked",
                district: ask.district.clone(),
                ..CaseFilter::default()
            };
            let mut numbers = Vec::new();
            let (mut rows, mut total, mut page) = (Vec::new(), 0, ask.page());
            for tab in &TABS {
                let count = cases::count(tx, &sees, &filter(tab), now)?;
                numbers.push(count);
                if tab.0 == ask.tab {
                    // The desk's deadline runs on the calendar, which SQL does not know.
                    let waiting = Order::Up(By::Waiting);
                    let mut all =
                        cases::list(tx, &sees, &filter(tab), waiting, now, (0, LOOKED_THROUGH))?.rows;
                    all.sort_by_cached_key(|row| DeskDue::of(row, limits, &rules).map(|due| due.rank()));
                    if ask.page.is_empty() && !ask.case.is_empty() {
                        // The page on which the named case stands.
                        let at = all.iter().position(|row| row.case.id.as_str() == ask.case);
                        page = at.map_or(1, |at| at / PAGE + 1);
                    }
                    let shown = count.min(LOOKED_THROUGH);
                    rows = all.into_iter().skip(rows_before(shown, (page, PAGE))).take(PAGE).collect();
                    total = shown;
                }
            }
            let districts = cases::offered(tx, &sees)?.districts;
            let today = super::home::days(now, &rules.calendar).0;
            let worked = worked::since(tx, &sees.tenant, &person, today)?;
            Ok(Found { rules, numbers, districts, rows, total, page, worked })
        })
        .await?;
    Ok(found)
}

/// The ids of what waits to be filed or dispatched, in the order of the list; at most a page.
pub(super) async fn order(hub: &Hub, signed: &Signed) -> Result<Vec<String>, Trouble> {
    if !signed.may(Area::Desk) {
        return Ok(Vec::new());
    }
    let found = gather(hub, signed, &Ask::default()).await?;
    Ok(found.rows.iter().map(|row| row.case.id.to_string()).collect())
}

/// The desk, with what became of a form that was not taken.
pub(super) async fn show(hub: &Hub, signed: &Signed, ask: &Ask, lost: Option<Lost>) -> Answer {
    signed.must(Area::Desk)?;
    let now = hub.now_ms();
    let found = gather(hub, signed, ask).await?;
    let calendar = &found.rules.calendar;
    let at = found.rows.iter().position(|row| row.case.id.as_str() == ask.case);
    let open = match (at, ask.case.is_empty()) {
        (_, true) => found.rows.first().map(|row| row.case.id.to_string()),
        // A case that has left the list can still be looked at: it was named.
        (_, false) => Some(ask.case.clone()),
    };
    let neighbour = |step: isize| {
        let here = at.unwrap_or(0).checked_add_signed(step)?;
        found.rows.get(here).map(|row| row.case.id.to_string()).filter(|id| Some(id) != open.as_ref())
    };
    let next = neighbour(if at.is_none() && !ask.case.is_empty() { 0 } else { 1 }).or_else(|| neighbour(-1));
    let mut frame = Frame::of(hub, signed, Term::WordDesk.zh(), "/desk").await?;
    frame.wrong = lost.is_some();
    let status = lost.as_ref().map_or(StatusCode::OK, |l| l.status);
    let pane = match &open {
        Some(id) => Some(pane::of(hub, signed, ask, id, next.unwrap_or_default(), lost).await?),
        None => None,
    };
    let said = [(1, Term::StateReported), (2, Term::StateAccepted)];
    let said = said.map(|(at, term)| format!("{}{}", term.zh(), found.numbers.get(at).unwrap_or(&0)));
    let done = super::case::label(&ask.done);
    html_as(
        status,
        &DeskPage {
            said: format!("{} · 截止最早的在前", said.join("，")),
            tabs: tabs(ask, &found.numbers),
            districts: districts(ask, &found.districts),
            rows: found
                .rows
                .iter()
                .map(|row| Row {
                    href: ask.at(row.case.id.as_str(), ""),
                    here: open.as_deref() == Some(row.case.id.as_str()),
                    marks: row_marks(hub, row, &found.rules),
                    headline: words::headline(&row.case, row.place(), &found.rules),
                    when: format::ago(row.case.reported_at_ms, now, calendar),
                    who: row.reporter.clone(),
                })
                .collect(),
            pager: Pager::of(found.total, "件", (found.page, PAGE), "/desk", ask.kept()),
            worked: found.worked.sentence(),
            empty: found.worked.empty(now, calendar),
            alone: !ask.case.is_empty(),
            done: if done.is_empty() {
                String::new()
            } else {
                format!("{} “{done}”已生效。", ask.was)
            },
            pane,
            frame,
        },
    )
}

/// State, and the desk's own deadline.
fn row_marks(hub: &Hub, row: &CaseRow, rules: &Rules) -> Vec<MarkView> {
    let now = hub.now_ms();
    let mut all: Vec<MarkView> = marks(&row.case, now, &rules.calendar).iter().map(MarkView::from).collect();
    if let Some(due) = DeskDue::of(row, hub.config().desk, rules) {
        if due.urgent {
            all.insert(0, MarkView::new("alert", "急要件", "danger"));
        }
        all.push(due_mark(&due, now, rules));
    }
    all
}

/// Over, close, or with time left; the words say how much.
fn due_mark(due: &DeskDue, now: i64, rules: &Rules) -> MarkView {
    let (icon, tone) = match () {
        () if due.is_over(now) => ("alert", "danger"),
        () if due.is_close(now, &rules.calendar) => ("clock", "warn"),
        () => ("clock", "neutral"),
    };
    MarkView::new(icon, due.chip(now, &rules.calendar), tone)
}

fn tabs(ask: &Ask, numbers: &[usize]) -> Vec<Tab> {
    let tabs = TABS.iter().zip(numbers).map(|((word, term, _), number)| Tab {
        href: Ask { tab: (*word).to_owned(), district: ask.district.clone(), ..Ask::default() }.at("", ""),
        label: format!("{} {number}", label(word, *term)),
        on: *word == ask.tab,
    });
    tabs.collect()
}

fn districts(ask: &Ask, all: &[(String, String)]) -> Vec<Tab> {
    let tab = |code: &str, name: &str| Tab {
        href: Ask { tab: ask.tab.clone(), district: code.to_owned(), ..Ask::default() }.at("", ""),
        label: name.to_owned(),
        on: code == ask.district,
    };
    std::iter::once(tab("", "全部")).chain(all.iter().map(|(code, name)| tab(code, name))).collect()
}
