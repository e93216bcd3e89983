//! Backups: an online copy of the database and of every photo, and the word to phones that their work is safe.
//!
//! The copy has no epoch: whoever opens it gives it one, so that every restore, also the second of the same copy, tells
//! every phone to offer again what it kept.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use xuncha_wire::BlobId;

use crate::store::{E, V};
use crate::{Hub, HubError, audit};

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The copy of the database.
    pub database: PathBuf,
    /// Ops in it.
    pub ops: u64,
    /// Photos in it, whole.
    pub photos: u64,
    /// Photos that the database says are whole and whose file is not there: someone must look.
    pub missing: u64,
}

/// Ops 1..=n of each device that the copy holds without a gap.
type Safe = Vec<(String, i64)>;

impl Hub {
    /// Makes a backup in `folder`: `hub.db`, `photos/`, and `photos.txt`, a list of the photos that belong to it. Run
    /// again into the same folder it copies only photos that are new. Then phones are told what is safe.
    ///
    /// # Errors
    /// [`HubError::Io`], or [`HubError::Store`] if the copy does not pass SQLite's check: the old copy then stays.
    pub async fn backup(&self, folder: &Path) -> Result<BackupReport, HubError> {
        let hub = self.clone();
        let to = folder.to_owned();
        let copied = tokio::task::spawn_blocking(move || copy(&hub, &to)).await;
        let (report, safe) = copied.map_err(|_| HubError::Store(E::Panicked))??;
        let (tenant, now, ops) = (self.tenant().to_string(), self.now_ms(), report.ops);
        self.db()
            .write(move |tx| {
                for (device, n) in &safe {
                    tx.exec(
                        "UPDATE device SET safe_n = $3 WHERE tenant = $1 AND id = $2 AND safe_n < $3",
                        &[V::T(&tenant), V::T(device), V::I(*n)],
                    )?;
                }
                tx.exec("UPDATE tenant SET backup_ms = $2 WHERE tenant = $1", &[V::T(&tenant), V::I(now)])?;
                audit::write(tx, &tenant, now, "", "backup", "hub", &format!("{ops} ops"))
            })
            .await?;
        Ok(report)
    }
}

fn sqlite(e: &rusqlite::Error) -> HubError {
    HubError::Store(crate::store::lite::error(e))
}

fn copy(hub: &Hub, folder: &Path) -> Result<(BackupReport, Safe), HubError> {
    fs::create_dir_all(folder).map_err(HubError::io(folder.display()))?;
    let database = folder.join("hub.db");
    let fresh = folder.join("hub.db.new");
    if fresh.exists() {
        fs::remove_file(&fresh).map_err(HubError::io(fresh.display()))?;
    }
    let source = Connection::open(hub.config().data.join("hub.db")).map_err(|e| sqlite(&e))?;
    let mut target = Connection::open(&fresh).map_err(|e| sqlite(&e))?;
    {
        let backup = Backup::new(&source, &mut target).map_err(|e| sqlite(&e))?;
        backup.run_to_completion(1000, Duration::from_millis(5), None).map_err(|e| sqlite(&e))?;
    }
    target.execute_batch("PRAGMA journal_mode = DELETE").map_err(|e| sqlite(&e))?;
    let check: String =
        target.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(|e| sqlite(&e))?;
    if check != "ok" {
        return Err(HubError::Store(E::Damaged("the copy does not pass SQLite's check".into())));
    }
    let tenant = hub.tenant().to_string();
    let safe = safe(&target, &tenant).map_err(|e| sqlite(&e))?;
    let (photos, missing) = photos(hub, &target, &tenant, folder)?;
    let ops: i64 = target
        .query_row("SELECT COUNT(*) FROM op WHERE tenant = ?1", [&tenant], |r| r.get(0))
        .map_err(|e| sqlite(&e))?;
    target.execute("UPDATE tenant SET epoch = ''", []).map_err(|e| sqlite(&e))?;
    drop(target);
    let synced =
        |path: &Path| File::open(path).and_then(|f| f.sync_all()).map_err(HubError::io(path.display()));
    synced(&fresh)?;
    fs::rename(&fresh, &database).map_err(HubError::io(database.display()))?;
    synced(folder)?;
    Ok((BackupReport { database, ops: ops.max(0).cast_unsigned(), photos, missing }, safe))
}

fn safe(copy: &Connection, tenant: &str) -> Result<Safe, rusqlite::Error> {
    let mut rows = copy.prepare("SELECT device, n FROM op WHERE tenant = ?1 AND n > 0 ORDER BY device, n")?;
    let mut safe: Safe = Vec::new();
    let rows = rows.query_map([tenant], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?;
    for row in rows {
        let (device, n) = row?;
        match safe.last_mut() {
            Some((last, upto)) if *last == device => {
                if n == *upto + 1 {
                    *upto = n;
                }
            }
            _ => safe.push((device, i64::from(n == 1))),
        }
    }
    Ok(safe)
}

/// Copies photos that are not in the backup yet and lists all that belong to it. One whose file is gone does not keep
/// the others, and the database, out of the backup.
fn photos(hub: &Hub, copy: &Connection, tenant: &str, folder: &Path) -> Result<(u64, u64), HubError> {
    let mut listing = copy
        .prepare("SELECT id, size FROM photo WHERE tenant = ?1 AND state = 'complete' ORDER BY id")
        .map_err(|e| sqlite(&e))?;
    let rows = listing
        .query_map([tenant], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| sqlite(&e))?;
    let (mut text, mut there, mut missing) = (String::new(), 0, 0);
    for (id, size) in &rows {
        let id: BlobId = id.parse()?;
        let from = hub.blobs().path(tenant, &id);
        let relative = from.strip_prefix(hub.blobs().folder()).unwrap_or(&from);
        let to = folder.join("photos").join(relative);
        if !to.exists() && !from.exists() {
            tracing::error!(%id, "a photo that the database says is whole is not in its folder");
            missing += 1;
            continue;
        }
        there += 1;
        if !to.exists() {
            copy_photo(&from, &to).map_err(HubError::io(to.display()))?;
        }
        text.push_str(&format!("{id} {size}\n"));
    }
    let list = folder.join("photos.txt");
    fs::write(&list, text).map_err(HubError::io(list.display()))?;
    Ok((there, missing))
}

fn copy_photo(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let unfinished = to.with_extension("new");
    fs::copy(from, &unfinished)?;
    File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, to)
}
