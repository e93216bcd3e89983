//! A saved instance back to answers. What the form has no place for is kept with the draft, under an
//! element of our own, until someone has looked at it; a version of the form that has the place again gets
//! it back.

use super::{DEPRECATED, attribute, escape, is_meta};
use crate::answer::Misfit;
use crate::error::FormError;
use crate::form::{DefId, Form, ROOT};
use crate::instance::{Seed, least_nodes};
use crate::xml::{self, Names, Tree, XmlId};

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
    // The form's names first: then both speak of the same ones.
    let mut names = form.names.clone();
    let tree = xml::parse(xml::utf8(saved)?, &mut names, form.limits.depth)?;
    let root = tree.root().ok_or(FormError::NotAForm { missing: "the saved instance's element" })?;
    let found = tree.attribute(root, &names, "id").unwrap_or("").to_owned();
    let name = tree.local(root).map_or("", |local| names.name(local));
    let expected = form.def(ROOT).map_or("", |def| form.names.name(def.local));
    if name != expected || (!found.is_empty() && found != form.id) {
        return Err(FormError::OtherForm { expected: form.id.clone(), found });
    }
    let nodes = form.limits.instance_nodes;
    let mut reader = Reader {
        form,
        tree: &tree,
        names: &names,
        room: Some(nodes),
        deprecated: None,
        kept: Vec::new(),
        misfits: Vec::new(),
    };
    let mut seed = reader.seed(root, Some(&form.seed), &Trail { above: None, def: ROOT, position: None });
    let Reader { room, deprecated, kept, misfits, .. } = reader;
    if room.is_none() || seed.nodes(&form.defs, &least_nodes(&form.defs)) > nodes {
        return Err(FormError::Limit { what: "the number of nodes", allowed: nodes });
    }
    // Those of this reading too: what is placed only at the next opening would come as a surprise.
    let misfits = misfits.into_iter().chain(kept).filter(|misfit| !place(form, &mut seed, misfit)).collect();
    Ok(Read { seed, deprecated, misfits })
}

struct Reader<'a> {
    form: &'a Form,
    tree: &'a Tree,
    names: &'a Names,
    /// For how many more nodes; none once there were too many.
    room: Option<usize>,
    deprecated: Option<String>,
    /// Misfits of before.
    kept: Vec<Misfit>,
    misfits: Vec<Misfit>,
}

/// The way to a node; its text is made only for what does not fit.
struct Trail<'a> {
    above: Option<&'a Trail<'a>>,
    def: DefId,
    /// Among the instances of a repeat.
    position: Option<u32>,
}

impl Trail<'_> {
    fn path(&self, form: &Form) -> String {
        let mut path = self.above.map(|above| above.path(form)).unwrap_or_default();
        path.push('/');
        path += &form.def(self.def).map(|def| form.name(def)).unwrap_or_default();
        if let Some(position) = self.position {
            path += &format!("[{position}]");
        }
        path
    }
}

impl Reader<'_> {
    fn seed(&mut self, id: XmlId, fresh: Option<&Seed>, trail: &Trail<'_>) -> Seed {
        let (form, tree, def_id) = (self.form, self.tree, trail.def);
        let mut seed = Seed::new(def_id, "");
        let Some(def) = form.def(def_id) else { return seed };
        self.room = self.room.and_then(|room| room.checked_sub(def.children.len()));
        if self.room.is_none() {
            return seed;
        }
        let slot = |child: DefId| form.def(child).map_or(usize::MAX, |child| child.slot as usize);
        // By slot: how many there were, and what a new instance begins with.
        let mut seen = vec![0u32; def.children.len()];
        let mut new: Vec<Option<&Seed>> = vec![None; def.children.len()];
        for child in fresh.map_or(&[] as &[Seed], Seed::children) {
            if let Some(place) = new.get_mut(slot(child.def)) {
                place.get_or_insert(child);
            }
        }
        let named = |local, attribute| {
            let mut found = form.by_name.of(&form.defs, def_id, local);
            found.find(|(_, child)| child.attribute == attribute).map(|(id, _)| id)
        };
        for attribute in tree.attributes(id) {
            if let Some(child) = named(attribute.local, true) {
                if let Some(seen) = seen.get_mut(slot(child)) {
                    *seen += 1;
                }
                seed.children_mut().push(Seed::new(child, attribute.value));
            }
        }
        for element in tree.elements(id) {
            let Some((_, name, ns)) = tree.name(element) else { continue };
            let local = self.names.name(name);
            if def_id == ROOT && (local, self.names.name(ns)) == (MISFITS, KEPT) {
                self.keep(element);
                continue;
            }
            let child = named(name, false);
            let several = child.and_then(|child| form.def(child)).filter(|child| child.repeats);
            let place = child.map_or(usize::MAX, slot);
            let before = seen.get(place).copied().unwrap_or(0);
            match child {
                Some(child) if several.is_some() || before == 0 => {
                    if let Some(seen) = seen.get_mut(place) {
                        *seen += 1;
                    }
                    let fresh = match several {
                        Some(several) => several.template.as_deref(),
                        None => new.get(place).copied().flatten(),
                    };
                    let position = several.map(|_| before + 1);
                    let below = Trail { above: Some(trail), def: child, position };
                    let child = self.seed(element, fresh, &below);
                    seed.children_mut().push(child);
                }
                None if local == DEPRECATED && is_meta(form, def) => {
                    self.deprecated = Some(tree.string(element).into_owned());
                }
                _ => self.misfit(element, &format!("{}/{local}", trail.path(form))),
            }
        }
        let inner = def.children.iter().any(|child| form.def(*child).is_some_and(|def| !def.attribute));
        if tree.elements(id).next().is_none() {
            let text = tree.string(id);
            if !inner {
                seed.value = text.into();
            } else if !text.trim().is_empty() {
                // A question that has become a group.
                self.misfits.push(Misfit { path: trail.path(form), value: text.into_owned() });
            }
        }
        // What the saved instance lacks begins as in a new one; instances of repeats it lacks were removed.
        for (child, (seen, fresh)) in def.children.iter().zip(seen.iter().zip(new)) {
            let repeats = form.def(*child).is_some_and(|def| def.repeats);
            if let Some(fresh) = fresh.filter(|_| !repeats && *seen == 0) {
                seed.children_mut().push(fresh.clone());
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
        let Some(wanted) = form.child(at.def, name) else { return false };
        let mut found = at.children().iter().enumerate().filter(|(_, one)| one.def == wanted);
        let Some((nth, _)) = found.nth(usize::max(position, 1) - 1) else { return false };
        let Some(next) = at.children_mut().get_mut(nth) else { return false };
        at = next;
    }
    // A calculation would write over it.
    let leaf = form.def(at.def).is_some_and(|def| def.children.is_empty() && !def.calculated);
    if !leaf || !at.value.is_empty() {
        return false;
    }
    at.value = misfit.value.as_str().into();
    true
}
