//! `cargo xtask demo`: builds, then plays the acceptance scene with a real hub and real phones.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::ground::{Failure, Ground};

/// What may be chosen.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// End after the scene instead of staying up.
    #[arg(long)]
    once: bool,
    /// A folder of pictures for the phones to take.
    #[arg(long)]
    photos: Option<PathBuf>,
    /// The console's port; a free one if left out.
    #[arg(long)]
    port: Option<u16>,
}

/// Builds and plays.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    println!("先编译，第一次要几分钟 / building first, a few minutes the first time");
    let program = ["--package", "xuncha-system-tests", "--bin", "demo"];
    finished(ground.cargo().arg("build").args(program), "编译没有成功 / the build failed")?;
    let mut play = ground.cargo();
    play.args(["run", "--quiet"]).args(program).arg("--");
    if args.once {
        play.arg("--once");
    }
    if let Some(photos) = &args.photos {
        let folder = photos.canonicalize().map_err(|e| Failure::new(format!("{}: {e}", photos.display())))?;
        play.arg("--photos").arg(folder);
    }
    if let Some(port) = args.port {
        play.arg("--port").arg(port.to_string());
    }
    finished(&mut play, "")
}

fn finished(command: &mut std::process::Command, otherwise: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(otherwise)),
        Err(e) => Err(Failure::new(format!("cargo: {e}"))),
    }
}
