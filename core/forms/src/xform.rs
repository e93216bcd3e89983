//! XForm XML to a compiled [`Form`]: one pass for the model's nodes, one for texts and body, one that
//! compiles expressions, and the ordering of what depends on what.

use crate::answer::Warning;
use crate::context::{ExternalInstances, Limits};
use crate::error::{FormError, Place};
use crate::form::{Control, Def, DefId, Follows, Form, ROOT, RootAttribute, Task, Text};
use crate::graph::{self, Edges};
use crate::secondary::Secondary;
use crate::xml::{self, Names, Sym, Tree, XmlId};
use crate::xpath::Ast;
use crate::xpath::expr::Expr;
use crate::xpath::expr::compile::Tables;
use foldhash::{HashMap, HashMapExt};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

mod actions;
mod bind;
mod body;
mod choices;
mod expressions;
mod itext;
mod model;
mod parts;
mod places;
mod submission;
mod targets;

pub(crate) use submission::ENTITIES;

use expressions::Compiled;

pub(crate) const XFORMS: &str = "http://www.w3.org/2002/xforms";
/// The file of lists of `select_one_external`, as apps fetch it beside a form.
const ITEMSETS: &str = "jr://file-csv/itemsets.csv";
pub(crate) const JAVAROSA: &str = "http://openrosa.org/javarosa";
pub(crate) const OPENROSA: &str = "http://openrosa.org/xforms";
pub(crate) const ODK: &str = "http://www.opendatakit.org/xforms";

/// A form in the making.
pub(super) struct Build<'a> {
    source: &'a str,
    tree: &'a Tree,
    names: Names,
    limits: &'a Limits,
    defs: Vec<Def>,
    by_name: crate::form::ByName,
    namespaces: Vec<(Sym, Sym)>,
    secondary: Vec<Secondary>,
    secondary_ids: HashMap<String, u16>,
    primary_id: Option<String>,
    root_attributes: Vec<RootAttribute>,
    /// Nodes of the primary instance so far, attributes included.
    written: usize,
    /// Elements of the body so far.
    shown: usize,
    tables: Tables,
    /// Secondary instances that stand in the form, by their element.
    inline: HashMap<XmlId, crate::xml::Rows>,
    texts: crate::itext::Itext,
    controls: Vec<Control>,
    actions: Vec<crate::form::Action>,
    first_load: Vec<u32>,
    every_load: Vec<u32>,
    revalidate: Vec<u32>,
    warnings: Vec<Warning>,
    /// Without those that a later bind of the same node has taken the place of.
    edges: Vec<Option<Edges>>,
    /// What of which nodes is kept up to date by an expression of its own: which of `edges`.
    tracked: HashMap<(DefId, Task), usize>,
    parsed: RefCell<HashMap<Box<str>, Rc<Ast>>>,
    /// Warnings that are not kept.
    unsaid: usize,
    /// Where lines end, once a place was asked for.
    lines: OnceCell<Vec<usize>>,
    /// The place that was asked for last: its line, its offset, the characters before it.
    last_place: Cell<(usize, usize, usize)>,
    /// Binds by their ids, once one was asked for.
    bind_ids: OnceCell<HashMap<&'a str, XmlId>>,
}

impl Form {
    /// Compiles a form.
    ///
    /// # Errors
    /// What is wrong with the document, with its place; a feature that is not supported, by name; a
    /// limit that was passed; an external instance that `external` does not have.
    pub fn compile(xml: &[u8], external: &dyn ExternalInstances, limits: &Limits) -> Result<Form, FormError> {
        if xml.len() > limits.form_bytes {
            return Err(FormError::Limit {
                what: "the size of the form in bytes",
                allowed: limits.form_bytes,
            });
        }
        let source = xml::utf8(xml)?;
        let mut names = Names::default();
        for known in [XFORMS, JAVAROSA, OPENROSA, ODK, "root", "item", "name", "label"] {
            names.intern(known);
        }
        let mut parts = parts::Parts::new(&mut names);
        let tree = xml::parse_aside(source, &mut names, limits.depth, &mut parts)?;
        Build::new(source, &tree, names, limits, parts).run(external)
    }
}

impl<'a> Build<'a> {
    fn new(source: &'a str, tree: &'a Tree, names: Names, limits: &'a Limits, parts: parts::Parts) -> Self {
        Build {
            source,
            tree,
            names,
            limits,
            defs: Vec::new(),
            by_name: crate::form::ByName::default(),
            namespaces: Vec::new(),
            secondary: Vec::new(),
            secondary_ids: HashMap::new(),
            primary_id: None,
            root_attributes: Vec::new(),
            written: 0,
            shown: 0,
            tables: Tables::default(),
            inline: parts.instances,
            texts: parts.texts,
            controls: Vec::new(),
            actions: Vec::new(),
            first_load: Vec::new(),
            every_load: Vec::new(),
            revalidate: Vec::new(),
            warnings: Vec::new(),
            edges: Vec::new(),
            tracked: HashMap::new(),
            parsed: RefCell::default(),
            unsaid: 0,
            lines: OnceCell::new(),
            last_place: Cell::default(),
            bind_ids: OnceCell::new(),
        }
    }

    fn run(mut self, external: &dyn ExternalInstances) -> Result<Form, FormError> {
        let html = self.tree.root().ok_or(FormError::NotAForm { missing: "the html element" })?;
        let head = self.child(html, "head").ok_or(FormError::NotAForm { missing: "the head" })?;
        let model = self.child(head, "model").ok_or(FormError::NotAForm { missing: "the model" })?;
        let body = self.child(html, "body");
        if body.is_none() {
            self.warn(html, "body", "the form has no body: it asks nothing");
        }
        let title =
            self.child(head, "title").map(|id| self.tree.string(id).trim().to_owned()).unwrap_or_default();
        let (rules, key) = self.submission_element(model)?;
        self.entities_version(model)?;
        let primary = self.primary(model, body)?;
        self.secondaries(model, external)?;
        self.itext(model)?;
        self.binds(model)?;
        let elements = body.map_or(Ok(Vec::new()), |body| self.body(body))?;
        self.model_actions(model)?;
        if self.unsaid > 0 {
            let message = format!("{} more warnings", self.unsaid);
            self.warnings.push(Warning { message, place: self.place(html, &"") });
        }
        let style = body.and_then(|body| self.tree.attribute(body, &self.names, "class"));
        let style = style.unwrap_or("").to_owned();
        let id = primary.id.unwrap_or_default();
        let indexes = crate::secondary::prepare(self.tables.indexes, &self.secondary);
        let mut form = Form {
            id,
            version: primary.version,
            title,
            style,
            names: self.names,
            root_attributes: self.root_attributes,
            namespaces: self.namespaces,
            default_namespace: primary.default_namespace,
            follows: self.defs.iter().map(|_| Follows::default()).collect(),
            defs: self.defs,
            by_name: self.by_name,
            seed: primary.seed,
            secondary: self.secondary,
            secondary_ids: self.secondary_ids,
            indexes,
            columns: self.tables.columns,
            leaves: Vec::new(),
            texts: self.texts,
            body: elements,
            controls: self.controls,
            vertices: Vec::new(),
            dependents: Vec::new(),
            slots: Vec::new(),
            actions: self.actions,
            first_load: self.first_load,
            every_load: self.every_load,
            revalidate: self.revalidate,
            spoken: Vec::new(),
            within: HashMap::new(),
            warnings: self.warnings,
            rules,
            key,
            limits: self.limits.clone(),
        };
        let mut leaves: Vec<(DefId, u32)> =
            form.columns.iter().zip(0u32..).map(|(kept, column)| (kept.leaf, column)).collect();
        leaves.sort_unstable();
        for (at, (leaf, column)) in (0u32..).zip(leaves) {
            form.leaves.push(column);
            if let Some(follows) = form.follows.get_mut(leaf as usize) {
                let (start, end) = follows.columns;
                follows.columns = (if start == end { at } else { start }, at + 1);
            }
        }
        // What was parsed is compiled: the order of a large form wants the room.
        drop(self.parsed);
        graph::order(&mut form, self.edges.into_iter().flatten().collect())?;
        Ok(form)
    }

    /// The first child element with that local name.
    fn child(&self, id: XmlId, local: &str) -> Option<XmlId> {
        let local = self.names.get(local)?;
        self.tree.elements(id).find(|child| self.tree.local(*child) == Some(local))
    }

    fn local(&self, id: XmlId) -> &str {
        self.tree.local(id).map_or("", |local| self.names.name(local))
    }

    fn namespace(&self, id: XmlId) -> &str {
        self.tree.name(id).map_or("", |(_, _, ns)| self.names.name(ns))
    }

    fn attribute(&self, id: XmlId, local: &str) -> Option<&'a str> {
        let tree = self.tree;
        tree.attribute(id, &self.names, local)
    }
}
