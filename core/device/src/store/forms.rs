//! Forms that may be filled. The replica holds what the hub says last; a form is offered as it was last whole, with all its
//! files on this phone.

use rusqlite::{Connection, OptionalExtension, params};
use xuncha_wire::entity::{FormBody, FormFile, KIND_FORM};

use super::body::Stored;
use super::{Reader, Result};
use crate::form_files::FormFiles;

/// All forms that may be filled, by id.
pub(crate) fn all(hub: &Connection) -> Result<Vec<FormBody>> {
    readable(hub, "SELECT form, body, sha FROM form_offered ORDER BY form")
}

/// The newest forms, as the hub says them.
fn newest(hub: &Connection) -> Result<Vec<FormBody>> {
    readable(hub, "SELECT id, body, sha FROM replica WHERE kind = 'form' ORDER BY id")
}

/// Forms as they are stored. One that is of another build, or damaged, is left out: the others can be filled.
fn readable(connection: &Connection, sql: &str) -> Result<Vec<FormBody>> {
    let mut query = connection.prepare_cached(sql)?;
    let rows = query
        .query_map([], |row| Ok((row.get(0)?, Stored { body: row.get(1)?, sha: row.get(2)? })))?
        .collect::<rusqlite::Result<Vec<(String, Stored)>>>()?;
    let read = |(form, stored): (String, Stored)| {
        stored.read().inspect_err(|error| tracing::error!(form, %error, "a form can't be read")).ok()
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A form that may be filled; none if there is none by this id.
pub(crate) fn get(hub: &Connection, form: &str) -> Result<Option<FormBody>> {
    let mut query = hub.prepare_cached("SELECT body, sha FROM form_offered WHERE form = ?1")?;
    let found =
        query.query_row([form], |row| Ok(Stored { body: row.get(0)?, sha: row.get(1)? })).optional()?;
    found.map(|stored| stored.read()).transpose()
}

/// Offers what has become whole. When the replica is `complete`, and not between two pages, forms that it does not hold any
/// more go. True if something changed.
pub(crate) fn offer(tx: &Connection, files: &FormFiles, complete: bool) -> Result<bool> {
    let mut changed = false;
    let sql = "SELECT replica.id, replica.body, replica.sha FROM replica
               LEFT JOIN form_offered ON form_offered.form = replica.id
               WHERE replica.kind = ?1 AND (form_offered.sha IS NULL OR form_offered.sha <> replica.sha OR form_offered.body <> replica.body)";
    let newer: Vec<(String, Stored)> = tx
        .prepare_cached(sql)?
        .query_map([KIND_FORM], |row| Ok((row.get(0)?, Stored { body: row.get(1)?, sha: row.get(2)? })))?
        .collect::<rusqlite::Result<_>>()?;
    for (form, stored) in newer {
        // One that can't be read as a form is not one to fill.
        if !stored.read::<FormBody>().is_ok_and(|body| files.has_all(&body)) {
            continue;
        }
        let put = "INSERT INTO form_offered (form, body, sha) VALUES (?1, ?2, ?3)
                   ON CONFLICT (form) DO UPDATE SET body = excluded.body, sha = excluded.sha";
        tx.prepare_cached(put)?.execute(params![form, stored.body, stored.sha])?;
        changed = true;
    }
    if complete {
        let gone = "DELETE FROM form_offered WHERE NOT EXISTS
                    (SELECT 1 FROM replica WHERE replica.kind = ?1 AND replica.id = form_offered.form)";
        changed |= tx.prepare_cached(gone)?.execute([KIND_FORM])? > 0;
    }
    Ok(changed)
}

/// Offers nothing any more.
pub(crate) fn forget_all(tx: &Connection) -> Result<()> {
    tx.execute("DELETE FROM form_offered", [])?;
    Ok(())
}

/// How many forms wait for files.
pub(crate) fn waiting(hub: &Connection, files: &FormFiles) -> Result<u64> {
    Ok(newest(hub)?.iter().filter(|form| !files.has_all(form)).count() as u64)
}

/// The files that the newest forms, those on offer and those of drafts need, each once.
pub(crate) fn needed(reader: &Reader) -> Result<Vec<FormFile>> {
    let kept = readable(&reader.mine, "SELECT form, body, sha FROM form_kept ORDER BY form, version")?;
    let known = newest(&reader.hub)?.into_iter().chain(all(&reader.hub)?).chain(kept);
    let mut files: Vec<FormFile> = Vec::new();
    for file in known.flat_map(|form| form.files) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    Ok(files)
}
