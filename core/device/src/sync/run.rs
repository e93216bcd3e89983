//! Performs what the planner decides, on the network thread.

mod pull;
mod push;
mod upload;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::ahead::Ahead;
use super::client::{Client, silence};
use super::plan::{Effect, End, EndKind, Event, Failure, Limits, PhotoMark, Planner};
use super::running::{self, Answer};
use super::{Enrolled, enrol, fetch, files, store, words};
use crate::change::Change;
use crate::core::{Core, lock};
use crate::entity_lists;
use crate::error::{AppError, internal};
use crate::store::{meta, ops, photos};
use crate::view::{SyncKind, SyncOutcome};

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

/// One sync, from its start to what it came to.
pub(super) async fn run(core: &Arc<Core>, cancel: &Notify) -> Answer {
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
        running::tell(self.core, (self.done, self.total), zh, en);
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
                self.core.sync.lists();
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
                let list = self.core.read(move |reader| Ok(upload::waiting(reader, up_to)?)).await?;
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
}
