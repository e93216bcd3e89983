//! Running compiled expressions over the answers.
//!
//! What is not relevant is not there. A node-set is true when its first node has a value that is true
//! by its type (form authors mean the answer, not the node), and is a number or text by its first node.

use super::ast::Operator;
use super::expr::{Chain, Expr, Predicate, Start, To};
use super::functions;
use crate::form::Form;
use crate::instance::{Kid, NodeId, State};
use crate::value::{ValueType, number_text, time, xpath_number};
use crate::xml::{Sym, XmlId};
use std::borrow::Cow;

mod kept;
mod nodes;

/// A node of either kind of instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Item {
    Answer(NodeId),
    /// The document above the root of a secondary instance.
    Document(u16),
    Row(u16, XmlId),
}

/// What an expression gives.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Nodes(Vec<Item>),
}

/// Where an expression runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here {
    /// The context node.
    pub(crate) item: Item,
    /// The node that the expression belongs to.
    pub(crate) current: NodeId,
    pub(crate) position: usize,
    pub(crate) size: usize,
}

impl Here {
    pub(crate) fn at(node: NodeId) -> Here {
        Here { item: Item::Answer(node), current: node, position: 1, size: 1 }
    }
}

/// A form and its answers, to run expressions on.
#[derive(Clone, Copy)]
pub(crate) struct Eval<'a> {
    pub(crate) form: &'a Form,
    pub(crate) state: &'a State,
}

/// XPath's `number()` of text, with ODK's dates.
pub(crate) fn text_number(text: &str, offset: i32) -> f64 {
    xpath_number(text).or_else(|| time::day_number(text, offset)).unwrap_or(f64::NAN)
}

impl<'a> Eval<'a> {
    pub(crate) fn value(&self, expr: &'a Expr, here: &Here) -> Value<'a> {
        match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(Cow::Borrowed(text)),
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Negate(inner) => Value::Number(-self.number(inner, here)),
            Expr::Nodes(nodes) => Value::Nodes(self.nodes(nodes, here)),
            Expr::Single(single) => {
                Value::Nodes(self.leaf(single, here).map(Item::Answer).into_iter().collect())
            }
            Expr::Chain(chain) => self.chain(chain, here),
            Expr::Call(function, arguments) => self.call(*function, arguments, here),
            Expr::Kept(function, arguments, column) => self
                .kept(*function, arguments, *column, here)
                .map_or_else(|| self.call(*function, arguments, here), Value::Number),
            Expr::ChoiceName(value, def) => {
                let value = self.text(value, here);
                Value::Text(Cow::Owned(self.choice_label(*def, &value, here.current)))
            }
        }
    }

    /// Nothing, where no more may be done.
    fn call(&self, function: functions::Function, arguments: &'a [Expr], here: &Here) -> Value<'a> {
        if !self.state.work.evaluate(1) {
            return Value::Text(Cow::Borrowed(""));
        }
        functions::call(self, function, arguments, here)
    }

    pub(crate) fn text(&self, expr: &'a Expr, here: &Here) -> Cow<'a, str> {
        if let Some(one) = self.one(expr, here) {
            return self.answer_text(one);
        }
        if let Expr::Nodes(nodes) = expr
            && let Some(cell) = self.cell(nodes, here)
        {
            return cell;
        }
        self.to_text(self.value(expr, here))
    }

    pub(crate) fn number(&self, expr: &'a Expr, here: &Here) -> f64 {
        match expr {
            Expr::Number(number) => *number,
            Expr::Nodes(_) | Expr::Single(_) => self.text_number(&self.text(expr, here)),
            _ => self.to_number(&self.value(expr, here)),
        }
    }

    pub(crate) fn boolean(&self, expr: &'a Expr, here: &Here) -> bool {
        if let Some(one) = self.one(expr, here) {
            return one.is_some_and(|node| self.is_true(Item::Answer(node)));
        }
        self.to_bool(&self.value(expr, here))
    }

    /// The text of a node that may not be there.
    fn answer_text(&self, one: Option<NodeId>) -> Cow<'a, str> {
        Cow::Borrowed(one.map_or("", |node| self.state.value(node)))
    }

    pub(crate) fn text_number(&self, text: &str) -> f64 {
        text_number(text, self.state.moment.offset_minutes)
    }

    /// The text of a node. A group of answers has none (Collect): nothing that reads one follows each answer in it.
    pub(crate) fn item_text(&self, item: Item) -> Cow<'a, str> {
        match item {
            Item::Answer(id) => Cow::Borrowed(self.state.value(id)),
            Item::Document(instance) => {
                self.form.secondary.get(instance as usize).map_or(Cow::Borrowed(""), |one| {
                    one.tree.root().map_or(Cow::Borrowed(""), |root| one.tree.string(root))
                })
            }
            Item::Row(instance, id) => self
                .form
                .secondary
                .get(instance as usize)
                .map_or(Cow::Borrowed(""), |one| one.tree.string(id)),
        }
    }

    /// Whether a node, or an answer in it, has a text.
    pub(crate) fn holds_text(&self, item: Item) -> bool {
        let Item::Answer(id) = item else { return !self.item_text(item).is_empty() };
        let mut all = Vec::new();
        match self.state.node(id) {
            Some(node) if !node.kids.is_empty() => self.state.subtree(id, &mut all),
            _ => return !self.state.value(id).is_empty(),
        }
        let answered = |id| self.state.node(id).filter(|node| node.relevant && !node.value.is_empty());
        let mut defs = all.into_iter().filter_map(answered).filter_map(|node| self.form.def(node.def));
        defs.any(|def| !def.attribute)
    }

    fn is_true(&self, item: Item) -> bool {
        let text = self.item_text(item);
        let def = match item {
            Item::Answer(id) => self.state.node(id).and_then(|node| self.form.def(node.def)),
            _ => None,
        };
        // A node that is calculated from a comparison holds `false` as text. Its author means false, and
        // Collect agrees; by the letter of the specification any text is true.
        if def.is_some_and(|def| def.decides) {
            return matches!(&*text, "true" | "1");
        }
        match def.map(|def| def.kind) {
            Some(ValueType::Int | ValueType::Decimal) => {
                let number = self.text_number(&text);
                number != 0.0 && !number.is_nan()
            }
            Some(ValueType::Boolean) => matches!(&*text, "true" | "1"),
            _ => !text.is_empty(),
        }
    }

    pub(crate) fn to_text(self, value: Value<'a>) -> Cow<'a, str> {
        match value {
            Value::Text(text) => text,
            Value::Number(number) => number_text(number),
            Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Value::Nodes(nodes) => nodes.first().map_or(Cow::Borrowed(""), |item| self.item_text(*item)),
        }
    }

    pub(crate) fn to_number(self, value: &Value<'a>) -> f64 {
        match value {
            Value::Number(number) => *number,
            Value::Bool(value) => f64::from(u8::from(*value)),
            Value::Text(text) => self.text_number(text),
            Value::Nodes(nodes) => {
                nodes.first().map_or(f64::NAN, |item| self.text_number(&self.item_text(*item)))
            }
        }
    }

    pub(crate) fn to_bool(self, value: &Value<'a>) -> bool {
        match value {
            Value::Bool(value) => *value,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Text(text) => !text.is_empty(),
            Value::Nodes(nodes) => nodes.first().is_some_and(|item| self.is_true(*item)),
        }
    }

    fn chain(&self, chain: &'a Chain, here: &Here) -> Value<'a> {
        let (first, mut rest) = (&chain.first, chain.rest());
        if !self.state.work.evaluate(2 + chain.more.len()) {
            return Value::Bool(false);
        }
        match chain.operator() {
            Operator::Or => {
                Value::Bool(self.boolean(first, here) || rest.any(|(_, part)| self.boolean(part, here)))
            }
            Operator::And => {
                Value::Bool(self.boolean(first, here) && rest.all(|(_, part)| self.boolean(part, here)))
            }
            Operator::Union => {
                let mut all = self.set(first, here);
                for (_, part) in rest {
                    all.extend(self.set(part, here));
                }
                Value::Nodes(self.in_order(all))
            }
            operator if operator.level() >= 4 => {
                let mut total = self.number(first, here);
                for (operator, part) in rest {
                    let right = self.number(part, here);
                    total = match operator {
                        Operator::Add => total + right,
                        Operator::Subtract => total - right,
                        Operator::Multiply => total * right,
                        Operator::Divide => total / right,
                        _ => total % right,
                    };
                }
                Value::Number(total)
            }
            _ => {
                let plain = match &chain.second {
                    (operator, part) if chain.more.is_empty() && operator.is_equality() => {
                        first.is_plain() && part.is_plain()
                    }
                    _ => chain.rest().all(|(operator, _)| !operator.is_equality()),
                };
                let mut left = self.side(first, plain, here);
                for (operator, part) in rest {
                    let right = self.side(part, plain, here);
                    left = Value::Bool(self.compare(operator, &left, &right));
                }
                left
            }
        }
    }

    /// A side of a comparison. One node compares by its text, unless the other side is a truth: then it is
    /// its own truth that counts, and the comparison is not plain.
    fn side(&self, expr: &'a Expr, plain: bool, here: &Here) -> Value<'a> {
        match plain.then(|| self.one(expr, here)).flatten() {
            Some(one) => Value::Text(self.answer_text(one)),
            None => self.value(expr, here),
        }
    }

    /// XPath 1.0, section 3.4, with dates as numbers on the relational side.
    fn compare(&self, operator: Operator, left: &Value<'a>, right: &Value<'a>) -> bool {
        let equality = operator.is_equality();
        match (left, right) {
            (Value::Bool(_), _) | (_, Value::Bool(_)) if equality => {
                (self.to_bool(left) == self.to_bool(right)) == (operator == Operator::Equal)
            }
            (Value::Nodes(nodes), other) => {
                if nodes.is_empty() {
                    // An answer that is not there compares as an empty one: authors write `/data/a = ''`.
                    return self.compare(operator, &Value::Text(Cow::Borrowed("")), other);
                }
                let nodes = nodes.iter().take_while(|_| self.state.work.evaluate(1));
                nodes
                    .map(|item| self.item_text(*item))
                    .any(|text| self.compare(operator, &Value::Text(text), other))
            }
            (other, Value::Nodes(nodes)) => {
                if nodes.is_empty() {
                    return self.compare(operator, other, &Value::Text(Cow::Borrowed("")));
                }
                let nodes = nodes.iter().take_while(|_| self.state.work.evaluate(1));
                nodes
                    .map(|item| self.item_text(*item))
                    .any(|text| self.compare(operator, other, &Value::Text(text)))
            }
            (Value::Text(a), Value::Text(b)) if equality => (a == b) == (operator == Operator::Equal),
            _ => {
                let (a, b) = (self.to_number(left), self.to_number(right));
                match operator {
                    Operator::Equal => a == b,
                    Operator::NotEqual => a != b,
                    Operator::Less => a < b,
                    Operator::LessOrEqual => a <= b,
                    Operator::Greater => a > b,
                    _ => a >= b,
                }
            }
        }
    }

    /// An expression as nodes; what is none gives none.
    pub(crate) fn set(&self, expr: &'a Expr, here: &Here) -> Vec<Item> {
        match self.value(expr, here) {
            Value::Nodes(nodes) => nodes,
            _ => Vec::new(),
        }
    }

    /// Document order without doubles.
    fn in_order(&self, mut items: Vec<Item>) -> Vec<Item> {
        items.sort_by_cached_key(|item| match item {
            Item::Answer(id) => (0, self.place(*id)),
            Item::Document(instance) => (u32::from(*instance) + 1, Vec::new()),
            Item::Row(instance, id) => (u32::from(*instance) + 1, vec![(0, *id)]),
        });
        items.dedup();
        items
    }

    fn place(&self, id: NodeId) -> Vec<(u16, u32)> {
        let mut place = Vec::new();
        let mut next = Some(id);
        while let Some((id, node)) = next.and_then(|id| self.state.node(id).map(|node| (id, node))) {
            place.push((self.form.def(node.def).map_or(0, |def| def.slot), node.number));
            next = self.state.parent(id);
        }
        place.reverse();
        place
    }
}
