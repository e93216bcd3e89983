//! What blocks finishing, line by line.

use xuncha_forms::{self as forms, Blocking, Reason};

use super::Drawing;
use crate::fill::pages::{Page, find, kind_of, label_of, pages};
use crate::view::MissingRow;

impl Drawing<'_> {
    /// All that blocks finishing.
    pub(in crate::fill) fn missing(&self) -> Vec<MissingRow> {
        let pages = pages(self.filling.session.view());
        self.blocking.iter().map(|blocking| self.missing_row(&pages, blocking)).collect()
    }

    fn missing_row(&self, pages: &[Page], blocking: &Blocking) -> MissingRow {
        let at = blocking.at.as_str();
        let found = pages.iter().enumerate().find(|(_, page)| find(&page.items, at).is_some());
        let (page, label, kind) = match found {
            Some((index, page)) => {
                let nth = index + 1;
                let name = if page.label.is_empty() { String::new() } else { format!(" {}", page.label) };
                let name = self.say(format!("第{nth}页{name}"), format!("Page {nth}{name}"));
                (name, label_of(&page.items, at).unwrap_or_default(), kind_of(&page.items, at))
            }
            None => Default::default(),
        };
        let photo = kind == Some(forms::QuestionKind::Image);
        let choice = matches!(
            kind,
            Some(
                forms::QuestionKind::SelectOne | forms::QuestionKind::SelectMany | forms::QuestionKind::Rank
            )
        );
        let (reason, verb) = match blocking.reason {
            Reason::Required if photo => {
                (self.say("至少1张，现有0张", "at least 1, now 0"), self.say("去拍", "Take it"))
            }
            Reason::Required if choice => {
                (self.say("还没有选", "not chosen yet"), self.say("去选", "Choose"))
            }
            Reason::Required => (self.say("还没有填", "not answered yet"), self.say("去填", "Fill in")),
            _ => (self.problem(blocking.reason, &blocking.message), self.say("去改", "Correct")),
        };
        MissingRow { page, question: label, reason, verb, at: at.to_owned() }
    }
}
