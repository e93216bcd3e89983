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
                    self.kept(bind, def, &format!("{nodeset} relevant"), &value, Task::Relevant)?;
                    if self.defs.get(def as usize).is_some_and(|def| def.repeats) {
                        let ast = self.parse(bind, nodeset, &value)?;
                        let at_parent = self.with_compiler(bind, nodeset, def, |compiler| {
                            compiler.absent = true;
                            compiler.compile(&ast)
                        })?;
                        self.edit(def, |def| def.bind.welcome = Some(at_parent.expr));
                    }
                }
                ("", "calculate") => {
                    self.kept(bind, def, &format!("{nodeset} calculate"), &value, Task::Calculate)?;
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

    /// A node's expression that is kept up to date.
    fn kept(
        &mut self,
        at: XmlId,
        own: DefId,
        what: &str,
        expression: &str,
        task: Task,
    ) -> Result<(), FormError> {
        let compiled = self.expression(at, what, own, expression)?;
        if task == Task::Calculate {
            let decides = compiled.expr.is_boolean();
            self.edit(own, |def| (def.calculated, def.decides) = (true, decides));
        }
        self.track(own, task, own, compiled);
        Ok(())
    }

    pub(super) fn track(&mut self, def: DefId, task: Task, reader: DefId, compiled: Compiled) {
        if !self.tracked.insert((def, task)) {
            // Of two binds of a node the later one holds.
            self.edges.retain(|edge| (edge.def, edge.task) != (def, task));
        }
        let Compiled { expr, references, spoken } = compiled;
        // `relevant="true()"` and the like hold from the start.
        if !matches!((&expr, task), (Expr::Bool(true), Task::Relevant)) {
            self.edges.push(Edges { def, task, reader, references, spoken, expr: Some(expr) });
        }
    }
}
