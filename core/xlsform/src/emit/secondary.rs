//! Secondary instances: choices, files, lookups, the last saved record.

use std::collections::HashMap;

use super::Form;
use super::xml::{Node, Out};
use crate::choices::List;
use crate::error::{Code, Notice, Place};
use crate::expression::references;
use crate::field::Field;
use crate::notices::Notices;
use crate::survey::{file_extension, file_stem};
use crate::tree::{Element, Kind, part};

/// Where the data of a secondary instance come from.
struct Source {
    /// Where a file is; none for a list of choices.
    src: Option<String>,
    row: u32,
    /// Is it a row of its own, which stands once?
    declared: bool,
}

impl Source {
    /// In words.
    fn sentence(&self) -> (String, String) {
        let row = self.row;
        match self.src.as_deref().map(|src| src.rsplit('/').next().unwrap_or(src)) {
            Some(file) => (format!("文件{file}（第{row}行）"), format!("the file {file} (row {row})")),
            None => ("choices表的列表".to_owned(), "a list of the sheet choices".to_owned()),
        }
    }
}

/// The files and lists met so far, by their names.
struct Known<'a> {
    sources: HashMap<String, Source>,
    notices: &'a mut Notices,
}

impl Known<'_> {
    /// Is the name new? Two of one name but different sources are refused.
    fn add(&mut self, name: &str, source: Source) -> bool {
        let Some(known) = self.sources.get(name) else {
            self.sources.insert(name.to_owned(), source);
            return true;
        };
        if known.src == source.src && !(known.declared && source.declared) {
            return false;
        }
        let (here, there) = if known.row > source.row { (known, &source) } else { (&source, known) };
        let place = Place::at("survey", (here.row > 0).then_some(here.row), None);
        let ((here_zh, here_en), (there_zh, there_en)) = (here.sentence(), there.sentence());
        self.notices.push(Notice::error(
            Code::InstanceClash,
            place,
            format!("“{name}”在这里是{here_zh}，又是{there_zh}。改掉其中一个的名字。"),
            format!("'{name}' is {here_en} here, and {there_en} as well. Rename one of them."),
        ));
        false
    }

    /// May a list of choices have the name? Lists have names of their own, so it is not kept.
    fn is_free(&mut self, name: &str) -> bool {
        !self.sources.contains_key(name) || self.add(name, Source { src: None, row: 0, declared: false })
    }

    /// A file; written if it is new.
    fn file(&mut self, name: &str, src: String, row: u32, declared: bool, out: &mut Out<'_>) {
        let mut node = Node::new("instance");
        node.set("id", name);
        node.set("src", src.clone());
        if self.add(name, Source { src: Some(src), row, declared }) {
            out.element(&node, 3);
        }
    }
}

/// Parts of an element that may look things up.
const LOOK_UP: u32 = part::BIND | part::DEFAULT | part::CHOICE_FILTER | part::ITEMSET;

/// Writes all secondary instances, each once.
pub(super) fn instances(form: &Form<'_>, out: &mut Out<'_>, notices: &mut Notices) {
    let mut known = Known { sources: HashMap::new(), notices };
    let mut last_saved = false;
    for id in form.tree.walk() {
        let file = matches!(form.tree.kind(id), Kind::External(_));
        let made = matches!(form.tree.kind(id), Kind::Attribute | Kind::EntityLabel);
        if made || !(file || form.tree.has(id, LOOK_UP)) {
            continue;
        }
        let element = form.tree.at(id);
        if let Kind::External(extension) = element.kind {
            let folder = if extension == "csv" { "file-csv" } else { "file" };
            let src = format!("jr://{folder}/{}.{extension}", element.name);
            known.file(&element.name, src, element.row, true, out);
            continue;
        }
        for expression in expressions(&element) {
            for name in pulldata(expression) {
                known.file(&name, format!("jr://file-csv/{name}.csv"), element.row, false, out);
            }
            last_saved |= references(expression).any(|found| found.reference.last_saved);
        }
        if let Some(list) = element.itemset.as_deref()
            && let Some(extension) = file_extension(list)
        {
            let folder = if extension == "csv" { "file-csv" } else { "file" };
            known.file(file_stem(list), format!("jr://{folder}/{list}"), element.row, false, out);
        }
    }
    if last_saved {
        known.file("__last-saved", "jr://instance/last-saved".to_owned(), 0, false, out);
    }
    for list in form.choices.lists().filter(|list| !list.is_searched()) {
        if out.is_full() {
            return;
        }
        if known.is_free(list.name()) {
            choices(list, out);
        }
    }
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
        if let Some(inside) = after.trim_start().strip_prefix('(') {
            let Some((first, after)) = inside.split_once(',') else { break };
            names.push(first.replace(['\'', '"'], "").trim().to_owned());
            rest = after;
        }
    }
    names
}

fn choices(list: List<'_>, out: &mut Out<'_>) {
    let itext = list.needs_itext();
    let mut node = Node::new("instance");
    node.set("id", list.name());
    let instance = out.open(&node, 3);
    let root = out.open(&Node::new("root"), 4);
    for (at, choice) in list.choices().enumerate() {
        let mut item = Node::new("item");
        if itext {
            item.push(Node::with_text("itextId", format!("{}-{at}", list.name())));
        }
        item.push(Node::with_text("name", choice.name.as_str()));
        if !itext && let Some(Field::Text(label)) = &choice.label {
            item.push(Node::with_text("label", label.as_str()));
        }
        for (key, value) in &choice.extra {
            item.push(Node::with_text(key.as_str(), value.as_str()));
        }
        out.element(&item, 5);
        if out.is_full() {
            break;
        }
    }
    out.close(root);
    out.close(instance);
}
