//! Push, pull, an empty sync and opening with 10,000 records, beside PouchDB and its server, which come from npm into
//! the cache folder.

use crate::ground::{Failure, Ground};
use crate::toolchain::npm;

pub(super) fn run(ground: &Ground) -> Result<(), Failure> {
    let peer = npm::peer(ground, "tests/benches/peer", "sync-peer")?;
    let mut bench = ground.cargo();
    bench.args(["bench", "--quiet", "--package", "xuncha-system-tests", "--bench", "sync"]);
    match bench.env("PEER_MODULES", &peer).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("cargo bench ended with {status}"))),
        Err(error) => Err(Failure::new(format!("cargo bench: {error}"))),
    }
}
