//! The list behind a number of a campaign: exactly as many rows as the number says.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use xuncha_casework::Day;
use xuncha_casework::figures::{Counted as Of, Set};

use super::{Ask, Opened, due_day, open, reports, soonest, unit_of};
use crate::Hub;
use crate::console::frame::{Frame, address};
use crate::console::session::Signed;
use crate::console::trouble::{Answer, Trouble, html};
use crate::ledger::campaigns;
use crate::ledger::cases::{self, By, CaseFilter, Order};
use crate::ledger::{EXPORT, words};

#[derive(Template)]
#[template(path = "set.html")]
struct SetPage {
    frame: Frame,
    total: usize,
    unit: &'static str,
    definition: String,
    back: String,
    back_label: String,
    heads: Vec<&'static str>,
    rows: Vec<SetRow>,
}

struct SetRow {
    nth: usize,
    cells: Vec<Cell>,
}

struct Cell {
    label: &'static str,
    text: String,
    href: String,
}

/// What a list holds: its name, what it counts, and the ids.
struct Wanted {
    zh: String,
    definition: String,
    set: Set,
}

fn wanted(opened: &Opened, name: &str) -> Option<Wanted> {
    let register = &opened.counted.register;
    let sites = |zh: &str, keep: &dyn Fn(&campaigns::Place) -> bool| Wanted {
        zh: zh.to_owned(),
        definition: String::new(),
        set: Set::new(Of::Sites, register.iter().filter(|p| keep(p)).map(|p| &p.site)),
    };
    let figures = &opened.counted.figures;
    match name {
        "gap.nobody" => Some(sites("无责任人的企业", &|p| p.person.is_empty())),
        "gap.soonest" => {
            let (day, due) = soonest(&opened.counted)?;
            Some(sites(&format!("{}前应走", due_day(&day)), &|p| due.contains(&p.site)))
        }
        "gap.unvisited" => Some(sites("未走访", &|p| !figures.visited.numerator.has(&p.site))),
        _ => {
            if let Some(figure) = figures.find(name) {
                let (zh, definition) = (figure.zh.clone(), figure.definition.clone());
                return Some(Wanted { zh, definition, set: figure.numerator.clone() });
            }
            let (interim, result) = reports(figures, &opened.campaign);
            let (report, nth) = match name.strip_prefix("refused.interim.") {
                Some(nth) => (interim, nth),
                None => (result, name.strip_prefix("refused.result.")?),
            };
            let clause = report.refused.into_iter().nth(nth.parse().ok()?)?;
            Some(Wanted {
                zh: format!("“{}”", clause.text.replace('“', "‘").replace('”', "’")),
                definition: clause.reason,
                set: clause.open?,
            })
        }
    }
}

/// `GET /campaigns/{id}/list`.
pub(crate) async fn set(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    let opened = open(&hub, &signed, id, &ask.as_of).await?;
    let back = address(
        &format!("/campaigns/{}", opened.campaign.id),
        &[("as_of".to_owned(), opened.as_of.to_string())],
    );
    let (zh, definition, unit, heads, rows) = if ask.set == "gap.idle" {
        let rows = opened
            .idle
            .iter()
            .map(|(_, name, unit)| vec![cell("姓名", name.clone(), ""), cell("单位", unit.clone(), "")]);
        let definition = "在编的巡查员和带队领导中，这次活动没有派给任何企业的人。".to_owned();
        ("有人无任务".to_owned(), definition, "人", vec!["姓名", "单位"], rows.collect::<Vec<_>>())
    } else {
        let wanted = wanted(&opened, &ask.set).ok_or(Trouble::Lost)?;
        let (heads, rows) = match wanted.set.of {
            Of::Cases => case_rows(&hub, &signed, &opened, &wanted.set).await?,
            Of::Records => record_rows(&opened, &wanted.set),
            Of::Sites => site_rows(&opened, &wanted.set),
            Of::Units => unit_rows(&opened, &wanted.set),
        };
        (wanted.zh, wanted.definition, unit_of(wanted.set.of), heads, rows)
    };
    html(&SetPage {
        frame: Frame::of(&hub, &signed, &zh, "/campaigns").await?,
        total: rows.len(),
        unit,
        definition,
        back,
        back_label: opened.campaign.title.clone(),
        heads,
        rows: (1..).zip(rows).map(|(nth, cells)| SetRow { nth, cells }).collect(),
    })
}

type Table = (Vec<&'static str>, Vec<Vec<Cell>>);

fn cell(label: &'static str, text: String, href: &str) -> Cell {
    Cell { label, text, href: href.to_owned() }
}

async fn case_rows(hub: &Hub, signed: &Signed, opened: &Opened, set: &Set) -> Result<Table, Trouble> {
    let mut sees = signed.sees();
    sees.districts.clear();
    let (now, campaign) = (hub.now_ms(), opened.campaign.id.clone());
    let all = hub
        .db()
        .read(move |tx| {
            let filter = CaseFilter { campaign: campaign.clone(), ..CaseFilter::default() };
            cases::list(tx, &sees, &filter, Order::Up(By::Number), now, (0, EXPORT))
        })
        .await?;
    let known: BTreeMap<&str, _> = all.rows.iter().map(|row| (row.case.id.as_str(), row)).collect();
    let rows = set.ids.iter().map(|id| match known.get(id.as_str()) {
        Some(row) => vec![
            cell("案卷编号", row.number().to_owned(), &format!("/cases/{id}")),
            cell("状态", row.case.state.words().zh, ""),
            cell("类别", words::category(&row.case, &opened.rules), ""),
            cell("问题描述", row.case.description.clone(), ""),
            cell("企业或地点", row.place().to_owned(), ""),
            cell("责任", words::responsible(&row.case), ""),
        ],
        // Collected by a visit and not in the ledger: a gap that is shown, not hidden.
        None => vec![cell("案卷编号", "没有进入台账".to_owned(), "")],
    });
    Ok((vec!["案卷编号", "状态", "类别", "问题描述", "企业或地点", "责任"], rows.collect()))
}

fn record_rows(opened: &Opened, set: &Set) -> Table {
    let rows = opened.counted.visits.iter().filter(|v| set.has(&v.id)).map(|v| {
        vec![
            cell("企业", v.site_name.clone(), &format!("/records/{}", v.id)),
            cell("走访日期", v.day.clone(), ""),
            cell("走访层级", words::party(v.fact("party")).to_owned(), ""),
            cell("走访人", v.person.clone(), ""),
        ]
    });
    (vec!["企业", "走访日期", "走访层级", "走访人"], rows.collect())
}

fn site_rows(opened: &Opened, set: &Set) -> Table {
    let places: BTreeMap<&str, _> = opened.counted.register.iter().map(|p| (p.site.as_str(), p)).collect();
    let last = |site: &str| {
        let seen = opened.counted.visits.iter();
        let mut seen = seen
            .filter(|v| v.kind == "visit" && (v.site == site || (v.site.is_empty() && v.site_name == site)));
        seen.find(|v| v.day.parse::<Day>().is_ok_and(|day| day <= opened.as_of))
    };
    let rows = set.ids.iter().map(|site| {
        let (place, visit) = (places.get(site.as_str()), last(site));
        let href = visit.map_or_else(String::new, |v| format!("/records/{}", v.id));
        let name = place.map(|p| p.name.clone()).or_else(|| visit.map(|v| v.site_name.clone()));
        let person = place.map_or("", |p| p.person_name.as_str());
        let who = place.map_or_else(String::new, |p| format!("{} {} {person}", p.unit, p.post));
        vec![
            cell("企业", name.unwrap_or_else(|| site.clone()), &href),
            cell("责任人", if person.is_empty() { "无责任人".to_owned() } else { who }, ""),
            cell("应走日期", place.map_or_else(String::new, |p| p.due.clone()), ""),
            cell("走访日期", visit.map_or_else(|| "未走访".to_owned(), |v| v.day.clone()), ""),
            cell("走访人", visit.map_or_else(String::new, |v| v.person.clone()), ""),
        ]
    });
    (vec!["企业", "责任人", "应走日期", "走访日期", "走访人"], rows.collect())
}

fn unit_rows(opened: &Opened, set: &Set) -> Table {
    let of = |unit: &String| {
        let visits = opened.counted.visits.iter();
        visits.filter(|v| v.unit == *unit && v.kind == "visit").collect::<Vec<_>>()
    };
    let rows = set.ids.iter().map(|unit| {
        let name = of(unit).first().map_or_else(|| unit.clone(), |v| v.unit_name.clone());
        let sites: BTreeSet<&str> = of(unit)
            .into_iter()
            .filter(|v| v.day.parse::<Day>().is_ok_and(|day| day <= opened.as_of))
            .map(|v| v.site.as_str())
            .collect();
        vec![cell("单位", name, ""), cell("走访企业", sites.len().to_string(), "")]
    });
    (vec!["单位", "走访企业"], rows.collect())
}
