//! Secondary instances: choices, files, lookups, the last saved record.

use std::collections::HashMap;

use super::Form;
use super::xml::Node;
use crate::choices::{Choice, ChoiceList};
use crate::error::{Code, Notice, Place};
use crate::expression::references;
use crate::field::Field;
use crate::survey::{file_extension, file_stem};
use crate::tree::{Element, Kind};

struct Instance {
    name: String,
    src: Option<String>,
    node: Node,
    row: u32,
    /// Is it a row of its own, which stands once?
    declared: bool,
}

impl Instance {
    /// Where its data come from, in words.
    fn source(&self) -> (String, String) {
        let row = self.row;
        match self.src.as_deref().map(|src| src.rsplit('/').next().unwrap_or(src)) {
            Some(file) => (format!("文件{file}（第{row}行）"), format!("the file {file} (row {row})")),
            None => ("choices表的列表".to_owned(), "a list of the sheet choices".to_owned()),
        }
    }
}

/// All secondary instances, each once. Two of one name but different sources are refused.
pub(super) fn instances(form: &Form<'_>) -> Result<Vec<Node>, Vec<Notice>> {
    let mut all = Vec::new();
    let mut last_saved = false;
    for id in form.tree.walk() {
        let element = form.tree.at(id);
        if let Kind::External(extension) = element.kind {
            let folder = if extension == "csv" { "file-csv" } else { "file" };
            let src = format!("jr://{folder}/{}.{extension}", element.name);
            all.push(Instance { declared: true, ..file(&element.name, &src, element.row) });
            continue;
        }
        if matches!(element.kind, Kind::Attribute | Kind::EntityLabel) {
            continue;
        }
        for expression in expressions(element) {
            for name in pulldata(expression) {
                all.push(file(&name, &format!("jr://file-csv/{name}.csv"), element.row));
            }
            last_saved |= references(expression).iter().any(|found| found.reference.last_saved);
        }
        if let Some(list) = element.itemset.as_deref()
            && let Some(extension) = file_extension(list)
        {
            let stem = file_stem(list);
            let folder = if extension == "csv" { "file-csv" } else { "file" };
            all.push(file(stem, &format!("jr://{folder}/{list}"), element.row));
        }
    }
    if last_saved {
        all.push(file("__last-saved", "jr://instance/last-saved", 0));
    }
    for list in form.choices.lists.iter().filter(|list| !list.searched) {
        all.push(Instance {
            name: list.name.clone(),
            src: None,
            node: choices(form, list),
            row: 0,
            declared: false,
        });
    }
    let mut kept: Vec<Instance> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut notices = Vec::new();
    for instance in all {
        match places.get(&instance.name).and_then(|at| kept.get(*at)) {
            None => {
                places.insert(instance.name.clone(), kept.len());
                kept.push(instance);
            }
            Some(known) if known.src == instance.src && !(known.declared && instance.declared) => {}
            Some(known) => {
                let (here, there) =
                    if known.row > instance.row { (known, &instance) } else { (&instance, known) };
                let place = Place::at("survey", (here.row > 0).then_some(here.row), None);
                let ((here_zh, here_en), (there_zh, there_en)) = (here.source(), there.source());
                notices.push(Notice::error(
                    Code::InstanceClash,
                    place,
                    format!("“{}”在这里是{here_zh}，又是{there_zh}。改掉其中一个的名字。", instance.name),
                    format!(
                        "'{}' is {here_en} here, and {there_en} as well. Rename one of them.",
                        instance.name
                    ),
                ));
            }
        }
    }
    if notices.is_empty() { Ok(kept.into_iter().map(|i| i.node).collect()) } else { Err(notices) }
}

fn file(name: &str, src: &str, row: u32) -> Instance {
    let mut node = Node::new("instance");
    node.set("id", name);
    node.set("src", src);
    Instance { name: name.to_owned(), src: Some(src.to_owned()), node, row, declared: false }
}

/// The expressions of an element that may look things up.
fn expressions(element: &Element) -> impl Iterator<Item = &str> {
    let bind = element.bind.as_ref();
    ["calculate", "constraint", "readonly", "required", "relevant"]
        .into_iter()
        .filter_map(move |key| bind?.text(key))
        .chain(element.choice_filter.as_deref())
        .chain(element.default.as_deref())
}

/// The first arguments of `pulldata(…)`.
fn pulldata(expression: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = expression;
    while let Some((_, after)) = rest.split_once("pulldata") {
        rest = after;
        if let Some(inside) = after.trim_start().strip_prefix('(')
            && let Some((first, _)) = inside.split_once(',')
        {
            names.push(first.replace(['\'', '"'], "").trim().to_owned());
        }
    }
    names
}

fn choices(form: &Form<'_>, list: &ChoiceList) -> Node {
    let itext = form.translated.contains(list.name.as_str());
    let mut root = Node::new("root");
    for (at, choice) in list.choices.iter().enumerate() {
        root.push_written(&item(list, at, choice, itext), 5);
    }
    let mut node = Node::new("instance");
    node.set("id", list.name.as_str());
    node.push(root);
    node
}

fn item(list: &ChoiceList, at: usize, choice: &Choice, itext: bool) -> Node {
    let mut item = Node::new("item");
    if itext {
        item.push(Node::with_text("itextId", &format!("{}-{at}", list.name)));
    }
    item.push(Node::with_text("name", &choice.name));
    if !itext && let Some(Field::Text(label)) = &choice.label {
        item.push(Node::with_text("label", label));
    }
    for (key, value) in &choice.extra {
        item.push(Node::with_text(key, value));
    }
    item
}
