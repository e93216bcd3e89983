//! 专项活动: figures whose every number opens its list, gaps, and the report sentence.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use xuncha_casework::figures::{CampaignFigures, Counted as Of, Figure, Set};
use xuncha_casework::sentences::{self, ReportText, Wording};
use xuncha_casework::{Day, Rules, format};

use super::frame::{Frame, address};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::campaigns::{self, CampaignRow, Counted};
use crate::ledger::cases::{self, CaseFilter, Order};
use crate::ledger::{EXPORT, words};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    as_of: String,
    set: String,
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct ListPage {
    frame: Frame,
    said: String,
    rows: Vec<ListRow>,
}

struct ListRow {
    id: String,
    title: String,
    period: String,
    sites: i64,
    assigned: i64,
}

/// `GET /campaigns`.
pub(super) async fn list(State(hub): State<Hub>, signed: Signed) -> Answer {
    signed.must(Area::Campaigns)?;
    let tenant = signed.0.tenant.clone();
    let rows = hub.db().read(move |tx| campaigns::list(tx, &tenant, "")).await?;
    html(&ListPage {
        frame: Frame::of(&hub, &signed, "专项活动", "/campaigns").await?,
        said: format!("共{}个", rows.len()),
        rows: rows
            .into_iter()
            .map(|c| ListRow {
                period: period(&c),
                id: c.id,
                title: c.title,
                sites: c.sites,
                assigned: c.assigned,
            })
            .collect(),
    })
}

fn period(campaign: &CampaignRow) -> String {
    match (campaign.from.parse::<Day>(), campaign.to.parse::<Day>()) {
        (Ok(from), Ok(to)) => format::period(from.date(), to.date()),
        _ => format!("{}—{}", campaign.from, campaign.to),
    }
}

struct Opened {
    campaign: CampaignRow,
    counted: Counted,
    idle: Vec<(String, String, String)>,
    rules: std::sync::Arc<Rules>,
    as_of: Day,
}

async fn open(hub: &Hub, signed: &Signed, id: String, as_of: &str) -> Result<Opened, Trouble> {
    signed.must(Area::Campaigns)?;
    let now = hub.now_ms();
    let (mut sees, cache, wanted) = (signed.sees(), hub.rules().clone(), as_of.parse::<Day>().ok());
    // A campaign's figures are the city's, for everyone who may open them.
    sees.districts.clear();
    let opened = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let Some(campaign) = campaigns::list(tx, &sees.tenant, &id)?.pop() else { return Ok(None) };
            let as_of = wanted.unwrap_or_else(|| Day::of(now, &rules.calendar));
            let counted = campaigns::count(tx, &sees, &id, as_of, &rules.calendar)?;
            let idle = campaigns::idle(tx, &sees.tenant, &id)?;
            Ok(Some(Opened { campaign, counted, idle, rules, as_of }))
        })
        .await?;
    opened.ok_or(Trouble::Lost)
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct CampaignPage {
    frame: Frame,
    title: String,
    period: String,
    assigned_line: String,
    as_of: String,
    visited: Number,
    collected: Number,
    handled: Number,
    split: Vec<Number>,
    tiers: Vec<Tier>,
    gaps: Vec<Number>,
    bar: String,
    definitions: Vec<String>,
    sentences: Vec<Sentence>,
}

/// A number that opens its list.
struct Number {
    zh: String,
    count: String,
    fraction: String,
    percent: String,
    href: String,
}

struct Tier {
    zh: String,
    visited: Number,
    collected: Number,
    handled: Number,
    units: Number,
}

struct Sentence {
    title: &'static str,
    segments: Vec<Segment>,
    refused: Vec<Refused>,
}

struct Segment {
    text: String,
    href: String,
}

struct Refused {
    text: String,
    reason: String,
    href: String,
    count: usize,
    unit: &'static str,
}

/// The lists of a campaign on a day.
struct Links {
    id: String,
    as_of: Day,
}

impl Links {
    fn set(&self, set: &str) -> String {
        let params = [("set".to_owned(), set.to_owned()), ("as_of".to_owned(), self.as_of.to_string())];
        address(&format!("/campaigns/{}/list", self.id), &params)
    }

    fn number(&self, figure: &Figure) -> Number {
        Number {
            zh: figure.zh.clone(),
            count: format::count(figure.count()),
            fraction: figure.fraction(),
            percent: figure.percent().unwrap_or_else(|| "率不计算（0/0）".to_owned()),
            href: self.set(&figure.id),
        }
    }

    fn gap(&self, zh: &str, count: usize, set: &str) -> Number {
        Number {
            zh: zh.to_owned(),
            count: format::count(count),
            fraction: String::new(),
            percent: String::new(),
            href: self.set(set),
        }
    }

    fn sentence(&self, title: &'static str, report: ReportText) -> Sentence {
        let segments = report.segments.into_iter().map(|s| Segment {
            text: s.text,
            href: s.figure.map_or_else(String::new, |figure| self.set(&figure)),
        });
        let prefix = if title.starts_with('截') { "refused.interim" } else { "refused.result" };
        let refused = (0..).zip(report.refused).map(|(nth, r): (usize, _)| Refused {
            // A quotation within a quotation.
            text: r.text.replace('“', "‘").replace('”', "’"),
            reason: r.reason,
            href: match &r.open {
                Some(set) if set.count() > 0 => self.set(&format!("{prefix}.{nth}")),
                _ => String::new(),
            },
            count: r.open.as_ref().map_or(0, Set::count),
            unit: r.open.as_ref().map_or("", |set| unit_of(set.of)),
        });
        Sentence { title, segments: segments.collect(), refused: refused.collect() }
    }
}

fn unit_of(of: Of) -> &'static str {
    match of {
        Of::Sites | Of::Units => "家",
        Of::Cases => "条",
        Of::Records => "次",
    }
}

fn reports(figures: &CampaignFigures, campaign: &CampaignRow) -> (ReportText, ReportText) {
    let wording = Wording {
        bureau: "该局".to_owned(),
        since: campaign.from.parse().unwrap_or(figures.as_of),
        kickoff: String::new(),
        with_split: true,
    };
    (sentences::interim(figures, &wording), sentences::result(figures, &wording))
}

/// `GET /campaigns/{id}`.
pub(super) async fn page(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    let opened = open(&hub, &signed, id, &ask.as_of).await?;
    let figures = &opened.counted.figures;
    let links = Links { id: opened.campaign.id.clone(), as_of: opened.as_of };
    let (interim, result) = reports(figures, &opened.campaign);
    let (part, whole) = (figures.visited.count(), opened.counted.register.len().max(1));
    let nobody = opened.counted.register.iter().filter(|p| p.person.is_empty()).count();
    let soonest = soonest(&opened.counted);
    html(&CampaignPage {
        frame: Frame::of(&hub, &signed, &opened.campaign.title, "/campaigns").await?,
        title: opened.campaign.title.clone(),
        period: period(&opened.campaign),
        assigned_line: if nobody == 0 {
            format!("{}个企业项目全部落实到人", opened.campaign.sites)
        } else {
            format!("{}个企业项目，{}个已落实到人", opened.campaign.sites, opened.campaign.assigned)
        },
        as_of: opened.as_of.to_string(),
        visited: links.number(&figures.visited),
        collected: links.number(&figures.collected),
        handled: links.number(&figures.handled),
        split: figures.split.iter().map(|f| links.number(f)).collect(),
        tiers: figures
            .tiers
            .iter()
            .map(|t| Tier {
                zh: t.party.zh().to_owned(),
                visited: links.number(&t.visited),
                collected: links.number(&t.collected),
                handled: links.number(&t.handled),
                units: links.number(&t.units),
            })
            .collect(),
        gaps: vec![
            links.gap("无责任人的企业", nobody, "gap.nobody"),
            links.gap("有人无任务", opened.idle.len(), "gap.idle"),
            links.gap(
                "未走访",
                whole.saturating_sub(part).min(opened.counted.register.len()),
                "gap.unvisited",
            ),
            links.gap(
                &soonest.as_ref().map_or_else(String::new, |(day, _)| format!("其中{}前应走", due_day(day))),
                soonest.as_ref().map_or(0, |(_, sites)| sites.len()),
                "gap.soonest",
            ),
            links.number(&figures.without_person),
            links.number(&figures.not_in_ledger),
            links.number(&figures.banners),
        ]
        .into_iter()
        .filter(|gap| !gap.zh.is_empty())
        .collect(),
        bar: (399 * part / whole).to_string(),
        definitions: [&figures.visited, &figures.collected, &figures.handled]
            .map(|f| format!("{}：{}", f.zh, f.definition))
            .into(),
        sentences: vec![links.sentence("截至报", interim), links.sentence("结果报", result)],
    })
}

/// The nearest day by which a visit is due that has not been made, and its sites.
fn soonest(counted: &Counted) -> Option<(String, Vec<String>)> {
    let waiting = || {
        let all = counted.register.iter();
        all.filter(|p| !p.due.is_empty() && !counted.figures.visited.numerator.has(&p.site))
    };
    let day = waiting().map(|p| p.due.clone()).min()?;
    let sites = waiting().filter(|p| p.due == day).map(|p| p.site.clone()).collect();
    Some((day, sites))
}

fn due_day(day: &str) -> String {
    day.parse::<Day>().map_or_else(|_| day.to_owned(), |day| format::month_day(day.date()))
}

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
pub(super) async fn set(
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
            cases::list(tx, &sees, &filter, Order::Number, now, (0, EXPORT))
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
