//! Push and pull of 10,000 ops of 1 kB on loopback, an empty sync, and the start of `App` with that many records; beside
//! PouchDB 9 and its server in the same run, each in turn.
//!
//! `cargo xtask bench sync`, or `cargo bench -p xuncha-system-tests --bench sync -- [N] [ROUNDS]`. The peer runs where
//! `PEER_MODULES` names a folder in which `npm install` was run with `benches/peer/package.json`. Both sides speak plain
//! HTTP on loopback. Ours writes with `synchronous = FULL` on both ends; the peer does not sync its disk.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement says what broke by breaking, and has a clock"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use xuncha_device::view::SyncKind;
use xuncha_system_tests::office::{CLERK, Office};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS, text};
use xuncha_system_tests::proxy::Proxy;
use xuncha_system_tests::{photo, scene};

const NOTE: &str = include_str!("../data/note.xml");
/// Batch sizes of the peer that are tried: its default, and the best one known.
const BATCHES: [u64; 2] = [100, 1000];

fn ms(from: Instant) -> f64 {
    from.elapsed().as_secs_f64() * 1e3
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Milliseconds of one round, ours or the peer's.
#[derive(Default)]
struct Times {
    push: Vec<f64>,
    empty: Vec<f64>,
    pull: Vec<f64>,
}

impl Times {
    fn say(&self, who: &str) -> [f64; 3] {
        let all = [&self.push, &self.pull, &self.empty].map(|times| median(times.clone()));
        println!(
            "{who:16}push {:.0} ms {:.0?}, pull {:.0} ms {:.0?}, empty sync {:.2} ms",
            all[0], self.push, all[1], self.pull, all[2]
        );
        all
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let n = numbers.first().copied().unwrap_or(10_000);
    let rounds = numbers.get(1).copied().unwrap_or(3);
    let folder = tempfile::tempdir().unwrap();
    let (hub, home) = (folder.path().join("hub"), folder.path().join("author"));
    let port = author(&hub, &home, n).await;

    let (mut ours, mut theirs) = (Times::default(), BATCHES.map(|_| Times::default()));
    let modules = std::env::var("PEER_MODULES").ok();
    for round in 0..rounds {
        let place = folder.path().join(format!("round-{round}"));
        round_of_ours(&hub, &home, &place, port, round == 0, &mut ours).await;
        for (batch, times) in BATCHES.into_iter().zip(&mut theirs) {
            if let Some(modules) = &modules {
                round_of_the_peer(modules, &place.join(format!("peer-{batch}")), n, batch, times);
            }
        }
        std::fs::remove_dir_all(&place).unwrap();
    }
    let [push, pull, empty] = ours.say("xuncha");
    if modules.is_some() {
        let all: Vec<[f64; 3]> = BATCHES
            .iter()
            .zip(&theirs)
            .map(|(batch, times)| times.say(&format!("PouchDB 9 /{batch}")))
            .collect();
        let best = |nth: usize| all.iter().map(|times| times[nth]).fold(f64::INFINITY, f64::min);
        println!(
            "ratio to its best: push {:.1}x, pull {:.1}x, empty sync {:.1}x",
            best(0) / push,
            best(1) / pull,
            best(2) / empty
        );
    } else {
        println!("PouchDB 9       not run: PEER_MODULES is not set");
    }
    opening(&home, n).await;
    // Last, so that no photo is in what was pushed above.
    let phone = Phone::open(&home, 4, SCENE_START_MS).await.unwrap();
    println!("finalize        {:.2} ms with 3 photos", three_photos(&phone).await);
    phone.app.close().await.unwrap();
}

/// A hub and a phone that has finished `n` records and sent none, both closed. Answers the hub's port.
async fn author(hub: &Path, home: &Path, n: u64) -> u16 {
    let office = Office::open(hub, 0, SCENE_START_MS).await.unwrap();
    office.furnish(&scene::content()).await.unwrap();
    office.hub.import_form_xml(CLERK, NOTE).await.unwrap();
    office.hire("p-wang", "王新", &["inspector"]).await.unwrap();
    std::fs::create_dir_all(home).unwrap();
    let phone = Phone::open(home, 1, SCENE_START_MS).await.unwrap();
    phone.enrol(&office.code("p-wang", None).await.unwrap()).await.unwrap();
    let (authored, mut finalize) = (Instant::now(), Vec::new());
    for nth in 0..n {
        // A visit takes time, so ids go up; the peer's do too.
        phone.clock.advance(1_000);
        let form = phone.begin("bench_note", None).await.unwrap();
        form.answer("/data/words", text(&words(nth))).unwrap();
        let start = Instant::now();
        form.clone().finalize().await.unwrap();
        finalize.push(ms(start));
    }
    println!("authored        {n} records in {:.0} ms, finalize {:.2} ms", ms(authored), median(finalize));
    phone.app.close().await.unwrap();
    let port = office.address.port();
    office.hub.stop();
    drop(office);
    // The listener goes with the task that served it.
    while std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    port
}

async fn round_of_ours(hub: &Path, home: &Path, place: &Path, port: u16, first: bool, times: &mut Times) {
    copy_folder(hub, &place.join("hub"));
    copy_folder(home, &place.join("author"));
    let office = Office::open(&place.join("hub"), port, SCENE_START_MS).await.unwrap();
    let phone = Phone::open(&place.join("author"), 11, SCENE_START_MS).await.unwrap();
    let start = Instant::now();
    let pushed = phone.sync().await.unwrap();
    times.push.push(ms(start));
    assert_eq!(pushed.kind, SyncKind::Done, "{pushed:?}");
    for _ in 0..21 {
        let start = Instant::now();
        assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
        times.empty.push(ms(start));
    }
    let second = place.join("reader");
    std::fs::create_dir_all(&second).unwrap();
    let reader = Phone::open(&second, 2, SCENE_START_MS).await.unwrap();
    let proxy = Proxy::before(office.address).await.unwrap();
    let through = first.then_some(proxy.address);
    reader.app.enrol(office.code("p-wang", None).await.unwrap()).await.unwrap();
    let start = Instant::now();
    let pulled = reader.sync().await.unwrap();
    times.pull.push(ms(start));
    assert_eq!(pulled.kind, SyncKind::Done, "{pulled:?}");
    if let Some(through) = through {
        println!(
            "on the wire     push {} B up and {} B down, pull {} B down for {} rows (bodies)",
            pushed.bytes_up, pushed.bytes_down, pulled.bytes_down, pulled.pulled
        );
        let third = place.join("third");
        std::fs::create_dir_all(&third).unwrap();
        let third = Phone::open(&third, 3, SCENE_START_MS).await.unwrap();
        third.enrol(&office.code("p-wang", Some(through)).await.unwrap()).await.unwrap();
        let before = proxy.carried();
        third.sync().await.unwrap();
        println!("empty sync      {} B with headers, both ways", proxy.carried() - before);
        third.app.close().await.unwrap();
    }
    reader.app.close().await.unwrap();
    phone.app.close().await.unwrap();
    office.hub.stop();
    drop(office);
    while std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn opening(home: &Path, n: u64) {
    let (mut opens, mut todays) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        let phone = Phone::open(home, 3, SCENE_START_MS).await.unwrap();
        opens.push(ms(start));
        phone.app.today().await.unwrap();
        todays.push(ms(start));
        phone.app.close().await.unwrap();
    }
    println!(
        "App             opens in {:.1} ms with {n} records, the first screen is there after {:.1} ms",
        median(opens),
        median(todays)
    );
}

/// Milliseconds of finalizing a banner with its photo and a patrol's two.
async fn three_photos(phone: &Phone) -> f64 {
    let mut times = Vec::new();
    for nth in 0..9_u64 {
        let form = phone.begin("enterprise_visit", None).await.unwrap();
        form.answer("/data/who/site_name", text("样例轮胎研发中心")).unwrap();
        form.answer("/data/who/party", xuncha_system_tests::phone::choice("leaders")).unwrap();
        form.answer("/data/who/visitors", text("周正、吴岳")).unwrap();
        form.answer("/data/found/any", xuncha_system_tests::phone::choice("yes")).unwrap();
        for problem in 1..=3_u64 {
            if problem > 1 {
                form.add_repeat("/data/found/problem").unwrap();
            }
            let at = |name: &str| format!("/data/found/problem[{problem}]/{name}");
            form.answer(&at("kind"), xuncha_system_tests::phone::choice("problem")).unwrap();
            form.answer(&at("topic"), xuncha_system_tests::phone::choice("heating")).unwrap();
            form.answer(&at("description"), text("供暖温度不够")).unwrap();
            form.answer(&at("unit"), xuncha_system_tests::phone::choice("u-heat")).unwrap();
            let shot = phone.shoot("p.jpg", &photo::sized(nth * 10 + problem, 1600, 1200)).unwrap();
            form.clone().attach_photo(at("photo"), shot).await.unwrap();
        }
        form.answer("/data/closing/satisfaction", xuncha_system_tests::phone::choice("satisfied")).unwrap();
        let start = Instant::now();
        form.clone().finalize().await.unwrap();
        times.push(ms(start));
    }
    median(times)
}

/// About 1 kB that compresses like hex.
fn words(nth: u64) -> String {
    let mut state = nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut out = String::new();
    while out.len() < 600 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.push_str(&format!("{state:016x}"));
    }
    out
}

fn round_of_the_peer(modules: &str, folder: &Path, n: u64, batch: u64, times: &mut Times) {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer");
    let (server_at, client_at) = (folder.join("server"), folder.join("client"));
    std::fs::create_dir_all(&server_at).unwrap();
    std::fs::create_dir_all(&client_at).unwrap();
    let mut server = Command::new("node")
        .arg(programs.join("server.mjs"))
        .arg(&server_at)
        .env("PEER_MODULES", modules)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = serde_json::from_str::<serde_json::Value>(&line).unwrap()["port"].to_string();
    let client = Command::new("node")
        .arg(programs.join("client.mjs"))
        .args([&port, &client_at.display().to_string(), &n.to_string(), &batch.to_string()])
        .env("PEER_MODULES", modules)
        .output();
    server.kill().unwrap();
    server.wait().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&client.unwrap().stdout).unwrap();
    assert_eq!(said["pulled"].as_u64(), Some(n), "{said}");
    let of = |key: &str| said[key].as_f64().unwrap();
    times.push.push(of("push_ms"));
    times.pull.push(of("pull_ms"));
    times.empty.push(of("empty_ms"));
}
