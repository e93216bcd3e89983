//! The primary instance.

use super::{Head, Source, is_dynamic, setting};
use crate::notice::Notice;
use crate::survey::NodeId;
use crate::types::Kind;
use crate::xml::Element;

/// The root with its attributes, every node once, every repeat as its template and its first instance.
pub(super) fn primary(source: &Source<'_>, head: &Head, _notices: &mut [Notice]) -> Element {
    let mut root = Element::new("data");
    if let Some(row) = source.book.settings.rows.first() {
        for (name, value) in source.book.settings.prefixed(row, "attribute::") {
            root.set(name, value);
        }
    }
    root.set("id", &head.id);
    if !head.version.is_empty() {
        root.set("version", &head.version);
    }
    for element in children(source, 0, false) {
        root.push(element);
    }
    let mut meta = Element::new("meta").child(Element::new("instanceID"));
    if setting(source.book, "instance_name").is_some() {
        meta.push(Element::new("instanceName"));
    }
    root.child(meta)
}

fn children(source: &Source<'_>, parent: NodeId, in_template: bool) -> Vec<Element> {
    let mut out = Vec::new();
    for id in source.tree.node(parent).map(|n| n.children.as_slice()).unwrap_or_default() {
        let Some(node) = source.tree.node(*id) else { continue };
        match &node.kind {
            Kind::Repeat => {
                let template = Element::new(&node.name).with("jr:template", "");
                out.push(filled(template, children(source, *id, true)));
                if !in_template {
                    out.push(filled(Element::new(&node.name), children(source, *id, false)));
                }
            }
            Kind::Group => out.push(filled(Element::new(&node.name), children(source, *id, in_template))),
            Kind::Question(_) => {
                let mut element = Element::new(&node.name);
                let sheet = source.survey();
                for (name, value) in sheet.prefixed(&node.row, "instance::") {
                    element.set(name, value);
                }
                if let Some(default) = sheet.get(&node.row, "default").filter(|d| !is_dynamic(d)) {
                    element.push_text(default);
                }
                out.push(element);
            }
        }
    }
    out
}

fn filled(mut element: Element, children: Vec<Element>) -> Element {
    for child in children {
        element.push(child);
    }
    element
}
