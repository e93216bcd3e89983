//! Campaigns (专项活动): what the store knows, handed to casework's figures.

use std::collections::{BTreeMap, BTreeSet};

use xuncha_casework::figures::{
    self, AnswerFact, BannerFact, CampaignFigures, CaseFact, Channel, FirstAnswer, Party, Scope, Utility,
    VisitFact,
};
use xuncha_casework::{Calendar, Case, Day, Move};
use xuncha_wire::body::MoveBody;

use super::visits::{self, VisitFilter, VisitRow};
use super::{EXPORT, Sees, answers, opened, words};
use crate::store::{E, Row, Tx, V};

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Its sites.
    pub sites: i64,
    /// Its sites that a person answers for.
    pub assigned: i64,
}

const CAMPAIGNS: &str = "SELECT c.id, c.title, c.from_day, c.to_day,
        (SELECT COUNT(*) FROM assignment a WHERE a.tenant = c.tenant AND a.campaign = c.id),
        (SELECT COUNT(*) FROM assignment a WHERE a.tenant = c.tenant AND a.campaign = c.id AND a.person <> '')
    FROM campaign c WHERE c.tenant = $1 AND ($2 = '' OR c.id = $2) ORDER BY c.from_day DESC, c.id";

/// Campaigns, newest first; with an `id` only that one.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Vec<CampaignRow>, E> {
    tx.all(CAMPAIGNS, &[V::T(tenant), V::T(id)], |r| {
        Ok(CampaignRow {
            id: r.text(0)?,
            title: r.text(1)?,
            from: r.text(2)?,
            to: r.text(3)?,
            sites: r.int(4)?,
            assigned: r.int(5)?,
        })
    })
}

/// One site of a campaign and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The site.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Its district's code.
    pub district: String,
    /// Its district's name.
    pub district_name: String,
    /// The unit's name.
    pub unit: String,
    /// The post.
    pub post: String,
    /// The person's id; empty if nobody.
    pub person: String,
    /// The person's name.
    pub person_name: String,
    /// By which day.
    pub due: String,
    /// The record that fulfilled it.
    pub done: String,
}

/// The register of a campaign: not visited first, then by due day.
///
/// # Errors
/// [`E`] of the store.
pub fn register(tx: &mut dyn Tx, tenant: &str, campaign: &str) -> Result<Vec<Place>, E> {
    tx.all(
        "SELECT a.site, COALESCE(s.name, a.site), COALESCE(s.district, ''), COALESCE(u.name, a.unit), a.post,
                a.person, COALESCE(p.name, ''), a.due, a.done, COALESCE(d.name, s.district, '')
         FROM assignment a
         LEFT JOIN site s ON s.tenant = a.tenant AND s.id = a.site
         LEFT JOIN district d ON d.tenant = a.tenant AND d.code = s.district
         LEFT JOIN unit u ON u.tenant = a.tenant AND u.id = a.unit
         LEFT JOIN person p ON p.tenant = a.tenant AND p.id = a.person
         WHERE a.tenant = $1 AND a.campaign = $2
         ORDER BY a.done <> '', a.due, s.name, a.site",
        &[V::T(tenant), V::T(campaign)],
        |r| {
            Ok(Place {
                site: r.text(0)?,
                name: r.text(1)?,
                district: r.text(2)?,
                district_name: r.text(9)?,
                unit: r.text(3)?,
                post: r.text(4)?,
                person: r.text(5)?,
                person_name: r.text(6)?,
                due: r.text(7)?,
                done: r.text(8)?,
            })
        },
    )
}

/// Persons who inspect and to whom a campaign gives nothing: id, name, unit.
///
/// # Errors
/// [`E`] of the store.
pub fn idle(tx: &mut dyn Tx, tenant: &str, campaign: &str) -> Result<Vec<(String, String, String)>, E> {
    tx.all(
        "SELECT p.id, p.name, COALESCE(u.name, '') FROM person p
         LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
         WHERE p.tenant = $1 AND p.state = 'active'
           AND ((',' || p.roles || ',') LIKE '%,inspector,%' OR (',' || p.roles || ',') LIKE '%,leader,%')
           AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.tenant = p.tenant AND a.campaign = $2
                           AND a.person = p.id)
         ORDER BY u.name, p.name, p.id",
        &[V::T(tenant), V::T(campaign)],
        |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)),
    )
}

/// Everything that a campaign's page counts.
pub struct Counted {
    /// casework's figures.
    pub figures: CampaignFigures,
    /// The visits behind them.
    pub visits: Vec<VisitRow>,
    /// The cases behind them.
    pub cases: Vec<Case>,
    /// The register.
    pub register: Vec<Place>,
    /// 平均首次答复, one a party, in the order of the report.
    pub answers: Vec<FirstAnswer>,
}

/// Counts a campaign up to a day.
///
/// # Errors
/// [`E`] of the store.
pub fn count(
    tx: &mut dyn Tx,
    sees: &Sees,
    campaign: &str,
    as_of: Day,
    calendar: &Calendar,
) -> Result<Counted, E> {
    let tenant = sees.tenant.as_str();
    let register = register(tx, tenant, campaign)?;
    let of = |kind: &str| VisitFilter {
        campaign: campaign.to_owned(),
        kind: kind.to_owned(),
        ..VisitFilter::default()
    };
    let visits = visits::list(tx, sees, &of("visit"), (0, EXPORT))?.rows;
    let banners = visits::list(tx, sees, &of("banner"), (0, EXPORT))?.rows;
    let rows = tx.all(
        "SELECT body, record, changed_ms FROM casefile WHERE tenant = $1 AND campaign = $2 ORDER BY number, id",
        &[V::T(tenant), V::T(campaign)],
        read_case,
    )?;
    let kinds: BTreeMap<String, String> = tx
        .all("SELECT id, name FROM unit WHERE tenant = $1 ORDER BY id", &[V::T(tenant)], |r| {
            Ok((r.text(0)?, r.text(1)?))
        })?
        .into_iter()
        .collect();
    let mut by_record: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (case, record, _) in &rows {
        by_record.entry(record).or_default().push(case.id.clone());
    }
    let visit_facts: Vec<VisitFact> = visits
        .iter()
        .filter_map(|row| {
            Some(VisitFact {
                record: row.id.as_str().into(),
                campaign: Some(campaign.into()),
                site: site_of(row).into(),
                party: party(row.fact("party"))?,
                unit: Some(row.unit.as_str()).filter(|u| !u.is_empty()).map(Into::into),
                utility: kinds.get(&row.unit).and_then(|name| utility(name)),
                channel: Channel::Visit,
                day: row.day.parse().ok()?,
                problems: by_record.get(row.id.as_str()).cloned().unwrap_or_default(),
            })
        })
        .collect();
    let banner_facts: Vec<BannerFact> = banners
        .iter()
        .filter_map(|row| {
            Some(BannerFact {
                record: row.id.as_str().into(),
                campaign: Some(campaign.into()),
                site: site_of(row).into(),
                day: row.day.parse().ok()?,
            })
        })
        .collect();
    let end_ms = as_of.end_ms(calendar);
    let moves = moves_by(tx, tenant, campaign, end_ms)?;
    let case_facts: Vec<CaseFact> = rows
        .iter()
        .map(|(case, _, changed_ms)| {
            let fact = CaseFact::of(case, calendar);
            // The sentence names a topic in words, the form codes it.
            let fact = CaseFact { topic: fact.topic.as_deref().map(|t| words::topic(t).to_owned()), ..fact };
            if *changed_ms < end_ms {
                return fact;
            }
            let by_then = moves.get(case.id.as_str()).into_iter().flatten();
            fact.as_of(as_of, by_then.map(|(at_ms, mv)| (*at_ms, mv)), calendar)
        })
        .collect();
    let cases: Vec<Case> = rows.into_iter().map(|(case, ..)| case).collect();
    let scope = Scope {
        campaign: Some(campaign.into()),
        as_of,
        sites: register.iter().map(|place| place.site.as_str().into()).collect::<BTreeSet<_>>(),
    };
    let figures = figures::campaign(&scope, &visit_facts, &case_facts, &banner_facts);
    let first = answers::first(tx, tenant, campaign)?;
    let received: BTreeMap<&str, i64> = visits.iter().map(|row| (row.id.as_str(), row.received_ms)).collect();
    let answer_facts: Vec<AnswerFact> = visit_facts
        .iter()
        .filter(|visit| !visit.problems.is_empty())
        .map(|visit| AnswerFact {
            record: visit.record.clone(),
            party: visit.party,
            day: visit.day,
            received_ms: received.get(visit.record.as_str()).copied().unwrap_or_default(),
            first_ms: first.get(visit.record.as_str()).copied(),
        })
        .collect();
    let answers = Party::ALL.map(|party| figures::first_answer(party, as_of, &answer_facts, calendar)).into();
    Ok(Counted { figures, visits: [visits, banners].concat(), cases, register, answers })
}

/// The site's id; an enterprise outside of the register counts by its name.
fn site_of(row: &VisitRow) -> &str {
    if row.site.is_empty() { &row.site_name } else { &row.site }
}

/// The word of the form's `party` question.
#[must_use]
pub fn party(word: &str) -> Option<Party> {
    Party::ALL.into_iter().find(|party| party.key() == word)
}

/// What a utility company supplies, by its name: the register of units has no field for it yet.
fn utility(name: &str) -> Option<Utility> {
    if name.contains('水') {
        Some(Utility::Water)
    } else if name.contains('暖') || name.contains('热') {
        Some(Utility::Heating)
    } else if name.contains('气') {
        Some(Utility::Gas)
    } else {
        None
    }
}

fn read_case(r: &dyn Row) -> Result<(Case, String, i64), E> {
    Ok((opened("case", &r.blob(0)?)?, r.text(1)?, r.int(2)?))
}

/// The moves that had taken effect before a moment, of the cases that have changed since: each with its time, oldest
/// first. Only they stood otherwise then than now.
fn moves_by(
    tx: &mut dyn Tx,
    tenant: &str,
    campaign: &str,
    end_ms: i64,
) -> Result<BTreeMap<String, Vec<(i64, Move)>>, E> {
    let lines = tx.all(
        "SELECT h.casefile, h.hub_ms, h.body FROM casefile c
         JOIN case_history h ON h.tenant = c.tenant AND h.casefile = c.id
         WHERE c.tenant = $1 AND c.campaign = $2 AND c.changed_ms >= $3
           AND h.hub_ms < $3 AND h.st = 'applied' AND h.what NOT IN ('report', 'note')
         ORDER BY h.casefile, h.seq",
        &[V::T(tenant), V::T(campaign), V::I(end_ms)],
        |r| {
            let body: MoveBody = opened("move", &r.blob(2)?)?;
            let mv: Move =
                serde_json::from_str(body.mv.get()).map_err(|_| E::Damaged("a move in a history".into()))?;
            Ok((r.text(0)?, (r.int(1)?, mv)))
        },
    )?;
    let mut by_case: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (case, line) in lines {
        by_case.entry(case).or_default().push(line);
    }
    Ok(by_case)
}
