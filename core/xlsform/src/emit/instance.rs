//! The primary instance: the empty form, with a template for each outermost repeat.

use super::Form;
use super::xml::{Node, Out, Value};
use crate::expression::is_dynamic_default;
use crate::tree::{Element, Id, Kind, Tree, part};

/// Elements around the primary instance's root.
const DEPTH: usize = 4;

/// Writes the primary instance's root.
pub(super) fn primary(form: &Form<'_>, out: &mut Out<'_>) {
    let element = form.tree.at(Tree::ROOT);
    let mut root = section_node(form, Tree::ROOT, &element);
    if let Some(attributes) = form.settings.fields.get("attribute").and_then(|f| f.map()) {
        for (key, value) in attributes.iter() {
            root.set(key, value.text().unwrap_or_default());
        }
    }
    root.set("id", form.settings.form_id());
    if let Some(namespace) = form.settings.text("instance_xmlns") {
        root.set("xmlns", namespace);
    }
    if let Some(version) = form.settings.text("version") {
        root.set("version", version);
    }
    for compact in ["prefix", "delimiter"] {
        if let Some(text) = form.settings.text(compact) {
            root.set(format!("odk:{compact}"), text);
        }
    }
    let root = out.open(&root, DEPTH);
    children(form, Tree::ROOT, false, DEPTH + 1, out);
    out.close(root);
}

/// A section with its attributes: its own, and those of an entity.
fn section_node<'a>(form: &Form<'_>, id: Id, element: &'a Element) -> Node<'a> {
    let mut node = Node::new(element.name.as_str());
    attributes(id, element, &mut node);
    if element.kind == Kind::Entity {
        for child in form.tree.children(id).filter(|child| form.tree.kind(*child) == Kind::Attribute) {
            let attribute = form.tree.at(child);
            let name = attribute.name.trim_start_matches('@').to_owned();
            node.set(name, attribute.default.unwrap_or_default());
        }
    }
    node
}

fn attributes<'a>(id: Id, element: &'a Element, node: &mut Node<'a>) {
    let fixed = node.attributes();
    for (key, value) in element.instance.iter() {
        node.set_beside(fixed, key, Value::Paths(value.text().unwrap_or_default().into(), id));
    }
}

fn section(form: &Form<'_>, id: Id, templated: bool, depth: usize, out: &mut Out<'_>) {
    let element = form.tree.at(id);
    let node = out.open(&section_node(form, id, &element), depth);
    children(form, id, templated, depth + 1, out);
    out.close(node);
}

/// What stands in a section. Within a repeat's first instance (`templated`) nested repeats need no template: the outer
/// template holds theirs.
fn children(form: &Form<'_>, id: Id, templated: bool, depth: usize, out: &mut Out<'_>) {
    for child in form.tree.children(id) {
        // Templates stand beside first instances, at each level again.
        if out.is_full() {
            return;
        }
        match form.tree.kind(child) {
            Kind::External(_) | Kind::Attribute => {}
            Kind::Repeat if !templated => {
                template(form, child, depth, out);
                section(form, child, true, depth, out);
            }
            Kind::Repeat | Kind::Group | Kind::Survey | Kind::Entity => {
                section(form, child, templated, depth, out);
            }
            Kind::Question(_) => question(form, child, depth, out),
            Kind::EntityLabel => out.element(&Node::new("label"), depth),
        }
    }
}

fn template(form: &Form<'_>, id: Id, depth: usize, out: &mut Out<'_>) {
    let mut node = Node::new(form.tree.name(id));
    node.set("jr:template", "");
    let node = out.open(&node, depth);
    for child in form.tree.children(id) {
        if out.is_full() {
            return;
        }
        match form.tree.kind(child) {
            Kind::External(_) | Kind::Attribute | Kind::EntityLabel => {}
            Kind::Repeat => template(form, child, depth + 1, out),
            Kind::Group | Kind::Survey | Kind::Entity => section(form, child, false, depth + 1, out),
            Kind::Question(_) => question(form, child, depth + 1, out),
        }
    }
    out.close(node);
}

fn question(form: &Form<'_>, id: Id, depth: usize, out: &mut Out<'_>) {
    if !form.tree.has(id, part::DEFAULT | part::INSTANCE) {
        out.element(&Node::new(form.tree.name(id)), depth);
        return;
    }
    let element = form.tree.at(id);
    let mut node = Node::new(element.name.as_str());
    attributes(id, &element, &mut node);
    if let Some(default) = element.default.as_deref()
        && !is_dynamic_default(default, &element.word)
    {
        node = node.text(default);
    }
    out.element(&node, depth);
}
