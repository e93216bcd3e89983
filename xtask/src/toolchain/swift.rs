//! Swift: an installed one, or Debian's `swiftlang` in a folder of its own.
//!
//! Debian carries Swift from trixie on; on an older Debian it is unpacked into the cache with its own libc
//! and run by chroot in a private mount namespace, which needs root.

use std::path::Path;
use std::process::Command;

use super::{debian, on_path};
use crate::ground::{Failure, Ground};

/// Unpacks trixie's packages into `$1` from the mirror that this machine is set up with.
const UNPACK: &str = include_str!("swift/unpack.sh");
/// Runs a command in the root `$1`, with the folder `$2` at its own path, in the folder `$3`.
const ENTER: &str = include_str!("swift/enter.sh");

/// Fetches Swift unless there is one.
pub(crate) fn prepare(ground: &Ground) -> Result<(), Failure> {
    let root = ground.cache("swift-6.0.3");
    if on_path("swift").is_some() || is_unpacked(&root) {
        return Ok(());
    }
    let needs =
        || Failure::new("needs Swift 6: install it from swift.org/install, or run this on Debian as root");
    if on_path("apt-get").is_none() || !debian::is_root() {
        return Err(needs());
    }
    debian::program("perl", &["perl"])?;
    // Unpacked beside its place and moved there whole: a run that is cut off leaves no half a tree.
    let fresh = ground.cache("swift-6.0.3.new");
    let unpacked = Command::new("bash").args(["-c", UNPACK, "unpack"]).args([&fresh, &root]).output();
    if unpacked.is_ok_and(|output| output.status.success()) && is_unpacked(&root) {
        Ok(())
    } else {
        Err(needs())
    }
}

fn is_unpacked(root: &Path) -> bool {
    root.join("usr/libexec/swift/bin/swift").exists()
}

/// `swift`, run in this folder of the repository, with the repository visible at its own path.
pub(crate) fn command(ground: &Ground, folder: &Path) -> Result<Command, Failure> {
    prepare(ground)?;
    if let Some(installed) = on_path("swift") {
        let mut swift = Command::new(installed);
        swift.current_dir(folder);
        return Ok(swift);
    }
    let root =
        ground.path("").canonicalize().map_err(|error| Failure::new(format!("the repository: {error}")))?;
    let folder = folder.canonicalize().map_err(|error| Failure::new(format!("the package: {error}")))?;
    let mut swift = Command::new("unshare");
    swift.args(["--mount", "--propagation", "private", "sh", "-ec", ENTER, "enter"]);
    swift.arg(ground.cache("swift-6.0.3")).arg(root).arg(folder).arg("swift");
    Ok(swift)
}
