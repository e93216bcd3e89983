//! Open cases of the same category close to a case: what may be the same problem reported twice.

use xuncha_casework::places::distance_m;

use super::cases::{self, By, CaseFilter, CaseRow, Order, StateFilter};
use super::{Sees, words};
use crate::store::{E, Tx};

/// Within how many metres two reports may be one problem.
pub const REACH_M: f64 = 30.0;
/// Most open cases of a category that are compared.
const COMPARED: usize = 2_000;

/// Another open case and how far it is, in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The other case.
    pub row: CaseRow,
    /// Metres between the two reported positions.
    pub metres: f64,
}

/// Open cases of the same category within [`REACH_M`], nearest first. Without position or category: none.
///
/// # Errors
/// [`E`] of the store.
pub fn of(tx: &mut dyn Tx, sees: &Sees, row: &CaseRow, now_ms: i64) -> Result<Vec<Near>, E> {
    let (Some(here), Some(category)) = (&row.case.position, &row.case.category) else {
        return Ok(Vec::new());
    };
    let filter =
        CaseFilter { state: StateFilter::Open, category: words::key_text(category), ..CaseFilter::default() };
    let open = cases::list(tx, sees, &filter, Order::Up(By::Reported), now_ms, (0, COMPARED))?.rows;
    let mut near: Vec<Near> = open
        .into_iter()
        .filter(|other| other.case.id != row.case.id)
        .filter_map(|other| {
            let metres = distance_m(here.wgs84(), other.case.position.as_ref()?.wgs84());
            (metres <= REACH_M).then_some(Near { row: other, metres })
        })
        .collect();
    near.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    Ok(near)
}
