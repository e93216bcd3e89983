//! Binds: types, expressions, messages, preloads, and attributes that are others' business.

use super::*;
use crate::entities::is_reserved;
use crate::form::Task;
use crate::value::ValueType;
use std::fmt::Display;

/// What an attribute of a bind says.
#[derive(Clone, Copy)]
enum Says {
    Nothing,
    Type,
    Relevant,
    Calculate,
    Readonly,
    Required,
    Constraint,
    RequiredMessage,
    ConstraintMessage,
    Preload,
    PreloadParams,
    /// What the engine hands on.
    ForShells,
    /// In a namespace that it does not know.
    Foreign,
}

fn says(ns: &str, local: &str) -> Says {
    match (ns, local) {
        ("", "nodeset" | "id") => Says::Nothing,
        ("", "type") => Says::Type,
        ("", "relevant") => Says::Relevant,
        ("", "calculate") => Says::Calculate,
        ("", "readonly") => Says::Readonly,
        ("", "required") => Says::Required,
        ("", "constraint") => Says::Constraint,
        (JAVAROSA, "requiredMsg") => Says::RequiredMessage,
        (JAVAROSA, "constraintMsg") => Says::ConstraintMessage,
        (JAVAROSA, "preload") => Says::Preload,
        (JAVAROSA, "preloadParams") => Says::PreloadParams,
        (OPENROSA | ODK | JAVAROSA | "", _) => Says::ForShells,
        _ => Says::Foreign,
    }
}

impl Build<'_> {
    pub(super) fn binds(&mut self, model: XmlId) -> Result<(), FormError> {
        let binds: Vec<XmlId> =
            self.tree.elements(model).filter(|child| self.local(*child) == "bind").collect();
        for bind in binds {
            let Some(nodeset) = self.attribute(bind, "nodeset") else {
                self.warn(bind, "bind", "a bind without nodeset does nothing");
                continue;
            };
            match self.target(bind, nodeset.trim(), ROOT)? {
                Some(def) => self.bind(bind, def, nodeset.trim())?,
                None => self.warn(bind, nodeset, "the bind's nodeset leads to no node of the form"),
            }
        }
        Ok(())
    }

    fn bind(&mut self, bind: XmlId, def: DefId, nodeset: &str) -> Result<(), FormError> {
        let tree = self.tree;
        let mut preload = None;
        let mut parameters = String::new();
        for one in tree.attributes(bind) {
            let value = one.value;
            let says = says(self.names.name(one.ns), self.names.name(one.local));
            let named = |build: &Self| (build.names.name(one.local).to_owned(), value.to_owned());
            match says {
                Says::Nothing => {}
                Says::Relevant | Says::Calculate | Says::Readonly | Says::Required | Says::Constraint
                    if value.trim().is_empty() =>
                {
                    let (name, _) = named(self);
                    self.warn(bind, nodeset, format!("{name} is empty"));
                }
                Says::Type => {
                    let kind = ValueType::of(value);
                    self.edit(def, |def| def.kind = kind);
                    // A string whose answer another application gives.
                    if value == "intent" {
                        let attribute = named(self);
                        self.edit(def, |def| def.bind_mut().attributes.push(attribute));
                    }
                }
                Says::Relevant => {
                    self.kept(bind, def, &format_args!("{nodeset} relevant"), value, Task::Relevant)?;
                    if self.defs.get(def as usize).is_some_and(|def| def.repeats) {
                        let ast = self.parse(bind, &nodeset, value)?;
                        let at_parent = self.with_compiler(bind, &nodeset, def, |compiler| {
                            compiler.absent = true;
                            compiler.compile(&ast)
                        })?;
                        self.edit(def, |def| def.bind_mut().welcome = Some(Box::new(at_parent.expr)));
                    }
                }
                Says::Calculate => {
                    self.kept(bind, def, &format_args!("{nodeset} calculate"), value, Task::Calculate)?;
                }
                Says::Readonly => {
                    let what = format_args!("{nodeset} readonly");
                    let expr = self.expression(bind, &what, def, value)?.expr;
                    self.edit(def, |def| def.bind_mut().readonly = Some(expr));
                }
                Says::Required => {
                    let what = format_args!("{nodeset} required");
                    let expr = self.expression(bind, &what, def, value)?.expr;
                    self.edit(def, |def| def.bind_mut().required = Some(expr));
                }
                Says::Constraint => {
                    let what = format_args!("{nodeset} constraint");
                    let expr = self.expression(bind, &what, def, value)?.expr;
                    self.edit(def, |def| def.bind_mut().constraint = Some(expr));
                }
                Says::ConstraintMessage => {
                    let text = self.message(bind, def, value)?;
                    self.edit(def, |def| def.bind_mut().constraint_message = text);
                }
                Says::RequiredMessage => {
                    let text = self.message(bind, def, value)?;
                    self.edit(def, |def| def.bind_mut().required_message = text);
                }
                Says::Preload => preload = Some(value.to_owned()),
                Says::PreloadParams => parameters = value.to_owned(),
                Says::ForShells => {
                    let attribute = named(self);
                    self.edit(def, |def| def.bind_mut().attributes.push(attribute));
                }
                Says::Foreign => {
                    let (local, value) = named(self);
                    let ns = self.names.name(one.ns).to_owned();
                    if (ns.as_str(), local.as_str()) == (ENTITIES, "saveto") && is_reserved(&value) {
                        let message = format!("'{value}' is no property's name: nothing is saved to it");
                        self.warn(bind, "entities:saveto", message);
                        continue;
                    }
                    self.edit(def, |def| def.bind_mut().foreign.push((ns, local, value)));
                }
            }
        }
        if let Some(preload) = preload {
            let known = matches!(
                (preload.as_str(), parameters.as_str()),
                ("uid", _) | ("timestamp", "start" | "end") | ("date", "today") | ("property", _)
            );
            if !known {
                // Collect fills none of these either (`context`, `patient`): the node keeps its default.
                self.warn(bind, nodeset, format!("the preload {preload} {parameters} fills nothing"));
            }
            self.edit(def, |def| def.bind_mut().preload = Some(Box::new((preload, parameters))));
        }
        Ok(())
    }

    pub(super) fn edit(&mut self, id: DefId, change: impl FnOnce(&mut Def)) {
        if let Some(def) = self.defs.get_mut(id as usize) {
            change(def);
        }
    }

    /// A node's expression that is kept up to date.
    fn kept(
        &mut self,
        at: XmlId,
        own: DefId,
        what: &dyn Display,
        expression: &str,
        task: Task,
    ) -> Result<(), FormError> {
        let mut compiled = self.expression(at, what, own, expression)?;
        if task == Task::Calculate {
            if self.is_id(own) && compiled.references.is_empty() {
                compiled.expr = compiled.expr.once();
            }
            let decides = compiled.expr.is_boolean();
            self.edit(own, |def| (def.calculated, def.decides) = (true, decides));
        }
        self.track(own, task, own, compiled);
        Ok(())
    }

    /// Whether the node is the record's id, which stays when a draft is opened again.
    fn is_id(&self, def: DefId) -> bool {
        let named = |id: DefId, name: &str| {
            self.defs.get(id as usize).filter(|def| !def.attribute && self.names.name(def.local) == name)
        };
        let meta = named(def, "instanceID").and_then(|def| def.parent);
        meta.and_then(|meta| named(meta, "meta")).is_some_and(|meta| meta.parent == Some(ROOT))
    }

    pub(super) fn track(&mut self, def: DefId, task: Task, reader: DefId, compiled: Compiled) {
        // Of two binds of a node the later one holds.
        let before = self.tracked.insert((def, task), self.edges.len());
        if let Some(before) = before.and_then(|before| self.edges.get_mut(before)) {
            *before = None;
        }
        let Compiled { expr, references, spoken } = compiled;
        // `relevant="true()"` and the like hold from the start.
        if !matches!((&expr, task), (Expr::Bool(true), Task::Relevant)) {
            self.edges.push(Some(Edges { def, task, reader, references, spoken, expr: Some(expr) }));
        }
    }
}
