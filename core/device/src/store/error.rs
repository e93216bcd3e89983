//! What the store fails with. Never holds a value.

use rusqlite::ErrorCode;
use xuncha_wire::WireError;

use crate::error::{AppError, internal};

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// No such row.
    #[error("no {what} {id}")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The disk is full; the transaction was rolled back.
    #[error("the disk is full")]
    Full,
    /// SQLite found the file damaged, or a body does not fit its hash.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// A newer version wrote the file.
    #[error("written by a newer version: schema {found}, this build knows {known}")]
    Newer {
        /// What the file says.
        found: i64,
        /// What this build knows.
        known: i64,
    },
    /// SQLite failed otherwise.
    #[error("sqlite error {code}")]
    Sqlite {
        /// The extended result code.
        code: i32,
    },
    /// A query and its code do not fit: a bug.
    #[error("query: {0}")]
    Query(&'static str),
    /// A file operation failed.
    #[error("file: {0}")]
    Io(std::io::ErrorKind),
    /// A stored message that this build can't read.
    #[error("stored message: {0}")]
    Wire(#[from] WireError),
    /// Stored JSON that this build can't read.
    #[error("stored JSON: {0:?}")]
    Json(serde_json::error::Category),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::Full,
                // The index of the WAL can't grow: that is what a file opened on a full disk says.
                _ if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::Full,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged("database"),
                _ => Self::Sqlite { code: failure.extended_code },
            },
            rusqlite::Error::QueryReturnedNoRows => Self::Query("no row"),
            rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..) => {
                Self::Query("column type")
            }
            rusqlite::Error::IntegralValueOutOfRange(..) => Self::Query("integer range"),
            _ => Self::Query("usage"),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Io(kind),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.classify())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing { what, id } => Self::NotFound { what: what.to_owned(), id },
            StoreError::Full => Self::StorageFull,
            StoreError::Damaged(_) => Self::Damaged { kept_at: String::new() },
            StoreError::Newer { found, .. } => Self::Outdated { minimum: format!("schema {found}") },
            StoreError::Wire(WireError::UnknownEnvelope { version, .. }) => {
                Self::Outdated { minimum: format!("envelope {version}") }
            }
            error @ (StoreError::Sqlite { .. }
            | StoreError::Query(_)
            | StoreError::Io(_)
            | StoreError::Wire(_)
            | StoreError::Json(_)) => internal(&error),
        }
    }
}
