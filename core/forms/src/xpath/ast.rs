//! The syntax tree. It prints as XPath that parses to the same tree.

use std::fmt;

/// A name with an optional prefix, as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The prefix, empty when there is none.
    pub prefix: String,
    /// The local name.
    pub local: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix.is_empty() {
            f.write_str(&self.local)
        } else {
            write!(f, "{}:{}", self.prefix, self.local)
        }
    }
}

/// Binary operators, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of XPath 1.0")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Union,
}

impl Operator {
    /// How strongly it binds; operators of one level form one chain.
    pub(crate) fn level(self) -> u8 {
        match self {
            Operator::Or => 0,
            Operator::And => 1,
            Operator::Equal | Operator::NotEqual => 2,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => 3,
            Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide | Operator::Modulo => 5,
            Operator::Union => 7,
        }
    }
    pub(crate) fn is_equality(self) -> bool {
        matches!(self, Operator::Equal | Operator::NotEqual)
    }
    fn text(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "div",
            Operator::Modulo => "mod",
            Operator::Union => "|",
        }
    }
}

/// The axes of XPath 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of XPath 1.0")]
pub enum Axis {
    Child,
    Parent,
    SelfNode,
    Attribute,
    Descendant,
    DescendantOrSelf,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Namespace,
}

/// Name and axis, for the parser and the printer.
pub(crate) const AXES: [(&str, Axis); 13] = [
    ("child", Axis::Child),
    ("parent", Axis::Parent),
    ("self", Axis::SelfNode),
    ("attribute", Axis::Attribute),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("following", Axis::Following),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding", Axis::Preceding),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("namespace", Axis::Namespace),
];

impl Axis {
    /// Its name in XPath.
    pub fn name(self) -> &'static str {
        AXES.iter().find(|(_, axis)| *axis == self).map_or("", |(name, _)| name)
    }
}

/// What a step accepts.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A name.
    Name(Name),
    /// `*`
    Any,
    /// `prefix:*`
    AnyIn(String),
    /// `node()`
    Node,
    /// `text()`
    Text,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its axis.
    pub axis: Axis,
    /// Its test.
    pub test: Test,
    /// Its predicates.
    pub predicates: Vec<Ast>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Ast {
    /// A number.
    Number(f64),
    /// A string.
    Literal(String),
    /// Operators of one level, left to right: `a + b - c`. One node however long, so that a form
    /// that adds a thousand answers is not a thousand levels deep.
    Chain(Box<Ast>, Vec<(Operator, Ast)>),
    /// Unary minus.
    Negate(Box<Ast>),
    /// A function call.
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        arguments: Vec<Ast>,
    },
    /// A location path.
    Path {
        /// Starts at the document's root.
        absolute: bool,
        /// Its steps.
        steps: Vec<Step>,
    },
    /// An expression with predicates and further steps: `instance('x')/root/item`.
    Filter {
        /// Where it starts.
        base: Box<Ast>,
        /// Predicates on the base.
        predicates: Vec<Ast>,
        /// Steps from there.
        steps: Vec<Step>,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.axis, &self.test) {
            (Axis::SelfNode, Test::Node) => f.write_str(".")?,
            (Axis::Parent, Test::Node) => f.write_str("..")?,
            (axis, test) => {
                match axis {
                    Axis::Child => {}
                    Axis::Attribute => f.write_str("@")?,
                    other => write!(f, "{}::", other.name())?,
                }
                match test {
                    Test::Name(name) => write!(f, "{name}")?,
                    Test::Any => f.write_str("*")?,
                    Test::AnyIn(prefix) => write!(f, "{prefix}:*")?,
                    Test::Node => f.write_str("node()")?,
                    Test::Text => f.write_str("text()")?,
                }
            }
        }
        self.predicates.iter().try_for_each(|predicate| write!(f, "[{predicate}]"))
    }
}

fn steps(f: &mut fmt::Formatter<'_>, steps: &[Step]) -> fmt::Result {
    for (index, step) in steps.iter().enumerate() {
        if index > 0 {
            f.write_str("/")?;
        }
        write!(f, "{step}")?;
    }
    Ok(())
}

impl Ast {
    fn level(&self) -> u8 {
        match self {
            Ast::Chain(_, rest) => rest.first().map_or(8, |(operator, _)| operator.level()),
            Ast::Negate(_) => 6,
            _ => 8,
        }
    }
    fn write_above(&self, f: &mut fmt::Formatter<'_>, level: u8) -> fmt::Result {
        // After a bare `/` a word is a step, not an operator.
        let root = matches!(self, Ast::Path { absolute: true, steps } if steps.is_empty());
        if self.level() > level && !root { write!(f, "{self}") } else { write!(f, "({self})") }
    }
}

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ast::Number(number) => write!(f, "{number}"),
            Ast::Literal(text) => {
                let quote = if text.contains('\'') { '"' } else { '\'' };
                write!(f, "{quote}{text}{quote}")
            }
            Ast::Chain(first, rest) => {
                let level = self.level();
                first.write_above(f, level)?;
                for (operator, right) in rest {
                    write!(f, " {} ", operator.text())?;
                    right.write_above(f, level)?;
                }
                Ok(())
            }
            Ast::Negate(inner) => {
                f.write_str("-")?;
                inner.write_above(f, 5)
            }
            Ast::Call { name, arguments } => {
                write!(f, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{argument}")?;
                }
                f.write_str(")")
            }
            Ast::Path { absolute, steps: list } => {
                if *absolute {
                    f.write_str("/")?;
                }
                steps(f, list)
            }
            Ast::Filter { base, predicates, steps: list } => {
                match **base {
                    Ast::Call { .. } | Ast::Number(_) | Ast::Literal(_) => write!(f, "{base}")?,
                    _ => write!(f, "({base})")?,
                }
                predicates.iter().try_for_each(|predicate| write!(f, "[{predicate}]"))?;
                if !list.is_empty() {
                    f.write_str("/")?;
                }
                steps(f, list)
            }
        }
    }
}
