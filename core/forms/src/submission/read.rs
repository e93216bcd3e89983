//! A saved instance back to answers. What the form has no place for is kept with the draft, under an
//! element of our own, until someone has looked at it; a version of the form that has the place again gets
//! it back.

use super::{DEPRECATED, attribute, escape, is_meta};
use crate::answer::Misfit;
use crate::error::FormError;
use crate::form::{DefId, Form, ROOT};
use crate::instance::Seed;
use crate::xml::{self, Names, Tree, XmlId};
use std::collections::HashSet;

/// The namespace of what is kept; no submission carries it.
const KEPT: &str = "urn:xuncha:draft";
const MISFITS: &str = "misfits";

/// Misfits as they stand at the end of a draft.
pub(super) fn keep(misfits: &[Misfit], out: &mut String) {
    if misfits.is_empty() {
        return;
    }
    *out += &format!("<{MISFITS}");
    attribute("xmlns", KEPT, out);
    out.push('>');
    for misfit in misfits {
        out.push_str("<misfit");
        attribute("path", &misfit.path, out);
        out.push('>');
        escape(&misfit.value, false, out);
        out.push_str("</misfit>");
    }
    *out += &format!("</{MISFITS}>");
}

/// What a saved instance gave.
pub(crate) struct Read {
    pub(crate) seed: Seed,
    /// The `deprecatedID` of a form that has no node for it.
    pub(crate) deprecated: Option<String>,
    pub(crate) misfits: Vec<Misfit>,
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
    let mut reader =
        Reader { form, tree: &tree, names: &names, deprecated: None, kept: Vec::new(), misfits: Vec::new() };
    let mut seed = reader.seed(root, ROOT, Some(&form.seed), &format!("/{expected}"));
    let Reader { deprecated, kept, mut misfits, .. } = reader;
    misfits.extend(kept.into_iter().filter(|misfit| !place(form, &mut seed, misfit)));
    Ok(Read { seed, deprecated, misfits })
}

struct Reader<'a> {
    form: &'a Form,
    tree: &'a Tree,
    names: &'a Names,
    deprecated: Option<String>,
    /// Misfits of before.
    kept: Vec<Misfit>,
    misfits: Vec<Misfit>,
}

impl Reader<'_> {
    fn seed(&mut self, id: XmlId, def_id: DefId, fresh: Option<&Seed>, path: &str) -> Seed {
        let form = self.form;
        let mut seed = Seed { def: def_id, ..Seed::default() };
        let Some(def) = form.def(def_id) else { return seed };
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
            let (local, ns) = self
                .tree
                .name(*element)
                .map_or(("", ""), |(_, l, ns)| (self.names.name(l), self.names.name(ns)));
            if def_id == ROOT && (local, ns) == (MISFITS, KEPT) {
                self.keep(*element);
                continue;
            }
            let child = def.children.iter().copied().find(|child| {
                form.def(*child).is_some_and(|def| !def.attribute && form.names.name(def.local) == local)
            });
            let several = child.and_then(|child| form.def(child)).is_some_and(|def| def.repeats);
            match child {
                Some(child) if several || seen.insert(child) => {
                    seen.insert(child);
                    let template = form.def(child).and_then(|def| def.template.as_ref());
                    let fresh = if several { template } else { fresh_child(child) };
                    let before = seed.children.iter().filter(|one| one.def == child).count();
                    let name = form.def(child).map(|def| form.name(def)).unwrap_or_default();
                    let position = if several { format!("[{}]", before + 1) } else { String::new() };
                    seed.children.push(self.seed(
                        *element,
                        child,
                        fresh,
                        &format!("{path}/{name}{position}"),
                    ));
                }
                None if local == DEPRECATED && is_meta(form, def) => {
                    self.deprecated = Some(self.tree.string(*element).into_owned());
                }
                _ => self.misfit(*element, &format!("{path}/{local}")),
            }
        }
        let inner = def.children.iter().any(|child| form.def(*child).is_some_and(|def| !def.attribute));
        if elements.is_empty() {
            let text = self.tree.string(id);
            if !inner {
                seed.value = text.into();
            } else if !text.trim().is_empty() {
                // A question that has become a group.
                self.misfits.push(Misfit { path: path.to_owned(), value: text.into_owned() });
            }
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

    fn keep(&mut self, id: XmlId) {
        for one in self.tree.elements(id) {
            let path = self.tree.attribute(one, self.names, "path").unwrap_or("").to_owned();
            self.kept.push(Misfit { path, value: self.tree.string(one).into_owned() });
        }
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

/// Gives a misfit its place back, where this version of the form has one that is still empty.
fn place(form: &Form, seed: &mut Seed, misfit: &Misfit) -> bool {
    let mut at = seed;
    for part in misfit.path.split('/').skip(2) {
        let (name, position) = match part.split_once('[') {
            None => (part, 1),
            Some((name, rest)) => (name, rest.trim_end_matches(']').parse().unwrap_or(0)),
        };
        let named = |one: &Seed| form.def(one.def).is_some_and(|def| form.is_named(def, name));
        let Some(next) = at.children.iter_mut().filter(|one| named(one)).nth(usize::max(position, 1) - 1)
        else {
            return false;
        };
        at = next;
    }
    let leaf = form.def(at.def).is_some_and(|def| def.children.is_empty());
    if !leaf || !at.value.is_empty() {
        return false;
    }
    at.value = misfit.value.as_str().into();
    true
}
