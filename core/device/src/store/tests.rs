//! The store on real files.

use std::path::Path;

use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::push::{OpKind, Verdict};
use xuncha_wire::{EntityId, Mark, OpId, Scope};

use super::open::Places;
use super::ops::{NewOp, OpState};
use super::*;
use crate::error::Words;
use crate::form_files::FormFiles;

fn places(folder: &Path) -> Places {
    Places { folder: folder.to_owned(), cache: folder.join("cache") }
}

fn op(nth: u8) -> NewOp {
    NewOp {
        op: OpId::from_parts(1, [nth; 10]),
        kind: OpKind::Record,
        entity: EntityId::from_parts(1, [nth; 10]),
        parent: None,
        scope: None,
        at_ms: 5,
        blobs: Vec::new(),
        body: format!(r#"{{"answer":"{}"}}"#, "清".repeat(300)).into_bytes(),
    }
}

fn with_ops(folder: &Path, count: u8) {
    let mut writer = open::writer(&places(folder), "t0").unwrap();
    for nth in 0..count {
        transact(&mut writer.mine, |tx| ops::add(tx, &op(nth))).unwrap();
    }
}

#[test]
fn a_fresh_file_has_the_schema_of_the_last_migration() {
    let folder = tempfile::tempdir().unwrap();
    let writer = open::writer(&places(folder.path()), "t0").unwrap();
    let schema = |connection: &Connection| -> String {
        let mut query = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
            .unwrap();
        let lines = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        lines.map(|line| line.unwrap() + ";\n").collect()
    };
    insta::assert_snapshot!("mine_schema", schema(&writer.mine));
    insta::assert_snapshot!("hub_schema", schema(&writer.hub));
}

#[test]
fn what_is_read_together_stood_together() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
    let mut reader = open::reader(&places(folder.path())).unwrap();
    let mut ask = |reader: &mut Reader| {
        let listed = ops::pending_heads(&reader.mine)?.len();
        // Someone finishes a form between two questions.
        transact(&mut writer.mine, |tx| ops::add(tx, &op(9)))?;
        Ok::<_, StoreError>((listed, ops::made(&reader.mine)?))
    };
    assert_eq!(reader.snapshot(&mut ask).unwrap(), (1, 1));
    assert_eq!(reader.snapshot(|reader| ops::made(&reader.mine)).unwrap(), 2);

    let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        reader.snapshot(|reader| -> Result<u64> {
            ops::made(&reader.mine)?;
            panic!("a question that breaks")
        })
    }));
    assert!(panics.is_err());
    transact(&mut writer.mine, |tx| ops::add(tx, &op(10))).unwrap();
    assert_eq!(reader.snapshot(|reader| ops::made(&reader.mine)).unwrap(), 3, "not an old snapshot");
}

#[test]
fn a_file_of_the_version_before_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 2);
    let path = places(folder.path()).mine();
    let old = Connection::open(&path).unwrap();
    old.execute_batch("DROP TABLE listed_change; PRAGMA user_version = 1").unwrap();
    drop(old);
    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    assert_eq!(ops::pending_heads(&writer.mine).unwrap().len(), 2);
    assert!(super::listed::pending(&writer.mine, "").unwrap().is_empty());
}

#[test]
fn photos_of_later_ops_are_known_also_where_a_list_was_spoilt() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
    let photo = |nth: u8| format!("s2:{}", format!("{nth:02x}").repeat(32)).parse().unwrap();
    for nth in 0..4 {
        let blobs = vec![photo(nth), photo(9)];
        transact(&mut writer.mine, |tx| ops::add(tx, &NewOp { blobs, ..op(nth) })).unwrap();
    }
    writer.mine.execute("UPDATE op SET blobs = '[\"s2:' WHERE n = 3", []).unwrap();
    let later = |n| {
        let mut ids: Vec<String> = ops::blobs_after(&writer.mine, n).unwrap().into_iter().collect();
        ids.sort();
        ids
    };
    assert_eq!(later(4), Vec::<String>::new());
    assert_eq!(later(1), [photo(1), photo(3), photo(9)].map(|id: xuncha_wire::BlobId| id.to_string()));
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    let path = places(folder.path()).mine();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let refused = open::writer(&places(folder.path()), "t1").map(|_| ());
    assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })));
    let kept = Connection::open(&path).unwrap();
    let count: i64 = kept.query_row("SELECT count(*) FROM op", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn pragmas_are_those_of_the_design() {
    let folder = tempfile::tempdir().unwrap();
    let writer = open::writer(&places(folder.path()), "t0").unwrap();
    let pragma = |c: &Connection, name: &str| -> String {
        c.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| format!("{value:?}"))
            .unwrap()
    };
    assert_eq!(pragma(&writer.mine, "synchronous"), "Integer(2)");
    assert_eq!(pragma(&writer.hub, "synchronous"), "Integer(1)");
    assert_eq!(pragma(&writer.mine, "journal_mode"), "Text(\"wal\")");
    let reader = open::reader(&places(folder.path())).unwrap();
    assert!(reader.mine.execute("DELETE FROM op", []).is_err());
}

#[test]
fn ops_are_numbered_densely_and_settled_once() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 3);
    let mut writer = open::writer(&places(folder.path()), "t1").unwrap();
    let heads = ops::pending_heads(&writer.mine).unwrap();
    assert_eq!(heads.iter().map(|h| h.n).collect::<Vec<_>>(), [1, 2, 3]);
    transact(&mut writer.mine, |tx| {
        ops::settle(tx, heads[1].op, OpState::Applied, true, &Verdict::Applied)?;
        // A late answer of another kind does not undo it.
        ops::settle(tx, heads[1].op, OpState::Pending, false, &Verdict::Retry)
    })
    .unwrap();
    let settled = ops::numbered(&writer.mine, 2).unwrap().unwrap();
    assert_eq!(settled.state, OpState::Applied);
    assert_eq!(ops::counts(&writer.mine).unwrap(), ops::OpCounts { made: 3, held: 1, waiting: 2 });
    assert_eq!(ops::offer_again(&writer.mine).unwrap(), 1);
    assert_eq!(ops::counts(&writer.mine).unwrap(), ops::OpCounts { made: 3, held: 0, waiting: 3 });
}

#[test]
fn what_an_op_tells_of_is_needed_until_it_took_effect_or_its_author_left_it() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    let mut writer = open::writer(&places(folder.path()), "t1").unwrap();
    let (id, entity) = (op(0).op, op(0).entity.to_string());
    let needed = |writer: &Writer| ops::is_needed(&writer.mine, &entity).unwrap();
    assert!(needed(&writer), "pending");
    assert!(!ops::is_needed(&writer.mine, &op(9).entity.to_string()).unwrap(), "another thing");
    for state in [OpState::Quarantined, OpState::Refused] {
        transact(&mut writer.mine, |tx| ops::settle(tx, id, state, true, &Verdict::Applied)).unwrap();
        assert!(needed(&writer), "{state:?}");
    }
    transact(&mut writer.mine, |tx| ops::leave(tx, &id.to_string())).unwrap();
    assert!(!needed(&writer), "left");
}

#[test]
fn a_changed_body_is_found_when_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    writer.mine.execute("UPDATE op SET body = CAST(body || x'00' AS BLOB)", []).unwrap();
    let found = ops::numbered(&writer.mine, 1).unwrap().unwrap();
    assert!(matches!(found.body(), Err(StoreError::Damaged(_))));
}

#[test]
fn a_flipped_page_moves_the_file_aside_and_rescues_the_other_rows() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 60);
    let path = places(folder.path()).mine();
    let mut bytes = std::fs::read(&path).unwrap();
    // Overwrite one page in the later half, where bodies lie.
    let pages = bytes.len() / 4096;
    assert!(pages > 20, "the file is too small for this test: {pages} pages");
    for byte in &mut bytes[(pages - 6) * 4096..(pages - 5) * 4096] {
        *byte = 0xA5;
    }
    std::fs::write(&path, &bytes).unwrap();

    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    let kept = std::fs::read(places(folder.path()).damaged().join("t1-mine.db")).unwrap();
    assert_eq!(kept, bytes, "the damaged file is kept unchanged");
    let rescued = ops::pending_heads(&writer.mine).unwrap().len();
    assert!((40..60).contains(&rescued), "rescued {rescued} of 60");
    for head in ops::pending_heads(&writer.mine).unwrap() {
        ops::numbered(&writer.mine, head.n).unwrap().unwrap().body().unwrap();
    }
    let notices: Vec<Words> = meta::read(&writer.mine, meta::NOTICES).unwrap().unwrap();
    assert_eq!(notices.len(), 1);
}

/// A store whose file is damaged in one page, and how it was before the first start after that.
fn damaged(folder: &Path) -> Vec<u8> {
    with_ops(folder, 60);
    let path = places(folder).mine();
    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    bytes[(pages - 6) * 4096..(pages - 5) * 4096].fill(0xA5);
    std::fs::write(&path, &bytes).unwrap();
    bytes
}

fn rescued_ops(folder: &Path) -> usize {
    let writer = open::writer(&places(folder), "t2").unwrap();
    let notices: Vec<Words> = meta::read(&writer.mine, meta::NOTICES).unwrap().unwrap_or_default();
    assert_eq!(notices.len(), 1, "the damage is told");
    ops::pending_heads(&writer.mine).unwrap().len()
}

#[test]
fn a_rescue_that_finds_no_room_leaves_the_damaged_file_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = damaged(folder.path());
    // No file can be made where the working copy would be: as on a full disk.
    let work = folder.path().join("mine.db.work");
    std::fs::create_dir(&work).unwrap();
    assert!(open::writer(&places(folder.path()), "t1").is_err());
    assert_eq!(std::fs::read(places(folder.path()).mine()).unwrap(), bytes);
    std::fs::remove_dir(&work).unwrap();
    assert!(rescued_ops(folder.path()) >= 40);
}

#[test]
fn a_rescue_that_is_killed_before_it_is_whole_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    damaged(folder.path());
    // What a kill in the middle leaves: half a rescue beside the damaged file.
    std::fs::write(folder.path().join("mine.db.rescued"), b"half").unwrap();
    std::fs::write(folder.path().join("mine.db.work"), b"half").unwrap();
    std::fs::write(folder.path().join("mine.db.work-wal"), b"half").unwrap();
    assert!(rescued_ops(folder.path()) >= 40);
}

#[test]
fn a_rescue_that_is_killed_between_the_two_renames_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 3);
    let places = places(folder.path());
    let (mine, rescued) = (places.mine(), folder.path().join("mine.db.rescued"));
    std::fs::copy(&mine, &rescued).unwrap();
    // The damaged file is away, its log and its first page are not yet.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::rename(&mine, elsewhere.path().join("mine.db")).unwrap();
    std::fs::write(folder.path().join("mine.db-wal"), b"of the damaged one").unwrap();
    let writer = open::writer(&places, "t1").unwrap();
    assert_eq!(ops::counts(&writer.mine).unwrap().made, 3);
    assert!(!rescued.exists());
    assert!(places.damaged().join("t1-mine.db-wal").exists());
}

#[test]
fn an_overwritten_head_is_rescued_by_the_copy_of_page_one() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 20);
    let path = places(folder.path()).mine();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..100].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    assert_eq!(ops::pending_heads(&writer.mine).unwrap().len(), 20);
}

#[test]
fn an_emptied_file_is_reported_and_not_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    std::fs::write(places(folder.path()).mine(), b"").unwrap();
    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    let notices: Vec<Words> = meta::read(&writer.mine, meta::NOTICES).unwrap().unwrap();
    assert_eq!(notices.len(), 1);
}

#[test]
fn a_damaged_replica_is_made_anew_from_cursor_zero() {
    let folder = tempfile::tempdir().unwrap();
    {
        let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
        transact(&mut writer.hub, |tx| {
            cursor::save(tx, &Scope::city(), &Mark { seq: 9, mark: "aa".into() }, ScopeSum::default())
        })
        .unwrap();
    }
    let path = places(folder.path()).hub();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.iter_mut().take(4096).for_each(|byte| *byte = 7);
    std::fs::write(&path, &bytes).unwrap();
    let writer = open::writer(&places(folder.path()), "t1").unwrap();
    assert!(cursor::load(&writer.hub).unwrap().0.is_empty());
    assert!(places(folder.path()).damaged().join("t1-hub.db").exists());
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_not_a_corrupt_one() {
    let folder = tempfile::tempdir().unwrap();
    with_ops(folder.path(), 1);
    let path = places(folder.path()).mine();
    // A folder in its place can't be opened as a file, whoever runs the test.
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::create_dir(&path).unwrap();
    let refused = open::writer(&places(folder.path()), "t1").map(|_| ());
    assert!(matches!(refused, Err(StoreError::Sqlite { .. })), "{refused:?}");
    assert!(!places(folder.path()).damaged().exists());
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&aside, &path).unwrap();
    let writer = open::writer(&places(folder.path()), "t2").unwrap();
    assert_eq!(ops::counts(&writer.mine).unwrap().made, 1);
}

#[test]
fn a_scope_that_is_dropped_keeps_what_own_work_needs() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
    let district = Scope::district("d1").unwrap();
    transact(&mut writer.hub, |tx| {
        replica::put(tx, &district, "case", "mine", 1, b"{}")?;
        replica::put(tx, &district, "case", "other", 1, b"{}")?;
        replica::put(tx, &Scope::city(), "case", "shared", 1, b"{}")?;
        replica::put(tx, &district, "case", "shared", 1, b"{}")?;
        replica::drop_scope(tx, &district, &|_, id| Ok(id == "mine"))
    })
    .unwrap();
    let here = |id: &str| replica::get::<serde_json::Value>(&writer.hub, "case", id).unwrap().is_some();
    assert_eq!((here("mine"), here("other"), here("shared")), (true, false, true));
}

#[test]
fn an_older_version_from_another_feed_does_not_take_a_thing_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
    transact(&mut writer.hub, |tx| {
        replica::put(tx, &Scope::city(), "unit", "u", 5, b"5")?;
        replica::put(tx, &Scope::district("d1").unwrap(), "unit", "u", 4, b"4")
    })
    .unwrap();
    assert_eq!(replica::get::<u32>(&writer.hub, "unit", "u").unwrap(), Some(5));
}

#[test]
fn forms_of_the_first_replica_are_on_offer_after_the_second_migration() {
    let folder = tempfile::tempdir().unwrap();
    let path = places(folder.path()).hub();
    let mut old = Connection::open(&path).unwrap();
    migrate::migrate(&mut old, &migrate::HUB[..1]).unwrap();
    let body = br#"{"form":"visit","version":"3","title":"t","xml":"<x/>"}"#;
    for (kind, id) in [("form", "visit"), ("site", "s")] {
        replica::put(&old, &Scope::city(), kind, id, 1, body).unwrap();
    }
    drop(old);
    let writer = open::writer(&places(folder.path()), "t0").unwrap();
    let offered = forms::all(&writer.hub).unwrap();
    assert_eq!(offered.iter().map(|form| form.form.as_str()).collect::<Vec<_>>(), ["visit"]);
    assert_eq!(forms::get(&writer.hub, "visit").unwrap().as_ref(), offered.first());
}

#[test]
fn a_form_is_offered_as_it_was_last_whole_until_its_files_are_here() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open::writer(&places(folder.path()), "t0").unwrap();
    let files = FormFiles::open(places(folder.path()).form_files()).unwrap();
    let file = |bytes: &[u8]| xuncha_wire::entity::FormFile {
        src: "jr://file-csv/a.csv".into(),
        id: xuncha_wire::BlobId::of(bytes),
        size: bytes.len() as u64,
    };
    let comes = |bytes: &[u8]| {
        files.append(&file(bytes), bytes).unwrap();
        assert!(files.complete(&file(bytes)).unwrap());
    };
    let mut hub_sends = |version: u64, bytes: &[u8]| {
        let body = serde_json::json!({"form": "f", "version": "1", "title": version.to_string(), "xml": "", "files": [file(bytes)]});
        transact(&mut writer.hub, |tx| {
            replica::put(tx, &Scope::city(), "form", "f", version, body.to_string().as_bytes())?;
            forms::offer(tx, &files, true)
        })
        .unwrap()
    };
    let reader = open::reader(&places(folder.path())).unwrap();
    let offered = || forms::get(&reader.hub, "f").unwrap().map(|form| form.title);
    assert!(!hub_sends(1, b"one"));
    assert_eq!(
        (offered(), forms::waiting(&reader.hub, &files).unwrap()),
        (None, 1),
        "nothing that can't be opened"
    );
    comes(b"one");
    assert!(hub_sends(1, b"one"));
    assert!(!hub_sends(2, b"two"));
    assert_eq!((offered().as_deref(), forms::waiting(&reader.hub, &files).unwrap()), (Some("1"), 1));
    let needed = forms::needed(&reader).unwrap();
    assert_eq!(needed, [file(b"two"), file(b"one")], "what is on offer keeps its file");
    comes(b"two");
    assert!(hub_sends(2, b"two") && !hub_sends(2, b"two"));
    assert_eq!((offered().as_deref(), forms::waiting(&reader.hub, &files).unwrap()), (Some("2"), 0));
    // What storage damaged is taken from the replica again, and meanwhile left out.
    open::writer(&places(folder.path()), "t1")
        .unwrap()
        .hub
        .execute("UPDATE form_offered SET body = x'0100'", [])
        .unwrap();
    assert_eq!(forms::all(&reader.hub).unwrap(), []);
    assert!(hub_sends(2, b"two"));
    assert_eq!(offered().as_deref(), Some("2"));
    // The feed is pulled anew: between its pages a form is missing, and stays on offer.
    let district = Scope::city();
    transact(&mut writer.hub, |tx| {
        replica::drop_scope(tx, &district, &|_, _| Ok(false))?;
        forms::offer(tx, &files, false)
    })
    .unwrap();
    assert_eq!(offered().as_deref(), Some("2"));
    assert!(transact(&mut writer.hub, |tx| forms::offer(tx, &files, true)).unwrap());
    assert_eq!(offered(), None, "the office took it back");
}
