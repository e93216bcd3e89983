//! Every fuzz target of the tree, each for a while: only with `--all`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::holding;
use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::on_path;

pub(super) const STEP: Step = Step { name: "fuzz", prepare, run };

/// How long each target runs.
const SECONDS: u32 = 600;

fn prepare(ground: &Ground) -> Result<(), Failure> {
    let nightly = Command::new("cargo").args(["+nightly", "--version"]).output();
    if !nightly.is_ok_and(|output| output.status.success()) {
        return Err(Failure::new("needs a nightly compiler: rustup toolchain install nightly"));
    }
    program(ground).map(drop)
}

/// An installed cargo-fuzz, or one built into the cache.
fn program(ground: &Ground) -> Result<PathBuf, Failure> {
    let built = ground.cache("cargo-fuzz/bin/cargo-fuzz");
    if let Some(installed) = on_path("cargo-fuzz").or_else(|| built.is_file().then(|| built.clone())) {
        return Ok(installed);
    }
    let made = ground
        .cargo()
        .args(["install", "cargo-fuzz", "--locked", "--quiet", "--root"])
        .arg(ground.cache("cargo-fuzz"))
        .status();
    if made.is_ok_and(|status| status.success()) && built.is_file() {
        return Ok(built);
    }
    Err(Failure::new("needs cargo-fuzz: cargo install cargo-fuzz --locked"))
}

fn run(ground: &Ground) -> Result<Tally, Failure> {
    let program = program(ground)?;
    let mut tally = Tally::default();
    for folder in holding(ground, "Cargo.toml")?.iter().filter(|folder| folder.ends_with("fuzz")) {
        for target in targets(ground, &program, folder)? {
            let mut fuzz = fuzz(ground, &program, folder);
            fuzz.args(["run", "--target-dir"]).arg(ground.path("target/fuzz"));
            fuzz.args([&target, "--", &format!("-max_total_time={SECONDS}"), "-print_final_stats=1"]);
            stream(&mut fuzz)?;
            tally = tally.and(Tally::ONE);
        }
    }
    if tally == Tally::default() { Err(Failure::new("there is no fuzz target")) } else { Ok(tally) }
}

fn targets(ground: &Ground, program: &Path, folder: &Path) -> Result<Vec<String>, Failure> {
    let listed = fuzz(ground, program, folder)
        .arg("list")
        .output()
        .map_err(|error| Failure::new(format!("cargo-fuzz: {error}")))?;
    if !listed.status.success() {
        return Err(Failure::new(format!("cargo fuzz list failed in {}", folder.display())));
    }
    Ok(String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect())
}

/// cargo-fuzz in the crate whose targets these are, with the nightly compiler.
fn fuzz(ground: &Ground, program: &Path, folder: &Path) -> Command {
    let mut fuzz = Command::new(program);
    fuzz.current_dir(ground.path("").join(folder)).arg("fuzz").env("RUSTUP_TOOLCHAIN", "nightly");
    fuzz
}
