//! Every npm project of the tree: the console's tests in a real browser.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::projects;
use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::debian;

pub(super) const STEP: Step = Step { name: "browser", prepare, run };

fn prepare(_: &Ground) -> Result<(), Failure> {
    debian::program("npm", &["nodejs", "npm"])?;
    debian::program("chromium", &["chromium"])?;
    debian::packages(&["fonts-noto-cjk"])
}

/// The npm projects that have tests; others only hold what a test or a benchmark compares with.
pub(super) fn tested(ground: &Ground) -> Result<Vec<PathBuf>, Failure> {
    let mut found = projects(ground, "package.json")?;
    found.retain(|folder| {
        let manifest = fs::read(ground.path("").join(folder).join("package.json")).unwrap_or_default();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
        manifest.pointer("/scripts/test").is_some()
    });
    Ok(found)
}

/// The tests find the browser in `XUNCHA_CHROMIUM`.
fn run(ground: &Ground) -> Result<Tally, Failure> {
    let chromium = debian::program("chromium", &["chromium"])?;
    let mut tally = Tally::default();
    for project in tested(ground)? {
        let folder = ground.path("").join(&project);
        let npm = |words: &[&str]| {
            let mut npm = Command::new("npm");
            // The browser comes from Debian, not from a download beside the registry.
            npm.current_dir(&folder).args(words).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            npm.env("XUNCHA_CHROMIUM", &chromium);
            npm
        };
        stream(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
        let found = stream(&mut npm(&["test"]))?;
        if found == Tally::default() {
            return Err(Failure::new(format!("{} ran no test", project.display())));
        }
        tally = tally.and(found);
    }
    Ok(tally)
}
