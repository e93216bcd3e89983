//! The examples of `docs/protocol.md` are read by the types they show, and come out as they went in.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what broke by breaking")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use xuncha_wire::{blob, body, enrol, entity, error, listed, pull, push};

const PAGE: &str = include_str!("../../../docs/protocol.md");

/// Fenced blocks as (name, text): ```` ```json name ````.
fn examples() -> Vec<(&'static str, &'static str)> {
    PAGE.split("```json ")
        .skip(1)
        .map(|block| {
            let (name, rest) = block.split_once('\n').unwrap();
            (name.trim(), rest.split_once("\n```").unwrap().0)
        })
        .collect()
}

fn comes_back<T: DeserializeOwned + Serialize>(name: &str, text: &str) {
    let value: T = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let shown: Value = serde_json::from_str(text).unwrap();
    let again = serde_json::to_value(&value).unwrap();
    // A field with a default may be added on the way back, never lost or changed.
    contains(name, &again, &shown);
}

fn contains(path: &str, whole: &Value, part: &Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, value) in part {
                let at = format!("{path}.{key}");
                // What is left out when empty or absent is not lost.
                let empty = value.is_null() || *value == Value::Array(vec![]) || *value == Value::Bool(false);
                match whole.get(key) {
                    Some(found) => contains(&at, found, value),
                    None => assert!(empty, "{at} was lost"),
                }
            }
        }
        (Value::Array(whole), Value::Array(part)) => {
            assert_eq!(whole.len(), part.len(), "{path}");
            whole.iter().zip(part).for_each(|(whole, part)| contains(path, whole, part));
        }
        _ => assert_eq!(whole, part, "{path}"),
    }
}

#[test]
fn every_example_of_the_protocol_page_is_what_the_code_reads_and_writes() {
    let examples = examples();
    assert!(examples.len() >= 16, "the page has lost its examples");
    for (name, text) in examples {
        match name {
            "error-body" => comes_back::<error::ErrorBody>(name, text),
            "enrol-code" => comes_back::<enrol::EnrolCode>(name, text),
            "enrol-request" => comes_back::<enrol::EnrolRequest>(name, text),
            "enrol-answer" => comes_back::<enrol::EnrolAnswer>(name, text),
            "challenge-request" => comes_back::<enrol::ChallengeRequest>(name, text),
            "challenge-answer" => comes_back::<enrol::ChallengeAnswer>(name, text),
            "token-request" => comes_back::<enrol::TokenRequest>(name, text),
            "token-answer" => comes_back::<enrol::TokenAnswer>(name, text),
            "push-header" => comes_back::<push::PushHeader>(name, text),
            "custody-line" => comes_back::<push::CustodyLine>(name, text),
            "op" => comes_back::<push::Op>(name, text),
            "entity-list" => comes_back::<listed::EntityListBody>(name, text),
            "listed" => comes_back::<listed::ListedBody>(name, text),
            "record-body" => comes_back::<body::RecordBody>(name, text),
            "case-report" => comes_back::<body::CaseReport>(name, text),
            "push-answer" => comes_back::<push::PushAnswer>(name, text),
            "custody-answer" => comes_back::<push::CustodyAnswer>(name, text),
            "form-body" => comes_back::<entity::FormBody>(name, text),
            "row" => comes_back::<pull::Row>(name, text),
            "trailer" => comes_back::<pull::Trailer>(name, text),
            "have-request" => comes_back::<blob::HaveRequest>(name, text),
            "have-answer" => comes_back::<blob::HaveAnswer>(name, text),
            other => panic!("no type for the example {other}"),
        }
    }
}

#[test]
fn the_page_names_every_error_code() {
    use error::ErrorCode as C;
    let all = [
        C::TokenUnknown,
        C::DeviceRevoked,
        C::CodeUnknown,
        C::CodeUsed,
        C::CodeExpired,
        C::BadSignature,
        C::BadMessage,
        C::NotFound,
        C::Outdated,
        C::Busy,
        C::WrongOffset,
        C::WrongHash,
        C::TooLarge,
        C::StorageFull,
        C::SlowDown,
        C::Internal,
    ];
    for code in all {
        let word = serde_json::to_value(code).unwrap();
        assert!(PAGE.contains(&format!("`{}`", word.as_str().unwrap())), "{word} is not on the page");
    }
}

#[test]
fn a_code_survives_scanning_and_nonsense_is_named() {
    let (_, text) = examples().into_iter().find(|(name, _)| *name == "enrol-code").unwrap();
    let code: enrol::EnrolCode = serde_json::from_str(text).unwrap();
    let scanned = format!("  {}\n", code.to_text().unwrap());
    assert_eq!(enrol::EnrolCode::from_text(&scanned).unwrap(), code);
    for nonsense in ["", "XC1.", "XC1.!!", "https://example.org", "XC1.e30"] {
        assert!(enrol::EnrolCode::from_text(nonsense).is_err(), "{nonsense}");
    }
}
