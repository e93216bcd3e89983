//! Answers, from the boundary to the form engine.

use xuncha_casework::places::{Datum as CaseDatum, Position, Wgs84};
use xuncha_forms as forms;

use crate::error::{AppError, Words};
use crate::view::{Answer, Datum, Fix, QuestionKind};

/// As the engine takes it.
///
/// # Errors
/// [`AppError::Invalid`] for degrees that are no place on Earth.
pub(super) fn to_form(at: &str, answer: Answer) -> Result<forms::Answer, AppError> {
    Ok(match answer {
        Answer::Empty | Answer::Acknowledged { yes: false } => forms::Answer::Empty,
        Answer::Acknowledged { yes: true } => forms::Answer::Acknowledged,
        Answer::Text { text } => forms::Answer::Text(text),
        Answer::Integer { value } => forms::Answer::Integer(value),
        Answer::Decimal { value } => forms::Answer::Decimal(value),
        Answer::Date { date } => forms::Answer::Date(date),
        Answer::Time { time } => forms::Answer::Time(time),
        Answer::DateTime { moment } => forms::Answer::DateTime(moment),
        Answer::Choice { value } => forms::Answer::Choice(value),
        Answer::Choices { values } => forms::Answer::Choices(values),
        Answer::Point { lat, lon, datum, altitude, accuracy_m } => {
            let place = place(at, datum, lat, lon)?;
            forms::Answer::GeoPoint(forms::GeoPoint {
                lat: place.lat,
                lon: place.lon,
                altitude: altitude.unwrap_or(0.0),
                accuracy: accuracy_m,
            })
        }
    })
}

/// A fix as a geopoint, without an altitude.
///
/// # Errors
/// As [`place`].
pub(super) fn geopoint(at: &str, fix: &Fix) -> Result<forms::GeoPoint, AppError> {
    let Wgs84 { lat, lon } = place(at, fix.datum, fix.lat, fix.lon)?;
    Ok(forms::GeoPoint { lat, lon, altitude: 0.0, accuracy: fix.accuracy_m })
}

/// Degrees of any datum in WGS-84.
///
/// # Errors
/// [`AppError::Invalid`] for degrees that are no place on Earth.
pub(super) fn place(at: &str, datum: Datum, lat: f64, lon: f64) -> Result<Wgs84, AppError> {
    Ok(Position::new(datum_of(datum), lat, lon).map_err(|_| no_place(at))?.wgs84())
}

/// The same datum in casework's words.
fn datum_of(datum: Datum) -> CaseDatum {
    match datum {
        Datum::Wgs84 => CaseDatum::Wgs84,
        Datum::Gcj02 => CaseDatum::Gcj02,
        Datum::Bd09 => CaseDatum::Bd09,
    }
}

/// The same datum in the protocol's words.
pub(crate) fn wire_datum(datum: Datum) -> xuncha_wire::entity::Datum {
    match datum {
        Datum::Wgs84 => xuncha_wire::entity::Datum::Wgs84,
        Datum::Gcj02 => xuncha_wire::entity::Datum::Gcj02,
        Datum::Bd09 => xuncha_wire::entity::Datum::Bd09,
    }
}

fn no_place(at: &str) -> AppError {
    Words::new(
        "这个位置不在地球上，没有记下。其他内容都在。重新定位一次。",
        "These degrees are no place on Earth and were not taken. Everything else is kept. Locate again.",
    )
    .invalid(at)
}

/// Which control draws it.
pub(super) fn kind(kind: forms::QuestionKind) -> QuestionKind {
    use forms::QuestionKind as K;
    match kind {
        K::Note => QuestionKind::Note,
        K::Text => QuestionKind::Text,
        K::Integer => QuestionKind::Integer,
        K::Decimal => QuestionKind::Decimal,
        K::Date => QuestionKind::Date,
        K::Time => QuestionKind::Time,
        K::DateTime => QuestionKind::DateTime,
        K::GeoPoint => QuestionKind::GeoPoint,
        K::Barcode => QuestionKind::Barcode,
        K::SelectOne => QuestionKind::SelectOne,
        K::SelectMany => QuestionKind::SelectMany,
        K::Rank => QuestionKind::Rank,
        K::Range => QuestionKind::Range,
        K::Image => QuestionKind::Image,
        K::Audio | K::Video | K::File => QuestionKind::File,
        K::Trigger => QuestionKind::Acknowledge,
        K::Boolean | K::GeoTrace | K::GeoShape => QuestionKind::Other,
    }
}

/// Why an answer was not taken, in words. The engine's own text names nodes and no values.
pub(super) fn refused(error: &forms::AnswerError) -> AppError {
    use forms::AnswerError as E;
    let (at, zh, en) = match error {
        E::NoSuchNode(at) | E::NotAQuestion(at) | E::NotARepeat(at) => (
            at,
            "这一题现在不在表单里，没有改动。已填内容都在。",
            "This question is not in the form now; nothing was changed. What was filled is kept.",
        ),
        E::NotRelevant(at) => (
            at,
            "这一题现在不用填，没有改动。已填内容都在。",
            "This question does not apply now; nothing was changed. What was filled is kept.",
        ),
        E::Readonly(at) => (
            at,
            "这一题只能看，不能改。已填内容都在。",
            "This question can't be changed. What was filled is kept.",
        ),
        E::Kind { at, .. } => (
            at,
            "这个答案不合这一题的类型，没有记下。已填内容都在。",
            "This answer does not fit the question; it was not taken. What was filled is kept.",
        ),
        E::FixedRepeat(at) => (
            at,
            "这里的条数由表单定，不能增减。已填内容都在。",
            "The form fixes how many there are. What was filled is kept.",
        ),
        E::Limit { what, allowed } => {
            return Words::new(
                format!("超过了表单的上限{allowed}，没有改动。已填内容都在。"),
                format!("More than the form's limit of {allowed} ({what}); nothing was changed. What was filled is kept."),
            )
            .invalid("");
        }
        _ => return crate::error::internal(error),
    };
    Words::new(zh, en).invalid(at.clone())
}
