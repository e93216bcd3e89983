//! The body: groups, repeats, controls.

use super::{Source, bind, choices, itext, parameters};
use crate::notice::Notice;
use crate::references::{Start, expression, report};
use crate::survey::{Node, NodeId};
use crate::types::{Kind, Question};
use crate::xml::Element;

/// What is drawn below `parent`.
pub(super) fn children(source: &Source<'_>, parent: NodeId, notices: &mut Vec<Notice>) -> Vec<Element> {
    let mut out = Vec::new();
    for id in source.tree.node(parent).map(|n| n.children.as_slice()).unwrap_or_default() {
        let Some(node) = source.tree.node(*id) else { continue };
        match &node.kind {
            Kind::Group => out.push(group(source, *id, node, notices)),
            Kind::Repeat => out.push(repeat(source, *id, node, notices)),
            Kind::Question(question) => {
                let control = question.control.map(|tag| control(source, *id, node, question, tag, notices));
                out.extend(control);
            }
        }
    }
    out
}

fn group(source: &Source<'_>, id: NodeId, node: &Node, notices: &mut Vec<Notice>) -> Element {
    let mut group = Element::new("group").with("ref", source.tree.path(id));
    if let Some(appearance) = source.survey().get(&node.row, "appearance") {
        group.set("appearance", appearance);
    }
    text(source, id, node, "label", &mut group, notices);
    for element in children(source, id, notices) {
        group.push(element);
    }
    group
}

fn repeat(source: &Source<'_>, id: NodeId, node: &Node, notices: &mut Vec<Notice>) -> Element {
    let sheet = source.survey();
    let path = source.tree.path(id);
    let mut repeat = Element::new("repeat").with("nodeset", &path);
    if let Some(appearance) = sheet.get(&node.row, "appearance") {
        repeat.set("appearance", appearance);
    }
    if let Some(count) = sheet.get(&node.row, "repeat_count") {
        let mut astray = Vec::new();
        repeat.set("jr:count", expression(source.tree, count, Some(id), Start::Here, &mut astray));
        report(astray, sheet.place(&node.row, "repeat_count"), notices);
    }
    for (name, value) in sheet.prefixed(&node.row, "body::") {
        repeat.set(name, value);
    }
    for element in children(source, id, notices) {
        repeat.push(element);
    }
    for (inner, question) in source.tree.all() {
        let nearest = source.tree.line(inner).into_iter().rev().skip(1);
        let home = nearest.filter(|at| source.tree.node(*at).is_some_and(|n| n.kind == Kind::Repeat)).max();
        if home == Some(id) {
            let event = "odk-instance-first-load odk-new-repeat";
            if let Some(action) = bind::setvalue(source, inner, question, event, notices) {
                repeat.push(action);
            }
        }
    }
    let mut group = Element::new("group").with("ref", path);
    text(source, id, node, "label", &mut group, notices);
    group.child(repeat)
}

fn control(
    source: &Source<'_>,
    id: NodeId,
    node: &Node,
    question: &Question,
    tag: &str,
    notices: &mut Vec<Notice>,
) -> Element {
    let sheet = source.survey();
    let mut control = Element::new(tag).with("ref", source.tree.path(id));
    if let Some(mediatype) = question.mediatype {
        control.set("mediatype", mediatype);
    }
    if let Some(appearance) = sheet.get(&node.row, "appearance") {
        control.set("appearance", appearance);
    }
    for (name, value) in sheet.prefixed(&node.row, "body::") {
        control.set(name, value);
    }
    if tag == "range" {
        let given = parameters(sheet, &node.row);
        for (key, default) in [("start", "1"), ("end", "10"), ("step", "1")] {
            let value = given.iter().find(|(k, _)| k == key).map_or(default, |(_, v)| v);
            control.set(key, value);
        }
    }
    text(source, id, node, "label", &mut control, notices);
    text(source, id, node, "hint", &mut control, notices);
    if let Some(list) = &question.list {
        control.push(itemset(source, id, node, list, notices));
    }
    control
}

/// A label or hint, by reference or in place.
fn text(
    source: &Source<'_>,
    id: NodeId,
    node: &Node,
    column: &str,
    into: &mut Element,
    notices: &mut Vec<Notice>,
) {
    let sheet = source.survey();
    let path = source.tree.path(id);
    if itext::stands_in_itext(sheet, &node.row, column) {
        into.push(Element::new(column).with("ref", format!("jr:itext('{path}:{column}')")));
    } else if let Some(text) = sheet.get(&node.row, column) {
        let mut element = Element::new(column);
        itext::with_outputs(source, &mut element, text, Some(id), notices);
        into.push(element);
    }
}

fn itemset(source: &Source<'_>, id: NodeId, node: &Node, list: &str, notices: &mut Vec<Notice>) -> Element {
    let sheet = source.survey();
    let mut nodeset = format!("instance('{list}')/root/item");
    if let Some(filter) = sheet.get(&node.row, "choice_filter") {
        let mut astray = Vec::new();
        let filter = expression(source.tree, filter, Some(id), Start::Current, &mut astray);
        report(astray, sheet.place(&node.row, "choice_filter"), notices);
        nodeset = format!("{nodeset}[{filter}]");
    }
    let given = parameters(sheet, &node.row);
    if given.iter().any(|(key, value)| key == "randomize" && value.eq_ignore_ascii_case("true")) {
        let seed = given.iter().find(|(key, _)| key == "seed").map(|(_, seed)| format!(", {seed}"));
        nodeset = format!("randomize({nodeset}{})", seed.unwrap_or_default());
    }
    let rows = choices::lists(source).into_iter().find(|(name, _)| *name == list).map(|(_, rows)| rows);
    let translated = rows.is_some_and(|rows| choices::is_translated(source, &rows));
    let label = if translated { "jr:itext(itextId)" } else { "label" };
    let value = Element::new("value").with("ref", "name");
    Element::new("itemset")
        .with("nodeset", nodeset)
        .child(value)
        .child(Element::new("label").with("ref", label))
}
