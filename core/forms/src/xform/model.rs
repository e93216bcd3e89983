//! The primary instance to definitions and the seed of a new instance; secondary instances.

use super::*;
use crate::form::RootAttribute;
use crate::instance::{Seed, least_nodes};
use crate::value::ValueType;
use crate::xml::Rows;
use foldhash::{HashSet, HashSetExt};
use std::borrow::Cow;

/// What the primary instance says of the form itself.
pub(super) struct Primary {
    pub(super) id: Option<String>,
    pub(super) version: String,
    pub(super) default_namespace: String,
    pub(super) seed: Seed,
}

impl Build<'_> {
    pub(super) fn primary(&mut self, model: XmlId, body: Option<XmlId>) -> Result<Primary, FormError> {
        let instance =
            self.child(model, "instance").ok_or(FormError::NotAForm { missing: "the primary instance" })?;
        let root = self.tree.elements(instance).next();
        let root = root.ok_or(FormError::NotAForm { missing: "the primary instance's element" })?;
        self.primary_id = self.attribute(instance, "id").map(str::to_owned);
        let mut attributes = Vec::new();
        for attribute in self.tree.attributes(root) {
            let name = |sym| self.names.name(sym).to_owned();
            attributes.push(RootAttribute {
                prefix: name(attribute.prefix),
                ns: name(attribute.ns),
                local: name(attribute.local),
                value: attribute.value.to_owned(),
            });
        }
        let find = |ns: &str, local: &str| {
            attributes.iter().find(|one| one.ns == ns && one.local == local).map(|one| one.value.clone())
        };
        let id = find("", "id").or_else(|| match self.namespace(root) {
            XFORMS | "" => None,
            // Older forms say their id by the root's namespace.
            ns => Some(ns.to_owned()),
        });
        if id.is_none() {
            self.warn(root, "id", "the primary instance's element has no id: no server will know the form");
        }
        let version = find("", "version").or_else(|| find(OPENROSA, "version")).unwrap_or_default();
        self.root_attributes = attributes;
        let default_namespace = match self.tree.name(root) {
            Some((prefix, _, ns)) if self.names.name(prefix).is_empty() && self.names.name(ns) != XFORMS => {
                self.names.name(ns).to_owned()
            }
            _ => String::new(),
        };
        for attribute in self.tree.attributes(root) {
            self.namespace_used(attribute.prefix, attribute.ns);
        }
        let mut repeats = HashSet::new();
        if let Some(body) = body {
            self.repeat_paths(body, &mut repeats);
        }
        let mut seed = self.element(root, None)?.unwrap_or_default();
        self.place_of_the_id(&mut seed)?;
        for path in &repeats {
            if let Ok(Some(def)) = self.target(root, path, ROOT)
                && let Some(def) = self.defs.get_mut(def as usize)
            {
                def.repeats = true;
            }
        }
        self.templates(&seed);
        let least = least_nodes(&self.defs);
        let begun = [&seed].into_iter().chain(self.defs.iter().filter_map(|def| def.template.as_deref()));
        if begun.map(|seed| seed.nodes(&self.defs, &least)).any(|nodes| nodes > self.limits.form_nodes) {
            let allowed = self.limits.form_nodes;
            return Err(FormError::Limit { what: "the number of nodes that a form begins with", allowed });
        }
        Ok(Primary { id, version, default_namespace, seed })
    }

    /// A record is to have an id (`meta/instanceID`): a form that forgets the place for it gets one.
    fn place_of_the_id(&mut self, root: &mut Seed) -> Result<(), FormError> {
        let mut above = root;
        for name in ["meta", "instanceID"] {
            let named = |seed: &Seed| {
                let def = self.defs.get(seed.def as usize);
                def.is_some_and(|def| !def.attribute && self.names.name(def.local) == name)
            };
            let at = match above.children().iter().position(named) {
                Some(at) => at,
                None => {
                    let Some(parent) = self.defs.get(above.def as usize) else { return Ok(()) };
                    let (prefix, ns) = (parent.prefix, parent.ns);
                    let local = self.names.intern(name);
                    let def = self.define(Some(above.def), (prefix, local, ns), false)?;
                    above.children_mut().push(Seed::new(def, ""));
                    above.children().len() - 1
                }
            };
            let Some(below) = above.children_mut().get_mut(at) else { return Ok(()) };
            above = below;
        }
        Ok(())
    }

    /// The prefix to write a name with: its own, unless that stands for another namespace elsewhere in the
    /// instance. What is saved declares all of them at its root.
    fn namespace_used(&mut self, prefix: Sym, ns: Sym) -> Sym {
        if matches!(self.names.name(prefix), "" | "xml") {
            return prefix;
        }
        let mut chosen = prefix;
        let mut count = 1;
        while let Some((_, known)) = self.namespaces.iter().find(|(taken, _)| *taken == chosen) {
            if *known == ns {
                return chosen;
            }
            count += 1;
            let numbered = format!("{}{count}", self.names.name(prefix));
            chosen = self.names.intern(&numbered);
        }
        self.namespaces.push((chosen, ns));
        chosen
    }

    /// Paths of the body's repeats, before any definition is known.
    fn repeat_paths(&self, id: XmlId, out: &mut HashSet<String>) {
        for child in self.tree.elements(id) {
            if self.local(child) == "repeat"
                && let Some(path) = self.attribute(child, "nodeset").or_else(|| self.attribute(child, "ref"))
            {
                out.insert(path.trim().to_owned());
            }
            self.repeat_paths(child, out);
        }
    }

    /// An element of the primary instance: its definition (shared by elements of one path), and its
    /// seed unless it is a template.
    fn element(&mut self, id: XmlId, parent: Option<DefId>) -> Result<Option<Seed>, FormError> {
        let Some((prefix, local, ns)) = self.tree.name(id) else { return Ok(None) };
        let prefix = self.namespace_used(prefix, ns);
        let def = self.define(parent, (prefix, local, ns), false)?;
        let mut seed = Seed::new(def, "");
        let mut template = false;
        let children: Vec<XmlId> = self.tree.elements(id).collect();
        let below = children.len() + self.tree.attributes(id).count();
        if below > 0 {
            seed.children_mut().reserve_exact(below);
        }
        let attributes: Vec<_> = self
            .tree
            .attributes(id)
            .map(|attribute| (attribute.prefix, attribute.local, attribute.ns, attribute.value.to_owned()))
            .collect();
        for (prefix, local, ns, value) in attributes {
            if self.names.name(local) == "template" && self.names.name(ns) == JAVAROSA {
                template = true;
            } else if parent.is_some() {
                let prefix = self.namespace_used(prefix, ns);
                let def = self.define(Some(def), (prefix, local, ns), true)?;
                seed.children_mut().push(Seed::new(def, value));
            }
        }
        let mut seen = HashSet::new();
        for child in &children {
            let Some(child_seed) = self.element(*child, Some(def))? else {
                continue;
            };
            if !seen.insert(child_seed.def)
                && let Some(several) = self.defs.get_mut(child_seed.def as usize)
            {
                several.repeats = true;
            }
            seed.children_mut().push(child_seed);
        }
        if children.is_empty() {
            seed.value = self.tree.string(id).into();
        }
        if template {
            if let Some(def) = self.defs.get_mut(def as usize) {
                def.repeats = true;
                def.template = Some(Box::new(seed));
            }
            return Ok(None);
        }
        Ok(Some(seed))
    }

    fn define(
        &mut self,
        parent: Option<DefId>,
        name: (Sym, Sym, Sym),
        attribute: bool,
    ) -> Result<DefId, FormError> {
        self.written += 1;
        if self.written > self.limits.form_nodes {
            let allowed = self.limits.form_nodes;
            return Err(FormError::Limit { what: "the number of nodes that a form writes", allowed });
        }
        let (prefix, local, ns) = name;
        if let Some(parent) = parent {
            let mut namesakes = self.by_name.of(&self.defs, parent, local);
            let same = namesakes.find(|(_, def)| def.ns == ns && def.attribute == attribute);
            if let Some((id, _)) = same {
                return Ok(id);
            }
        }
        let too_many = FormError::Limit { what: "the number of nodes of a form", allowed: u16::MAX as usize };
        let id = DefId::try_from(self.defs.len()).map_err(|_| too_many.clone())?;
        let (mut depth, mut slot) = (0, 0);
        if let Some(parent) = parent.and_then(|id| self.defs.get_mut(id as usize)) {
            depth = parent.depth + 1;
            slot = u16::try_from(parent.children.len()).map_err(|_| too_many)?;
            parent.children.push(id);
        }
        self.defs.push(Def {
            prefix,
            local,
            ns,
            parent,
            depth,
            slot,
            children: Vec::new(),
            attribute,
            repeats: false,
            template: None,
            kind: ValueType::Text,
            namesake: None,
            bind: None,
            calculated: false,
            decides: false,
            control: None,
            fixed: false,
            counted: false,
            circular: false,
        });
        if let Some(parent) = parent {
            self.by_name.add(&mut self.defs, parent, local, id);
        }
        Ok(id)
    }

    /// A repeat without a template begins as its first instance in the form.
    fn templates(&mut self, seed: &Seed) {
        let missing =
            self.defs.get(seed.def as usize).is_some_and(|def| def.repeats && def.template.is_none());
        if missing && let Some(def) = self.defs.get_mut(seed.def as usize) {
            def.template = Some(Box::new(seed.clone()));
        }
        seed.children().iter().for_each(|child| self.templates(child));
    }

    pub(super) fn secondaries(
        &mut self,
        model: XmlId,
        external: &dyn ExternalInstances,
    ) -> Result<(), FormError> {
        let instances: Vec<XmlId> =
            self.tree.elements(model).filter(|child| self.local(*child) == "instance").skip(1).collect();
        for instance in instances {
            let Some(id) = self.attribute(instance, "id").map(str::to_owned) else {
                return self.invalid(instance, "a secondary instance without id");
            };
            let inline = self.inline.remove(&instance).filter(|rows| rows.root().is_some());
            let src = self.attribute(instance, "src");
            let bytes = src.and_then(|src| external.bytes(src));
            let file = src.filter(|_| bytes.is_some()).map(Into::into);
            let tree = match (src, inline) {
                // Rows beside a `src` stand in for the file where there is none.
                (Some(_), Some(rows)) if bytes.is_none() => rows,
                (Some(src), _) => self.external(instance, src, bytes)?,
                (None, Some(rows)) => rows,
                (None, None) => Rows::default(),
            };
            let index = u16::try_from(self.secondary.len()).map_err(|_| FormError::Limit {
                what: "the number of instances",
                allowed: u16::MAX as usize,
            })?;
            if self.secondary_ids.insert(id.clone(), index).is_some() {
                return self.invalid(instance, format!("a second instance '{id}'"));
            }
            self.secondary.push(Secondary { file, tree });
        }
        self.itemsets(external)
    }

    /// The lists of `select_one_external`, which stand in one file that the model does not name.
    fn itemsets(&mut self, external: &dyn ExternalInstances) -> Result<(), FormError> {
        if !self.source.contains(" query=") || self.secondary_ids.contains_key(ITEMSETS) {
            return Ok(());
        }
        let Some(bytes) = external.bytes(ITEMSETS) else { return Ok(()) };
        let tree = self.rows(ITEMSETS, &bytes)?;
        let index = u16::try_from(self.secondary.len()).unwrap_or(u16::MAX);
        self.secondary_ids.insert(ITEMSETS.to_owned(), index);
        self.secondary.push(Secondary { file: Some(ITEMSETS.into()), tree });
        Ok(())
    }

    /// Whether some expression may name an instance: its id stands between quotes elsewhere than as an id.
    fn asks_for(&self, id: &str) -> bool {
        let quoted = [("'", "'"), ("&quot;", "&quot;"), ("\"", "\""), ("'", ".csv'")];
        quoted.iter().any(|(open, close)| {
            let text = format!("{open}{id}{close}");
            self.source.match_indices(&text).any(|(at, _)| {
                !self.source.get(..at).is_some_and(|before| before.trim_end().ends_with("id="))
            })
        })
    }

    fn external(&mut self, at: XmlId, src: &str, bytes: Option<Cow<'_, [u8]>>) -> Result<Rows, FormError> {
        let Some(bytes) = bytes else {
            // The last saved record: there is none before the first.
            if src == "jr://instance/last-saved" {
                return Ok(Rows::default());
            }
            let id = self.attribute(at, "id").unwrap_or("");
            if !self.asks_for(id) {
                self.warn(at, "instance", format!("{src} is not there, and nothing asks for it"));
                return Ok(Rows::default());
            }
            return Err(FormError::MissingExternal {
                src: src.to_owned(),
                place: self.place(at, &"instance"),
            });
        };
        self.rows(src, &bytes)
    }

    fn rows(&mut self, src: &str, bytes: &[u8]) -> Result<Rows, FormError> {
        if bytes.len() > self.limits.external_bytes {
            let allowed = self.limits.external_bytes;
            return Err(FormError::Limit { what: "the size of an external instance in bytes", allowed });
        }
        crate::secondary::read(src, bytes, &mut self.names, self.limits.depth)
    }
}
