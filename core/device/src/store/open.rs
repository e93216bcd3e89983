//! Opening the files: checks, pragmas, migrations, and what happens to a damaged one.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Reader, Result, StoreError, Writer, cursor, meta, migrate, salvage, transact};
use crate::error::Words;

/// Where the files are.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The app's folder.
    pub(crate) folder: PathBuf,
    /// Pictures that can be made or fetched again.
    pub(crate) cache: PathBuf,
}

impl Places {
    pub(crate) fn mine(&self) -> PathBuf {
        self.folder.join("mine.db")
    }

    pub(crate) fn hub(&self) -> PathBuf {
        self.folder.join("hub.db")
    }

    /// Copy of page 1 of mine.db, for rescue when its head is overwritten.
    pub(super) fn page_one(&self) -> PathBuf {
        self.folder.join("mine.db.page1")
    }

    /// Where a rescue of mine.db is put together.
    pub(super) fn rescued(&self) -> PathBuf {
        self.folder.join("mine.db.rescued")
    }

    /// Where damaged files are kept.
    pub(crate) fn damaged(&self) -> PathBuf {
        self.folder.join("damaged")
    }

    /// What forms read and show.
    pub(crate) fn form_files(&self) -> PathBuf {
        self.folder.join("form-files")
    }

    pub(crate) fn photos(&self) -> PathBuf {
        self.folder.join("photos")
    }
}

/// Opens both files for writing, moving aside and rescuing what is damaged. `stamp` names what is moved.
pub(crate) fn writer(places: &Places, stamp: &str) -> Result<Writer> {
    std::fs::create_dir_all(&places.folder)?;
    finish_rescue(places, stamp)?;
    let mine = match open_mine(places) {
        Err(StoreError::Damaged(_)) => rescue_mine(places, stamp)?,
        other => other?,
    };
    let mut hub = match open_hub(places) {
        Err(StoreError::Damaged(_)) => {
            move_aside(&places.hub(), &places.damaged(), stamp)?;
            note(
                &mine,
                Words::new(
                    "本机的资料副本损坏，已另存，会重新取一份。你做的不受影响。",
                    "The copy of the hub's data was damaged and kept aside; it will be fetched anew. Your work is not affected.",
                ),
            )?;
            open_hub(places)?
        }
        // A replica of a newer build is only a replica.
        Err(StoreError::Newer { .. }) => {
            move_aside(&places.hub(), &places.damaged(), stamp)?;
            open_hub(places)?
        }
        other => other?,
    };
    if meta::get(&mine, meta::RESCUED)?.as_deref() == Some(RESCUED_NOW) {
        // What could not be rescued here may be at the hub: the feeds are read again, own records with their bodies.
        transact(&mut hub, |tx| {
            cursor::forget_all(tx)?;
            meta::set(tx, meta::SWEEP_DUE, "1")
        })?;
        meta::set(&mine, meta::RESCUED, "1")?;
    }
    Ok(Writer { mine, hub })
}

/// [`meta::RESCUED`] until the replica knows of it.
const RESCUED_NOW: &str = "now";

/// Opens both files for reading only.
pub(crate) fn reader(places: &Places) -> Result<Reader> {
    let open = |path: PathBuf| -> Result<Connection> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "query_only", true)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    Ok(Reader { mine: open(places.mine())?, hub: open(places.hub())? })
}

fn open_mine(places: &Places) -> Result<Connection> {
    // SQLite takes an empty file for a new one; if there was a page 1 once, it is a lost one.
    let path = places.mine();
    let length = std::fs::metadata(&path).map(|m| m.len()).ok();
    if places.page_one().exists() && length.unwrap_or(0) == 0 {
        return Err(StoreError::Damaged("file is empty"));
    }
    let mut connection = open_file(&path, "FULL")?;
    check(&connection)?;
    if migrate::migrate(&mut connection, migrate::MINE)? || !places.page_one().exists() {
        checkpoint(&connection)?;
        keep_page_one(places)?;
    }
    Ok(connection)
}

fn open_hub(places: &Places) -> Result<Connection> {
    let mut connection = open_file(&places.hub(), "NORMAL")?;
    check(&connection)?;
    migrate::migrate(&mut connection, migrate::HUB)?;
    Ok(connection)
}

fn open_file(path: &Path, synchronous: &str) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Quick structural check of the whole file.
fn check(connection: &Connection) -> Result<()> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged("quick_check")) }
}

/// Brings the WAL into the file, as far as readers allow.
pub(crate) fn checkpoint(connection: &Connection) -> Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn keep_page_one(places: &Places) -> Result<()> {
    use std::io::Read;
    let mut page = Vec::new();
    std::fs::File::open(places.mine())?.take(4096).read_to_end(&mut page)?;
    write_durably(&places.page_one(), &page)
}

/// Writes a file so that it is there whole or not at all: temporary, fsync, rename, fsync of the folder.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let part = path.with_extension("part");
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    sync_folder(path.parent())
}

/// Makes a rename in this folder durable.
pub(crate) fn sync_folder(folder: Option<&Path>) -> Result<()> {
    if let Some(folder) = folder {
        // Some file systems can't open a folder for syncing; the rename itself is atomic everywhere.
        if let Ok(open) = std::fs::File::open(folder) {
            let _ = open.sync_all();
        }
    }
    Ok(())
}

fn move_aside(path: &Path, damaged: &Path, stamp: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(damaged)?;
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("file.db");
    let kept = damaged.join(format!("{stamp}-{name}"));
    for end in ["", "-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{end}", path.display()));
        if from.exists() {
            std::fs::rename(&from, format!("{}{end}", kept.display()))?;
        }
    }
    sync_folder(Some(damaged))?;
    Ok(kept)
}

/// Rescues what can be read into a file beside the damaged one, and only then puts it in its place: a rescue that is
/// cut, or finds the disk full, leaves the damaged file where the next start finds it.
fn rescue_mine(places: &Places, stamp: &str) -> Result<Connection> {
    let page_one = std::fs::read(places.page_one()).ok();
    let rescued = places.rescued();
    remove(&rescued)?;
    let mut fresh = open_file(&rescued, "FULL")?;
    migrate::migrate(&mut fresh, migrate::MINE)?;
    let saved = salvage::salvage(&places.mine(), page_one.as_deref(), &mut fresh)?;
    meta::set(&fresh, meta::RESCUED, RESCUED_NOW)?;
    tracing::error!(rows = saved.rows, lost = saved.lost, "mine.db was damaged, moved aside and salvaged");
    note(
        &fresh,
        Words::new(
            format!(
                "有一个数据文件损坏，已原样保留在一旁。救回{}项，都在本机；{}项没有救回。可以继续使用，请联系管理员导出抢救包。",
                saved.rows, saved.lost
            ),
            format!(
                "A data file was damaged and kept aside unchanged. {} rows were rescued and are on this phone, {} were not. You can go on; ask the administrator about the rescue bundle.",
                saved.rows, saved.lost
            ),
        ),
    )?;
    checkpoint(&fresh)?;
    drop(fresh);
    move_aside(&places.mine(), &places.damaged(), stamp)?;
    finish_rescue(places, stamp)?;
    open_mine(places)
}

/// Puts a rescued file into its place: now, or at the start after a rescue that was cut. As long as the damaged file
/// is still in its place, what was rescued is not whole.
fn finish_rescue(places: &Places, stamp: &str) -> Result<()> {
    let (mine, rescued) = (places.mine(), places.rescued());
    if !rescued.exists() {
        return Ok(());
    }
    if mine.exists() {
        return remove(&rescued);
    }
    // A log of the damaged file must not be taken for one of the rescued.
    move_aside(&mine, &places.damaged(), stamp)?;
    match std::fs::remove_file(places.page_one()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    std::fs::rename(&rescued, &mine)?;
    sync_folder(mine.parent())
}

/// Removes a database with its log.
fn remove(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        match std::fs::remove_file(format!("{}{end}", path.display())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Adds a notice for the person.
pub(crate) fn note(mine: &Connection, words: Words) -> Result<()> {
    let mut notices: Vec<Words> = meta::read(mine, meta::NOTICES)?.unwrap_or_default();
    notices.retain(|known| *known != words);
    notices.push(words);
    // The oldest go first; each was there to be read at many a start.
    let skip = notices.len().saturating_sub(10);
    meta::write(mine, meta::NOTICES, &notices.split_off(skip))
}
