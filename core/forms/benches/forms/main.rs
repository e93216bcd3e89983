//! The form engine on large forms, beside its two peers in the same run.
//!
//! `cargo bench -p xuncha-forms --bench forms` prints one row for each piece of work: this engine, JavaRosa, Web
//! Forms, the ratio to the better of them, the goal. `-- --instructions` counts instructions under callgrind instead,
//! which other work on the machine does not disturb. `-- ROW` runs the rows whose name holds that word.
//!
//! The forms are those of the shared oracle's generator, made anew into the target folder; without that folder
//! nothing is measured. JavaRosa runs where Java and `ODK_Validate.jar` are (`XUNCHA_ODK_VALIDATE`, `~/.cache/xuncha`
//! or PyPI's pyxform); Web Forms where `XUNCHA_WEBFORMS` names a folder with npm's `@getodk/xforms-engine` and `jsdom`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement says what broke by breaking, and has a clock"
)]

#[path = "../../tests/it/jar.rs"]
mod jar;
mod peers;
mod rows;

use peers::{Peer, Peers};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a row is held against.
struct Goal {
    /// Of our own figure.
    most: f64,
    /// How many times faster than the better peer.
    ratio: Option<f64>,
}

/// A figure of the table: the row that measures it, its name there, the peer's figure, the goal.
struct Figure {
    row: &'static str,
    ours: &'static str,
    what: &'static str,
    peer: Option<Peer>,
    goal: Goal,
}

fn figures() -> Vec<Figure> {
    let figure =
        |row, ours, what, peer, most, ratio| Figure { row, ours, what, peer, goal: Goal { most, ratio } };
    let peer = |command, form, count, value| Some(Peer { command, form, count, value });
    let add = peer("repeats", "repeat.xml", 1000, "last_add_ms_median");
    let edit = peer("repeats", "repeat.xml", 1000, "edit_first_ms_min");
    vec![
        figure(
            "cold",
            "ms",
            "WHO VA, process from cold",
            peer("load", "VA", 1, "process_ms"),
            1e9,
            Some(25.0),
        ),
        figure(
            "load-va",
            "ms",
            "WHO VA to its first screen, warm",
            peer("load", "VA", 15, "load_ms_min"),
            15.0,
            Some(8.0),
        ),
        figure("load-va", "filled_mb", "memory for WHO VA filled, MB", None, 40.0, None),
        figure(
            "chain-1000",
            "ms",
            "change at the head of 1,000",
            peer("chain", "chain_1000.xml", 30, "set_ms_min"),
            0.5,
            Some(40.0),
        ),
        figure(
            "chain-4000",
            "ms",
            "change at the head of 4,000",
            peer("chain", "chain_4000.xml", 6, "set_ms_min"),
            1e9,
            None,
        ),
        figure("chains", "growth", "4,000 over 1,000, by turns in one process", None, 4.5, None),
        figure("repeats", "hundredth_ms", "add, answer, remove: at the 100th", None, 1e9, None),
        figure(
            "repeats",
            "last_ms",
            "add, answer, remove: at the 10,000th (peers: add the 1,000th)",
            add,
            1e9,
            None,
        ),
        figure("repeats", "growth", "the 10,000th over the 100th", None, 2.0, None),
        figure("repeats", "all_ms", "all 10,000", None, 300.0, None),
        figure("repeats", "edit_ms", "edit the first of 10,000 (peers: of 1,000)", edit, 0.2, None),
        figure("running", "add_us", "running total: add the 10,000th, µs", None, 1e9, None),
        figure("running", "edit_last_us", "running total: edit the last of 10,000, µs", None, 1e9, None),
        figure(
            "running",
            "each_us",
            "running total: edit the first, µs for each that changes",
            None,
            1e9,
            None,
        ),
        figure(
            "before",
            "each_us",
            "indexed-repeat of the one before: edit the first, µs each",
            None,
            1e9,
            None,
        ),
        figure(
            "before",
            "remove_us",
            "position(..): remove the first, µs for each that moves",
            None,
            1e9,
            None,
        ),
        figure(
            "choices-inline",
            "ms",
            "load 100,000 choices inside the form",
            peer("select", "sel_100000.xml", 20, "load_ms_min"),
            1e9,
            Some(6.0),
        ),
        figure(
            "choices-inline",
            "mb",
            "their live memory, MB",
            peer("select", "sel_100000.xml", 20, "live_heap_mb"),
            60.0,
            None,
        ),
        figure(
            "choices-inline",
            "filter_ms",
            "filter by two equalities",
            peer("select", "sel_100000.xml", 20, "filter_ms_min"),
            1.0,
            None,
        ),
        figure(
            "choices-csv",
            "ms",
            "load 100,000 choices from csv",
            peer("select", "selcsv_100000.xml", 20, "load_ms_min"),
            1e9,
            Some(6.0),
        ),
        figure(
            "choices-csv",
            "mb",
            "their live memory, MB",
            peer("select", "selcsv_100000.xml", 20, "live_heap_mb"),
            60.0,
            None,
        ),
        figure(
            "choices-csv",
            "filter_ms",
            "filter by two equalities",
            peer("select", "selcsv_100000.xml", 20, "filter_ms_min"),
            1.0,
            None,
        ),
        figure("filters", "range_ms", "filter by = and <", None, 1.0, None),
        figure("filters", "start_ms", "filter by starts-with", None, 1.0, None),
        figure("filters", "first_ms", "the first of those filters", None, 1.0, None),
        figure("lookups", "ms", "1,000 lookups from instances into 100,000 rows", None, 10.0, None),
        figure(
            "drafts",
            "save_ms",
            "save 1,000 instances",
            peer("restore", "repeat.xml", 1000, "serialise_ms_min"),
            5.0,
            Some(20.0),
        ),
        figure(
            "drafts",
            "restore_ms",
            "restore 1,000 instances",
            peer("restore", "repeat.xml", 1000, "restore_ms_min"),
            5.0,
            Some(20.0),
        ),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let forms = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-forms");
    let va = shared.join("corpus/large/whova_form.xml");
    if let [flag, row, times] = arguments.as_slice()
        && flag == "--row"
    {
        println!("{}", rows::run(row, times.parse().unwrap(), &forms, &va));
        return;
    }
    let generator = shared.join("oracle/gen/mkforms.py");
    if !generator.is_file() || !va.is_file() {
        println!(
            "nothing was measured: the shared folder with the generator and the corpus is not beside the workspace"
        );
        return;
    }
    let made = Command::new("python3").arg(&generator).arg(&forms).status();
    assert!(made.is_ok_and(|status| status.success()), "the generator needs python3");
    rows::write_own(&forms);
    let instructions = arguments.iter().any(|one| one == "--instructions");
    let wanted = arguments.iter().find(|one| !one.starts_with("--"));
    let chosen = |figure: &Figure| wanted.is_none_or(|wanted| figure.row.contains(wanted.as_str()));
    let figures: Vec<Figure> = figures().into_iter().filter(chosen).collect();
    if instructions {
        count(&figures);
    } else {
        compare(&figures, Peers::find(&shared.join("oracle"), &forms, &va));
    }
}

/// Runs a row in a process of its own.
fn measure(row: &str, times: usize, under: &[&str]) -> (Value, String) {
    let own = std::env::current_exe().unwrap();
    let times = times.to_string();
    let mut command: Vec<PathBuf> = under.iter().map(PathBuf::from).collect();
    command.extend([own, "--row".into(), row.into(), times.into()]);
    let out = Command::new(&command[0]).args(&command[1..]).output().unwrap();
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{row}: {told}");
    (serde_json::from_slice(&out.stdout).unwrap(), told)
}

fn compare(figures: &[Figure], mut peers: Peers) {
    println!(
        "| work | ours | JavaRosa | Web Forms | ratio to the better | goal | met |\n|---|---|---|---|---|---|---|"
    );
    let mut measured: Vec<(&str, Value)> = Vec::new();
    for figure in figures {
        if measured.iter().all(|(row, _)| *row != figure.row) {
            measured.push((figure.row, measure(figure.row, 20, &[]).0));
        }
        let row = &measured.iter().find(|(row, _)| *row == figure.row).unwrap().1;
        let ours = row[figure.ours].as_f64().unwrap_or(f64::NAN);
        let (javarosa, webforms) = match &figure.peer {
            Some(peer) => peers.figure(peer),
            None => (None, None),
        };
        let better = [javarosa, webforms].into_iter().flatten().fold(f64::NAN, f64::min);
        let ratio = better / ours;
        let wanted = match figure.goal {
            Goal { most, ratio: Some(ratio) } if most >= 1e9 => format!("≥ {ratio} ×"),
            Goal { most, ratio: Some(ratio) } => format!("≥ {ratio} ×, ≤ {most}"),
            Goal { most, ratio: None } if most >= 1e9 => String::new(),
            Goal { most, ratio: None } => format!("≤ {most}"),
        };
        let met = match (wanted.is_empty(), figure.goal.ratio) {
            (true, _) => "",
            (_, Some(_)) if ratio.is_nan() => "no peer",
            (_, least) if ours <= figure.goal.most && least.is_none_or(|least| ratio >= least) => "yes",
            _ => "**no**",
        };
        let shown = |value: Option<f64>| value.map_or(String::new(), number);
        let ratio = if ratio.is_nan() { String::new() } else { format!("{ratio:.0}") };
        println!(
            "| {} | {} | {} | {} | {ratio} | {wanted} | {met} |",
            figure.what,
            number(ours),
            shown(javarosa),
            shown(webforms)
        );
    }
    for reason in peers.missing() {
        println!("{reason}");
    }
}

fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

/// Instructions of one repetition: what two repetitions take more than one.
fn count(figures: &[Figure]) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("nothing was counted: valgrind is not installed");
        return;
    }
    println!("| row | instructions of one repetition |\n|---|---|");
    let mut rows: Vec<&str> = figures.iter().map(|figure| figure.row).filter(|row| *row != "cold").collect();
    rows.dedup();
    for row in rows {
        let taken = |times| {
            let under = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
            let (_, told) = measure(row, times, &under);
            let line = told.lines().find(|line| line.contains("Collected :")).unwrap_or_default().to_owned();
            let digits = line.rsplit(':').next().unwrap_or_default().trim().to_owned();
            digits.parse::<u64>().unwrap_or_else(|_| panic!("callgrind told no number: {told}"))
        };
        println!("| {row} | {} |", taken(2) - taken(1));
    }
}
