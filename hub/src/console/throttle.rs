//! Sign-in attempts: five are free, then each costs a wait that doubles, up to fifteen minutes. Never for good.

use crate::store::{E, Tx, V};

const FREE: i64 = 5;
pub(super) const LONGEST_MS: i64 = 15 * 60 * 1000;

/// How long this account or address must still wait, ms; 0: not at all.
pub(super) fn wait_ms(tx: &mut dyn Tx, tenant: &str, who: &str, now_ms: i64) -> Result<i64, E> {
    let until = tx.one(
        "SELECT until_ms FROM throttle WHERE tenant = $1 AND who = $2",
        &[V::T(tenant), V::T(who)],
        |r| r.int(0),
    )?;
    Ok((until.unwrap_or(0) - now_ms).max(0))
}

/// Counts a failure and returns how many there were. Failures are forgotten an hour after the last wait ended.
pub(super) fn failed(tx: &mut dyn Tx, tenant: &str, who: &str, now_ms: i64) -> Result<i64, E> {
    let before = tx.one(
        "SELECT failures FROM throttle WHERE tenant = $1 AND who = $2 AND until_ms > $3",
        &[V::T(tenant), V::T(who), V::I(now_ms - 3_600_000)],
        |r| r.int(0),
    )?;
    let failures = before.unwrap_or(0) + 1;
    let until = now_ms + wait_after(failures);
    tx.exec(
        "INSERT INTO throttle (tenant, who, failures, until_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, who) DO UPDATE SET failures = excluded.failures, until_ms = excluded.until_ms",
        &[V::T(tenant), V::T(who), V::I(failures), V::I(until)],
    )?;
    Ok(failures)
}

/// A right password forgets the account's failures.
pub(super) fn forget(tx: &mut dyn Tx, tenant: &str, who: &str) -> Result<(), E> {
    tx.exec("DELETE FROM throttle WHERE tenant = $1 AND who = $2", &[V::T(tenant), V::T(who)])?;
    Ok(())
}

/// 0 for the first five, then 2, 4, 8 … seconds.
pub(super) fn wait_after(failures: i64) -> i64 {
    match u32::try_from(failures - FREE) {
        Ok(over @ 1..=10) => (1000_i64 << over).min(LONGEST_MS),
        Ok(0) | Err(_) => 0,
        Ok(_) => LONGEST_MS,
    }
}

/// What remains free.
pub(super) fn left(failures: i64) -> i64 {
    (FREE - failures).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_free_then_the_wait_doubles_to_fifteen_minutes() {
        let waits: Vec<i64> = [1, 5, 6, 7, 8, 14, 15, 99].map(wait_after).into();
        assert_eq!(waits, [0, 0, 2000, 4000, 8000, 512_000, 900_000, 900_000]);
    }
}
