//! Answers to submission XML, and a saved instance back to answers.

use crate::answer::{Misfit, NodeRef, Submission};
use crate::error::FormError;
use crate::form::{Def, DefId, Form, ROOT};
use crate::instance::{NodeId, Seed, State};
use crate::value::ValueType;
use crate::xml::{self, Names, Tree, XmlId};
use std::collections::HashSet;

pub(crate) mod compact;
mod encrypt;
mod entities;
pub(crate) mod rsa;

/// Text as XML; in an attribute, white space that a reader would fold is kept by reference.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' if attribute => *out += &format!("&#{};", u32::from(c)),
            // XML has no place for other control characters, not even by reference.
            c if u32::from(c) < 0x20 && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
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
    let name = form.name(def);
    out.push('<');
    out.push_str(&name);
    if node.def == ROOT {
        root_attributes(form, out);
    }
    let children = def.children.iter().filter_map(|child| form.def(*child));
    let (attributes, elements): (Vec<&Def>, Vec<&Def>) = children.partition(|child| child.attribute);
    for child in attributes {
        for kid in state.slot(id, child.slot) {
            if all || state.relevant(*kid) {
                attribute(form.name(child).trim_start_matches('@'), state.value(*kid), out);
            }
        }
    }
    let open = out.len();
    out.push('>');
    for child in elements {
        for kid in state.slot(id, child.slot) {
            element(form, state, *kid, all, out);
        }
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
        out.push_str(&name);
        out.push('>');
    }
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

/// A saved instance as a seed, and what the form has no place for.
pub(crate) fn read(form: &Form, saved: &[u8]) -> Result<Read, FormError> {
    let allowed = form.limits.saved_bytes;
    if saved.len() > allowed {
        return Err(FormError::Limit { what: "the size of the saved instance in bytes", allowed });
    }
    let mut names = Names::default();
    let tree = xml::parse(xml::utf8(saved)?, &mut names, form.limits.depth)?;
    let root = tree.root().ok_or(FormError::NotAForm { missing: "the saved instance's element" })?;
    let found = tree.attribute(root, &names, "id").unwrap_or("").to_owned();
    let name = tree.local(root).map_or("", |local| names.name(local));
    let expected = form.def(ROOT).map_or("", |def| form.names.name(def.local));
    if name != expected || (!found.is_empty() && found != form.id) {
        return Err(FormError::OtherForm { expected: form.id.clone(), found });
    }
    let mut reader = Reader { form, tree: &tree, names: &names, deprecated: None, misfits: Vec::new() };
    let seed = reader.seed(root, ROOT, Some(&form.seed), "");
    Ok(Read { seed, deprecated: reader.deprecated, misfits: reader.misfits })
}

/// What a saved instance gave.
pub(crate) struct Read {
    pub(crate) seed: Seed,
    /// The `deprecatedID` of a form that has no node for it.
    pub(crate) deprecated: Option<String>,
    pub(crate) misfits: Vec<Misfit>,
}

struct Reader<'a> {
    form: &'a Form,
    tree: &'a Tree,
    names: &'a Names,
    deprecated: Option<String>,
    misfits: Vec<Misfit>,
}

impl Reader<'_> {
    fn seed(&mut self, id: XmlId, def_id: DefId, fresh: Option<&Seed>, above: &str) -> Seed {
        let form = self.form;
        let mut seed = Seed { def: def_id, ..Seed::default() };
        let Some(def) = form.def(def_id) else { return seed };
        let path = format!("{above}/{}", form.name(def));
        let mut seen: HashSet<DefId> = HashSet::new();
        let fresh_child =
            |child: DefId| fresh.and_then(|seed| seed.children.iter().find(|one| one.def == child));
        for attribute in self.tree.attributes(id) {
            let local = self.names.name(attribute.local);
            let child = def.children.iter().copied().find(|child| {
                form.def(*child).is_some_and(|def| def.attribute && form.names.name(def.local) == local)
            });
            if let Some(child) = child {
                seen.insert(child);
                seed.children.push(Seed { def: child, value: attribute.value.into(), children: Vec::new() });
            }
        }
        let elements: Vec<XmlId> = self.tree.elements(id).collect();
        for element in &elements {
            let local = self.tree.local(*element).map_or("", |local| self.names.name(local));
            let child = def.children.iter().copied().find(|child| {
                form.def(*child).is_some_and(|def| !def.attribute && form.names.name(def.local) == local)
            });
            let several = child.and_then(|child| form.def(child)).is_some_and(|def| def.repeats);
            match child {
                Some(child) if several || seen.insert(child) => {
                    seen.insert(child);
                    let template = form.def(child).and_then(|def| def.template.as_ref());
                    let fresh = if several { template } else { fresh_child(child) };
                    seed.children.push(self.seed(*element, child, fresh, &path));
                }
                None if local == DEPRECATED && is_meta(form, def) => {
                    self.deprecated = Some(self.tree.string(*element).into_owned());
                }
                _ => self.misfit(*element, &format!("{path}/{local}")),
            }
        }
        let inner = def.children.iter().any(|child| form.def(*child).is_some_and(|def| !def.attribute));
        let text = self.tree.string(id);
        if !inner && elements.is_empty() {
            seed.value = text.into();
        }
        // What the saved instance lacks begins as in a new one; instances of repeats it lacks were removed.
        for child in &def.children {
            let repeats = form.def(*child).is_some_and(|def| def.repeats);
            if !repeats && !seen.contains(child) {
                seed.children.extend(fresh_child(*child).cloned());
            }
        }
        seed
    }

    fn misfit(&mut self, id: XmlId, path: &str) {
        let children: Vec<XmlId> = self.tree.elements(id).collect();
        if children.is_empty() {
            let value = self.tree.string(id).into_owned();
            if !value.is_empty() {
                self.misfits.push(Misfit { path: path.to_owned(), value });
            }
        }
        for child in children {
            let local = self.tree.local(child).map_or("", |local| self.names.name(local));
            self.misfit(child, &format!("{path}/{local}"));
        }
    }
}
