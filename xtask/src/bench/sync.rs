//! Push, pull, an empty sync and opening with 10,000 records, beside PouchDB and its server, which come from npm into
//! the cache folder.

use crate::ground::{Failure, Ground, finished};
use crate::toolchain::npm;

pub(super) fn run(ground: &Ground) -> Result<(), Failure> {
    let peer = npm::peer(ground, "tests/benches/peer", "sync-peer")?;
    let mut bench = ground.cargo();
    bench.args(["bench", "--quiet", "--package", "xuncha-system-tests", "--bench", "sync"]);
    finished(bench.env("PEER_MODULES", &peer), "cargo bench")
}
