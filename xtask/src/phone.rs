//! Opens the phone's screens in a window: the real library, a desk's stand-ins for camera, position and keys.

use std::env;

use crate::bindings;
use crate::ground::{Failure, Ground};
use crate::steps;

/// Options of `cargo xtask phone`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The phone's folder; target/phone unless given.
    folder: Option<String>,
    /// An enrolment code from the hub's console.
    #[arg(long)]
    code: Option<String>,
    /// light, dark or sunlight.
    #[arg(long)]
    look: Option<String>,
    /// zh or en.
    #[arg(long)]
    language: Option<String>,
}

/// Builds what is needed and opens the window; returns when it is closed.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    if cfg!(target_os = "linux") && !has_display {
        return Err(Failure::new(
            "there is no display to open a window on. Run this at a desk, or: apt-get install xvfb; xvfb-run cargo xtask phone. \
             The same screens as pictures: cargo xtask test kotlin, then target/shots",
        ));
    }
    steps::prepare_kotlin(ground)?;
    bindings::generate(ground)?;
    let folder = args.folder.clone().unwrap_or_else(|| ground.path("target/phone").display().to_string());
    let mut words = vec![folder];
    for (name, value) in [("--code", &args.code), ("--look", &args.look), ("--language", &args.language)] {
        words.extend(value.iter().flat_map(|value| [name.to_owned(), value.clone()]));
    }
    let mut maven = steps::maven(ground, "android");
    maven.args(["-q", "-Pwindow", "-DskipTests", "test-compile"]);
    maven.arg(format!("-Dxuncha.words={}", words.join(" ")));
    match maven.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("the window ended with {status}"))),
        Err(error) => Err(Failure::new(format!("mvn: {error}"))),
    }
}
