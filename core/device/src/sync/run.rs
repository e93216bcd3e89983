//! Performs what the planner decides, on the network thread.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use xuncha_wire::blob::BlobId;
use xuncha_wire::push::{self, PushHeader};

use super::client::{Client, pack, silence};
use super::plan::{Effect, End, EndKind, Event, Failure, Limits, PhotoMark, Planner};
use super::{Enrolled, KEY_ALIAS, enrol, fetch, store, tls, upload, words};
use crate::change::Change;
use crate::core::{Core, lock};
use crate::error::{AppError, internal};
use crate::store::{StoreError, meta, open, ops, photos};
use crate::view::{SyncKind, SyncOutcome, SyncProgress};

type Answer = Result<SyncOutcome, AppError>;

/// The sync that runs, if one does.
#[derive(Default)]
pub(crate) struct SyncState {
    running: Mutex<Option<Running>>,
}

struct Running {
    waiting: Vec<oneshot::Sender<Answer>>,
    cancel: Arc<Notify>,
    progress: SyncProgress,
}

impl SyncState {
    /// How far the running sync is.
    pub(crate) fn progress(&self) -> Option<SyncProgress> {
        lock(&self.running).as_ref().map(|running| running.progress.clone())
    }

    /// Asks the running sync to stop.
    pub(crate) fn cancel(&self) {
        if let Some(running) = lock(&self.running).as_ref() {
            // Kept for a waiter that comes later, should nobody wait just now.
            running.cancel.notify_one();
        }
    }
}

/// Starts a sync, or joins the one that runs.
pub(crate) async fn sync(core: Arc<Core>) -> Answer {
    let (answer, waiting) = oneshot::channel();
    let start = {
        let mut running = lock(&core.sync.running);
        if let Some(running) = running.as_mut() {
            running.waiting.push(answer);
            None
        } else {
            let cancel = Arc::new(Notify::new());
            let progress = SyncProgress { sentence: String::new(), done: 0, total: 0 };
            *running = Some(Running { waiting: vec![answer], cancel: cancel.clone(), progress });
            Some(cancel)
        }
    };
    if let Some(cancel) = start {
        let started = core.clone();
        let posted = core.net.post(move || async move {
            // However it ends, also by a panic or by closing, whoever waits is told.
            let mut done = TellAll { core: started.clone(), answer: Err(AppError::Closed) };
            done.answer = run(&started, &cancel).await;
        });
        if !posted {
            lock(&core.sync.running).take();
            return Err(AppError::Closed);
        }
    }
    waiting.await.unwrap_or(Err(AppError::Closed))
}

struct TellAll {
    core: Arc<Core>,
    answer: Answer,
}

impl Drop for TellAll {
    fn drop(&mut self) {
        let running = lock(&self.core.sync.running).take();
        for waiting in running.map(|running| running.waiting).unwrap_or_default() {
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
    /// Ops and photos to go, for the progress sentence.
    total: u64,
    done: u64,
}

async fn run(core: &Arc<Core>, cancel: &Notify) -> Answer {
    let (enrolled, revoked) = core.read(|reader| Ok(enrol::identity(&reader.mine)?)).await?;
    let enrolled = enrolled.ok_or(AppError::Unauthorized { revoked: false })?;
    let silent = silence(core.config.answer_timeout_ms);
    let http = tls::client(&enrolled.hub, &enrolled.pins, silent)?;
    let token = lock(&core.token).clone().filter(|_| !revoked);
    let logged_in = token.is_some();
    let seed = u64::from_be_bytes(core.env.random());
    let local = core.read(move |reader| Ok(store::local(reader, logged_in, seed)?)).await?;
    let client = Client::new(http, &enrolled.hub, token);
    let mut run = Run { core, enrolled, client, total: 0, done: 0 };
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
        fetch::for_own_cases(core, &mut run.client).await;
    }
    run.ended(end, stopped, silent).await
}

impl Run<'_> {
    async fn ended(self, end: End, stopped: bool, silent: Duration) -> Answer {
        let revoked = end.kind == EndKind::Revoked;
        if revoked {
            lock(&self.core.token).take();
        }
        let reached = matches!(end.kind, EndKind::Done | EndKind::Partly | EndKind::Outdated);
        let waits = self
            .core
            .write(move |writer| {
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
        let sentence = if self.core.language().starts_with("en") { en } else { zh };
        if let Some(running) = lock(&self.core.sync.running).as_mut() {
            running.progress =
                SyncProgress { sentence: sentence.to_owned(), done: self.done, total: self.total };
        }
        self.core.notifier.notice(Change::Sync);
    }

    /// Does one thing. An error is one of this phone (a full disk, a damaged file): it ends the sync.
    async fn perform(&mut self, effect: Effect) -> Result<Event, AppError> {
        let done = match effect {
            Effect::Login => self.login().await?,
            Effect::ListOps => {
                let heads = self.core.read(|reader| Ok(ops::pending_heads(&reader.mine)?)).await?;
                (self.total, self.done) = (heads.len() as u64, 0);
                Ok(Event::Ops(heads))
            }
            Effect::Push { ns } => {
                self.progress("正在交记录", "Handing in records");
                self.push(ns).await?
            }
            Effect::Settle { decided, says } => {
                self.done += decided.len() as u64;
                let env = self.core.env.clone();
                self.core.write(move |writer| Ok(store::settle(writer, &decided, &says, &env)?)).await?;
                self.core.notifier.notice(Change::Cases);
                self.core.notifier.notice(Change::Records);
                Ok(Event::Settled)
            }
            Effect::Custody { n } => self.custody(n).await?,
            Effect::Keep { n } => {
                self.core.write(move |writer| Ok(store::keep(writer, n)?)).await?;
                Ok(Event::Settled)
            }
            Effect::SetEpoch { epoch, offer_again } => {
                self.core.write(move |writer| Ok(store::set_epoch(writer, epoch, offer_again)?)).await?;
                Ok(Event::EpochSet)
            }
            Effect::Pull { cursor, max } => {
                self.progress("正在取资料", "Fetching data");
                self.client.pull(&cursor, max).await.map(|page| Event::Paged(Box::new(page)))
            }
            Effect::Apply { page, drop, after } => {
                let env = self.core.env.clone();
                let apply = move |writer: &mut crate::store::Writer| {
                    Ok(store::apply(writer, &page, &drop, &after, &env)?)
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
                let list = self.core.read(|reader| Ok(waiting_photos(reader)?)).await?;
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

    async fn push(&mut self, ns: Vec<u64>) -> Result<Result<Event, Failure>, AppError> {
        let (device, app) = (self.enrolled.device, self.core.config.app_version.clone());
        let env = self.core.env.clone();
        let body = self
            .core
            .read(move |reader| {
                let epoch = meta::get(&reader.mine, meta::EPOCH)?.map(|text| text.parse()).transpose();
                let (photos_made, photos_held) = photos::counts(&reader.mine)?;
                let clock = env.clock();
                let header = PushHeader {
                    epoch: epoch.map_err(StoreError::from)?,
                    device,
                    made: ops::counts(&reader.mine)?.made,
                    photos_made,
                    photos_waiting: photos_made.saturating_sub(photos_held),
                    waiting_why: String::new(),
                    wall_ms: clock.wall_ms(),
                    offset_min: env.offset_min(),
                    mono_ms: clock.mono_ms(),
                    boot: clock.boot(),
                    app,
                };
                let mut list = Vec::with_capacity(ns.len());
                for n in ns {
                    match ops::numbered(&reader.mine, n)?.map(|op| op.wire()) {
                        Some(Ok(op)) => list.push(op),
                        // As if the hub had said so: the planner closes in on it, and its bytes go into custody.
                        Some(Err(error)) => {
                            tracing::error!(n, %error, "an op can't be read");
                            return Ok(None);
                        }
                        None => {}
                    }
                }
                let lines = push::write(&header, &list).map_err(StoreError::from)?;
                Ok(Some(pack(&lines).map_err(StoreError::from)?))
            })
            .await?;
        let Some(body) = body else { return Ok(Err(Failure::Refused)) };
        let signature = match self.sign(&body).await? {
            Ok(signature) => signature,
            Err(failure) => return Ok(Err(failure)),
        };
        let began = self.core.env.clock().mono_ms();
        let answer = self.client.push(body, &signature).await;
        let took_ms = u64::try_from(self.core.env.clock().mono_ms() - began).unwrap_or(0);
        Ok(answer.map(|answer| Event::Pushed { took_ms, answer }))
    }

    async fn custody(&mut self, n: u64) -> Result<Result<Event, Failure>, AppError> {
        let op = self.core.read(move |reader| Ok(ops::numbered(&reader.mine, n)?)).await?;
        // Whatever can be read of it; a body that is damaged here is what there is.
        let bytes = match op.as_ref().map(ops::KeptOp::wire) {
            Some(Ok(op)) => serde_json::to_vec(&op).map_err(StoreError::from)?,
            _ => op.map(|op| op.raw()).unwrap_or_default(),
        };
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

fn waiting_photos(reader: &crate::store::Reader) -> Result<Vec<(BlobId, u64)>, StoreError> {
    let waiting = photos::waiting(&reader.mine)?;
    waiting.into_iter().map(|photo| Ok((photo.id.parse()?, photo.size))).collect()
}

/// The key at the platform, named once.
pub(super) fn alias() -> String {
    KEY_ALIAS.to_owned()
}
