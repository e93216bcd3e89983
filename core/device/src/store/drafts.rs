//! Forms being filled, and the forms they were begun with.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use xuncha_wire::entity::FormBody;

use super::body::Stored;
use super::{Result, StoreError};

/// What a draft holds beside its list line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftBody {
    /// What the form names this instance.
    #[serde(default)]
    pub(crate) name: String,
    /// The instance, as `xuncha-forms` saves it.
    pub(crate) instance: String,
    /// Which page, from 0, and which repeat instance is open.
    pub(crate) page: u32,
    #[serde(default)]
    pub(crate) open_repeat: Option<String>,
    /// The form's language.
    #[serde(default)]
    pub(crate) language: Option<String>,
    /// Begun at this site, in this campaign, about this case.
    #[serde(default)]
    pub(crate) site: Option<String>,
    #[serde(default)]
    pub(crate) campaign: Option<String>,
    #[serde(default)]
    pub(crate) case: Option<String>,
    /// The audit log so far, if the form asks for one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) audit: String,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) missing: u32,
    pub(crate) started_ms: i64,
    pub(crate) changed_ms: i64,
    pub(crate) body: DraftBody,
}

/// Writes a draft as it is now. A draft that was finalized meanwhile is not brought back: it must be there, or be
/// new.
pub(crate) fn save(tx: &Connection, draft: &Draft, new: bool) -> Result<()> {
    let stored = Stored::json(&draft.body)?;
    let sql = if new {
        "INSERT INTO draft (id, form, version, title, missing, started_ms, changed_ms, body, sha)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    } else {
        "UPDATE draft SET form = ?2, version = ?3, title = ?4, missing = ?5, started_ms = ?6, changed_ms = ?7,
         body = ?8, sha = ?9 WHERE id = ?1"
    };
    let written = tx.prepare_cached(sql)?.execute(params![
        draft.id,
        draft.form,
        draft.version,
        draft.title,
        draft.missing,
        draft.started_ms,
        draft.changed_ms,
        stored.body,
        stored.sha,
    ])?;
    // Whoever goes on answering must hear that nothing is kept any more.
    if written == 0 {
        return Err(StoreError::Missing { what: "draft", id: draft.id.clone() });
    }
    Ok(())
}

type Raw = (Draft, Stored);

fn raw(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    let empty = DraftBody {
        name: String::new(),
        instance: String::new(),
        page: 0,
        open_repeat: None,
        language: None,
        site: None,
        campaign: None,
        case: None,
        audit: String::new(),
    };
    let draft = Draft {
        id: row.get(0)?,
        form: row.get(1)?,
        version: row.get(2)?,
        title: row.get(3)?,
        missing: row.get(4)?,
        started_ms: row.get(5)?,
        changed_ms: row.get(6)?,
        body: empty,
    };
    Ok((draft, Stored { body: row.get(7)?, sha: row.get(8)? }))
}

fn whole((mut draft, stored): Raw) -> Result<Draft> {
    draft.body = stored.read()?;
    Ok(draft)
}

const COLUMNS: &str = "id, form, version, title, missing, started_ms, changed_ms, body, sha";

/// A draft that was not discarded.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<Draft> {
    let sql = format!("SELECT {COLUMNS} FROM draft WHERE id = ?1 AND discarded_ms = 0");
    let found = connection.prepare_cached(&sql)?.query_row([id], raw).optional()?;
    whole(found.ok_or_else(|| StoreError::Missing { what: "draft", id: id.to_owned() })?)
}

/// All drafts that were not discarded, the newest begun first. A damaged one is listed by its line alone.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Draft>> {
    let sql = format!("SELECT {COLUMNS} FROM draft WHERE discarded_ms = 0 ORDER BY rid DESC");
    let mut query = connection.prepare_cached(&sql)?;
    let rows = query.query_map([], raw)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().map(|(draft, stored)| whole((draft.clone(), stored)).unwrap_or(draft)).collect())
}

/// Puts a draft away, or brings it back with `at_ms` 0.
pub(crate) fn discard(tx: &Connection, id: &str, at_ms: i64) -> Result<()> {
    // A clock before 1970 must not undo the discarding.
    let at_ms = if at_ms == 0 { 0 } else { at_ms.max(1) };
    let sql = "UPDATE draft SET discarded_ms = ?2 WHERE id = ?1 AND (discarded_ms = 0) = (?2 != 0)";
    match tx.prepare_cached(sql)?.execute(params![id, at_ms])? {
        0 => Err(StoreError::Missing { what: "draft", id: id.to_owned() }),
        _ => Ok(()),
    }
}

/// Takes a draft away, in the transaction that writes its record. False if it was not there any more.
pub(crate) fn remove(tx: &Connection, id: &str) -> Result<bool> {
    Ok(tx.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id])? > 0)
}

/// Keeps the form that a draft is begun with.
pub(crate) fn keep_form(tx: &Connection, form: &FormBody) -> Result<()> {
    let stored = Stored::json(form)?;
    let sql = "INSERT INTO form_kept (form, version, body, sha) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (form, version) DO UPDATE SET body = excluded.body, sha = excluded.sha";
    tx.prepare_cached(sql)?.execute(params![form.form, form.version, stored.body, stored.sha])?;
    Ok(())
}

/// A kept form.
pub(crate) fn kept_form(connection: &Connection, form: &str, version: &str) -> Result<FormBody> {
    let sql = "SELECT body, sha FROM form_kept WHERE form = ?1 AND version = ?2";
    let found = connection
        .prepare_cached(sql)?
        .query_row([form, version], |row| Ok(Stored { body: row.get(0)?, sha: row.get(1)? }))
        .optional()?;
    found.ok_or_else(|| StoreError::Missing { what: "form", id: form.to_owned() })?.read()
}

/// Forgets kept forms that no draft needs.
pub(crate) fn sweep_forms(tx: &Connection) -> Result<()> {
    tx.execute(
        "DELETE FROM form_kept WHERE NOT EXISTS
         (SELECT 1 FROM draft WHERE draft.form = form_kept.form AND draft.version = form_kept.version)",
        [],
    )?;
    Ok(())
}
