//! Answering: what can be chosen, and answers that are given, taken away and undone.

use xuncha_forms::{Changed, Item, NodeRef, Wish};

use super::screen::Drawing;
use super::{FillSession, Filling, Result, answers, not_here, recent};
use crate::view::{Answer, ChoicePage, Fix, Screen};

impl FillSession {
    /// Choices whose label or value contains each word of `search`, in any order; at most `limit` (0 means 50).
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if it is no choice question.
    pub fn choices(&self, question: &str, search: &str, limit: u32) -> Result<ChoicePage> {
        let filling = self.inner()?;
        let at = NodeRef::new(question);
        let known = matches!(filling.session.page(&at), Some(Item::Question(q)) if q.has_choices);
        if !known {
            return Err(not_here(question));
        }
        let limit = if limit == 0 { 50 } else { usize::try_from(limit).unwrap_or(50) };
        let found = filling.session.choices(&at, search, limit);
        let total = u32::try_from(found.total).unwrap_or(u32::MAX);
        let drawing = Drawing::new(&self.core, &filling);
        let recent = if search.trim().is_empty() {
            drawing.choices(&at, recent::of(&filling.recent, &filling.session, &at))
        } else {
            Vec::new()
        };
        Ok(ChoicePage { choices: drawing.choices(&at, found), total, recent })
    }

    /// Answers a question and returns the page as it then is. An answer that breaks the form's rule is kept and
    /// its problem shown.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if there is no such question or the answer is not of its type.
    pub fn answer(&self, question: &str, answer: Answer) -> Result<Screen> {
        let mut filling = self.inner()?;
        let answer = answers::to_form(question, answer)?;
        let at = NodeRef::new(question);
        filling.log_answering(&at, &self.core.env);
        let answered = filling.session.answer(&at, &answer, &mut self.surroundings());
        let changed = answered.map_err(|error| answers::refused(&error))?;
        self.step(&mut filling, question, &changed);
        Ok(self.done(&mut filling))
    }

    /// Takes an answer away.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub fn clear(&self, question: &str) -> Result<Screen> {
        self.answer(question, Answer::Empty)
    }

    /// Where the phone is, for what the form asked without a question; [`Screen::wants_position`] says that it did.
    /// It is no step of the person's: undo leaves it.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] for degrees that are no place on Earth.
    pub fn position(&self, fix: &Fix) -> Result<Screen> {
        let mut filling = self.inner()?;
        let asked = filling.session.requests().into_iter().filter(|asked| asked.wish == Wish::Place);
        for asked in asked.collect::<Vec<_>>() {
            let place = answers::geopoint(asked.at.as_str(), fix)?.to_string();
            let delivered = filling.session.deliver(&asked.at, &place, &mut self.surroundings());
            delivered.map_err(|error| answers::refused(&error))?;
        }
        filling.log_place(fix, &self.core.env);
        Ok(self.done(&mut filling))
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// [`crate::AppError::Closed`].
    pub fn undo(&self) -> Result<Screen> {
        let mut filling = self.inner()?;
        if filling.steps.pop().is_some() {
            filling.undo_logged(&self.core.env);
            // An open instance may be the one that is gone.
            let session = &filling.session;
            let there = filling.open.iter().take_while(|at| session.page(at).is_some()).count();
            filling.open.truncate(there);
        }
        Ok(self.done(&mut filling))
    }

    /// Keeps what undo calls a change, if it is a step that can be taken back.
    pub(super) fn step(&self, filling: &mut Filling, at: &str, changed: &Changed) {
        if changed.step {
            let label = self.label(filling, at);
            filling.steps.push(label);
        }
    }

    pub(super) fn label(&self, filling: &Filling, question: &str) -> String {
        match filling.session.page(&NodeRef::new(question)) {
            Some(Item::Question(question)) => question.label.text,
            Some(Item::Group(group)) => group.label.text,
            Some(Item::Repeat(repeat)) => repeat.label.text,
            None => String::new(),
        }
    }
}
