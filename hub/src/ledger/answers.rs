//! When the handling units first answered what a campaign's records raised.

use std::collections::BTreeMap;

use crate::store::{E, Tx, V};

/// By record: the first word of a person of the unit that handles one of its problems, since that unit was given it, ms.
///
/// # Errors
/// [`E`] of the store.
pub fn first(tx: &mut dyn Tx, tenant: &str, campaign: &str) -> Result<BTreeMap<String, i64>, E> {
    let rows = tx.all(
        "SELECT c.record, MIN(h.hub_ms)
         FROM casefile c
         JOIN case_history h ON h.tenant = c.tenant AND h.casefile = c.id
         JOIN person p ON p.tenant = h.tenant AND p.id = h.person
         WHERE c.tenant = $1 AND c.campaign = $2 AND c.unit <> '' AND p.unit = c.unit AND h.st = 'applied'
           AND h.what IN ('receive', 'note', 'supplement', 'request_extension', 'request_suspension', 'rectify')
           AND h.hub_ms >= c.dispatched_ms
         GROUP BY c.record ORDER BY c.record",
        &[V::T(tenant), V::T(campaign)],
        |r| Ok((r.text(0)?, r.int(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}
