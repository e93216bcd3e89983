//! Turning pages: on, back, and to where a question stands.

use xuncha_forms::{AuditEvent, Item};

use super::pages::{self, Found};
use super::{FillSession, Filling, Result, not_here};
use crate::view::Screen;

impl FillSession {
    /// The next page; from an open instance of a repeat, back to its cards; from the last page, the first that has
    /// something missing.
    ///
    /// # Errors
    /// [`crate::AppError::Closed`].
    pub fn next(&self) -> Result<Screen> {
        let mut filling = self.inner()?;
        if filling.open.pop().is_none() {
            let count = pages::pages(filling.session.view()).len();
            if filling.page + 1 < count {
                filling.page += 1;
            } else if let Some(first) = filling.session.blocking().first() {
                let at = first.at.0.clone();
                filling.log_event(AuditEvent::Jump, None, &self.core.env);
                self.turn_to(&mut filling, &at);
            }
        }
        Ok(self.done(&mut filling))
    }

    /// The page before; from an open instance of a repeat, back to its cards. Never checks anything.
    ///
    /// # Errors
    /// [`crate::AppError::Closed`].
    pub fn back(&self) -> Result<Screen> {
        let mut filling = self.inner()?;
        if filling.open.pop().is_none() {
            filling.page = filling.page.saturating_sub(1);
        }
        Ok(self.done(&mut filling))
    }

    /// The page on which a question stands.
    ///
    /// # Errors
    /// [`crate::AppError::Invalid`] if there is no such question now.
    pub fn go_to(&self, at: &str) -> Result<Screen> {
        let mut filling = self.inner()?;
        if !self.turn_to(&mut filling, at) {
            return Err(not_here(at));
        }
        filling.log_event(AuditEvent::Jump, None, &self.core.env);
        Ok(self.done(&mut filling))
    }

    pub(super) fn turn_to(&self, filling: &mut Filling, at: &str) -> bool {
        let pages = pages::pages(filling.session.view());
        let Some((index, mut found)) =
            pages.iter().enumerate().find_map(|(index, page)| Some((index, pages::find(&page.items, at)?)))
        else {
            return false;
        };
        let mut open = Vec::new();
        while let Found::In(instance) = found {
            let items = match filling.session.page(&instance) {
                Some(Item::Group(group)) => group.children,
                _ => return false,
            };
            found = if instance.as_str() == at {
                Found::OnPage
            } else {
                match pages::find(&items, at) {
                    Some(deeper) => deeper,
                    None => return false,
                }
            };
            open.push(instance);
        }
        filling.page = index;
        filling.open = open;
        true
    }
}
