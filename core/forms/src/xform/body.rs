//! The body: groups, repeats and controls.

use super::*;
use crate::answer::Range;
use crate::form::{ChoiceSource, ControlKind, Element, GroupDef, Look, RepeatDef, Task};

impl Build<'_> {
    pub(super) fn body(&mut self, body: XmlId) -> Result<Vec<Element>, FormError> {
        self.elements(body, ROOT)
    }

    fn elements(&mut self, parent: XmlId, from: DefId) -> Result<Vec<Element>, FormError> {
        let children: Vec<XmlId> = self.tree.elements(parent).collect();
        let mut out = Vec::with_capacity(children.len());
        for child in children {
            let local = self.local(child).to_owned();
            self.shown += usize::from(!matches!(local.as_str(), "label" | "hint"));
            if self.shown > self.limits.body_elements {
                let allowed = self.limits.body_elements;
                return Err(FormError::Limit { what: "the number of elements of the body", allowed });
            }
            match local.as_str() {
                "label" | "hint" => {}
                "group" => out.push(self.group(child, from)?),
                "repeat" => out.push(self.repeat(child, from, Text::None, String::new())?),
                _ => {
                    if let Some(kind) = control_kind(&local) {
                        out.push(Element::Question(self.control(child, kind, from)?));
                    } else if !self.action(child, from, Some(from))? {
                        // What stands in an unknown element is shown without it, as in Collect.
                        self.ignored(child, &local, "the body");
                        out.extend(self.elements(child, from)?);
                    }
                }
            }
        }
        out.shrink_to_fit();
        Ok(out)
    }

    fn reference(&mut self, id: XmlId, from: DefId) -> Result<Option<DefId>, FormError> {
        let path = match (self.attribute(id, "ref"), self.attribute(id, "nodeset")) {
            (Some(path), _) | (None, Some(path)) => path.trim(),
            (None, None) => return self.by_bind(id),
        };
        match self.target(id, path, from)? {
            Some(def) => Ok(Some(def)),
            None => self.invalid(id, format!("{path} is no node of the form")),
        }
    }

    /// `bind="id"` in place of `ref`, as older forms have it.
    pub(super) fn by_bind(&mut self, id: XmlId) -> Result<Option<DefId>, FormError> {
        let Some(wanted) = self.attribute(id, "bind") else { return Ok(None) };
        let bind = self.bind_ids.get_or_init(|| {
            let html = self.tree.root().unwrap_or(0);
            let model = self.child(html, "head").and_then(|head| self.child(head, "model"));
            let binds = model.into_iter().flat_map(|model| self.tree.elements(model));
            let named = binds.filter(|bind| self.local(*bind) == "bind");
            let mut ids = HashMap::new();
            for bind in named {
                if let Some(id) = self.attribute(bind, "id") {
                    ids.entry(id).or_insert(bind);
                }
            }
            ids
        });
        let Some(nodeset) = bind.get(wanted).and_then(|bind| self.attribute(*bind, "nodeset")) else {
            return self.invalid(id, format!("there is no bind '{wanted}'"));
        };
        self.target(id, nodeset.trim(), ROOT)
    }

    fn appearance(&self, id: XmlId) -> String {
        self.attribute(id, "appearance").unwrap_or("").to_owned()
    }

    fn group(&mut self, id: XmlId, from: DefId) -> Result<Element, FormError> {
        let def = self.reference(id, from)?;
        let own = def.unwrap_or(from);
        let label = self.child(id, "label");
        let appearance = self.appearance(id);
        // A group around a repeat of the same node carries the repeat's label.
        let inner: Vec<XmlId> =
            self.tree.elements(id).filter(|child| !matches!(self.local(*child), "label" | "hint")).collect();
        if let [repeat] = inner.as_slice()
            && self.local(*repeat) == "repeat"
            && (def.is_none() || self.reference(*repeat, own)? == def)
        {
            let repeated = self.reference(*repeat, own)?.unwrap_or(own);
            let label = label.map_or(Ok(Text::None), |label| self.text(label, repeated))?;
            return self.repeat(*repeat, own, label, appearance);
        }
        let label = label.map_or(Ok(Text::None), |label| self.text(label, own))?;
        let children = self.elements(id, own)?;
        Ok(Element::Group(Box::new(GroupDef { def, label, appearance, children })))
    }

    fn repeat(&mut self, id: XmlId, from: DefId, label: Text, around: String) -> Result<Element, FormError> {
        let Some(def) = self.reference(id, from)? else {
            return self.invalid(id, "a repeat without nodeset");
        };
        let jr = |name: &str| self.tree.attribute_ns(id, &self.names, JAVAROSA, name).map(str::to_owned);
        let fixed =
            jr("noAddRemove").is_some_and(|value| value.trim() != "false()" && value.trim() != "false");
        let count = jr("count");
        let counted = count.is_some();
        if let Some(expression) = count {
            let parent = self.defs.get(def as usize).and_then(|def| def.parent).unwrap_or(ROOT);
            let what = format!("{} jr:count", self.path(def));
            // Relative paths start at the repeat, also while it has no instance.
            let ast = self.parse(id, &what, &expression)?;
            let compiled = self.with_compiler(id, &what, def, |compiler| {
                compiler.absent = true;
                compiler.compile(&ast)
            })?;
            self.track(def, Task::Count, parent, compiled);
        }
        self.edit(def, |def| (def.fixed, def.counted) = (fixed, counted));
        let label = match (label, self.child(id, "label")) {
            (Text::None, Some(own)) => self.text(own, def)?,
            (label, _) => label,
        };
        let own = self.appearance(id);
        let appearance = if own.is_empty() { around } else { own };
        let children = self.elements(id, def)?;
        Ok(Element::Repeat(Box::new(RepeatDef { def, label, appearance, children })))
    }

    fn control(&mut self, id: XmlId, kind: ControlKind, from: DefId) -> Result<u32, FormError> {
        let Some(def) = self.reference(id, from)? else {
            return self.invalid(id, "a control without ref");
        };
        let label = match self.child(id, "label") {
            Some(label) => self.text(label, def)?,
            None => Text::None,
        };
        let hint = match self.child(id, "hint") {
            Some(hint) => self.text(hint, def)?,
            None => Text::None,
        };
        let range = if kind == ControlKind::Range { Some(self.range(id)?) } else { None };
        let query = self.attribute(id, "query").filter(|_| kind == ControlKind::Input);
        let kind = if query.is_some() { ControlKind::SelectOne } else { kind };
        let choices = match (query, kind) {
            (Some(query), _) => self.query(id, def, query)?,
            (None, ControlKind::SelectOne | ControlKind::SelectMany | ControlKind::Rank) => {
                self.choices(id, def)?
            }
            (None, _) => ChoiceSource::None,
        };
        let media = self.attribute(id, "mediatype").unwrap_or("").to_owned();
        let known = ["ref", "nodeset", "appearance", "start", "end", "step", "bind", "query"];
        let mut attributes: Vec<(String, String)> = self
            .tree
            .attributes(id)
            .map(|one| (self.names.name(one.local).to_owned(), one.value.to_owned()))
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .collect();
        if let Some(own) = self.defs.get(def as usize) {
            attributes.extend(own.bind().attributes.iter().cloned());
        }
        let children: Vec<XmlId> = self.tree.elements(id).collect();
        for child in children {
            let local = self.local(child).to_owned();
            let known = matches!(
                local.as_str(),
                "label" | "hint" | "item" | "itemset" | "alert" | "help" | "choices"
            );
            if !known && !self.action(child, from, Some(def))? {
                self.ignored(child, &local, "a control");
            }
        }
        let index = u32::try_from(self.controls.len()).unwrap_or(u32::MAX);
        let appearance = self.appearance(id);
        if matches!(choices, ChoiceSource::None) && matches!(kind, ControlKind::Rank | ControlKind::SelectOne)
        {
            self.warn(id, "choices", "a question without choices");
        }
        let look = Look { appearance, media, attributes, range };
        self.controls.push(Control::new(def, kind, label, hint, choices, look));
        self.edit(def, |def| def.control = Some(index));
        Ok(index)
    }

    fn range(&self, id: XmlId) -> Result<Range, FormError> {
        let text = |name: &str| self.attribute(id, name).map(str::trim).filter(|text| !text.is_empty());
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        // Which way it goes is said by its ends (Collect).
        let step = text("step").map_or(Some(1.0), number).map(f64::abs).filter(|step| *step > 0.0);
        match (text("start").and_then(number), text("end").and_then(number), step) {
            (Some(start), Some(end), Some(step)) => Ok(Range { start, end, step }),
            (Some(_), Some(_), None) => self.invalid(id, "a range's step is a number other than 0"),
            _ => self.invalid(id, "a range needs start and end"),
        }
    }
}

fn control_kind(local: &str) -> Option<ControlKind> {
    Some(match local {
        "input" | "secret" => ControlKind::Input,
        "select1" => ControlKind::SelectOne,
        "select" => ControlKind::SelectMany,
        "rank" => ControlKind::Rank,
        "range" => ControlKind::Range,
        "upload" => ControlKind::Upload,
        "trigger" => ControlKind::Trigger,
        _ => return None,
    })
}
