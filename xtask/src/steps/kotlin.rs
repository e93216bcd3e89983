//! Every Maven project of the tree: the Kotlin smoke test of the bindings, Android's bridge and screens on
//! a desktop JVM.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use super::projects;
use crate::bindings;
use crate::ground::{Failure, Ground};
use crate::test::{Step, Tally, stream};
use crate::toolchain::debian;

pub(super) const STEP: Step = Step { name: "kotlin", prepare, run };

pub(super) fn prepare(_: &Ground) -> Result<(), Failure> {
    debian::program("javac", &["openjdk-17-jdk-headless"])?;
    debian::program("mvn", &["maven"])?;
    // What Compose draws with, and a font that has the right shapes for Chinese.
    debian::packages(&["libgl1", "libx11-6", "libfontconfig1", "fonts-noto-cjk"])
}

/// The projects that no other names as its module: Maven comes to those by itself.
pub(super) fn outermost(ground: &Ground) -> Result<Vec<PathBuf>, Failure> {
    let mut found = projects(ground, "pom.xml")?;
    let modules: Vec<PathBuf> = found
        .iter()
        .flat_map(|folder| {
            let pom = fs::read_to_string(ground.path("").join(folder).join("pom.xml")).unwrap_or_default();
            modules(&pom).into_iter().map(|module| resolved(folder, &module)).collect::<Vec<_>>()
        })
        .collect();
    found.retain(|folder| !modules.contains(folder));
    Ok(found)
}

fn modules(pom: &str) -> Vec<String> {
    let opened = pom.split("<module>").skip(1);
    opened
        .filter_map(|rest| rest.split_once("</module>"))
        .map(|(module, _)| module.trim().to_owned())
        .collect()
}

/// `android` and `../bindings/tests/kotlin` as `bindings/tests/kotlin`.
fn resolved(folder: &Path, module: &str) -> PathBuf {
    folder.join(module).components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            other => path.push(other),
        }
        path
    })
}

fn run(ground: &Ground) -> Result<Tally, Failure> {
    bindings::generate(ground)?;
    let mut tally = Tally::default();
    for project in outermost(ground)? {
        let mut maven = maven(ground, &project);
        maven.args(["--fail-at-end", "test"]);
        let found = stream(&mut maven)?;
        if found == Tally::default() {
            return Err(Failure::new(format!("{} ran no test", project.display())));
        }
        tally = tally.and(found);
    }
    Ok(tally)
}

/// Maven in this folder, with the project's cache as its repository.
pub(super) fn maven(ground: &Ground, project: &Path) -> Command {
    let mut maven = Command::new("mvn");
    maven
        .current_dir(ground.path("").join(project))
        .args(["-B", "-ntp"])
        .arg(format!("-Dxuncha.root={}", ground.path("").display()))
        .arg(format!("-Dmaven.repo.local={}", ground.cache("m2").display()))
        // Otherwise a Kotlin daemon of 600 MB stays behind for two hours.
        .args(["-Dkotlin.compiler.incremental=false", "-Dkotlin.compiler.daemon=false"]);
    maven
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_beside_its_parent_is_found() {
        let pom = "<modules><module>../bindings/tests/kotlin</module>\n<module> bridge </module></modules>";
        let found: Vec<PathBuf> =
            modules(pom).iter().map(|module| resolved(Path::new("android"), module)).collect();
        assert_eq!(found, [Path::new("bindings/tests/kotlin"), Path::new("android/bridge")]);
    }
}
