//! Verdicts in words and in rows.

use xuncha_casework::Refusal;
use xuncha_wire::push::Verdict;

use crate::store::{E, Tx, V};

/// Refused, with a sentence of the hub's own.
pub fn refused(why: &str, zh: &str, en: &str) -> Verdict {
    Verdict::Refused { why: why.into(), zh: zh.into(), en: en.into(), head: None, state: None }
}

/// Quarantined, with a sentence.
pub fn quarantined(why: &str, zh: &str, en: &str) -> Verdict {
    Verdict::Quarantined { why: why.into(), zh: zh.into(), en: en.into() }
}

/// A body that can't be read as what the op says it is.
pub fn bad_body() -> Verdict {
    refused(
        "bad_body",
        "平台读不懂这条内容，没有生效。内容在本机和平台都保留着。请升级应用后重新提交，或联系管理员。",
        "The hub can't read this, so it had no effect. It is kept on the phone and at the hub. Update the app or \
         ask the administrator.",
    )
}

/// Another op already made the entity of this id.
pub fn taken() -> Verdict {
    refused(
        "id_taken",
        "同一编号已有另一条内容，这条没有生效。两条都保留着。请联系管理员。",
        "Another entry already has this id, so this one had no effect. Both are kept. Ask the administrator.",
    )
}

/// The author may no longer write to the district.
pub fn scope_lost() -> Verdict {
    quarantined(
        "scope_lost",
        "平台收到了，代为保管：这个区现在不归你，等管理员处理。内容没有丢。",
        "The hub has it and keeps it: this district is not yours now. The administrator decides; nothing is lost.",
    )
}

/// Bytes that the phone could not push, or the hub could not read.
pub fn in_custody() -> Verdict {
    quarantined(
        "custody",
        "平台收下了这条，但读不了，等管理员处理。内容没有丢。",
        "The hub keeps this but can't read it; an administrator will look. Nothing is lost.",
    )
}

/// What casework says, as a verdict: its stable word and its sentence.
pub fn of_refusal(refusal: &Refusal, why: Option<&str>) -> Verdict {
    let tag = serde_json::to_value(refusal).ok();
    let tag = tag.as_ref().and_then(|v| v.get("type")).and_then(|t| t.as_str()).unwrap_or("not_allowed");
    let words = refusal.words();
    Verdict::Refused {
        why: why.unwrap_or(tag).to_owned(),
        zh: words.zh,
        en: words.en,
        head: None,
        state: None,
    }
}

/// A verdict's columns: st, why, zh, en, head, state.
pub fn columns(verdict: &Verdict) -> (&'static str, &str, &str, &str, String, String) {
    match verdict {
        Verdict::Applied => ("applied", "", "", "", String::new(), String::new()),
        Verdict::Duplicate => ("duplicate", "", "", "", String::new(), String::new()),
        Verdict::Retry => ("retry", "", "", "", String::new(), String::new()),
        Verdict::Refused { why, zh, en, head, state } => {
            let head = head.map(|h| h.to_string()).unwrap_or_default();
            ("refused", why, zh, en, head, state.clone().unwrap_or_default())
        }
        Verdict::Quarantined { why, zh, en } => ("quarantined", why, zh, en, String::new(), String::new()),
    }
}

/// The verdict of its columns.
pub fn from_columns(st: &str, why: String, zh: String, en: String, head: &str, state: String) -> Verdict {
    match st {
        "refused" => Verdict::Refused {
            why,
            zh,
            en,
            head: head.parse().ok(),
            state: Some(state).filter(|s| !s.is_empty()),
        },
        "quarantined" => Verdict::Quarantined { why, zh, en },
        _ => Verdict::Applied,
    }
}

/// The verdict that an op has already, if it was judged.
///
/// # Errors
/// [`E`] of the store.
pub fn of_op(tx: &mut dyn Tx, tenant: &str, op: &str) -> Result<Option<Verdict>, E> {
    tx.one(
        "SELECT st, why, zh, en, head, state FROM op_verdict WHERE tenant = $1 AND op = $2",
        &[V::T(tenant), V::T(op)],
        |r| Ok(from_columns(&r.text(0)?, r.text(1)?, r.text(2)?, r.text(3)?, &r.text(4)?, r.text(5)?)),
    )
}

/// Writes an op's verdict, in the transaction of its effect.
///
/// # Errors
/// [`E::Constraint`] if it has one already: then the effect must not happen again.
pub fn put(
    tx: &mut dyn Tx,
    tenant: &str,
    op: &str,
    person: &str,
    verdict: &Verdict,
    now_ms: i64,
    by: &str,
) -> Result<(), E> {
    let (st, why, zh, en, head, state) = columns(verdict);
    tx.exec(
        "INSERT INTO op_verdict (tenant, op, st, why, zh, en, head, state, person, decided_ms, decided_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            V::T(tenant),
            V::T(op),
            V::T(st),
            V::T(why),
            V::T(zh),
            V::T(en),
            V::T(&head),
            V::T(&state),
            V::T(person),
            V::I(now_ms),
            V::T(by),
        ],
    )?;
    Ok(())
}
