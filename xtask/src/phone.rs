//! Opens the phone's screens in a window: the real library, a desk's stand-ins for camera, position and keys.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::bindings;
use crate::ground::{Failure, Ground, finished};
use crate::steps;

/// Options of `cargo xtask phone`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The phone's folder; target/phone unless given.
    folder: Option<String>,
    /// An enrolment code from the hub's console; it can be pasted into the window too.
    #[arg(long)]
    code: Option<String>,
    /// light, dark or sunlight; as chosen last unless given.
    #[arg(long, value_parser = ["light", "dark", "sunlight"])]
    look: Option<String>,
    /// zh or en; as chosen last unless given.
    #[arg(long, value_parser = ["zh", "en"])]
    language: Option<String>,
}

/// Builds what is needed and opens the window; returns when it is closed.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    if cfg!(target_os = "linux") && !has_display {
        return Err(Failure::new(
            "这里没有显示器，开不了窗口；什么都没有改动。请在有桌面的机器上运行，或者：\n\
             There is no display to open a window on; nothing was changed. Run this at a desk, or:\n  \
             apt-get install xvfb && xvfb-run cargo xtask phone\n\
             同样的画面存成图片 / the same screens as pictures, in target/shots:\n  \
             cargo xtask test --only kotlin",
        ));
    }
    steps::prepare_kotlin(ground)?;
    bindings::generate(ground)?;
    let mut maven = steps::maven(ground, "android");
    maven.args(["-q", "-Pwindow", "-pl", "desktop", "-am", "process-classes"]);
    finished(&mut maven, "mvn")?;
    finished(&mut window(ground, args)?, "java")
}

/// The program with all that it needs. It runs by itself, so that Ctrl-C and what it says are not Maven's.
fn window(ground: &Ground, args: &Args) -> Result<Command, Failure> {
    let built = ground.path("target/kotlin/desktop");
    let listed = built.join("classpath");
    let needed = fs::read_to_string(&listed)
        .map_err(|error| Failure::new(format!("{}: {error}", listed.display())))?;
    let places = [built.join("classes")].into_iter().chain(env::split_paths(needed.trim()));
    let classes = env::join_paths(places).map_err(|error| Failure::new(error.to_string()))?;
    let library = bindings::library(ground);
    let beside = library.parent().map(PathBuf::from).unwrap_or_default();
    let mut java = Command::new("java");
    // fontconfig picks the Chinese, not the Japanese, shapes of Noto CJK by this.
    java.env("LANG", "zh_CN.UTF-8")
        .arg(format!("-Djna.library.path={}", beside.display()))
        .arg("-cp")
        .arg(classes)
        .arg("org.xuncha.desktop.MainKt");
    match &args.folder {
        Some(folder) => java.arg(folder),
        None => java.arg(ground.path("target/phone")),
    };
    for (name, value) in [("--code", &args.code), ("--look", &args.look), ("--language", &args.language)] {
        if let Some(value) = value {
            java.args([name, value]);
        }
    }
    Ok(java)
}
