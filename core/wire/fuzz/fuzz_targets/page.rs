//! Any bytes as a page of a feed: `cargo +nightly fuzz run page` in `core/wire`. A page that applies leads to a cursor
//! that reads back, and does not apply there once more unless it brought nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_wire::Cursor;
use xuncha_wire::pull::{Fit, Page};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(cursor) = Cursor::from_text(&text) {
        assert_eq!(Cursor::from_text(&cursor.to_text()).as_ref(), Ok(&cursor));
    }
    let Ok(page) = Page::read(bytes) else { return };
    let again = Page::read(&page.write().unwrap()).unwrap();
    assert_eq!(again.trailer, page.trailer);
    assert_eq!(again.rows.len(), page.rows.len());
    let start = Cursor::default();
    if page.applies_to(&start) == Fit::Applies
        && let Ok(after) = page.cursor_after(&start)
    {
        assert!(after.0.keys().all(|scope| page.trailer.scopes.contains(scope)));
        let _ = page.trailer.mismatches(&Default::default());
    }
});
