//! What a draft holds that its form, or a list of it, has no place for any more.

use xuncha_forms::{Item, NodeRef, Session};

use super::{FillSession, Result};
use crate::view::Screen;

/// Most that are named one by one.
const NAMED: usize = 3;

/// What happened, what is safe, what to do; empty if everything has its place.
pub(super) fn line(session: &Session, english: bool) -> String {
    let misfits = session.misfits();
    let Some(more) = misfits.len().checked_sub(NAMED).or((!misfits.is_empty()).then_some(0)) else {
        return String::new();
    };
    let said = |misfit: &xuncha_forms::Misfit| {
        let label = match session.page(&NodeRef::new(misfit.path.as_str())) {
            Some(Item::Question(question)) => question.label.text,
            _ => String::new(),
        };
        let name = misfit.path.rsplit('/').next().unwrap_or_default();
        let name = if label.is_empty() { name } else { &label };
        let colon = if english { ": " } else { "：" };
        format!("{name}{colon}{}", misfit.value.chars().take(40).collect::<String>())
    };
    let named: Vec<String> = misfits.iter().take(NAMED).map(said).collect();
    let (count, etc) = (misfits.len(), if more > 0 { " …" } else { "" });
    if english {
        let named = named.join("; ");
        format!(
            "The form or a list of it has changed: {count} earlier answers have no place now ({named}{etc}). They are kept in this draft. Please check, and fill in anew."
        )
    } else {
        let named = named.join("；");
        format!(
            "表单或名单换过，有{count}处原来的内容现在放不下（{named}{etc}）。都还留在这份草稿里，没有丢。请核对后重新填。"
        )
    }
}

impl FillSession {
    /// The person has read [`Screen::misfit_line`]: what it tells of goes.
    ///
    /// # Errors
    /// [`crate::AppError::Closed`].
    pub fn misfits_seen(&self) -> Result<Screen> {
        let mut filling = self.inner()?;
        filling.session.dismiss_misfits();
        Ok(self.done(&mut filling))
    }
}
