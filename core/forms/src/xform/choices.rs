//! Choices: inline items and itemsets.

use super::*;
use crate::form::{ChoiceSource, InlineChoice, ItemLabel, Itemset, Task};
use crate::xml::Rows;
use crate::xpath::{Axis, Name, Operator, Step, Test};

impl Build<'_> {
    pub(super) fn choices(&mut self, control: XmlId, own: DefId) -> Result<ChoiceSource, FormError> {
        let children: Vec<XmlId> = self.tree.elements(control).collect();
        let mut inline = Vec::new();
        for child in children {
            match self.local(child) {
                "item" => {
                    let value: Box<str> = match self.child(child, "value") {
                        Some(value) => self.tree.string(value).trim().into(),
                        None => return self.invalid(child, "an item without value"),
                    };
                    if value.is_empty() {
                        self.warn(child, "item", "a choice without a value is not offered");
                        continue;
                    }
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
        Ok(self.watched(own, nodes, value, label))
    }

    /// A list that depends on answers is watched: a choice that leaves it leaves the answer too.
    fn watched(&mut self, own: DefId, nodes: Compiled, value: Expr, label: ItemLabel) -> Itemset {
        if !nodes.references.is_empty() {
            let references = nodes.references;
            let edges =
                Edges { def: own, task: Task::Choices, expr: None, reader: own, references, spoken: false };
            self.edges.push(Some(edges));
        }
        Itemset { nodes: nodes.expr, value, label }
    }

    /// `query` of an input, `instance('towns')/root/item[…]`: one of the rows of `itemsets.csv` whose `list_name` is that.
    pub(super) fn query(&mut self, id: XmlId, own: DefId, query: &str) -> Result<ChoiceSource, FormError> {
        let ast = self.parse(id, &"query", query)?;
        let rows = match &*ast {
            Ast::Filter { base, predicates, steps } if predicates.is_empty() => {
                list_of(base).zip(steps.split_last())
            }
            _ => None,
        };
        let Some((list, (item, above))) = rows else {
            return self.invalid(id, "a query that is not instance('list')/root/item");
        };
        let Some(file) = self.secondary_ids.get(ITEMSETS).and_then(|at| self.secondary.get(*at as usize))
        else {
            return Err(FormError::MissingExternal {
                src: ITEMSETS.to_owned(),
                place: self.place(id, &"query"),
            });
        };
        // A list in several languages has none that is called `label` alone: the first one speaks.
        let label = {
            let row = file.tree.root().and_then(|root| file.tree.elements(root).next());
            let columns = row.into_iter().flat_map(|row| file.tree.elements(row));
            let mut names =
                columns.filter_map(|cell| file.tree.local(cell)).map(|name| self.names.name(name));
            column(names.find(|name| *name == "label" || name.starts_with("label:")).unwrap_or("label"))
        };
        let of_list =
            Ast::Chain(Box::new(column("list_name")), vec![(Operator::Equal, Ast::Literal(list.to_owned()))]);
        let item = Step {
            predicates: std::iter::once(of_list).chain(item.predicates.iter().cloned()).collect(),
            ..item.clone()
        };
        let instance = Name { prefix: String::new(), local: "instance".to_owned() };
        let arguments = vec![Ast::Literal(ITEMSETS.to_owned())];
        let nodes = Ast::Filter {
            base: Box::new(Ast::Call { name: instance, arguments }),
            predicates: Vec::new(),
            steps: above.iter().cloned().chain([item]).collect(),
        };
        for part in [&column("list_name"), &column("name"), &label] {
            self.column(id, &nodes, part)?;
        }
        let compiled = self.compile(id, &format!("{} query", self.path(own)), own, &nodes)?;
        let value = self.at_item(id, &column("name"), own, None)?;
        let label = ItemLabel::Plain(self.at_item(id, &label, own, None)?);
        Ok(ChoiceSource::Itemset(Box::new(self.watched(own, compiled, value, label))))
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
                let index = self.secondary_ids.get(list_of(base)?)?;
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

/// The list that `instance('list')` names.
fn list_of(base: &Ast) -> Option<&str> {
    match base {
        Ast::Call { name, arguments } if name.local == "instance" => match arguments.as_slice() {
            [Ast::Literal(list)] => Some(list),
            _ => None,
        },
        _ => None,
    }
}

/// A column of a row.
fn column(name: &str) -> Ast {
    let name = Name { prefix: String::new(), local: name.to_owned() };
    Ast::Path {
        absolute: false,
        steps: vec![Step { axis: Axis::Child, test: Test::Name(name), predicates: Vec::new() }],
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
