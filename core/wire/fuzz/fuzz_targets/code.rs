//! Any text as an enrolment code: `cargo +nightly fuzz run code` in `core/wire`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_wire::BlobId;
use xuncha_wire::enrol::EnrolCode;

fuzz_target!(|text: &str| {
    if let Ok(id) = text.parse::<BlobId>() {
        assert!(id.as_str() == text && !id.digits().contains(['/', '.', '\0']));
    }
    for text in [text.to_owned(), format!("XC1.{text}")] {
        if let Ok(code) = EnrolCode::from_text(&text) {
            assert_eq!(EnrolCode::from_text(&code.to_text().unwrap()), Ok(code));
        }
    }
});
