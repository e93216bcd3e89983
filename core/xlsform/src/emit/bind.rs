//! Binds, and the actions that set dynamic defaults outside of repeats.

use super::{Source, is_dynamic, parameters, setting, truth};
use crate::notice::Notice;
use crate::references::{Start, expression, report};
use crate::survey::{Node, NodeId};
use crate::types::Kind;
use crate::xml::Element;

/// Every bind in the order of the survey, then those of the metadata.
pub(super) fn binds(source: &Source<'_>, notices: &mut Vec<Notice>) -> Vec<Element> {
    let mut out = Vec::new();
    for (id, node) in source.tree.all() {
        let bind = bind(source, id, node, notices);
        out.extend(bind);
        if !in_repeat(source, id) {
            out.extend(setvalue(source, id, node, "odk-instance-first-load", notices));
        }
    }
    let id = "/data/meta/instanceID";
    let instance_id =
        Element::new("bind").with("nodeset", id).with("type", "string").with("readonly", "true()");
    out.push(instance_id.with("jr:preload", "uid"));
    if let Some(name) = setting(source.book, "instance_name") {
        let mut astray = Vec::new();
        let calculate = expression(source.tree, name, None, Start::Here, &mut astray);
        if let Some(row) = source.book.settings.rows.first() {
            report(astray, source.book.settings.place(row, "instance_name"), notices);
        }
        let bind = Element::new("bind").with("nodeset", "/data/meta/instanceName").with("type", "string");
        out.push(bind.with("calculate", calculate));
    }
    out
}

/// Does it stand in a repeat? Then its dynamic default is set for each new instance, by the body.
pub(super) fn in_repeat(source: &Source<'_>, id: NodeId) -> bool {
    let line = source.tree.line(id);
    let above = line.iter().take(line.len().saturating_sub(1));
    above.filter_map(|id| source.tree.node(*id)).any(|node| node.kind == Kind::Repeat)
}

/// The action that sets a dynamic default, if the question has one.
pub(super) fn setvalue(
    source: &Source<'_>,
    id: NodeId,
    node: &Node,
    event: &str,
    notices: &mut Vec<Notice>,
) -> Option<Element> {
    let sheet = source.survey();
    let default = sheet.get(&node.row, "default").filter(|d| is_dynamic(d))?;
    let mut astray = Vec::new();
    let value = expression(source.tree, default, Some(id), Start::Here, &mut astray);
    report(astray, sheet.place(&node.row, "default"), notices);
    let path = source.tree.path(id);
    Some(Element::new("setvalue").with("ref", path).with("event", event).with("value", value))
}

fn bind(source: &Source<'_>, id: NodeId, node: &Node, notices: &mut Vec<Notice>) -> Option<Element> {
    let sheet = source.survey();
    let path = source.tree.path(id);
    let mut bind = Element::new("bind").with("nodeset", &path);
    let mut any = false;
    if let Kind::Question(question) = &node.kind {
        for (name, value) in &question.bind {
            bind.set(*name, *value);
            any = true;
        }
    }
    if let Kind::Question(question) = &node.kind
        && question.control == Some("range")
        && parameters(sheet, &node.row).iter().any(|(_, value)| value.contains('.'))
    {
        bind.set("type", "decimal");
    }
    for (column, attribute) in [
        ("readonly", "readonly"),
        ("required", "required"),
        ("relevant", "relevant"),
        ("constraint", "constraint"),
        ("calculation", "calculate"),
    ] {
        let Some(cell) = sheet.get(&node.row, column) else { continue };
        let mut astray = Vec::new();
        let text = expression(source.tree, truth(cell), Some(id), Start::Here, &mut astray);
        report(astray, sheet.place(&node.row, column), notices);
        // `no` is what holds without the attribute, and pyxform writes it all the same.
        bind.set(attribute, text);
        any = true;
    }
    for (column, attribute) in
        [("constraint_message", "jr:constraintMsg"), ("required_message", "jr:requiredMsg")]
    {
        let texts = sheet.texts(&node.row, column);
        let Some((language, text)) = texts.first() else { continue };
        let translated = texts.len() > 1 || language.is_some() || text.contains("${");
        let value = if translated { format!("jr:itext('{path}:{attribute}')") } else { (*text).to_owned() };
        bind.set(attribute, value);
        any = true;
    }
    for (name, value) in sheet.prefixed(&node.row, "bind::") {
        let mut astray = Vec::new();
        bind.set(name, expression(source.tree, value, Some(id), Start::Here, &mut astray));
        report(astray, sheet.place(&node.row, &format!("bind::{name}")), notices);
        any = true;
    }
    for (key, value) in parameters(sheet, &node.row) {
        if key == "max-pixels" && matches!(&node.kind, Kind::Question(q) if q.mediatype == Some("image/*")) {
            bind.set("orx:max-pixels", value);
            any = true;
        }
    }
    any.then_some(bind)
}
