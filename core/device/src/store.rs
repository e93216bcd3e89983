//! The phone's two databases.
//!
//! `mine.db` holds what the inspector authored: WAL, `synchronous = FULL`, never dropped on the server's word.
//! `hub.db` holds a replica of the feeds: WAL, `NORMAL`, disposable. A corrupt file is moved aside and told,
//! never deleted; a file that can't be read at the moment is not a corrupt one. One file per table group, each
//! with its SQL; functions take a connection, so that one unit of work decides what commits together.

pub(crate) mod body;
pub(crate) mod cursor;
pub(crate) mod drafts;
pub(crate) mod error;
pub(crate) mod forms;
pub(crate) mod listed;
pub(crate) mod meta;
mod migrate;
pub(crate) mod open;
pub(crate) mod ops;
pub(crate) mod photos;
pub(crate) mod records;
pub(crate) mod replica;
mod salvage;

use rusqlite::Connection;

pub(crate) use error::StoreError;

/// Result of the store.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// The one writable pair of connections, owned by the writer thread.
pub(crate) struct Writer {
    /// What was authored.
    pub(crate) mine: Connection,
    /// The replica.
    pub(crate) hub: Connection,
}

/// A pair that can only read, owned by a reader thread.
pub(crate) struct Reader {
    /// What was authored.
    pub(crate) mine: Connection,
    /// The replica.
    pub(crate) hub: Connection,
}

impl Reader {
    /// Asks both databases, each as it stands at the first question to it: what is committed between two questions
    /// would make one answer contradict the other.
    pub(crate) fn snapshot<T, E: From<StoreError>>(
        &mut self,
        ask: impl FnOnce(&mut Reader) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        for connection in [&self.mine, &self.hub] {
            // A question that panicked has left its snapshot.
            let left = if connection.is_autocommit() { "" } else { "ROLLBACK;" };
            connection.execute_batch(&format!("{left}BEGIN DEFERRED")).map_err(StoreError::from)?;
        }
        let answer = ask(self);
        for connection in [&self.mine, &self.hub] {
            connection.execute_batch("COMMIT").map_err(StoreError::from)?;
        }
        answer
    }
}

/// Runs `work` in one immediate transaction: all of it, or nothing.
pub(crate) fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

#[cfg(test)]
mod tests;
