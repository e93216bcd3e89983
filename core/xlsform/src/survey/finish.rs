//! What can be judged only at the end of the sheet, and what the converter adds there.

use std::collections::HashMap;

use super::{Builder, Built, Calculated};
use crate::error::{Code, Notice};
use crate::expression::{is_reference, references};
use crate::tree::{Element, Kind, Tree, part};

impl Builder<'_> {
    /// Closes the form: open groups, triggers, geometries, searched lists, the meta groups.
    pub(super) fn finish(mut self) -> Built {
        if let Some(open) = self.looping.take() {
            self.never_closed(open.begin.fields.text("name").unwrap_or_default(), open.begin.number);
        }
        for open in std::mem::take(&mut self.open) {
            let name = self.tree.name(open.id).to_owned();
            self.never_closed(&name, open.row);
        }
        for (name, row) in std::mem::take(&mut self.triggers) {
            if !self.questions.contains(&name) {
                let name = self.tree.words().get(name);
                let notice = Notice::error(
                    Code::BadTrigger,
                    self.table.place(row, &["trigger"]),
                    format!("触发的题目“{name}”不存在。"),
                    format!("there is no question '{name}' to be triggered by."),
                );
                let words = self.tree.words().iter();
                let questions = words.filter(|(word, _)| self.questions.contains(word)).map(|(_, word)| word);
                self.notices.guess(notice, name, questions, ("", ""));
            }
        }
        for (name, row) in std::mem::take(&mut self.seeds) {
            if self.named.count(name) == 0 {
                let name = self.tree.words().get(name);
                let notice = Notice::error(
                    Code::BadReference,
                    self.table.place(row, &["parameters"]),
                    format!("seed引用的题目“{name}”不存在（参数一律读作小写）。"),
                    format!(
                        "there is no question '{name}' for the seed (parameters are read in lower case)."
                    ),
                );
                self.notices.guess(notice, name, self.named.all(&self.tree), ("", ""));
            }
        }
        self.check_geometries();
        self.check_searched();
        if !self.sheets.settings.flag("omit_instanceID", false) {
            let word = self.tree.word("instanceID");
            self.named.add(word);
        }
        if self.notices.errors() == 0 {
            self.sheets.entities.declare(&mut self.tree, self.table, self.notices);
        }
        self.add_meta();
        self.built(true)
    }

    fn never_closed(&mut self, name: &str, row: u32) {
        self.error(
            Code::Unbalanced,
            row,
            &["type"],
            format!("“{name}”没有结束。在它的最后一题后面加一行end_group或end_repeat。"),
            format!("'{name}' is never closed. Add a row end_group or end_repeat after its last question."),
        );
    }

    /// A place may be shown with those of a list, a file, a list of entities or a repeat.
    fn check_geometries(&mut self) {
        for (target, row) in std::mem::take(&mut self.geometries) {
            let name = self.tree.words().get(target);
            let list = self.secondary.contains(&target)
                || self.sheets.choices.list(name).is_some()
                || self.sheets.entities.has(name);
            let of = references(name).next().filter(|_| is_reference(name));
            let repeat = of.and_then(|found| self.tree.words().find(found.reference.name));
            if !list && !repeat.is_some_and(|repeat| self.repeats.contains(&repeat)) {
                let notice = Notice::error(
                    Code::BadParameters,
                    self.table.place(row, &["parameters"]),
                    format!("reference-geometry的“{name}”不是选项列表、实体列表、附件，也不是重复组的引用。"),
                    format!(
                        "the reference-geometry '{name}' is no list of choices or entities, no file, and no reference to a repeat."
                    ),
                );
                let words = self.tree.words().iter();
                let files = words.filter(|(word, _)| self.secondary.contains(word)).map(|(_, word)| word);
                self.notices.guess(notice, name, self.sheets.choices.names().chain(files), ("", ""));
            }
        }
    }

    /// A list that one question searches in a file cannot be the plain list of another.
    fn check_searched(&mut self) {
        let all = std::mem::take(&mut self.searched);
        let mut plain = HashMap::new();
        for (list, _, row) in all.iter().filter(|(_, searched, _)| !searched) {
            plain.entry(*list).or_insert(*row);
        }
        for (list, _, row) in all.iter().filter(|(_, searched, _)| *searched) {
            if let Some(other) = plain.get(list) {
                let list = self.tree.words().get(*list).to_owned();
                self.error(
                    Code::BadChoice,
                    *row,
                    &["type"],
                    format!("列表“{list}”这里用search()，第{other}行却没有用。给search()另用一个列表。"),
                    format!("the list '{list}' is used with search() here and without it in row {other}. Give search() a list of its own."),
                );
            }
        }
    }

    fn add_meta(&mut self) {
        let settings = &*self.sheets.settings;
        let mut children = std::mem::take(&mut self.meta);
        if !settings.flag("omit_instanceID", false) {
            let mut id = Calculated::element("instanceID", None);
            id.bind_mut().set_text("jr:preload", settings.text("instance_id").unwrap_or("uid"));
            children.push(id);
        }
        if let Some(expression) = settings.text("instance_name") {
            let mut name = Calculated::element("instanceName", Some(expression));
            name.bind_mut().remove("readonly");
            children.push(name);
        }
        if children.is_empty() {
            return;
        }
        let known = self.tree.children(Tree::ROOT).find(|id| self.tree.has(*id, part::BODYLESS));
        let meta = known.unwrap_or_else(|| {
            let mut group = Element::new(Kind::Group, "meta", 0);
            group.bodyless = true;
            self.tree.add(Tree::ROOT, group)
        });
        for child in children {
            self.tree.add(meta, child);
        }
    }
}
