//! `cargo xtask bench ffi`: what the same calls cost from Rust, Kotlin and Swift, with the release library, in one run.
//!
//! Each language has a program that enrols a phone with a real hub, takes a form of fifty questions down, and prints a
//! median for each call. A bare call into C stands beside them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::bindings;
use crate::ground::{Failure, Ground};
use crate::steps;

/// Names in what the programs print, and what they stand for.
const CALLS: [(&str, &str); 6] = [
    ("c-call", "a bare call into C"),
    ("sync-empty", "a sync call, nothing in or out"),
    ("sync-sentence", "a sync call, an error in, a sentence out"),
    ("async-query", "an async call: a query on the reader's thread"),
    ("screen-50", "a screen of 50 questions"),
    ("answer-50", "an answer on it, the screen back"),
];

/// Builds what is needed, measures, prints a table.
pub(super) fn run(ground: &Ground) -> Result<(), Failure> {
    steps::prepare_kotlin(ground)?;
    bindings::generate(ground)?;
    let library = bindings::release(ground)?;
    let mut hub = Hub::open(ground)?;

    let (home, code) = hub.phone("rust")?;
    let mut rust = ground.cargo();
    rust.args(["bench", "-q", "-p", "xuncha-ffi", "--bench", "calls", "--", &home, &code]);
    let rust = times(&mut rust)?;

    let (home, code) = hub.phone("kotlin")?;
    let mut kotlin = steps::maven(ground, "bindings/tests/kotlin");
    kotlin.args(["-q", "-Pbench", "-DskipTests", "test-compile"]);
    kotlin.arg(format!("-Dxuncha.lib.dir={}", library.display()));
    let kotlin = times(kotlin.arg(format!("-Dxuncha.words={home} {code}")))?;

    let (home, code) = hub.phone("swift")?;
    let words = ["run", "-c", "release", "CallTimes", &home, &code];
    let swift = times(&mut steps::swift(ground, Path::new("bindings/tests/swift"), &words, &library)?)?;

    println!("| call | Rust | Kotlin (JVM, JNA) | | Swift | |\n|---|---|---|---|---|---|");
    for (name, what) in CALLS {
        let of = |all: &[(String, f64)]| {
            let found = all.iter().find(|(called, _)| called == name).map(|(_, ns)| *ns);
            found.ok_or_else(|| Failure::new(format!("{name} was not measured")))
        };
        let (rust, kotlin, swift) = (of(&rust)?, of(&kotlin)?, of(&swift)?);
        let times = |ns: f64| format!("{:.1} ×", ns / rust);
        println!(
            "| {what} | {} | {} | {} | {} | {} |",
            shown(rust),
            shown(kotlin),
            times(kotlin),
            shown(swift),
            times(swift)
        );
    }
    Ok(())
}

fn shown(ns: f64) -> String {
    if ns < 1_000.0 { format!("{ns:.0} ns") } else { format!("{:.1} µs", ns / 1_000.0) }
}

/// Runs the program and reads its lines `time NAME NS`.
fn times(program: &mut Command) -> Result<Vec<(String, f64)>, Failure> {
    let name = program.get_program().to_string_lossy().into_owned();
    let output = program
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("{name}: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(Failure::new(format!("{name} ended with {}\n{said}", output.status)));
    }
    let read = |line: &str| {
        // Maven resets the terminal's colours before the first line, on pipes too.
        let (call, ns) = line.split_once("time ")?.1.split_once(' ')?;
        Some((call.to_owned(), ns.parse().ok()?))
    };
    Ok(said.lines().filter_map(read).collect())
}

/// The stage: a hub with the form that is measured. Ends when it is dropped, since its input closes.
struct Hub {
    stage: Child,
    answers: BufReader<std::process::ChildStdout>,
    folder: String,
}

impl Hub {
    fn open(ground: &Ground) -> Result<Self, Failure> {
        let folder = ground.path("target/bench/ffi");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .map_err(|error| Failure::new(format!("target/bench/ffi: {error}")))?;
        }
        let mut stage = Command::new(ground.path("target/debug/stage"))
            .arg(folder.join("hub"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("stage: {error}")))?;
        let out = stage.stdout.take().ok_or_else(|| Failure::new("the stage can't be heard"))?;
        let folder = folder.to_string_lossy().into_owned();
        let mut hub = Self { stage, answers: BufReader::new(out), folder };
        hub.hear()?;
        hub.order(&format!("form {}", ground.path("tests/data/fifty.xml").display()))?;
        Ok(hub)
    }

    /// A folder and an enrolment code for a phone.
    fn phone(&mut self, name: &str) -> Result<(String, String), Failure> {
        let code = self.order("code p-wang")?;
        let code = code.get("code").and_then(Value::as_str).unwrap_or_default();
        Ok((format!("{}/{name}", self.folder), code.to_owned()))
    }

    fn order(&mut self, order: &str) -> Result<Value, Failure> {
        let input = self.stage.stdin.as_mut().ok_or_else(|| Failure::new("the stage takes no orders"))?;
        writeln!(input, "{order}").map_err(|error| Failure::new(format!("stage: {error}")))?;
        self.hear()
    }

    fn hear(&mut self) -> Result<Value, Failure> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| Failure::new(format!("stage: {error}")))?;
        let answer: Value = serde_json::from_str(&line).unwrap_or_default();
        let ok = answer.get("ok").and_then(Value::as_bool) == Some(true);
        if ok { Ok(answer) } else { Err(Failure::new(format!("the stage said: {line}"))) }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        drop(self.stage.stdin.take());
        let _ = self.stage.wait();
    }
}
