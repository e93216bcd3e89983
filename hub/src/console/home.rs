//! 今日: counts that open their lists, by role, and what is due.

use askama::Template;
use axum::extract::State;
use xuncha_casework::{Calendar, Role, Rules, format};

use super::frame::{Frame, MarkView, address};
use super::session::{Area, Signed};
use super::trouble::{Answer, html};
use crate::Hub;
use crate::ledger::cases::{self, By, CaseFilter, CaseRow, Order, StateFilter};
use crate::ledger::words;
use crate::ledger::{Sees, phones};
use crate::store::{E, Tx};

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    frame: Frame,
    said: String,
    unsafe_line: String,
    unsafe_mark: MarkView,
    all_held: bool,
    may_phones: bool,
    counts: Vec<Count>,
    nothing: bool,
    lists: Vec<DueList>,
}

struct Count {
    label: &'static str,
    number: String,
    note: String,
    href: String,
}

struct DueList {
    mark: MarkView,
    title: &'static str,
    number: usize,
    href: String,
    rows: Vec<DueRow>,
    more: String,
}

struct DueRow {
    id: String,
    headline: String,
    number: String,
    who: String,
    due: String,
}

/// A list of the ledger by its address's parameters.
fn ledger(params: &[(&str, &str)]) -> String {
    let params: Vec<_> = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    address("/ledger", &params)
}

fn in_state(state: StateFilter) -> CaseFilter {
    CaseFilter { state, ..CaseFilter::default() }
}

struct Counts {
    counts: Vec<Count>,
    lists: Vec<DueList>,
    made: (i64, i64, i64, i64, usize),
}

/// `GET /today`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed) -> Answer {
    let now = hub.now_ms();
    let (sees, rules_cache, roles) = (signed.sees(), hub.rules().clone(), signed.actor().roles);
    let (counts, calendar) = hub
        .db()
        .read(move |tx| {
            let rules = rules_cache.load(tx, &sees.tenant)?;
            let counts = gather(tx, &sees, &roles, now, &rules)?;
            Ok((counts, rules.calendar.clone()))
        })
        .await?;
    let (made, held, photos_made, photos_held, waiting) = counts.made;
    let may_phones = signed.may(Area::Phones);
    let all_held = held >= made && photos_held >= photos_made;
    let unsafe_line = if !may_phones || made == 0 {
        String::new()
    } else if all_held {
        format!("手机产生{made}条、照片{photos_made}张，平台已收{held}条、{photos_held}张。")
    } else {
        format!(
            "手机产生{made}条、照片{photos_made}张，平台已收{held}条、{photos_held}张；{}条、{}张还在{waiting}部手机上。",
            (made - held).max(0),
            (photos_made - photos_held).max(0)
        )
    };
    let date = format::long(now, &calendar);
    html(&TodayPage {
        frame: Frame::of(&hub, &signed, "今日", "/today").await?,
        said: format!("{date} · 本页只列等你办的"),
        unsafe_line,
        unsafe_mark: if all_held {
            MarkView::new("shield_check", "平台已收", "ok")
        } else {
            MarkView::new("arrow_up", "在手机上", "warn")
        },
        all_held,
        may_phones,
        nothing: counts.counts.is_empty() && counts.lists.iter().all(|l| l.number == 0),
        counts: counts.counts,
        lists: counts.lists,
    })
}

fn gather(tx: &mut dyn Tx, sees: &Sees, roles: &[Role], now: i64, rules: &Rules) -> Result<Counts, E> {
    use xuncha_casework::State as S;
    let is = |role: Role| roles.contains(&role);
    let mut wanted: Vec<(&'static str, CaseFilter, &str)> = Vec::new();
    if is(Role::Dispatcher) {
        wanted.push(("等我受理", in_state(StateFilter::Exactly(S::Reported)), "reported"));
        wanted.push(("等我派遣", in_state(StateFilter::ToDispatch), "to_dispatch"));
        wanted.push(("等我答复申请", CaseFilter { asked: true, ..CaseFilter::default() }, "asked"));
        wanted.push(("等我结案", in_state(StateFilter::Exactly(S::Verified)), "verified"));
    }
    if is(Role::Verifier) || is(Role::Dispatcher) {
        wanted.push(("待核查", in_state(StateFilter::Exactly(S::Rectified)), "rectified"));
    }
    if is(Role::Handler) {
        wanted.push(("待我整改", in_state(StateFilter::Exactly(S::Dispatched)), "dispatched"));
        let reworked = CaseFilter {
            reworked: true,
            state: StateFilter::Exactly(S::Dispatched),
            ..CaseFilter::default()
        };
        wanted.push(("返工", reworked, "reworked"));
    }
    if is(Role::Leader) || is(Role::Viewer) || is(Role::Administrator) {
        wanted.push(("未结", in_state(StateFilter::Open), "open"));
        wanted.push(("超期", in_state(StateFilter::Overdue), "overdue"));
        wanted.push(("已结案", in_state(StateFilter::Exactly(S::Closed)), "closed"));
    }
    let mut counts = Vec::new();
    for (label, filter, word) in wanted {
        let n = cases::count(tx, sees, &filter, now)?;
        if n == 0 {
            continue;
        }
        let oldest =
            if word == "reported" { oldest(tx, sees, &filter, now, &rules.calendar)? } else { String::new() };
        let href = match word {
            "asked" => ledger(&[("asked", "1")]),
            "reworked" => ledger(&[("state", "dispatched"), ("reworked", "1")]),
            state => ledger(&[("state", state)]),
        };
        counts.push(Count { label, number: format::count(n), note: oldest, href });
    }
    let waiting = phones::quarantined(tx, sees)?;
    if waiting > 0 && is(Role::Administrator) {
        counts.push(Count {
            label: "平台代管待处理",
            number: format::count(waiting),
            note: String::new(),
            href: "/phones#stuck".into(),
        });
    }
    let all: Vec<_> = phones::list(tx, sees)?.into_iter().filter(|p| !p.revoked).collect();
    let sum = |f: fn(&phones::PhoneRow) -> i64| all.iter().map(f).sum::<i64>();
    let made = (
        sum(|p| p.made),
        sum(|p| p.held),
        sum(|p| p.photos_made),
        sum(|p| p.photos_held),
        all.iter().filter(|p| !p.all_held()).count(),
    );
    Ok(Counts { counts, lists: due_lists(tx, sees, now, rules)?, made })
}

fn oldest(
    tx: &mut dyn Tx,
    sees: &Sees,
    filter: &CaseFilter,
    now: i64,
    calendar: &Calendar,
) -> Result<String, E> {
    let first = cases::list(tx, sees, filter, Order::Up(By::Reported), now, (0, 1))?.rows.pop();
    Ok(first.map_or_else(String::new, |row| {
        format!("最早的：{}", format::ago(row.case.reported_at_ms, now, calendar))
    }))
}

/// Overdue, due today, due tomorrow.
fn due_lists(tx: &mut dyn Tx, sees: &Sees, now: i64, rules: &Rules) -> Result<Vec<DueList>, E> {
    let (today, tomorrow, after) = days(now, &rules.calendar);
    let open = |from: i64, until: i64| CaseFilter {
        state: StateFilter::Open,
        due_from_ms: from,
        due_until_ms: until,
        ..CaseFilter::default()
    };
    let parts = [
        (
            MarkView::new("alert", "超期", "danger"),
            "已超期",
            in_state(StateFilter::Overdue),
            "state",
            "overdue",
        ),
        (MarkView::new("clock", "今天", "warn"), "今天到期", open(now.max(today), tomorrow), "due", "today"),
        (MarkView::new("clock", "明天", "neutral"), "明天到期", open(tomorrow, after), "due", "tomorrow"),
    ];
    let mut lists = Vec::new();
    for (mark, title, filter, name, value) in parts {
        let found = cases::list(tx, sees, &filter, Order::Up(By::Due), now, (0, 3))?;
        let href = if name == "due" {
            ledger(&[("state", "open"), ("due", value)])
        } else {
            ledger(&[(name, value)])
        };
        let more = found.total.saturating_sub(found.rows.len());
        lists.push(DueList {
            mark,
            title,
            number: found.total,
            href,
            rows: found.rows.iter().map(|row| due_row(row, now, rules)).collect(),
            more: if more > 0 { format!("还有{more}件") } else { String::new() },
        });
    }
    Ok(lists)
}

fn due_row(row: &CaseRow, now: i64, rules: &Rules) -> DueRow {
    let deadline = row.case.deadline.as_ref();
    DueRow {
        id: row.case.id.to_string(),
        headline: words::headline(&row.case, row.place(), rules),
        number: row.number().to_owned(),
        who: words::responsible(&row.case),
        due: deadline.map_or_else(String::new, |d| d.sentence(now, &rules.calendar)),
    }
}

/// The beginnings of today, tomorrow and the day after, ms.
pub(super) fn days(now: i64, calendar: &Calendar) -> (i64, i64, i64) {
    const DAY_MS: i64 = 86_400_000;
    let offset = i64::from(calendar.offset_minutes()) * 60_000;
    let today = (now + offset).div_euclid(DAY_MS) * DAY_MS - offset;
    (today, today + DAY_MS, today + 2 * DAY_MS)
}
