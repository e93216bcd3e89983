//! All that a form screen draws, in one value.

use std::collections::BTreeMap;

use xuncha_casework::catalogue::CategoryKey;
use xuncha_casework::{due, format};
use xuncha_forms::{self as forms, Blocking, Item as FormItem, Mapped, NodeRef, Reason, Wish};

use super::pages::{Page, kind_of, label_of, pages, within};
use super::{Filling, answers, extract};
use crate::core::Core;
use crate::view::{
    AnswerView, Choice, Heading, Item, MainButton, MainKind, MissingRow, PhotoView, Question, RangeView,
    Repeat, RepeatCard, Screen,
};

/// Most choices drawn on the page; more are searched.
const INLINE: usize = 50;

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

    fn instance_label(&self, pages: &[Page], at: &NodeRef) -> String {
        let (nth, of) = pages.iter().find_map(|page| place_of(&page.items, at)).unwrap_or((1, 1));
        self.say(format!("第{nth}条，共{of}条"), format!("{nth} of {of}"))
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

    fn repeat(&self, repeat: forms::Repeat) -> Repeat {
        let can_remove = repeat.can_remove;
        let card = |(index, one): (usize, &forms::RepeatInstance)| {
            let missing = self.blocking.iter().filter(|b| within(b.at.as_str(), &one.at)).count();
            let (mut words, mut thumbs) = (Vec::new(), Vec::new());
            self.card(&one.children, &mut words, &mut thumbs);
            RepeatCard {
                at: one.at.0.clone(),
                number: count(index + 1),
                headline: words.join(" · "),
                thumbs,
                status_word: if missing == 0 {
                    self.say("填齐", "complete")
                } else {
                    self.say(format!("差{missing}项"), format!("{missing} missing"))
                },
                missing: count(missing),
                can_remove,
            }
        };
        Repeat {
            cards: repeat.instances.iter().enumerate().map(card).collect(),
            at: repeat.at.0,
            add_label: if repeat.instances.is_empty() {
                self.say("加一个", "Add")
            } else {
                self.say("再加一个", "Add another")
            },
            label: repeat.label.text,
            can_add: repeat.can_add,
        }
    }

    /// First words and thumbnails of an instance.
    fn card(&self, items: &[FormItem], words: &mut Vec<String>, thumbs: &mut Vec<String>) {
        for item in items {
            match item {
                FormItem::Question(question) => match &question.value {
                    forms::Answer::File(name) => {
                        thumbs.extend(
                            self.photo(name).map(|photo| photo.thumb_path).filter(|path| !path.is_empty()),
                        );
                    }
                    forms::Answer::Empty | forms::Answer::Acknowledged | forms::Answer::GeoPoint(_) => {}
                    _ if words.len() < 4 && !question.display.is_empty() => {
                        words.push(question.display.chars().take(20).collect());
                    }
                    _ => {}
                },
                FormItem::Group(group) => self.card(&group.children, words, thumbs),
                FormItem::Repeat(_) => {}
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

    fn question(&self, question: forms::Question) -> Question {
        let (choices, choice_total) = self.inline_choices(&question);
        let photos = match &question.value {
            forms::Answer::File(name) => self.photo(name).into_iter().collect(),
            _ => Vec::new(),
        };
        let raw = self.filling.session.value(&question.at).unwrap_or_default();
        let (deadline_preview, deadline_explained) = self.deadline(question.at.as_str(), &raw);
        let attribute = |name: &str| {
            question
                .attributes
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let beside = question.label.media();
        let image = self.picture(beside.image.as_deref());
        let big_image = self.picture(beside.big_image.as_deref());
        Question {
            kind: answers::kind(question.kind),
            problem: question
                .problem
                .as_ref()
                .map_or_else(String::new, |problem| self.problem(problem.reason, &problem.message)),
            deadline_preview,
            deadline_explained,
            unit: attribute("unit"),
            value: (!raw.is_empty()).then(|| AnswerView {
                display: super::display::answer(question.kind, &raw, question.display, self.english),
                raw,
            }),
            at: question.at.0,
            image,
            big_image,
            label: question.label.text,
            hint: question.hint.map(|hint| hint.text).unwrap_or_default(),
            guidance: question.guidance.unwrap_or_default(),
            appearance: question.appearance,
            required: question.required,
            readonly: question.readonly,
            choices,
            choice_total,
            photos,
            range: question.range.map(|range| RangeView {
                start: range.start,
                end: range.end,
                step: range.step,
            }),
        }
    }

    fn inline_choices(&self, question: &forms::Question) -> (Vec<Choice>, u32) {
        if !question.has_choices {
            return (Vec::new(), 0);
        }
        let found = self.filling.session.choices(&question.at, "", INLINE);
        let total = count(found.total);
        if found.total > INLINE {
            return (Vec::new(), total);
        }
        (self.choices(&question.at, found), total)
    }

    /// Choices with the time limits of filing conditions.
    pub(super) fn choices(&self, at: &NodeRef, found: forms::Choices) -> Vec<Choice> {
        let condition = self.category_beside(at.as_str());
        let choice = |one: forms::Choice| Choice {
            detail: condition
                .as_ref()
                .and_then(|key| self.limit(key, &one.value))
                .map(|limit| self.made(|| format::limit_short(limit), || format::english::limit(limit)))
                .unwrap_or_default(),
            value: one.value,
            image: self.picture(one.label.media().image.as_deref()),
            label: one.label.text,
            selected: one.selected,
        };
        found.items.into_iter().map(choice).collect()
    }

    /// If `at` asks for a filing condition: the category that stands beside it.
    fn category_beside(&self, at: &str) -> Option<CategoryKey> {
        // The mark may stand on the question, or on what is calculated from it beside it (`condition_id`).
        let asks = |m: &&Mapped| m.at.as_str() == at || m.at.as_str().strip_suffix("_id") == Some(at);
        self.marks.iter().filter(|m| m.attribute == "problem.condition").find(asks)?;
        let problem = self.marks.iter().find(|m| m.attribute == "problem" && within(at, &m.at));
        let beside = |m: &&Mapped| {
            m.attribute == "problem.category" && problem.is_none_or(|p| within(m.at.as_str(), &p.at))
        };
        let common = |m: &&Mapped| m.attribute == "problem.category";
        let mark = self.marks.iter().find(beside).or_else(|| self.marks.iter().find(common))?;
        crate::casebook::category(mark.value.as_deref()?)
    }

    fn limit(&self, key: &CategoryKey, condition: &str) -> Option<xuncha_casework::Limit> {
        let rules = self.filling.rules.as_ref()?;
        let road =
            self.marks.iter().find(|m| m.attribute == "problem.road_class").and_then(|m| m.value.as_deref());
        let road = road.and_then(crate::casebook::from_word).or(self.filling.road);
        // A cascade's choices carry their category in front: `matter-06010.small`.
        let id = condition.rsplit('.').next().unwrap_or(condition);
        rules.catalogue_of(key)?.limit(key, &id.into(), road)
    }

    /// The preview of a deadline, and how it is computed; both empty where none follows from the answer.
    fn deadline(&self, at: &str, raw: &str) -> (String, String) {
        let preview = || {
            let rules = self.filling.rules.as_ref()?;
            let limit = self.limit(&self.category_beside(at)?, raw)?;
            let deadline = due(self.filling.hub_now(&self.core.env), limit, &rules.calendar).ok()?;
            let calendar = &rules.calendar;
            Some((
                self.made(|| deadline.preview(calendar), || deadline.preview_en(calendar)),
                self.made(|| deadline.explain(calendar), || deadline.explain_en(calendar)),
            ))
        };
        if raw.is_empty() { Default::default() } else { preview().unwrap_or_default() }
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

    fn main_in_repeat(&self, items: &[FormItem], at: &NodeRef) -> MainButton {
        match self.blocking.iter().find(|b| within(b.at.as_str(), at)) {
            Some(next) => self.next_question(items, next),
            None => MainButton {
                label: self.say("完成这条", "Done with this one"),
                kind: MainKind::FinishRepeat,
                target: at.0.clone(),
            },
        }
    }

    fn main_of_page(&self, pages: &[Page], index: usize) -> MainButton {
        let items: &[FormItem] = pages.get(index).map_or(&[], |page| &page.items);
        if let Some(next) = self.blocking.iter().find(|b| super::pages::find(items, b.at.as_str()).is_some())
        {
            return self.next_question(items, next);
        }
        if let Some(page) = pages.get(index + 1) {
            let (nth, of) = (index + 2, pages.len());
            let name = if page.label.is_empty() {
                String::new()
            } else {
                format!("{}{}", self.say("：", ": "), page.label)
            };
            return MainButton {
                label: self
                    .say(format!("下一页{name}（{nth}/{of}）"), format!("Next page{name} ({nth}/{of})")),
                kind: MainKind::NextPage,
                target: String::new(),
            };
        }
        match self.blocking.len() {
            0 => MainButton {
                label: self.say("完成", "Finish"),
                kind: MainKind::Finish,
                target: String::new(),
            },
            missing => MainButton {
                label: self.say(format!("还差{missing}项，去补"), format!("{missing} missing, go there")),
                kind: MainKind::GoMissing,
                target: self.blocking.first().map(|b| b.at.0.clone()).unwrap_or_default(),
            },
        }
    }

    fn next_question(&self, items: &[FormItem], next: &Blocking) -> MainButton {
        let target = next.at.0.clone();
        let instance = items.iter().find_map(|item| match item {
            FormItem::Repeat(repeat) => {
                let nth = repeat.instances.iter().position(|one| within(&target, &one.at))?;
                let missing = self
                    .blocking
                    .iter()
                    .filter(|b| repeat.instances.get(nth).is_some_and(|one| within(b.at.as_str(), &one.at)))
                    .count();
                Some((nth + 1, missing))
            }
            _ => None,
        });
        let label = match instance {
            Some((nth, missing)) => self.say(
                format!("第{nth}条还差{missing}项，去补"),
                format!("No. {nth}: {missing} missing, go there"),
            ),
            None => {
                let name = label_of(items, &target).unwrap_or_default();
                self.say(format!("下一项：{name}"), format!("Next: {name}"))
            }
        };
        MainButton { label, kind: MainKind::NextQuestion, target }
    }

    /// All that blocks finishing.
    pub(super) fn missing(&self) -> Vec<MissingRow> {
        let pages = pages(self.filling.session.view());
        self.blocking.iter().map(|blocking| self.missing_row(&pages, blocking)).collect()
    }

    fn missing_row(&self, pages: &[Page], blocking: &Blocking) -> MissingRow {
        let at = blocking.at.as_str();
        let found = pages.iter().enumerate().find(|(_, page)| super::pages::find(&page.items, at).is_some());
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

fn place_of(items: &[FormItem], at: &NodeRef) -> Option<(usize, usize)> {
    items.iter().find_map(|item| match item {
        FormItem::Repeat(repeat) => {
            let nth = repeat.instances.iter().position(|one| one.at == *at);
            let inner = || repeat.instances.iter().find_map(|one| place_of(&one.children, at));
            nth.map(|nth| (nth + 1, repeat.instances.len())).or_else(inner)
        }
        FormItem::Group(group) => place_of(&group.children, at),
        FormItem::Question(_) => None,
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Photos of a session: by attachment name, the row and what was known when it was taken.
pub(super) type Photos = BTreeMap<String, (crate::store::photos::Photo, xuncha_wire::body::PhotoRef)>;
