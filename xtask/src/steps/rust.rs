//! Formatting, lints, tests and documentation's examples of the Rust workspace.

use std::process::Command;

use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::{debian, npm, pypi};

pub(super) const STEPS: [Step; 4] = [
    Step { name: "format", prepare: compiler, run: format },
    Step { name: "clippy", prepare: compiler, run: clippy },
    Step { name: "rust-tests", prepare: compiler_and_peers, run: tests },
    Step { name: "doc-tests", prepare: compiler, run: doc_tests },
];

const WEB_FORMS: &str = "webforms-peer";
const JAVAROSA: &str = "javarosa-peer";
const JAVAROSA_JAR: &str = "ODK_Validate.jar";

/// SQLite and zstd are compiled from C.
fn compiler(_: &Ground) -> Result<(), Failure> {
    debian::program("cc", &["gcc", "libc6-dev"]).map(drop)?;
    for (part, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let found = Command::new("cargo").args([part, "--version"]).output();
        if !found.is_ok_and(|output| output.status.success()) {
            return Err(Failure::new(format!("needs cargo {part}: rustup component add {component}")));
        }
    }
    Ok(())
}

/// The form engine is held against JavaRosa, with `--all` against ODK Web Forms too.
fn compiler_and_peers(ground: &Ground) -> Result<(), Failure> {
    compiler(ground)?;
    debian::program("javac", &["openjdk-17-jdk-headless"])?;
    let within = format!("pyxform/validators/odk_validate/bin/{JAVAROSA_JAR}");
    pypi::peer(ground, "core/forms/tests/peer", &within, JAVAROSA)?;
    if ground.slow_sets() {
        npm::peer(ground, "core/forms/tests/webforms", WEB_FORMS)?;
    }
    Ok(())
}

fn format(ground: &Ground) -> Result<Tally, Failure> {
    stream(ground.cargo().args(["fmt", "--all", "--check"])).map(|_| Tally::ONE)
}

fn clippy(ground: &Ground) -> Result<Tally, Failure> {
    // As a phone has it, and the stand-ins that only desks and tests have.
    let stand_in: &[&str] = &["-p", "xuncha-ffi", "--features", "xuncha-ffi/stand-in"];
    for what in [&["--workspace"], stand_in] {
        let mut clippy = ground.cargo();
        clippy.arg("clippy").args(what).args(["--all-targets", "--locked", "--", "-D", "warnings"]);
        stream(&mut clippy)?;
    }
    Ok(Tally::ONE)
}

fn tests(ground: &Ground) -> Result<Tally, Failure> {
    let targets = ["--lib", "--bins", "--tests", "--examples"];
    let mut tests = ground.cargo();
    tests.args(["test", "--workspace", "--locked", "--no-fail-fast"]).args(targets);
    tests.env("XUNCHA_ODK_VALIDATE", ground.cache(JAVAROSA).join(JAVAROSA_JAR));
    stream(tests.env("XUNCHA_WEBFORMS", ground.cache(WEB_FORMS)))
}

fn doc_tests(ground: &Ground) -> Result<Tally, Failure> {
    stream(ground.cargo().args(["test", "--workspace", "--locked", "--no-fail-fast", "--doc"]))
}
