//! Photos of a form.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;
use xuncha_forms::{Answer, Item, Mapped, NodeRef, QuestionKind};
use xuncha_wire::BlobId;
use xuncha_wire::body::{Capture, Fix, PhotoRef};
use xuncha_wire::entity::Position;

use super::{FillSession, Filling, answers, extract, not_here, start};
use crate::core::{Core, lock};
use crate::error::AppError;
use crate::media::Media;
use crate::store::StoreError;
use crate::store::photos::{self, Photo};
use crate::view::{PhotoCapture, Screen};

type Result<T> = std::result::Result<T, AppError>;

/// A photo as it was handed over, ready for the darkroom.
pub(crate) struct Exposure {
    media: Media,
    path: PathBuf,
    capture: Capture,
    made_ms: i64,
}

impl Exposure {
    /// Looks at what the shell hands over.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a fix that is no place on Earth.
    pub(crate) fn new(core: &Core, given: PhotoCapture) -> Result<Self> {
        let fix = match &given.fix {
            Some(fix) => {
                answers::place("photo", fix.datum, fix.lat, fix.lon)?;
                Some(Fix {
                    position: Position { lat: fix.lat, lon: fix.lon, datum: answers::wire_datum(fix.datum) },
                    accuracy_m: fix.accuracy_m,
                    age_s: fix.age_s,
                    mocked: fix.mocked,
                })
            }
            None => None,
        };
        let capture = Capture {
            wall_ms: given.wall_ms,
            offset_min: given.offset_min,
            mono_ms: given.mono_ms,
            boot: given.boot,
            fix,
            heading: given.heading,
            imported: given.imported,
        };
        Ok(Self { media: core.media.clone(), path: given.path.into(), capture, made_ms: core.env.now_ms() })
    }

    /// Hash and copy; for the darkroom's thread. Row and pictures are made later.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a file that is not there or empty, [`AppError::StorageFull`].
    pub(crate) fn take_in(self) -> Result<(Photo, PhotoRef)> {
        let photo = self.media.take_in(&self.path, self.made_ms)?;
        let reference = PhotoRef {
            id: photo.id.parse::<BlobId>().map_err(StoreError::from)?,
            size: photo.size,
            mime: photo.mime.clone(),
            at: String::new(),
            role: String::new(),
            width: photo.width,
            height: photo.height,
            damage: photo.damage.clone(),
            capture: self.capture,
        };
        Ok((photo, reference))
    }
}

/// What is known of a photo whose bytes come a second time: what the camera said, and not what the gallery says of a
/// copy.
pub(crate) fn better<'a>(known: &'a PhotoRef, new: &'a PhotoRef) -> &'a PhotoRef {
    if known.capture.imported && !new.capture.imported { new } else { known }
}

/// What linking a photo changes, as it was before.
struct Before {
    value: String,
    known: Option<(Photo, PhotoRef)>,
    /// The position that came with the shot.
    located: Option<NodeRef>,
}

/// A photo on its way into the form: as long as there is one, the form does not end.
struct Underway(Arc<FillSession>);

impl Underway {
    /// For the holder of the session's lock.
    fn begin(session: &Arc<FillSession>) -> Self {
        session.attaching.fetch_add(1, Ordering::SeqCst);
        Self(session.clone())
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.attaching.fetch_sub(1, Ordering::SeqCst);
        self.0.attached.notify_waiters();
    }
}

impl Underway {
    /// Writes the photo's row, its use and the draft that names it in one transaction.
    fn link(
        self,
        question: String,
        (row, taken): (Photo, PhotoRef),
        fix: Option<crate::view::Fix>,
        answer: oneshot::Sender<Result<()>>,
    ) {
        let session = self.0.clone();
        // Half changed by a panic: nothing of it may be saved over the draft.
        let Ok(mut guard) = session.inner.lock() else { return };
        let filling = &mut *guard;
        let (name, at) = (start::name_of(&row), NodeRef::new(question.clone()));
        let known = filling.photos.get(&name).cloned();
        let reference = known.as_ref().map_or(&taken, |(_, known)| better(known, &taken));
        let reference = PhotoRef { at: question.clone(), ..reference.clone() };
        let value = filling.session.value(&at).unwrap_or_default();
        filling.log_answering(&at, &session.core.env);
        let linked = filling.session.answer(&at, &Answer::File(name.clone()), &mut session.surroundings());
        let changed = match linked {
            Ok(changed) => changed,
            // The instance was removed while the file was copied.
            Err(error) => {
                let _ = answer.send(Err(answers::refused(&error)));
                return;
            }
        };
        filling.photos.insert(name.clone(), (row.clone(), reference.clone()));
        session.step(filling, &question, &changed);
        if let Some(fix) = &fix {
            filling.log_place(fix, &session.core.env);
        }
        let located = fix.and_then(|fix| session.locate(filling, &question, fix));
        let was = Before { value, known, located };
        let (owner, kept) = (session.draft.clone(), row.clone());
        let more = move |tx: &rusqlite::Connection| {
            photos::add(tx, &kept)?;
            photos::bind(tx, &owner, &reference, false)
        };
        let done = move |written: Result<()>| {
            match &written {
                Ok(()) => self.0.core.develop(row),
                Err(_) => self.0.unlink(&at, &name, was),
            }
            let _ = answer.send(written);
        };
        session.saver.save_with(session.draft(filling), more, done);
    }
}

impl FillSession {
    /// Takes a photo in and links it to the question. A damaged one is kept and flagged. Once it has begun it goes on
    /// even if the caller goes away, and the form neither closes nor finishes before it has come in.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the file is not there or empty, or a fix is impossible; [`AppError::StorageFull`].
    pub async fn attach_photo(self: Arc<Self>, question: String, photo: PhotoCapture) -> Result<Screen> {
        let fix = photo.fix.clone().filter(|fix| !fix.mocked);
        let exposure = Exposure::new(&self.core, photo)?;
        let (answer, waiting) = oneshot::channel();
        let underway = {
            let filling = self.inner()?;
            if !takes_photos(&filling, &question) {
                return Err(not_here(&question));
            }
            Underway::begin(&self)
        };
        self.core.darkroom.post(move |()| match exposure.take_in() {
            Ok((row, reference)) => underway.link(question, (row, reference), fix, answer),
            Err(error) => {
                drop(underway);
                let _ = answer.send(Err(error));
            }
        });
        waiting.await.unwrap_or(Err(AppError::Closed))?;
        Ok(self.show(&mut lock(&self.inner)))
    }

    /// The place comes with the shot: where the problem's position has no answer yet, it takes the camera's fix.
    fn locate(&self, filling: &mut Filling, photo: &str, fix: crate::view::Fix) -> Option<NodeRef> {
        let marks = extract::marks(&filling.session);
        let shot = |m: &&Mapped| m.attribute == "problem.photo" && m.at.as_str() == photo;
        let shot = marks.iter().find(shot)?;
        let open = |m: &&Mapped| {
            m.attribute == "problem.position" && m.repeat == shot.repeat && m.value.as_deref() == Some("")
        };
        let place = marks.iter().find(open)?;
        let point = Answer::GeoPoint(answers::geopoint(place.at.as_str(), &fix).ok()?);
        filling.log_answering(&place.at, &self.core.env);
        // A position that the form calculates or fixes stays as the form has it.
        let changed = filling.session.answer(&place.at, &point, &mut self.surroundings()).ok()?;
        self.step(filling, place.at.as_str(), &changed);
        Some(NodeRef::new(place.at.as_str()))
    }

    /// A photo that could not be kept is not in the form either, nor is the place that came with it.
    fn unlink(&self, at: &NodeRef, name: &str, was: Before) {
        let Ok(mut guard) = self.inner.lock() else { return };
        let filling = &mut *guard;
        let Before { value: before, known, located } = was;
        if let Some(place) = located
            && let Ok(changed) = filling.session.answer(&place, &Answer::Empty, &mut self.surroundings())
        {
            self.step(filling, place.as_str(), &changed);
        }
        if filling.session.value(at).is_some_and(|value| value == name) {
            let before = if before.is_empty() { Answer::Empty } else { Answer::File(before) };
            if let Ok(changed) = filling.session.answer(at, &before, &mut self.surroundings()) {
                self.step(filling, at.as_str(), &changed);
            }
        }
        match known {
            Some(known) => filling.photos.insert(name.to_owned(), known),
            None => filling.photos.remove(name),
        };
    }

    /// Takes a photo off the question; [`Self::undo`] brings it back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is not there.
    pub async fn remove_photo(self: Arc<Self>, question: String, photo: String) -> Result<Screen> {
        let mut filling = self.inner()?;
        let at = NodeRef::new(question.clone());
        let name = filling.session.value(&at).unwrap_or_default();
        if filling.photos.get(&name).is_none_or(|(row, _)| row.id != photo) {
            return Err(not_here(&question));
        }
        let cleared = filling.session.answer(&at, &Answer::Empty, &mut self.surroundings());
        let changed = cleared.map_err(|error| answers::refused(&error))?;
        self.step(&mut filling, &question, &changed);
        // The file and its row stay until the draft is finalized: the step can be taken back.
        Ok(self.done(&mut filling))
    }
}

fn takes_photos(filling: &Filling, question: &str) -> bool {
    let item = filling.session.page(&NodeRef::new(question));
    matches!(item, Some(Item::Question(q)) if matches!(q.kind, QuestionKind::Image | QuestionKind::File) && !q.readonly)
}
