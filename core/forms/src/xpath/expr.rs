//! Compiled expressions: names resolved to slots of the instance, functions to an enum, predicates to
//! the cheapest form that means the same. [`compile`] makes them and notes what they read.

use super::ast::Operator;
use super::functions::Function;
use crate::form::{Def, DefId};
use crate::xml::Sym;

pub(crate) mod compile;
mod paths;
mod predicates;
mod repeats;
mod ways;

#[derive(Debug)]
pub(crate) enum Expr {
    Number(f64),
    Text(Box<str>),
    Bool(bool),
    Chain(Box<Chain>),
    Negate(Box<Expr>),
    Nodes(Box<Nodes>),
    /// The one node of a plain path to a leaf, as most operands are.
    Single(Single),
    Call(Function, Box<[Expr]>),
    /// An aggregate over a column that is kept up to date.
    Kept(Function, Box<[Expr]>, u32),
    /// `jr:choice-name(value, '/path')`: the label of a choice of that question.
    ChoiceName(Box<Expr>, u32),
}

/// Two or more operands, with operators of one level between them.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) first: Expr,
    pub(crate) second: (Operator, Expr),
    pub(crate) more: Box<[(Operator, Expr)]>,
}

impl Chain {
    /// The operator of the first two.
    pub(crate) fn operator(&self) -> Operator {
        self.second.0
    }
    /// All operands but the first, with the operators before them.
    pub(crate) fn rest(&self) -> impl Iterator<Item = (Operator, &Expr)> {
        std::iter::once(&self.second).chain(&self.more).map(|(operator, part)| (*operator, part))
    }
}

/// A node-set.
#[derive(Debug)]
pub(crate) struct Nodes {
    pub(crate) start: Start,
    pub(crate) steps: Steps,
}

/// The way from where a path starts.
#[derive(Debug)]
pub(crate) enum Steps {
    /// Few slots and nothing else, as most are: to be run without a look aside.
    Plain(Plain),
    Walks(Box<[Walk]>),
}

impl Steps {
    pub(crate) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
    /// Steps with their predicates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (To, &[Predicate])> {
        let (slots, walks) = match self {
            Steps::Plain(plain) => (plain.slots(), &[] as &[Walk]),
            Steps::Walks(walks) => (&[] as &[u16], &**walks),
        };
        let slots = slots.iter().map(|slot| (To::Slot(*slot), &[] as &[Predicate]));
        slots.chain(walks.iter().map(|walk| (walk.to, &*walk.predicates)))
    }
}

/// One node, without a look at any definition: so many levels up, then down. It is there unless it is hidden.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Single {
    /// From `current()`, not from the context node.
    pub(crate) from_current: bool,
    pub(crate) up: u16,
    pub(crate) down: Plain,
}

impl Single {
    /// What these nodes of an expression of `own` are, if no repeat lies on the way and nothing below its end.
    fn of(nodes: &Nodes, own: DefId, defs: &[Def]) -> Option<Single> {
        let (from_current, up) = match nodes.start {
            Start::Up(up) => (false, up),
            Start::CurrentUp(up) => (true, up),
            _ => return None,
        };
        let def = |id: DefId| defs.get(id as usize);
        let mut at = own;
        for _ in 0..up {
            at = def(at)?.parent?;
        }
        let Steps::Plain(down) = nodes.steps else { return None };
        for slot in down.slots() {
            at = *def(at)?.children.get(*slot as usize)?;
            if def(at)?.repeats {
                return None;
            }
        }
        def(at)?.children.is_empty().then_some(Single { from_current, up, down })
    }
}

/// A few slots down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain {
    length: u8,
    slots: [u16; 7],
}

impl Plain {
    fn of(steps: &[Walk]) -> Option<Plain> {
        let mut plain = Plain { length: 0, slots: [0; 7] };
        for step in steps {
            let To::Slot(slot) = step.to else { return None };
            *plain.slots.get_mut(plain.length as usize)? = slot;
            plain.length += 1;
            if !step.predicates.is_empty() {
                return None;
            }
        }
        Some(plain)
    }
    pub(crate) fn slots(&self) -> &[u16] {
        self.slots.get(..self.length as usize).unwrap_or(&[])
    }
}

impl Nodes {
    pub(crate) fn new(start: Start, steps: Vec<Walk>) -> Nodes {
        let steps = Plain::of(&steps).map_or_else(|| Steps::Walks(steps.into()), Steps::Plain);
        Nodes { start, steps }
    }
    /// A path that is just a child of a foreign candidate.
    pub(crate) fn column(&self) -> Option<Sym> {
        let (Start::Here, Steps::Walks(walks)) = (&self.start, &self.steps) else { return None };
        match &**walks {
            [Walk { to: To::Named(name), predicates }] if predicates.is_empty() => Some(*name),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Start {
    /// That many levels above the context node.
    Up(u16),
    /// That many levels above `current()`.
    CurrentUp(u16),
    /// The document of a secondary instance.
    Instance(u16),
    /// The context node, whatever it is.
    Here,
    /// What an expression gives.
    Value(Box<Expr>),
    /// A path that leads nowhere in this form.
    Nowhere,
}

#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) to: To,
    pub(crate) predicates: Box<[Predicate]>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum To {
    /// A child of the primary instance, by its slot.
    Slot(u16),
    Named(Sym),
    Attribute(Sym),
    AnyElement,
    Parent,
    /// The node itself, and all below it.
    Below,
    /// The node itself.
    Stay,
    Nothing,
}

#[derive(Debug)]
pub(crate) enum Predicate {
    /// The one at this position.
    Nth(f64),
    /// The same; the expression does not read the candidate.
    At(Box<Expr>),
    /// Those with a cell as wanted.
    Cell(Box<CellIs>),
    /// `[position() <= number]`: the first ones, the bound included or not.
    First(Box<Expr>, bool),
    Test(Box<Expr>),
}

/// `[column = value]`, where the value does not read the candidate; with an index, where the path before it is plain.
#[derive(Debug)]
pub(crate) struct CellIs {
    pub(crate) column: Sym,
    pub(crate) test: CellTest,
    pub(crate) value: Expr,
    pub(crate) index: Option<u32>,
}

/// How a cell is held against a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellTest {
    Compare(Operator),
    /// `starts-with(column, value)`
    Start,
}

/// Something an expression reads of the primary instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Reference {
    pub(crate) target: DefId,
    /// The deepest node that reader and read share.
    pub(crate) anchor: DefId,
    /// Read through a position in a repeat: may point at another instance of the reader's own node.
    pub(crate) across: bool,
    /// Which instances read which, where that is known.
    pub(crate) reach: Option<Reach>,
    /// Read for where it stands.
    pub(crate) place: bool,
}

/// The instance at place `k` of a repeat is read by the one at `k + offset` and, unless `only`, by all
/// after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Reach {
    pub(crate) repeat: DefId,
    pub(crate) offset: i32,
    pub(crate) only: bool,
}

impl Expr {
    /// Operands with operators of one level; a chain of one is that one.
    pub(crate) fn chain(first: Expr, rest: impl IntoIterator<Item = (Operator, Expr)>) -> Expr {
        let mut rest = rest.into_iter();
        match rest.next() {
            None => first,
            Some(second) => Expr::Chain(Box::new(Chain { first, second, more: rest.collect() })),
        }
    }
    /// A node-set.
    pub(crate) fn nodes(start: Start, steps: Vec<Walk>) -> Expr {
        Expr::Nodes(Box::new(Nodes::new(start, steps)))
    }

    /// It, until its node has a value: reads its own node without depending on it.
    pub(crate) fn once(self) -> Expr {
        Expr::Call(Function::Once, [Expr::nodes(Start::CurrentUp(0), Vec::new()), self].into())
    }

    /// The same for an expression of `own` that is whole: operands that are single nodes are read as such.
    pub(crate) fn settled(self, own: DefId, defs: &[Def]) -> Expr {
        match self {
            Expr::Nodes(nodes) => match Single::of(&nodes, own, defs) {
                Some(single) => Expr::Single(single),
                None => Expr::Nodes(nodes),
            },
            Expr::Chain(chain) if chain.operator() != Operator::Union => {
                let Chain { first, second, more } = *chain;
                let settled = |(operator, part): (Operator, Expr)| (operator, part.settled(own, defs));
                let more = more.into_iter().map(settled).collect();
                let second = settled(second);
                Expr::Chain(Box::new(Chain { first: first.settled(own, defs), second, more }))
            }
            Expr::Negate(inner) => Expr::Negate(Box::new(inner.settled(own, defs))),
            other => other,
        }
    }

    /// Whether it can only give true or false.
    pub(crate) fn is_boolean(&self) -> bool {
        match self {
            Expr::Bool(_) => true,
            Expr::Chain(chain) => chain.operator().level() <= 3,
            Expr::Call(Function::If, arguments) => arguments.iter().skip(1).all(Expr::is_boolean),
            Expr::Call(function, _) => function.gives_boolean(),
            _ => false,
        }
    }

    /// Whether it is a constant or nodes: nothing that could give a truth.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Expr::Number(_) | Expr::Text(_) | Expr::Nodes(_) | Expr::Single(_))
    }

    /// Whether it can only give a number.
    fn is_number(&self) -> bool {
        match self {
            Expr::Number(_) | Expr::Negate(_) | Expr::Kept(..) => true,
            Expr::Chain(chain) => matches!(chain.operator().level(), 4 | 5),
            Expr::Call(function, _) => matches!(function, Function::Position | Function::Count),
            _ => false,
        }
    }

    /// Whether it gives the same whatever the candidate node of a predicate is.
    fn independent(&self) -> bool {
        match self {
            Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) => true,
            Expr::Single(single) => single.from_current,
            Expr::Chain(chain) => {
                chain.first.independent() && chain.rest().all(|(_, right)| right.independent())
            }
            Expr::Negate(inner) | Expr::ChoiceName(inner, _) => inner.independent(),
            Expr::Nodes(nodes) => {
                let start = match &nodes.start {
                    Start::CurrentUp(_) | Start::Instance(_) | Start::Nowhere => true,
                    Start::Value(inner) => inner.independent(),
                    Start::Up(_) | Start::Here => false,
                };
                // Predicates below read their own candidates; what reads ours starts with `Up` or `Here`
                // only directly, because nested predicates compile against the inner candidate.
                start
            }
            Expr::Call(function, arguments) => {
                !function.reads_context() && arguments.iter().all(Expr::independent)
            }
            Expr::Kept(_, arguments, _) => arguments.iter().all(Expr::independent),
        }
    }
}
