//! Characters to tokens, with XPath 1.0's rule for `*` and operator names (section 3.7).

use super::ast::Operator;
use super::parser::ParseError;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Literal(String),
    /// A name, or `prefix:name`, or `prefix:*`.
    Name {
        prefix: String,
        local: String,
    },
    Operator(Operator),
    Minus,
    Star,
    Slash,
    DoubleSlash,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Dot,
    DoubleDot,
    At,
    Comma,
    Axis,
}

/// A token and the character it begins at.
pub(super) type Placed = (Token, usize);

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}') || ('\u{300}'..='\u{36f}').contains(&c)
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
    tokens: Vec<Placed>,
}

pub(super) fn lex(source: &str) -> Result<Vec<Placed>, ParseError> {
    let mut lexer = Lexer { characters: source.chars().collect(), at: 0, tokens: Vec::new() };
    while lexer.next()? {}
    Ok(lexer.tokens)
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    /// Whether an operator may stand here: after an operand.
    fn after_operand(&self) -> bool {
        matches!(
            self.tokens.last().map(|(token, _)| token),
            Some(
                Token::Number(_)
                    | Token::Literal(_)
                    | Token::Name { .. }
                    | Token::Star
                    | Token::Close
                    | Token::CloseBracket
                    | Token::Dot
                    | Token::DoubleDot
            )
        )
    }

    fn next(&mut self) -> Result<bool, ParseError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let start = self.at;
        let Some(c) = self.peek(0) else { return Ok(false) };
        let second = self.peek(1);
        let (token, length) = match (c, second) {
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenBracket, 1),
            (']', _) => (Token::CloseBracket, 1),
            (',', _) => (Token::Comma, 1),
            ('@', _) => (Token::At, 1),
            ('|', _) => (Token::Operator(Operator::Union), 1),
            ('+', _) => (Token::Operator(Operator::Add), 1),
            ('-', _) => (Token::Minus, 1),
            ('=', _) => (Token::Operator(Operator::Equal), 1),
            ('!', Some('=')) => (Token::Operator(Operator::NotEqual), 2),
            ('<', Some('=')) => (Token::Operator(Operator::LessOrEqual), 2),
            ('<', _) => (Token::Operator(Operator::Less), 1),
            ('>', Some('=')) => (Token::Operator(Operator::GreaterOrEqual), 2),
            ('>', _) => (Token::Operator(Operator::Greater), 1),
            ('/', Some('/')) => (Token::DoubleSlash, 2),
            ('/', _) => (Token::Slash, 1),
            (':', Some(':')) => (Token::Axis, 2),
            ('.', Some('.')) => (Token::DoubleDot, 2),
            ('.', Some(digit)) if digit.is_ascii_digit() => self.number(),
            ('.', _) => (Token::Dot, 1),
            (digit, _) if digit.is_ascii_digit() => self.number(),
            ('*', _) if self.after_operand() => (Token::Operator(Operator::Multiply), 1),
            ('*', _) => (Token::Star, 1),
            ('\'' | '"', _) => self.literal(c)?,
            (c, _) if is_name_start(c) => self.name(),
            _ => return Err(ParseError::new(start, format!("'{c}' is not expected"))),
        };
        self.at += length;
        self.tokens.push((token, start));
        Ok(true)
    }

    fn number(&self) -> (Token, usize) {
        let mut length = 0;
        let mut dots = 0;
        let mut text = String::new();
        while let Some(c) = self.peek(length) {
            if c == '.' {
                dots += 1;
            }
            if !(c.is_ascii_digit() || c == '.') || dots > 1 {
                break;
            }
            text.push(c);
            length += 1;
        }
        (Token::Number(text.parse().unwrap_or(f64::NAN)), length)
    }

    fn literal(&self, quote: char) -> Result<(Token, usize), ParseError> {
        let mut text = String::new();
        let mut length = 1;
        loop {
            match self.peek(length) {
                None => return Err(ParseError::new(self.at, "a string that does not end")),
                Some(c) if c == quote => return Ok((Token::Literal(text), length + 1)),
                Some(c) => text.push(c),
            }
            length += 1;
        }
    }

    fn word(&self, from: usize) -> (String, usize) {
        let mut text = String::new();
        let mut length = from;
        while let Some(c) = self.peek(length).filter(|c| is_name(*c)) {
            text.push(c);
            length += 1;
        }
        (text, length)
    }

    fn name(&self) -> (Token, usize) {
        let (first, length) = self.word(0);
        if self.after_operand() {
            let operator = match first.as_str() {
                "and" => Some(Operator::And),
                "or" => Some(Operator::Or),
                "div" => Some(Operator::Divide),
                "mod" => Some(Operator::Modulo),
                _ => None,
            };
            if let Some(operator) = operator {
                return (Token::Operator(operator), length);
            }
        }
        if self.peek(length) == Some(':') {
            if self.peek(length + 1) == Some('*') {
                return (Token::Name { prefix: first, local: "*".to_owned() }, length + 2);
            }
            if self.peek(length + 1).is_some_and(is_name_start) {
                let (local, length) = self.word(length + 1);
                return (Token::Name { prefix: first, local }, length);
            }
        }
        (Token::Name { prefix: String::new(), local: first }, length)
    }
}
