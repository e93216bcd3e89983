//! Data types of nodes: their lexical forms, canonical text, and what XPath makes of it.

use crate::answer::{Answer, GeoPoint};
use std::fmt;

pub(crate) mod base64;
pub(crate) mod time;

/// The `type` of a bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ValueType {
    #[default]
    Text,
    Int,
    Decimal,
    Boolean,
    Date,
    Time,
    DateTime,
    GeoPoint,
    GeoTrace,
    GeoShape,
    Binary,
    Barcode,
}

impl ValueType {
    /// By the bind's `type`, prefix stripped. Unknown types are strings, as the specification says.
    pub(crate) fn of(name: &str) -> ValueType {
        match name.rsplit(':').next().unwrap_or(name) {
            "int" | "integer" => ValueType::Int,
            "decimal" | "double" | "float" => ValueType::Decimal,
            "boolean" => ValueType::Boolean,
            "date" => ValueType::Date,
            "time" => ValueType::Time,
            "dateTime" | "datetime" => ValueType::DateTime,
            "geopoint" => ValueType::GeoPoint,
            "geotrace" => ValueType::GeoTrace,
            "geoshape" => ValueType::GeoShape,
            "binary" => ValueType::Binary,
            "barcode" => ValueType::Barcode,
            _ => ValueType::Text,
        }
    }
    /// Whether text is of this type. Empty text always is.
    pub(crate) fn accepts(self, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        match self {
            ValueType::Text | ValueType::Binary | ValueType::Barcode => true,
            ValueType::Int => text.parse::<i64>().is_ok(),
            ValueType::Decimal => decimal(text).is_some(),
            ValueType::Boolean => matches!(text, "true" | "false" | "0" | "1"),
            ValueType::Date => time::date_of(text).is_some(),
            ValueType::Time => time::time_of(text).is_some(),
            ValueType::DateTime => time::instant_of(text, 0).is_some(),
            ValueType::GeoPoint => point(text).is_some(),
            ValueType::GeoTrace => points(text).is_some_and(|points| points.len() >= 2),
            ValueType::GeoShape => points(text).is_some_and(|points| points.len() >= 4 && closed(&points)),
        }
    }
    /// The text that is stored for what was typed: numbers lose what carries no value.
    pub(crate) fn canonical(self, text: &str) -> String {
        match self {
            ValueType::Int => {
                text.trim().parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
            }
            ValueType::Decimal => decimal(text.trim())
                .map_or_else(|| text.to_owned(), |number| number_text(number).into_owned()),
            _ => text.to_owned(),
        }
    }
    pub(crate) fn is_number(self) -> bool {
        matches!(self, ValueType::Int | ValueType::Decimal)
    }
}

fn closed(points: &[GeoPoint]) -> bool {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) => first.lat == last.lat && first.lon == last.lon,
        _ => false,
    }
}

fn decimal(text: &str) -> Option<f64> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|number| plain && number.is_finite())
}

/// XPath 1.0's number grammar: an optional minus, digits, an optional point. Nothing else.
pub(crate) fn xpath_number(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if let Some(number) = few_digits(digits) {
        return Some(if digits.len() == text.len() { number } else { -number });
    }
    let well = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1;
    if well { text.parse().ok() } else { None }
}

/// The number of at most fifteen digits, which is exact; most answers are such.
fn few_digits(digits: &str) -> Option<f64> {
    let mut whole = 0i64;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        whole = whole.wrapping_mul(10) + i64::from(byte - b'0');
    }
    #[allow(clippy::cast_precision_loss, reason = "below 10^15")]
    let number = whole as f64;
    (1..=15).contains(&digits.len()).then_some(number)
}

/// A number as text: plain digits, at most 15 significant, no exponent.
pub(crate) fn number_text(number: f64) -> std::borrow::Cow<'static, str> {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    if number == 0.0 {
        return "0".into();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation, reason = "whole and below 10^15")]
        let whole = number as i64;
        return whole.to_string().into();
    }
    // Fifteen significant digits are what a binary double carries for certain.
    let scientific = format!("{number:.14e}");
    let (_, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let decimals = usize::try_from(14 - exponent).unwrap_or(0);
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned().into()
}

/// `lat lon alt accuracy`; the last two may be missing.
pub(crate) fn point(text: &str) -> Option<GeoPoint> {
    let mut parts = text.split_ascii_whitespace().map(str::parse::<f64>);
    let lat = parts.next()?.ok()?;
    let lon = parts.next()?.ok()?;
    let altitude = parts.next().unwrap_or(Ok(0.0)).ok()?;
    let accuracy = parts.next().unwrap_or(Ok(0.0)).ok()?;
    let real = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) && altitude.is_finite();
    (real && accuracy.is_finite() && parts.next().is_none()).then_some(GeoPoint {
        lat,
        lon,
        altitude,
        accuracy,
    })
}

/// Points separated by semicolons.
pub(crate) fn points(text: &str) -> Option<Vec<GeoPoint>> {
    text.split(';').filter(|part| !part.trim().is_empty()).map(point).collect()
}

/// As the specification writes a geopoint: latitude, longitude, altitude, accuracy.
impl fmt::Display for GeoPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [lat, lon, altitude, accuracy] =
            [self.lat, self.lon, self.altitude, self.accuracy].map(number_text);
        write!(f, "{lat} {lon} {altitude} {accuracy}")
    }
}

/// The stored text of a typed answer.
pub(crate) fn text_of(answer: &Answer) -> String {
    match answer {
        Answer::Empty => String::new(),
        Answer::Text(text)
        | Answer::Date(text)
        | Answer::Time(text)
        | Answer::DateTime(text)
        | Answer::Choice(text)
        | Answer::File(text) => text.clone(),
        Answer::Integer(number) => number.to_string(),
        Answer::Decimal(number) => number_text(*number).into_owned(),
        Answer::Boolean(value) => value.to_string(),
        Answer::Choices(values) => values.join(" "),
        Answer::GeoPoint(point) => point.to_string(),
        Answer::GeoTrace(points) | Answer::GeoShape(points) => {
            points.iter().map(GeoPoint::to_string).collect::<Vec<_>>().join("; ")
        }
        Answer::Acknowledged => "OK".to_owned(),
    }
}

/// The name of an answer's kind, for errors.
pub(crate) fn kind_of(answer: &Answer) -> &'static str {
    match answer {
        Answer::Empty => "nothing",
        Answer::Text(_) => "text",
        Answer::Integer(_) => "whole number",
        Answer::Decimal(_) => "decimal number",
        Answer::Boolean(_) => "yes or no",
        Answer::Date(_) => "date",
        Answer::Time(_) => "time",
        Answer::DateTime(_) => "date and time",
        Answer::Choice(_) => "choice",
        Answer::Choices(_) => "choices",
        Answer::GeoPoint(_) => "place",
        Answer::GeoTrace(_) => "line",
        Answer::GeoShape(_) => "area",
        Answer::File(_) => "file",
        Answer::Acknowledged => "acknowledgement",
    }
}

/// Stored text as a typed answer; text that does not fit the type stays text.
pub(crate) fn typed(kind: ValueType, text: &str) -> Answer {
    if text.is_empty() {
        return Answer::Empty;
    }
    let fits = kind.accepts(text);
    let kept = || text.to_owned();
    match kind {
        ValueType::Int if fits => text.parse().map_or_else(|_| Answer::Text(kept()), Answer::Integer),
        ValueType::Decimal if fits => text.parse().map_or_else(|_| Answer::Text(kept()), Answer::Decimal),
        ValueType::Boolean if fits => Answer::Boolean(matches!(text, "true" | "1")),
        ValueType::Date if fits => Answer::Date(kept()),
        ValueType::Time if fits => Answer::Time(kept()),
        ValueType::DateTime if fits => Answer::DateTime(kept()),
        ValueType::GeoPoint => point(text).map_or_else(|| Answer::Text(kept()), Answer::GeoPoint),
        ValueType::GeoTrace if fits => points(text).map_or_else(|| Answer::Text(kept()), Answer::GeoTrace),
        ValueType::GeoShape if fits => points(text).map_or_else(|| Answer::Text(kept()), Answer::GeoShape),
        ValueType::Binary => Answer::File(kept()),
        _ => Answer::Text(kept()),
    }
}

#[cfg(test)]
mod tests;
