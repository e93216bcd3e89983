//! 专项活动: figures whose every number opens its list, gaps, and the report sentence.

mod set;

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
pub(super) use set::set;

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
