//! Binds: types, expressions, messages, preloads, and attributes that are others' business.

use super::*;
use crate::form::Task;
use crate::value::ValueType;

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
        let attributes: Vec<(String, String, String)> = self
            .tree
            .attributes(bind)
            .map(|one| {
                (
                    self.names.name(one.ns).to_owned(),
                    self.names.name(one.local).to_owned(),
                    one.value.to_owned(),
                )
            })
            .collect();
        let mut preload = None;
        let mut parameters = String::new();
        for (ns, local, value) in attributes {
            let expression = ["relevant", "calculate", "readonly", "required", "constraint"];
            match (ns.as_str(), local.as_str()) {
                ("", "nodeset" | "id") => {}
                ("", name) if expression.contains(&name) && value.trim().is_empty() => {
                    self.warn(bind, nodeset, format!("{name} is empty"));
                }
                ("", "type") => {
                    let kind = ValueType::of(&value);
                    self.edit(def, |def| def.kind = kind);
                    // A string whose answer another application gives.
                    if value == "intent" {
                        self.edit(def, |def| def.bind.attributes.push((local, value)));
                    }
                }
                ("", "relevant") => {
                    let expr =
                        self.tracked(bind, def, &format!("{nodeset} relevant"), &value, Task::Relevant)?;
                    self.edit(def, |def| def.bind.relevant = Some(expr));
                    if self.defs.get(def as usize).is_some_and(|def| def.repeats) {
                        let ast = self.parse(bind, nodeset, &value)?;
                        let at_parent = self.with_compiler(bind, nodeset, def, |compiler| {
                            compiler.absent = true;
                            compiler.compile(&ast)
                        })?;
                        self.edit(def, |def| def.welcome = Some(at_parent.expr));
                    }
                }
                ("", "calculate") => {
                    let expr =
                        self.tracked(bind, def, &format!("{nodeset} calculate"), &value, Task::Calculate)?;
                    self.edit(def, |def| def.bind.calculate = Some(expr));
                }
                ("", "readonly") => {
                    let expr = self.expression(bind, &format!("{nodeset} readonly"), def, &value)?.expr;
                    self.edit(def, |def| def.bind.readonly = Some(expr));
                }
                ("", "required") => {
                    let expr = self.expression(bind, &format!("{nodeset} required"), def, &value)?.expr;
                    self.edit(def, |def| def.bind.required = Some(expr));
                }
                ("", "constraint") => {
                    let expr = self.expression(bind, &format!("{nodeset} constraint"), def, &value)?.expr;
                    self.edit(def, |def| def.bind.constraint = Some(expr));
                }
                (JAVAROSA, "constraintMsg") => {
                    let text = self.message(bind, def, &value)?;
                    self.edit(def, |def| def.bind.constraint_message = text);
                }
                (JAVAROSA, "requiredMsg") => {
                    let text = self.message(bind, def, &value)?;
                    self.edit(def, |def| def.bind.required_message = text);
                }
                (JAVAROSA, "preload") => preload = Some(value),
                (JAVAROSA, "preloadParams") => parameters = value,
                (OPENROSA | ODK | JAVAROSA | "", _) => {
                    self.edit(def, |def| def.bind.attributes.push((local, value)));
                }
                _ => self.edit(def, |def| def.bind.foreign.push((ns, local, value))),
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
            self.edit(def, |def| def.bind.preload = Some((preload, parameters)));
        }
        Ok(())
    }

    pub(super) fn edit(&mut self, id: DefId, change: impl FnOnce(&mut Def)) {
        if let Some(def) = self.defs.get_mut(id as usize) {
            change(def);
        }
    }

    /// An expression that is kept up to date.
    pub(super) fn tracked(
        &mut self,
        at: XmlId,
        own: DefId,
        what: &str,
        expression: &str,
        task: Task,
    ) -> Result<Expr, FormError> {
        let compiled = self.expression(at, what, own, expression)?;
        // `relevant="true()"` and the like hold from the start.
        let constant = matches!(compiled.expr, Expr::Bool(true)) && task == Task::Relevant;
        if !constant {
            self.track(own, task, own, compiled.references, compiled.spoken);
        }
        Ok(compiled.expr)
    }

    pub(super) fn track(
        &mut self,
        def: DefId,
        task: Task,
        reader: DefId,
        references: Vec<Reference>,
        spoken: bool,
    ) {
        self.edges.push(graph::Edges { def, task, reader, references, spoken });
    }
}
