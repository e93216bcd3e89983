//! Builds the library with its stand-ins and writes its Kotlin and Swift below `target/bindings`.
//!
//! Generated code is not committed: it follows from the library. The list of what it has, `bindings/api.txt`, is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::ground::{Failure, Ground, finished};

/// The Kotlin and the Swift step may ask at the same time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Does all of it; what is current is not built again. Builds the hub that the languages' tests sync with, too: all in
/// one, the crates have the features that the Rust tests compiled them with, and none is compiled twice.
pub(crate) fn generate(ground: &Ground) -> Result<(), Failure> {
    let _guard = ONE_AT_A_TIME.lock();
    let packages = ["-p", "xuncha-ffi", "-p", "xuncha-bindgen", "-p", "xuncha-system-tests"];
    let mut build = ground.cargo();
    build.args(["build", "--locked"]).args(packages).args(["--features", "xuncha-ffi/stand-in"]);
    finished(&mut build, "cargo build")?;
    // A copy, since another build without the stand-ins takes the place of cargo's own.
    let out = ground.path("target/bindings");
    let kept = library(ground);
    make(&out.join("lib"))?;
    fs::copy(ground.path("target/debug").join(LIBRARY), &kept).map_err(|error| io(&kept, &error))?;
    // A Swift package is known by its folder's name.
    for (language, folder) in [("kotlin", "kotlin"), ("swift", "XunchaCore")] {
        // Beside its place first: a half-written folder is never compiled.
        let (fresh, folder) = (out.join(format!("{folder}.new")), out.join(folder));
        empty(&fresh)?;
        let mut bindgen = Command::new(ground.path("target/debug/uniffi-bindgen"));
        bindgen.current_dir(ground.path("")).args([
            "generate",
            "--no-format",
            "--language",
            language,
            "--out-dir",
        ]);
        finished(bindgen.arg(&fresh).arg(library(ground)), "uniffi-bindgen")?;
        if language == "swift" {
            swift_package(&fresh)?;
        }
        if same(&fresh, &folder) {
            fs::remove_dir_all(&fresh).map_err(|error| io(&fresh, &error))?;
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

/// The library as a phone's build makes it but for the stand-ins, in a folder of its own; answers the folder.
pub(crate) fn release(ground: &Ground) -> Result<PathBuf, Failure> {
    let mut build = ground.cargo();
    build.args([
        "build",
        "--release",
        "--locked",
        "-p",
        "xuncha-ffi",
        "--lib",
        "--features",
        "xuncha-ffi/stand-in",
    ]);
    finished(&mut build, "cargo build")?;
    let folder = ground.path("target/bindings/lib-release");
    make(&folder)?;
    let kept = folder.join(LIBRARY);
    fs::copy(ground.path("target/release").join(LIBRARY), &kept).map_err(|error| io(&kept, &error))?;
    Ok(folder)
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

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
