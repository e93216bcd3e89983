//! Questions: everything that is not a group or a repeat.

use super::Builder;
use super::fields::{fill, is_dynamic};
use crate::error::{Code, Notice};
use crate::expression::{malformed, references};
use crate::field::Field;
use crate::headers::TableRow;
use crate::tree::{Action, Element, Kind, type_bind};
use crate::types::{self, OSM, QuestionType, Tag};

impl Builder<'_> {
    pub(super) fn question(&mut self, row: &TableRow, word: &str) {
        if matches!(word, "csv-external" | "xml-external") {
            if let Some(name) = self.name(row, word) {
                self.mention(row, &name, false);
                let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                let (stem, file) = (self.tree.word(stem), self.tree.word(&name));
                self.secondary.insert(stem);
                self.questions.insert(file);
                self.files.insert(file);
                let extension = if word == "csv-external" { "csv" } else { "xml" };
                let parent = self.parent();
                self.tree.add(parent, Element::new(Kind::External(extension), &name, row.number));
            }
            return;
        }
        if let Some(select) = types::select_type(word) {
            self.select(row, select);
            return;
        }
        let list = word.strip_prefix("osm ").filter(|list| !list.contains(' '));
        let word = if list.is_some() { "osm" } else { word };
        let Some(kind) = types::question_type(word) else {
            self.unknown_type(row, word);
            return;
        };
        let Some(mut element) = self.element(row, word, kind) else { return };
        if kind == OSM
            && let Some(list) = list
        {
            element.tags = self.tags(row, list).then(|| list.to_owned());
        }
        if self.parameters(&mut element, row) {
            let parent = self.parent();
            self.tree.add(parent, element);
        }
    }

    /// Is there a list of tags of that name?
    fn tags(&mut self, row: &TableRow, list: &str) -> bool {
        let known = self.sheets.tags.has(list);
        if !known && !self.sheets.tags.is_empty() {
            let notice = Notice::error(
                Code::UnknownList,
                self.table.place(row.number, &["type"]),
                format!("osm表里没有列表“{list}”。"),
                format!("the sheet osm has no list '{list}'."),
            );
            self.notices.guess(notice, list, self.sheets.tags.names(), ("", ""));
        }
        known
    }

    fn unknown_type(&mut self, row: &TableRow, word: &str) {
        let first = word.split(' ').next().unwrap_or(word);
        let select_without_list = first.starts_with("select") || first == "rank";
        let place = self.table.place(row.number, &["type"]);
        let notice = if select_without_list && types::known_words().any(|w| w == word) {
            Notice::error(
                Code::UnknownList,
                place,
                format!("“{word}”后面没有写选项列表。写成如select_one yes_no。"),
                format!("'{word}' names no list. Write it like select_one yes_no."),
            )
        } else {
            Notice::error(
                Code::UnknownType,
                place,
                format!("没有题型“{word}”。"),
                format!("there is no question type '{word}'."),
            )
            .near(if word.contains(' ') && select_without_list { first } else { word }, types::known_words())
            .or(
                "写成如text、integer、select_one 列表名。",
                "Write one such as text, integer or select_one LIST.",
            )
        };
        self.notices.push(notice);
    }

    /// An element of a type, with its name, defaults, triggers and labels.
    pub(super) fn element(&mut self, row: &TableRow, word: &str, kind: QuestionType) -> Option<Element> {
        let name = self.name(row, word)?;
        let saved = self.mention(row, &name, false);
        let word_of_name = self.tree.word(&name);
        self.questions.insert(word_of_name);
        let mut element = Element::new(Kind::Question(kind), &name, row.number);
        element.word = word.to_owned();
        let bind = type_bind(kind);
        element.bind = (!bind.is_empty()).then_some(bind);
        fill(&mut element, &row.fields);
        if let Some(property) = saved {
            element.bind_mut().set_text("entities:saveto", property);
        }
        self.trigger(&mut element, row);
        let dynamic = is_dynamic(&row.fields, word);
        if dynamic {
            element.actions.push(Action::setvalue("odk-instance-first-load"));
            if self.in_repeat() {
                element.actions.push(Action::setvalue("odk-new-repeat"));
            }
        }
        let calculates = element.bind.as_ref().and_then(|b| b.get("calculate")).is_some();
        if word == "calculate" && !calculates && !dynamic {
            self.error(
                Code::MissingCalculation,
                row.number,
                &["bind", "calculate"],
                format!("“{name}”没有写calculation。"),
                format!("'{name}' has no calculation."),
            );
        }
        if matches!(word, "simserial" | "subscriberid") {
            self.warn(
                Code::Portability,
                row.number,
                &["type"],
                format!("安卓11以上的手机不再给出“{word}”，会是空的。改用deviceid。"),
                format!("phones from Android 11 on no longer tell '{word}'; it stays empty. Use deviceid."),
            );
        }
        self.check_media(&element);
        self.check_label(&element, kind, calculates);
        Some(element)
    }

    /// Only four kinds of media are known, and a large picture goes with a small one.
    pub(super) fn check_media(&mut self, element: &Element) {
        const KINDS: [&str; 4] = ["image", "big-image", "audio", "video"];
        for (kind, _) in element.media.iter().filter(|(kind, _)| !KINDS.contains(kind)) {
            let notice = Notice::error(
                Code::BadColumn,
                self.table.place(element.row, &["media", kind]),
                format!("没有媒体“{kind}”。可以写image、big-image、audio、video。"),
                format!("there is no medium '{kind}'. There are image, big-image, audio and video."),
            );
            self.notices.push(notice.near(kind, KINDS));
        }
        let shown = matches!(element.kind, Kind::Question(kind) if kind.tag != Tag::None);
        if shown && element.media.get("big-image").is_some() && element.media.get("image").is_none() {
            self.error(
                Code::MissingLabel,
                element.row,
                &["media", "big-image"],
                "写了big-image，也要写image。",
                "a big-image needs an image beside it.",
            );
        }
    }

    /// What shows in the body must have something to show.
    fn check_label(&mut self, element: &Element, kind: QuestionType, calculates: bool) {
        let shows = element.label.is_some() || element.hint.is_some() || !element.media.is_empty();
        // What lacks its trigger is refused for that.
        let triggered = !element.trigger.is_empty() || element.word == "background-geopoint";
        if kind.tag == Tag::None || shows || calculates || triggered {
            return;
        }
        self.error(
            Code::MissingLabel,
            element.row,
            &["label"],
            format!("题目“{}”没有标签，也没有提示。", element.name),
            format!("the question '{}' has neither label nor hint.", element.name),
        );
    }

    fn trigger(&mut self, element: &mut Element, row: &TableRow) {
        let Some(text) = row.fields.text("trigger") else { return };
        let mut names = Vec::new();
        let mut bad = malformed(text).is_some();
        for part in text.split(',') {
            let mut found = references(part);
            match (found.next(), found.next()) {
                (Some(one), None) => names.push(self.tree.word(one.reference.name)),
                (None, _) => bad |= !part.trim().is_empty(),
                _ => bad = true,
            }
        }
        if bad || names.is_empty() {
            self.error(
                Code::BadTrigger,
                row.number,
                &["trigger"],
                "写成${题目名}，几个之间用逗号。",
                "write it as ${question}, several with commas between.",
            );
            return;
        }
        self.triggers.extend(names.iter().map(|name| (*name, row.number)));
        element.trigger = names;
    }

    /// The log of how a form was filled; it stands in the meta group and is always called `audit`.
    pub(super) fn audit(&mut self, row: &TableRow) {
        if row.fields.text("name").is_some_and(|name| name != "audit") {
            self.error(
                Code::BadName,
                row.number,
                &["name"],
                "审计日志的名字只能是audit，可以留空。",
                "an audit log is always named audit; leave the name empty.",
            );
            return;
        }
        let Some(kind) = types::question_type("audit") else { return };
        let mut element = Element::new(Kind::Question(kind), "audit", row.number);
        element.word = "audit".to_owned();
        element.bind = Some(type_bind(kind));
        fill(&mut element, &row.fields);
        self.trigger(&mut element, row);
        if !self.parameters(&mut element, row) {
            return;
        }
        if self.meta.is_empty() {
            self.meta.push(element);
        } else {
            self.name_is_made(row.number, "audit");
        }
    }
}

/// The default of an image is a file of the form.
pub(super) fn image_default(default: &str) -> Field {
    let text =
        if default.contains("jr://images/") { default.to_owned() } else { format!("jr://images/{default}") };
    Field::Text(text)
}
