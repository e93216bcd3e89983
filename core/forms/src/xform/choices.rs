//! Choices: inline items and itemsets.

use super::*;
use crate::form::{ChoiceSource, InlineChoice, ItemLabel, Itemset, Task};

impl Build<'_> {
    pub(super) fn choices(&mut self, control: XmlId, own: DefId) -> Result<ChoiceSource, FormError> {
        let children: Vec<XmlId> = self.tree.elements(control).collect();
        let mut inline = Vec::new();
        for child in children {
            match self.local(child) {
                "item" => {
                    let value = match self.child(child, "value") {
                        Some(value) => self.tree.string(value).trim().into(),
                        None => return self.invalid(child, "an item without value"),
                    };
                    let label = match self.child(child, "label") {
                        Some(label) => self.text(label, own)?,
                        None => Text::None,
                    };
                    inline.push(InlineChoice { value, label });
                }
                "itemset" => return Ok(ChoiceSource::Itemset(Box::new(self.itemset(child, own)?))),
                _ => {}
            }
        }
        Ok(if inline.is_empty() { ChoiceSource::None } else { ChoiceSource::Inline(inline.into()) })
    }

    fn itemset(&mut self, id: XmlId, own: DefId) -> Result<Itemset, FormError> {
        let Some(nodeset) = self.attribute(id, "nodeset") else {
            return self.invalid(id, "an itemset without nodeset");
        };
        let ast = self.parse(id, &"itemset", nodeset)?;
        let nodes = self.compile(id, &format!("{} itemset", self.path(own)), own, &ast)?;
        let item = self.item_of(id, &ast, own)?;
        let part = |build: &Self, local: &str| {
            build.child(id, local).and_then(|part| Some((part, build.attribute(part, "ref")?.to_owned())))
        };
        let Some((at, reference)) = part(self, "value") else {
            return self.invalid(id, "an itemset without value");
        };
        let value = self.parse(at, &"itemset", &reference)?;
        let value = self.at_item(at, &value, own, item)?;
        let label = match part(self, "label") {
            None => ItemLabel::None,
            Some((at, reference)) => {
                let label = self.parse(at, &"label", &reference)?;
                match &*label {
                    Ast::Call { name, arguments } if name.local == "itext" && arguments.len() == 1 => {
                        let name = arguments.first().unwrap_or(&label);
                        ItemLabel::Itext(self.at_item(at, name, own, item)?)
                    }
                    plain => ItemLabel::Plain(self.at_item(at, plain, own, item)?),
                }
            }
        };
        // A list that depends on answers is watched: a choice that leaves it leaves the answer too.
        if !nodes.references.is_empty() {
            let references = nodes.references;
            let edges =
                Edges { def: own, task: Task::Choices, expr: None, reader: own, references, spoken: false };
            self.edges.push(Some(edges));
        }
        Ok(Itemset { nodes: nodes.expr, value, label })
    }

    fn at_item(&mut self, at: XmlId, ast: &Ast, own: DefId, item: Option<DefId>) -> Result<Expr, FormError> {
        Ok(self.with_compiler(at, &"itemset", own, |compiler| compiler.compile_at_item(ast, item))?.expr)
    }

    /// The definition of the items where they are answers (a select over a repeat).
    fn item_of(&mut self, id: XmlId, ast: &Ast, own: DefId) -> Result<Option<DefId>, FormError> {
        match ast {
            Ast::Path { .. } => {
                let plain = without_predicates(ast);
                self.target(id, &plain.to_string(), own)
            }
            Ast::Call { name, arguments } if name.local == "randomize" => match arguments.first() {
                Some(inner) => self.item_of(id, inner, own),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }
}

fn without_predicates(ast: &Ast) -> Ast {
    match ast {
        Ast::Path { absolute, steps } => Ast::Path {
            absolute: *absolute,
            steps: steps
                .iter()
                .map(|step| crate::xpath::Step { predicates: Vec::new(), ..step.clone() })
                .collect(),
        },
        other => other.clone(),
    }
}
