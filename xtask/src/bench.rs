//! `cargo xtask bench`: release measurements, each beside what it is compared with in the same run.

mod ffi;
mod sync;

use crate::ground::{Failure, Ground};

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which measurement.
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// Calls over the language boundary, from Rust, Kotlin and Swift.
    Ffi,
    /// Phone and hub on loopback beside PouchDB and its server.
    Sync,
}

/// Builds what is needed, measures, prints.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    match args.what {
        What::Ffi => ffi::run(ground),
        What::Sync => sync::run(ground),
    }
}
