//! A form being filled.

use std::sync::Arc;

use xuncha_device::view::{Answer, ChoicePage, Finalized, Fix, MissingRow, PhotoCapture, Screen};

use crate::guard::{Result, later, now};

/// A form being filled. Everything but photos and finalizing is in memory and synchronous; the draft is saved
/// behind each answer.
#[derive(uniffi::Object)]
pub struct FillSession(pub(crate) Arc<xuncha_device::FillSession>);

#[uniffi::export]
impl FillSession {
    /// The draft's id, for resuming.
    ///
    /// # Errors
    /// `Internal`.
    pub fn draft_id(&self) -> Result<String> {
        now(|| Ok(self.0.draft_id()))
    }

    /// The present page.
    ///
    /// # Errors
    /// `Closed` after `shut` or `finish`.
    pub fn screen(&self) -> Result<Screen> {
        now(|| self.0.screen())
    }

    /// Answers a question and returns the page as it then is. An answer that breaks the form's rule is kept and
    /// its problem shown.
    ///
    /// # Errors
    /// `Invalid` if there is no such question or the answer is not of its type.
    pub fn answer(&self, question: String, answer: Answer) -> Result<Screen> {
        now(|| self.0.answer(&question, answer))
    }

    /// Where the phone is, for what the form asked without a question; `Screen.wants_position` says that it did. Undo
    /// leaves it.
    ///
    /// # Errors
    /// `Invalid` for degrees that are no place on Earth.
    pub fn position(&self, fix: Fix) -> Result<Screen> {
        now(|| self.0.position(&fix))
    }

    /// Takes an answer away.
    ///
    /// # Errors
    /// As `answer`.
    pub fn clear(&self, question: String) -> Result<Screen> {
        now(|| self.0.clear(&question))
    }

    /// The next page; from the last one, the first that has something missing.
    ///
    /// # Errors
    /// `Closed`.
    pub fn next(&self) -> Result<Screen> {
        now(|| self.0.next())
    }

    /// The page before. Never checks anything.
    ///
    /// # Errors
    /// `Closed`.
    pub fn back(&self) -> Result<Screen> {
        now(|| self.0.back())
    }

    /// The page on which a question stands.
    ///
    /// # Errors
    /// `Invalid` if there is no such question now.
    pub fn go_to(&self, at: String) -> Result<Screen> {
        now(|| self.0.go_to(&at))
    }

    /// Adds an instance of a repeat and opens it.
    ///
    /// # Errors
    /// `Invalid` if none may be added.
    pub fn add_repeat(&self, at: String) -> Result<Screen> {
        now(|| self.0.add_repeat(&at))
    }

    /// Removes an instance of a repeat; `undo` brings it back.
    ///
    /// # Errors
    /// `Invalid` if there is none.
    pub fn remove_repeat(&self, at: String) -> Result<Screen> {
        now(|| self.0.remove_repeat(&at))
    }

    /// Opens an instance of a repeat as its own page.
    ///
    /// # Errors
    /// `Invalid` if there is none.
    pub fn open_repeat(&self, at: String) -> Result<Screen> {
        now(|| self.0.open_repeat(&at))
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// `Closed`.
    pub fn undo(&self) -> Result<Screen> {
        now(|| self.0.undo())
    }

    /// Another language of the form.
    ///
    /// # Errors
    /// `Invalid` if the form does not have it.
    pub fn set_language(&self, language: String) -> Result<Screen> {
        now(|| self.0.set_language(&language))
    }

    /// The person has read the line of earlier answers that have no place any more: they go.
    ///
    /// # Errors
    /// `Closed`.
    pub fn misfits_seen(&self) -> Result<Screen> {
        now(|| self.0.misfits_seen())
    }

    /// All that blocks finishing, in the form's order.
    ///
    /// # Errors
    /// `Closed`.
    pub fn missing(&self) -> Result<Vec<MissingRow>> {
        now(|| self.0.missing())
    }

    /// Choices whose label or value contains all words of `search`; at most `limit`.
    ///
    /// # Errors
    /// `Invalid` if it is no choice question.
    pub fn choices(&self, question: String, search: String, limit: u32) -> Result<ChoicePage> {
        now(|| self.0.choices(&question, &search, limit))
    }

    /// Takes a photo in and links it to the question. A damaged one is kept and flagged.
    ///
    /// # Errors
    /// `Invalid` if the file is not there or empty, or a fix is impossible; `StorageFull`.
    pub async fn attach_photo(&self, question: String, photo: PhotoCapture) -> Result<Screen> {
        later(self.0.clone().attach_photo(question, photo)).await
    }

    /// Takes a photo off the question; `undo` brings it back.
    ///
    /// # Errors
    /// `Invalid` if it is not there.
    pub async fn remove_photo(&self, question: String, photo: String) -> Result<Screen> {
        later(self.0.clone().remove_photo(question, photo)).await
    }

    /// Checks everything and, in one transaction, writes the record, its ops and photo references, and removes
    /// the draft. From here nothing may lose it.
    ///
    /// # Errors
    /// `Invalid` at the first thing that is missing; the session goes on. `StorageFull`: nothing was written, try
    /// again.
    pub async fn finish(&self) -> Result<Finalized> {
        later(self.0.clone().finalize()).await
    }

    /// Ends filling and waits until the draft is on disk.
    ///
    /// # Errors
    /// `StorageFull`.
    pub async fn shut(&self) -> Result<()> {
        later(self.0.clone().close()).await
    }
}
