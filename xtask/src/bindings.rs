//! Builds the library with its stand-ins and writes its Kotlin and Swift below `target/bindings`.
//!
//! Generated code is not committed: it follows from the library. The list of what it has, `bindings/api.txt`, is.

use std::fs;
use std::path::{Path, PathBuf};
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
    // A copy, since another build without the stand-ins takes the place of cargo's own.
    let out = ground.path("target/bindings");
    let kept = library(ground);
    make(&out.join("lib"))?;
    fs::copy(ground.path("target/debug").join(LIBRARY), &kept).map_err(|error| io(&kept, &error))?;
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
            swift_package(&fresh)?;
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

/// What the library's file is called.
const LIBRARY: &str = if cfg!(target_os = "macos") { "libxuncha_ffi.dylib" } else { "libxuncha_ffi.so" };

/// The library with its stand-ins.
pub(crate) fn library(ground: &Ground) -> PathBuf {
    ground.path("target/bindings/lib").join(LIBRARY)
}

/// A package of what was generated. Both Swift files are one module, since uniffi writes no import between them;
/// each C module stands in a folder of its own. The language mode is 5: swiftc 6.0 crashes on generated code in 6.
fn swift_package(folder: &Path) -> Result<(), Failure> {
    let sources = folder.join("XunchaCore");
    make(&sources)?;
    write(&folder.join("Package.swift"), include_str!("bindings/Package.swift"))?;
    for module in ["XunchaCore", "XunchaApp"] {
        let headers = folder.join(format!("{module}FFI"));
        make(&headers)?;
        let (header, source) = (format!("{module}FFI.h"), format!("{module}.swift"));
        let map = format!("module {module}FFI {{\n    header \"{header}\"\n    export *\n}}\n");
        write(&headers.join("module.modulemap"), &map)?;
        for (name, to) in [(&header, &headers), (&source, &sources)] {
            let to = to.join(name);
            fs::rename(folder.join(name), &to).map_err(|error| io(&to, &error))?;
        }
        let old = folder.join(format!("{module}FFI.modulemap"));
        fs::remove_file(&old).map_err(|error| io(&old, &error))?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| io(folder, &error))
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text).map_err(|error| io(file, &error))
}

/// Whether both folders hold the same files: an unchanged one keeps its times, and nothing is compiled again.
fn same(one: &Path, other: &Path) -> bool {
    Command::new("diff").args(["-rq"]).args([one, other]).output().is_ok_and(|output| output.status.success())
}

fn empty(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| io(folder, &error))?;
    }
    make(folder)
}

fn cargo(ground: &Ground, words: &[&str]) -> Result<(), Failure> {
    run(ground.cargo().args(words), "cargo build")
}

fn run(command: &mut Command, what: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("{what} ended with {status}"))),
        Err(error) => Err(Failure::new(format!("{what}: {error}"))),
    }
}

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
