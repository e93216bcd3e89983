//! What the calls cost that Kotlin and Swift make, from Rust: the same functions without a language between.
//! `cargo xtask bench ffi` runs it beside its twins in `tests/kotlin` and `tests/swift`: `calls FOLDER CODE`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement says what broke by breaking, and has a clock"
)]

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use xuncha_device::view::{Answer, StartFill};
use xuncha_device::{AppConfig, AppError, SoftwareKeys};
use xuncha_ffi::{App, error_sentence};

const ROUNDS: usize = 41;

/// Median of the rounds, in ns a call, after half a second of warming up.
async fn time<F: Future<Output = ()>>(name: &str, calls: u32, mut call: impl FnMut() -> F) {
    let warm = Instant::now();
    while warm.elapsed() < Duration::from_millis(500) {
        call().await;
    }
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..calls {
            call().await;
        }
        rounds.push(start.elapsed().as_nanos() / u128::from(calls));
    }
    rounds.sort_unstable();
    println!("time {name} {}", rounds[ROUNDS / 2]);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let (folder, code) = (words.next().unwrap(), words.next().unwrap());
    let config = AppConfig {
        folder: format!("{folder}/files"),
        cache_folder: format!("{folder}/cache"),
        app_version: env!("CARGO_PKG_VERSION").into(),
        device_model: "bench".into(),
        language: "zh".into(),
        boot_id: String::new(),
        answer_timeout_ms: 0,
    };
    let app = App::open(config, Arc::new(SoftwareKeys::new(format!("{folder}/keys")))).await.unwrap();
    app.enrol(code).await.unwrap();
    app.sync_now().await.unwrap();
    let form = app.start_fill("bench_fifty".into(), StartFill::default()).await.unwrap();
    assert_eq!(form.screen().unwrap().items.len(), 50);

    time("c-call", 100_000, || async {
        std::hint::black_box(std::os::unix::process::parent_id());
    })
    .await;
    time("sync-empty", 10_000, || async { app.stop_observing().unwrap() }).await;
    time("sync-sentence", 10_000, || async {
        error_sentence(AppError::StorageFull, "zh".into()).unwrap();
    })
    .await;
    time("async-query", 500, || async {
        app.identity().await.unwrap();
    })
    .await;
    time("screen-50", 50, || async {
        form.screen().unwrap();
    })
    .await;
    let mut nth = 0;
    time("answer-50", 20, || {
        nth += 1;
        let answer = Answer::Text { text: format!("门前第{nth}处") };
        form.answer("/data/q02".into(), answer).unwrap();
        async {}
    })
    .await;
}
