//! The ledger of visits (走访台账), and single records.

use std::collections::BTreeMap;

use super::{Listed, Query, Sees, count_of, limit_of};
use crate::store::{E, Row, Tx, V};

/// Which visits a list shows. Empty texts ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitFilter {
    /// Words that must all occur in the enterprise's name, the visitor's name or the answers.
    pub text: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// District's code.
    pub district: String,
    /// `leaders`, `districts`, `utilities`, `departments`: the words of the form.
    pub party: String,
    /// Campaign's id.
    pub campaign: String,
    /// A record's kind; `visit` for the ledger of visits.
    pub kind: String,
    /// One record by its id.
    pub id: String,
}

/// A record with what its form's marks say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The record.
    pub id: String,
    /// Day of the visit: as the form says, else when it was finalized.
    pub day: String,
    /// The site's id, if it is in the register.
    pub site: String,
    /// The enterprise's name: from the register, else as written.
    pub site_name: String,
    /// Who synced it.
    pub person: String,
    /// Their unit.
    pub unit: String,
    /// Their unit's name.
    pub unit_name: String,
    /// Campaign's id.
    pub campaign: String,
    /// Form's title or id, kind, version.
    pub form: String,
    /// What the form is for.
    pub kind: String,
    /// What the form's instance calls itself.
    pub name: String,
    /// When the hub had it, ms.
    pub received_ms: i64,
    /// Answers by meaning, outside of repeats.
    pub facts: BTreeMap<String, String>,
    /// Replaced by a later version of its author's.
    pub replaced: bool,
}

impl VisitRow {
    /// An answer by its meaning; empty if there is none.
    #[must_use]
    pub fn fact(&self, word: &str) -> &str {
        self.facts.get(word).map_or("", String::as_str)
    }
}

/// The day of a visit: as its form says, else when it was finalized.
macro_rules! day {
    () => {
        "COALESCE((SELECT MAX(v.value) FROM fact v WHERE v.tenant = r.tenant AND v.record = r.id AND v.nth = 0
             AND v.word = 'visited_on' AND v.value <> ''), r.day)"
    };
}

macro_rules! conditions {
    () => {
        concat!(
            " FROM record r
          LEFT JOIN site s ON s.tenant = r.tenant AND s.id = r.site
          LEFT JOIN unit u ON u.tenant = r.tenant AND u.id = r.unit
          LEFT JOIN form f ON f.tenant = r.tenant AND f.form = r.form AND f.version = r.version
          WHERE r.tenant = $1
            AND ($2 = '' OR r.district = '' OR $2 LIKE '%,' || r.district || ',%')
            AND ($3 = 0 OR r.unit = $4 OR r.person = $5)
            AND (r.search || ' ' || COALESCE(s.name, '')) LIKE $6 ESCAPE '\\'
            AND (r.search || ' ' || COALESCE(s.name, '')) LIKE $7 ESCAPE '\\'
            AND (r.search || ' ' || COALESCE(s.name, '')) LIKE $8 ESCAPE '\\'
            AND (r.search || ' ' || COALESCE(s.name, '')) LIKE $9 ESCAPE '\\'
            AND ($10 = '' OR ",
            day!(),
            " >= $10) AND ($11 = '' OR ",
            day!(),
            " <= $11)
            AND ($12 = '' OR r.district = $12) AND ($13 = '' OR r.campaign = $13)
            AND ($14 = '' OR EXISTS (SELECT 1 FROM fact t WHERE t.tenant = r.tenant AND t.record = r.id
                                     AND t.word = 'party' AND t.value = $14))
            AND ($15 = '' OR r.kind = $15) AND ($16 = '' OR r.id = $16)
            AND (r.replaced_by = '' OR $16 <> '') "
        )
    };
}

const COUNT: &str = concat!("SELECT COUNT(*)", conditions!());
const LIST: &str = concat!(
    "SELECT r.id, ",
    day!(),
    ", r.site, COALESCE(s.name, ''), r.person_name, r.unit, COALESCE(u.name, ''), r.campaign,
            COALESCE(f.title, r.form), r.kind, r.name, r.received_ms, r.replaced_by",
    conditions!(),
    "ORDER BY 2 DESC, r.received_ms DESC, r.id LIMIT $17 OFFSET $18"
);
const FACTS: &str = concat!(
    "SELECT t.record, t.word, t.value FROM fact t
     WHERE t.tenant = $1 AND t.nth = 0 AND t.record IN (SELECT r.id",
    conditions!(),
    "ORDER BY ",
    day!(),
    " DESC, r.received_ms DESC, r.id LIMIT $17 OFFSET $18) ORDER BY t.record, t.ord"
);

/// A page of what a filter finds, newest first.
///
/// # Errors
/// [`E`] of the store.
pub fn list(
    tx: &mut dyn Tx,
    sees: &Sees,
    filter: &VisitFilter,
    (skip, most): (usize, usize),
) -> Result<Listed<VisitRow>, E> {
    let query = Query::of(sees, &filter.text);
    let params = &query.params(&[
        V::T(&filter.from),
        V::T(&filter.to),
        V::T(&filter.district),
        V::T(&filter.campaign),
        V::T(&filter.party),
        V::T(&filter.kind),
        V::T(&filter.id),
        V::I(limit_of(most)),
        V::I(limit_of(skip)),
    ]);
    let total = tx.one(COUNT, params, |r| r.int(0))?;
    let mut rows = tx.all(LIST, params, read)?;
    let mut facts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (record, word, value) in tx.all(FACTS, params, |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)))? {
        facts.entry(record).or_default().entry(word).or_insert(value);
    }
    for row in &mut rows {
        row.facts = facts.remove(&row.id).unwrap_or_default();
        if row.site_name.is_empty() {
            row.site_name = row.fact("site.name").to_owned();
        }
        if row.site_name.is_empty() {
            row.site_name.clone_from(&row.name);
        }
    }
    Ok(Listed { rows, total: count_of(total.unwrap_or(0)) })
}

/// One record, if the reader may see it.
///
/// # Errors
/// [`E`] of the store.
pub fn one(tx: &mut dyn Tx, sees: &Sees, id: &str) -> Result<Option<VisitRow>, E> {
    if id.is_empty() {
        return Ok(None);
    }
    let filter = VisitFilter { id: id.to_owned(), ..VisitFilter::default() };
    Ok(list(tx, sees, &filter, (0, 1))?.rows.pop())
}

fn read(r: &dyn Row) -> Result<VisitRow, E> {
    Ok(VisitRow {
        id: r.text(0)?,
        day: r.text(1)?,
        site: r.text(2)?,
        site_name: r.text(3)?,
        person: r.text(4)?,
        unit: r.text(5)?,
        unit_name: r.text(6)?,
        campaign: r.text(7)?,
        form: r.text(8)?,
        kind: r.text(9)?,
        name: r.text(10)?,
        received_ms: r.int(11)?,
        facts: BTreeMap::new(),
        replaced: !r.text(12)?.is_empty(),
    })
}

/// A fact of a record, in the order of its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Its meaning.
    pub word: String,
    /// Its repeat instance, 0 outside of one.
    pub nth: i64,
    /// The answer.
    pub value: String,
}

/// All facts of a record.
///
/// # Errors
/// [`E`] of the store.
pub fn facts(tx: &mut dyn Tx, tenant: &str, record: &str) -> Result<Vec<FactRow>, E> {
    tx.all(
        "SELECT word, nth, value FROM fact WHERE tenant = $1 AND record = $2 ORDER BY ord",
        &[V::T(tenant), V::T(record)],
        |r| Ok(FactRow { word: r.text(0)?, nth: r.int(1)?, value: r.text(2)? }),
    )
}

/// Cases by the record that reported them: record, case, number, description.
///
/// # Errors
/// [`E`] of the store.
pub fn cases_of(tx: &mut dyn Tx, tenant: &str) -> Result<BTreeMap<String, Vec<CaseLink>>, E> {
    let mut by_record: BTreeMap<String, Vec<CaseLink>> = BTreeMap::new();
    let rows = tx.all(
        "SELECT record, id, number, description FROM casefile WHERE tenant = $1 AND record <> ''
         ORDER BY record, nth",
        &[V::T(tenant)],
        |r| Ok((r.text(0)?, CaseLink { id: r.text(1)?, number: r.text(2)?, description: r.text(3)? })),
    )?;
    for (record, link) in rows {
        by_record.entry(record).or_default().push(link);
    }
    Ok(by_record)
}

/// A case, as a list of visits names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLink {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// What was seen or said.
    pub description: String,
}
