//! Finalized form instances, for lists.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Result;

/// A record's line.
#[derive(Debug, Clone)]
pub(crate) struct RecordLine {
    pub(crate) id: String,
    pub(crate) op: String,
    pub(crate) form: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) site: String,
    pub(crate) campaign: String,
    pub(crate) finalized_ms: i64,
    pub(crate) photos: u32,
    pub(crate) cases: Vec<String>,
}

/// Writes a record's line, in the transaction of its ops.
pub(crate) fn add(tx: &Connection, record: &RecordLine) -> Result<()> {
    let sql = "INSERT INTO record (id, op_id, form, version, title, kind, site, campaign, finalized_ms, photos, cases)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    tx.prepare_cached(sql)?.execute(params![
        record.id,
        record.op,
        record.form,
        record.version,
        record.title,
        record.kind,
        record.site,
        record.campaign,
        record.finalized_ms,
        record.photos,
        serde_json::to_string(&record.cases)?,
    ])?;
    Ok(())
}

const COLUMNS: &str = "id, op_id, form, version, title, kind, site, campaign, finalized_ms, photos, cases";

fn line(row: &Row<'_>) -> rusqlite::Result<(RecordLine, String)> {
    let record = RecordLine {
        id: row.get(0)?,
        op: row.get(1)?,
        form: row.get(2)?,
        version: row.get(3)?,
        title: row.get(4)?,
        kind: row.get(5)?,
        site: row.get(6)?,
        campaign: row.get(7)?,
        finalized_ms: row.get(8)?,
        photos: row.get(9)?,
        cases: Vec::new(),
    };
    Ok((record, row.get(10)?))
}

fn with_cases((mut record, cases): (RecordLine, String)) -> Result<RecordLine> {
    record.cases = serde_json::from_str(&cases)?;
    Ok(record)
}

/// Newest first, by their making and not by any clock. Empty `site` or `form` means all.
pub(crate) fn list(
    connection: &Connection,
    site: &str,
    form: &str,
    offset: u32,
    limit: u32,
) -> Result<Vec<RecordLine>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record WHERE (?1 = '' OR site = ?1) AND (?2 = '' OR form = ?2)
         ORDER BY rid DESC LIMIT ?4 OFFSET ?3"
    );
    let mut query = connection.prepare_cached(&sql)?;
    let rows =
        query.query_map(params![site, form, offset, limit], line)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(with_cases).collect()
}

/// One record.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<Option<RecordLine>> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"))?;
    query.query_row([id], line).optional()?.map(with_cases).transpose()
}

/// Was this site visited within this campaign, by a record of this phone?
pub(crate) fn visited(connection: &Connection, site: &str, campaign: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM record WHERE site = ?1 AND campaign = ?2 LIMIT 1";
    let mut query = connection.prepare_cached(sql)?;
    Ok(query.query_row([site, campaign], |_| Ok(())).optional()?.is_some())
}
