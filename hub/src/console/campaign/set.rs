//! The list behind a number of a campaign: exactly as many rows as the number says.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use xuncha_casework::Day;
use xuncha_casework::figures::{Counted as Of, Figure, Set};

use super::figures::{area_of, areas};
use super::overview::reports;
use super::{Ask, Opened, due_day, open, soonest, unit_of};
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

pub(super) struct SetRow {
    pub(super) nth: usize,
    pub(super) cells: Vec<Cell>,
}

pub(super) struct Cell {
    pub(super) label: &'static str,
    pub(super) text: String,
    pub(super) href: String,
}

/// What a list holds: its name, what it counts, and what stands in it.
pub(super) struct Wanted {
    pub(super) zh: String,
    pub(super) definition: String,
    holds: Holds,
}

enum Holds {
    /// What casework counts.
    Set(Set),
    /// Persons without a task: name and unit.
    People(Vec<(String, String)>),
    /// Districts where nobody has been: name and how many sites of the register are there.
    Areas(Vec<(String, usize)>),
}

impl Wanted {
    pub(super) fn count(&self) -> usize {
        match &self.holds {
            Holds::Set(set) => set.count(),
            Holds::People(all) => all.len(),
            Holds::Areas(all) => all.len(),
        }
    }

    pub(super) fn unit(&self) -> &'static str {
        match &self.holds {
            Holds::Set(set) => unit_of(set.of),
            Holds::People(_) => "人",
            Holds::Areas(_) => "个区",
        }
    }
}

pub(super) fn wanted(opened: &Opened, name: &str) -> Option<Wanted> {
    let register = &opened.counted.register;
    let until = format!("截至{}", opened.as_of.month_day());
    let sites = |zh: &str, definition: String, keep: &dyn Fn(&campaigns::Place) -> bool| Wanted {
        zh: zh.to_owned(),
        definition,
        holds: Holds::Set(Set::new(Of::Sites, register.iter().filter(|p| keep(p)).map(|p| &p.site))),
    };
    let figures = &opened.counted.figures;
    let visited = |site: &str| figures.visited.numerator.has(site);
    let found = match name {
        "gap.nobody" => {
            sites("无责任人", "名单上现在没有责任人的企业。".to_owned(), &|p| {
                p.person.is_empty()
            })
        }
        "gap.unvisited" => {
            sites("未走访", format!("{until}，名单上还没有走访过的企业。"), &|p| {
                !visited(&p.site)
            })
        }
        "gap.soonest" => {
            let (day, due) = soonest(&opened.counted)?;
            let definition = format!("未走访的企业里，应走日期最近的是{}的。", due_day(&day));
            sites(&format!("其中{}前应走", due_day(&day)), definition, &|p| due.contains(&p.site))
        }
        "gap.idle" => Wanted {
            zh: "有人无任务".to_owned(),
            definition: "在编的巡查员和带队领导中，这次活动没有派给任何企业的人。".to_owned(),
            holds: Holds::People(
                opened.idle.iter().map(|(_, name, unit)| (name.clone(), unit.clone())).collect(),
            ),
        },
        "gap.areas" => {
            let empty = areas(opened).into_iter().filter(|area| area.count() == 0);
            let sites = |area: &Figure| area.denominator.as_ref().map_or(0, Set::count);
            Wanted {
                zh: "没去过的片区".to_owned(),
                definition: format!(
                    "{until}，名单上有企业、却一家都没有走访过的区。点位只记到区，所以按区数。"
                ),
                holds: Holds::Areas(empty.map(|area| (area.zh.clone(), sites(&area))).collect()),
            }
        }
        _ => return of_a_figure(opened, name),
    };
    Some(found)
}

/// The list of a figure, or of a clause that the report leaves out.
fn of_a_figure(opened: &Opened, name: &str) -> Option<Wanted> {
    let figures = &opened.counted.figures;
    let answered = opened.counted.answers.iter().map(|answer| &answer.figure).find(|f| f.id == name);
    let area = areas(opened).into_iter().find(|f| f.id == name);
    if let Some(figure) = figures.find(name).or(answered).or(area.as_ref()) {
        let (zh, definition) = (figure.zh.clone(), figure.definition.clone());
        return Some(Wanted { zh, definition, holds: Holds::Set(figure.numerator.clone()) });
    }
    let (interim, result) = reports(figures, &opened.campaign);
    let (report, nth) = match name.strip_prefix("refused.interim.") {
        Some(nth) => (interim, nth),
        None => (result, name.strip_prefix("refused.result.")?),
    };
    let clause = report.refused.into_iter().nth(nth.parse().ok()?)?;
    Some(Wanted {
        zh: format!("“{}”", words::within_quotes(&clause.text)),
        definition: clause.reason,
        holds: Holds::Set(clause.open?),
    })
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
    let wanted = wanted(&opened, &ask.set).ok_or(Trouble::Lost)?;
    let (heads, rows) = table(&hub, &signed, &opened, &wanted).await?;
    html(&SetPage {
        frame: Frame::of(&hub, &signed, &wanted.zh, "/campaigns").await?,
        total: rows.len(),
        unit: wanted.unit(),
        definition: wanted.definition,
        back,
        back_label: opened.campaign.title.clone(),
        heads,
        rows: numbered(rows),
    })
}

pub(super) fn numbered(rows: Vec<Vec<Cell>>) -> Vec<SetRow> {
    (1..).zip(rows).map(|(nth, cells)| SetRow { nth, cells }).collect()
}

pub(super) type Table = (Vec<&'static str>, Vec<Vec<Cell>>);

/// Heads and rows of a list: as many rows as its number says.
pub(super) async fn table(
    hub: &Hub,
    signed: &Signed,
    opened: &Opened,
    wanted: &Wanted,
) -> Result<Table, Trouble> {
    Ok(match &wanted.holds {
        Holds::Set(set) => match set.of {
            Of::Cases => case_rows(hub, signed, opened, set).await?,
            Of::Records => record_rows(opened, set),
            Of::Sites => site_rows(opened, set.ids.iter().map(String::as_str)),
            Of::Units => unit_rows(opened, set),
        },
        Holds::People(all) => {
            let row = |(name, unit): &(String, String)| {
                vec![cell("姓名", name.clone(), ""), cell("单位", unit.clone(), "")]
            };
            (vec!["姓名", "单位"], all.iter().map(row).collect())
        }
        Holds::Areas(all) => {
            let row = |(name, sites): &(String, usize)| {
                vec![cell("区", name.clone(), ""), cell("名单上的企业", sites.to_string(), "")]
            };
            (vec!["区", "名单上的企业"], all.iter().map(row).collect())
        }
    })
}

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

pub(super) fn site_rows<'a>(opened: &Opened, sites: impl Iterator<Item = &'a str>) -> Table {
    let places: BTreeMap<&str, _> = opened.counted.register.iter().map(|p| (p.site.as_str(), p)).collect();
    let last = |site: &str| {
        let seen = opened.counted.visits.iter();
        let mut seen = seen
            .filter(|v| v.kind == "visit" && (v.site == site || (v.site.is_empty() && v.site_name == site)));
        seen.find(|v| v.day.parse::<Day>().is_ok_and(|day| day <= opened.as_of))
    };
    let rows = sites.map(|site| {
        let (place, visit) = (places.get(site), last(site));
        let href = visit.map_or_else(String::new, |v| format!("/records/{}", v.id));
        let name = place.map(|p| p.name.clone()).or_else(|| visit.map(|v| v.site_name.clone()));
        let person = place.map_or("", |p| p.person_name.as_str());
        let who = place.map_or_else(String::new, |p| format!("{} {} {person}", p.unit, p.post));
        vec![
            cell("企业", name.unwrap_or_else(|| site.to_owned()), &href),
            cell("区", place.map_or_else(String::new, |p| area_of(&p.district_name).to_owned()), ""),
            cell("责任人", if person.is_empty() { "无责任人".to_owned() } else { who }, ""),
            cell("应走日期", place.map_or_else(String::new, |p| p.due.clone()), ""),
            cell("走访日期", visit.map_or_else(|| "未走访".to_owned(), |v| v.day.clone()), ""),
            cell("走访人", visit.map_or_else(String::new, |v| v.person.clone()), ""),
        ]
    });
    (vec!["企业", "区", "责任人", "应走日期", "走访日期", "走访人"], rows.collect())
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
