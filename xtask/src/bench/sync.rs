//! Push, pull, an empty sync and opening with 10,000 records, beside PouchDB and its server, which come from npm into
//! the cache folder.

use std::fs;
use std::process::Command;

use crate::ground::{Failure, Ground};
use crate::toolchain::debian;

pub(super) fn run(ground: &Ground) -> Result<(), Failure> {
    debian::program("npm", &["nodejs", "npm"])?;
    let peer = ground.cache("sync-peer");
    let manifest = ground.path("tests/benches/peer/package.json");
    fs::create_dir_all(&peer)
        .and_then(|()| fs::copy(&manifest, peer.join("package.json")))
        .map_err(|e| Failure::new(format!("{}: {e}", peer.display())))?;
    let mut npm = Command::new("npm");
    finished(npm.current_dir(&peer).args(["install", "--no-audit", "--no-fund"]), "npm")?;
    let mut bench = ground.cargo();
    bench.args(["bench", "--quiet", "--package", "xuncha-system-tests", "--bench", "sync"]);
    finished(bench.env("PEER_MODULES", &peer), "cargo bench")
}

fn finished(command: &mut Command, what: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("{what} ended with {status}"))),
        Err(e) => Err(Failure::new(format!("{what}: {e}"))),
    }
}
