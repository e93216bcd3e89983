//! What is done to the project beside compiling it: `cargo xtask --help`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal: its output is its purpose"
)]

mod bench;
mod bindings;
mod demo;
mod ground;
mod phone;
mod steps;
mod test;
mod tokens;
mod toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use ground::Ground;

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures, beside what it is compared with in the same run.
    Bench(bench::Args),
    /// Builds the library and writes its Kotlin and Swift below target/bindings.
    Bindings,
    /// Opens the phone's screens in a window.
    Phone(phone::Args),
    /// Builds, starts a hub, plays the acceptance scene with real phones, and stays up until Ctrl-C.
    Demo(demo::Args),
    /// Runs every check in every language; fetches the tools that it needs.
    Test(test::Args),
    /// Writes the design tokens for Compose, SwiftUI and CSS from content/design/tokens.json.
    Tokens(tokens::Args),
}

fn main() -> ExitCode {
    let done = Ground::find().and_then(|ground| match Cli::parse().task {
        Task::Bench(args) => bench::run(&ground, &args),
        Task::Bindings => bindings::generate(&ground),
        Task::Phone(args) => phone::run(&ground, &args),
        Task::Demo(args) => demo::run(&ground, &args),
        Task::Test(args) if args.all => test::run(&ground.with_slow_sets(), &args),
        Task::Test(args) => test::run(&ground, &args),
        Task::Tokens(args) => tokens::run(&ground, &args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_silent() {
                eprintln!("{failure}");
            }
            ExitCode::FAILURE
        }
    }
}
