//! Instances of a repeat: added, removed, opened.

use xuncha_forms::{AuditEvent, NodeRef};

use super::{FillSession, Result, answers, not_here};
use crate::view::Screen;

impl FillSession {
    /// Adds an instance of a repeat and opens it.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if none may be added.
    pub fn add_repeat(&self, at: &str) -> Result<Screen> {
        let mut filling = self.inner()?;
        let added = filling.session.add_repeat(&NodeRef::new(at), &mut self.surroundings());
        let changed = added.map_err(|error| answers::refused(&error))?;
        self.step(&mut filling, at, &changed);
        if let Some(instance) = changed.added {
            filling.log_event(AuditEvent::AddRepeat, Some(&instance), &self.core.env);
            self.turn_to(&mut filling, instance.as_str());
        }
        Ok(self.done(&mut filling))
    }

    /// Removes an instance of a repeat; [`Self::undo`] brings it back.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if there is none.
    pub fn remove_repeat(&self, at: &str) -> Result<Screen> {
        let mut filling = self.inner()?;
        let step = self.label(&filling, at);
        let instance = NodeRef::new(at);
        filling.log_left(&self.core.env);
        let removed = filling.session.remove_repeat(&instance, &mut self.surroundings());
        if let Err(error) = removed {
            self.show(&mut filling);
            return Err(answers::refused(&error));
        }
        filling.log_event(AuditEvent::DeleteRepeat, Some(&instance), &self.core.env);
        filling.steps.push(step);
        filling.open.clear();
        Ok(self.done(&mut filling))
    }

    /// Opens an instance of a repeat as its own page.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if there is none.
    pub fn open_repeat(&self, at: &str) -> Result<Screen> {
        let mut filling = self.inner()?;
        if self.turn_to(&mut filling, at) { Ok(self.done(&mut filling)) } else { Err(not_here(at)) }
    }
}
