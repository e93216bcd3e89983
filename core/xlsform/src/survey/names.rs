//! Which names stand where, and whether a row's can stand there too.

use std::collections::HashSet;

use super::Builder;
use crate::error::Code;
use crate::headers::TableRow;
use crate::names::is_xml_name;
use crate::symbols::Symbol;
use crate::tree::{Element, Tree};

/// The names within one section.
#[derive(Default)]
pub(super) struct Names {
    pub(super) taken: HashSet<Symbol>,
    /// The same in lower case.
    pub(super) lower: HashSet<Symbol>,
}

impl Names {
    /// The form adds a group `meta` of its own.
    pub(super) fn new(tree: &mut Tree) -> Self {
        Self { taken: HashSet::from([tree.word("meta")]), lower: HashSet::new() }
    }
}

/// How often each name stands in the survey sheet, by its number in the tree.
#[derive(Default)]
pub(crate) struct Named(Vec<u32>);

impl Named {
    pub(super) fn add(&mut self, name: Symbol) {
        let at = name.index();
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(count) = self.0.get_mut(at) {
            *count += 1;
        }
    }

    pub(super) fn count(&self, name: Symbol) -> u32 {
        self.0.get(name.index()).copied().unwrap_or(0)
    }

    /// All names, in the order of their first mention.
    pub(super) fn all<'a>(&'a self, tree: &'a Tree) -> impl Iterator<Item = &'a str> {
        tree.words().iter().filter(|(name, _)| self.count(*name) > 0).map(|(_, name)| name)
    }
}

impl Builder<'_> {
    /// The row's name, if it can be an element's and is not taken.
    pub(super) fn name(&mut self, row: &TableRow, word: &str) -> Option<String> {
        let name = match row.fields.text("name") {
            Some(name) => name.to_owned(),
            None if word == "note" => format!("generated_note_name_{}", self.table.ordinal(row.number)),
            None => {
                self.error(
                    Code::MissingName,
                    row.number,
                    &["name"],
                    "没有名字。填上英文名，如visited_at。",
                    "has no name. Write one such as visited_at.",
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
        let (word, lower) = (self.tree.word(&name), self.tree.word(&name.to_lowercase()));
        self.named.add(word);
        let names = self.open.last_mut().map_or(&mut self.names_here, |open| &mut open.names);
        let taken = !names.taken.insert(word);
        let close = !names.lower.insert(lower);
        if taken && name == "meta" {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                "“meta”留给表单自己用。改成别的名字。",
                "'meta' is kept for the form itself. Choose another name.",
            );
            return None;
        }
        if taken {
            self.error(
                Code::DuplicateName,
                row.number,
                &["name"],
                format!("名字“{name}”在这一组里已经用过。改成不同的名字。"),
                format!("the name '{name}' is already used in this group. Choose another."),
            );
            return None;
        }
        if close {
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

    /// Adds an element that the converter makes up, unless its name is taken.
    pub(super) fn add_made(&mut self, element: Element) {
        let parent = self.parent();
        let name = self.tree.word(&element.name);
        let names = self.open.last_mut().map_or(&mut self.names_here, |open| &mut open.names);
        if names.taken.insert(name) {
            self.tree.add(parent, element);
        } else {
            self.name_is_made(element.row, &element.name);
        }
    }

    pub(super) fn name_is_made(&mut self, row: u32, name: &str) {
        self.error(
            Code::DuplicateName,
            row,
            &["name"],
            format!("这一题会自动生成“{name}”，同组里已经有这个名字。改掉其中一个。"),
            format!(
                "this row makes a '{name}' of its own, but its group already has one. Rename one of them."
            ),
        );
    }
}
