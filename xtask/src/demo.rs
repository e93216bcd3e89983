//! `cargo xtask demo`: builds, then plays the acceptance scene with a real hub and real phones.

use std::path::{Path, PathBuf};

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
    let photos = args.photos.as_deref().map(folder).transpose()?;
    println!("先编译，第一次要几分钟 / building first, a few minutes the first time");
    let program = ["--package", "xuncha-system-tests", "--bin", "demo"];
    finished(ground.cargo().arg("build").args(program), "编译没有成功 / the build failed")?;
    let mut play = ground.cargo();
    play.args(["run", "--quiet"]).args(program).arg("--");
    if args.once {
        play.arg("--once");
    }
    if let Some(photos) = photos {
        play.arg("--photos").arg(photos);
    }
    if let Some(port) = args.port {
        play.arg("--port").arg(port.to_string());
    }
    finished(&mut play, "")
}

/// A folder as it is found from the repository's root; told before anything is built if it is none.
fn folder(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().ok().filter(|path| path.is_dir()).ok_or_else(|| {
        let path = path.display();
        Failure::new(format!(
            "{path}：没有这个文件夹。换一个有照片的文件夹，或不加--photos / no such folder: name one with photos, or leave --photos out"
        ))
    })
}

fn finished(command: &mut std::process::Command, otherwise: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(otherwise)),
        Err(e) => Err(Failure::new(format!("cargo: {e}"))),
    }
}
