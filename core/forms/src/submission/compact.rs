//! The compact representation of a record: tags and values in one line.

use crate::form::Form;
use crate::instance::{NodeId, State};

pub(crate) fn text(form: &Form, state: &State) -> Option<String> {
    let root = |name: &str| {
        let found = form.root_attributes.iter().find(|one| one.local == name && is_odk(&one.ns));
        found.map(|one| one.value.as_str())
    };
    let delimiter = root("delimiter").unwrap_or(" ");
    let mut parts: Vec<String> = root("prefix").map(str::to_owned).into_iter().collect();
    let has_tags = form.defs.iter().any(|def| def.attribute && is_tag(form, def));
    below(form, state, state.root, delimiter, &mut parts);
    has_tags.then(|| parts.join(delimiter))
}

fn is_odk(ns: &str) -> bool {
    matches!(ns, crate::xform::ODK | "http://opendatakit.org/xforms")
}

fn is_tag(form: &Form, def: &crate::form::Def) -> bool {
    form.names.name(def.local) == "tag" && is_odk(form.names.name(def.ns))
}

fn below(form: &Form, state: &State, id: NodeId, delimiter: &str, out: &mut Vec<String>) {
    let Some(def) = state.node(id).filter(|node| node.relevant).and_then(|node| form.def(node.def)) else {
        return;
    };
    let children = || def.children.iter().filter_map(|child| form.def(*child));
    let tag = children().find(|child| child.attribute && is_tag(form, child));
    let tag = tag.and_then(|tag| state.slot(id, tag.slot).first()).map(|id| state.value(*id));
    let value = state.value(id);
    if let (Some(tag), false) = (tag, value.is_empty()) {
        out.push(tag.to_owned());
        out.push(value.replace(delimiter, &format!("\\{delimiter}")));
    }
    for child in children().filter(|child| !child.attribute) {
        for kid in state.slot(id, child.slot) {
            below(form, state, *kid, delimiter, out);
        }
    }
}
