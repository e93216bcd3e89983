//! Where a phone stands in its feeds, and what a scope's checksum is.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::error::WireError;
use crate::ids::Scope;

/// How far one feed was read: the last sequence number applied, and the hub's mark of that commit (8 hex
/// digits), by which the hub finds out that it was itself rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mark {
    /// Last sequence number applied; 0 before the first row.
    pub seq: u64,
    /// The hub's mark of that commit; empty at 0.
    pub mark: String,
}

/// All feeds a phone reads, each with how far it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor(pub BTreeMap<Scope, Mark>);

impl Cursor {
    /// How far `scope` was read; 0 if never.
    pub fn seq(&self, scope: &Scope) -> u64 {
        self.0.get(scope).map_or(0, |mark| mark.seq)
    }

    /// As the `cur` parameter of a pull: `d/4401:8790.9f3a61c2,u/88:112.01bc77d0`.
    pub fn to_text(&self) -> String {
        let parts = self.0.iter().map(|(scope, at)| format!("{scope}:{}.{}", at.seq, at.mark));
        parts.collect::<Vec<_>>().join(",")
    }

    /// Reads the `cur` parameter; an empty text is the start of everything.
    ///
    /// # Errors
    /// [`WireError::BadMessage`] for anything else that is not a cursor.
    pub fn from_text(text: &str) -> Result<Self, WireError> {
        let bad = |why: &str| WireError::BadMessage { what: "cursor", why: why.into() };
        let mut feeds = BTreeMap::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (scope, at) = part.rsplit_once(':').ok_or_else(|| bad("no colon"))?;
            let (seq, mark) = at.split_once('.').ok_or_else(|| bad("no mark"))?;
            let seq = seq.parse().map_err(|_| bad("no number"))?;
            if mark.len() > 16 || !mark.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(bad("mark is not hex"));
            }
            feeds.insert(scope.parse()?, Mark { seq, mark: mark.to_owned() });
        }
        Ok(Self(feeds))
    }
}

/// Count and checksum of what one scope holds: compared at the end of every sync. Removing a row is adding it
/// again, since XOR is its own inverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeSum {
    /// Rows held.
    pub count: u64,
    /// XOR of the rows' hashes.
    pub hash: u64,
}

impl ScopeSum {
    /// With this row more.
    pub fn with(self, kind: &str, id: &str, version: u64) -> Self {
        Self { count: self.count.saturating_add(1), hash: self.hash ^ row_hash(kind, id, version) }
    }

    /// With this row less.
    pub fn without(self, kind: &str, id: &str, version: u64) -> Self {
        Self { count: self.count.saturating_sub(1), hash: self.hash ^ row_hash(kind, id, version) }
    }
}

/// First 64 bits of SHA-256 over `kind 0 id 0 version`.
pub fn row_hash(kind: &str, id: &str, version: u64) -> u64 {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(id)
        .chain_update([0])
        .chain_update(version.to_be_bytes())
        .finalize();
    digest.iter().take(8).fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests;
