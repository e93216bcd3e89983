//! 派遣台 and 核查: the lists of those two desks, each row leading to its case and its next step.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use xuncha_casework::terms::marks;
use xuncha_casework::{Rules, State as CaseState, format};

use super::frame::{Frame, MarkView};
use super::session::{Area, Signed};
use super::trouble::{Answer, html};
use crate::Hub;
use crate::ledger::cases::{self, CaseFilter, CaseRow, Order, StateFilter};
use crate::ledger::history::{self, Shot};
use crate::ledger::{PAGE, words};

/// Which tab.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    tab: String,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    frame: Frame,
    said: String,
    note: String,
    from: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    empty: &'static str,
    time_head: &'static str,
    who_head: &'static str,
}

struct Tab {
    href: String,
    label: &'static str,
    number: usize,
    on: bool,
}

struct Row {
    id: String,
    number: String,
    marks: Vec<MarkView>,
    headline: String,
    description: String,
    hints: Vec<MarkView>,
    shots: Vec<String>,
    when: String,
    who: String,
    word: &'static str,
    verb: &'static str,
}

const TABS: [(&str, &str, StateFilter); 4] = [
    ("reported", "待受理", StateFilter::Exactly(CaseState::Reported)),
    ("to_dispatch", "待派遣", StateFilter::ToDispatch),
    ("asked", "申请待答复", StateFilter::Exactly(CaseState::Dispatched)),
    ("verified", "待结案", StateFilter::Exactly(CaseState::Verified)),
];

type Found = (Vec<(CaseRow, Vec<Shot>)>, usize);

/// Cases of a desk with their photos.
async fn gather(
    hub: &Hub,
    signed: &Signed,
    filters: Vec<CaseFilter>,
    open: usize,
    order: Order,
) -> Result<(std::sync::Arc<Rules>, Vec<usize>, Found), super::trouble::Trouble> {
    let now = hub.now_ms();
    let (sees, cache) = (signed.sees(), hub.rules().clone());
    Ok(hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let mut numbers = Vec::new();
            let mut found = (Vec::new(), 0);
            for (at, filter) in filters.iter().enumerate() {
                numbers.push(cases::count(tx, &sees, filter, now)?);
                if at == open {
                    let listed = cases::list(tx, &sees, filter, order, now, (0, PAGE))?;
                    found.1 = listed.total;
                    for row in listed.rows {
                        let shots = history::shots(tx, &sees.tenant, "case", row.case.id.as_str())?;
                        found.0.push((row, shots));
                    }
                }
            }
            Ok((rules, numbers, found))
        })
        .await?)
}

/// `GET /desk`.
pub(super) async fn desk(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    signed.must(Area::Desk)?;
    let now = hub.now_ms();
    let open = TABS.iter().position(|(word, ..)| *word == ask.tab);
    let filters = |(word, _, state): &(&str, &str, StateFilter)| CaseFilter {
        state: *state,
        asked: *word == "asked",
        ..CaseFilter::default()
    };
    let filters: Vec<CaseFilter> = TABS.iter().map(filters).collect();
    let first = match open {
        Some(open) => open,
        None => {
            // Without a choice: the first tab that has something.
            let (_, numbers, _) = gather(&hub, &signed, filters.clone(), usize::MAX, Order::Reported).await?;
            numbers.iter().position(|n| *n > 0).unwrap_or(0)
        }
    };
    let (rules, numbers, (rows, _)) = gather(&hub, &signed, filters, first, Order::Reported).await?;
    let said: Vec<String> =
        TABS.iter().zip(&numbers).map(|((_, label, _), n)| format!("{label}{n}")).collect();
    let verb = |case: &CaseRow| match case.case.state {
        CaseState::Reported => ("accept", "去受理"),
        CaseState::Accepted | CaseState::SentBack => ("dispatch", "去派遣"),
        CaseState::Verified => ("close", "去结案"),
        _ => ("extend", "去答复"),
    };
    let tabs = TABS.iter().zip(&numbers).enumerate().map(|(at, ((word, label, _), n))| Tab {
        href: format!("/desk?tab={word}"),
        label,
        number: *n,
        on: at == first,
    });
    html(&DeskPage {
        frame: Frame::of(&hub, &signed, "派遣台", "/desk").await?,
        said: format!("{} · 等得最久的在前", said.join("，")),
        note: String::new(),
        from: "desk",
        tabs: tabs.collect(),
        rows: rows.iter().map(|(row, shots)| desk_row(row, shots, verb(row), now, &rules)).collect(),
        empty: "都办完了。新上报的问题会出现在这里。",
        time_head: "上报",
        who_head: "上报人",
    })
}

fn desk_row(
    found: &CaseRow,
    shots: &[Shot],
    (word, verb): (&'static str, &'static str),
    now: i64,
    rules: &Rules,
) -> Row {
    let case = &found.case;
    Row {
        id: case.id.to_string(),
        number: found.number().to_owned(),
        marks: marks(case, now, &rules.calendar).iter().map(MarkView::from).collect(),
        headline: words::headline(case, found.place(), rules),
        description: case.description.clone(),
        hints: Vec::new(),
        shots: shots.iter().filter(|s| s.here).map(|s| s.id.clone()).take(3).collect(),
        when: format::ago(case.reported_at_ms, now, &rules.calendar),
        who: found.reporter.clone(),
        word,
        verb,
    }
}

/// `GET /verify`.
pub(super) async fn verify(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Verify)?;
    let now = hub.now_ms();
    let state = StateFilter::Exactly(CaseState::Rectified);
    let filter = vec![CaseFilter { state, ..CaseFilter::default() }];
    let (rules, _, (rows, total)) = gather(&hub, &signed, filter, 0, Order::Rectified).await?;
    let rows = rows.iter().map(|(found, shots)| {
        let mut row = desk_row(found, shots, ("verify", "去核查"), now, &rules);
        let feedback = found.case.rectified.as_ref();
        row.when = feedback.map_or_else(String::new, |f| format::ago(f.at_ms, now, &rules.calendar));
        row.who = words::responsible(&found.case);
        row.hints = hints(found, shots);
        row
    });
    html(&DeskPage {
        frame: Frame::of(&hub, &signed, "核查", "/verify").await?,
        said: format!("待核查{total} · 反馈早的在前"),
        note: "提示只说量到了什么，供先看哪件参考，不是结论。处置过这件的人不能核查它。".to_owned(),
        from: "verify",
        tabs: Vec::new(),
        rows: rows.collect(),
        empty: "没有待核查的。",
        time_head: "反馈",
        who_head: "处置",
    })
}

/// Facts worth a look: a measurement each. What can't be measured is said too.
fn hints(found: &CaseRow, shots: &[Shot]) -> Vec<MarkView> {
    let mut said = Vec::new();
    let fix_of = |ids: &[xuncha_casework::PhotoRef]| {
        let named = shots.iter().filter(|s| ids.iter().any(|id| id.as_str() == s.id));
        named.filter_map(|s| s.taken.as_ref()?.capture.fix).collect::<Vec<_>>()
    };
    let Some(feedback) = &found.case.rectified else { return said };
    if feedback.what.photos.is_empty() {
        return said;
    }
    let (before, after) = (fix_of(&found.case.photos), fix_of(&feedback.what.photos));
    match (before.first(), after.first()) {
        (Some(a), Some(b)) if a.position.datum == b.position.datum => {
            let far = distance_m((a.position.lat, a.position.lon), (b.position.lat, b.position.lon));
            // Both fixes' own uncertainty first: only what lies beyond it is worth a look.
            if far > 50.0 + a.accuracy_m + b.accuracy_m {
                let word = format!("整改照片离问题点{far:.0}米，同类多在50米内");
                said.push(MarkView::new("eye", word, "hint"));
            }
        }
        _ => said.push(MarkView::new("eye", "照片没有定位，无法比距离", "hint")),
    }
    said
}

/// Metres between two places, on a sphere: exact enough to compare with 50 m.
fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH_M: f64 = 6_371_000.0;
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let x = (b.1 - a.1).to_radians() * f64::midpoint(lat_a, lat_b).cos();
    EARTH_M * x.hypot(lat_b - lat_a)
}
