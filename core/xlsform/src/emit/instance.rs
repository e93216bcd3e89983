//! The primary instance: the empty form, with a template for each outermost repeat.

use super::Form;
use super::xml::Node;
use crate::expression::is_dynamic_default;
use crate::references::{Style, insert_paths};
use crate::tree::{Id, Kind, Tree};

/// The primary instance's root.
pub(super) fn primary(form: &Form<'_>) -> Node {
    let mut root = section(form, Tree::ROOT, false);
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
            root.set(&format!("odk:{compact}"), text);
        }
    }
    root
}

/// A section. Within a repeat's first instance (`templated`) nested repeats need no template: the
/// outer template holds theirs.
fn section(form: &Form<'_>, id: Id, templated: bool) -> Node {
    let element = form.tree.at(id);
    let mut node = Node::new(&element.name);
    // Templates stand beside first instances, at each level again.
    if !form.tree.spend(element.name.len() + 5) {
        return node;
    }
    for (key, value) in element.instance.iter() {
        let text = value.text().unwrap_or_default();
        node.set(key, insert_paths(form.tree, text, Some(id), Style::default()));
    }
    for child in &element.children {
        match form.tree.at(*child).kind {
            Kind::External(_) => {}
            Kind::Repeat if !templated => {
                node.push(template(form, *child));
                node.push(section(form, *child, true));
            }
            Kind::Repeat | Kind::Group | Kind::Survey | Kind::Entity => {
                node.push(section(form, *child, templated));
            }
            Kind::Question(_) => node.push(question(form, *child)),
            Kind::EntityLabel => node.push(Node::new("label")),
            Kind::Attribute => {
                let attribute = form.tree.at(*child);
                let name = attribute.name.trim_start_matches('@');
                node.set(name, attribute.default.as_deref().unwrap_or_default());
            }
        }
    }
    node
}

fn template(form: &Form<'_>, id: Id) -> Node {
    let element = form.tree.at(id);
    let mut node = Node::new(&element.name);
    node.set("jr:template", "");
    if !form.tree.spend(element.name.len() + 20) {
        return node;
    }
    for child in &element.children {
        match form.tree.at(*child).kind {
            Kind::External(_) => {}
            Kind::Repeat => node.push(template(form, *child)),
            Kind::Group | Kind::Survey | Kind::Entity => node.push(section(form, *child, false)),
            Kind::Question(_) => node.push(question(form, *child)),
            Kind::Attribute | Kind::EntityLabel => {}
        }
    }
    node
}

fn question(form: &Form<'_>, id: Id) -> Node {
    let element = form.tree.at(id);
    let mut node = Node::new(&element.name);
    let default = element.default.as_deref().map_or(0, str::len);
    if !form.tree.spend(element.name.len() + default) {
        return node;
    }
    if let Some(default) = element.default.as_deref()
        && !is_dynamic_default(default, &element.word)
    {
        node.text(default);
    }
    for (key, value) in element.instance.iter() {
        let text = value.text().unwrap_or_default();
        node.set(key, insert_paths(form.tree, text, Some(id), Style::default()));
    }
    node
}
