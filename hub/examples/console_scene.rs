//! A hub with a filled ledger on loopback, for the browser's tests and for looking at the console. Prints one line of
//! JSON (address, names, ids) and serves until its standard input closes.
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

use std::io::Read;

#[tokio::main]
async fn main() {
    let hub = phone::hub_with(|config| config.bureau = "示例市城市管理局".to_owned()).await;
    let scene = scene::fill(&hub).await;
    let cases: serde_json::Map<_, _> =
        scene.cases.iter().map(|(name, id)| ((*name).to_owned(), id.to_string().into())).collect();
    let line = serde_json::json!({"url": hub.url, "password": scene::PASSWORD, "campaign": scene.campaign, "cases": cases});
    println!("{line}");
    let wait = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    wait.await.unwrap().unwrap();
}
