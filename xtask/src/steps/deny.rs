//! `cargo deny`: licences, banned crates, sources, and known vulnerabilities where a copy of the advisory
//! database stands beside the repository.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::on_path;

pub(super) const RULES: Step = Step { name: "deny", prepare, run: rules };
pub(super) const ADVISORIES: Step = Step { name: "advisories", prepare, run: advisories };

const VERSION: &str = "0.20.2";

/// Where the copy's `unpack.sh` stands, if there is one.
pub(super) fn advisories_at(ground: &Ground) -> Option<PathBuf> {
    let copy = ground.path("../shared/rustsec");
    copy.join("unpack.sh").is_file().then_some(copy)
}

/// cargo-deny, and every crate of the lock file: a build fetches only those of its own platform, and cargo-deny, offline,
/// reads them all.
fn prepare(ground: &Ground) -> Result<(), Failure> {
    program(ground)?;
    stream(ground.cargo().args(["fetch", "--locked"])).map(drop)
}

/// An installed cargo-deny, or one built into the cache.
fn program(ground: &Ground) -> Result<PathBuf, Failure> {
    let built = ground.cache(&format!("cargo-deny-{VERSION}/bin/cargo-deny"));
    if let Some(installed) = on_path("cargo-deny").or_else(|| built.is_file().then(|| built.clone())) {
        return Ok(installed);
    }
    let made = Command::new("cargo")
        .args(["install", "cargo-deny", "--locked", "--quiet", "--version", VERSION, "--root"])
        .arg(ground.cache(&format!("cargo-deny-{VERSION}")))
        .current_dir(ground.path(""))
        .status();
    if made.is_ok_and(|status| status.success()) && built.is_file() {
        return Ok(built);
    }
    Err(Failure::new(format!("needs cargo-deny: cargo install cargo-deny --locked --version {VERSION}")))
}

fn rules(ground: &Ground) -> Result<Tally, Failure> {
    check(ground, &[], &["licenses", "bans", "sources"])
}

fn advisories(ground: &Ground) -> Result<Tally, Failure> {
    let copy = advisories_at(ground).ok_or_else(|| Failure::new("the advisory database is gone"))?;
    let database = ground.path("target/xtask/advisories");
    fs::create_dir_all(&database).map_err(|error| Failure::new(format!("target/xtask: {error}")))?;
    let unpacked = Command::new("sh").arg(copy.join("unpack.sh")).arg(&database).output();
    if !unpacked.is_ok_and(|output| output.status.success()) {
        return Err(Failure::new("the copy of the advisory database cannot be unpacked: needs git, tar"));
    }
    let date = date_of(&database)?;
    println!("advisories as of {date}: what was found after that day is not known here");
    // cargo-deny takes the database's place from its configuration only.
    let rules = fs::read_to_string(ground.path("deny.toml"))
        .map_err(|error| Failure::new(format!("deny.toml: {error}")))?;
    let place = format!("[advisories]\ndb-path = {:?}", database.to_string_lossy());
    let config = ground.path("target/xtask/deny.toml");
    fs::write(&config, rules.replacen("[advisories]", &place, 1))
        .map_err(|error| Failure::new(format!("target/xtask: {error}")))?;
    check(ground, &["--config".to_owned(), config.to_string_lossy().into_owned()], &["advisories"])
}

/// The day of the copy, from the commit that `unpack.sh` makes.
fn date_of(database: &std::path::Path) -> Result<String, Failure> {
    let unknown = || Failure::new("the copy of the advisory database has no date");
    let folder = fs::read_dir(database).ok().and_then(|mut found| found.next()?.ok()).ok_or_else(unknown)?;
    let log = Command::new("git")
        .arg("-C")
        .arg(folder.path())
        .args(["log", "-1", "--format=%as"])
        .output()
        .map_err(|_| unknown())?;
    Some(String::from_utf8_lossy(&log.stdout).trim().to_owned())
        .filter(|date| !date.is_empty())
        .ok_or_else(unknown)
}

fn check(ground: &Ground, options: &[String], what: &[&str]) -> Result<Tally, Failure> {
    let mut command = Command::new(program(ground)?);
    command
        .current_dir(ground.path(""))
        .args(["--offline", "--workspace"])
        .args(options)
        .arg("check")
        .args(what);
    stream(&mut command).map(|_| Tally::ONE)
}
