//! Push and pull of 10,000 ops of 1 kB on loopback, an empty sync, and the start of `App` with that many records;
//! beside PouchDB 9 and its server in the same run.
//!
//! `cargo bench -p xuncha-system-tests --bench sync -- [N]`. The peer runs where `PEER_MODULES` names a folder in which
//! `npm install` was run with `benches/peer/package.json`.

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
use xuncha_system_tests::{photo, scene};

const NOTE: &str = include_str!("../data/note.xml");

fn ms(from: Instant) -> f64 {
    from.elapsed().as_secs_f64() * 1e3
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let n: u64 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(&folder.path().join("hub"), 0, SCENE_START_MS).await.unwrap();
    office.furnish(&scene::content()).await.unwrap();
    office.hub.import_form_xml(CLERK, NOTE).await.unwrap();
    office.hire("p-wang", "王新", &["inspector"]).await.unwrap();
    let home = folder.path().join("author");
    std::fs::create_dir_all(&home).unwrap();
    let phone = Phone::open(&home, 1, SCENE_START_MS).await.unwrap();
    phone.enrol(&office.code("p-wang", None).await.unwrap()).await.unwrap();

    let authored = Instant::now();
    let mut finalize = Vec::new();
    for nth in 0..n {
        let form = phone.begin("bench_note", None).await.unwrap();
        form.answer("/data/words", text(&words(nth))).unwrap();
        let start = Instant::now();
        form.clone().finalize().await.unwrap();
        finalize.push(ms(start));
    }
    println!("authored        {n} records in {:.0} ms, finalize {:.2} ms", ms(authored), median(finalize));

    let start = Instant::now();
    let pushed = phone.sync().await.unwrap();
    let push = ms(start);
    assert_eq!(pushed.kind, SyncKind::Done);
    println!("push            {push:.0} ms, {} bytes up, {} down", pushed.bytes_up, pushed.bytes_down);

    let mut empty = Vec::new();
    let mut bytes = 0;
    for _ in 0..21 {
        let start = Instant::now();
        let outcome = phone.sync().await.unwrap();
        empty.push(ms(start));
        bytes = outcome.bytes_up + outcome.bytes_down;
    }
    let empty = median(empty);
    println!("empty sync      {empty:.2} ms, {bytes} bytes");

    let second = folder.path().join("reader");
    std::fs::create_dir_all(&second).unwrap();
    let reader = Phone::open(&second, 2, SCENE_START_MS).await.unwrap();
    reader.app.enrol(office.code("p-wang", None).await.unwrap()).await.unwrap();
    let start = Instant::now();
    let pulled = reader.sync().await.unwrap();
    let pull = ms(start);
    println!("pull            {pull:.0} ms, {} rows, {} bytes down", pulled.pulled, pulled.bytes_down);

    let mut opens = Vec::new();
    let mut phone = phone;
    for _ in 0..5 {
        phone.app.close().await.unwrap();
        let start = Instant::now();
        phone = Phone::open(&home, 3, SCENE_START_MS).await.unwrap();
        phone.app.today().await.unwrap();
        opens.push(ms(start));
    }
    println!("open + today    {:.1} ms with {n} records", median(opens));

    let mut three = Vec::new();
    for nth in 0..9 {
        let form = phone.begin("banner", None).await.unwrap();
        let _ = form.answer("/data/flag/inscription", text("祛除中梗阻"));
        for _ in 0..3 {
            let shot = phone.shoot("p.jpg", &photo::sized(nth, 1600, 1200)).unwrap();
            form.clone().attach_photo("/data/flag/photo".into(), shot).await.unwrap();
        }
        let _ = form.answer("/data/flag/giver", text("示例项目部"));
        let _ = form.answer("/data/flag/receiver", text("应急机动大队"));
        let _ = form.answer("/data/people/photographer", text("张华"));
        let _ = form.answer("/data/people/person[1]/position", xuncha_system_tests::phone::choice("left1"));
        let _ = form.answer("/data/people/person[1]/name", text("王新"));
        let start = Instant::now();
        form.clone().finalize().await.unwrap();
        three.push(ms(start));
    }
    println!("finalize, 3 photos {:.2} ms", median(three));
    if let Some(peer) = peer(folder.path(), n) {
        println!("PouchDB 9       {peer}");
        let of = |key: &str| serde_json::from_str::<serde_json::Value>(&peer).unwrap()[key].as_f64().unwrap();
        println!(
            "ratio           push {:.1}x, pull {:.1}x, empty {:.1}x",
            of("push_ms") / push,
            of("pull_ms") / pull,
            of("empty_ms") / empty
        );
    } else {
        println!("PouchDB 9       not run: PEER_MODULES is not set");
    }
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

fn peer(folder: &Path, n: u64) -> Option<String> {
    let modules = std::env::var("PEER_MODULES").ok()?;
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer");
    let (server_at, client_at) = (folder.join("peer-server"), folder.join("peer-client"));
    std::fs::create_dir_all(&server_at).ok()?;
    std::fs::create_dir_all(&client_at).ok()?;
    let mut server = Command::new("node")
        .arg(programs.join("server.mjs"))
        .arg(&server_at)
        .env("PEER_MODULES", &modules)
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take()?).read_line(&mut line).ok()?;
    let port = serde_json::from_str::<serde_json::Value>(&line).ok()?["port"].to_string();
    let client = Command::new("node")
        .arg(programs.join("client.mjs"))
        .args([&port, &client_at.display().to_string(), &n.to_string(), "1000"])
        .env("PEER_MODULES", &modules)
        .output()
        .ok();
    let _ = server.kill();
    let _ = server.wait();
    Some(String::from_utf8(client?.stdout).ok()?.trim().to_owned())
}
