//! `cargo +nightly fuzz run look -- -rss_limit_mb=1024` in `core/photos`: any bytes are looked at, and what
//! is made of them is a whole JPEG.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_photos::{RenditionSpec, inspect, rendition, thumbnail};

fuzz_target!(|bytes: &[u8]| {
    let _ = inspect(bytes);
    if let Ok(made) = rendition(bytes, &RenditionSpec::STANDARD) {
        assert!(inspect(&made.bytes).condition.is_whole());
    }
    let _ = thumbnail(bytes);
});
