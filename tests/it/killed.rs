//! Kill -9 at random points of fill, finalize, push, pull and upload, through a process of its own.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::town::Town;

/// Kills of a normal run; `XUNCHA_KILLS` asks for more.
const KILLS: u64 = 200;

fn start(home: &Path, seed: u64, rounds: u64) -> Child {
    Command::new(env!("CARGO_BIN_EXE_field-phone"))
        .arg(home)
        .arg(seed.to_string())
        .arg(rounds.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads what the phone said was safe, until it is dead.
fn said(child: &mut Child) -> Vec<(String, String)> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| line.split_once(' ').map(|(what, of)| (what.to_owned(), of.to_owned())))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let (kills, seed) = (number("XUNCHA_KILLS", KILLS), number("XUNCHA_SEED", 20_260_708));
    println!("XUNCHA_SEED={seed} XUNCHA_KILLS={kills}");
    let town = Town::open().await;
    let home = town.folder.path().join("field");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("code"), town.office.code("p-wang", None).await.unwrap()).unwrap();
    // The first run enrols in peace: a code is spent once, whoever dies.
    let mut child = start(&home, seed, 1);
    let mut told = tokio::task::block_in_place(|| said(&mut child));
    assert!(child.wait().unwrap().success(), "{told:?}");

    let mut state = seed;
    for kill in 0..kills {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut child = start(&home, seed + 1 + kill, u64::MAX);
        tokio::time::sleep(Duration::from_millis(20 + (state >> 33) % 480)).await;
        child.kill().unwrap();
        told.extend(tokio::task::block_in_place(|| said(&mut child)));
        child.wait().unwrap();
    }
    // What is left of drafts and queues is finished and brought in.
    let mut child = start(&home, seed + 1_000_000, 2);
    told.extend(tokio::task::block_in_place(|| said(&mut child)));
    assert!(child.wait().unwrap().success(), "the last run: {:?}", told.last());

    let finalized: BTreeSet<String> = of(&told, "finalized");
    assert!(finalized.len() > 20, "only {} records in {kills} kills: the test says little", finalized.len());
    let held = town.texts("SELECT id FROM record ORDER BY id").await;
    let distinct: BTreeSet<String> = held.iter().cloned().collect();
    assert_eq!(held.len(), distinct.len(), "a record arrived twice");
    let lost: Vec<&String> = finalized.difference(&distinct).collect();
    assert!(lost.is_empty(), "finalized and lost: {lost:?}");
    let records = i64::try_from(distinct.len()).unwrap();
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, records, "one case a record");
    let lacking = town.count("SELECT COUNT(*) FROM photo WHERE complete_ms = 0").await;
    let tail = told.iter().rev().take(8).collect::<Vec<_>>();
    assert_eq!(lacking, 0, "photos that records name and the hub does not hold; {tail:?}");
    let (made, at_hub) =
        (town.count("SELECT made FROM device").await, town.count("SELECT held FROM device").await);
    assert_eq!(made, at_hub, "made {made}, held {at_hub}");
    println!("{records} records, {} told before a kill, {kills} kills", finalized.len());
}

fn of(told: &[(String, String)], what: &str) -> BTreeSet<String> {
    told.iter().filter(|(word, _)| word == what).map(|(_, of)| of.trim().to_owned()).collect()
}
