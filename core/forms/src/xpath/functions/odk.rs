//! Functions of the ODK specification on choices, texts, properties and digests.

use super::super::eval::{Eval, Here, Value};
use super::super::expr::Expr;
use super::{Function, borrowed};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::borrow::Cow;

pub(super) fn call<'a>(
    eval: &Eval<'a>,
    function: Function,
    arguments: &'a [Expr],
    here: &Here,
) -> Option<Value<'a>> {
    let text = |n: usize| arguments.get(n).map_or(Cow::Borrowed(""), |argument| eval.text(argument, here));
    let number = |n: usize| arguments.get(n).map_or(f64::NAN, |argument| eval.number(argument, here));
    Some(match function {
        Function::Selected => {
            let wanted = text(1);
            let wanted = wanted.trim();
            Value::Bool(text(0).split_ascii_whitespace().any(|value| value == wanted))
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
        Function::Digest => {
            let encoding = if arguments.len() > 2 { text(2) } else { Cow::Borrowed("base64") };
            borrowed(digest(&text(0), &text(1), &encoding))
        }
        Function::Base64Decode => borrowed(base64_decode(&text(0)).unwrap_or_default()),
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

fn digest(source: &str, algorithm: &str, encoding: &str) -> String {
    let bytes: Vec<u8> = match algorithm {
        "SHA-256" => Sha256::digest(source).to_vec(),
        "SHA-384" => Sha384::digest(source).to_vec(),
        "SHA-512" => Sha512::digest(source).to_vec(),
        _ => return String::new(),
    };
    match encoding {
        "hex" => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64(&bytes),
        _ => String::new(),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().chain([0, 0].iter()).take(3).fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for digit in 0..4 {
            let six = (bits >> (18 - 6 * digit)) & 63;
            let letter = ALPHABET.get(six as usize).map_or('=', |letter| char::from(*letter));
            out.push(if digit > chunk.len() { '=' } else { letter });
        }
    }
    out
}

/// Text of base64; none when it is not base64 of UTF-8.
fn base64_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut have) = (0u32, 0u32);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if letter == b'=' {
            break;
        }
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        bits = (bits << 6 | u32::try_from(six).ok()?) & 0xff_ffff;
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push(u8::try_from(bits >> have & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_comes_back() {
        for text in ["", "a", "ab", "abc", "巡查"] {
            assert_eq!(base64_decode(&base64(text.as_bytes())).as_deref(), Some(text));
        }
        assert_eq!(base64_decode("*"), None);
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc", "SHA-256", "hex"), hex);
        assert_eq!(digest("abc", "SHA-256", "base64"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
