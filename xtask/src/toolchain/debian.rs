//! Programs and packages from Debian, installed where we are root.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::on_path;
use crate::ground::Failure;

/// The installed program, or the one that these packages bring.
pub(crate) fn program(program: &str, packages: &[&str]) -> Result<PathBuf, Failure> {
    if let Some(found) = on_path(program) {
        return Ok(found);
    }
    install(program, packages)?;
    on_path(program).ok_or_else(|| missing(program, packages))
}

/// Sees that these packages are installed. On a system without dpkg they are taken to be there.
pub(crate) fn packages(names: &[&str]) -> Result<(), Failure> {
    if on_path("dpkg-query").is_none() {
        return Ok(());
    }
    let lacking: Vec<&str> = names.iter().copied().filter(|name| !is_installed(name)).collect();
    if lacking.is_empty() { Ok(()) } else { install("packages", &lacking) }
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

fn install(what: &str, packages: &[&str]) -> Result<(), Failure> {
    if on_path("apt-get").is_none() || !is_root() {
        return Err(missing(what, packages));
    }
    // One refreshed list serves all installations of a run.
    static LISTED: OnceLock<bool> = OnceLock::new();
    LISTED.get_or_init(|| apt_get(&["update", "-q"]));
    let words = [&["install", "-y", "-q", "--no-install-recommends"], packages].concat();
    if apt_get(&words) { Ok(()) } else { Err(missing(what, packages)) }
}

fn apt_get(words: &[&str]) -> bool {
    Command::new("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(words)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn missing(what: &str, packages: &[&str]) -> Failure {
    Failure::new(format!("needs {what}: apt-get install {} (on Debian, as root)", packages.join(" ")))
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}
