//! Builds the library with its stand-ins and writes its Kotlin and Swift below `target/bindings`.
//!
//! Generated code is not committed: it follows from the library. The list of what it has, `bindings/api.txt`, is.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use crate::ground::{Failure, Ground};

/// The Kotlin and the Swift step may ask at the same time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Does all of it; what is current is not built again.
pub(crate) fn generate(ground: &Ground) -> Result<(), Failure> {
    let _guard = ONE_AT_A_TIME.lock();
    cargo(
        ground,
        &["build", "-p", "xuncha-ffi", "-p", "xuncha-bindgen", "--features", "xuncha-ffi/stand-in"],
    )?;
    let out = ground.path("target/bindings");
    for language in ["kotlin", "swift"] {
        // Beside its place first: a half-written folder is never compiled.
        let (fresh, folder) = (out.join(format!("{language}.new")), out.join(language));
        empty(&fresh)?;
        let mut bindgen = Command::new(ground.path("target/debug/uniffi-bindgen"));
        bindgen.current_dir(ground.path("")).args([
            "generate",
            "--no-format",
            "--language",
            language,
            "--out-dir",
        ]);
        run(bindgen.arg(&fresh).arg(library(ground)), "uniffi-bindgen")?;
        if language == "swift" {
            swift_modules(&fresh)?;
        }
        if same(&fresh, &folder) {
            continue;
        }
        empty(&folder)?;
        fs::remove_dir(&folder)
            .and_then(|()| fs::rename(&fresh, &folder))
            .map_err(|error| io(&folder, &error))?;
    }
    Ok(())
}

/// The library with its stand-ins.
pub(crate) fn library(ground: &Ground) -> PathBuf {
    let name = if cfg!(target_os = "macos") { "libxuncha_ffi.dylib" } else { "libxuncha_ffi.so" };
    ground.path("target/debug").join(name)
}

/// SwiftPM wants each C module in a folder of its own, with its map under one name.
fn swift_modules(folder: &std::path::Path) -> Result<(), Failure> {
    for module in ["XunchaCore", "XunchaApp"] {
        let headers = folder.join(format!("{module}FFI"));
        let sources = folder.join(module);
        for made in [&headers, &sources] {
            fs::create_dir_all(made).map_err(|error| io(made, &error))?;
        }
        let header = format!("{module}FFI.h");
        let map = format!(
            "module {module}FFI {{\n    header \"{header}\"\n    link \"xuncha_ffi\"\n    export *\n}}\n"
        );
        let map_file = headers.join("module.modulemap");
        fs::write(&map_file, map).map_err(|error| io(&map_file, &error))?;
        for (from, to) in [
            (header.clone(), headers.join(&header)),
            (format!("{module}.swift"), sources.join(format!("{module}.swift"))),
        ] {
            fs::rename(folder.join(&from), &to).map_err(|error| io(&to, &error))?;
        }
        let old = folder.join(format!("{module}FFI.modulemap"));
        fs::remove_file(&old).map_err(|error| io(&old, &error))?;
    }
    Ok(())
}

/// Whether both folders hold the same files: an unchanged one keeps its times, and nothing is compiled again.
fn same(one: &std::path::Path, other: &std::path::Path) -> bool {
    Command::new("diff").args(["-rq"]).args([one, other]).output().is_ok_and(|output| output.status.success())
}

fn empty(folder: &std::path::Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| io(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| io(folder, &error))
}

fn cargo(ground: &Ground, words: &[&str]) -> Result<(), Failure> {
    run(Command::new("cargo").current_dir(ground.path("")).args(words), "cargo build")
}

fn run(command: &mut Command, what: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("{what} ended with {status}"))),
        Err(error) => Err(Failure::new(format!("{what}: {error}"))),
    }
}

fn io(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
