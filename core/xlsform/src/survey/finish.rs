//! What can be judged only at the end of the sheet, and what the converter adds there.

use super::{Builder, Built, Calculated};
use crate::error::{Code, Notice, Severity};
use crate::expression::{is_reference, references};
use crate::tree::{Element, Kind, Tree};

impl Builder<'_> {
    /// Closes the form: open groups, triggers, geometries, searched lists, the meta groups.
    pub(super) fn finish(mut self) -> Built {
        if let Some(open) = self.looping.take() {
            self.never_closed(open.begin.fields.text("name").unwrap_or_default(), open.begin.number);
        }
        for open in std::mem::take(&mut self.open) {
            let name = self.tree.at(open.id).name.clone();
            self.never_closed(&name, open.row);
        }
        for (name, row) in std::mem::take(&mut self.triggers) {
            if !self.questions.contains(&name) {
                let notice = Notice::error(
                    Code::BadTrigger,
                    self.table.place(row, &["trigger"]),
                    format!("触发的题目“{name}”不存在。"),
                    format!("there is no question '{name}' to be triggered by."),
                );
                self.notices.push(notice.near(&name, self.questions.iter().map(String::as_str)));
            }
        }
        for (name, row) in std::mem::take(&mut self.seeds) {
            if !self.named.contains_key(&name) {
                let notice = Notice::error(
                    Code::BadReference,
                    self.table.place(row, &["parameters"]),
                    format!("seed引用的题目“{name}”不存在（参数一律读作小写）。"),
                    format!(
                        "there is no question '{name}' for the seed (parameters are read in lower case)."
                    ),
                );
                self.notices.push(notice.near(&name, self.named.keys().map(String::as_str)));
            }
        }
        self.check_geometries();
        self.check_searched();
        if !self.sheets.settings.flag("omit_instanceID", false) {
            *self.named.entry("instanceID".to_owned()).or_default() += 1;
        }
        if self.notices.iter().all(|notice| notice.severity != Severity::Error) {
            self.sheets.entities.declare(&mut self.tree, self.table, self.notices);
        }
        self.add_meta();
        Built { tree: self.tree, named: self.named, files: self.files, or_other: self.or_other, whole: true }
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
            let list = self.secondary.contains(&target)
                || self.sheets.choices.list(&target).is_some()
                || self.sheets.entities.has(&target);
            let repeat = is_reference(&target)
                && references(&target).first().is_some_and(|f| self.repeats.contains(f.reference.name));
            if !list && !repeat {
                let notice = Notice::error(
                    Code::BadParameters,
                    self.table.place(row, &["parameters"]),
                    format!(
                        "reference-geometry的“{target}”不是选项列表、实体列表、附件，也不是重复组的引用。"
                    ),
                    format!(
                        "the reference-geometry '{target}' is no list of choices or entities, no file, and no reference to a repeat."
                    ),
                );
                let lists = self.sheets.choices.lists.iter().map(|list| list.name.as_str());
                self.notices
                    .push(notice.near(&target, lists.chain(self.secondary.iter().map(String::as_str))));
            }
        }
    }

    /// A list that one question searches in a file cannot be the plain list of another.
    fn check_searched(&mut self) {
        let all = std::mem::take(&mut self.searched);
        for (list, searched, row) in &all {
            let other = all.iter().find(|(known, plain, _)| known == list && plain != searched);
            if let (true, Some((_, _, other))) = (*searched, other) {
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
        let root = &self.tree.at(Tree::ROOT).children;
        let known = root.iter().copied().find(|id| self.tree.at(*id).bodyless);
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
