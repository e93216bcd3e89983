//! `cargo xtask test`: every check in every language, as named steps, with a summary at the end.
//!
//! A step that fails does not stop the others. Tools that steps need are fetched on a second thread while
//! the Rust steps compile.

mod said;
mod stream;
mod tally;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::ground::{Failure, Ground};
use crate::steps;

pub(crate) use stream::stream;
pub(crate) use tally::Tally;

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Runs only the steps of this name; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Lists the steps and runs nothing.
    #[arg(long)]
    list: bool,
    /// The slow sets too: every parser fuzzed, thousands of seeds, kills and property cases.
    #[arg(long)]
    pub(crate) all: bool,
}

/// One check.
pub(crate) struct Step {
    /// What it is called in the summary and by `--only`.
    pub(crate) name: &'static str,
    /// Fetches what the step needs, in the background.
    pub(crate) prepare: fn(&Ground) -> Result<(), Failure>,
    /// Runs it.
    pub(crate) run: fn(&Ground) -> Result<Tally, Failure>,
}

struct Report {
    name: &'static str,
    seconds: f64,
    tally: Tally,
    failure: Option<Failure>,
}

/// Runs the steps and prints the summary; its last line is `N passed, N failed`.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    let mut steps = steps::all(ground)?;
    if let Some(unknown) = args.only.iter().find(|name| !steps.iter().any(|step| step.name == **name)) {
        return Err(Failure::new(format!("no step is called {unknown}; see cargo xtask test --list")));
    }
    steps.retain(|step| args.only.is_empty() || args.only.iter().any(|name| name == step.name));
    if args.list {
        steps.iter().for_each(|step| println!("{}", step.name));
        return Ok(());
    }
    let reports = run_steps(ground, &steps);
    let (passed, failed) = summarize(&reports);
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(Failure::silent()) }
}

fn run_steps(ground: &Ground, steps: &[Step]) -> Vec<Report> {
    thread::scope(|scope| {
        let (done, prepared) = std::sync::mpsc::channel();
        scope.spawn(move || {
            for step in steps {
                if done.send((step.name, (step.prepare)(ground))).is_err() {
                    return;
                }
            }
        });
        let mut ready: HashMap<&str, Result<(), Failure>> = HashMap::new();
        let mut reports = Vec::new();
        for step in steps {
            println!("\n== {}", step.name);
            let watch = Stopwatch::start();
            while !ready.contains_key(step.name) {
                match prepared.recv() {
                    Ok((name, outcome)) => ready.insert(name, outcome),
                    Err(_) => ready.insert(step.name, Err(Failure::new("the preparation stopped"))),
                };
            }
            let outcome = ready.remove(step.name).unwrap_or(Ok(())).and_then(|()| (step.run)(ground));
            let report = report(step.name, watch.seconds(), outcome);
            if let Some(failure) = &report.failure {
                println!("{failure}");
            }
            reports.push(report);
        }
        reports
    })
}

/// A step counts its tests; one that has none, or that failed before or beside them, counts as one.
fn report(name: &'static str, seconds: f64, outcome: Result<Tally, Failure>) -> Report {
    match outcome {
        Ok(tally) if tally.failed > 0 => {
            let failure = Failure::new(format!("{} failed", tally.failed));
            Report { name, seconds, tally, failure: Some(failure) }
        }
        Ok(tally) => Report { name, seconds, tally, failure: None },
        Err(failure) => Report { name, seconds, tally: Tally::of(0, 1), failure: Some(failure) },
    }
}

fn summarize(reports: &[Report]) -> (u64, u64) {
    let mut text = String::from("\n== summary\n");
    for report in reports {
        let verdict = if report.failure.is_some() { "FAILED" } else { "passed" };
        let _ = write!(
            text,
            "{verdict}  {:<14} {:>7.1} s  {:>5} passed",
            report.name, report.seconds, report.tally.passed
        );
        if let Some(failure) = &report.failure {
            let _ = write!(text, "  {failure}");
        }
        text.push('\n');
        report.tally.said.iter().for_each(|line| {
            let _ = writeln!(text, "          {line}");
        });
    }
    let total: f64 = reports.iter().map(|report| report.seconds).sum();
    println!("{text}        {:<14} {total:>7.1} s", "in all");
    reports
        .iter()
        .fold((0, 0), |(passed, failed), report| (passed + report.tally.passed, failed + report.tally.failed))
}

struct Stopwatch(Instant);

impl Stopwatch {
    #[allow(clippy::disallowed_methods, reason = "a step's duration is measured on the real clock")]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn seconds(&self) -> f64 {
        let elapsed: Duration = self.0.elapsed();
        elapsed.as_secs_f64()
    }
}
