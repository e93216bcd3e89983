//! Who did what at the hub: chained rows, so that a line can't be taken out unseen.

use sha2::{Digest, Sha256};

use crate::store::{E, Tx, V};

/// Adds a row. `detail` holds no answer, name or coordinate.
///
/// # Errors
/// [`E`] of the store.
pub fn write(
    tx: &mut dyn Tx,
    tenant: &str,
    now_ms: i64,
    person: &str,
    what: &str,
    about: &str,
    detail: &str,
) -> Result<(), E> {
    let last = tx.one(
        "SELECT seq, hash FROM audit WHERE tenant = $1 ORDER BY seq DESC LIMIT 1",
        &[V::T(tenant)],
        |r| Ok((r.int(0)?, r.blob(1)?)),
    )?;
    let (seq, prev) = last.unwrap_or((0, Vec::new()));
    let seq = seq + 1;
    let hash = row_hash(&prev, seq, now_ms, &[person, what, about, detail]);
    tx.exec(
        "INSERT INTO audit (tenant, seq, at_ms, person, what, about, detail, prev, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            V::T(tenant),
            V::I(seq),
            V::I(now_ms),
            V::T(person),
            V::T(what),
            V::T(about),
            V::T(detail),
            V::B(&prev),
            V::B(&hash),
        ],
    )?;
    Ok(())
}

fn row_hash(prev: &[u8], seq: i64, at_ms: i64, texts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"xuncha-audit-v1\0");
    hash.update(prev);
    hash.update(seq.to_be_bytes());
    hash.update(at_ms.to_be_bytes());
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// The first row at which the chain is broken, if it is.
///
/// # Errors
/// [`E`] of the store.
pub fn broken_at(tx: &mut dyn Tx, tenant: &str) -> Result<Option<i64>, E> {
    let rows = tx.all(
        "SELECT seq, at_ms, person, what, about, detail, prev, hash FROM audit WHERE tenant = $1 ORDER BY seq",
        &[V::T(tenant)],
        |r| {
            let texts = [r.text(2)?, r.text(3)?, r.text(4)?, r.text(5)?];
            Ok((r.int(0)?, r.int(1)?, texts, r.blob(6)?, r.blob(7)?))
        },
    )?;
    let mut before = Vec::new();
    for (expected, (seq, at_ms, texts, prev, hash)) in (1..).zip(rows) {
        let [a, b, c, d] = &texts;
        let right = row_hash(&prev, seq, at_ms, &[a, b, c, d]);
        if seq != expected || prev != before || hash != right {
            return Ok(Some(expected));
        }
        before = hash;
    }
    Ok(None)
}
