//! The binds, and the actions that stand beside them in the model.

use super::Form;
use super::xml::Node;
use crate::expression::{is_dynamic_default, references};
use crate::field::Field;
use crate::headers::MESSAGES;
use crate::references::{Style, insert_paths};
use crate::tree::{Action, Element, Id, Kind};

/// Words for truth that become XPath's in these attributes.
const LOGICAL: &[&str] = &["readonly", "required", "relevant", "constraint", "calculate"];

/// Writes the bind of every element, each followed by its actions.
pub(super) fn binds(form: &Form<'_>, model: &mut Node) {
    for id in form.tree.walk() {
        let element = form.tree.at(id);
        if let Some(bind) = bind(form, id, element) {
            model.push_written(&bind, 3);
        }
        for action in actions(form, id, false) {
            model.push_written(&action, 3);
        }
    }
}

fn bind(form: &Form<'_>, id: Id, element: &Element) -> Option<Node> {
    let mut node = Node::new("bind");
    node.set("nodeset", element.path.as_str());
    for (key, value) in element.bind.as_ref()?.iter() {
        if key == "calculate" && !element.trigger.is_empty() {
            continue;
        }
        let text = match value {
            Field::Map(_) if MESSAGES.contains(&key) => format!("jr:itext('{}:{key}')", element.path),
            Field::Map(_) => continue,
            Field::Text(text)
                if key != "jr:noAppErrorString"
                    && MESSAGES.contains(&key)
                    && !references(text).is_empty() =>
            {
                format!("jr:itext('{}:{key}')", element.path)
            }
            Field::Text(text) if LOGICAL.contains(&key) => logical(text).to_owned(),
            Field::Text(text) => text.clone(),
        };
        node.set(key, insert_paths(form.tree, &text, Some(id), Style::default()));
    }
    Some(node)
}

fn logical(text: &str) -> &str {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" => "true()",
        "no" | "No" | "NO" | "false" | "False" | "FALSE" => "false()",
        other => other,
    }
}

/// The actions of a question that stand in the model, or in its repeat.
pub(super) fn actions(form: &Form<'_>, id: Id, in_repeat: bool) -> Vec<Node> {
    let element = form.tree.at(id);
    if !matches!(element.kind, Kind::Question(_) | Kind::Attribute) {
        return Vec::new();
    }
    element
        .actions
        .iter()
        .filter(|action| (action.event == "odk-new-repeat") == in_repeat)
        .map(|action| action_node(form, id, element, action))
        .collect()
}

fn action_node(form: &Form<'_>, id: Id, element: &Element, action: &Action) -> Node {
    let mut node = Node::new(action.name);
    node.set("ref", element.path.as_str());
    node.set("event", action.event);
    if let Some(value) = action.value {
        node.set("value", value);
    } else if action.name == "setvalue"
        && let Some(default) = element.default.as_deref()
    {
        let value = if is_dynamic_default(default, &element.word) {
            insert_paths(form.tree, default, Some(id), Style::default())
        } else {
            default.to_owned()
        };
        node.set("value", value);
    }
    if let Some(quality) = &action.quality {
        node.set("odk:quality", quality.as_str());
    }
    node
}
