//! SQLite: one writer thread with group commit, and a few read-only connections.
//!
//! The writer takes what waits in its queue (up to [`GROUP`] jobs), opens one transaction, runs each job in a
//! savepoint and in `catch_unwind`, commits once, and only then answers all of them: one fsync for many phones. The
//! queue is bounded; a full queue is [`E::Overloaded`], which the API turns into 503.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};
use tokio::sync::{Semaphore, oneshot};

use super::{E, Row, Tx, V, schema};

/// Most jobs of one commit. Large pushes make small ones wait, so the group stays small.
const GROUP: usize = 32;
/// Most jobs that wait.
const QUEUE: usize = 256;
/// Read-only connections.
const READERS: usize = 4;

type Boxed = Box<dyn Any + Send>;

type Work = dyn Fn(&mut dyn Tx) -> Result<Boxed, E> + Send;

struct Job {
    work: Box<Work>,
    answer: oneshot::Sender<Result<Boxed, E>>,
}

/// The SQLite store.
pub struct Lite {
    file: PathBuf,
    queue: Mutex<Option<SyncSender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Mutex<Vec<Lane>>>,
    turns: Arc<Semaphore>,
}

impl Lite {
    /// Opens or makes the file, migrates it and starts the writer.
    ///
    /// # Errors
    /// [`E`].
    pub fn open(file: &Path) -> Result<Self, E> {
        let mut connection = Connection::open(file).map_err(|e| error(&e))?;
        prepare(&connection)?;
        // The writer touches every index of every table that a push changes.
        connection.execute_batch("PRAGMA cache_size = -64000").map_err(|e| error(&e))?;
        check(&connection, file)?;
        schema::migrate(&mut connection)?;
        let readers = (0..READERS).map(|_| Lane::reading(file)).collect::<Result<Vec<_>, _>>()?;
        let (queue, jobs) = sync_channel(QUEUE);
        let lane = Lane::new(connection);
        let writer = std::thread::Builder::new()
            .name("hub-writer".into())
            .spawn(move || write_loop(lane, &jobs))
            .map_err(|e| E::Other(e.to_string()))?;
        Ok(Self {
            file: file.to_owned(),
            queue: Mutex::new(Some(queue)),
            writer: Mutex::new(Some(writer)),
            readers: Arc::new(Mutex::new(readers)),
            turns: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// The database's file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        F: Fn(&mut dyn Tx) -> Result<T, E> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move |tx: &mut dyn Tx| work(tx).map(|t| Box::new(t) as Boxed));
        {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queue.as_ref().ok_or_else(|| E::Other("the store is closed".into()))?;
            queue.try_send(Job { work, answer }).map_err(|e| match e {
                TrySendError::Full(_) => E::Overloaded,
                TrySendError::Disconnected(_) => E::Other("the writer has ended".into()),
            })?;
        }
        let boxed = answered.await.map_err(|_| E::Other("the writer has ended".into()))??;
        boxed.downcast::<T>().map(|t| *t).map_err(|_| E::Other("a job answered another type".into()))
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        F: Fn(&mut dyn Tx) -> Result<T, E> + Send + Sync + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| E::Other("the store is closed".into()))?;
        let readers = Arc::clone(&self.readers);
        let file = self.file.clone();
        let done = tokio::task::spawn_blocking(move || {
            let free = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut lane = match free {
                Some(lane) => lane,
                None => Lane::reading(&file)?,
            };
            let answer = lane.transaction("BEGIN DEFERRED", |tx| work(tx));
            readers.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
            drop(turn);
            answer
        });
        done.await.map_err(|_| E::Panicked)?
    }

    /// Ends the writer after what waits, and waits for it.
    pub fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer
            && writer.join().is_err()
        {
            tracing::error!("the writer thread ended in a panic");
        }
    }
}

impl Drop for Lite {
    fn drop(&mut self) {
        self.close();
    }
}

fn prepare(connection: &Connection) -> Result<(), E> {
    connection.busy_timeout(Duration::from_secs(5)).map_err(|e| error(&e))?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 16000;",
        )
        .map_err(|e| error(&e))?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

/// Bytes up to which a file is checked whole at each start: a few seconds. In a larger one damage is told when it is read.
const CHECKED: u64 = 4 << 30;

/// SQLite's quick check: a file with a spoilt page is not served from.
fn check(connection: &Connection, file: &Path) -> Result<(), E> {
    if std::fs::metadata(file).is_ok_and(|meta| meta.len() > CHECKED) {
        return Ok(());
    }
    let found: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|e| error(&e))?;
    if found == "ok" { Ok(()) } else { Err(E::Damaged("the file does not pass SQLite's check".into())) }
}

fn write_loop(mut lane: Lane, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match jobs.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        commit_group(&mut lane, group);
    }
}

/// Runs a group in one transaction. If the commit itself fails, nobody is told that their work is done.
fn commit_group(lane: &mut Lane, group: Vec<Job>) {
    // A savepoint costs a copy of every page that a large push touches; a job alone needs none.
    if group.len() == 1 {
        for Job { work, answer } in group {
            let _ = answer.send(lane.transaction("BEGIN IMMEDIATE", |tx| work(tx)));
        }
        return;
    }
    if let Err(e) = lane.batch("BEGIN IMMEDIATE") {
        for job in group {
            let _ = job.answer.send(Err(e.clone()));
        }
        return;
    }
    let mut done = Vec::with_capacity(group.len());
    for job in group {
        let result = run_in_savepoint(lane, &*job.work);
        done.push((job.answer, result));
    }
    let committed = lane.batch("COMMIT");
    if committed.is_err() {
        lane.roll_back();
    }
    for (answer, result) in done {
        let _ = answer.send(match &committed {
            Ok(()) => result,
            Err(e) => result.and(Err(e.clone())),
        });
    }
}

fn run_in_savepoint(lane: &mut Lane, work: &Work) -> Result<Boxed, E> {
    lane.batch("SAVEPOINT job")?;
    match lane.guarded(|tx| work(tx)) {
        Ok(value) => lane.batch("RELEASE job").map(|()| value),
        Err(e) => {
            lane.batch("ROLLBACK TO job; RELEASE job")?;
            Err(e)
        }
    }
}

/// A connection with the parameter names of the statements it knows. Plain SQLite numbers `$n` by their order of
/// appearance, so parameters are bound by name; asking for the names each time is three times slower.
struct Lane {
    connection: Connection,
    names: HashMap<&'static str, Arc<[usize]>>,
}

impl Lane {
    fn new(connection: Connection) -> Self {
        Self { connection, names: HashMap::new() }
    }

    fn reading(file: &Path) -> Result<Self, E> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(|e| error(&e))?;
        prepare(&connection)?;
        connection.execute_batch("PRAGMA query_only = ON").map_err(|e| error(&e))?;
        Ok(Self::new(connection))
    }

    fn batch(&self, sql: &str) -> Result<(), E> {
        self.connection.execute_batch(sql).map_err(|e| error(&e))
    }

    fn transaction<T>(
        &mut self,
        begin: &'static str,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.batch(begin)?;
        let result = self.guarded(work).and_then(|value| self.batch("COMMIT").map(|()| value));
        if result.is_err() {
            self.roll_back();
        }
        result
    }

    fn guarded<T>(&mut self, work: impl FnOnce(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        let mut unit = Unit { connection: &self.connection, names: &mut self.names, held: Vec::new() };
        catch_unwind(AssertUnwindSafe(|| work(&mut unit))).unwrap_or_else(|_| Err(E::Panicked))
    }

    /// Ends the transaction without effect. SQLite may have done so already, after a full disk for one.
    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(e) = self.batch("ROLLBACK")
        {
            tracing::warn!(error = %e, "rollback after a failure");
        }
    }
}

/// A unit of work at a connection. It holds the statements that it has run: a large push runs the same few thousands
/// of times, and finding one by its text takes longer than some of them run.
struct Unit<'c> {
    connection: &'c Connection,
    names: &'c mut HashMap<&'static str, Arc<[usize]>>,
    held: Vec<Statement<'c>>,
}

struct Statement<'c> {
    sql: &'static str,
    prepared: CachedStatement<'c>,
    names: Arc<[usize]>,
}

impl<'c> Unit<'c> {
    fn statement(&mut self, sql: &'static str) -> Result<&mut Statement<'c>, E> {
        let at = match self.held.iter().position(|held| std::ptr::eq(held.sql, sql)) {
            Some(at) => at,
            None => {
                let prepared = self.connection.prepare_cached(sql).map_err(|e| error(&e))?;
                let names = self.names(sql, &prepared)?;
                self.held.push(Statement { sql, prepared, names });
                self.held.len() - 1
            }
        };
        self.held.get_mut(at).ok_or_else(|| E::Other("a statement was lost".into()))
    }

    fn names(&mut self, sql: &'static str, prepared: &CachedStatement<'_>) -> Result<Arc<[usize]>, E> {
        if let Some(names) = self.names.get(sql) {
            return Ok(Arc::clone(names));
        }
        let names = (1..=prepared.parameter_count())
            .map(|at| numbered(prepared.parameter_name(at)).ok_or_else(|| bad_parameter(sql)))
            .collect::<Result<Arc<[usize]>, E>>()?;
        self.names.insert(sql, Arc::clone(&names));
        Ok(names)
    }
}

impl Tx for Unit<'_> {
    fn run(
        &mut self,
        sql: &'static str,
        params: &[V<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), E>,
    ) -> Result<u64, E> {
        let Statement { prepared, names, .. } = self.statement(sql)?;
        for (at, name) in names.iter().enumerate() {
            let value = params.get(name.wrapping_sub(1)).ok_or_else(|| bad_parameter(sql))?;
            let bound = match value {
                V::I(i) => prepared.raw_bind_parameter(at + 1, i),
                V::T(t) => prepared.raw_bind_parameter(at + 1, t),
                V::B(b) => prepared.raw_bind_parameter(at + 1, b),
            };
            bound.map_err(|e| error(&e))?;
        }
        if prepared.column_count() == 0 {
            return prepared.raw_execute().map(|n| n as u64).map_err(|e| error(&e));
        }
        let mut rows = prepared.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next().map_err(|e| error(&e))? {
            each(&LiteRow(row))?;
            count += 1;
        }
        Ok(count)
    }
}

fn numbered(name: Option<&str>) -> Option<usize> {
    name?.strip_prefix('$')?.parse().ok().filter(|n| *n > 0)
}

fn bad_parameter(sql: &str) -> E {
    E::Other(format!("parameters do not fit the statement: {sql}"))
}

struct LiteRow<'a, 'b>(&'a rusqlite::Row<'b>);

impl LiteRow<'_, '_> {
    fn get(&self, column: usize) -> Result<ValueRef<'_>, E> {
        self.0.get_ref(column).map_err(|e| error(&e))
    }
}

impl Row for LiteRow<'_, '_> {
    fn int(&self, column: usize) -> Result<i64, E> {
        match self.get(column)? {
            ValueRef::Integer(i) => Ok(i),
            other => Err(wrong(column, other)),
        }
    }

    fn text(&self, column: usize) -> Result<String, E> {
        match self.get(column)? {
            ValueRef::Text(bytes) => String::from_utf8(bytes.to_vec())
                .map_err(|_| E::Damaged(format!("column {column} is not UTF-8"))),
            other => Err(wrong(column, other)),
        }
    }

    fn blob(&self, column: usize) -> Result<Vec<u8>, E> {
        match self.get(column)? {
            ValueRef::Blob(bytes) => Ok(bytes.to_vec()),
            other => Err(wrong(column, other)),
        }
    }
}

fn wrong(column: usize, value: ValueRef<'_>) -> E {
    E::Damaged(format!("column {column} is {}", value.data_type()))
}

/// What SQLite says, without stored content.
pub(crate) fn error(e: &rusqlite::Error) -> E {
    // The index of the WAL can't grow: a full disk, met while a file is opened.
    let extended = e.sqlite_error().map(|failure| failure.extended_code);
    if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return E::Full;
    }
    match e.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => E::Again(e.to_string()),
        Some(ErrorCode::ConstraintViolation) => E::Constraint(e.to_string()),
        Some(ErrorCode::DiskFull) => E::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => E::Damaged(e.to_string()),
        _ => E::Other(e.to_string()),
    }
}
