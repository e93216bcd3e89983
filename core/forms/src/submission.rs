//! Answers to submission XML, and a saved instance back to answers.

use crate::answer::{NodeRef, Submission};
use crate::form::{Def, DefId, Form, ROOT};
use crate::instance::{NodeId, State};
use crate::value::ValueType;

pub(crate) mod compact;
mod encrypt;
mod entities;
pub(crate) mod read;
pub(crate) mod rsa;

/// Text as XML; in an attribute, white space that a reader would fold is kept by reference.
fn escape(text: &str, attribute: bool, out: &mut String) {
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"') || byte < 0x20;
    let mut rest = text;
    while let Some(at) = rest.bytes().position(special) {
        let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = after.chars();
        match characters.next().unwrap_or_default() {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c @ ('\n' | '\t') if attribute => *out += &format!("&#{};", u32::from(c)),
            c @ ('\n' | '\t' | '"') => out.push(c),
            // XML has no place for other control characters, not even by reference.
            _ => out.push('\u{fffd}'),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// The instance as XML: all of it, or only what is relevant.
pub(crate) fn write(form: &Form, state: &State, all: bool) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    element(form, state, state.root, all, &mut out);
    out.into_bytes()
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, true, out);
    out.push('"');
}

fn element(form: &Form, state: &State, id: NodeId, all: bool, out: &mut String) {
    let Some(node) = state.node(id) else { return };
    let Some(def) = form.def(node.def) else { return };
    if !all && !node.relevant {
        return;
    }
    out.push('<');
    tag(form, def, out);
    if node.def == ROOT {
        root_attributes(form, out);
    }
    let children = || def.children.iter().filter_map(|child| form.def(*child));
    for child in children().filter(|child| child.attribute) {
        for kid in state.slot(id, child.slot) {
            if all || state.relevant(*kid) {
                attribute(form.name(child).trim_start_matches('@'), state.value(*kid), out);
            }
        }
    }
    let open = out.len();
    out.push('>');
    for child in children().filter(|child| !child.attribute) {
        for kid in state.slot(id, child.slot) {
            element(form, state, *kid, all, out);
        }
    }
    if all && node.def == ROOT {
        read::keep(&state.misfits, out);
    }
    if let Some(deprecated) = state.deprecated.as_ref().filter(|_| is_meta(form, def)) {
        deprecated_id(form, def, deprecated, out);
    }
    escape(&node.value, false, out);
    if out.len() == open + 1 {
        out.truncate(open);
        out.push_str("/>");
    } else {
        out.push_str("</");
        tag(form, def, out);
        out.push('>');
    }
}

/// An element's name as written.
fn tag(form: &Form, def: &Def, out: &mut String) {
    let prefix = form.names.name(def.prefix);
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(form.names.name(def.local));
}

fn root_attributes(form: &Form, out: &mut String) {
    if !form.default_namespace.is_empty() {
        attribute("xmlns", &form.default_namespace, out);
    }
    for (prefix, ns) in &form.namespaces {
        attribute(&format!("xmlns:{}", form.names.name(*prefix)), form.names.name(*ns), out);
    }
    for one in &form.root_attributes {
        let colon = if one.prefix.is_empty() { "" } else { ":" };
        attribute(&format!("{}{colon}{}", one.prefix, one.local), &one.value, out);
    }
}

fn is_meta(form: &Form, def: &Def) -> bool {
    def.parent == Some(ROOT) && form.names.name(def.local) == "meta"
}

/// `deprecatedID` where the form itself has no node for it, in the namespace of the block.
fn deprecated_id(form: &Form, meta: &Def, value: &str, out: &mut String) {
    let prefix = form.names.name(meta.prefix);
    let name = if prefix.is_empty() { DEPRECATED.to_owned() } else { format!("{prefix}:{DEPRECATED}") };
    *out += &format!("<{name}>");
    escape(value, false, out);
    *out += &format!("</{name}>");
}

/// The node that names the record which this one revises.
pub(crate) const DEPRECATED: &str = "deprecatedID";

/// A node of the meta block, whichever namespace it is in.
pub(crate) fn meta(form: &Form, state: &State, name: &str) -> Option<NodeId> {
    let child = |parent: DefId, name: &str| {
        let list = form.def(parent)?.children.iter();
        list.copied().find(|id| form.def(*id).is_some_and(|def| form.names.name(def.local) == name))
    };
    let meta = child(ROOT, "meta")?;
    let node = child(meta, name)?;
    let meta = state.slot(state.root, form.def(meta)?.slot).first()?;
    state.slot(*meta, form.def(node)?.slot).first().copied()
}

/// The finished record.
pub(crate) fn submission(form: &Form, state: &State) -> Submission {
    let text = |name: &str| meta(form, state, name).map(|id| state.value(id).to_owned()).unwrap_or_default();
    let mut all = Vec::new();
    state.subtree(state.root, &mut all);
    let is_file = |id: &NodeId| {
        let kind = state.node(*id).and_then(|node| form.def(node.def)).map(|def| def.kind);
        kind == Some(ValueType::Binary) && state.relevant(*id) && !state.value(*id).is_empty()
    };
    let attachments = all
        .into_iter()
        .filter(is_file)
        // A default picture belongs to the form and is not sent.
        .filter(|id| !state.value(*id).starts_with("jr://"))
        .map(|id| (NodeRef(state.path_of(form, id)), state.value(id).to_owned()))
        .collect();
    Submission {
        xml: write(form, state, false),
        instance_id: text("instanceID"),
        instance_name: text("instanceName"),
        attachments,
        entities: entities::changes(form, state),
    }
}
