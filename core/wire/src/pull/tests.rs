use proptest::prelude::*;

use super::*;

fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

fn page(from: &[(&str, u64)], to: &[(&str, &str)], scopes: &[&str], reset: &[&str]) -> Page {
    let trailer = Trailer {
        epoch: Epoch::from_parts(1, [7; 10]),
        scopes: scopes.iter().map(|s| scope(s)).collect(),
        from: from.iter().map(|(s, q)| (scope(s), *q)).collect(),
        to: to.iter().map(|(s, t)| (scope(s), (*t).to_owned())).collect(),
        more: false,
        reset: reset.iter().map(|s| scope(s)).collect(),
        sum: BTreeMap::new(),
        hub_ms: 0,
        held: 0,
        photos_held: 0,
        safe_n: 0,
    };
    let row = Row { s: scope("d/1"), q: 6, k: "site".into(), id: "a".into(), v: 1, leave: false, b: None };
    Page { rows: vec![row], trailer }
}

fn standing_at(seq: u64) -> Cursor {
    Cursor(BTreeMap::from([(scope("d/1"), Mark { seq, mark: "00ff00ff".into() })]))
}

#[test]
fn a_page_applies_only_where_it_starts() {
    let page = page(&[("d/1", 5)], &[("d/1", "6.0a0b0c0d")], &["d/1"], &[]);
    assert_eq!(page.applies_to(&standing_at(5)), Fit::Applies);
    assert_eq!(page.applies_to(&standing_at(4)), Fit::Stale, "would skip a row");
    assert_eq!(page.applies_to(&standing_at(6)), Fit::Stale, "was delivered twice");
}

#[test]
fn a_reset_feed_starts_at_nothing_wherever_i_stood() {
    let page = page(&[("d/1", 0)], &[("d/1", "6.0a0b0c0d")], &["d/1"], &["d/1"]);
    assert_eq!(page.applies_to(&standing_at(900)), Fit::Applies);
}

#[test]
fn a_row_of_a_feed_the_trailer_does_not_name_makes_the_page_stale() {
    let page = page(&[("u/88", 5)], &[], &["d/1", "u/88"], &[]);
    assert_eq!(page.applies_to(&standing_at(5)), Fit::Stale);
}

#[test]
fn a_scope_that_is_no_longer_granted_leaves_the_cursor() {
    let page = page(&[("d/1", 5)], &[], &["u/88"], &[]);
    assert_eq!(page.cursor_after(&standing_at(5)).unwrap(), Cursor::default());
}

#[test]
fn a_cut_page_is_dropped_whole() {
    let bytes = page(&[("d/1", 5)], &[("d/1", "6.0a0b0c0d")], &["d/1"], &[]).write().unwrap();
    assert!(Page::read(&bytes).is_ok());
    let cut_at = |n: usize| Page::read(&bytes[..n]).unwrap_err();
    for n in 0..bytes.len() - 1 {
        assert!(matches!(cut_at(n), WireError::Truncated | WireError::BadMessage { .. }), "cut at {n}");
    }
}

proptest! {
    #[test]
    fn a_page_that_was_changed_on_the_way_breaks_nothing(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), seq in 0_u64..9
    ) {
        let whole = page(&[("d/1", 5)], &[("d/1", "6.0a0b0c0d")], &["d/1", "t"], &["t"]);
        let mut bytes = whole.write().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(page) = Page::read(&bytes)
            && page.applies_to(&standing_at(seq)) == Fit::Applies
        {
            let _ = page.cursor_after(&standing_at(seq));
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Page::read(&bytes);
    }
}
