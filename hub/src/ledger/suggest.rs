//! Who may have to handle a case, with the facts that say so: what the reporter named, and who got the same kind lately.

use xuncha_wire::body::CaseReport;

use super::cases::CaseRow;
use super::people::PersonRow;
use super::{opened, people, words};
use crate::store::{E, Tx, V};

/// A person who may handle it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Who.
    pub person: PersonRow,
    /// The facts behind it, a sentence each.
    pub why: Vec<String>,
}

/// How many of the latest dispatches of a kind are looked at.
const LATEST: i64 = 50;

/// Those of the same kind (category, else topic) that were dispatched lately: person, times.
const SAME_KIND: &str = "SELECT person, COUNT(*) AS times FROM (
        SELECT person FROM casefile
        WHERE tenant = $1 AND person <> '' AND id <> $2
          AND (($3 <> '' AND category = $3) OR ($3 = '' AND $4 <> '' AND topic = $4))
        ORDER BY dispatched_ms DESC LIMIT $5) AS latest
    GROUP BY person ORDER BY times DESC, person";

/// The suggestion for a case, if there are facts for one. `handlers`: who may handle at all.
///
/// # Errors
/// [`E`] of the store.
pub fn of(
    tx: &mut dyn Tx,
    tenant: &str,
    row: &CaseRow,
    handlers: &[PersonRow],
) -> Result<Option<Suggestion>, E> {
    let case = &row.case;
    let category = case.category.as_ref().map(words::key_text).unwrap_or_default();
    let topic = case.topic.clone().unwrap_or_default();
    let params = [V::T(tenant), V::T(case.id.as_str()), V::T(&category), V::T(&topic), V::I(LATEST)];
    let times = tx.all(SAME_KIND, &params, |r| Ok((r.text(0)?, r.int(1)?)))?;
    let all: i64 = times.iter().map(|(_, n)| n).sum();
    let done = |person: &PersonRow| times.iter().find(|(id, _)| *id == person.id).map_or(0, |(_, n)| *n);
    let mut why = Vec::new();
    let named = reported_unit(tx, tenant, case.id.as_str())?;
    let mut who: Vec<&PersonRow> = handlers.iter().filter(|p| p.unit == named).collect();
    if who.is_empty() {
        who = handlers.iter().filter(|p| done(p) > 0).collect();
    } else {
        why.push(format!("上报时填的是{}", people::unit_name(tx, tenant, &named)?));
    }
    who.sort_by_key(|p| std::cmp::Reverse(done(p)));
    let Some(first) = who.first() else { return Ok(None) };
    match (done(first), why.is_empty()) {
        (0, _) if who.len() > 1 => return Ok(None),
        (0, _) => why.push(format!("这个单位办案卷的只有{}", first.name)),
        (n, _) if n == all => {
            why.push(format!("同类案卷最近派遣的{all}件都派给{} {}", first.unit_name, first.name));
        }
        (n, _) => {
            why.push(format!("同类案卷最近派遣的{all}件中，{n}件派给{} {}", first.unit_name, first.name))
        }
    }
    Ok(Some(Suggestion { person: (*first).clone(), why }))
}

/// The unit that the reporter named; empty if none.
fn reported_unit(tx: &mut dyn Tx, tenant: &str, case: &str) -> Result<String, E> {
    let stored = tx.one(
        "SELECT body FROM case_history WHERE tenant = $1 AND casefile = $2 AND what = 'report' AND st = 'applied'",
        &[V::T(tenant), V::T(case)],
        |r| r.blob(0),
    )?;
    let Some(stored) = stored else { return Ok(String::new()) };
    Ok(opened::<CaseReport>("report", &stored)?.unit)
}
