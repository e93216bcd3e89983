//! Syntax tree to compiled expression, with the references it makes.

use super::super::ast::{Ast, Axis, Name, Operator, Step, Test};
use super::super::functions::{Function, lookup, pattern};
use super::*;
use crate::form::{ByName, Def, ROOT, RootAttribute};
use crate::secondary::{IndexKey, Orders};
use crate::xml::Names;
use foldhash::HashMap;

/// What paths are resolved against.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) defs: &'a [Def],
    pub(crate) by_name: &'a ByName,
    pub(crate) names: &'a Names,
    pub(crate) namespaces: &'a [(Sym, Sym)],
    pub(crate) secondary: &'a HashMap<String, u16>,
    pub(crate) primary_id: Option<&'a str>,
    pub(crate) root_attributes: &'a [RootAttribute],
}

/// Why an expression does not compile.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    Unsupported(String),
    MissingInstance(String),
    Invalid(String),
}

/// Where relative paths start.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Context {
    /// At the node that the expression belongs to.
    Own,
    /// At a candidate of a predicate: a node of this definition.
    Candidate(DefId),
    /// At a node of a secondary instance, or of what an expression gave.
    Foreign,
}

pub(crate) struct Compiler<'a> {
    pub(super) scope: Scope<'a>,
    /// The node that the expression belongs to.
    pub(super) own: DefId,
    pub(super) context: Context,
    /// Inside a predicate, the anchor of the path that it belongs to.
    pub(super) cap: Option<DefId>,
    pub(super) nested: bool,
    /// Evaluated at the parent of a node that is not there yet: one level less to climb.
    pub(crate) absent: bool,
    /// What the expression reads.
    pub(crate) references: Vec<Reference>,
    /// Whether it gives another value in another language.
    pub(crate) spoken: bool,
    /// Paths that lead nowhere.
    pub(crate) nowhere: Vec<String>,
    /// Indexes and columns asked for; without (outputs compiled later) rows and nodes are scanned.
    pub(crate) tables: Option<&'a mut Tables>,
}

/// What expressions want to be kept beside the answers.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) indexes: Vec<(IndexKey, Orders)>,
    pub(crate) columns: Vec<crate::form::Column>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(scope: Scope<'a>, own: DefId, tables: Option<&'a mut Tables>) -> Self {
        Compiler {
            scope,
            own,
            context: Context::Own,
            cap: None,
            nested: false,
            absent: false,
            references: Vec::new(),
            spoken: false,
            nowhere: Vec::new(),
            tables,
        }
    }

    pub(crate) fn compile(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        Ok(match ast {
            Ast::Number(number) => Expr::Number(*number),
            Ast::Literal(text) => Expr::Text(text.as_str().into()),
            Ast::Chain(first, rest) => {
                let first = self.compile(first)?;
                let rest = rest
                    .iter()
                    .map(|(op, right)| Ok((*op, self.compile(right)?)))
                    .collect::<Result<Vec<_>, _>>()?;
                Expr::chain(first, rest)
            }
            Ast::Negate(inner) => match self.compile(inner)? {
                Expr::Number(number) => Expr::Number(-number),
                inner => Expr::Negate(Box::new(inner)),
            },
            Ast::Path { absolute, steps } => self.path(*absolute, steps)?,
            Ast::Filter { base, predicates, steps } => self.filter(base, predicates, steps)?,
            Ast::Call { name, arguments } => self.call(name, arguments)?,
        })
    }

    /// An expression whose relative paths start at a node of an instance, as in an itemset's `value`.
    pub(crate) fn compile_at_item(&mut self, ast: &Ast, item: Option<DefId>) -> Result<Expr, Refusal> {
        self.context = item.map_or(Context::Foreign, Context::Candidate);
        self.nested = true;
        let compiled = self.compile(ast);
        self.context = Context::Own;
        self.nested = false;
        compiled
    }

    pub(super) fn all(&mut self, arguments: &[Ast]) -> Result<Box<[Expr]>, Refusal> {
        arguments.iter().map(|argument| self.compile(argument)).collect()
    }

    fn call(&mut self, name: &Name, arguments: &[Ast]) -> Result<Expr, Refusal> {
        let full = name.to_string();
        let Some(entry) = lookup(&full) else {
            return Err(Refusal::Unsupported(format!("function {full}()")));
        };
        let count = arguments.len();
        if count < entry.least || count > entry.most {
            let takes = match (entry.least, entry.most) {
                (least, most) if least == most => format!("{least}"),
                (least, usize::MAX) => format!("{least} or more"),
                (least, most) => format!("{least} to {most}"),
            };
            return Err(Refusal::Invalid(format!("{full}() takes {takes} arguments, not {count}")));
        }
        match (entry.function, arguments) {
            (Function::True, _) => Ok(Expr::Bool(true)),
            (Function::False, _) => Ok(Expr::Bool(false)),
            (Function::Instance | Function::Current, _) => {
                let base = Ast::Call { name: name.clone(), arguments: arguments.to_vec() };
                self.filter(&base, &[], &[])
            }
            (Function::ChoiceName, [value, of]) => {
                self.spoken = true;
                let value = self.compile(value)?;
                let path = match of {
                    Ast::Literal(path) => super::super::parse(path, 20)
                        .map_err(|error| Refusal::Invalid(format!("the path in {full}(): {error}")))?,
                    other => other.clone(),
                };
                let Ast::Path { absolute, steps } = &path else {
                    return Err(Refusal::Unsupported(format!("{full}() of a computed question")));
                };
                let target = self.target(*absolute, steps)?;
                let target = target
                    .ok_or_else(|| Refusal::Invalid(format!("{full}() of a node that is not there")))?;
                Ok(Expr::ChoiceName(Box::new(value), target))
            }
            (Function::IndexedRepeat, [node, rest @ ..]) => self.indexed_repeat(node, rest),
            (Function::PullData, [instance, element, column, value]) => {
                self.pulldata(instance, element, column, value)
            }
            (Function::Position, []) | (Function::Last, _) => {
                if let Context::Candidate(def) = self.context {
                    self.refer(def, self.cap.unwrap_or(ROOT), true);
                }
                let place = if entry.function == Function::Last { Function::Last } else { Function::Place };
                Ok(Expr::Call(place, [].into()))
            }
            (Function::Position, [of]) => {
                let outer = std::mem::take(&mut self.references);
                let of = self.compile(of);
                for mut reference in std::mem::replace(&mut self.references, outer) {
                    reference.place = true;
                    self.note(reference);
                }
                Ok(Expr::Call(Function::Position, [of?].into()))
            }
            (
                function @ (Function::Sum
                | Function::Count
                | Function::CountNonEmpty
                | Function::Min
                | Function::Max),
                [argument],
            ) => {
                let outer = std::mem::take(&mut self.references);
                let argument = self.compile(argument);
                for reference in std::mem::replace(&mut self.references, outer) {
                    self.note(reference);
                    if function == Function::CountNonEmpty {
                        self.note_below(reference);
                    }
                }
                let argument = argument?;
                Ok(match self.column(function, &argument) {
                    Some(column) => Expr::Kept(function, [argument].into(), column),
                    None => Expr::Call(function, [argument].into()),
                })
            }
            (Function::Regex, [_, Ast::Literal(pattern)]) if !pattern::is_readable(pattern) => {
                Err(Refusal::Unsupported(format!("the pattern '{pattern}' of {full}()")))
            }
            (Function::Once, [calculated]) => Ok(self.compile(calculated)?.once()),
            (function, []) if function.defaults_to_context() => {
                let own = Step { axis: Axis::SelfNode, test: Test::Node, predicates: Vec::new() };
                let here = self.path(false, &[own])?;
                Ok(Expr::Call(function, [here].into()))
            }
            (function, arguments) => {
                let names_days = match (function, arguments) {
                    (Function::FormatDate | Function::FormatDateTime, [_, Ast::Literal(pattern)]) => {
                        pattern.contains("%a") || pattern.contains("%b")
                    }
                    (Function::FormatDate | Function::FormatDateTime, _) => true,
                    _ => false,
                };
                self.spoken |= function == Function::Itext || names_days;
                Ok(Expr::Call(function, self.all(arguments)?))
            }
        }
    }

    pub(super) fn refer(&mut self, target: DefId, anchor: DefId, across: bool) {
        self.note(Reference { target, anchor, across, reach: None, place: false });
    }

    pub(super) fn note(&mut self, reference: Reference) {
        if !self.references.contains(&reference) {
            self.references.push(reference);
        }
    }

    /// What is in a group is read with it, unless the reader is.
    fn note_below(&mut self, group: Reference) {
        let children = |id: DefId| self.scope.defs.get(id as usize).map_or(&[][..], |def| &def.children);
        let mut below = children(group.target).to_vec();
        let mut at = 0;
        while let Some(id) = below.get(at) {
            below.extend(children(*id));
            at += 1;
        }
        if !below.contains(&self.own) {
            below.into_iter().for_each(|target| self.note(Reference { target, ..group }));
        }
    }

    /// `pulldata(instance, element, column, value)`: a lookup with an index.
    fn pulldata(
        &mut self,
        instance: &Ast,
        element: &Ast,
        column: &Ast,
        value: &Ast,
    ) -> Result<Expr, Refusal> {
        let (Ast::Literal(id), Ast::Literal(element), Ast::Literal(column)) = (instance, element, column)
        else {
            // Names that are computed: looked up by name when it runs.
            let arguments = [instance, element, column, value];
            let arguments = arguments.map(|argument| self.compile(argument));
            return Ok(Expr::Call(Function::PullData, arguments.into_iter().collect::<Result<_, _>>()?));
        };
        let id = id.strip_suffix(".csv").unwrap_or(id);
        let Some(instance) = self.scope.secondary.get(id).copied() else {
            return Err(Refusal::MissingInstance(id.to_owned()));
        };
        let names = self.scope.names;
        let known = (names.get("root"), names.get("item"), names.get(column), names.get(element));
        let (Some(root), Some(item), Some(column), Some(element)) = known else {
            return Ok(Expr::Text("".into()));
        };
        // The value is read where the expression stands, not at the row.
        let value = self.compile(value)?;
        let test = CellTest::Compare(Operator::Equal);
        let index = self.index(IndexKey { instance, path: vec![root, item], column }, test, &value);
        let predicates = [Predicate::Cell(Box::new(CellIs { column, test, value, index }))].into();
        let steps = vec![
            Walk { to: To::Named(root), predicates: Box::default() },
            Walk { to: To::Named(item), predicates },
            Walk { to: To::Named(element), predicates: Box::default() },
        ];
        // One cell, however many rows there are.
        Ok(Expr::Call(Function::String, [Expr::nodes(Start::Instance(instance), steps)].into()))
    }
}
