//! Actions and the events that run them.

use super::*;
use crate::answer::Wish;
use crate::form::{Action, Does};

impl Build<'_> {
    pub(super) fn model_actions(&mut self, model: XmlId) -> Result<(), FormError> {
        let children: Vec<XmlId> = self.tree.elements(model).collect();
        for child in children {
            match self.local(child) {
                "instance" | "bind" | "itext" | "submission" => {}
                _ => {
                    let local = self.local(child).to_owned();
                    if !self.action(child, ROOT, None)? {
                        self.ignored(child, &local, "the model");
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the element is an action; then it is taken. `control` is the node of the control or
    /// repeat that it stands in.
    pub(super) fn action(
        &mut self,
        id: XmlId,
        from: DefId,
        control: Option<DefId>,
    ) -> Result<bool, FormError> {
        let local = self.local(id).to_owned();
        match local.as_str() {
            "setvalue" | "setgeopoint" | "recordaudio" => {}
            "setaudio" | "send" | "insert" | "delete" | "action" | "dispatch" | "message" | "load" => {
                return self.unsupported(id, format!("the action <{local}>"));
            }
            _ => return Ok(false),
        }
        let target = match (self.attribute(id, "ref"), self.attribute(id, "bind")) {
            (Some(path), _) => self.target(id, path.trim(), from)?,
            (None, Some(_)) => self.by_bind(id)?,
            (None, None) => return self.invalid(id, format!("a {local} without ref")),
        };
        let Some(target) = target else {
            return self.invalid(id, format!("{local} sets what is no node of the form"));
        };
        let does = match (local.as_str(), self.attribute(id, "value")) {
            ("setgeopoint", _) => Does::Ask(Wish::Place),
            ("recordaudio", _) => {
                let quality = self.tree.attributes(id).find(|one| self.names.name(one.local) == "quality");
                Does::Ask(Wish::Recording {
                    quality: quality.map(|one| one.value.to_owned()).unwrap_or_default(),
                })
            }
            // Where there is one, what stands in the element says nothing (XForms 1.0, 10.1.9); an empty one empties.
            (_, Some(expression)) if expression.trim().is_empty() => Does::Set(Expr::Text("".into())),
            (_, Some(expression)) => Does::Set(self.expression(id, &"setvalue", target, expression)?.expr),
            (_, None) => Does::Set(Expr::Text(self.tree.string(id).into())),
        };
        // Of the nodes that a path from the root names, those that its predicates let through, seen from each.
        let chosen =
            self.attribute(id, "ref").filter(|path| path.contains('[') && path.trim().starts_with('/'));
        let chosen = chosen.map(|path| self.expression(id, &"setvalue", target, path)).transpose()?;
        let action = u32::try_from(self.actions.len()).unwrap_or(u32::MAX);
        self.actions.push(Action { target, chosen: chosen.map(|compiled| compiled.expr), does });
        let events = self.attribute_of_event(id);
        for event in events.split_ascii_whitespace() {
            match (event, control) {
                ("odk-instance-first-load" | "xforms-ready", _) => self.first_load.push(action),
                ("odk-instance-load", _) => self.every_load.push(action),
                ("xforms-revalidate", _) => self.revalidate.push(action),
                ("odk-new-repeat" | "jr-insert", control) => {
                    // In the model it is of the repeat that the node stands in.
                    let repeat = self.repeat_around(control.unwrap_or(target));
                    let Some(repeat) = repeat else {
                        return self.invalid(id, "odk-new-repeat outside a repeat");
                    };
                    self.edit(repeat, |def| def.bind_mut().on_new.push(action));
                }
                ("xforms-value-changed", Some(control)) => {
                    self.edit(control, |def| def.bind_mut().on_change.push(action))
                }
                ("xforms-value-changed", None) => {
                    return self.invalid(id, "xforms-value-changed outside a question");
                }
                (other, _) => {
                    let known =
                        "odk-instance-first-load, odk-instance-load, odk-new-repeat and xforms-value-changed";
                    return self
                        .unsupported(id, format!("the event {other} of <{local}> (there are {known})"));
                }
            }
        }
        Ok(true)
    }

    /// An element that the specification does not know: left out, as Collect does.
    pub(super) fn ignored(&mut self, id: XmlId, local: &str, place: &str) {
        self.warn(id, local, format!("<{local}> in {place} is not known and does nothing"));
    }

    fn attribute_of_event(&self, id: XmlId) -> String {
        let found = self.tree.attributes(id).find(|one| self.names.name(one.local) == "event");
        found.map(|one| one.value.to_owned()).unwrap_or_default()
    }

    pub(super) fn repeat_around(&self, id: DefId) -> Option<DefId> {
        let mut next = Some(id);
        while let Some((id, def)) = next.and_then(|id| self.defs.get(id as usize).map(|def| (id, def))) {
            if def.repeats {
                return Some(id);
            }
            next = def.parent;
        }
        None
    }
}
