//! A form being filled.
//!
//! Everything but photos and finalizing is in memory and synchronous; the draft is saved behind each answer (how
//! much a crash may cost: `saving`). Pages are made of the form's groups, repeats are cards, and the wide button
//! always leads on.

mod answering;
pub(crate) mod answers;
mod audit;
mod display;
mod extract;
mod finish;
pub(crate) mod form;
mod misfits;
mod pages;
mod photo;
pub(crate) mod recent;
mod repeats;
mod saving;
mod screen;
pub(crate) mod start;
#[cfg(test)]
mod tests;
mod turning;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use xuncha_casework::Rules;
use xuncha_casework::responsibility::RoadClass;
use xuncha_forms::{AuditEvent, Context, Moment, NodeRef, Session};
use xuncha_wire::entity::SiteBody;

use crate::core::{Core, lock};
use crate::env::Env;
use crate::error::{AppError, Words, internal};
use crate::store::drafts::{Draft, DraftBody};
use crate::sync::HubTime;
use crate::view::{MissingRow, Screen, StartFill};

pub(crate) use photo::{Exposure, better};

use saving::Saver;
use screen::{Drawing, Drawn};

type Result<T> = std::result::Result<T, AppError>;

/// A form being filled.
pub struct FillSession {
    core: Arc<Core>,
    draft: String,
    saver: Saver,
    inner: Mutex<Filling>,
    /// Photos that were handed over and are not in the form yet; raised under the lock, so that none begins after
    /// the form has ended.
    attaching: AtomicU32,
    /// Told when one has come into the form, or could not.
    attached: Notify,
}

/// What is in memory.
pub(crate) struct Filling {
    session: Session,
    form_kind: String,
    title: String,
    started_ms: i64,
    start: StartFill,
    site: Option<SiteBody>,
    /// The site's name, for the title.
    place: String,
    road: Option<RoadClass>,
    rules: Option<Arc<Rules>>,
    hub_time: Option<HubTime>,
    district: String,
    recent: recent::Recent,
    page: usize,
    /// Repeat instances that are open, the innermost last.
    open: Vec<NodeRef>,
    photos: screen::Photos,
    /// Where the form's pictures are, by what it calls them.
    pictures: BTreeMap<String, String>,
    /// Labels of the steps that can be taken back.
    steps: Vec<String>,
    /// Where the form asks for one.
    log: Option<audit::Log>,
    /// Finalized, being finalized, or closed: no answers any more.
    over: bool,
    /// Is the app's language English?
    app_english: bool,
}

impl Filling {
    /// Speaks the form English? It does if its own language is English, and, where its language is none of ours, if the
    /// app does.
    fn english(&self) -> bool {
        let own = self.session.language().and_then(start::spoken);
        own.unwrap_or(self.app_english)
    }

    fn hub_now(&self, env: &Env) -> i64 {
        self.hub_time.as_ref().map_or_else(|| env.now_ms(), |time| time.now(env))
    }
}

/// Clock and randomness as the form engine asks for them.
struct Surroundings<'a> {
    env: &'a Env,
    device: &'a str,
}

impl Context for Surroundings<'_> {
    fn now(&self) -> Moment {
        Moment { unix_ms: self.env.now_ms(), offset_minutes: self.env.offset_min() }
    }

    fn entropy(&mut self) -> [u8; 16] {
        self.env.random()
    }

    fn property(&self, name: &str) -> Option<String> {
        (name == "deviceid").then(|| self.device.to_owned())
    }
}

impl FillSession {
    /// The draft's id, for resuming.
    pub fn draft_id(&self) -> String {
        self.draft.clone()
    }

    fn inner(&self) -> Result<MutexGuard<'_, Filling>> {
        // A call that panicked may have left it half changed, and that must not be saved over the draft, which has
        // everything up to that call: the shell takes the draft up again.
        let inner = self.inner.lock().map_err(|_| internal(&"an earlier call on this form panicked"))?;
        if inner.over { Err(AppError::Closed) } else { Ok(inner) }
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { env: &self.core.env, device: &self.core.config.device_model }
    }

    fn draw(&self, filling: &Filling) -> Drawn {
        let problem =
            self.saver.problem().map_or_else(String::new, |error| error.sentence(self.core.language()));
        Drawing::new(&self.core, filling).screen(self.saver.is_saved(), problem)
    }

    /// Draws the page and logs that it is shown.
    fn show(&self, filling: &mut Filling) -> Screen {
        let drawn = self.draw(filling);
        if filling.log_shown(&drawn, &self.core.env) {
            self.saver.save(self.draft(filling));
        }
        drawn.screen
    }

    fn draft(&self, filling: &Filling) -> Draft {
        let form = filling.session.form();
        Draft {
            id: self.draft.clone(),
            form: form.id().to_owned(),
            version: form.version().to_owned(),
            title: filling.title.clone(),
            missing: u32::try_from(filling.session.blocking().len()).unwrap_or(u32::MAX),
            started_ms: filling.started_ms,
            changed_ms: self.core.env.now_ms(),
            body: DraftBody {
                name: filling.place.clone(),
                instance: String::from_utf8_lossy(&filling.session.save()).into_owned(),
                page: u32::try_from(filling.page).unwrap_or(0),
                open_repeat: filling.open.last().map(|at| at.0.clone()),
                language: filling.session.language().map(str::to_owned),
                site: filling.start.site.clone(),
                campaign: filling.start.campaign.clone(),
                case: filling.start.case.clone(),
                audit: filling.log_kept(&self.core.env),
            },
        }
    }

    /// Ends the session with what `end` makes of it, once every photo that was handed over has come in. From here it
    /// takes nothing more, so that what is written next is the last word.
    async fn end<T>(&self, end: impl Fn(&mut Filling) -> Result<T>) -> Result<T> {
        loop {
            let attached = self.attached.notified();
            {
                let mut filling = self.inner()?;
                if self.attaching.load(Ordering::SeqCst) == 0 {
                    let ended = end(&mut filling)?;
                    filling.over = true;
                    return Ok(ended);
                }
            }
            attached.await;
        }
    }

    /// Saves behind what was done and draws the page.
    fn done(&self, filling: &mut Filling) -> Screen {
        // First, so that nothing that goes wrong in drawing costs the answer.
        self.saver.save(self.draft(filling));
        self.show(filling)
    }

    /// The present page.
    ///
    /// # Errors
    /// [`AppError::Closed`] after [`Self::close`] or [`Self::finalize`].
    pub fn screen(&self) -> Result<Screen> {
        Ok(self.show(&mut *self.inner()?))
    }

    /// Another language of the form.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the form does not have it.
    pub fn set_language(&self, language: &str) -> Result<Screen> {
        let mut filling = self.inner()?;
        if !filling.session.set_language(language) {
            return Err(Words::new(
                "这张表单没有这种语言。已填内容都在。",
                "The form does not have this language. What was filled is kept.",
            )
            .invalid("language"));
        }
        Ok(self.done(&mut filling))
    }

    /// All that blocks finishing, in the form's order.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub fn missing(&self) -> Result<Vec<MissingRow>> {
        let filling = self.inner()?;
        Ok(Drawing::new(&self.core, &filling).missing())
    }

    /// Ends filling and waits until the draft is on disk.
    ///
    /// # Errors
    /// [`AppError::StorageFull`]: the session stays open, so that nothing is lost.
    pub async fn close(self: Arc<Self>) -> Result<()> {
        if self.inner.is_poisoned() {
            // Half changed by a panic: what was posted before stands, and is on disk when this has had its turn.
            self.core.write(|_| Ok(())).await?;
            lock(&self.inner).over = true;
            return Ok(());
        }
        let ended = self.end(|filling| {
            let mut draft = self.draft(filling);
            draft.body.audit =
                filling.log_ended(&[AuditEvent::FormSave, AuditEvent::FormExit], &self.core.env);
            Ok(draft)
        });
        let draft = match ended.await {
            Ok(draft) => draft,
            // It has ended already.
            Err(AppError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        };
        let flushed = self.saver.flush(draft).await;
        if flushed.is_err() {
            self.go_on();
        }
        flushed
    }
}

#[cfg(test)]
impl FillSession {
    /// Panics within a call, as a fault of the engine would.
    pub(crate) fn break_inside(&self) {
        let broken = std::panic::AssertUnwindSafe(|| {
            let _filling = self.inner.lock();
            panic!("asked to");
        });
        let _ = std::panic::catch_unwind(broken);
    }
}

fn not_here(at: &str) -> AppError {
    Words::new(
        "这一题现在不在表单里。已填内容都在。",
        "This question is not in the form now. What was filled is kept.",
    )
    .invalid(at)
}
