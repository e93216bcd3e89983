//! Photos of a form.

use std::sync::Arc;

use xuncha_forms::{Answer, Item, Mapped, NodeRef, QuestionKind};
use xuncha_wire::BlobId;
use xuncha_wire::body::{Capture, Fix, PhotoRef};
use xuncha_wire::entity::Position;

use super::{FillSession, Filling, answers, extract, not_here, start};
use crate::core::Core;
use crate::error::AppError;
use crate::store::photos::{self, Photo};
use crate::store::transact;
use crate::view::{PhotoCapture, Screen};

type Result<T> = std::result::Result<T, AppError>;

/// Takes a photo in: hash, copy, row. Pictures of it are made later.
///
/// # Errors
/// [`AppError::Invalid`] for a fix that is no place on Earth, or a file that is not there or empty.
pub(crate) async fn take_in(core: &Arc<Core>, capture: PhotoCapture) -> Result<(Photo, PhotoRef)> {
    let fix = match &capture.fix {
        Some(fix) => {
            let place =
                xuncha_casework::places::Position::new(answers::datum_of(fix.datum), fix.lat, fix.lon);
            place.map_err(|_| answers::no_place("photo"))?;
            Some(Fix {
                position: Position { lat: fix.lat, lon: fix.lon, datum: answers::wire_datum(fix.datum) },
                accuracy_m: fix.accuracy_m,
                age_s: fix.age_s,
                mocked: fix.mocked,
            })
        }
        None => None,
    };
    let (media, made_ms, path) = (core.media.clone(), core.env.now_ms(), capture.path.clone());
    let photo = core.darkroom.call(move |()| media.take_in(std::path::Path::new(&path), made_ms)).await?;
    let reference = PhotoRef {
        id: photo.id.parse::<BlobId>().map_err(crate::store::StoreError::from)?,
        size: photo.size,
        mime: photo.mime.clone(),
        at: String::new(),
        role: String::new(),
        width: photo.width,
        height: photo.height,
        damage: photo.damage.clone(),
        capture: Capture {
            wall_ms: capture.wall_ms,
            offset_min: capture.offset_min,
            mono_ms: capture.mono_ms,
            boot: capture.boot,
            fix,
            heading: capture.heading,
            imported: capture.imported,
        },
    };
    Ok((photo, reference))
}

impl FillSession {
    /// Takes a photo in and links it to the question. A damaged one is kept and flagged.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the file is not there or empty, or a fix is impossible; [`AppError::StorageFull`].
    pub async fn attach_photo(self: Arc<Self>, question: String, photo: PhotoCapture) -> Result<Screen> {
        if !self.takes_photos(&question)? {
            return Err(not_here(&question));
        }
        let fix = photo.fix.clone();
        let (row, mut reference) = take_in(&self.core, photo).await?;
        reference.at = question.clone();
        let (owner, kept, named) = (self.draft.clone(), row.clone(), reference.clone());
        self.core
            .write(move |writer| {
                Ok(transact(&mut writer.mine, |tx| {
                    photos::add(tx, &kept)?;
                    photos::bind(tx, &owner, &named, false)
                })?)
            })
            .await?;
        self.core.develop(row.clone());
        let mut filling = self.inner()?;
        let name = start::name_of(&row);
        filling.photos.insert(name.clone(), (row, reference));
        let at = NodeRef::new(question.clone());
        let linked = filling.session.answer(&at, &Answer::File(name), &mut self.surroundings());
        linked.map_err(|error| answers::refused(&error))?;
        let step = self.label(&filling, &question);
        filling.steps.push(step);
        if let Some(fix) = fix.filter(|fix| !fix.mocked) {
            self.locate(&mut filling, &question, fix);
        }
        Ok(self.done(&filling))
    }

    /// The place comes with the shot: where the problem's position has no answer yet, it takes the camera's fix.
    fn locate(&self, filling: &mut Filling, photo: &str, fix: crate::view::Fix) {
        let marks = extract::marks(&filling.session);
        let shot = |m: &&Mapped| m.attribute == "problem.photo" && m.at.as_str() == photo;
        let Some(shot) = marks.iter().find(shot) else { return };
        let open = |m: &&Mapped| {
            m.attribute == "problem.position" && m.repeat == shot.repeat && m.value.as_deref() == Some("")
        };
        let Some(place) = marks.iter().find(open) else { return };
        let (lat, lon, datum, accuracy_m) = (fix.lat, fix.lon, fix.datum, fix.accuracy_m);
        let point = crate::view::Answer::Point { lat, lon, datum, altitude: None, accuracy_m };
        let Ok(point) = answers::to_form(place.at.as_str(), point) else { return };
        // A position that the form calculates or fixes stays as the form has it.
        if filling.session.answer(&place.at, &point, &mut self.surroundings()).is_ok() {
            let step = self.label(filling, place.at.as_str());
            filling.steps.push(step);
        }
    }

    fn takes_photos(&self, question: &str) -> Result<bool> {
        let filling = self.inner()?;
        let item = filling.session.page(&NodeRef::new(question));
        Ok(
            matches!(item, Some(Item::Question(q)) if matches!(q.kind, QuestionKind::Image | QuestionKind::File) && !q.readonly),
        )
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
        cleared.map_err(|error| answers::refused(&error))?;
        let step = self.label(&filling, &question);
        filling.steps.push(step);
        // The file and its row stay until the draft is finalized: the step can be taken back.
        Ok(self.done(&filling))
    }
}
