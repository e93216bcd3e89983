//! Rescue of a damaged `mine.db`, row by row, from a copy of the file that was moved aside.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::{Result, transact};

/// What was rescued.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Saved {
    /// Rows that are whole.
    pub(super) rows: u64,
    /// Rows that could not be read, or whose body does not fit its hash.
    pub(super) lost: u64,
}

/// Every table with its key and its columns; `sha` is checked against `body` where both are there.
const TABLES: &[(&str, &str, &[&str])] = &[
    ("meta", "rid", &["key", "value"]),
    (
        "op",
        "n",
        &[
            "op_id", "kind", "entity", "parent", "amends", "scope", "at_ms", "blobs", "body", "sha", "state",
            "held", "verdict",
        ],
    ),
    (
        "record",
        "rid",
        &[
            "id",
            "op_id",
            "form",
            "version",
            "title",
            "kind",
            "site",
            "campaign",
            "finalized_ms",
            "photos",
            "cases",
        ],
    ),
    (
        "draft",
        "rid",
        &[
            "id",
            "form",
            "version",
            "title",
            "missing",
            "started_ms",
            "changed_ms",
            "discarded_ms",
            "body",
            "sha",
        ],
    ),
    ("form_kept", "rid", &["form", "version", "body", "sha"]),
    (
        "photo",
        "rid",
        &["id", "file", "size", "mime", "width", "height", "damage", "made_ms", "held", "arrived", "trouble"],
    ),
    ("photo_use", "rid", &["owner", "photo", "bound", "body", "sha"]),
    ("listed_change", "rid", &["record", "op", "list", "entity", "syncs", "body", "sha"]),
];

/// Give up on a hole after so many keys in a row that can't be read.
const HOLE: i64 = 2_000;

/// Copies all that can be read from `kept` into `fresh`. The kept file itself is not touched: work is done on a
/// copy, whose first page is replaced by `page_one` if the head is unreadable.
pub(super) fn salvage(kept: &Path, page_one: Option<&[u8]>, fresh: &mut Connection) -> Result<Saved> {
    let copy = PathBuf::from(format!("{}.work", kept.display()));
    discard(&copy);
    copy_with_wal(kept, &copy)?;
    if open(&copy).is_err()
        && let Some(page) = page_one
    {
        patch_head(&copy, page)?;
    }
    let mut saved = Saved::default();
    for (table, key, columns) in TABLES {
        transact(fresh, |tx| {
            let one = rescue_table(&copy, tx, table, key, columns)?;
            saved.rows += one.rows;
            saved.lost += one.lost;
            Ok(())
        })?;
    }
    discard(&copy);
    Ok(saved)
}

fn discard(copy: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
    }
}

fn copy_with_wal(from: &Path, to: &Path) -> Result<()> {
    for end in ["", "-wal"] {
        let part = PathBuf::from(format!("{}{end}", from.display()));
        if part.exists() {
            std::fs::copy(part, format!("{}{end}", to.display()))?;
        }
    }
    Ok(())
}

fn patch_head(copy: &Path, page: &[u8]) -> Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().write(true).open(copy)?;
    let pages = u32::try_from(file.metadata()?.len() / 4096).unwrap_or(u32::MAX);
    file.write_all(page)?;
    // The copy tells the length of the file as it was after the migration; bytes 28..32 are that length in pages.
    file.seek(SeekFrom::Start(28))?;
    file.write_all(&pages.to_be_bytes())?;
    Ok(())
}

fn open(copy: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Without it a schema that names a broken index refuses everything.
    connection.pragma_update(None, "writable_schema", true)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn rescue_table(
    copy: &Path,
    tx: &rusqlite::Transaction<'_>,
    table: &str,
    key: &str,
    columns: &[&str],
) -> Result<Saved> {
    let mut saved = Saved::default();
    let Ok(mut from) = open(copy) else { return Ok(saved) };
    let list = columns.join(", ");
    let marks: Vec<String> = (1..=columns.len() + 1).map(|i| format!("?{i}")).collect();
    let insert = format!("INSERT OR REPLACE INTO {table} ({key}, {list}) VALUES ({})", marks.join(", "));
    // NOT INDEXED: an index may be the damaged part.
    let next =
        format!("SELECT {key}, {list} FROM {table} NOT INDEXED WHERE {key} > ?1 ORDER BY {key} LIMIT 1");
    let last = format!("SELECT max({key}) FROM {table} NOT INDEXED");
    let end: Option<i64> = from.query_row(&last, [], |row| row.get(0)).ok().flatten();
    let (mut at, mut hole) = (0_i64, 0_i64);
    loop {
        let row = from.query_row(&next, [at], |row| {
            (0..=columns.len()).map(|i| row.get::<_, Value>(i)).collect::<rusqlite::Result<Vec<Value>>>()
        });
        match row {
            Ok(values) => {
                let Some(Value::Integer(found)) = values.first() else { break };
                at = *found;
                hole = 0;
                if whole(columns, &values) {
                    tx.execute(&insert, rusqlite::params_from_iter(values))?;
                    saved.rows += 1;
                } else {
                    saved.lost += 1;
                }
            }
            Err(rusqlite::Error::QueryReturnedNoRows) => break,
            Err(_) => {
                // A connection that met damage may go on failing: take a fresh one and step over the key.
                at = at.saturating_add(1);
                hole += 1;
                saved.lost += 1;
                let past_end = end.map_or(hole > HOLE, |end| at > end);
                match open(copy) {
                    Ok(fresh) if !past_end => from = fresh,
                    _ => break,
                }
            }
        }
    }
    Ok(saved)
}

fn whole(columns: &[&str], values: &[Value]) -> bool {
    let of = |name: &str| {
        let nth = columns.iter().position(|column| *column == name)?;
        match values.get(nth + 1) {
            Some(Value::Blob(bytes)) => Some(bytes),
            _ => None,
        }
    };
    match (of("body"), of("sha")) {
        (Some(body), Some(sha)) => Sha256::digest(body).as_slice() == sha.as_slice(),
        _ => true,
    }
}
