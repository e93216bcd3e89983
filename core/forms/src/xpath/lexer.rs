//! Characters to tokens, with XPath 1.0's rule for `*` and operator names (section 3.7).

use super::ast::Operator;
use super::parser::ParseError;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'s> {
    Number(f64),
    Literal(&'s str),
    /// A name, or `prefix:name`, or `prefix:*`.
    Name {
        prefix: &'s str,
        local: &'s str,
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

/// A token and the byte it begins at.
pub(super) type Placed<'s> = (Token<'s>, usize);

/// `NameStartChar` of XML 1.0 without the colon: many scripts write names with signs that are no letters.
pub(super) fn is_name_start(c: char) -> bool {
    c == '_'
        || c.is_ascii_alphabetic()
        || !c.is_ascii()
            && (matches!(c,
                '\u{c0}'..='\u{2ff}' | '\u{370}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
                | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
                | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
                && !matches!(c, '\u{d7}' | '\u{f7}' | '\u{37e}'))
}

/// `NameChar`, likewise.
pub(super) fn is_name(c: char) -> bool {
    is_name_start(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

struct Lexer<'s> {
    source: &'s str,
    /// In bytes.
    at: usize,
    tokens: Vec<Placed<'s>>,
}

/// Places in errors are bytes.
pub(super) fn lex(source: &str) -> Result<Vec<Placed<'_>>, ParseError> {
    let mut lexer = Lexer { source, at: 0, tokens: Vec::new() };
    while lexer.next()? {}
    Ok(lexer.tokens)
}

impl<'s> Lexer<'s> {
    fn rest(&self, from: usize) -> &'s str {
        self.source.get(self.at + from..).unwrap_or("")
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
        let rest = self.rest(0);
        self.at += rest.len() - rest.trim_start().len();
        let start = self.at;
        let mut characters = self.rest(0).chars();
        let Some(c) = characters.next() else { return Ok(false) };
        let second = characters.next();
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

    fn number(&self) -> (Token<'s>, usize) {
        let rest = self.rest(0);
        let mut dots = 0;
        let ends = |c: char| {
            dots += usize::from(c == '.');
            !(c.is_ascii_digit() || c == '.') || dots > 1
        };
        let text = rest.find(ends).and_then(|end| rest.get(..end)).unwrap_or(rest);
        (Token::Number(text.parse().unwrap_or(f64::NAN)), text.len())
    }

    fn literal(&self, quote: char) -> Result<(Token<'s>, usize), ParseError> {
        let rest = self.rest(1);
        let text = rest.find(quote).and_then(|end| rest.get(..end));
        let text = text.ok_or_else(|| ParseError::new(self.at, "a string that does not end"))?;
        Ok((Token::Literal(text), text.len() + 2))
    }

    fn word(&self, from: usize) -> &'s str {
        let rest = self.rest(from);
        rest.find(|c| !is_name(c)).and_then(|end| rest.get(..end)).unwrap_or(rest)
    }

    fn name(&self) -> (Token<'s>, usize) {
        let first = self.word(0);
        if self.after_operand() {
            let operator = match first {
                "and" => Some(Operator::And),
                "or" => Some(Operator::Or),
                "div" => Some(Operator::Divide),
                "mod" => Some(Operator::Modulo),
                _ => None,
            };
            if let Some(operator) = operator {
                return (Token::Operator(operator), first.len());
            }
        }
        if let Some(after) = self.rest(first.len()).strip_prefix(':') {
            if after.starts_with('*') {
                return (Token::Name { prefix: first, local: "*" }, first.len() + 2);
            }
            if after.starts_with(is_name_start) {
                let local = self.word(first.len() + 1);
                return (Token::Name { prefix: first, local }, first.len() + 1 + local.len());
            }
        }
        (Token::Name { prefix: "", local: first }, first.len())
    }
}
