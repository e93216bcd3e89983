//! A file of a package from PyPI that something here is held against, in the cache folder: never in the work tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::debian;
use crate::ground::{Failure, Ground, finished};

/// The file at this path inside the one wheel that this folder's `requirements.txt` names by version and SHA-256.
/// pip's own configuration says which index it comes from.
pub(crate) fn peer(ground: &Ground, manifest: &str, within: &str, name: &str) -> Result<PathBuf, Failure> {
    let folder = ground.cache(name);
    let requirements = ground.path(manifest).join("requirements.txt");
    let file = Path::new(within).file_name().map(|file| folder.join(file)).unwrap_or_default();
    let installed = folder.join("requirements.txt");
    if file.is_file() && fs::read(&installed).ok() == fs::read(&requirements).ok() {
        return Ok(file);
    }
    let unusable = |error| Failure::new(format!("{}: {error}", folder.display()));
    let fresh = folder.join("new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(unusable)?;
    }
    fs::create_dir_all(&fresh).map_err(unusable)?;
    let pip = debian::program("pip3", &["python3-pip"])?;
    let mut download = Command::new(pip);
    download.args(["download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest"]);
    let package = format!("the package of {}, from an index that pip is set up with", requirements.display());
    done(download.arg(&fresh).arg("-r").arg(&requirements), &package)?;
    let wheel =
        fs::read_dir(&fresh).map_err(unusable)?.filter_map(Result::ok).map(|entry| entry.path()).next();
    let wheel = wheel.ok_or_else(|| Failure::new("pip3 download left nothing"))?;
    let mut unpack = Command::new("python3");
    unpack.args(["-m", "zipfile", "-e"]).arg(wheel).arg(&fresh);
    done(&mut unpack, "python3: apt-get install python3 (on Debian, as root)")?;
    // The requirements come last: a run that is cut off is begun again.
    fs::rename(fresh.join(within), &file).map_err(unusable)?;
    fs::copy(&requirements, &installed).map_err(unusable)?;
    fs::remove_dir_all(&fresh).map_err(unusable)?;
    Ok(file)
}

/// Runs a command that cannot do its work without this.
fn done(command: &mut Command, needs: &str) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    finished(command, &format!("needs {needs}: {program}"))
}
