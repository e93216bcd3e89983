//! 专项活动: figures whose every number opens its list, gaps, and the report sentence.

mod figures;
mod gaps;
mod overview;
mod register;
mod set;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use xuncha_casework::figures::{Counted as Of, Figure};
use xuncha_casework::{Day, Rules, format};

use super::frame::{Choice, Frame, address};
use super::session::{Area, Signed};
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::campaigns::{self, CampaignRow, Counted};
pub(super) use gaps::paper;
pub(super) use set::set;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    as_of: String,
    set: String,
    /// Which tab; empty: 概况.
    tab: String,
    /// What the register is filtered by.
    district: String,
    person: String,
    visited: String,
    page: String,
    rows: String,
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

/// A number that opens its list.
struct Number {
    zh: String,
    count: String,
    fraction: String,
    percent: String,
    href: String,
}

/// The lists of a campaign on a day.
struct Links {
    id: String,
    as_of: Day,
}

impl Links {
    fn of(opened: &Opened) -> Self {
        Self { id: opened.campaign.id.clone(), as_of: opened.as_of }
    }

    fn tab(&self, tab: &str) -> String {
        let params = [("tab", tab.to_owned()), ("as_of", self.as_of.to_string())];
        address(&format!("/campaigns/{}", self.id), &params.map(|(name, value)| (name.to_owned(), value)))
    }

    fn set(&self, set: &str) -> String {
        let params = [("set".to_owned(), set.to_owned()), ("as_of".to_owned(), self.as_of.to_string())];
        address(&format!("/campaigns/{}/list", self.id), &params)
    }

    fn number(&self, figure: &Figure) -> Number {
        Number {
            zh: figure.zh.clone(),
            count: format::count(figure.count()),
            fraction: figure.fraction(),
            percent: figure.percent().unwrap_or_else(|| "—".to_owned()),
            href: self.set(&figure.id),
        }
    }
}

fn unit_of(of: Of) -> &'static str {
    match of {
        Of::Sites | Of::Units => "家",
        Of::Cases => "条",
        Of::Records => "次",
    }
}

/// What stands above every tab.
struct Head {
    title: String,
    said: String,
    as_of: String,
    tab: String,
    tabs: Vec<Choice>,
}

const TABS: [(&str, &str); 4] = [("", "概况"), ("register", "名单"), ("gaps", "缺口"), ("figures", "统计")];

impl Head {
    fn of(opened: &Opened, tab: &str) -> Self {
        let nobody = opened.counted.register.iter().filter(|p| p.person.is_empty()).count();
        let (sites, assigned) = (opened.campaign.sites, opened.campaign.assigned);
        let assigned = match nobody {
            0 => format!("{sites}个企业项目全部落实到人"),
            _ => format!("{sites}个企业项目，{assigned}个已落实到人"),
        };
        let links = Links::of(opened);
        Self {
            title: opened.campaign.title.clone(),
            said: format!("{} · {assigned}", period(&opened.campaign)),
            as_of: opened.as_of.to_string(),
            tabs: TABS
                .map(|(word, label)| Choice {
                    value: links.tab(word),
                    label: label.to_owned(),
                    on: word == tab,
                })
                .into(),
            tab: tab.to_owned(),
        }
    }
}

/// `GET /campaigns/{id}`.
pub(super) async fn page(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Answer {
    let opened = open(&hub, &signed, id, &ask.as_of).await?;
    let tab = TABS.iter().map(|(word, _)| *word).find(|word| *word == ask.tab).ok_or(Trouble::Lost)?;
    let head = Head::of(&opened, tab);
    let frame = Frame::of(&hub, &signed, &opened.campaign.title, "/campaigns").await?;
    match tab {
        "register" => html(&register::page(frame, head, &opened, &ask)),
        "gaps" => html(&gaps::page(frame, head, &opened)),
        "figures" => html(&figures::page(frame, head, &opened)),
        _ => html(&overview::page(frame, head, &opened)),
    }
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
