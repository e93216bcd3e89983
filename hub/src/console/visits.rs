//! 走访台账 and single records.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use xuncha_casework::figures::Party;
use xuncha_casework::{Day, Rules, format};

use super::entity_lists::Done;
use super::evidence::Shots;
use super::fill_log;
use super::frame::{Choice, Chosen, Frame, Pager, Select, address, rows_a_page, rows_before};
use super::session::Signed;
use super::sheet;
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::cases::{self, By, CaseFilter, CaseRow, Order};
use crate::ledger::sheet::visit_columns;
use crate::ledger::visits::{self, VisitFilter, VisitRow};
use crate::ledger::{EXPORT, Sees, entity_lists, history, words};
use crate::store::{E, Tx};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    q: String,
    from: String,
    to: String,
    party: String,
    campaign: String,
    page: String,
    rows: String,
}

#[derive(Template)]
#[template(path = "visits.html")]
struct VisitsPage {
    frame: Frame,
    said: String,
    export: String,
    print: String,
    q: String,
    selects: Vec<Select>,
    days: [(&'static str, &'static str, String); 2],
    kept: Vec<(String, String)>,
    chosen: Vec<Chosen>,
    rows: Vec<Row>,
    pager: Pager,
    empty: String,
    open_filters: bool,
}

struct Row {
    nth: usize,
    id: String,
    site: String,
    day: String,
    party: String,
    person: String,
    satisfaction: String,
    cases: Vec<Link>,
}

pub(super) struct Link {
    pub(super) id: String,
    pub(super) text: String,
}

impl Ask {
    fn filter(&self) -> VisitFilter {
        // Days that are none ask for nothing.
        let day = |text: &String| text.parse::<Day>().map_or_else(|_| String::new(), |d| d.to_string());
        VisitFilter {
            text: self.q.clone(),
            from: day(&self.from),
            to: day(&self.to),
            party: self.party.clone(),
            campaign: self.campaign.clone(),
            kind: "visit".to_owned(),
            ..VisitFilter::default()
        }
    }

    fn params(&self) -> Vec<(String, String)> {
        let all = [
            ("q", &self.q),
            ("from", &self.from),
            ("to", &self.to),
            ("party", &self.party),
            ("campaign", &self.campaign),
            ("rows", &self.rows),
        ];
        all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v.clone())).collect()
    }

    fn chosen(&self) -> Vec<Chosen> {
        let all = [
            ("q", &self.q, self.q.clone()),
            ("from", &self.from, format!("{}起", self.from)),
            ("to", &self.to, format!("{}止", self.to)),
            ("party", &self.party, words::party(&self.party).to_owned()),
            ("campaign", &self.campaign, "本次专项活动".to_owned()),
        ];
        let without = |name: &str| {
            let mut params = self.params();
            params.retain(|(n, _)| n != name);
            address("/visits", &params)
        };
        all.into_iter()
            .filter(|(_, value, _)| !value.is_empty())
            .map(|(name, _, label)| Chosen { name, label, href: without(name) })
            .collect()
    }
}

/// `GET /visits`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let (sees, asked) = (signed.sees(), ask.clone());
    let (page, rows) = (ask.page.parse().unwrap_or(1), rows_a_page(&ask.rows));
    let (listed, by_record) = hub
        .db()
        .read(move |tx| {
            let filter = asked.filter();
            let skip = rows_before(visits::list(tx, &sees, &filter, (0, 0))?.total, (page, rows));
            let listed = visits::list(tx, &sees, &filter, (skip, rows))?;
            Ok((listed, visits::cases_of(tx, &sees.tenant)?))
        })
        .await?;
    let pager = Pager::of(listed.total, "次", (page, rows), "/visits", ask.params());
    let pager = pager.of_any_length(listed.total);
    let chosen = ask.chosen();
    let mut parties = vec![Choice::of("", "全部", &ask.party)];
    parties.extend(Party::ALL.map(|party| Choice::of(party.key(), party.zh(), &ask.party)));
    html(&VisitsPage {
        frame: Frame::of(&hub, &signed, "走访台账", "/ledger").await?,
        said: format!("共{}次", format::count(listed.total)),
        export: address("/visits/export.xlsx", &ask.params()),
        print: address("/visits/print", &ask.params()),
        q: ask.q.clone(),
        selects: vec![Select { label: "走访层级", name: "party", options: parties }],
        days: [("从", "from", ask.from.clone()), ("到", "to", ask.to.clone())],
        kept: ask
            .params()
            .into_iter()
            .filter(|(name, _)| matches!(name.as_str(), "campaign" | "rows"))
            .collect(),
        empty: if chosen.is_empty() {
            "还没有走访。手机上填的走访入库后会出现在这里。".to_owned()
        } else {
            let all: Vec<&str> = chosen.iter().map(|c| c.label.as_str()).collect();
            format!("没有符合“{}”的走访。", all.join("、"))
        },
        chosen,
        rows: (pager.skip + 1..)
            .zip(&listed.rows)
            .map(|(nth, r)| row(nth, r, by_record.get(&r.id).map_or(&[][..], Vec::as_slice)))
            .collect(),
        pager,
        open_filters: false,
    })
}

fn row(nth: usize, found: &VisitRow, cases: &[visits::CaseLink]) -> Row {
    let visitors = found.fact("visitors");
    Row {
        nth,
        id: found.id.clone(),
        site: found.site_name.clone(),
        day: found.day.clone(),
        party: words::party(found.fact("party")).to_owned(),
        person: if visitors.is_empty() { found.person.clone() } else { visitors.to_owned() },
        satisfaction: words::satisfaction(found.fact("satisfaction")),
        cases: cases.iter().map(|c| Link { id: c.id.clone(), text: c.description.clone() }).collect(),
    }
}

type Cells = (Vec<Vec<String>>, String);

async fn whole(hub: &Hub, signed: &Signed, ask: &Ask) -> Result<Cells, Trouble> {
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), ask.clone());
    let (rules, rows) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let rows = cells(tx, &sees, &asked, &rules, now)?;
            Ok((rules, rows))
        })
        .await?;
    let chosen: Vec<String> = ask.chosen().into_iter().map(|c| c.label).collect();
    let said = if chosen.is_empty() {
        "条件：全部".to_owned()
    } else {
        format!("条件：{}", chosen.join("、"))
    };
    Ok((rows, format!("{said} · 数据时间{}", format::table(now, &rules.calendar))))
}

/// A line a problem; a visit that collected nothing has a line too.
fn cells(tx: &mut dyn Tx, sees: &Sees, ask: &Ask, rules: &Rules, now: i64) -> Result<Vec<Vec<String>>, E> {
    let visits = visits::list(tx, sees, &ask.filter(), (0, EXPORT))?.rows;
    let filter = CaseFilter { campaign: ask.campaign.clone(), ..CaseFilter::default() };
    let all = cases::list(tx, sees, &filter, Order::Up(By::Number), now, (0, EXPORT))?.rows;
    let mut by_record: BTreeMap<&str, Vec<&CaseRow>> = BTreeMap::new();
    for row in &all {
        if let Some(record) = &row.case.source {
            by_record.entry(record.as_str()).or_default().push(row);
        }
    }
    let mut lines = Vec::new();
    for visit in &visits {
        match by_record.get(visit.id.as_str()) {
            Some(found) => {
                for case in found {
                    lines.push(visit_columns(lines.len() + 1, visit, Some(case), rules, now));
                }
            }
            None => lines.push(visit_columns(lines.len() + 1, visit, None, rules, now)),
        }
    }
    Ok(lines)
}

/// `GET /visits/export.xlsx`.
pub(super) async fn export(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    sheet::workbook(&hub, &signed, sheet::Book::Visits, rows, said).await
}

/// `GET /visits/print`.
pub(super) async fn print(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    sheet::paper(&hub, &signed, sheet::Book::Visits, &rows, said, address("/visits", &ask.params())).await
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    said: String,
    facts: Vec<(String, String)>,
    /// Where the log of the filling is; empty if there is none.
    log: String,
    entities: Vec<Done>,
    photos: Shots,
    cases: Vec<Link>,
}

/// `GET /records/{id}`.
pub(super) async fn record(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    let (sees, cache) = (signed.sees(), hub.rules().clone());
    let (rules, found, facts, shots, cases, log, done) = hub
        .db()
        .read(move |tx| {
            let tenant = sees.tenant.as_str();
            let found = visits::one(tx, &sees, &id)?;
            let facts = visits::facts(tx, tenant, &id)?;
            let shots = history::shots(tx, tenant, "record", &id)?;
            let cases = visits::cases_of(tx, tenant)?.remove(&id).unwrap_or_default();
            let logged = found.is_some() && !fill_log::of(tx, tenant, &id)?.is_empty();
            let log = if logged { format!("/records/{id}/audit.csv") } else { String::new() };
            let done = entity_lists::of_record(tx, tenant, &id)?;
            Ok((cache.load(tx, tenant)?, found, facts, shots, cases, log, done))
        })
        .await?;
    let found = found.ok_or(Trouble::Lost)?;
    let said = format!(
        "{} · {} {} · 平台{}收到{}",
        found.form,
        found.person,
        found.unit_name,
        format::table(found.received_ms, &rules.calendar),
        if found.replaced { " · 已被更正的一版代替" } else { "" },
    );
    let value = |word: &str, value: &str| match word {
        "party" => words::party(value).to_owned(),
        "satisfaction" => words::satisfaction(value),
        "problem.topic" => words::topic(value).to_owned(),
        "problem.kind" => words::report_kind(value),
        _ => value.to_owned(),
    };
    let facts = facts
        .iter()
        .filter(|f| !f.value.is_empty())
        .filter_map(|f| Some((words::fact(&f.word)?, f.nth, value(&f.word, &f.value))))
        .map(|(name, nth, value)| (if nth > 0 { format!("{nth} {name}") } else { name.to_owned() }, value))
        .collect();
    let title = format!("{} · {}", words::form_kind(&found.kind), found.site_name);
    html(&RecordPage {
        frame: Frame::of(&hub, &signed, &title, "/ledger").await?,
        said,
        facts,
        log,
        entities: done.iter().map(|row| Done::of(row, &signed)).collect(),
        photos: Shots::of(&shots, "现场", "没有照片", &rules.calendar),
        cases: cases
            .into_iter()
            .map(|c| Link { text: format!("{} {}", c.number, c.description), id: c.id })
            .collect(),
    })
}
