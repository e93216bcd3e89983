//! The dispatch desk: what a dispatcher has done since a moment, and what the desk still owes ([`DeskDue`]).

mod due;

pub use due::DeskDue;
use xuncha_casework::{Calendar, format};

use crate::store::{E, Tx, V};

/// Steps that took effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// Cases filed, dispatched, or not filed.
    pub cases: i64,
    /// Cases filed.
    pub filed: i64,
    /// From report to filing, all of these together, ms.
    pub waited_ms: i64,
    /// The last step, ms; 0: none.
    pub last_ms: i64,
}

/// What this person did at the desk since `from_ms`.
///
/// # Errors
/// [`E`] of the store.
pub fn since(tx: &mut dyn Tx, tenant: &str, person: &str, from_ms: i64) -> Result<Worked, E> {
    let found = tx.one(
        "SELECT COUNT(DISTINCT h.casefile), COALESCE(SUM(CASE WHEN h.what = 'accept' THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN h.what = 'accept' THEN h.hub_ms - c.reported_ms ELSE 0 END), 0),
                COALESCE(MAX(h.hub_ms), 0)
         FROM case_history h JOIN casefile c ON c.tenant = h.tenant AND c.id = h.casefile
         WHERE h.tenant = $1 AND h.person = $2 AND h.st = 'applied' AND h.hub_ms >= $3
           AND h.what IN ('accept', 'reject', 'dispatch')",
        &[V::T(tenant), V::T(person), V::I(from_ms)],
        |r| Ok(Worked { cases: r.int(0)?, filed: r.int(1)?, waited_ms: r.int(2)?, last_ms: r.int(3)? }),
    )?;
    Ok(found.unwrap_or_default())
}

impl Worked {
    /// `今日已办41件，平均受理8分钟`; empty if nothing was done.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.cases == 0 {
            return String::new();
        }
        if self.filed == 0 {
            return format!("今日已办{}件", self.cases);
        }
        let average = (self.waited_ms / self.filed / 60_000).max(0);
        let average = if average < 60 {
            format!("{average}分钟")
        } else {
            format!("{}小时{}分", average / 60, average % 60)
        };
        format!("今日已办{}件，从上报到立案平均{average}", self.cases)
    }

    /// What an empty desk says.
    #[must_use]
    pub fn empty(&self, now_ms: i64, calendar: &Calendar) -> String {
        if self.last_ms == 0 {
            return "都办完了。新上报的问题会出现在这里。".to_owned();
        }
        format!("都办完了。最近一件{}。", format::near(self.last_ms, now_ms, calendar))
    }
}
