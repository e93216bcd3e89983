//! All that a form screen draws, in one value.

mod deadline;
mod main_button;
mod missing;
mod question;
mod repeat;

use std::collections::BTreeMap;

use xuncha_forms::{Blocking, Item as FormItem, Mapped, NodeRef, Reason, Wish};

use super::pages::{Page, pages};
use super::{Filling, extract};
use crate::core::Core;
use crate::view::{Heading, Item, PhotoView, Screen};

/// A page as it is drawn.
pub(super) struct Drawn {
    pub(super) screen: Screen,
    /// The group, the repeat or the instance that the page is.
    pub(super) at: Option<NodeRef>,
}

/// Draws one page.
pub(super) struct Drawing<'a> {
    core: &'a Core,
    filling: &'a Filling,
    blocking: Vec<Blocking>,
    marks: Vec<Mapped>,
    english: bool,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(core: &'a Core, filling: &'a Filling) -> Self {
        Self {
            core,
            filling,
            blocking: filling.session.blocking(),
            marks: extract::marks(&filling.session),
            english: filling.english(),
        }
    }

    fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        if self.english { en.into() } else { zh.into() }
    }

    /// The same where making the words costs something: only those of the person's language are made.
    fn made(&self, zh: impl FnOnce() -> String, en: impl FnOnce() -> String) -> String {
        if self.english { en() } else { zh() }
    }

    /// The present page.
    pub(super) fn screen(&self, saved: bool, save_problem: String) -> Drawn {
        let view = self.filling.session.view();
        let title = if self.filling.place.is_empty() {
            view.title.clone()
        } else {
            format!("{} · {}", view.title, self.filling.place)
        };
        let pages = pages(view);
        let index = self.filling.page.min(pages.len() - 1);
        let open = self.filling.open.last();
        let (label, items) = match (open, pages.get(index)) {
            (Some(at), _) => (self.instance_label(&pages, at), self.instance_items(at)),
            (None, Some(page)) => (self.page_label(page, index, pages.len()), page.items.clone()),
            (None, None) => (String::new(), Vec::new()),
        };
        let main = match open {
            Some(at) => self.main_in_repeat(&items, at),
            None => self.main_of_page(&pages, index),
        };
        let form = self.filling.session.form();
        let mut drawn = Vec::new();
        self.draw(items, 1, &mut drawn);
        let missing = self.blocking.len();
        let at = open.cloned().or_else(|| pages.get(index)?.at.clone());
        let screen = Screen {
            title,
            language: self.filling.session.language().unwrap_or_default().to_owned(),
            languages: if form.languages().len() > 1 { form.languages().to_vec() } else { Vec::new() },
            page_label: label,
            page_index: count(index),
            page_count: count(pages.len()),
            missing_count: count(missing),
            missing_line: if missing == 0 {
                String::new()
            } else {
                self.say(format!("还差{missing}项"), format!("{missing} missing"))
            },
            items: drawn,
            main,
            can_back: index > 0 || open.is_some(),
            can_undo: self.filling.session.can_undo() && !self.filling.steps.is_empty(),
            undo_label: self.undo_label(),
            saved,
            misfit_line: super::misfits::line(&self.filling.session, self.english),
            save_problem,
            wants_position: self.filling.session.requests().iter().any(|asked| asked.wish == Wish::Place),
        };
        Drawn { screen, at }
    }

    fn undo_label(&self) -> String {
        // Labels of more steps are kept than the engine takes back.
        match self.filling.steps.last().filter(|_| self.filling.session.can_undo()) {
            Some(step) if !step.is_empty() => {
                self.say(format!("撤销上一步：{step}"), format!("Undo: {step}"))
            }
            Some(_) => self.say("撤销上一步", "Undo"),
            None => String::new(),
        }
    }

    fn page_label(&self, page: &Page, index: usize, of: usize) -> String {
        let nth = index + 1;
        let head = self.say(format!("第{nth}页，共{of}页"), format!("Page {nth} of {of}"));
        if page.label.is_empty() { head } else { format!("{head}{}{}", self.say("：", ": "), page.label) }
    }

    fn instance_items(&self, at: &NodeRef) -> Vec<FormItem> {
        match self.filling.session.page(at) {
            Some(FormItem::Group(group)) => group.children,
            Some(other) => vec![other],
            None => Vec::new(),
        }
    }

    fn draw(&self, items: Vec<FormItem>, level: u32, out: &mut Vec<Item>) {
        for item in items {
            match item {
                FormItem::Question(question) => {
                    out.push(Item::Question { question: self.question(question) })
                }
                FormItem::Group(group) => {
                    if !group.label.text.is_empty() {
                        out.push(Item::Heading { heading: Heading { label: group.label.text, level } });
                    }
                    self.draw(group.children, level + 1, out);
                }
                FormItem::Repeat(repeat) => out.push(Item::Repeat { repeat: self.repeat(repeat) }),
            }
        }
    }

    fn photo(&self, name: &str) -> Option<PhotoView> {
        let (photo, reference) = self.filling.photos.get(name)?;
        let taken = self.filling.rules.as_ref().map(|rules| {
            crate::casebook::near(
                reference.capture.wall_ms,
                self.core.env.now_ms(),
                &rules.calendar,
                self.english,
            )
        });
        Some(crate::core::photo_view(self.core, photo, taken.unwrap_or_default()))
    }

    /// Where the picture is that the form calls so; empty if it is not here.
    fn picture(&self, src: Option<&str>) -> String {
        src.and_then(|src| self.filling.pictures.get(src)).cloned().unwrap_or_default()
    }

    fn problem(&self, reason: Reason, message: &str) -> String {
        if !message.is_empty() {
            return message.to_owned();
        }
        match reason {
            Reason::Required => self.say("还没有填", "not answered yet"),
            Reason::Constraint => self.say(
                "这个答案不合要求，看一下提示再改。",
                "This answer breaks the form's rule; see the hint.",
            ),
            Reason::Type => self.say(
                "这个答案的写法不对，照题目的样子改。",
                "This answer is not written as the question wants it.",
            ),
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Photos of a session: by attachment name, the row and what was known when it was taken.
pub(super) type Photos = BTreeMap<String, (crate::store::photos::Photo, xuncha_wire::body::PhotoRef)>;
