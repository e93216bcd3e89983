//! Performs what the planner decides, on the network thread.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, oneshot};
use xuncha_wire::Cursor;
use xuncha_wire::blob::BlobId;
use xuncha_wire::pull::Page;

use super::ahead::{self, Ahead, Packed};
use super::client::{Client, silence};
use super::plan::{Decided, Effect, End, EndKind, Event, Failure, HubSays, Limits, PhotoMark, Planner};
use super::{Enrolled, KEY_ALIAS, enrol, fetch, files, store, upload, words};
use crate::change::Change;
use crate::core::{Core, lock};
use crate::entity_lists;
use crate::error::{AppError, internal};
use crate::store::ops::{self, Outgoing};
use crate::store::{StoreError, meta, open, photos};
use crate::view::{SyncKind, SyncOutcome, SyncProgress};

type Answer = Result<SyncOutcome, AppError>;

/// The sync that runs, if one does.
#[derive(Default)]
pub(crate) struct SyncState {
    running: Mutex<Option<Running>>,
    /// Did this phone's full disk end the last sync? Not on the disk, for that is full.
    full: AtomicBool,
}

struct Running {
    waiting: Vec<oneshot::Sender<Answer>>,
    /// Who called when this sync had listed its ops already: what they wrote before calling goes in the next one.
    next: Vec<oneshot::Sender<Answer>>,
    /// Has this sync listed its ops?
    listed: bool,
    cancel: Arc<Notify>,
    progress: SyncProgress,
}

impl SyncState {
    /// How far the running sync is.
    pub(crate) fn progress(&self) -> Option<SyncProgress> {
        lock(&self.running).as_ref().map(|running| running.progress.clone())
    }

    /// Did this phone's full disk end the sync before?
    pub(super) fn was_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Asks the running sync to stop.
    pub(crate) fn cancel(&self) {
        if let Some(running) = lock(&self.running).as_ref() {
            // Kept for a waiter that comes later, should nobody wait just now.
            running.cancel.notify_one();
        }
    }
}

/// Starts a sync, joins the one that runs, or waits for the one after it: whatever was written before this call has
/// been offered to the hub when it answers.
pub(crate) async fn sync(core: Arc<Core>) -> Answer {
    let (answer, waiting) = oneshot::channel();
    let starts = {
        let mut running = lock(&core.sync.running);
        match running.as_mut() {
            Some(running) if running.listed => {
                running.next.push(answer);
                None
            }
            Some(running) => {
                running.waiting.push(answer);
                None
            }
            None => Some(answer),
        }
    };
    if let Some(answer) = starts {
        start(&core, vec![answer]);
    }
    // An answer that is dropped is one that a closed core can't give.
    waiting.await.unwrap_or(Err(AppError::Closed))
}

fn start(core: &Arc<Core>, waiting: Vec<oneshot::Sender<Answer>>) {
    let cancel = Arc::new(Notify::new());
    let progress = SyncProgress { sentence: String::new(), done: 0, total: 0 };
    let fresh = Running { waiting, next: Vec::new(), listed: false, cancel: cancel.clone(), progress };
    *lock(&core.sync.running) = Some(fresh);
    let started = core.clone();
    let posted = core.net.post(move || async move {
        // However it ends, also by closing, whoever waits is told.
        let mut done = TellAll { core: started.clone(), answer: Err(AppError::Closed) };
        // The panic's own words may quote an answer, and are not passed on.
        done.answer = AssertUnwindSafe(run(&started, &cancel))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(internal(&"a sync panicked")));
        let full = matches!(done.answer, Err(AppError::StorageFull));
        started.sync.full.store(full, Ordering::Relaxed);
    });
    if !posted {
        lock(&core.sync.running).take();
    }
}

struct TellAll {
    core: Arc<Core>,
    answer: Answer,
}

impl Drop for TellAll {
    fn drop(&mut self) {
        let running = lock(&self.core.sync.running).take();
        let (mut waiting, next) = running.map(|running| (running.waiting, running.next)).unwrap_or_default();
        if matches!(&self.answer, Ok(outcome) if outcome.kind == SyncKind::Cancelled) {
            // Whoever stops a sync does not want the next one either.
            waiting.extend(next);
        } else if !next.is_empty() {
            start(&self.core, next);
        }
        for waiting in waiting {
            let _ = waiting.send(self.answer.clone());
        }
        self.core.notifier.notice(Change::Sync);
    }
}

/// One sync at work.
struct Run<'a> {
    core: &'a Arc<Core>,
    enrolled: Enrolled,
    client: Client,
    /// Are own records pulled with their bodies? Only where mine.db had to be rescued.
    with_own: bool,
    /// The number of the last op that was made when ops were listed.
    listed_up_to: u64,
    /// What is got ready while something else is waited for.
    ahead: Ahead,
    /// Ops and photos to go, for the progress sentence.
    total: u64,
    done: u64,
}

async fn run(core: &Arc<Core>, cancel: &Notify) -> Answer {
    let ((enrolled, revoked), with_own) = core
        .read(|reader| {
            let rescued = meta::get(&reader.mine, meta::RESCUED)?.is_some();
            Ok((enrol::identity(&reader.mine)?, rescued))
        })
        .await?;
    let enrolled = enrolled.ok_or(AppError::Unauthorized { revoked: false })?;
    let silent = silence(core.config.answer_timeout_ms);
    let http = core.http.of(&enrolled.hub, &enrolled.pins, silent)?;
    let token = lock(&core.token).clone().filter(|_| !revoked);
    let logged_in = token.is_some();
    let seed = u64::from_be_bytes(core.env.random());
    let local = core.read(move |reader| Ok(store::local(reader, logged_in, seed)?)).await?;
    let client = Client::new(http, &enrolled.hub, token);
    let mut run =
        Run { core, enrolled, client, with_own, listed_up_to: 0, ahead: Ahead::default(), total: 0, done: 0 };
    let mut planner = Planner::new(Limits::default());
    let mut todo = VecDeque::from(planner.handle(Event::Start(local)));
    let mut end = End { kind: EndKind::Trouble, ..End::default() };
    let mut stopped = false;
    while let Some(effect) = todo.pop_front() {
        if let Effect::Finish(finished) = effect {
            end = finished;
            break;
        }
        // What is being committed is committed; only waiting and talking can be stopped.
        let event = tokio::select! {
            biased;
            event = run.perform(effect) => event?,
            () = cancel.notified() => {
                stopped = true;
                break;
            }
        };
        todo.extend(planner.handle(event));
    }
    if !stopped && matches!(end.kind, EndKind::Done | EndKind::Partly) {
        tokio::select! {
            biased;
            waiting = files::for_forms(core, &mut run.client) => end.forms_waiting = waiting?,
            () = cancel.notified() => stopped = true,
        }
    }
    if !stopped && matches!(end.kind, EndKind::Done | EndKind::Partly) {
        fetch::for_own_cases(core, &mut run.client).await;
    }
    run.ended(end, stopped, silent).await
}

impl Run<'_> {
    async fn ended(mut self, end: End, stopped: bool, silent: Duration) -> Answer {
        self.all_settled().await?;
        let revoked = end.kind == EndKind::Revoked;
        if revoked {
            lock(&self.core.token).take();
        }
        let reached = matches!(end.kind, EndKind::Done | EndKind::Partly | EndKind::Outdated);
        if !reached {
            self.core.http.forget();
        }
        if !stopped && end.kind == EndKind::Done {
            self.core.write(|writer| Ok(entity_lists::settle(writer)?)).await?;
        }
        // A sync that was stopped says nothing of what hinders.
        let why = (!stopped).then(|| words::waiting_why(end.kind));
        let waits = self
            .core
            .write(move |writer| {
                match why {
                    Some(Some(word)) => meta::set(&writer.mine, meta::WAITING_WHY, word)?,
                    Some(None) => meta::remove(&writer.mine, meta::WAITING_WHY)?,
                    None => {}
                }
                let known = meta::get(&writer.mine, meta::REVOKED)?.is_some();
                if revoked && !known {
                    meta::set(&writer.mine, meta::REVOKED, "1")?;
                } else if reached && known {
                    meta::remove(&writer.mine, meta::REVOKED)?;
                }
                let (made, held) = photos::counts(&writer.mine)?;
                Ok((ops::counts(&writer.mine)?.waiting, made.saturating_sub(held)))
            })
            .await?;
        let (kind, words) = if stopped {
            (SyncKind::Cancelled, words::cancelled(waits))
        } else {
            words::ended(&end, waits, silent.as_secs())
        };
        Ok(SyncOutcome {
            kind,
            sentence: words.in_language(self.core.language()),
            pushed: end.pushed,
            refused: end.refused,
            quarantined: end.quarantined,
            photos_uploaded: end.uploaded,
            pulled: end.pulled,
            repulled: end.repulled.iter().map(ToString::to_string).collect(),
            reoffered: end.offered_again,
            bytes_up: self.client.bytes.0,
            bytes_down: self.client.bytes.1,
        })
    }

    fn progress(&self, zh: &str, en: &str) {
        tell(self.core, (self.done, self.total), zh, en);
    }

    /// Does one thing. An error is one of this phone (a full disk, a damaged file): it ends the sync.
    async fn perform(&mut self, effect: Effect) -> Result<Event, AppError> {
        if !matches!(effect, Effect::Push { .. } | Effect::Settle { .. } | Effect::Pull { .. }) {
            self.all_settled().await?;
        }
        let done = match effect {
            Effect::Login => self.login().await?,
            Effect::ListOps => {
                // First the mark, then the list: who writes in between waits for the next sync for nothing, at worst.
                if let Some(running) = lock(&self.core.sync.running).as_mut() {
                    running.listed = true;
                }
                let (heads, made) = self
                    .core
                    .read(|reader| Ok((ops::pending_heads(&reader.mine)?, ops::made(&reader.mine)?)))
                    .await?;
                self.listed_up_to = made;
                (self.total, self.done) = (heads.len() as u64, 0);
                Ok(Event::Ops(heads))
            }
            Effect::Push { ns, next } => {
                self.progress("正在交记录", "Handing in records");
                self.push(ns, next).await?
            }
            Effect::Settle { decided, says } => {
                self.done += decided.len() as u64;
                self.settle(decided, says).await?;
                Ok(Event::Settled)
            }
            Effect::Custody { n } => self.custody(n).await?,
            Effect::Keep { n } => {
                self.core.write(move |writer| Ok(store::keep(writer, n)?)).await?;
                Ok(Event::Settled)
            }
            Effect::SetEpoch { epoch, offer_again } => {
                // What was packed speaks of the epoch before.
                self.ahead.packed = None;
                self.core.write(move |writer| Ok(store::set_epoch(writer, epoch, offer_again)?)).await?;
                Ok(Event::EpochSet)
            }
            Effect::Pull { cursor, max } => {
                self.progress("正在取资料", "Fetching data");
                self.page(&cursor, max).await.map(|page| Event::Paged(Box::new(page)))
            }
            Effect::Apply { page, drop, after } => {
                if page.trailer.more {
                    self.ask_ahead(&after);
                }
                let (env, files) = (self.core.env.clone(), self.core.form_files.clone());
                let apply = move |writer: &mut crate::store::Writer| {
                    Ok(store::apply(writer, &page, &drop, &after, &env, &files)?)
                };
                let (sums, changes) = self.core.write(apply).await?;
                changes.into_iter().for_each(|change| self.core.notifier.notice(change));
                Ok(Event::Applied(sums))
            }
            Effect::Drop { scopes } => {
                self.core.write(move |writer| Ok(store::drop_scopes(writer, &scopes)?)).await?;
                Ok(Event::Dropped)
            }
            Effect::ListPhotos => {
                let up_to = self.listed_up_to;
                let list = self.core.read(move |reader| Ok(waiting_photos(reader, up_to)?)).await?;
                (self.total, self.done) = (list.len() as u64, 0);
                Ok(Event::Photos(list))
            }
            Effect::Have { ids } => self.client.have(ids).await.map(Event::Had),
            Effect::Mark { id, mark } => {
                self.done += u64::from(!matches!(mark, PhotoMark::Arrived(_)));
                self.core.write(move |writer| Ok(store::mark(writer, id.as_str(), &mark)?)).await?;
                self.core.notifier.notice(Change::Photos);
                Ok(Event::Marked)
            }
            Effect::AskOffset { id } => {
                self.progress("正在传照片", "Uploading photos");
                let stand = self.client.stand(&id).await;
                stand.map(|stand| Event::At { offset: stand.offset, whole: stand.whole, took_ms: 0 })
            }
            Effect::Append { id, at, length } => self.append(id, at, length).await?,
            Effect::Wait { ms } => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                Ok(Event::Woke)
            }
            Effect::Finish(_) => return Err(internal(&"finish is not performed")),
        };
        Ok(done.unwrap_or_else(Event::Failed))
    }

    async fn login(&mut self) -> Result<Result<Event, Failure>, AppError> {
        self.client.token = None;
        match enrol::login(self.core, &self.enrolled, &mut self.client).await? {
            Ok(token) => {
                *lock(&self.core.token) = Some(token.clone());
                self.client.token = Some(token);
                Ok(Ok(Event::LoggedIn))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    async fn push(&mut self, ns: Vec<u64>, next: Vec<u64>) -> Result<Result<Event, Failure>, AppError> {
        let packed = match self.ahead.packed.take() {
            Some((of, ready)) if of == ns => ready.await.map_err(|_| AppError::Closed)??,
            _ => ahead::pack(self.core, self.enrolled.device, ns).await?,
        };
        let body = match packed {
            Packed::Ready(body) => body,
            Packed::Damaged(ns) => return Ok(Ok(Event::Damaged { ns })),
        };
        if !next.is_empty() {
            let (core, device, of) = (self.core.clone(), self.enrolled.device, next.clone());
            let ready = tokio::task::spawn_local(async move { ahead::pack(&core, device, next).await });
            self.ahead.packed = Some((of, ready));
        }
        let signature = match self.sign(&body).await? {
            Ok(signature) => signature,
            Err(failure) => return Ok(Err(failure)),
        };
        let began = self.core.env.clock().mono_ms();
        let answer = self.client.push(body, &signature).await;
        let took_ms = u64::try_from(self.core.env.clock().mono_ms() - began).unwrap_or(0);
        Ok(answer.map(|answer| Event::Pushed { took_ms, answer }))
    }

    /// Writes verdicts down while the next request is under way. A phone that dies before they are written finds the
    /// ops pending and sends them again; the hub says `duplicate`.
    async fn settle(&mut self, decided: Vec<Decided>, says: HubSays) -> Result<(), AppError> {
        self.all_settled().await?;
        let core = self.core.clone();
        self.ahead.settling = Some(tokio::task::spawn_local(async move {
            let env = core.env.clone();
            core.write(move |writer| Ok(store::settle(writer, &decided, &says, &env)?)).await?;
            core.notifier.notice(Change::Cases);
            core.notifier.notice(Change::Records);
            Ok(())
        }));
        Ok(())
    }

    /// Waits until every verdict is committed: whatever reads or changes the store comes after it.
    async fn all_settled(&mut self) -> Result<(), AppError> {
        match self.ahead.settling.take() {
            Some(settling) => settling.await.map_err(|_| AppError::Closed)?,
            None => Ok(()),
        }
    }

    async fn page(&mut self, cursor: &Cursor, max: usize) -> Result<Page, Failure> {
        if let Some((of, asked)) = self.ahead.page.take()
            && of == *cursor
            && let Ok((page, bytes)) = asked.await
        {
            self.client.bytes.1 += bytes;
            return page;
        }
        self.client.pull(cursor, max, self.with_own).await
    }

    /// Asks for the page after the one that is about to be applied.
    fn ask_ahead(&mut self, after: &Cursor) {
        let (mut client, cursor, with_own) = (self.client.clone(), after.clone(), self.with_own);
        client.bytes = (0, 0);
        let asked = tokio::task::spawn_local(async move {
            let page = client.pull(&cursor, Limits::default().page_rows, with_own).await;
            (page, client.bytes.1)
        });
        self.ahead.page = Some((after.clone(), asked));
    }

    async fn custody(&mut self, n: u64) -> Result<Result<Event, Failure>, AppError> {
        let bytes = self
            .core
            .read(move |reader| match ops::outgoing(&reader.mine, n)? {
                Some(Outgoing::Whole(op)) => Ok(serde_json::to_vec(&op).map_err(StoreError::from)?),
                // Bytes that a person may still read, and photos that must still go up.
                _ => Ok(ops::as_it_stands(&reader.mine, n)?),
            })
            .await?;
        let signature = match self.sign(&bytes).await? {
            Ok(signature) => signature,
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(self.client.custody(bytes, &signature).await.map(|()| Event::CustodyTaken))
    }

    async fn sign(&self, body: &[u8]) -> Result<Result<String, Failure>, AppError> {
        let message = xuncha_wire::sign::push_bytes(&self.enrolled.hub_id, self.enrolled.device, body);
        enrol::signature(self.core, message).await
    }

    async fn append(&mut self, id: BlobId, at: u64, length: u64) -> Result<Result<Event, Failure>, AppError> {
        self.progress("正在传照片", "Uploading photos");
        let name = id.clone();
        let photo = self.core.read(move |reader| Ok(photos::need(&reader.mine, name.as_str())?)).await?;
        let path = self.core.media.original(&photo.file);
        let Ok(piece) = upload::piece(&path, at, length) else { return Ok(Err(Failure::NotFound)) };
        if piece.len() as u64 != length {
            // The file on this phone is not what it was: it is told, and the others go on.
            self.note_changed_photo().await?;
            return Ok(Err(Failure::NotFound));
        }
        let began = self.core.env.clock().mono_ms();
        let answer = self.client.append(&id, at, photo.size, piece).await;
        let took_ms = u64::try_from(self.core.env.clock().mono_ms() - began).unwrap_or(0);
        if matches!(answer, Err(Failure::WrongHash)) && !upload::is_whole(&path, &id) {
            self.note_changed_photo().await?;
            return Ok(Err(Failure::NotFound));
        }
        Ok(answer.map(|stand| Event::At {
            offset: stand.offset.min(photo.size),
            whole: stand.whole,
            took_ms,
        }))
    }

    async fn note_changed_photo(&self) -> Result<(), AppError> {
        let words = crate::error::Words::new(
            "有一张照片的文件在手机上变了，传不上去。其余都完好。请联系管理员。",
            "A photo's file changed on this phone and can't go up. Everything else is intact. Tell the administrator.",
        );
        self.core.write(move |writer| Ok(open::note(&writer.mine, words)?)).await
    }
}

/// Says how far the running sync is: so many of so many.
pub(super) fn tell(core: &Core, (done, total): (u64, u64), zh: &str, en: &str) {
    let sentence = if core.language().starts_with("en") { en } else { zh };
    if let Some(running) = lock(&core.sync.running).as_mut() {
        running.progress = SyncProgress { sentence: sentence.to_owned(), done, total };
    }
    core.notifier.notice(Change::Sync);
}

/// Photos to go up. The hub does not know those of an op that was made after the ops were listed; they go up after it.
fn waiting_photos(reader: &crate::store::Reader, up_to: u64) -> Result<Vec<(BlobId, u64)>, StoreError> {
    let waiting = photos::waiting(&reader.mine)?;
    let later = ops::blobs_after(&reader.mine, up_to)?;
    let known = waiting.into_iter().filter(|photo| !later.contains(&photo.id));
    known.map(|photo| Ok((photo.id.parse()?, photo.size))).collect()
}

/// The key at the platform, named once.
pub(super) fn alias() -> String {
    KEY_ALIAS.to_owned()
}
