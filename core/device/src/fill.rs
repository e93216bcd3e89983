//! A form being filled.

use std::sync::Arc;

use crate::error::AppError;
use crate::view::{Answer, ChoicePage, Finalized, MissingRow, PhotoCapture, Screen};

/// A form being filled. Everything but photos and finalizing is in memory and synchronous; the draft is saved
/// behind each answer.
pub struct FillSession {}

type Result<T> = std::result::Result<T, AppError>;

fn soon<T>() -> Result<T> {
    Err(AppError::Unsupported { feature: "being built".into() })
}

impl FillSession {
    /// The draft's id, for resuming.
    pub fn draft_id(&self) -> String {
        String::new()
    }

    /// The present page.
    ///
    /// # Errors
    /// [`AppError::Closed`] after [`Self::close`] or [`Self::finalize`].
    pub fn screen(&self) -> Result<Screen> {
        soon()
    }

    /// Answers a question and returns the page as it then is. An answer that breaks the form's rule is kept and
    /// its problem shown.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if there is no such question or the answer is not of its type.
    pub fn answer(&self, _question: &str, _answer: Answer) -> Result<Screen> {
        soon()
    }

    /// Takes an answer away.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub fn clear(&self, question: &str) -> Result<Screen> {
        self.answer(question, Answer::Empty)
    }

    /// The next page; from the last one, the first that has something missing.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub fn next(&self) -> Result<Screen> {
        soon()
    }

    /// The page before. Never checks anything.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub fn back(&self) -> Result<Screen> {
        soon()
    }

    /// The page on which a question stands.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if there is no such question now.
    pub fn go_to(&self, _at: &str) -> Result<Screen> {
        soon()
    }

    /// Adds an instance of a repeat and opens it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if none may be added.
    pub fn add_repeat(&self, _at: &str) -> Result<Screen> {
        soon()
    }

    /// Removes an instance of a repeat; [`Self::undo`] brings it back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if there is none.
    pub fn remove_repeat(&self, _at: &str) -> Result<Screen> {
        soon()
    }

    /// Opens an instance of a repeat as its own page.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if there is none.
    pub fn open_repeat(&self, _at: &str) -> Result<Screen> {
        soon()
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub fn undo(&self) -> Result<Screen> {
        soon()
    }

    /// Another language of the form.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the form does not have it.
    pub fn set_language(&self, _language: &str) -> Result<Screen> {
        soon()
    }

    /// All that blocks finishing, in the form's order.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub fn missing(&self) -> Result<Vec<MissingRow>> {
        soon()
    }

    /// Choices whose label or value contains all words of `search`; at most `limit`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is no choice question.
    pub fn choices(&self, _question: &str, _search: &str, _limit: u32) -> Result<ChoicePage> {
        soon()
    }

    /// Takes a photo in and links it to the question. A damaged one is kept and flagged.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the file is not there or empty, or a fix is impossible; [`AppError::StorageFull`].
    pub async fn attach_photo(self: Arc<Self>, _question: String, _photo: PhotoCapture) -> Result<Screen> {
        soon()
    }

    /// Takes a photo off the question; [`Self::undo`] brings it back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is not there.
    pub async fn remove_photo(self: Arc<Self>, _question: String, _photo: String) -> Result<Screen> {
        soon()
    }

    /// Checks everything and, in one transaction, writes the record, its ops and photo references, and removes
    /// the draft. From here nothing may lose it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] at the first thing that is missing; the session goes on. [`AppError::StorageFull`]:
    /// nothing was written, try again.
    pub async fn finalize(self: Arc<Self>) -> Result<Finalized> {
        soon()
    }

    /// Ends filling and waits until the draft is on disk.
    ///
    /// # Errors
    /// [`AppError::StorageFull`].
    pub async fn close(self: Arc<Self>) -> Result<()> {
        soon()
    }
}
