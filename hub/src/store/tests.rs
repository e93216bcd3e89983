//! The store on SQLite: texts, transactions, feeds.

use std::collections::BTreeMap;

use tempfile::TempDir;
use xuncha_wire::cursor::ScopeSum;

use super::feed::Changes;
use super::{Db, E, V, schema};

fn fresh() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_lite(&folder.path().join("hub.db")).unwrap();
    (folder, db)
}

#[test]
fn a_fresh_database_has_the_committed_schema() {
    let (folder, db) = fresh();
    let connection = rusqlite::Connection::open(folder.path().join("hub.db")).unwrap();
    let mut texts =
        connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    let texts: Vec<String> = texts.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    drop(db);
    insta::assert_snapshot!("schema", texts.join(";\n"));
}

/// Makes an empty file one of an older version.
fn of_version(file: &rusqlite::Connection, version: usize) {
    for text in &schema::MIGRATIONS[..version] {
        file.execute_batch(&schema::for_sqlite(text)).unwrap();
    }
    file.pragma_update(None, "user_version", version as i64).unwrap();
}

/// A file of the version before the one that brought a table, opened by this one: rows of units and of the table.
fn upgraded(table: &str) -> (i64, i64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.db");
    let old = rusqlite::Connection::open(&file).unwrap();
    let brings = format!("CREATE TABLE {table} (");
    let before = schema::MIGRATIONS.iter().position(|text| text.contains(&brings)).unwrap();
    of_version(&old, before);
    old.execute(
        "INSERT INTO unit (tenant, id, name, kind, district) VALUES ('a', 'u', 'n', 'k', 'east')",
        [],
    )
    .unwrap();
    drop(old);
    drop(Db::open_lite(&file).unwrap());
    let now = rusqlite::Connection::open(&file).unwrap();
    let count = |table| now.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |r| r.get(0)).unwrap();
    (count("unit"), count(table))
}

/// Each migration on a file of the version before it: what was there stays.
#[test]
fn a_database_of_the_version_before_gets_the_table_of_districts() {
    assert_eq!(upgraded("district"), (1, 0));
}

#[test]
fn a_database_of_the_version_before_gets_entity_lists() {
    assert_eq!(upgraded("listed"), (1, 0));
}

#[test]
fn every_table_is_strict_without_null_and_keyed_by_tenant() {
    let (folder, _db) = fresh();
    let connection = rusqlite::Connection::open(folder.path().join("hub.db")).unwrap();
    let mut tables = connection.prepare("SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'").unwrap();
    let tables: Vec<(String, i64, i64)> = tables
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(tables.len() > 20);
    for (table, strict, without_rowid) in tables {
        // Only rows far shorter than a page, which are found by their key.
        let keyed = ["device_photo", "fact", "feed", "op_verdict"].contains(&table.as_str());
        assert_eq!((strict, without_rowid), (1, i64::from(keyed)), "{table}");
        let mut columns = connection
            .prepare(&format!("SELECT name, \"notnull\", pk FROM pragma_table_info('{table}')"))
            .unwrap();
        let columns: Vec<(String, i64, i64)> = columns
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (column, not_null, pk) in columns {
            assert_eq!(not_null, 1, "{table}.{column}");
            assert_eq!(pk == 1, column == "tenant", "{table}.{column}");
        }
    }
}

#[tokio::test]
async fn parameters_are_bound_by_name_and_may_stand_in_any_order() {
    let (_folder, db) = fresh();
    let text = db.read(|tx| tx.one("SELECT $2 || $1 || $2", &[V::T("a"), V::T("b")], |r| r.text(0))).await;
    assert_eq!(text.unwrap().as_deref(), Some("bab"));
    let missing = db.read(|tx| tx.one("SELECT $2 || $1", &[V::T("a")], |r| r.text(0))).await;
    assert!(matches!(missing, Err(E::Other(_))));
    let wrong = db.read(|tx| tx.one("SELECT 1", &[], |r| r.text(0))).await;
    assert!(matches!(wrong, Err(E::Damaged(_))));
}

const UNIT: &str = "INSERT INTO unit (tenant, id, name, kind, district) VALUES ('a', $1, 'n', 'k', 'd')";

async fn units(db: &Db) -> i64 {
    db.read(|tx| tx.one("SELECT COUNT(*) FROM unit WHERE tenant = 'a'", &[], |r| r.int(0)))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_unit_of_work_that_fails_or_panics_leaves_nothing_and_others_go_on() {
    let (_folder, db) = fresh();
    let failed = db.write(|tx| {
        tx.exec(UNIT, &[V::T("u1")])?;
        tx.exec(UNIT, &[V::T("u1")])
    });
    let panicked = db.write(|tx| -> Result<(), E> {
        tx.exec(UNIT, &[V::T("u2")])?;
        panic!("on purpose")
    });
    let fine = db.write(|tx| tx.exec(UNIT, &[V::T("u3")]));
    let (failed, panicked, fine) = tokio::join!(failed, panicked, fine);
    assert!(matches!(failed, Err(E::Constraint(_))), "{failed:?}");
    assert_eq!(panicked, Err(E::Panicked));
    assert_eq!(fine, Ok(1));
    assert_eq!(units(&db).await, 1);
}

#[tokio::test]
async fn a_reader_can_not_write() {
    let (_folder, db) = fresh();
    assert!(db.read(|tx| tx.exec(UNIT, &[V::T("u1")])).await.is_err());
    assert_eq!(units(&db).await, 0);
}

#[tokio::test]
async fn work_completes_when_its_caller_has_gone() {
    let (_folder, db) = fresh();
    let gone = tokio::time::timeout(
        std::time::Duration::ZERO,
        db.write(|tx| {
            std::thread::sleep(std::time::Duration::from_millis(30));
            tx.exec(UNIT, &[V::T("u1")])
        }),
    );
    assert!(gone.await.is_err());
    db.write(|_| Ok(())).await.unwrap();
    assert_eq!(units(&db).await, 1);
}

#[tokio::test]
async fn a_newer_database_is_refused_not_touched() {
    let (folder, db) = fresh();
    drop(db);
    let file = folder.path().join("hub.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(Db::open_lite(&file).is_err());
    let connection = rusqlite::Connection::open(&file).unwrap();
    let version: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
    assert_eq!(version, 99);
}

#[tokio::test]
async fn twenty_writers_leave_every_feed_gapless_and_its_checksum_right() {
    let (_folder, db) = fresh();
    let mut writers = Vec::new();
    for writer in 0..20_i64 {
        let db = db.clone();
        writers.push(tokio::spawn(async move {
            for round in 0..10_i64 {
                let change = move |tx: &mut dyn super::Tx| {
                    let mut changes = Changes::default();
                    changes.show("d/east", "case", &format!("c{}", (writer * 7 + round) % 50), round + 1);
                    changes.show(&format!("u/{}", writer % 4), "case", &format!("w{writer}-{round}"), 1);
                    if round % 3 == 2 {
                        changes.leave("d/east", "case", &format!("c{}", (writer + round) % 50), round + 1);
                    }
                    changes.commit(tx, "a", "0a0b0c0d", 1)
                };
                db.write(change).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let (rows, scopes) = db
        .read(|tx| {
            let rows = tx.all(
                "SELECT scope, seq, kind, id, ver, leave FROM feed WHERE tenant = 'a' ORDER BY scope, seq",
                &[],
                |r| Ok((r.text(0)?, r.int(1)?, r.text(2)?, r.text(3)?, r.int(4)?, r.int(5)?)),
            )?;
            let scopes = tx.all("SELECT scope, seq, held, sum FROM scope WHERE tenant = 'a'", &[], |r| {
                Ok((r.text(0)?, r.int(1)?, r.int(2)?, r.int(3)?))
            })?;
            Ok((rows, scopes))
        })
        .await
        .unwrap();
    let mut sums: BTreeMap<String, ScopeSum> = BTreeMap::new();
    for (scope, _, kind, id, ver, leave) in &rows {
        if *leave == 0 {
            let sum = sums.entry(scope.clone()).or_default();
            *sum = sum.with(kind, id, *ver as u64);
        }
    }
    assert_eq!(scopes.len(), 5);
    for (scope, seq, held, sum) in scopes {
        let top = rows.iter().filter(|r| r.0 == scope).map(|r| r.1).max().unwrap();
        assert_eq!(top, seq, "{scope}: the counter stands at the last row");
        assert_eq!(sums[&scope], ScopeSum { count: held as u64, hash: sum as u64 }, "{scope}");
        if scope.starts_with("u/") {
            let numbers: Vec<i64> = rows.iter().filter(|r| r.0 == scope).map(|r| r.1).collect();
            assert_eq!(numbers, (1..=50).collect::<Vec<_>>(), "{scope}: no number is missing");
        }
    }
}

#[test]
fn bytes_in_custody_of_the_second_schema_get_their_envelope() {
    let mut file = rusqlite::Connection::open_in_memory().unwrap();
    of_version(&file, 2);
    let insert =
        "INSERT INTO op (tenant, op, device, person, n, kind, entity, parent, received_ms, device_ms,
                      clock_ms, sha, bytes)
                  VALUES ('t', ?1, 'd', 'p', 1, 'unread', '', '', 0, 0, 0, x'00', ?2)";
    let bodies: [&[u8]; 3] = [b"{\"op\":1}", b"\x00\xff\x00 poison", b""];
    for (nth, body) in bodies.iter().enumerate() {
        file.execute(insert, rusqlite::params![nth.to_string(), body]).unwrap();
    }
    schema::migrate(&mut file).unwrap();
    for (nth, body) in bodies.iter().enumerate() {
        let sql = "SELECT bytes FROM op WHERE op = ?1";
        let kept: Vec<u8> = file.query_row(sql, [nth.to_string()], |row| row.get(0)).unwrap();
        assert_eq!(xuncha_wire::envelope::open(&kept), Ok(*body));
    }
}

#[test]
fn rows_of_the_third_schema_stay_when_their_tables_are_keyed() {
    let mut file = rusqlite::Connection::open_in_memory().unwrap();
    of_version(&file, 3);
    file.execute_batch(
        "INSERT INTO feed (tenant, scope, seq, kind, id, ver, leave, at_ms)
             VALUES ('t', 'u/p', 1, 'case', 'c', 3, 0, 9), ('t', 'd/e', 7, 'case', 'c', 2, 1, 8);
         INSERT INTO op_verdict (tenant, op, st, why, zh, en, head, state, person, decided_ms, decided_by)
             VALUES ('t', 'o', 'refused', 'w', 'z', 'e', 'h', 's', 'p', 5, 'b');
         INSERT INTO fact (tenant, record, ord, word, nth, value) VALUES ('t', 'r', 0, 'w', 1, 'v');
         INSERT INTO device_photo (tenant, device, photo) VALUES ('t', 'd', 'f');",
    )
    .unwrap();
    let all = |file: &rusqlite::Connection| -> Vec<String> {
        let texts = [
            "SELECT concat_ws('|', tenant, scope, seq, kind, id, ver, leave, at_ms) FROM feed ORDER BY seq",
            "SELECT concat_ws('|', tenant, op, st, why, zh, en, head, state, person, decided_ms, decided_by)
                 FROM op_verdict",
            "SELECT concat_ws('|', tenant, record, ord, word, nth, value) FROM fact",
            "SELECT concat_ws('|', tenant, device, photo) FROM device_photo",
        ];
        let rows = texts.iter().flat_map(|text| {
            let mut query = file.prepare(text).unwrap();
            query
                .query_map([], |row| row.get::<_, String>(0))
                .unwrap()
                .map(Result::unwrap)
                .collect::<Vec<_>>()
        });
        rows.collect()
    };
    let before = all(&file);
    assert_eq!(before.len(), 5);
    schema::migrate(&mut file).unwrap();
    assert_eq!(all(&file), before);
    let twice = "INSERT INTO feed (tenant, scope, seq, kind, id, ver, leave, at_ms)
                 VALUES ('t', 'u/p', 2, 'case', 'c', 4, 0, 9)";
    assert!(file.execute(twice, []).is_err(), "an entity stands once in a feed");
}

#[test]
fn forms_of_the_fourth_schema_stay_when_files_come_beside_them() {
    let mut file = rusqlite::Connection::open_in_memory().unwrap();
    of_version(&file, 4);
    file.execute_batch(
        "INSERT INTO form (tenant, form, version, title, kind, quick, current, xml, workbook, imported_ms, imported_by)
             VALUES ('t', 'f', '1', 'title', 'visit', 0, 1, '<xml/>', x'01', 5, 'b');",
    )
    .unwrap();
    schema::migrate(&mut file).unwrap();
    let kept: String = file.query_row("SELECT xml FROM form WHERE form = 'f'", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "<xml/>");
    let put = "INSERT INTO form_file (tenant, form, version, src, file) VALUES ('t', 'f', '1', 'jr://file-csv/a.csv', 's2:0')";
    file.execute(put, []).unwrap();
    assert!(file.execute(put, []).is_err(), "a form calls one file by a name");
}
