//! The exported surface is the committed one. After a change on purpose: `UPDATE_API=1 cargo test -p xuncha-bindgen`.

use std::path::PathBuf;
use std::process::Command;

use camino::Utf8PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The library with no feature: what a phone gets. Built beside the other one, which has the stand-ins; together with
/// the crate that depends on everything, so that what both need was compiled before, with the same features.
fn library() -> Result<Utf8PathBuf, Box<dyn std::error::Error>> {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--locked",
            "-p",
            "xuncha-ffi",
            "-p",
            "xuncha-bindgen",
            "-p",
            "xuncha-system-tests",
            "--message-format=json",
        ])
        .current_dir(root())
        .output()?;
    let messages = String::from_utf8(built.stdout)?;
    let path = messages
        .split('"')
        .find(|word| word.ends_with("libxuncha_ffi.so") || word.ends_with("libxuncha_ffi.dylib"))
        .ok_or_else(|| format!("cargo built no library:\n{}", String::from_utf8_lossy(&built.stderr)))?;
    Ok(Utf8PathBuf::from(path))
}

#[test]
fn the_exported_surface_is_the_committed_one() {
    let now = xuncha_bindgen::surface(&library().unwrap()).unwrap().join("\n") + "\n";
    let file = root().join("bindings/api.txt");
    if std::env::var_os("UPDATE_API").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (now.lines().collect(), committed.lines().collect());
    let gone: Vec<_> =
        theirs.iter().filter(|line| !ours.contains(line)).map(|line| format!("- {line}")).collect();
    let new: Vec<_> =
        ours.iter().filter(|line| !theirs.contains(line)).map(|line| format!("+ {line}")).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "bindings/api.txt differs:\n{}\n{}",
        gone.join("\n"),
        new.join("\n")
    );
    assert_eq!(now, committed, "bindings/api.txt is not sorted as it should be");
}

#[test]
fn nothing_of_the_stand_ins_reaches_a_phone() {
    let committed = std::fs::read_to_string(root().join("bindings/api.txt")).unwrap();
    assert!(committed.contains("object App.new open("), "the list is of the right library");
    for word in ["crash", "file_key", "Duration", "Timestamp"] {
        assert!(!committed.contains(word), "{word} crosses the surface");
    }
}

#[test]
fn every_exported_call_can_fail_in_a_typed_way() {
    let committed = std::fs::read_to_string(root().join("bindings/api.txt")).unwrap();
    let silent: Vec<_> = committed
        .lines()
        .filter(|line| line.contains('(') && !line.starts_with("enum") && !line.starts_with("error"))
        .filter(|line| !line.contains(" throws "))
        .collect();
    assert!(silent.is_empty(), "these calls can't fail: {silent:?}");
}
