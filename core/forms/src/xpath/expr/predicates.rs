//! Predicates in their cheapest forms: positions, cells of a column, and what is left.

use super::super::ast::{Ast, Operator};
use super::super::functions::{Function, lookup};
use super::compile::{Compiler, Context, Refusal};
use super::*;
use crate::secondary::{IndexKey, Orders};

impl Compiler<'_> {
    /// Predicates of one step, in their cheapest forms. `key` is the plain path before them in a
    /// secondary instance, for which columns can be indexed.
    pub(super) fn predicates(
        &mut self,
        list: &[Ast],
        context: Context,
        cap: Option<DefId>,
        mut key: Option<(u16, Vec<Sym>)>,
    ) -> Result<Vec<Predicate>, Refusal> {
        let outer = (self.context, self.cap, self.nested);
        self.context = context;
        self.nested = true;
        if cap.is_some() {
            self.cap = cap;
        }
        let mut out = Vec::with_capacity(list.len());
        for ast in list {
            for part in conjuncts(ast) {
                let compiled = self.compile(part)?;
                let predicate = self.classify(compiled, key.as_ref());
                if !matches!(predicate, Predicate::Cell(_)) {
                    // What comes after counts what is left; only predicates up to here may use an index.
                    key = None;
                }
                out.push(predicate);
            }
        }
        (self.context, self.cap, self.nested) = outer;
        Ok(out)
    }

    fn classify(&mut self, expr: Expr, key: Option<&(u16, Vec<Sym>)>) -> Predicate {
        match expr {
            Expr::Number(number) => Predicate::Nth(number),
            Expr::Chain(chain) if chain.more.is_empty() => {
                let Chain { first, second: (operator, right), .. } = *chain;
                self.comparison(first, operator, right, key)
            }
            Expr::Call(Function::StartsWith, arguments) => {
                let arguments = <Box<[Expr; 2]>>::try_from(arguments);
                match arguments.map(|two| *two) {
                    Ok([Expr::Nodes(nodes), value]) if nodes.column().is_some() && value.independent() => {
                        self.cell(&nodes, CellTest::Start, value, key)
                    }
                    Ok(two) => Predicate::Test(Box::new(Expr::Call(Function::StartsWith, two.into()))),
                    Err(other) => Predicate::Test(Box::new(Expr::Call(Function::StartsWith, other))),
                }
            }
            other => Predicate::Test(Box::new(other)),
        }
    }

    fn comparison(
        &mut self,
        left: Expr,
        operator: Operator,
        right: Expr,
        key: Option<&(u16, Vec<Sym>)>,
    ) -> Predicate {
        // `value < column` as `column > value`.
        let turned = |operator| match operator {
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
            other => other,
        };
        let place = |expr: &Expr| matches!(expr, Expr::Call(Function::Place, _));
        let ordered = matches!(operator.level(), 3) || operator == Operator::Equal;
        let cell = |expr: &Expr| matches!(expr, Expr::Nodes(nodes) if nodes.column().is_some());
        let (of, operator, value) = if ordered && (place(&right) || cell(&right)) && left.independent() {
            (right, turned(operator), left)
        } else {
            (left, operator, right)
        };
        match of {
            Expr::Call(Function::Place, _) if operator == Operator::Equal && value.independent() => {
                match value {
                    Expr::Number(number) => Predicate::Nth(number),
                    value => Predicate::At(Box::new(value)),
                }
            }
            Expr::Call(Function::Place, _)
                if matches!(operator, Operator::Less | Operator::LessOrEqual)
                    && value.independent()
                    && value.is_number() =>
            {
                Predicate::First(Box::new(value), operator == Operator::LessOrEqual)
            }
            Expr::Nodes(nodes) if ordered && nodes.column().is_some() && value.independent() => {
                self.cell(&nodes, CellTest::Compare(operator), value, key)
            }
            of => Predicate::Test(Box::new(Expr::chain(of, [(operator, value)]))),
        }
    }

    fn cell(
        &mut self,
        nodes: &Nodes,
        test: CellTest,
        value: Expr,
        key: Option<&(u16, Vec<Sym>)>,
    ) -> Predicate {
        let Some(column) = nodes.column() else { return Predicate::Test(Box::new(value)) };
        let index = key.and_then(|(instance, path)| {
            self.index(IndexKey { instance: *instance, path: path.clone(), column }, test, &value)
        });
        Predicate::Cell(Box::new(CellIs { column, test, value, index }))
    }

    /// The index of a column, and that this test will be made with it.
    pub(super) fn index(&mut self, key: IndexKey, test: CellTest, value: &Expr) -> Option<u32> {
        let table = &mut self.tables.as_deref_mut()?.indexes;
        let at = table.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            table.push((key, Orders::default()));
            table.len() - 1
        });
        let (_, orders) = table.get_mut(at)?;
        match test {
            CellTest::Start => orders.text = true,
            CellTest::Compare(operator) => orders.number |= operator.level() == 3 || value.is_number(),
        }
        u32::try_from(at).ok()
    }
}

/// `[a and b]` as `[a][b]`, where each part is true or false and none reads a position.
fn conjuncts(ast: &Ast) -> Vec<&Ast> {
    let truth = |part: &Ast| match part {
        Ast::Chain(_, rest) => rest.iter().all(|(op, _)| matches!(op.level(), 0..=3)),
        Ast::Call { name, .. } => lookup(&name.to_string()).is_some_and(|one| one.function.gives_boolean()),
        _ => false,
    };
    let comparison = |part: &Ast| truth(part) && !places(part);
    if let Ast::Chain(first, rest) = ast
        && rest.iter().all(|(op, _)| *op == Operator::And)
    {
        let parts: Vec<&Ast> = std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)).collect();
        if parts.iter().all(|part| comparison(part)) {
            return parts;
        }
    }
    vec![ast]
}

/// Whether `position()` or `last()` without an argument stands in it.
fn places(ast: &Ast) -> bool {
    match ast {
        Ast::Number(_) | Ast::Literal(_) => false,
        Ast::Chain(first, rest) => places(first) || rest.iter().any(|(_, part)| places(part)),
        Ast::Negate(inner) => places(inner),
        Ast::Call { name, arguments } => {
            (arguments.is_empty() && matches!(name.local.as_str(), "position" | "last"))
                || arguments.iter().any(places)
        }
        // Positions in predicates below count other nodes.
        Ast::Path { .. } | Ast::Filter { .. } => false,
    }
}
