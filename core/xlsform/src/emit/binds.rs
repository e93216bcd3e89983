//! The binds, and the actions that stand beside them in the model.

use super::Form;
use super::xml::{Node, Out, Value};
use crate::expression::{is_dynamic_default, references};
use crate::field::Field;
use crate::headers::MESSAGES;
use crate::tree::{Action, Element, Id, Kind};

/// Words for truth that become XPath's in these attributes.
const LOGICAL: &[&str] = &["readonly", "required", "relevant", "constraint", "calculate"];

/// Writes the bind of every element, each followed by its actions.
pub(super) fn binds(form: &Form<'_>, out: &mut Out<'_>) {
    for id in form.tree.walk() {
        if out.is_full() {
            return;
        }
        let element = form.tree.at(id);
        let path = form.tree.path(id);
        if let Some(bind) = bind(id, &element, &path) {
            out.element(&bind, 3);
        }
        actions(id, &element, &path, false).iter().for_each(|action| out.element(action, 3));
    }
}

fn bind<'a>(id: Id, element: &'a Element, path: &'a str) -> Option<Node<'a>> {
    let mut node = Node::new("bind");
    node.set("nodeset", path);
    for (key, value) in element.bind.as_ref()?.iter() {
        if key == "calculate" && !element.trigger.is_empty() {
            continue;
        }
        let value = match value {
            Field::Map(_) if MESSAGES.contains(&key) => format!("jr:itext('{path}:{key}')").into(),
            Field::Map(_) => continue,
            Field::Text(text)
                if key != "jr:noAppErrorString"
                    && MESSAGES.contains(&key)
                    && references(text).next().is_some() =>
            {
                format!("jr:itext('{path}:{key}')").into()
            }
            Field::Text(text) if LOGICAL.contains(&key) => Value::Paths(logical(text).into(), id),
            Field::Text(text) => Value::Paths(text.into(), id),
        };
        // Of the keys each stands once.
        node.set_beside(1, key, value);
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
pub(super) fn actions<'a>(id: Id, element: &'a Element, path: &'a str, in_repeat: bool) -> Vec<Node<'a>> {
    if !matches!(element.kind, Kind::Question(_) | Kind::Attribute) {
        return Vec::new();
    }
    element
        .actions
        .iter()
        .filter(|action| (action.event == "odk-new-repeat") == in_repeat)
        .map(|action| action_node(id, element, path, action))
        .collect()
}

fn action_node<'a>(id: Id, element: &'a Element, path: &'a str, action: &'a Action) -> Node<'a> {
    let mut node = Node::new(action.name);
    node.set("ref", path);
    node.set("event", action.event);
    if let Some(value) = action.value {
        node.set("value", value);
    } else if action.name == "setvalue"
        && let Some(default) = element.default.as_deref()
    {
        if is_dynamic_default(default, &element.word) {
            node.set("value", Value::Paths(default.into(), id));
        } else {
            node.set("value", default);
        }
    }
    if let Some(quality) = &action.quality {
        node.set("odk:quality", quality.as_str());
    }
    node
}
