//! XForm XML to a compiled [`Form`]: one pass for the model's nodes, one for texts and body, one that
//! compiles expressions, and the ordering of what depends on what.

use crate::answer::Warning;
use crate::context::{ExternalInstances, Limits};
use crate::error::{FormError, Place};
use crate::form::{Control, Def, DefId, Follows, Form, ROOT, Task, Text};
use crate::graph::{self, Edges};
use crate::secondary::Secondary;
use crate::xml::{self, Names, Sym, Tree, XmlId};
use crate::xpath::Ast;
use crate::xpath::expr::compile::{Compiler, Refusal, Scope, Tables};
use crate::xpath::expr::{Expr, Reference};
use foldhash::{HashMap, HashMapExt};
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt::Display;
use std::rc::Rc;

mod actions;
mod bind;
mod body;
mod choices;
mod itext;
mod model;
mod parts;
mod submission;

pub(crate) use submission::ENTITIES;

pub(crate) const XFORMS: &str = "http://www.w3.org/2002/xforms";
/// The file of lists of `select_one_external`, as apps fetch it beside a form.
const ITEMSETS: &str = "jr://file-csv/itemsets.csv";
pub(crate) const JAVAROSA: &str = "http://openrosa.org/javarosa";
pub(crate) const OPENROSA: &str = "http://openrosa.org/xforms";
pub(crate) const ODK: &str = "http://www.opendatakit.org/xforms";

/// Expressions whose syntax is kept while a form is compiled.
const KEPT: usize = 4000;

/// An expression with what it reads.
pub(super) struct Compiled {
    pub(super) expr: Expr,
    pub(super) references: Vec<Reference>,
    pub(super) spoken: bool,
}

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

    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            defs: &self.defs,
            by_name: &self.by_name,
            names: &self.names,
            namespaces: &self.namespaces,
            secondary: &self.secondary_ids,
            primary_id: None,
        }
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
            root_attributes: primary.attributes,
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

    fn place(&self, id: XmlId, what: &dyn Display) -> Place {
        let at = self.tree.at(id) as usize;
        let lines = self.lines.get_or_init(|| memchr::memchr_iter(b'\n', self.source.as_bytes()).collect());
        let before = lines.partition_point(|end| *end < at);
        let start = before.checked_sub(1).and_then(|line| lines.get(line)).map_or(0, |end| end + 1);
        // Thousands of places of one long line are mostly asked for in their order.
        let (line, known, count) = self.last_place.get();
        let (from, count) =
            if line == before && (start..=at).contains(&known) { (known, count) } else { (start, 0) };
        let count = count + self.source.get(from..at).map_or(0, |text| text.chars().count());
        self.last_place.set((before, at, count));
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Place { line: number(before), column: number(count), what: what.to_string() }
    }

    fn invalid<T>(&self, id: XmlId, message: impl Into<String>) -> Result<T, FormError> {
        Err(FormError::Invalid { message: message.into(), place: self.place(id, &self.local(id)) })
    }

    fn unsupported<T>(&self, id: XmlId, feature: impl Into<String>) -> Result<T, FormError> {
        Err(FormError::Unsupported { feature: feature.into(), place: self.place(id, &"") })
    }

    fn warn(&mut self, id: XmlId, what: impl Display, message: impl Into<String>) {
        if self.warnings.len() >= self.limits.warnings {
            self.unsaid += 1;
            return;
        }
        let place = self.place(id, &what);
        self.warnings.push(Warning { message: message.into(), place });
    }

    /// Parses an expression; forms say the same one in many places.
    fn parse(&self, id: XmlId, what: &dyn Display, expression: &str) -> Result<Rc<Ast>, FormError> {
        if let Some(known) = self.parsed.borrow().get(expression) {
            return Ok(Rc::clone(known));
        }
        if expression.len() > self.limits.expression_length {
            let allowed = self.limits.expression_length;
            return Err(FormError::Limit { what: "the length of an expression", allowed });
        }
        let ast = crate::xpath::parse(expression, self.limits.expression_depth);
        let ast = Rc::new(ast.map_err(|error| FormError::XPath {
            expression: expression.to_owned(),
            offset: error.offset,
            message: error.message,
            place: self.place(id, what),
        })?);
        // Long ones are hardly said twice, and all are kept until the form is made.
        let mut parsed = self.parsed.borrow_mut();
        if expression.len() <= 1000 && parsed.len() < KEPT {
            parsed.insert(expression.into(), Rc::clone(&ast));
        }
        Ok(ast)
    }

    fn refused(&self, id: XmlId, what: &dyn Display, refusal: Refusal) -> FormError {
        let place = self.place(id, what);
        match refusal {
            Refusal::Unsupported(feature) => FormError::Unsupported { feature, place },
            Refusal::MissingInstance(id) => FormError::MissingInstance { id, place },
            Refusal::Invalid(message) => FormError::Invalid { message, place },
        }
    }

    /// Compiles an expression of a node.
    fn expression(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        expression: &str,
    ) -> Result<Compiled, FormError> {
        let ast = self.parse(id, what, expression)?;
        self.compile(id, what, own, &ast)
    }

    fn compile(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        ast: &Ast,
    ) -> Result<Compiled, FormError> {
        let mut compiled = self.with_compiler(id, what, own, |compiler| compiler.compile(ast))?;
        compiled.expr = compiled.expr.settled(own, &self.defs);
        Ok(compiled)
    }

    fn with_compiler(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        run: impl FnOnce(&mut Compiler<'_>) -> Result<Expr, Refusal>,
    ) -> Result<Compiled, FormError> {
        let scope = Scope {
            defs: &self.defs,
            by_name: &self.by_name,
            names: &self.names,
            namespaces: &self.namespaces,
            secondary: &self.secondary_ids,
            primary_id: self.primary_id.as_deref(),
        };
        let mut compiler = Compiler::new(scope, own, Some(&mut self.tables));
        let result = run(&mut compiler);
        let (references, spoken, nowhere) = (compiler.references, compiler.spoken, compiler.nowhere);
        for path in nowhere {
            self.warn(id, what, format!("the path {path} leads to no node of the form"));
        }
        let expr = result.map_err(|refusal| self.refused(id, what, refusal))?;
        Ok(Compiled { expr, references, spoken })
    }

    /// The definition of an absolute or relative path in the body or in a bind.
    fn target(&mut self, id: XmlId, path: &str, from: DefId) -> Result<Option<DefId>, FormError> {
        if let Some(found) = self.plain_target(path) {
            return Ok(Some(found));
        }
        let ast = self.parse(id, &path, path)?;
        let (absolute, steps) = match &*ast {
            Ast::Path { absolute, steps } => (absolute, steps),
            // `current()/a` is `a`, seen from the element around.
            Ast::Filter { base, predicates, steps }
                if predicates.is_empty()
                    && matches!(&**base, Ast::Call { name, .. } if name.to_string() == "current") =>
            {
                (&false, steps)
            }
            _ => return self.invalid(id, format!("{path} is not a path")),
        };
        let scope = Scope {
            defs: &self.defs,
            by_name: &self.by_name,
            names: &self.names,
            namespaces: &self.namespaces,
            secondary: &self.secondary_ids,
            primary_id: None,
        };
        let found = Compiler::new(scope, from, None).target(*absolute, steps);
        found.map_err(|refusal| self.refused(id, &path, refusal))
    }

    /// The definition of a path of plain names from the root, as nearly all are.
    fn plain_target(&self, path: &str) -> Option<DefId> {
        let mut names = path.strip_prefix('/')?.split('/');
        let root = self.defs.first()?;
        let is_plain = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let mut at = ROOT;
        names.next().filter(|name| is_plain(name) && self.names.name(root.local) == *name)?;
        for name in names.map(str::trim_end) {
            let local = self.names.get(name).filter(|_| is_plain(name))?;
            let mut found = self.by_name.of(&self.defs, at, local);
            (at, _) = found.find(|(_, def)| !def.attribute)?;
        }
        Some(at)
    }

    /// A definition's path, for places.
    fn path(&self, id: DefId) -> String {
        let mut parts = Vec::new();
        let mut next = Some(id);
        while let Some(def) = next.and_then(|id| self.defs.get(id as usize)) {
            parts.push(self.names.name(def.local));
            next = def.parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }

    /// What an attribute that holds a message says: `jr:itext('id')` or plain text.
    fn message(&mut self, id: XmlId, own: DefId, text: &str) -> Result<Text, FormError> {
        if text.trim_start().starts_with("jr:itext(") {
            return self.text_reference(id, own, text);
        }
        Ok(Text::Inline([crate::form::Piece::Words(text.into())].into()))
    }

    /// `jr:itext('id')` or another expression as a text.
    fn text_reference(&mut self, id: XmlId, own: DefId, expression: &str) -> Result<Text, FormError> {
        let literal = expression.strip_prefix("jr:itext('").and_then(|rest| rest.strip_suffix("')"));
        if let Some(key) = literal.filter(|key| !key.contains('\'')) {
            return Ok(self.text_named(id, key));
        }
        let ast = self.parse(id, &"ref", expression)?;
        if let Ast::Call { name, arguments } = &*ast
            && name.local == "itext"
            && let [Ast::Literal(key)] = arguments.as_slice()
        {
            return Ok(self.text_named(id, key));
        }
        Ok(Text::Computed(self.compile(id, &"ref", own, &ast)?.expr))
    }

    fn text_named(&mut self, id: XmlId, key: &str) -> Text {
        match self.texts.id(key) {
            Some(text) => Text::Itext(text),
            None => {
                self.warn(id, "jr:itext", format!("there is no text '{key}'"));
                Text::None
            }
        }
    }

    fn root(&self) -> DefId {
        ROOT
    }
}
