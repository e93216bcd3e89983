//! The city's catalogues and calendar as casework wants them, parsed once and not for each op.

use std::sync::{Arc, PoisonError, RwLock};

use xuncha_casework::case::Policy;
use xuncha_casework::{Calendar, Catalogue, Rules};

use crate::store::{E, Tx, V};

/// The rules of the city, parsed; read anew when another catalogue or calendar was imported.
#[derive(Default)]
pub struct RulesCache(RwLock<Option<(String, Arc<Rules>)>>);

/// Monday to Friday, until the city imports its own calendar. Its id says so in every deadline's explanation.
const NO_CALENDAR: &str = r#"{"id":"none-imported","version":1,"zone":"Asia/Shanghai","offset_minutes":480,
    "office_hours":[["08:00","12:00"],["14:00","18:00"]],"weekdays":[1,2,3,4,5]}"#;

impl RulesCache {
    /// Reads anew at the next use.
    pub fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The rules as they are now.
    ///
    /// # Errors
    /// [`E::Damaged`] if what is stored no longer reads as it did when it was imported.
    pub fn load(&self, tx: &mut dyn Tx, tenant: &str) -> Result<Arc<Rules>, E> {
        let count = tx.one(
            "SELECT COUNT(*), COALESCE(MAX(imported_ms), 0), CAST(COALESCE(SUM(version), 0) AS BIGINT)
             FROM rulebook WHERE tenant = $1",
            &[V::T(tenant)],
            |r| Ok((r.int(0)?, r.int(1)?, r.int(2)?)),
        )?;
        let stamp = format!("{tenant} {count:?}");
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, rules)) = known
            && at == stamp
        {
            return Ok(rules);
        }
        let rules = Arc::new(read(tx, tenant)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((stamp, Arc::clone(&rules)));
        Ok(rules)
    }
}

fn read(tx: &mut dyn Tx, tenant: &str) -> Result<Rules, E> {
    let books = tx.all(
        "SELECT kind, body FROM rulebook WHERE tenant = $1 ORDER BY kind, imported_ms, id, version",
        &[V::T(tenant)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )?;
    let damaged = |what: &'static str| move |_| E::Damaged(what.into());
    let mut catalogues = Vec::new();
    let mut calendar = None;
    for (kind, body) in &books {
        match kind.as_str() {
            "catalogue" => {
                catalogues.push(Catalogue::parse(body).map_err(|_| E::Damaged("catalogue".into()))?)
            }
            _ => calendar = Some(Calendar::parse(body).map_err(|_| E::Damaged("calendar".into()))?),
        }
    }
    let calendar = match calendar {
        Some(calendar) => calendar,
        None => Calendar::parse(NO_CALENDAR).map_err(damaged("the built-in calendar"))?,
    };
    Ok(Rules { catalogues, calendar, policy: Policy::default() })
}
