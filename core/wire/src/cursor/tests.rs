use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_cursor_survives_its_text(feeds in proptest::collection::btree_map("[a-z]/[a-z0-9]{1,6}", (any::<u64>(), "[0-9a-f]{8}"), 0..5)) {
        let cursor = Cursor(feeds.into_iter().map(|(scope, (seq, mark))| (scope.parse().unwrap(), Mark { seq, mark })).collect());
        prop_assert_eq!(Cursor::from_text(&cursor.to_text()).unwrap(), cursor);
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".{0,80}") {
        let _ = Cursor::from_text(&text);
    }

    #[test]
    fn rows_may_come_and_go_in_any_order(rows in proptest::collection::vec(("[a-z]{1,4}", "[a-z]{1,4}", any::<u64>()), 0..20)) {
        let forth = rows.iter().fold(ScopeSum::default(), |sum, (k, i, v)| sum.with(k, i, *v));
        let back = rows.iter().rev().fold(ScopeSum::default(), |sum, (k, i, v)| sum.with(k, i, *v));
        prop_assert_eq!(forth, back);
        let none = rows.iter().fold(forth, |sum, (k, i, v)| sum.without(k, i, *v));
        prop_assert_eq!(none, ScopeSum::default());
    }
}

#[test]
fn the_checksum_of_a_row_is_fixed_for_ever() {
    // Both sides of a sync may be years apart: a changed hash would re-pull every scope.
    assert_eq!(row_hash("case", "0199a000-0000-7000-8000-000000000001", 3), 0xdfbf_286a_98e1_0860);
}
