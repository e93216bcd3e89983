//! The steps of `cargo xtask test`, one file a language.

mod browser;
mod deny;
mod fuzz;
mod kotlin;
mod rust;
mod swift;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ground::{Failure, Ground};
use crate::test::Step;

/// Every step, in the order in which they run: the Rust ones first, since the tools for the others are
/// fetched meanwhile.
pub(crate) fn all(ground: &Ground) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::from(rust::STEPS);
    steps.push(deny::RULES);
    if deny::advisories_at(ground).is_some() {
        steps.push(deny::ADVISORIES);
    }
    if ground.slow_sets() {
        steps.push(fuzz::STEP);
    }
    let languages = [
        (kotlin::outermost(ground)?, kotlin::STEP),
        (projects(ground, "Package.swift")?, swift::STEP),
        (browser::tested(ground)?, browser::STEP),
    ];
    steps.extend(languages.into_iter().filter(|(found, _)| !found.is_empty()).map(|(_, step)| step));
    Ok(steps)
}

/// Fetches what the Kotlin side needs, for tasks beside the tests.
pub(crate) fn prepare_kotlin(ground: &Ground) -> Result<(), Failure> {
    kotlin::prepare(ground)
}

/// A tool of the Swift package in this folder, such as `swift run`, with the library of `library` within reach.
pub(crate) fn swift(
    ground: &Ground,
    package: &Path,
    words: &[&str],
    library: &Path,
) -> Result<Command, Failure> {
    swift::command(ground, package, words, library)
}

/// Maven in this folder, as the Kotlin step runs it.
pub(crate) fn maven(ground: &Ground, project: &str) -> Command {
    kotlin::maven(ground, Path::new(project))
}

/// The folders, below the root, of the projects that this file marks, without those inside another: so a
/// project that is added is tested from that day on.
fn projects(ground: &Ground, marker: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = holding(ground, marker)?;
    let outer = folders.clone();
    folders.retain(|folder| !outer.iter().any(|other| other != folder && folder.starts_with(other)));
    Ok(folders)
}

/// The folders, below the root, that hold a file of this name.
fn holding(ground: &Ground, marker: &str) -> Result<Vec<PathBuf>, Failure> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--"])
        .args([marker.to_owned(), format!("**/{marker}")])
        .current_dir(ground.path(""))
        .output()
        .map_err(|error| Failure::new(format!("git ls-files: {error}")))?;
    if !listed.status.success() {
        return Err(Failure::new("git ls-files failed: is this a clone of the repository?"));
    }
    let listed = String::from_utf8_lossy(&listed.stdout);
    let mut folders: Vec<PathBuf> = listed
        .split('\0')
        .filter_map(|file| Path::new(file).parent().filter(|_| !file.is_empty()))
        // What xtask holds is written into projects; it is none itself.
        .filter(|folder| !folder.starts_with("xtask"))
        .map(Path::to_path_buf)
        .collect();
    folders.sort();
    Ok(folders)
}
