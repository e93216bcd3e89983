//! The ledger of problems (问题台账): filter, sort, page.

mod order;
mod text;

pub use order::{By, Order};
use xuncha_casework::{Case, State};

use super::{Listed, Query, Sees, count_of, limit_of, opened};
use crate::store::{E, Row, Tx, V};

/// Which cases a list shows. Empty texts and zeros ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Words that must all occur in number, place, enterprise or description.
    pub text: String,
    /// Reported at or after, ms.
    pub from_ms: i64,
    /// Reported before, ms.
    pub until_ms: i64,
    /// District's code.
    pub district: String,
    /// `standard|kind|code`.
    pub category: String,
    /// Responsible unit's id.
    pub unit: String,
    /// Where it stands.
    pub state: StateFilter,
    /// Due at or after, ms, while its clock runs.
    pub due_from_ms: i64,
    /// Due before, ms, while its clock runs.
    pub due_until_ms: i64,
    /// Campaign's id.
    pub campaign: String,
    /// Sent back at least once by its verifier.
    pub reworked: bool,
    /// An extension or suspension is asked for.
    pub asked: bool,
    /// These cases only, by their ids; none named: all.
    pub only: Vec<String>,
}

/// Where a case stands, as the ledger's filter offers it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Everything.
    #[default]
    All,
    /// 未结: neither closed nor rejected.
    Open,
    /// 超期: open, its clock runs and has run out.
    Overdue,
    /// 待派遣, also after it was sent back.
    ToDispatch,
    /// What the dispatch desk has before it: 待受理 and 待派遣.
    Desk,
    /// Exactly this one.
    Exactly(State),
}

impl StateFilter {
    /// From a form's value; unknown ones ask for nothing.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "open" => Self::Open,
            "overdue" => Self::Overdue,
            "to_dispatch" => Self::ToDispatch,
            "desk" => Self::Desk,
            word => State::ALL.into_iter().find(|s| state_word(*s) == word).map_or(Self::All, Self::Exactly),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::ToDispatch => "to_dispatch",
            Self::Desk => "desk",
            Self::Exactly(state) => state_word(state),
        }
    }
}

/// The state's word in the store and in addresses.
#[must_use]
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Reported => "reported",
        State::Accepted => "accepted",
        State::Dispatched => "dispatched",
        State::Rectified => "rectified",
        State::Verified => "verified",
        State::SentBack => "sent_back",
        State::Suspended => "suspended",
        State::Closed => "closed",
        State::Rejected => "rejected",
    }
}

/// A case of the list. What the list shows of it is in the case itself.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// The kind of the record that reported it: `visit`, `street`, …; empty if none is here.
    pub source_kind: String,
    /// The enterprise or other site's name.
    pub site: String,
    /// District's name; its code where the office has not named it.
    pub district: String,
    /// The reporter's name.
    pub reporter: String,
    /// When the hub had the last step, ms.
    pub changed_ms: i64,
}

impl CaseRow {
    /// The ledger's number; the id where the hub gave none.
    #[must_use]
    pub fn number(&self) -> &str {
        self.case.number.as_deref().unwrap_or(self.case.id.as_str())
    }

    /// The place in words: as reported, else the site's name.
    #[must_use]
    pub fn place(&self) -> &str {
        self.case.place.as_deref().filter(|place| !place.is_empty()).unwrap_or(&self.site)
    }
}

/// How many cases a filter finds.
///
/// # Errors
/// [`E`] of the store.
pub fn count(tx: &mut dyn Tx, sees: &Sees, filter: &CaseFilter, now_ms: i64) -> Result<usize, E> {
    if filter.asked {
        return Ok(asked(tx, sees, filter, now_ms)?.len());
    }
    let n = with_params(sees, filter, now_ms, (0, 0), |params| tx.one(text::COUNT, params, |r| r.int(0)))?;
    Ok(count_of(n.unwrap_or(0)))
}

/// A page of what a filter finds.
///
/// # Errors
/// [`E`] of the store.
pub fn list(
    tx: &mut dyn Tx,
    sees: &Sees,
    filter: &CaseFilter,
    order: Order,
    now_ms: i64,
    (skip, most): (usize, usize),
) -> Result<Listed<CaseRow>, E> {
    if filter.asked {
        let all = asked(tx, sees, filter, now_ms)?;
        let total = all.len();
        return Ok(Listed { rows: all.into_iter().skip(skip).take(most).collect(), total });
    }
    let total = count(tx, sees, filter, now_ms)?;
    let rows =
        with_params(sees, filter, now_ms, (skip, most), |params| tx.all(text::page(order), params, read))?;
    Ok(Listed { rows, total })
}

/// Whether something is asked for stands in the body only; cases under way are few.
fn asked(tx: &mut dyn Tx, sees: &Sees, filter: &CaseFilter, now_ms: i64) -> Result<Vec<CaseRow>, E> {
    let filter =
        CaseFilter { state: StateFilter::Exactly(State::Dispatched), asked: false, ..filter.clone() };
    let mut all = with_params(sees, &filter, now_ms, (0, super::EXPORT), |params| {
        tx.all(text::page(Order::Up(By::Due)), params, read)
    })?;
    all.retain(|row| row.case.asked.is_some());
    Ok(all)
}

/// One case, if the reader may see it.
///
/// # Errors
/// [`E`] of the store.
pub fn one(tx: &mut dyn Tx, sees: &Sees, id: &str) -> Result<Option<CaseRow>, E> {
    let filter = CaseFilter { only: vec![id.to_owned()], ..CaseFilter::default() };
    if id.is_empty() {
        return Ok(None);
    }
    Ok(list(tx, sees, &filter, Order::Up(By::Number), 0, (0, 1))?.rows.pop())
}

fn with_params<T>(
    sees: &Sees,
    filter: &CaseFilter,
    now_ms: i64,
    (skip, most): (usize, usize),
    run: impl FnOnce(&[V<'_>]) -> Result<T, E>,
) -> Result<T, E> {
    let query = Query::of(sees, &filter.text);
    let only: String = filter.only.iter().map(|id| format!(",{id},")).collect();
    run(&query.params(&[
        V::I(filter.from_ms),
        V::I(filter.until_ms),
        V::T(&filter.district),
        V::T(&filter.category),
        V::T(&filter.unit),
        V::T(filter.state.word()),
        V::I(now_ms),
        V::I(filter.due_from_ms),
        V::I(filter.due_until_ms),
        V::T(&filter.campaign),
        V::I(i64::from(filter.reworked)),
        V::T(&only),
        V::I(limit_of(most)),
        V::I(limit_of(skip)),
    ]))
}

fn read(row: &dyn Row) -> Result<CaseRow, E> {
    let mut case: Case = opened("case", &row.blob(0)?)?;
    let number = row.text(5)?;
    if !number.is_empty() {
        case.number = Some(number);
    }
    Ok(CaseRow {
        case,
        source_kind: row.text(1)?,
        site: row.text(2)?,
        district: row.text(3)?,
        reporter: row.text(4)?,
        changed_ms: row.int(6)?,
    })
}

/// What the ledger's filters offer: values that occur, each with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    /// Districts: code and name.
    pub districts: Vec<(String, String)>,
    /// Categories, `standard|kind|code`.
    pub categories: Vec<String>,
    /// Units: id and name.
    pub units: Vec<(String, String)>,
}

/// What the filters offer to this reader.
///
/// # Errors
/// [`E`] of the store.
pub fn offered(tx: &mut dyn Tx, sees: &Sees) -> Result<Offered, E> {
    let params = &sees.params();
    let districts = tx.all(text::DISTRICTS, params, |r| Ok((r.text(0)?, r.text(1)?)))?;
    let categories = tx.all(text::CATEGORIES, params, |r| r.text(0))?;
    let units = tx.all(text::UNITS, params, |r| Ok((r.text(0)?, r.text(1)?)))?;
    Ok(Offered { districts, categories, units })
}
