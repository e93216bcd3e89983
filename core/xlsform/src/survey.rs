//! From rows to a checked tree of groups, repeats and questions.

use std::collections::{BTreeMap, BTreeSet};

use crate::notice::{Notice, Place, did_you_mean, nearest};
use crate::types::{self, Kind, Type};
use crate::workbook::{Row, Sheet, Workbook};

/// A place in the tree.
pub(crate) type NodeId = usize;

/// A row of the survey in its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) row: Row,
    pub(crate) parent: Option<NodeId>,
    pub(crate) children: Vec<NodeId>,
}

/// The whole survey; node 0 is the root, whose row is empty.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// Nodes by name: where a name stands more than once, a reference to it is ambiguous.
    pub(crate) by_name: BTreeMap<String, Vec<NodeId>>,
}

impl Tree {
    /// A node by its id. Ids come from this tree only.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// From the root down to `id`, both included.
    pub(crate) fn line(&self, id: NodeId) -> Vec<NodeId> {
        let mut line = vec![id];
        let mut at = id;
        while let Some(parent) = self.node(at).and_then(|n| n.parent) {
            line.push(parent);
            at = parent;
        }
        line.reverse();
        line
    }

    /// The absolute path, such as `/data/found/problem`.
    pub(crate) fn path(&self, id: NodeId) -> String {
        self.line(id).iter().filter_map(|id| self.node(*id)).map(|n| format!("/{}", n.name)).collect()
    }

    /// All nodes but the root, in the order of the survey.
    pub(crate) fn all(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().skip(1)
    }
}

/// Reads the survey sheet. All errors are collected, so that an author mends them in one go.
pub(crate) fn tree(book: &Workbook, notices: &mut Vec<Notice>) -> Tree {
    let sheet = &book.survey;
    let root =
        Node { kind: Kind::Group, name: "data".into(), row: Row::default(), parent: None, children: vec![] };
    let mut tree = Tree { nodes: vec![root], by_name: BTreeMap::new() };
    let mut open: Vec<NodeId> = vec![0];
    for row in &sheet.rows {
        let here = *open.last().unwrap_or(&0);
        let Some(cell) = sheet.get(row, "type") else {
            if sheet.get(row, "name").is_some() || !sheet.texts(row, "label").is_empty() {
                let at = sheet.place(row, "type");
                notices.push(Notice::error(at, "这一行没有写类型", "This row has no type"));
            }
            continue;
        };
        match types::parse(cell) {
            Some(Type::Question(question)) => {
                add(&mut tree, sheet, row, Kind::Question(question), here, notices);
            }
            Some(Type::Begin(kind)) => {
                if let Some(id) = add(&mut tree, sheet, row, kind, here, notices) {
                    open.push(id);
                }
            }
            Some(Type::End(kind)) => match tree.node(here) {
                Some(node) if open.len() > 1 && node.kind == kind => {
                    open.pop();
                }
                _ => notices.push(Notice::error(
                    sheet.place(row, "type"),
                    format!("“{cell}”没有对应的开始行"),
                    format!("“{cell}” has no begin row that fits"),
                )),
            },
            None => notices.push(unknown_type(sheet, row, cell)),
        }
    }
    for id in open.iter().skip(1) {
        if let Some(node) = tree.node(*id) {
            notices.push(Notice::error(
                sheet.place(&node.row, "type"),
                format!("“{}”没有结束行", node.name),
                format!("“{}” has no end row", node.name),
            ));
        }
    }
    lists(&tree, book, notices);
    tree
}

fn unknown_type(sheet: &Sheet, row: &Row, cell: &str) -> Notice {
    let word = cell.split_whitespace().next().unwrap_or(cell);
    let at = sheet.place(row, "type");
    if types::NOT_YET.contains(&word.to_lowercase().as_str()) {
        return Notice::error(
            at,
            format!("暂不支持类型“{word}”"),
            format!("The type “{word}” is not supported yet"),
        );
    }
    let (zh, en) = did_you_mean(nearest(word, types::words()));
    Notice::error(at, format!("没有类型“{word}”。{zh}"), format!("There is no type “{word}”.{en}"))
}

fn add(
    tree: &mut Tree,
    sheet: &Sheet,
    row: &Row,
    kind: Kind,
    parent: NodeId,
    notices: &mut Vec<Notice>,
) -> Option<NodeId> {
    let at = sheet.place(row, "name");
    let Some(name) = sheet.get(row, "name") else {
        notices.push(Notice::error(at, "这一行没有写名称", "This row has no name"));
        // A group without a name still opens, so that its end row is not reported as well.
        return (!matches!(kind, Kind::Question(_))).then(|| insert(tree, row, kind, "unnamed", parent));
    };
    if !is_name(name) {
        notices.push(Notice::error(
            at,
            format!("名称“{name}”不能用：以字母或下划线开头，只含字母、数字、下划线、连字符和点"),
            format!(
                "The name “{name}” can’t be used: letters, digits, _ - . only, and begin with a letter or _"
            ),
        ));
    }
    let sibling = |id: &NodeId| tree.node(*id).is_some_and(|n| n.name.eq_ignore_ascii_case(name));
    if tree.node(parent).is_some_and(|p| p.children.iter().any(sibling)) {
        notices.push(Notice::error(
            at,
            format!("名称“{name}”在这一组里写了两次"),
            format!("The name “{name}” is there twice in this group"),
        ));
    }
    let no_label = sheet.texts(row, "label").is_empty();
    if let Kind::Question(question) = &kind
        && question.control.is_some()
        && no_label
        && sheet.texts(row, "hint").is_empty()
    {
        notices.push(Notice::warning(
            sheet.place(row, "label"),
            format!("“{name}”没有题目文字"),
            format!("“{name}” has no label"),
        ));
    }
    Some(insert(tree, row, kind, name, parent))
}

fn insert(tree: &mut Tree, row: &Row, kind: Kind, name: &str, parent: NodeId) -> NodeId {
    let id = tree.nodes.len();
    let node = Node { kind, name: name.to_owned(), row: row.clone(), parent: Some(parent), children: vec![] };
    tree.nodes.push(node);
    if let Some(parent) = tree.nodes.get_mut(parent) {
        parent.children.push(id);
    }
    tree.by_name.entry(name.to_owned()).or_default().push(id);
    id
}

/// An XML name without colon, as pyxform takes it.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn lists(tree: &Tree, book: &Workbook, notices: &mut Vec<Notice>) {
    let sheet = &book.choices;
    let known: BTreeSet<&str> = sheet.rows.iter().filter_map(|row| sheet.get(row, "list_name")).collect();
    for (_, node) in tree.all() {
        let Kind::Question(question) = &node.kind else { continue };
        let Some(list) = question.list.as_deref().filter(|list| !known.contains(list)) else { continue };
        let (zh, en) = did_you_mean(nearest(list, known.iter().copied()));
        notices.push(Notice::error(
            book.survey.place(&node.row, "type"),
            format!("choices里没有列表“{list}”。{zh}"),
            format!("There is no list “{list}” in choices.{en}"),
        ));
    }
    let mut seen: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in &sheet.rows {
        let Some(list) = sheet.get(row, "list_name") else { continue };
        let Some(name) = sheet.get(row, "name") else {
            notices.push(Notice::error(
                sheet.place(row, "name"),
                "这个选项没有写值",
                "This choice has no name",
            ));
            continue;
        };
        if let Some(first) = seen.insert((list, name), row.number) {
            notices.push(Notice::error(
                Place { row: row.number, ..sheet.place(row, "name") },
                format!("列表“{list}”里的“{name}”在第{first}行已有"),
                format!("“{name}” of list “{list}” is already in row {first}"),
            ));
        }
    }
}
