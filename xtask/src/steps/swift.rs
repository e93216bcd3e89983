//! Every Swift package of the tree, on Linux: the smoke test of the bindings and iOS's bridge.

use std::path::Path;
use std::process::Command;

use super::projects;
use crate::bindings;
use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::swift;

pub(super) const STEP: Step = Step { name: "swift", prepare, run };

fn prepare(ground: &Ground) -> Result<(), Failure> {
    swift::prepare(ground)
}

fn run(ground: &Ground) -> Result<Tally, Failure> {
    bindings::generate(ground)?;
    let mut tally = Tally::default();
    for package in projects(ground, "Package.swift")? {
        let mut test = command(ground, &package, &["test"], &ground.path("target/bindings/lib"))?;
        let found = stream(&mut test)?;
        if found == Tally::default() {
            return Err(Failure::new(format!("{} ran no test", package.display())));
        }
        tally = tally.and(found);
    }
    Ok(tally)
}

/// `swift test` or `swift run` of a package, which finds the library in this folder when it links and when it runs.
pub(super) fn command(
    ground: &Ground,
    package: &Path,
    words: &[&str],
    library: &Path,
) -> Result<Command, Failure> {
    let mut swift = swift::command(ground, &ground.path("").join(package))?;
    // What follows the name of a program that `swift run` runs is the program's: our own come right after the verb.
    let (verb, rest) = words.split_at(words.len().min(1));
    swift.args(verb).arg("--scratch-path").arg(ground.path("target/swift").join(package));
    swift.arg("-Xlinker").arg(format!("-L{}", library.display()));
    swift.args(["-Xlinker", "-rpath", "-Xlinker"]).arg(library).args(rest);
    Ok(swift)
}
