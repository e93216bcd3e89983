//! String and boolean functions.

use super::super::eval::{Eval, Here, Value};
use super::super::expr::Expr;
use super::number::whole;
use super::{Function, borrowed, operand, pattern};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;

/// A part of shared text by character positions, without copying borrowed text.
fn part<'a>(text: Cow<'a, str>, from: usize, to: usize) -> Cow<'a, str> {
    let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (from, to) = (at(from), at(to.max(from)));
    slice(text, from, to)
}

/// Between white space as XPath has it: an ideographic space is a character.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty())
}

fn slice<'a>(text: Cow<'a, str>, from: usize, to: usize) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(from..to).unwrap_or("")),
        Cow::Owned(text) => Cow::Owned(text.get(from..to).unwrap_or("").to_owned()),
    }
}

/// A position counted from 0; negative ones count from the end, as in JavaRosa.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped first"
)]
fn offset(number: f64, length: usize) -> usize {
    let number = if number < 0.0 { number + length as f64 } else { number };
    number.clamp(0.0, length as f64) as usize
}

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let text = |n: usize| operand(eval, arguments, n, here);
    let number = |n: usize| arguments.get(n).map_or(f64::NAN, |argument| eval.number(argument, here));
    let truth = |n: usize| arguments.get(n).is_some_and(|argument| eval.boolean(argument, here));
    Some(match function {
        Function::String => borrowed(text(0)),
        Function::Concat => borrowed(joined(eval, arguments, "", here)),
        Function::Join => {
            let rest = arguments.get(1..).unwrap_or(&[]);
            borrowed(joined(eval, rest, &text(0), here))
        }
        Function::Substr => {
            let source = text(0);
            let length = source.chars().count();
            let end = if arguments.len() > 2 { offset(number(2), length) } else { length };
            borrowed(part(source, offset(number(1), length), end))
        }
        Function::Substring => {
            let source = text(0);
            let from = whole(number(1));
            let to = if arguments.len() > 2 { from + whole(number(2)) } else { f64::INFINITY };
            let kept =
                source.chars().zip(1u32..).filter(|(_, at)| f64::from(*at) >= from && f64::from(*at) < to);
            borrowed(kept.map(|(c, _)| c).collect::<String>())
        }
        Function::SubstringBefore => {
            let source = text(0);
            let end = source.find(&*text(1)).unwrap_or(0);
            borrowed(slice(source, 0, end))
        }
        Function::SubstringAfter => {
            let (source, after) = (text(0), text(1));
            let (from, to) = (source.find(&*after).map_or(source.len(), |at| at + after.len()), source.len());
            borrowed(slice(source, from, to))
        }
        Function::Translate => {
            let (from, to) = (text(1), text(2));
            // The first of one character counts.
            let pairs = from.chars().zip(to.chars().map(Some).chain(std::iter::repeat(None)));
            let mut known = HashMap::new();
            pairs.for_each(|(from, to)| {
                known.entry(from).or_insert(to);
            });
            let one = |c: char| known.get(&c).map_or(Some(c), |to| *to);
            borrowed(text(0).chars().filter_map(one).collect::<String>())
        }
        Function::StringLength => {
            #[allow(clippy::cast_precision_loss, reason = "no text has 2^53 characters")]
            let length = text(0).chars().count() as f64;
            Value::Number(length)
        }
        Function::NormalizeSpace => borrowed(words(&text(0)).collect::<Vec<_>>().join(" ")),
        Function::Contains => Value::Bool(text(0).contains(&*text(1))),
        Function::StartsWith => Value::Bool(text(0).starts_with(&*text(1))),
        Function::EndsWith => Value::Bool(text(0).ends_with(&*text(1))),
        Function::If => {
            let taken = if truth(0) { 1 } else { 2 };
            arguments.get(taken).map_or_else(|| borrowed(""), |argument| eval.value(argument, here))
        }
        Function::Coalesce => {
            let mut values = arguments.iter().map(|argument| eval.value(argument, here));
            let there = |value: &Value<'a>| match value {
                Value::Number(number) => !number.is_nan(),
                Value::Bool(_) => true,
                Value::Text(text) => !text.is_empty(),
                Value::Nodes(nodes) => nodes.first().is_some_and(|item| !eval.item_text(*item).is_empty()),
            };
            values.find(there).unwrap_or_else(|| borrowed(""))
        }
        // The first argument is the node's own value, placed there when the form was compiled.
        Function::Once => {
            let own = match arguments.first() {
                Some(Expr::Nodes(_)) => eval.state.value(here.current),
                _ => "",
            };
            if own.is_empty() {
                arguments.get(1).map_or_else(|| borrowed(""), |argument| eval.value(argument, here))
            } else {
                borrowed(own)
            }
        }
        Function::Boolean => Value::Bool(truth(0)),
        Function::BooleanFromString => {
            let text = text(0);
            Value::Bool(text.eq_ignore_ascii_case("true") || text == "1")
        }
        Function::Not => Value::Bool(!truth(0)),
        // The whole text must match, as in Collect, on which forms are tested.
        Function::Regex => {
            let (text, pattern) = (text(0), text(1));
            let effort = |effort| eval.state.work.evaluate(effort);
            Value::Bool(pattern::known(&pattern, effort).is_some_and(|pattern| pattern.takes(&text, effort)))
        }
        _ => return None,
    })
}

/// Each node's text of node-sets, and the text of everything else, in one.
fn joined<'a>(eval: &Eval<'a>, arguments: &'a [Expr], between: &str, here: &Here) -> String {
    let mut texts = Vec::new();
    for argument in arguments {
        match eval.value(argument, here) {
            Value::Nodes(nodes) => texts.extend(nodes.into_iter().map(|item| eval.item_text(item))),
            other => texts.push(eval.to_text(other)),
        }
    }
    let length = texts.iter().fold(0, |sum: usize, text| sum.saturating_add(text.len() + between.len()));
    if eval.state.work.make(length) { texts.join(between) } else { String::new() }
}
