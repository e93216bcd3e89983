//! Forms in use.

use std::collections::BTreeMap;

use crate::office::form_files;
use crate::store::{E, Tx, V};

/// A form in its current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Its id.
    pub form: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub kind: String,
    /// Does “拍照上报” open it?
    pub quick: bool,
    /// When it was imported, ms.
    pub imported_ms: i64,
    /// Records of any version.
    pub records: i64,
    /// Names of the files that it reads and shows, each once.
    pub files: Vec<String>,
}

/// Forms that phones fill.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, tenant: &str) -> Result<Vec<FormRow>, E> {
    let named = tx.all(
        "SELECT n.form, n.src FROM form_file n
         JOIN form f ON f.tenant = n.tenant AND f.form = n.form AND f.version = n.version AND f.current = 1
         WHERE n.tenant = $1 ORDER BY n.form, n.src",
        &[V::T(tenant)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )?;
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (form, src) in named {
        let names = files.entry(form).or_default();
        let name = form_files::name_of(&src);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let mut rows = tx.all(
        "SELECT f.form, f.version, f.title, f.kind, f.quick, f.imported_ms,
                (SELECT COUNT(*) FROM record r WHERE r.tenant = f.tenant AND r.form = f.form)
         FROM form f WHERE f.tenant = $1 AND f.current = 1 ORDER BY f.title, f.form",
        &[V::T(tenant)],
        |r| {
            Ok(FormRow {
                form: r.text(0)?,
                version: r.text(1)?,
                title: r.text(2)?,
                kind: r.text(3)?,
                quick: r.int(4)? != 0,
                imported_ms: r.int(5)?,
                records: r.int(6)?,
                files: Vec::new(),
            })
        },
    )?;
    for row in &mut rows {
        row.files = files.remove(&row.form).unwrap_or_default();
    }
    Ok(rows)
}
