//! Choices: inline items and itemsets.

use super::*;
use crate::form::{ChoiceSource, InlineChoice, ItemLabel, Itemset, Task};
use crate::xml::Rows;
use crate::xpath::{Axis, Step, Test};

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
        self.column(at, &ast, &value)?;
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
                    plain => {
                        self.column(at, &ast, plain)?;
                        ItemLabel::Plain(self.at_item(at, plain, own, item)?)
                    }
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

    /// Whether the rows of a file have what choices are made of. A file without rows is a list that is empty for now.
    fn column(&self, at: XmlId, nodes: &Ast, part: &Ast) -> Result<(), FormError> {
        let (Some((file, rows)), Ast::Path { absolute: false, steps }) = (self.rows_of(nodes), part) else {
            return Ok(());
        };
        let [Step { axis: Axis::Child, test: Test::Name(column), .. }] = steps.as_slice() else {
            return Ok(());
        };
        let name = self.names.get(&column.local);
        let mut items = rows.root().into_iter().flat_map(|root| rows.elements(root)).peekable();
        let has = |row| name.is_some_and(|name| rows.named(row, name).next().is_some());
        if items.peek().is_none() || items.any(has) {
            return Ok(());
        }
        Err(FormError::MissingColumn {
            src: file.to_owned(),
            column: column.local.clone(),
            place: self.place(at, &"itemset"),
        })
    }

    /// The file whose rows (`instance('x')/root/item`, filtered or in random order) are the choices.
    fn rows_of(&self, nodes: &Ast) -> Option<(&str, &Rows)> {
        match nodes {
            Ast::Call { name, arguments } if name.local == "randomize" => self.rows_of(arguments.first()?),
            Ast::Filter { base, steps, .. } if steps.len() == 2 => {
                let Ast::Call { name, arguments } = &**base else { return None };
                let [Ast::Literal(id)] = arguments.as_slice() else { return None };
                let index = self.secondary_ids.get(id).filter(|_| name.local == "instance")?;
                let found = self.secondary.get(*index as usize)?;
                Some((found.file.as_deref()?, &found.tree))
            }
            _ => None,
        }
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
