//! Groups and repeats: their begin and end rows.

use std::collections::HashSet;

use super::{Builder, Open, calculated, fill};
use crate::error::Code;
use crate::expression::is_reference;
use crate::headers::TableRow;
use crate::tree::{Element, Kind};
use crate::types::{Block, CALCULATE};

impl Builder<'_> {
    pub(super) fn begin(&mut self, row: &TableRow, word: &str, block: Block) {
        let name = self.name(row, word).unwrap_or_else(|| format!("row_{}", row.number));
        let kind = match block {
            Block::Group => Kind::Group,
            Block::Repeat => Kind::Repeat,
            Block::Loop => {
                self.error(
                    Code::Unsupported,
                    row.number,
                    &["type"],
                    "循环（begin_loop）还不支持。改用begin_repeat，或把题目逐个写出。".to_owned(),
                    "loops (begin_loop) are not supported yet. Use begin_repeat, or write the questions one by one.".to_owned(),
                );
                Kind::Group
            }
        };
        if block == Block::Repeat {
            self.check_repeat_name(row, &name);
        }
        let mut element = Element::new(kind, &name, row.number);
        element.word = if block == Block::Repeat { "repeat" } else { "group" }.to_owned();
        fill(&mut element, &row.fields);
        if element.control.text("appearance").is_some_and(|a| a.split_whitespace().any(|w| w == "table-list"))
        {
            self.error(
                Code::Unsupported,
                row.number,
                &["control", "appearance"],
                "外观table-list还不支持。改用field-list，在题目上写list-nolabel。".to_owned(),
                "the appearance table-list is not supported yet. Use field-list and list-nolabel on the questions.".to_owned(),
            );
        }
        if let Some(intent) = row.fields.text("intent") {
            element.control.set_text("intent", intent);
        }
        self.count_node(&mut element);
        let parent = self.parent();
        let id = self.tree.add(parent, element);
        self.open.push(Open { id, block, row: row.number, names: HashSet::from(["meta".to_owned()]) });
    }

    fn check_repeat_name(&mut self, row: &TableRow, name: &str) {
        if name == self.settings.root {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("重复组不能和根元素“{name}”同名。"),
                format!("a repeat may not have the root's name '{name}'."),
            );
        } else if !self.repeats.insert(name.to_owned()) {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("重复组的名字“{name}”在整个表单里只能用一次。"),
                format!("the repeat name '{name}' may stand only once in the whole form."),
            );
        }
        if row.fields.get("label").is_none() && row.fields.get("media").is_none() {
            self.warn(
                Code::MissingLabel,
                row.number,
                &["label"],
                format!("重复组“{name}”没有标签。"),
                format!("the repeat '{name}' has no label."),
            );
        }
    }

    /// A count that is more than one reference is calculated into a node of its own.
    fn count_node(&mut self, element: &mut Element) {
        let Some(count) = element.control.text("jr:count").map(str::to_owned) else { return };
        if is_reference(&count) {
            return;
        }
        let name = format!("{}_count", element.name);
        let mut node = calculated(&name, CALCULATE);
        node.bind_mut().set_text("readonly", "true()");
        node.bind_mut().set_text("calculate", count);
        let parent = self.parent();
        self.tree.add(parent, node);
        element.control.set_text("jr:count", format!("${{{name}}}"));
    }

    pub(super) fn end(&mut self, row: &TableRow, block: Block) {
        let fits = self
            .open
            .last()
            .is_some_and(|open| open.block == block || (open.block == Block::Loop && block != Block::Repeat));
        if fits {
            self.open.pop();
            return;
        }
        let (zh, en) = match self.open.last().map(|open| (self.tree.at(open.id).name.clone(), open.row)) {
            Some((name, begun)) => (
                format!("这里要结束的是第{begun}行开始的“{name}”，种类不一致。"),
                format!("what is open here is '{name}' from row {begun}, which is of another kind."),
            ),
            None => (
                "前面没有开始过的组。删掉这一行。".to_owned(),
                "no group has begun before. Delete this row.".to_owned(),
            ),
        };
        self.error(Code::Unbalanced, row.number, &["type"], zh, en);
        if self.open.last().is_some_and(|open| open.block != block) {
            self.open.pop();
        }
    }
}
