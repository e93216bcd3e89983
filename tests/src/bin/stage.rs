//! A real hub for the tests of other languages: `stage FOLDER [MS]`. Orders and answers: `xuncha_system_tests::stage`.

use std::io::BufRead;
use std::path::PathBuf;
use std::process::ExitCode;

use xuncha_system_tests::phone::announce;
use xuncha_system_tests::stage::{Desk, StageError};

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let mut words = std::env::args().skip(1);
    let (Some(folder), at_ms, Ok(runtime)) = (words.next(), words.next(), runtime) else {
        announce(r#"{"ok":false,"error":"usage: stage FOLDER [MS]"}"#);
        return ExitCode::FAILURE;
    };
    let at_ms = at_ms.and_then(|ms| ms.parse().ok());
    match runtime.block_on(serve(PathBuf::from(folder), at_ms)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            announce(&serde_json::json!({"ok": false, "error": error.to_string()}).to_string());
            ExitCode::FAILURE
        }
    }
}

async fn serve(folder: PathBuf, at_ms: Option<i64>) -> Result<(), StageError> {
    let desk = Desk::open(&folder, at_ms).await?;
    announce(&desk.opening().await?.to_string());
    // A thread of its own, since a read of standard input can't be cancelled; the channel closes with the input.
    let (given, mut orders) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if given.send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = orders.recv().await {
        if line.trim() == "quit" {
            announce(r#"{"ok":true}"#);
            break;
        }
        announce(&desk.order(&line).await.to_string());
    }
    Ok(())
}
