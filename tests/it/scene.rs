//! The acceptance scene: its figures come out of synced records.

use xuncha_system_tests::demo::moment;

#[test]
fn the_moments_of_the_scene_are_those_of_the_calendar() {
    assert_eq!(moment("2026-07-08", 14, 30), xuncha_system_tests::phone::SCENE_START_MS);
    assert_eq!(moment("2026-08-01", 0, 0) - moment("2026-07-31", 0, 0), 86_400_000);
}
