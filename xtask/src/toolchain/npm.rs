//! Packages from npm that something here is held against, installed in the cache folder: never in the work tree.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::debian;
use crate::ground::{Failure, Ground, finished};

/// What the manifest in this folder names, and its lock where there is one; the folder it is installed in.
pub(crate) fn peer(ground: &Ground, manifest: &str, name: &str) -> Result<PathBuf, Failure> {
    debian::program("npm", &["nodejs", "npm"])?;
    let folder = ground.cache(name);
    let unusable = |error| Failure::new(format!("{}: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(unusable)?;
    for file in ["package.json", "package-lock.json"] {
        let source = ground.path(manifest).join(file);
        if source.is_file() {
            fs::copy(&source, folder.join(file)).map_err(unusable)?;
        }
    }
    let mut npm = Command::new("npm");
    finished(npm.current_dir(&folder).args(["install", "--no-audit", "--no-fund"]), "npm")?;
    Ok(folder)
}
