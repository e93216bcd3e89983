//! Where the work stands: the repository's root and the cache folder outside it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a task failed, as a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    /// With this sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// Whose reasons have been printed already.
    pub(crate) fn silent() -> Self {
        Self(String::new())
    }

    /// Whether there is nothing left to print.
    pub(crate) fn is_silent(&self) -> bool {
        self.0.is_empty()
    }
}

/// Runs a command to its end; `what` is what a failure calls it.
pub(crate) fn finished(command: &mut Command, what: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("{what} ended with {status}"))),
        Err(error) => Err(Failure::new(format!("{what}: {error}"))),
    }
}

/// The folders that the tasks work in.
pub(crate) struct Ground {
    root: PathBuf,
    cache: PathBuf,
    slow_sets: bool,
}

/// What the slow sets of the Rust tests are asked for by: thousands of seeds, kills, random forms and property cases.
const SLOW_SETS: [(&str, &str); 4] = [
    ("XUNCHA_SEEDS", "5000"),
    ("XUNCHA_KILLS", "2000"),
    ("XUNCHA_PAIRS", "2000"),
    ("PROPTEST_CASES", "4096"),
];

impl Ground {
    /// Finds the root by cargo's own word, the cache by XDG's rule.
    pub(crate) fn find() -> Result<Self, Failure> {
        let crate_folder = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .ok_or_else(|| Failure::new("CARGO_MANIFEST_DIR is not set: run this as `cargo xtask`"))?;
        let root = crate_folder.parent().map(Path::to_path_buf);
        let home = env::var_os("HOME").map(PathBuf::from);
        let cache = env::var_os("XDG_CACHE_HOME")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(|| home.map(|home| home.join(".cache")));
        match (root, cache) {
            (Some(root), Some(cache)) => Ok(Self { root, cache: cache.join("xuncha"), slow_sets: false }),
            _ => Err(Failure::new("neither XDG_CACHE_HOME nor HOME is set: no place for downloaded tools")),
        }
    }

    /// The same ground, on which the slow sets run too.
    pub(crate) fn with_slow_sets(self) -> Self {
        Self { slow_sets: true, ..self }
    }

    /// Whether the slow sets run.
    pub(crate) fn slow_sets(&self) -> bool {
        self.slow_sets
    }

    /// A path below the repository's root.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// A path below the project's cache folder, which outlives the work tree.
    pub(crate) fn cache(&self, below: &str) -> PathBuf {
        self.cache.join(below)
    }

    /// Cargo at the root, without what `cargo run` set for xtask itself: inherited, that would make every crate
    /// compile again.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.root);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
            cargo.env_remove(name);
        }
        cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
        if self.slow_sets {
            cargo.envs(SLOW_SETS);
        }
        cargo
    }
}
