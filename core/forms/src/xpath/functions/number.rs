//! Number functions, and date and time functions.

use super::super::eval::{Eval, Here, Value};
use super::super::expr::Expr;
use super::{Function, borrowed, operand};
use crate::value::{number_text, time, xpath_number};

/// To the nearest whole number, halves up (XPath 1.0), also where adding a half would itself be rounded.
pub(super) fn whole(number: f64) -> f64 {
    let below = number.floor();
    if number - below < 0.5 { below } else { below + 1.0 }
}

/// XPath rounds halves up; with decimals, in decimal arithmetic (`round(0.675, 2)` is 0.68).
fn round(number: f64, decimals: f64) -> f64 {
    if decimals == 0.0 || decimals.is_nan() {
        return whole(number);
    }
    let scale = 10f64.powf(decimals.round());
    // Fifteen digits of the product undo what binary fractions added.
    let scaled: f64 = number_text(number * scale).parse().unwrap_or(f64::NAN);
    let rounded = whole(scaled) / scale;
    number_text(rounded).parse().unwrap_or(f64::NAN)
}

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let number = |n: usize| arguments.get(n).map_or(f64::NAN, |argument| eval.number(argument, here));
    let result = match function {
        Function::Number => number(0),
        Function::Random => eval.state.source.unit(),
        Function::Int => number(0).trunc(),
        Function::Round => round(number(0), if arguments.len() > 1 { number(1) } else { 0.0 }),
        Function::Floor => number(0).floor(),
        Function::Ceiling => number(0).ceil(),
        Function::Pow => number(0).powf(number(1)),
        Function::Log => number(0).ln(),
        Function::Log10 => number(0).log10(),
        Function::Abs => number(0).abs(),
        Function::Sin => number(0).sin(),
        Function::Cos => number(0).cos(),
        Function::Tan => number(0).tan(),
        Function::Asin => number(0).asin(),
        Function::Acos => number(0).acos(),
        Function::Atan => number(0).atan(),
        Function::Atan2 => number(0).atan2(number(1)),
        Function::Sqrt => number(0).sqrt(),
        Function::Exp => number(0).exp(),
        Function::Exp10 => 10f64.powf(number(0)),
        Function::Pi => std::f64::consts::PI,
        Function::DecimalDateTime | Function::DecimalTime => {
            let value = eval.value(arguments.first()?, here);
            match (function, value) {
                // Days already.
                (Function::DecimalTime, Value::Number(days)) => days - days.floor(),
                (_, Value::Number(days)) => days,
                (_, value) => match eval.to_text(value) {
                    text if text.is_empty() => return Some(borrowed(text)),
                    text => decimal(eval, function, &text),
                },
            }
        }
        _ => return dates(eval, function, arguments, here),
    };
    Some(Value::Number(result))
}

/// `decimal-date-time` counts in UTC, `decimal-time` in the day's local time (specification).
fn decimal(eval: &Eval<'_>, function: Function, text: &str) -> f64 {
    let offset = eval.state.moment.offset_minutes;
    if function == Function::DecimalTime {
        let clock = text.split_once('T').map_or(text, |(_, clock)| clock);
        return time::time_of(clock).map_or(f64::NAN, |(ms, own)| {
            let shift = own.map_or(0, |own| i64::from(offset - own) * 60_000);
            time::ms_to_days((ms + shift).rem_euclid(time::DAY_MS))
        });
    }
    if time::date_of(text).is_some() {
        return time::day_number(text, offset).unwrap_or(f64::NAN);
    }
    time::instant_of(text, offset).map_or(f64::NAN, time::ms_to_days)
}

/// Local milliseconds of a value that is a date, a date-time or a number of days.
fn local_ms(eval: &Eval<'_>, value: &str) -> Option<i64> {
    let offset = eval.state.moment.offset_minutes;
    if let Some(instant) = time::instant_of(value, offset) {
        return Some(instant + i64::from(offset) * 60_000);
    }
    if let Some((ms, _)) = time::time_of(value) {
        return Some(ms);
    }
    time::days_to_ms(xpath_number(value)?)
}

fn dates<'a>(eval: &Eval<'a>, function: Function, arguments: &'a [Expr], here: &Here) -> Option<Value<'a>> {
    let moment = eval.state.moment;
    let text = |n: usize| operand(eval, arguments, n, here);
    Some(borrowed(match function {
        Function::Today => time::date_text(time::today(moment)),
        Function::Now => time::moment_text(moment),
        Function::FormatDate | Function::FormatDateTime => {
            let language = eval.form.texts.languages.get(eval.state.language).map_or("", String::as_str);
            let names = time::Calendar::of(language);
            local_ms(eval, &text(0)).map_or(String::new(), |ms| time::format(ms, &text(1), names))
        }
        Function::Date => local_ms(eval, &text(0))
            .map_or(String::new(), |ms| time::date_text(time::civil(ms.div_euclid(time::DAY_MS)))),
        Function::DateTime => {
            local_ms(eval, &text(0)).map_or(String::new(), |ms| time::local_text(ms, moment.offset_minutes))
        }
        _ => return None,
    }))
}
