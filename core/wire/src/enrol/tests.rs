use proptest::prelude::*;

use super::*;

fn code() -> impl Strategy<Value = EnrolCode> {
    let pins = proptest::collection::vec("[A-Za-z0-9_-]{0,44}", 0..3);
    (".{0,40}", ".{0,40}", "[a-z0-9_-]{1,32}", ".{0,24}", any::<i64>(), pins).prop_map(
        |(hub, hub_id, tenant, code, expires_ms, pins)| EnrolCode {
            hub,
            hub_id,
            tenant: tenant.parse().unwrap(),
            code,
            expires_ms,
            pins,
        },
    )
}

proptest! {
    #[test]
    fn a_code_survives_its_text(code in code(), before in "[ \t\n]{0,3}") {
        let text = code.to_text().unwrap();
        prop_assert_eq!(EnrolCode::from_text(&format!("{before}{text}\n")), Ok(code));
    }

    #[test]
    fn a_code_that_was_scanned_wrong_breaks_nothing(code in code(), at in any::<prop::sample::Index>(), other in any::<char>()) {
        let mut letters: Vec<char> = code.to_text().unwrap().chars().collect();
        let at = at.index(letters.len());
        letters[at] = other;
        let text: String = letters.into_iter().collect();
        if let Err(error) = EnrolCode::from_text(&text) {
            prop_assert!(matches!(error, WireError::BadCode(_)), "{error:?}");
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".{0,120}") {
        let _ = EnrolCode::from_text(&text);
        let _ = EnrolCode::from_text(&format!("XC1.{text}"));
        let _ = decode("field", &text);
    }
}
