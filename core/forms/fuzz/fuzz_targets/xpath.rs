//! Any text as XPath: what parses prints as XPath that parses. `cargo +nightly fuzz run xpath`
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_forms::xpath::parse;

fuzz_target!(|text: &str| {
    if let Ok(tree) = parse(text, 100) {
        let printed = tree.to_string();
        assert!(parse(&printed, 200).is_ok(), "{printed}");
    }
});
