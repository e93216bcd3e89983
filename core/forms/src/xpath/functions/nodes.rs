//! Node-set functions.

use super::super::eval::{Eval, Here, Item, Value};
use super::super::expr::Expr;
use super::{Function, borrowed, operand};
use crate::instance::prefix::Amount;
use crate::instance::tally::Part;
use std::borrow::Cow;

#[allow(clippy::cast_precision_loss, reason = "no set has 2^53 nodes")]
fn count(items: usize) -> Value<'static> {
    Value::Number(items as f64)
}

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let set = || arguments.first().map_or_else(Vec::new, |argument| eval.set(argument, here));
    Some(match function {
        Function::Count => count(set().len()),
        Function::CountNonEmpty => count(set().into_iter().filter(|item| eval.holds_text(*item)).count()),
        Function::Place => count(here.position),
        Function::Last => count(here.size),
        Function::Position => match around(eval, arguments, here).or_else(|| set().first().copied()).as_ref()
        {
            Some(Item::Answer(id)) => Value::Number(eval.state.ordinal(*id).into()),
            Some(Item::Row(instance, id)) => {
                let tree = &eval.form.secondary.get(*instance as usize)?.tree;
                let name = tree.local(*id);
                let parent = tree.parent(*id)?;
                let before = tree.elements(parent).take_while(|child| child <= id);
                let before = before.take_while(|_| eval.state.work.evaluate(1));
                count(before.filter(|child| tree.local(*child) == name).count())
            }
            _ => Value::Number(f64::NAN),
        },
        Function::Sum => Value::Number(sum(eval, arguments, here)),
        Function::Max => Value::Number(numbers(eval, arguments, here).into_iter().fold(f64::NAN, f64::max)),
        Function::Min => Value::Number(numbers(eval, arguments, here).into_iter().fold(f64::NAN, f64::min)),
        Function::Name | Function::LocalName => match set().first() {
            Some(Item::Answer(id)) => {
                let def = eval.state.node(*id).and_then(|node| eval.form.def(node.def))?;
                let local = eval.form.names.name(def.local);
                let prefix = eval.form.names.name(def.prefix);
                let bare = function == Function::LocalName || prefix.is_empty();
                borrowed(if bare { local.to_owned() } else { format!("{prefix}:{local}") })
            }
            Some(Item::Row(instance, id)) => {
                let tree = &eval.form.secondary.get(*instance as usize)?.tree;
                borrowed(tree.local(*id).map_or("", |name| eval.form.names.name(name)))
            }
            _ => borrowed(""),
        },
        Function::Instance => {
            let id = arguments.first().map_or(Cow::Borrowed(""), |argument| eval.text(argument, here));
            let found = eval.form.secondary_ids.get(&*id).copied();
            Value::Nodes(found.map(Item::Document).into_iter().collect())
        }
        Function::PullData => borrowed(pulldata(eval, arguments, here).unwrap_or_default()),
        Function::Randomize => {
            let seed = arguments.get(1).map(|seed| seed_of(eval, seed, here));
            Value::Nodes(shuffle(eval, set(), seed))
        }
        _ => return None,
    })
}

/// The node around the context that `position(..)` asks of: it has its place whether it is shown or not.
fn around<'a>(eval: &Eval<'a>, arguments: &'a [Expr], here: &Here) -> Option<Item> {
    match arguments {
        [Expr::Nodes(nodes)] => eval.around(nodes, here).map(Item::Answer),
        _ => None,
    }
}

/// `pulldata()` where a name is computed: the first row whose column holds the value.
fn pulldata<'a>(eval: &Eval<'a>, arguments: &'a [Expr], here: &Here) -> Option<Cow<'a, str>> {
    let text = |n: usize| operand(eval, arguments, n, here);
    let (id, value) = (text(0), text(3));
    let id = id.strip_suffix(".csv").unwrap_or(&id);
    let tree = &eval.form.secondary.get(usize::from(*eval.form.secondary_ids.get(id)?))?.tree;
    let (item, element) = (eval.form.names.get("item")?, eval.form.names.get(&text(1))?);
    let column = eval.form.names.get(&text(2))?;
    let cell = |row, name| tree.elements(row).find(|cell| tree.local(*cell) == Some(name));
    let rows = tree.elements(tree.root()?).take_while(|_| eval.state.work.evaluate(1));
    let mut rows = rows.filter(|row| tree.local(*row) == Some(item));
    let row = rows.find(|row| cell(*row, column).is_some_and(|cell| tree.string(cell) == value))?;
    cell(row, element).map(|cell| tree.string(cell))
}

/// Exact where all numbers are decimals of a usual size; then the order of the nodes does not matter.
fn sum<'a>(eval: &Eval<'a>, arguments: &'a [Expr], here: &Here) -> f64 {
    let Some(argument) = arguments.first() else { return 0.0 };
    match eval.value(argument, here) {
        Value::Nodes(nodes) => {
            let parts = nodes.iter().map(|item| Part::of(&eval.item_text(*item)));
            parts.fold(Part::default(), Part::plus).total().unwrap_or_else(|| {
                let texts = nodes.iter().map(|item| eval.item_text(*item));
                texts.filter(|text| !text.is_empty()).map(|text| eval.text_number(&text)).sum()
            })
        }
        Value::Text(text) if text.is_empty() => 0.0,
        other => eval.to_number(&other),
    }
}

/// The numbers of node-sets and values; blanks are skipped, as form authors mean it.
fn numbers<'a>(eval: &Eval<'a>, arguments: &'a [Expr], here: &Here) -> Vec<f64> {
    let mut out = Vec::new();
    for argument in arguments {
        match eval.value(argument, here) {
            Value::Nodes(nodes) => {
                for item in nodes {
                    let text = eval.item_text(item);
                    if !text.is_empty() {
                        out.push(eval.text_number(&text));
                    }
                }
            }
            Value::Text(text) if text.is_empty() => {}
            other => out.push(eval.to_number(&other)),
        }
    }
    out
}

/// A number seeds as it is, nothing as 0 (Collect); other text by the first eight bytes of its digest, so that a form may seed
/// with an instance id.
fn seed_of<'a>(eval: &Eval<'a>, seed: &'a Expr, here: &Here) -> i64 {
    use sha2::Digest;
    let text = eval.text(seed, here);
    let number = eval.text_number(&text);
    #[allow(clippy::cast_possible_truncation, reason = "a seed may lose what does not fit")]
    if number.is_nan() && !text.is_empty() {
        let hash = sha2::Sha256::digest(text.as_bytes());
        hash.iter().take(8).fold(0i64, |seed, byte| seed << 8 | i64::from(*byte))
    } else {
        number as i64
    }
}

/// The inside-out Fisher–Yates shuffle; with a seed, on the Park–Miller generator (specification).
fn shuffle(eval: &Eval<'_>, items: Vec<Item>, seed: Option<i64>) -> Vec<Item> {
    const MODULUS: i64 = 2_147_483_647;
    let mut state = seed.map(|seed| {
        let seed = seed % MODULUS;
        if seed <= 0 { seed + MODULUS - 1 } else { seed }
    });
    let mut next = || match &mut state {
        Some(state) => {
            *state = *state * 16_807 % MODULUS;
            #[allow(clippy::cast_precision_loss, reason = "31 bits fit")]
            let unit = (*state - 1) as f64 / (MODULUS - 1) as f64;
            unit
        }
        None => eval.state.source.unit(),
    };
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "between 0 and the number of items"
        )]
        let to = ((next() * (at + 1) as f64) as usize).min(at);
        out.push(item);
        out.swap(to, at);
    }
    out
}
