//! `GET /v1/pull?cur=…&max=…`: feeds come down.
//!
//! The answer is NDJSON, zstd-compressed: one [`Row`] a line, and a [`Trailer`] as the last line. A page without
//! its trailer was cut and is dropped whole. [`Page::applies_to`] is the one rule by which a page may be applied.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cursor::{Cursor, Mark, ScopeSum};
use crate::error::WireError;
use crate::ids::{Epoch, Scope};

/// Most rows of a page that a phone may ask for.
pub const MAX_ROWS: usize = 2000;

/// One change of one feed. Short names, since a first sync has many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Which feed.
    pub s: Scope,
    /// Its number there: gapless as assigned, though a row that changed again leaves its old number.
    pub q: u64,
    /// What kind of thing; one of [`crate::entity`]'s `KIND_…`.
    pub k: String,
    /// Its id.
    pub id: String,
    /// Its version; goes into the scope's checksum.
    pub v: u64,
    /// It left this feed; there is no body.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leave: bool,
    /// The body as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b: Option<Box<RawValue>>,
}

/// Last line of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// The hub's epoch.
    pub epoch: Epoch,
    /// All feeds the asker may read now: the truth about permissions. A feed that is not here was taken away.
    pub scopes: Vec<Scope>,
    /// Where each feed of this page started: the asker's cursor as the hub read it.
    pub from: BTreeMap<Scope, u64>,
    /// Where the asker stands after this page: `seq.mark` a feed.
    pub to: BTreeMap<Scope, String>,
    /// More to come?
    pub more: bool,
    /// Feeds whose cursor was too old or from another history: drop them and pull from 0.
    #[serde(default)]
    pub reset: Vec<Scope>,
    /// Count and checksum (16 hex digits) a feed, when nothing more is to come.
    #[serde(default)]
    pub sum: BTreeMap<Scope, (u64, String)>,
    /// The hub's clock, ms since 1970 UTC.
    pub hub_ms: i64,
    /// Ops of this device that the hub holds.
    pub held: u64,
    /// Photos of this device that the hub holds whole.
    pub photos_held: u64,
    /// Ops up to this `n` are in a backup too.
    pub safe_n: u64,
}

/// A page as read.
#[derive(Debug, Clone)]
pub struct Page {
    /// The changes, in order within each feed.
    pub rows: Vec<Row>,
    /// The last line.
    pub trailer: Trailer,
}

/// What may be done with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It starts where I stand: apply rows and cursor in one transaction.
    Applies,
    /// It starts elsewhere (a late answer, or one delivered twice): drop it and ask again.
    Stale,
}

impl Page {
    /// Reads a page after decompression.
    ///
    /// # Errors
    /// [`WireError::Truncated`] if its last line is not a trailer, [`WireError::BadMessage`] for a bad row.
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
        let last = lines.pop().ok_or(WireError::Truncated)?;
        let trailer = serde_json::from_slice(last).map_err(|_| WireError::Truncated)?;
        let rows = lines.into_iter().map(serde_json::from_slice).collect::<Result<_, _>>();
        Ok(Self { rows: rows.map_err(|e| WireError::from_json("feed row", &e))?, trailer })
    }

    /// Writes a page, not yet compressed.
    ///
    /// # Errors
    /// [`WireError::BadMessage`] if something does not serialise.
    pub fn write(&self) -> Result<Vec<u8>, WireError> {
        let mut out = Vec::new();
        for row in &self.rows {
            serde_json::to_writer(&mut out, row).map_err(|e| WireError::from_json("feed row", &e))?;
            out.push(b'\n');
        }
        serde_json::to_writer(&mut out, &self.trailer).map_err(|e| WireError::from_json("trailer", &e))?;
        out.push(b'\n');
        Ok(out)
    }

    /// May this page be applied by a phone that stands at `cursor`? Only if every feed starts exactly there, or
    /// was reset. A page that starts elsewhere would skip rows or take a feed back.
    pub fn applies_to(&self, cursor: &Cursor) -> Fit {
        let starts_here = |(scope, from): (&Scope, &u64)| {
            *from == cursor.seq(scope) || (*from == 0 && self.trailer.reset.contains(scope))
        };
        let covered = self.rows.iter().all(|row| self.trailer.from.contains_key(&row.s));
        if covered && self.trailer.from.iter().all(starts_here) { Fit::Applies } else { Fit::Stale }
    }

    /// The cursor after this page: feeds that are not granted any more are gone.
    ///
    /// # Errors
    /// [`WireError::BadMessage`] if the trailer's positions can't be read.
    pub fn cursor_after(&self, cursor: &Cursor) -> Result<Cursor, WireError> {
        let bad = || WireError::BadMessage { what: "trailer", why: "position is not seq.mark".into() };
        let mut after = BTreeMap::new();
        for scope in &self.trailer.scopes {
            match self.trailer.to.get(scope) {
                Some(text) => {
                    let (seq, mark) = text.split_once('.').ok_or_else(bad)?;
                    let seq = seq.parse().map_err(|_| bad())?;
                    after.insert(scope.clone(), Mark { seq, mark: mark.to_owned() });
                }
                None => {
                    if let Some(mark) = cursor.0.get(scope) {
                        after.insert(scope.clone(), mark.clone());
                    }
                }
            }
        }
        Ok(Cursor(after))
    }
}

impl Trailer {
    /// Feeds whose checksum here differs from the hub's: these are pulled anew.
    pub fn mismatches(&self, mine: &BTreeMap<Scope, ScopeSum>) -> Vec<Scope> {
        let differs = |(scope, (count, hash)): &(&Scope, &(u64, String))| {
            let sum = mine.get(*scope).copied().unwrap_or_default();
            sum.count != *count || format!("{:016x}", sum.hash) != *hash
        };
        self.sum.iter().filter(differs).map(|(scope, _)| scope.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
