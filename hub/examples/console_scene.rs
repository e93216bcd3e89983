//! A hub with a filled ledger on loopback, for the browser's tests and for looking at the console. Prints one line of
//! JSON (address, names, ids), does what the lines of its standard input ask for, and serves until that closes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a stage for tests: it says what broke by breaking"
)]

#[allow(dead_code, unreachable_pub, reason = "the tests' phone can do more than this stage needs")]
#[path = "../tests/hub/phone.rs"]
mod phone;
#[allow(dead_code, reason = "the tests ask for more than this stage needs")]
#[path = "../tests/console/scene.rs"]
mod scene;

use std::io::BufRead;

use xuncha_wire::EntityId;

#[tokio::main]
async fn main() {
    let hub = phone::hub_with(|config| config.bureau = "示例市城市管理局".to_owned()).await;
    let scene = scene::fill(&hub).await;
    let cases: serde_json::Map<_, _> =
        scene.cases.iter().map(|(name, id)| ((*name).to_owned(), id.to_string().into())).collect();
    let line = serde_json::json!({"url": hub.url, "password": scene::PASSWORD, "campaign": scene.campaign, "cases": cases});
    println!("{line}");
    let (send, mut asked) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        std::io::stdin().lock().lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    // `rectify CASE`: the handler's phone does it, as if he were out there.
    while let Some(line) = asked.recv().await {
        let case: EntityId = line.strip_prefix("rectify ").unwrap().parse().unwrap();
        let mut ming = hub.phone("ming").await;
        ming.wall_ms = scene::NOW;
        scene::rectify(&hub, &mut ming, case, 77, false).await;
        println!("{}", serde_json::json!({"done": line}));
    }
}
