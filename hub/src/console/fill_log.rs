//! 填写日志: what was done while a record was filled, as the phone wrote it (`audit.csv`).

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use xuncha_wire::body::RecordBody;
use xuncha_wire::entity::KIND_RECORD;

use super::session::Signed;
use super::trouble::{Answer, Trouble};
use crate::ledger::visits;
use crate::office::entities;
use crate::store::{E, Tx};
use crate::{Hub, audit};

/// The log of a record; empty if its form asks for none.
///
/// # Errors
/// [`E`] of the store.
pub(super) fn of(tx: &mut dyn Tx, tenant: &str, record: &str) -> Result<String, E> {
    let body = entities::read::<RecordBody>(tx, tenant, KIND_RECORD, record)?;
    Ok(body.map(|body| body.audit).unwrap_or_default())
}

/// `GET /records/{id}/audit.csv`, for whoever sees the record; who took it out stands in the audit.
pub(super) async fn file(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>) -> Answer {
    let (sees, person, now) = (signed.sees(), signed.0.person.clone(), hub.now_ms());
    let log = hub
        .db()
        .write(move |tx| {
            if visits::one(tx, &sees, &id)?.is_none() {
                return Ok(String::new());
            }
            let log = of(tx, &sees.tenant, &id)?;
            if !log.is_empty() {
                audit::write(tx, &sees.tenant, now, &person, "export", "填写日志", &id)?;
            }
            Ok(log)
        })
        .await?;
    if log.is_empty() {
        return Err(Trouble::Lost);
    }
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    // Excel takes a CSV for UTF-8 only by its mark.
    Ok((head, format!("\u{feff}{log}")).into_response())
}
