//! The hub's store: one set of SQL texts behind one small trait.
//!
//! A unit of work is a synchronous closure over [`Tx`]. It may be run again (a distributed engine asks for
//! that), so it has no effect but through its transaction, and returns `Err` at once instead of catching: on
//! PostgreSQL a transaction is dead after its first error. Texts are `&'static str` with `$1`, `$2`, … bound by
//! name, so that nothing a phone sends becomes SQL. Rules for texts: every key and every WHERE starts with the
//! tenant (the few look-ups by a secret's hash establish it), rows of one statement are sorted by key, no
//! sequences, no triggers, `CAST(SUM(x) AS …)`, no `SELECT *`.
//!
//! [`lite`] is SQLite: one writer thread with group commit, a few readers. PostgreSQL has its own issue.

pub mod feed;
pub mod lite;
pub mod schema;

use std::sync::Arc;

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub enum V<'a> {
    /// An integer; also booleans (0 and 1) and times.
    I(i64),
    /// A text.
    T(&'a str),
    /// Bytes.
    B(&'a [u8]),
}

/// Why a unit of work did not happen. Its transaction was rolled back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum E {
    /// Another transaction was in the way; the same work may succeed when run again.
    #[error("the store is busy: {0}")]
    Again(String),
    /// A unique key or another constraint.
    #[error("constraint: {0}")]
    Constraint(String),
    /// The disk is full, or the quota is used up.
    #[error("the disk is full")]
    Full,
    /// The queue of writes is full: come back later.
    #[error("too many writes are waiting")]
    Overloaded,
    /// What is stored can't be read as what it should be.
    #[error("stored data can't be read: {0}")]
    Damaged(String),
    /// The work panicked. What a panic says may hold an answer, so it is not passed on.
    #[error("a unit of work panicked")]
    Panicked,
    /// Anything else the engine says. Holds no stored content.
    #[error("store: {0}")]
    Other(String),
}

/// One row of an answer. Columns count from 0.
pub trait Row {
    /// An integer column.
    ///
    /// # Errors
    /// [`E::Damaged`] if it is none.
    fn int(&self, column: usize) -> Result<i64, E>;
    /// A text column.
    ///
    /// # Errors
    /// [`E::Damaged`] if it is none.
    fn text(&self, column: usize) -> Result<String, E>;
    /// A column of bytes.
    ///
    /// # Errors
    /// [`E::Damaged`] if it is none.
    fn blob(&self, column: usize) -> Result<Vec<u8>, E>;
}

/// A transaction under way.
pub trait Tx {
    /// Runs one statement, hands each row of its answer to `row`, and returns how many rows it changed.
    ///
    /// # Errors
    /// [`E`], also whatever `row` returns. The unit of work ends there.
    fn run(
        &mut self,
        sql: &'static str,
        params: &[V<'_>],
        row: &mut dyn FnMut(&dyn Row) -> Result<(), E>,
    ) -> Result<u64, E>;
}

impl dyn Tx + '_ {
    /// Runs a statement that answers no rows; how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::run`].
    pub fn exec(&mut self, sql: &'static str, params: &[V<'_>]) -> Result<u64, E> {
        self.run(sql, params, &mut |_| Ok(()))
    }

    /// All rows of the answer.
    ///
    /// # Errors
    /// As [`Tx::run`].
    pub fn all<T>(
        &mut self,
        sql: &'static str,
        params: &[V<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut rows = Vec::new();
        self.run(sql, params, &mut |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of the answer, if there is one.
    ///
    /// # Errors
    /// As [`Tx::run`].
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        params: &[V<'_>],
        read: impl FnMut(&dyn Row) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        Ok(self.all(sql, params, read)?.into_iter().next())
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// SQLite in one file.
    Lite(Arc<lite::Lite>),
}

impl Db {
    /// Opens (or makes) the SQLite store in `file` and brings its schema up to date.
    ///
    /// # Errors
    /// [`E`]: a newer schema is refused, a damaged file reported.
    pub fn open_lite(file: &std::path::Path) -> Result<Self, E> {
        Ok(Self::Lite(Arc::new(lite::Lite::open(file)?)))
    }

    /// Runs `work` in a write transaction and answers after its commit. It completes even if the caller goes
    /// away meanwhile, and may be run more than once.
    ///
    /// # Errors
    /// [`E`]; nothing of the work has happened then.
    pub async fn write<T, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        F: Fn(&mut dyn Tx) -> Result<T, E> + Send + Sync + 'static,
    {
        match self {
            Self::Lite(lite) => lite.write(work).await,
        }
    }

    /// Runs `work` on one snapshot, reading only.
    ///
    /// # Errors
    /// [`E`].
    pub async fn read<T, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        F: Fn(&mut dyn Tx) -> Result<T, E> + Send + Sync + 'static,
    {
        match self {
            Self::Lite(lite) => lite.read(work).await,
        }
    }
}

#[cfg(test)]
mod tests;
