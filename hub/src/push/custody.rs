//! Custody: every op that an enrolled device sends, by its exact bytes, before anything is judged.

use sha2::{Digest, Sha256};
use uuid::Builder;
use xuncha_wire::push::{self, CustodyLine, Op, OpKind, PushHeader};
use xuncha_wire::{WireError, envelope};

use super::{Ground, verdict};
use crate::identity::{Scoped, scoped};
use crate::store::{E, Tx, V};

/// A push as it is taken.
pub struct Batch {
    /// What the phone says of itself.
    pub header: PushHeader,
    /// Its lines in order.
    pub lines: Vec<Line>,
}

/// One line of a push.
pub struct Line {
    /// The op's id, or one made from the bytes of a line that is no op.
    pub id: String,
    /// The line as sent.
    pub bytes: Vec<u8>,
    /// SHA-256 of the op's body, or of the whole line if it is no op.
    pub sha: [u8; 32],
    /// The op, if it is one.
    pub op: Option<Op>,
}

impl Batch {
    /// Reads a push: each line with its bytes.
    ///
    /// # Errors
    /// [`WireError`] if the header is none or there are too many lines.
    pub fn read(raw: &[u8]) -> Result<Self, WireError> {
        let (header, ops) = push::read(raw)?;
        let bytes = raw.split(|b| *b == b'\n').filter(|line| !line.is_empty()).skip(1);
        let lines = bytes.zip(ops).map(|(bytes, op)| match op {
            Ok(op) => Line {
                id: op.op.to_string(),
                sha: Sha256::digest(op.body.get().as_bytes()).into(),
                bytes: bytes.to_vec(),
                op: Some(op),
            },
            Err(_) => unread(bytes),
        });
        Ok(Self { header, lines: lines.collect() })
    }
}

impl Line {
    /// The line of an op that was made here.
    ///
    /// # Errors
    /// If the op does not serialise.
    pub fn of_op(op: Op) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: op.op.to_string(),
            bytes: serde_json::to_vec(&op)?,
            sha: Sha256::digest(op.body.get().as_bytes()).into(),
            op: Some(op),
        })
    }
}

/// Bytes that are no op: named by the `op` that their first line says if it says one, else by themselves.
fn unread(bytes: &[u8]) -> Line {
    let sha: [u8; 32] = Sha256::digest(bytes).into();
    let named = CustodyLine::of(bytes).and_then(|line| line.op.parse::<xuncha_wire::OpId>().ok());
    let id = named.map_or_else(|| id_of(&sha), |id| id.to_string());
    Line { id, bytes: bytes.to_vec(), sha, op: None }
}

/// An id made from bytes: the same bytes get the same id.
fn id_of(sha: &[u8; 32]) -> String {
    let mut half = [0; 16];
    half.iter_mut().zip(sha).for_each(|(to, from)| *to = *from);
    Builder::from_custom_bytes(half).into_uuid().hyphenated().to_string()
}

/// The wire's word of a kind.
pub fn kind_word(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Record => "record",
        OpKind::CaseReport => "case_report",
        OpKind::CaseMove => "case_move",
        OpKind::CaseNote => "case_note",
        OpKind::Unknown => "unknown",
    }
}

const INSERT: &str =
    "INSERT INTO op (tenant, op, device, person, n, kind, entity, parent, received_ms, device_ms,
        clock_ms, sha, bytes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (tenant, op) DO NOTHING";

/// Takes a whole push, and what the phone says of itself. Answers which of its lines the hub had never seen.
///
/// # Errors
/// [`E`] of the store; nothing is taken then.
pub fn take(tx: &mut dyn Tx, ground: &Ground, batch: &Batch) -> Result<Vec<bool>, E> {
    let clock_ms = batch.header.wall_ms.saturating_sub(ground.now_ms);
    let mut fresh = Vec::with_capacity(batch.lines.len());
    let mut new = 0;
    let mut photos_new = 0;
    for line in &batch.lines {
        let inserted = insert(tx, ground, line, clock_ms)?;
        new += inserted;
        fresh.push(inserted == 1);
        if let Some(op) = &line.op {
            for blob in &op.blobs {
                photos_new += super::photos::claim(tx, ground, blob.as_str())?;
            }
        }
    }
    state(tx, ground, &batch.header, clock_ms, new, photos_new)?;
    Ok(fresh)
}

/// Takes one line; 1 if it was new. An id that another body has already is kept under a name of its own.
pub fn insert(tx: &mut dyn Tx, ground: &Ground, line: &Line, clock_ms: i64) -> Result<i64, E> {
    let kind = line.op.as_ref().map_or("unread", |op| kind_word(op.kind));
    let entity = line.op.as_ref().map(|op| op.entity.to_string()).unwrap_or_default();
    let parent = line.op.as_ref().and_then(|op| op.parent).map(|p| p.to_string()).unwrap_or_default();
    let n = line.op.as_ref().map_or(0, |op| i64::try_from(op.n).unwrap_or(i64::MAX));
    let device_ms = line.op.as_ref().map_or(0, |op| op.at_ms);
    let kept = envelope::wrap(&line.bytes);
    let mut row = |id: &str, kind: &str| {
        tx.exec(
            INSERT,
            &[
                V::T(&ground.who.tenant),
                V::T(id),
                V::T(&ground.who.device),
                V::T(&ground.who.person),
                V::I(n),
                V::T(kind),
                V::T(&entity),
                V::T(&parent),
                V::I(ground.now_ms),
                V::I(device_ms),
                V::I(clock_ms),
                V::B(&line.sha),
                V::B(&kept),
            ],
        )
    };
    if row(&line.id, kind)? == 1 {
        return Ok(1);
    }
    if !same(tx, &ground.who.tenant, line)? {
        let mut other = |id: &str| {
            tx.exec(
                INSERT,
                &[
                    V::T(&ground.who.tenant),
                    V::T(id),
                    V::T(&ground.who.device),
                    V::T(&ground.who.person),
                    V::I(0),
                    V::T("unread"),
                    V::T(&entity),
                    V::T(&parent),
                    V::I(ground.now_ms),
                    V::I(device_ms),
                    V::I(clock_ms),
                    V::B(&line.sha),
                    V::B(&kept),
                ],
            )
        };
        other(&id_of(&line.sha))?;
    }
    Ok(0)
}

/// Is the op of this id this very one: the same body, or the same bytes in custody?
///
/// # Errors
/// [`E`] of the store.
pub fn same(tx: &mut dyn Tx, tenant: &str, line: &Line) -> Result<bool, E> {
    let kept = tx.one(
        "SELECT sha, bytes FROM op WHERE tenant = $1 AND op = $2",
        &[V::T(tenant), V::T(&line.id)],
        |r| Ok((r.blob(0)?, r.blob(1)?)),
    )?;
    Ok(kept.is_some_and(|(sha, bytes)| sha == line.sha || bytes == envelope::wrap(&line.bytes)))
}

/// An op as custody holds it, to be judged later than it came.
pub struct Kept {
    /// Who sent it, as they stand today.
    pub author: Scoped,
    /// The phone's clock minus the hub's when it came.
    pub clock_ms: i64,
    /// Its bytes as sent.
    pub bytes: Vec<u8>,
}

/// Reads an op from custody; `None` if it is not there or its author is unknown.
///
/// # Errors
/// [`E::Damaged`] if what is stored is in no envelope.
pub fn kept(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Option<Kept>, E> {
    let row = tx.one(
        "SELECT person, device, clock_ms, bytes FROM op WHERE tenant = $1 AND op = $2",
        &[V::T(tenant), V::T(id)],
        |r| Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.blob(3)?)),
    )?;
    let Some((person, device, clock_ms, bytes)) = row else { return Ok(None) };
    let bytes = envelope::open(&bytes).map_err(|_| E::Damaged("an op in custody".into()))?.to_vec();
    Ok(scoped::by_person(tx, tenant, &person, &device)?.map(|author| Kept { author, clock_ms, bytes }))
}

/// Takes bytes unread; they wait in quarantine for a person at the hub. Photos that their first line names may come
/// too: a damaged record is no reason to lose them.
///
/// # Errors
/// [`E`] of the store.
pub fn take_unread(tx: &mut dyn Tx, ground: &Ground, bytes: &[u8]) -> Result<(), E> {
    let line = unread(bytes);
    let new = insert(tx, ground, &line, 0)?;
    let id = if same(tx, &ground.who.tenant, &line)? { line.id } else { id_of(&line.sha) };
    if verdict::of_op(tx, &ground.who.tenant, &id)?.is_none() {
        let waits = verdict::in_custody();
        verdict::put(tx, &ground.who.tenant, &id, &ground.who.person, &waits, ground.now_ms, "")?;
    }
    let mut photos_new = 0;
    for blob in &CustodyLine::of(bytes).unwrap_or_default().blobs {
        photos_new += super::photos::claim(tx, ground, blob.as_str())?;
    }
    tx.exec(
        "UPDATE device SET held = held + $3, photos_held = photos_held + $5, pushed_ms = $4, seen_ms = $4
         WHERE tenant = $1 AND id = $2",
        &[
            V::T(&ground.who.tenant),
            V::T(&ground.who.device),
            V::I(new),
            V::I(ground.now_ms),
            V::I(photos_new),
        ],
    )?;
    Ok(())
}

/// What the phone says of itself, beside what the hub holds of it.
fn state(
    tx: &mut dyn Tx,
    ground: &Ground,
    header: &PushHeader,
    clock_ms: i64,
    new: i64,
    photos_new: i64,
) -> Result<(), E> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let why: String = header.waiting_why.chars().take(40).collect();
    let app: String = header.app.chars().take(40).collect();
    let boot: String = header.boot.chars().take(80).collect();
    let held = tx.one(
        "UPDATE device SET made = $3, photos_made = $4, photos_waiting = $5, waiting_why = $6, clock_ms = $7,
             app = $8, pushed_ms = $9, seen_ms = $9, held = held + $10, photos_held = photos_held + $11
         WHERE tenant = $1 AND id = $2 RETURNING held, photos_held",
        &[
            V::T(&ground.who.tenant),
            V::T(&ground.who.device),
            V::I(count(header.made)),
            V::I(count(header.photos_made)),
            V::I(count(header.photos_waiting)),
            V::T(&why),
            V::I(clock_ms),
            V::T(&app),
            V::I(ground.now_ms),
            V::I(new),
            V::I(photos_new),
        ],
        |r| Ok((r.int(0)?, r.int(1)?)),
    )?;
    let (held, photos_held) = held.unwrap_or_default();
    tx.exec(
        "INSERT INTO statement (tenant, device, day, at_ms, made, held, photos_made, photos_held, photos_waiting,
             waiting_why, device_wall_ms, device_offset_min, device_mono_ms, device_boot, app)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (tenant, device, day) DO UPDATE SET at_ms = excluded.at_ms, made = excluded.made,
             held = excluded.held, photos_made = excluded.photos_made, photos_held = excluded.photos_held,
             photos_waiting = excluded.photos_waiting, waiting_why = excluded.waiting_why,
             device_wall_ms = excluded.device_wall_ms, device_offset_min = excluded.device_offset_min,
             device_mono_ms = excluded.device_mono_ms, device_boot = excluded.device_boot, app = excluded.app",
        &[
            V::T(&ground.who.tenant),
            V::T(&ground.who.device),
            V::T(&crate::days::day(ground.now_ms, ground.zone_min)),
            V::I(ground.now_ms),
            V::I(count(header.made)),
            V::I(held),
            V::I(count(header.photos_made)),
            V::I(photos_held),
            V::I(count(header.photos_waiting)),
            V::T(&why),
            V::I(header.wall_ms),
            V::I(i64::from(header.offset_min)),
            V::I(header.mono_ms),
            V::T(&boot),
            V::T(&app),
        ],
    )?;
    Ok(())
}

/// What the hub holds of a phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// The hub's epoch.
    pub epoch: String,
    /// Ops.
    pub held: u64,
    /// Photos, whole.
    pub photos_held: u64,
    /// Ops up to this number are in a backup.
    pub safe_n: u64,
}

/// Reads [`Held`].
///
/// # Errors
/// [`E`] of the store.
pub fn held(tx: &mut dyn Tx, tenant: &str, device: &str) -> Result<Held, E> {
    let found = tx.one(
        "SELECT t.epoch, d.held, d.photos_held, d.safe_n FROM tenant t
         JOIN device d ON d.tenant = t.tenant AND d.id = $2 WHERE t.tenant = $1",
        &[V::T(tenant), V::T(device)],
        |r| {
            let count = |c| r.int(c).map(|n| n.max(0).cast_unsigned());
            Ok(Held { epoch: r.text(0)?, held: count(1)?, photos_held: count(2)?, safe_n: count(3)? })
        },
    )?;
    found.ok_or_else(|| E::Damaged("no such device".into()))
}

/// Remembers which epoch a phone was told, so that the same old cursor does not force another one.
///
/// # Errors
/// [`E`] of the store.
pub fn tell_epoch(tx: &mut dyn Tx, tenant: &str, device: &str, epoch: &str) -> Result<(), E> {
    tx.exec(
        "UPDATE device SET epoch = $3 WHERE tenant = $1 AND id = $2",
        &[V::T(tenant), V::T(device), V::T(epoch)],
    )?;
    Ok(())
}
