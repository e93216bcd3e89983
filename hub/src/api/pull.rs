//! `GET /v1/pull`: feeds come down, on one snapshot.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use xuncha_wire::pull::{MAX_ROWS, Page, Row as FeedRow, Trailer};
use xuncha_wire::{Cursor, ErrorCode, PROTOCOL_HEADER, Scope, envelope};

use super::error::Refused;
use crate::identity::Scoped;
use crate::push::custody;
use crate::store::{E, Tx, V};
use crate::{Hub, audit, clock};

/// The oldest protocol whose pulls are answered.
const OLDEST: u32 = 1;
/// Bytes of bodies after which a page ends.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    cur: String,
    #[serde(default)]
    max: Option<usize>,
    /// `0`: bodies of records that the asking phone wrote are left out.
    #[serde(default)]
    own: Option<u8>,
}

pub(super) async fn pull(
    State(hub): State<Hub>,
    who: Scoped,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let proto = headers.get(PROTOCOL_HEADER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if proto.is_some_and(|p: u32| p < OLDEST) {
        return Err(Refused::of(ErrorCode::Outdated));
    }
    let cursor = Cursor::from_text(&asked.cur)?;
    let most = asked.max.unwrap_or(MAX_ROWS).clamp(1, MAX_ROWS);
    let (now, with_own) = (hub.now_ms(), asked.own != Some(0));
    let asker = who.clone();
    let read = hub.db().read(move |tx| page(tx, &asker, &cursor, Bounds { most, with_own }, now));
    let (mut page, rolled_back) = read.await?;
    if rolled_back && who.epoch_told == page.trailer.epoch.to_string() {
        page.trailer.epoch = new_epoch(&hub, &who).await?;
    }
    let told = page.trailer.epoch.to_string();
    if who.epoch_told != told {
        let (tenant, device) = (who.tenant.clone(), who.device.clone());
        hub.db().write(move |tx| custody::tell_epoch(tx, &tenant, &device, &told)).await?;
    }
    let body = zstd::encode_all(page.write()?.as_slice(), 3).map_err(|e| Refused::internal(&e))?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson"), (header::CONTENT_ENCODING, "zstd")], body)
        .into_response())
}

/// What a page may hold.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// Most rows.
    most: usize,
    /// With the bodies of records that the asking phone wrote?
    with_own: bool,
}

/// One feed's counter.
struct Counter {
    seq: u64,
    mark: String,
    held: u64,
    sum: u64,
    pruned: u64,
}

fn counter(tx: &mut dyn Tx, tenant: &str, scope: &Scope) -> Result<Counter, E> {
    let found = tx.one(
        "SELECT seq, mark, held, sum, pruned FROM scope WHERE tenant = $1 AND scope = $2",
        &[V::T(tenant), V::T(scope.as_str())],
        |r| {
            Ok(Counter {
                seq: r.int(0)?.cast_unsigned(),
                mark: r.text(1)?,
                held: r.int(2)?.cast_unsigned(),
                sum: r.int(3)?.cast_unsigned(),
                pruned: r.int(4)?.cast_unsigned(),
            })
        },
    )?;
    Ok(found.unwrap_or(Counter { seq: 0, mark: String::new(), held: 0, sum: 0, pruned: 0 }))
}

/// A page, and whether the cursor shows that this hub was rolled back.
fn page(
    tx: &mut dyn Tx,
    who: &Scoped,
    cursor: &Cursor,
    bounds: Bounds,
    now_ms: i64,
) -> Result<(Page, bool), E> {
    let most = bounds.most;
    let skip = if bounds.with_own { "" } else { who.device.as_str() };
    let held = custody::held(tx, &who.tenant, &who.device)?;
    let mut trailer = Trailer {
        epoch: held.epoch.parse().map_err(|_| E::Damaged("the epoch".into()))?,
        scopes: who.scopes.clone(),
        from: BTreeMap::new(),
        to: BTreeMap::new(),
        more: false,
        reset: Vec::new(),
        sum: BTreeMap::new(),
        hub_ms: now_ms,
        held: held.held,
        photos_held: held.photos_held,
        safe_n: held.safe_n,
    };
    let mut rows: Vec<FeedRow> = Vec::new();
    let mut bytes = 0;
    let mut rolled_back = false;
    for scope in &who.scopes {
        if rows.len() >= most || bytes >= PAGE_BYTES {
            trailer.more = true;
            break;
        }
        let head = counter(tx, &who.tenant, scope)?;
        let mut from = cursor.seq(scope);
        if from > 0 && !known(tx, &who.tenant, scope, cursor, &head)? {
            rolled_back = true;
            trailer.reset.push(scope.clone());
            from = 0;
        } else if from > 0 && from < head.pruned {
            trailer.reset.push(scope.clone());
            from = 0;
        }
        let read = read_rows(
            tx,
            &who.tenant,
            scope,
            from,
            skip,
            (most - rows.len(), PAGE_BYTES.saturating_sub(bytes)),
        )?;
        bytes += read.bytes;
        let to = match read.rows.last() {
            Some(last) if read.cut => {
                let mark = mark_of(tx, &who.tenant, scope, last.q)?.unwrap_or_default();
                format!("{}.{mark}", last.q)
            }
            _ => format!("{}.{}", head.seq, head.mark),
        };
        trailer.more |= read.cut;
        rows.extend(read.rows);
        trailer.from.insert(scope.clone(), from);
        trailer.to.insert(scope.clone(), to);
        trailer.sum.insert(scope.clone(), (head.held, format!("{:016x}", head.sum)));
    }
    if trailer.more {
        trailer.sum.clear();
    }
    Ok((Page { rows, trailer }, rolled_back))
}

/// Is the cursor's position one of this hub's history?
fn known(tx: &mut dyn Tx, tenant: &str, scope: &Scope, cursor: &Cursor, head: &Counter) -> Result<bool, E> {
    let Some(at) = cursor.0.get(scope) else { return Ok(true) };
    if at.seq > head.seq {
        return Ok(false);
    }
    Ok(mark_of(tx, tenant, scope, at.seq)?.is_some_and(|mark| mark == at.mark))
}

/// The mark of the commit that a position belongs to: the first commit that reached it.
fn mark_of(tx: &mut dyn Tx, tenant: &str, scope: &Scope, seq: u64) -> Result<Option<String>, E> {
    tx.one(
        "SELECT mark FROM scope_mark WHERE tenant = $1 AND scope = $2 AND seq >= $3 ORDER BY seq LIMIT 1",
        &[V::T(tenant), V::T(scope.as_str()), V::I(seq.cast_signed())],
        |r| r.text(0),
    )
}

struct Read {
    rows: Vec<FeedRow>,
    bytes: usize,
    cut: bool,
}

/// A feed's rows after a position, at most so many and of so many bytes. From the start nobody needs to hear what has
/// left. Records of the device `skip` come without body.
fn read_rows(
    tx: &mut dyn Tx,
    tenant: &str,
    scope: &Scope,
    from: u64,
    skip: &str,
    (most, most_bytes): (usize, usize),
) -> Result<Read, E> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let mut read = Read { rows: Vec::new(), bytes: 0, cut: false };
    let found = tx.all(
        "SELECT f.seq, f.kind, f.id, f.ver, f.leave, COALESCE(e.body, $5), COALESCE(r.device, '') FROM feed f
         LEFT JOIN record r ON f.kind = 'record' AND $6 <> '' AND r.tenant = f.tenant AND r.id = f.id
                               AND r.device = $6
         LEFT JOIN entity e ON r.device IS NULL AND e.tenant = f.tenant AND e.kind = f.kind AND e.id = f.id
         WHERE f.tenant = $1 AND f.scope = $2 AND f.seq > $3 AND (f.leave = 0 OR $3 > 0)
         ORDER BY f.seq LIMIT $4",
        &[V::T(tenant), V::T(scope.as_str()), V::I(from.cast_signed()), V::I(limit), V::B(&[]), V::T(skip)],
        |r| {
            let bare = r.int(4)? != 0 || !r.text(6)?.is_empty();
            let body = if bare { None } else { Some(r.blob(5)?) };
            Ok((r.int(0)?, r.text(1)?, r.text(2)?, r.int(3)?, r.int(4)? != 0, body))
        },
    )?;
    for (seq, kind, id, ver, leave, body) in found {
        if read.rows.len() >= most || read.bytes >= most_bytes {
            read.cut = true;
            break;
        }
        read.bytes += body.as_ref().map_or(0, Vec::len) + 100;
        let body = body.map(|body| raw(&body)).transpose()?;
        let (q, v) = (seq.cast_unsigned(), ver.cast_unsigned());
        read.rows.push(FeedRow { s: scope.clone(), q, k: kind, id, v, leave, b: body });
    }
    Ok(read)
}

fn raw(stored: &[u8]) -> Result<Box<RawValue>, E> {
    let damaged = || E::Damaged("an entity's body".into());
    let body = envelope::open(stored).map_err(|_| damaged())?;
    let text = String::from_utf8(body.to_vec()).map_err(|_| damaged())?;
    RawValue::from_string(text).map_err(|_| damaged())
}

/// The hub was rolled back without being told: phones must offer again what they kept.
async fn new_epoch(hub: &Hub, who: &Scoped) -> Result<xuncha_wire::Epoch, Refused> {
    let epoch = clock::epoch(hub.clock())?;
    let (tenant, device, now) = (who.tenant.clone(), who.device.clone(), hub.now_ms());
    hub.db()
        .write(move |tx| {
            tx.exec(
                "UPDATE tenant SET epoch = $2 WHERE tenant = $1",
                &[V::T(&tenant), V::T(&epoch.to_string())],
            )?;
            audit::write(
                tx,
                &tenant,
                now,
                &device,
                "new_epoch",
                "hub",
                "a phone's cursor is not of this history",
            )
        })
        .await?;
    tracing::warn!("a phone's cursor is not of this hub's history: new epoch");
    Ok(epoch)
}
