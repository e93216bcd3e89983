//! Every Maven project of the tree: the Kotlin smoke test of the bindings, Android's bridge and screens on
//! a desktop JVM.

use std::process::Command;

use super::projects;
use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::debian;

pub(super) const STEP: Step = Step { name: "kotlin", prepare, run };

fn prepare(_: &Ground) -> Result<(), Failure> {
    debian::program("javac", &["openjdk-17-jdk-headless"])?;
    debian::program("mvn", &["maven"])?;
    // What Compose draws with, and a font that has the right shapes for Chinese.
    debian::packages(&["libgl1", "libx11-6", "libfontconfig1", "fonts-noto-cjk"])
}

fn run(ground: &Ground) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    for project in projects(ground, "pom.xml")? {
        let mut maven = Command::new("mvn");
        maven
            .current_dir(ground.path("").join(&project))
            .args(["-B", "-ntp"])
            .arg(format!("-Dmaven.repo.local={}", ground.cache("m2").display()))
            // Otherwise a Kotlin daemon of 600 MB stays behind for two hours.
            .args(["-Dkotlin.compiler.incremental=false", "-Dkotlin.compiler.daemon=false", "test"]);
        let found = stream(&mut maven)?;
        if found == Tally::default() {
            return Err(Failure::new(format!("{} ran no test", project.display())));
        }
        tally = tally.and(found);
    }
    Ok(tally)
}
