//! Questions: everything that is not a group or a repeat.

use super::{Builder, fill, type_bind};
use crate::error::{Code, Notice};
use crate::expression::{is_dynamic_default, malformed, references};
use crate::field::Field;
use crate::headers::TableRow;
use crate::tree::{Action, Element, Kind};
use crate::types::{self, QuestionType, Tag};

impl Builder<'_> {
    pub(super) fn question(&mut self, row: &TableRow, word: &str) {
        if word == "audit" {
            self.audit(row);
            return;
        }
        if matches!(word, "csv-external" | "xml-external") {
            if let Some(name) = self.name(row, word) {
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
        let Some(kind) = types::question_type(word) else {
            self.unknown_type(row, word);
            return;
        };
        let Some(element) = self.element(row, word, kind) else { return };
        let mut element = element;
        if self.parameters(&mut element, row) {
            let parent = self.parent();
            self.tree.add(parent, element);
        }
    }

    fn unknown_type(&mut self, row: &TableRow, word: &str) {
        let first = word.split(' ').next().unwrap_or(word);
        let select_without_list = first.starts_with("select") || first == "rank";
        let notice = if select_without_list && types::known_words().any(|w| w == word) {
            Notice::error(
                Code::UnknownList,
                self.table.place(row.number, &["type"]),
                format!("“{word}”后面没有写选项列表。写成如select_one yes_no。"),
                format!("'{word}' names no list. Write it like select_one yes_no."),
            )
        } else if word == "osm" || word.starts_with("osm ") {
            Notice::error(
                Code::Unsupported,
                self.table.place(row.number, &["type"]),
                "题型osm还不支持。",
                "the type osm is not supported yet.",
            )
        } else {
            Notice::error(
                Code::UnknownType,
                self.table.place(row.number, &["type"]),
                format!("没有题型“{word}”。"),
                format!("there is no question type '{word}'."),
            )
            .near(if word.contains(' ') && select_without_list { first } else { word }, types::known_words())
        };
        self.notices.push(notice);
    }

    /// An element of a type, with its name, defaults, triggers and labels.
    pub(super) fn element(&mut self, row: &TableRow, word: &str, kind: QuestionType) -> Option<Element> {
        let name = self.name(row, word)?;
        let mut element = Element::new(Kind::Question(kind), &name, row.number);
        element.word = word.to_owned();
        let bind = type_bind(kind);
        element.bind = (!bind.is_empty()).then_some(bind);
        fill(&mut element, &row.fields);
        self.trigger(&mut element, row);
        let dynamic = element.default.as_deref().is_some_and(|d| is_dynamic_default(d, word));
        if dynamic {
            element.actions.push(Action {
                name: "setvalue",
                event: "odk-instance-first-load",
                quality: None,
            });
            if self.in_repeat() {
                element.actions.push(Action { name: "setvalue", event: "odk-new-repeat", quality: None });
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
        self.check_label(&element, kind, calculates);
        Some(element)
    }

    /// What shows in the body must have something to show.
    fn check_label(&mut self, element: &Element, kind: QuestionType, calculates: bool) {
        let shows = element.label.is_some() || element.hint.is_some() || !element.media.is_empty();
        if kind.tag == Tag::None || shows || calculates || !element.trigger.is_empty() {
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
            match references(part).as_slice() {
                [one] => names.push(one.reference.name.to_owned()),
                [] => bad |= !part.trim().is_empty(),
                _ => bad = true,
            }
        }
        if bad || names.is_empty() {
            self.error(
                Code::BadTrigger,
                row.number,
                &["trigger"],
                "写成${题目名}，几个之间用逗号。".to_owned(),
                "write it as ${question}, several with commas between.".to_owned(),
            );
            return;
        }
        self.triggers.extend(names.iter().map(|name| (name.clone(), row.number)));
        element.trigger = names;
    }

    /// The log of how a form was filled; it stands in the meta group and is always called `audit`.
    fn audit(&mut self, row: &TableRow) {
        if row.fields.text("name").is_some_and(|name| name != "audit") {
            self.error(
                Code::BadName,
                row.number,
                &["name"],
                "审计日志的名字只能是audit，可以留空。".to_owned(),
                "an audit log is always named audit; leave the name empty.".to_owned(),
            );
            return;
        }
        let Some(kind) = types::question_type("audit") else { return };
        let mut element = Element::new(Kind::Question(kind), "audit", row.number);
        element.word = "audit".to_owned();
        element.bind = Some(type_bind(kind));
        fill(&mut element, &row.fields);
        if self.parameters(&mut element, row) {
            self.meta.push(element);
        }
    }
}

/// The default of an image is a file of the form.
pub(super) fn image_default(default: &str) -> Field {
    let text =
        if default.contains("jr://images/") { default.to_owned() } else { format!("jr://images/{default}") };
    Field::Text(text)
}
