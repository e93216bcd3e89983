//! Tokens to a syntax tree, by recursive descent with a bound on depth.

use super::ast::{AXES, Ast, Axis, Name, Operator, Step, Test};
use super::lexer::{Placed, Token, lex};

/// An expression that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {offset}")]
pub struct ParseError {
    /// 0-based character.
    pub offset: usize,
    /// What was met or expected.
    pub message: String,
}

impl ParseError {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        ParseError { offset, message: message.into() }
    }
}

struct Parser<'s> {
    tokens: Vec<Placed<'s>>,
    at: usize,
    end: usize,
    depth: usize,
    deepest: usize,
}

/// Parses an expression that nests at most `depth` levels.
///
/// # Errors
/// The place and what was expected there.
pub fn parse(source: &str, depth: usize) -> Result<Ast, ParseError> {
    let in_characters = |error: ParseError| {
        let before = source.get(..error.offset).unwrap_or(source);
        ParseError { offset: before.chars().count(), ..error }
    };
    let tokens = lex(source).map_err(in_characters)?;
    let mut parser = Parser { tokens, at: 0, end: source.len(), depth: 0, deepest: depth };
    let ast = parser.expression(0).map_err(in_characters)?;
    match parser.peek() {
        None => Ok(ast),
        Some(_) => Err(in_characters(parser.expected("the end or an operator"))),
    }
}

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }
    fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(_, offset)| *offset)
    }
    fn expected(&self, what: &str) -> ParseError {
        ParseError::new(self.offset(), format!("expected {what}"))
    }
    fn take(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        if found {
            self.at += 1;
        }
        found
    }
    fn need(&mut self, token: Token<'_>, what: &str) -> Result<(), ParseError> {
        if self.take(token) { Ok(()) } else { Err(self.expected(what)) }
    }
    fn operator(&self, level: u8) -> Option<Operator> {
        let operator = match self.peek()? {
            Token::Operator(operator) => operator,
            Token::Minus => Operator::Subtract,
            _ => return None,
        };
        (operator.level() == level).then_some(operator)
    }

    /// Operators of `level` and stronger; levels 0 to 5 are binary, 6 is unary minus, 7 is union.
    fn expression(&mut self, level: u8) -> Result<Ast, ParseError> {
        if level == 0 {
            self.depth += 1;
            if self.depth > self.deepest {
                return Err(ParseError::new(
                    self.offset(),
                    format!("more than {} levels deep", self.deepest),
                ));
            }
        }
        let ast = if level == 6 { self.unary()? } else { self.chain(level)? };
        if level == 0 {
            self.depth -= 1;
        }
        Ok(ast)
    }

    fn chain(&mut self, level: u8) -> Result<Ast, ParseError> {
        let operand =
            |parser: &mut Self| if level == 7 { parser.path() } else { parser.expression(level + 1) };
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator(level) {
            self.at += 1;
            rest.push((operator, operand(self)?));
        }
        Ok(if rest.is_empty() { first } else { Ast::Chain(Box::new(first), rest) })
    }

    fn unary(&mut self) -> Result<Ast, ParseError> {
        let mut minus = 0usize;
        while self.take(Token::Minus) {
            minus += 1;
            if minus > self.deepest {
                return Err(ParseError::new(self.offset(), "too many minus signs"));
            }
        }
        let mut ast = self.expression(7)?;
        for _ in 0..minus {
            ast = Ast::Negate(Box::new(ast));
        }
        Ok(ast)
    }

    /// A location path, or a primary expression with predicates and steps.
    fn path(&mut self) -> Result<Ast, ParseError> {
        match self.peek() {
            Some(Token::Slash) => {
                self.at += 1;
                let steps = if self.step_begins() { self.steps()? } else { Vec::new() };
                Ok(Ast::Path { absolute: true, steps })
            }
            Some(Token::DoubleSlash) => {
                self.at += 1;
                let mut steps = vec![any_below()];
                steps.extend(self.steps()?);
                Ok(Ast::Path { absolute: true, steps })
            }
            Some(Token::Number(_) | Token::Literal(_) | Token::Open) => self.filter(),
            Some(Token::Name { .. }) if self.call_begins() => self.filter(),
            _ if self.step_begins() => Ok(Ast::Path { absolute: false, steps: self.steps()? }),
            _ => Err(self.expected("a value, a path or a function")),
        }
    }

    fn call_begins(&self) -> bool {
        let Some((Token::Name { prefix, local }, _)) = self.tokens.get(self.at) else { return false };
        let opens = matches!(self.tokens.get(self.at + 1), Some((Token::Open, _)));
        opens
            && !(prefix.is_empty()
                && matches!(*local, "node" | "text" | "comment" | "processing-instruction"))
    }

    fn step_begins(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Name { .. } | Token::Star | Token::Dot | Token::DoubleDot | Token::At)
        )
    }

    fn filter(&mut self) -> Result<Ast, ParseError> {
        let base = match self.peek() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Ast::Number(number)
            }
            Some(Token::Literal(text)) => {
                self.at += 1;
                Ast::Literal(text.to_owned())
            }
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.need(Token::Close, "')'")?;
                inner
            }
            Some(Token::Name { prefix, local }) => {
                self.at += 2;
                let mut arguments = Vec::new();
                if !self.take(Token::Close) {
                    loop {
                        arguments.push(self.expression(0)?);
                        if self.take(Token::Close) {
                            break;
                        }
                        self.need(Token::Comma, "',' or ')'")?;
                    }
                }
                let name = Name { prefix: prefix.to_owned(), local: local.to_owned() };
                Ast::Call { name, arguments }
            }
            _ => return Err(self.expected("a value")),
        };
        let predicates = self.predicates()?;
        let steps = match self.peek() {
            Some(Token::Slash) => {
                self.at += 1;
                self.steps()?
            }
            Some(Token::DoubleSlash) => {
                self.at += 1;
                let mut steps = vec![any_below()];
                steps.extend(self.steps()?);
                steps
            }
            _ => Vec::new(),
        };
        Ok(if predicates.is_empty() && steps.is_empty() {
            base
        } else {
            Ast::Filter { base: Box::new(base), predicates, steps }
        })
    }

    fn steps(&mut self) -> Result<Vec<Step>, ParseError> {
        let mut steps = vec![self.step()?];
        loop {
            if self.take(Token::Slash) {
                steps.push(self.step()?);
            } else if self.take(Token::DoubleSlash) {
                steps.push(any_below());
                steps.push(self.step()?);
            } else {
                return Ok(steps);
            }
        }
    }

    fn step(&mut self) -> Result<Step, ParseError> {
        if self.take(Token::Dot) {
            return Ok(Step { axis: Axis::SelfNode, test: Test::Node, predicates: self.predicates()? });
        }
        if self.take(Token::DoubleDot) {
            return Ok(Step { axis: Axis::Parent, test: Test::Node, predicates: self.predicates()? });
        }
        let mut axis = Axis::Child;
        if self.take(Token::At) {
            axis = Axis::Attribute;
        } else if matches!(self.tokens.get(self.at + 1), Some((Token::Axis, _))) {
            let Some(Token::Name { prefix, local }) = self.peek() else {
                return Err(self.expected("an axis"));
            };
            let found = AXES.iter().find(|(name, _)| prefix.is_empty() && *name == local);
            axis = found.map(|(_, axis)| *axis).ok_or_else(|| self.expected("an axis of XPath 1.0"))?;
            self.at += 2;
        }
        let test = match self.peek() {
            Some(Token::Star) => {
                self.at += 1;
                Test::Any
            }
            Some(Token::Name { prefix, local }) => {
                self.at += 1;
                let opens = prefix.is_empty() && self.peek() == Some(Token::Open);
                match local {
                    "*" => Test::AnyIn(prefix.to_owned()),
                    "node" | "text" if opens => {
                        self.at += 1;
                        self.need(Token::Close, "')'")?;
                        if local == "node" { Test::Node } else { Test::Text }
                    }
                    _ if opens => return Err(self.expected("a node test")),
                    _ => Test::Name(Name { prefix: prefix.to_owned(), local: local.to_owned() }),
                }
            }
            _ => return Err(self.expected("a step")),
        };
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn predicates(&mut self) -> Result<Vec<Ast>, ParseError> {
        let mut predicates = Vec::new();
        while self.take(Token::OpenBracket) {
            predicates.push(self.expression(0)?);
            self.need(Token::CloseBracket, "']'")?;
        }
        Ok(predicates)
    }
}

fn any_below() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() }
}
