//! Functions of the ODK specification on choices, texts and properties.

use super::super::eval::{Eval, Here, Value};
use super::super::expr::Expr;
use super::{Function, borrowed, operand};

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let text = |n: usize| operand(eval, arguments, n, here);
    let number = |n: usize| arguments.get(n).map_or(f64::NAN, |argument| eval.number(argument, here));
    Some(match function {
        Function::Selected | Function::IsSelected => {
            let wanted = text(1);
            let wanted = wanted.trim();
            let list = text(0);
            let mut taken = list.split_ascii_whitespace();
            // "Nothing" is what is selected where nothing is.
            Value::Bool(if wanted.is_empty() {
                taken.next().is_none()
            } else {
                taken.any(|one| one == wanted)
            })
        }
        Function::SelectedAt => {
            let index = number(1);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked; saturates")]
            let at = (index >= 0.0).then_some(index as usize);
            let list = text(0);
            borrowed(at.and_then(|at| list.split_ascii_whitespace().nth(at)).unwrap_or("").to_owned())
        }
        Function::CountSelected => {
            #[allow(clippy::cast_precision_loss, reason = "no list has 2^53 words")]
            let count = text(0).split_ascii_whitespace().count() as f64;
            Value::Number(count)
        }
        Function::Itext => borrowed(eval.itext_by_name(&text(0), here.current)),
        Function::Uuid => match arguments.first() {
            None => borrowed(eval.state.source.uuid()),
            Some(length) => {
                const LETTERS: &[u8; 32] = b"0123456789abcdefghijkmnpqrstuvwx";
                let length = eval.number(length, here).clamp(0.0, 1000.0);
                let mut out = String::new();
                while f64::from(u32::try_from(out.len()).unwrap_or(u32::MAX)) < length {
                    let byte = eval.state.source.block().first().copied().unwrap_or(0);
                    out.push(LETTERS.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter)));
                }
                borrowed(out)
            }
        },
        Function::Property => {
            borrowed(eval.state.properties.get(&text(0).to_lowercase()).map_or("", String::as_str))
        }
        Function::Version => borrowed(eval.form.version.as_str()),
        // Says only what an expression waits for (JavaRosa); its value is the first argument's.
        Function::Depend => arguments.first().map_or_else(|| borrowed(""), |first| eval.value(first, here)),
        Function::Checklist | Function::WeightedChecklist => {
            let weighted = function == Function::WeightedChecklist;
            let rest: Vec<f64> =
                arguments.iter().skip(2).map(|argument| answer(eval, argument, here)).collect();
            let total: f64 = if weighted {
                rest.chunks(2)
                    .map(|pair| match pair {
                        [answer, weight] if *answer > 0.0 => *weight,
                        _ => 0.0,
                    })
                    .sum()
            } else {
                rest.iter().filter(|answer| **answer > 0.0).map(|_| 1.0).sum()
            };
            let (least, most) = (number(0), number(1));
            Value::Bool((least < 0.0 || total >= least) && (most < 0.0 || total <= most))
        }
        _ => return None,
    })
}

/// An answer of a checklist as a number; true counts one.
fn answer<'a>(eval: &Eval<'a>, argument: &'a Expr, here: &Here) -> f64 {
    match eval.value(argument, here) {
        Value::Bool(value) => f64::from(u8::from(value)),
        other => eval.to_number(&other),
    }
}
