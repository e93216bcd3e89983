use std::collections::BTreeMap;

use xuncha_wire::Mark;
use xuncha_wire::pull::Trailer;

use super::*;
use crate::env::{SeededRandomness, SetClock};
use crate::store::open::{self as files, Places};

fn env() -> Env {
    Env::new(SetClock::at(5, 480), SeededRandomness::new(1))
}

/// Two sites of a district, from `from` on.
fn page(from: u64) -> Page {
    let district = Scope::district("d1").unwrap();
    let row = |q: u64| Row {
        s: district.clone(),
        q,
        k: entity::KIND_SITE.into(),
        id: format!("site-{q}"),
        v: 1,
        leave: false,
        b: Some(serde_json::value::RawValue::from_string("{}".into()).unwrap()),
    };
    let trailer = Trailer {
        epoch: Epoch::from_parts(1, [7; 10]),
        scopes: vec![district.clone()],
        from: BTreeMap::from([(district.clone(), from)]),
        to: BTreeMap::from([(district.clone(), format!("{}.0a0b0c0d", from + 2))]),
        more: true,
        reset: Vec::new(),
        sum: BTreeMap::new(),
        hub_ms: 9,
        held: 0,
        photos_held: 0,
        safe_n: 0,
    };
    Page { rows: vec![row(from + 1), row(from + 2)], trailer }
}

fn files_of(folder: &tempfile::TempDir) -> FormFiles {
    FormFiles::open(folder.path().join("form-files")).unwrap()
}

fn seq(writer: &Writer) -> u64 {
    cursor::load(&writer.hub).unwrap().seq(&Scope::district("d1").unwrap())
}

#[test]
fn a_page_is_applied_only_where_the_replica_stands() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { folder: folder.path().to_owned(), cache: folder.path().join("cache") };
    let mut writer = files::writer(&places, "t0").unwrap();
    let put = |writer: &mut Writer, from: u64| {
        let page = page(from);
        let after = page.cursor_after(&Cursor::default()).unwrap();
        apply(writer, &page, &[], &after, &env(), &files_of(&folder)).map(|(sums, _)| sums)
    };
    let sums = put(&mut writer, 0).unwrap();
    assert_eq!(sums.values().map(|sum| sum.count).sum::<u64>(), 2);
    assert_eq!(seq(&writer), 2);
    assert!(put(&mut writer, 0).is_err(), "delivered twice");
    assert!(put(&mut writer, 5).is_err(), "would skip rows");
    put(&mut writer, 2).unwrap();
    assert_eq!(seq(&writer), 4);

    // Someone signs out while a sync is under way: its next page must not land in an empty replica.
    transact(&mut writer.hub, |tx| cursor::forget_all(tx)).unwrap();
    assert!(put(&mut writer, 4).is_err());
    assert_eq!((seq(&writer), cursor::load(&writer.hub).unwrap()), (0, Cursor::default()));
}

#[test]
fn rows_and_cursor_are_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { folder: folder.path().to_owned(), cache: folder.path().join("cache") };
    let mut writer = files::writer(&places, "t0").unwrap();
    // The cursor can't be written: no row may stay either.
    writer
        .hub
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON cursor BEGIN SELECT RAISE(ABORT, 'full'); END")
        .unwrap();
    let page = page(0);
    let after = page.cursor_after(&Cursor::default()).unwrap();
    assert!(apply(&mut writer, &page, &[], &after, &env(), &files_of(&folder)).is_err());
    let rows: i64 = writer.hub.query_row("SELECT count(*) FROM replica", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0);
    writer.hub.execute_batch("DROP TRIGGER full").unwrap();
    apply(&mut writer, &page, &[], &after, &env(), &files_of(&folder)).unwrap();
    let at = cursor::load(&writer.hub).unwrap();
    assert_eq!(at.0.values().next(), Some(&Mark { seq: 2, mark: "0a0b0c0d".into() }));
}

#[test]
fn the_checksum_of_a_feed_is_that_of_what_it_shows_now() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { folder: folder.path().to_owned(), cache: folder.path().join("cache") };
    let mut writer = files::writer(&places, "t0").unwrap();
    let mut put = |page: &Page| {
        let after = page.cursor_after(&Cursor::default()).unwrap();
        apply(&mut writer, page, &[], &after, &env(), &files_of(&folder)).unwrap().0
    };
    put(&page(0));
    // One site changes, the other leaves.
    let mut next = page(2);
    let [changed, gone] = &mut next.rows[..] else { panic!("two rows") };
    (changed.id, changed.v) = ("site-1".into(), 2);
    (gone.id, gone.leave, gone.b) = ("site-2".into(), true, None);
    let sums = put(&next);
    let shown = ScopeSum::default().with(entity::KIND_SITE, "site-1", 2);
    assert_eq!(sums.into_values().collect::<Vec<_>>(), [shown]);
}

#[test]
fn a_restored_hub_is_offered_the_photos_again_too() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { folder: folder.path().to_owned(), cache: folder.path().join("cache") };
    let mut writer = files::writer(&places, "t0").unwrap();
    let id = xuncha_wire::BlobId::of(b"a photo").to_string();
    let row = "INSERT INTO photo (id, file, size, mime, width, height, damage, made_ms, held, arrived)
               VALUES (?1, 'a/b.jpg', 7, 'image/jpeg', 1, 1, '', 1, 0, 0)";
    writer.mine.execute(row, [&id]).unwrap();
    let used = "INSERT INTO photo_use (owner, photo, bound, body, sha) VALUES ('r', ?1, 1, x'', x'')";
    writer.mine.execute(used, [&id]).unwrap();
    mark(&mut writer, &id, &PhotoMark::Held).unwrap();
    assert_eq!(photos::waiting(&writer.mine).unwrap(), []);
    set_epoch(&mut writer, Epoch::from_parts(2, [8; 10]), true).unwrap();
    let waiting = photos::waiting(&writer.mine).unwrap();
    assert_eq!(waiting.iter().map(|photo| (&photo.id, photo.arrived)).collect::<Vec<_>>(), [(&id, 0)]);
}
