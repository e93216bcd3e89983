//! The survey sheet, row by row, into the tree.

mod blocks;
mod check;
mod parameters;
mod questions;
mod select;

use std::collections::HashSet;

use crate::choices::Choices;
use crate::error::{Code, Notice};
use crate::field::{Field, Fields};
use crate::headers::{Table, TableRow};
use crate::names::is_xml_name;
use crate::settings::Settings;
use crate::tree::{Element, Id, Kind, Tree};
use crate::types::{self, Block, CALCULATE, QuestionType};

pub(crate) use check::{check_references, check_unsupported};
pub(crate) use select::file_extension;

/// A group or repeat that is still open.
struct Open {
    id: Id,
    block: Block,
    row: u32,
    names: HashSet<String>,
}

/// What the rows are read with.
pub(crate) struct Builder<'a> {
    table: &'a Table,
    settings: &'a Settings,
    choices: &'a mut Choices,
    external: &'a [String],
    notices: &'a mut Vec<Notice>,
    tree: Tree,
    open: Vec<Open>,
    names_here: HashSet<String>,
    repeats: HashSet<String>,
    meta: Vec<Element>,
    triggers: Vec<(String, u32)>,
}

/// Builds the tree; what is wrong goes into the notices.
pub(crate) fn build(
    table: &Table,
    settings: &Settings,
    choices: &mut Choices,
    external: &[String],
    notices: &mut Vec<Notice>,
) -> Tree {
    let mut builder = Builder {
        table,
        settings,
        choices,
        external,
        notices,
        tree: Tree::new(&settings.root),
        open: Vec::new(),
        names_here: HashSet::from(["meta".to_owned()]),
        repeats: HashSet::new(),
        meta: Vec::new(),
        triggers: Vec::new(),
    };
    for row in &table.rows {
        builder.row(row);
    }
    builder.finish()
}

impl Builder<'_> {
    fn error(&mut self, code: Code, row: u32, path: &[&str], zh: String, en: String) {
        let place = self.table.place(row, path);
        self.notices.push(Notice::error(code, place, zh, en));
    }

    fn warn(&mut self, code: Code, row: u32, path: &[&str], zh: String, en: String) {
        let place = self.table.place(row, path);
        self.notices.push(Notice::warning(code, place, zh, en));
    }

    fn parent(&self) -> Id {
        self.open.last().map_or(Tree::ROOT, |open| open.id)
    }

    fn in_repeat(&self) -> bool {
        self.open.iter().any(|open| open.block == Block::Repeat)
    }

    fn row(&mut self, row: &TableRow) {
        let fields = &row.fields;
        if let Some(disabled) = fields.text("disabled") {
            self.warn(
                Code::SkippedRow,
                row.number,
                &["disabled"],
                "“disabled”列已不在规范里，建议改用relevant。".to_owned(),
                "the column 'disabled' is no longer part of XLSForm; use relevant.".to_owned(),
            );
            if matches!(disabled, "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()") {
                return;
            }
        }
        let Some(word) = fields.text("type").map(types::dealias) else {
            self.untyped(row);
            return;
        };
        match types::block(word) {
            Some((true, block)) => self.begin(row, word, block),
            Some((false, block)) => self.end(row, block),
            None => self.question(row, word),
        }
    }

    fn untyped(&mut self, row: &TableRow) {
        if row.fields.get("name").is_some() || row.fields.get("label").is_some() {
            self.error(
                Code::MissingType,
                row.number,
                &["type"],
                "没有写题型。填上如text、integer、select_one。".to_owned(),
                "has no question type. Write one such as text, integer or select_one.".to_owned(),
            );
        } else {
            self.warn(
                Code::SkippedRow,
                row.number,
                &["type"],
                "没有题型、名字和标签，这一行没有用。".to_owned(),
                "has no type, name or label and was passed over.".to_owned(),
            );
        }
    }

    /// The row's name, if it can be an element's and is not taken.
    fn name(&mut self, row: &TableRow, word: &str) -> Option<String> {
        let name = match row.fields.text("name") {
            Some(name) => name.to_owned(),
            None if word == "note" => format!("generated_note_name_{}", row.number),
            None => {
                self.error(
                    Code::MissingName,
                    row.number,
                    &["name"],
                    "没有名字。填上英文名，如visited_at。".to_owned(),
                    "has no name. Write one such as visited_at.".to_owned(),
                );
                return None;
            }
        };
        if !is_xml_name(&name) {
            self.error(
                Code::BadName,
                row.number,
                &["name"],
                format!("“{name}”不能作名字。以字母或下划线开头，后面用字母、数字、下划线、连字符或点。"),
                format!("'{name}' cannot be a name. Begin with a letter or underscore and go on with letters, digits, underscores, hyphens or dots."),
            );
            return None;
        }
        let names = match self.open.last_mut() {
            Some(open) => &mut open.names,
            None => &mut self.names_here,
        };
        if !names.insert(name.clone()) {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("名字“{name}”在这一组里已经用过。改成不同的名字。"),
                format!("the name '{name}' is already used in this group. Choose another."),
            );
            return None;
        }
        let lower = name.to_lowercase();
        if names.iter().any(|other| *other != name && other.to_lowercase() == lower) {
            self.warn(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("名字“{name}”和同组的另一个只差大小写，导出后容易混淆。"),
                format!("the name '{name}' differs from another of its group only in case, which confuses exports."),
            );
        }
        Some(name)
    }

    /// Closes the form: open groups, triggers, the meta group.
    fn finish(mut self) -> Tree {
        for open in std::mem::take(&mut self.open) {
            let name = self.tree.at(open.id).name.clone();
            self.error(
                Code::Unbalanced,
                open.row,
                &["type"],
                format!("“{name}”没有结束。在它的最后一题后面加一行end_group或end_repeat。"),
                format!(
                    "'{name}' is never closed. Add a row end_group or end_repeat after its last question."
                ),
            );
        }
        for (name, row) in std::mem::take(&mut self.triggers) {
            let known = matches!(self.tree.named(&name), Some(Some(id)) if matches!(self.tree.at(id).kind, Kind::Question(_)));
            if !known {
                let notice = Notice::error(
                    Code::BadTrigger,
                    self.table.place(row, &["trigger"]),
                    format!("触发的题目“{name}”不存在。"),
                    format!("there is no question '{name}' to be triggered by."),
                );
                let names: Vec<&str> = self.tree.names().collect();
                let notice = notice.near(&name, names);
                self.notices.push(notice);
            }
        }
        self.add_meta();
        self.tree
    }

    fn add_meta(&mut self) {
        let mut children = std::mem::take(&mut self.meta);
        if !self.settings.flag("omit_instanceid", false) {
            let mut id = calculated("instanceID", CALCULATE);
            id.bind_mut().set_text("readonly", "true()");
            id.bind_mut().set_text("jr:preload", self.settings.text("instance_id").unwrap_or("uid"));
            children.push(id);
        }
        if let Some(expression) = self.settings.text("instance_name") {
            let mut name = calculated("instanceName", CALCULATE);
            name.bind_mut().set_text("calculate", expression);
            children.push(name);
        }
        if children.is_empty() {
            return;
        }
        let mut group = Element::new(Kind::Group, "meta", 0);
        group.bodyless = true;
        let meta = self.tree.add(Tree::ROOT, group);
        for child in children {
            self.tree.add(meta, child);
        }
    }
}

/// An element that the converter adds and nobody sees.
fn calculated(name: &str, kind: QuestionType) -> Element {
    let mut element = Element::new(Kind::Question(kind), name, 0);
    element.word = "calculate".to_owned();
    element.bind = Some(type_bind(kind));
    element
}

/// The bind that comes with a type.
fn type_bind(kind: QuestionType) -> Fields {
    let mut bind = Fields::default();
    for (key, value) in kind.bind {
        bind.set_text(key, *value);
    }
    if !kind.data.is_empty() {
        bind.set_text("type", kind.data);
    }
    bind
}

/// What the row says of the element, laid over what its type brings.
fn fill(element: &mut Element, fields: &Fields) {
    element.label = fields.get("label").cloned();
    element.hint = fields.get("hint").cloned();
    element.guidance = fields.get("guidance_hint").cloned();
    element.default = fields.text("default").map(str::to_owned);
    element.choice_filter = fields.text("choice_filter").map(str::to_owned);
    if let Some(Field::Map(media)) = fields.get("media") {
        element.media = media.clone();
    }
    if let Some(Field::Map(control)) = fields.get("control") {
        element.control = control.clone();
    }
    if let Some(Field::Map(instance)) = fields.get("instance") {
        element.instance = instance.clone();
    }
    if let Some(Field::Map(bind)) = fields.get("bind") {
        for (key, value) in bind.iter() {
            element.bind_mut().set(key, value.clone());
        }
    }
    // Such a label stands over the choices of its neighbours; it may be blank, never missing.
    if element.label.is_none() && element.control.text("appearance") == Some("label") {
        element.label = Some(Field::Text(" ".to_owned()));
    }
}
