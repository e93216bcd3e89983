//! Every Swift package of the tree, on Linux: the smoke test of the bindings and iOS's bridge.

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
        let scratch = ground.path("target/swift").join(&package);
        let mut swift = swift::command(ground, &ground.path("").join(&package))?;
        let library = ground.path("target/bindings/lib");
        swift
            .args(["test", "--scratch-path"])
            .arg(&scratch)
            .arg("-Xlinker")
            .arg(format!("-L{}", library.display()));
        swift.args(["-Xlinker", "-rpath", "-Xlinker"]).arg(&library);
        let found = stream(&mut swift)?;
        if found == Tally::default() {
            return Err(Failure::new(format!("{} ran no test", package.display())));
        }
        tally = tally.and(found);
    }
    Ok(tally)
}
