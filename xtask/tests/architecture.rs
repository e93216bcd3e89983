//! The arrows between the crates, read from what cargo resolves for each of them (ARCHITECTURE.md draws them).
//!
//! The pure crates know no clock, file, socket, thread, random source or SQL; the hub never depends on the
//! phone's engine room; nothing depends on the FFI surface. Only normal dependencies count: what tests use
//! does not ship.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes in, values out.
const PURE: [&str; 5] = ["xuncha-forms", "xuncha-xlsform", "xuncha-casework", "xuncha-photos", "xuncha-wire"];

/// Our own crates that each crate may use directly.
const ARROWS: [(&str, &[&str]); 11] = [
    ("xuncha-forms", &[]),
    ("xuncha-xlsform", &["xuncha-forms"]),
    ("xuncha-casework", &[]),
    ("xuncha-photos", &[]),
    ("xuncha-wire", &["xuncha-casework"]),
    ("xuncha-device", &["xuncha-forms", "xuncha-casework", "xuncha-photos", "xuncha-wire"]),
    ("xuncha-hub", &["xuncha-forms", "xuncha-xlsform", "xuncha-casework", "xuncha-photos", "xuncha-wire"]),
    ("xuncha-ffi", &["xuncha-device"]),
    ("xuncha-bindgen", &[]),
    (
        "xuncha-system-tests",
        &[
            "xuncha-forms",
            "xuncha-xlsform",
            "xuncha-casework",
            "xuncha-photos",
            "xuncha-wire",
            "xuncha-device",
            "xuncha-hub",
        ],
    ),
    ("xtask", &[]),
];

/// What no pure crate may reach, by whatever way.
const IMPURE: [&str; 26] = [
    "async-std",
    "axum",
    "chrono",
    "fastrand",
    "getrandom",
    "hyper",
    "iana-time-zone",
    "libsqlite3-sys",
    "mio",
    "notify",
    "p256",
    "rand",
    "rayon",
    "reqwest",
    "ring",
    "rusqlite",
    "rustls",
    "smol",
    "socket2",
    "sqlx",
    "tempfile",
    "time",
    "tokio",
    "uniffi",
    "walkdir",
    "winapi-util",
];

/// Arrows of others that are known not to matter, each with its reason.
const HARMLESS: [(&str, &str, &str); 2] = [
    ("uuid", "getrandom", "only Uuid::now_v7 and new_v4 draw from it, and clippy.toml bans now_v7"),
    ("zip", "getrandom", "only writing an encrypted archive draws from it; workbooks are read"),
];

/// What the phone must not carry.
const NOT_ON_THE_PHONE: [&str; 8] = [
    "axum",
    "askama",
    "calamine",
    "clap",
    "rust_xlsxwriter",
    "tracing-subscriber",
    "xuncha-hub",
    "xuncha-xlsform",
];

/// Names of crates by the names of the crates that they need to run.
struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// What these crates need when each is built for itself: in the whole workspace a feature that the
    /// bindings generator switches on would count against the phone.
    fn of(packages: &[&str]) -> Self {
        let mut graph = Self(BTreeMap::new());
        for package in packages {
            let output = Command::new(env!("CARGO"))
                .args(["tree", "--locked", "--target", "all", "--edges", "normal,no-proc-macro"])
                .args(["--prefix", "depth", "--format", " {p}", "--package", package])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            graph.read(&String::from_utf8(output.stdout).unwrap());
        }
        graph
    }

    /// Reads lines of a depth and a name: `2 tokio v1.54.1`.
    fn read(&mut self, tree: &str) {
        let mut above: Vec<String> = Vec::new();
        for line in tree.lines().filter(|line| !line.is_empty()) {
            let mut words = line.split(' ');
            let depth: usize = words.next().unwrap().parse().unwrap();
            let name = words.next().unwrap().to_owned();
            above.truncate(depth);
            self.0.entry(name.clone()).or_default();
            if let Some(parent) = above.last() {
                self.0.entry(parent.clone()).or_default().insert(name.clone());
            }
            above.push(name);
        }
    }

    /// Everything that a crate reaches, with the way to it.
    fn reach(&self, start: &str) -> BTreeMap<String, Vec<String>> {
        let mut ways = BTreeMap::from([(start.to_owned(), vec![start.to_owned()])]);
        let mut waiting = vec![start.to_owned()];
        while let Some(at) = waiting.pop() {
            for next in self.0.get(&at).into_iter().flatten() {
                let harmless = HARMLESS.iter().any(|(from, to, _)| *from == at && to == next);
                if harmless || ways.contains_key(next) {
                    continue;
                }
                let way = [&ways[&at][..], std::slice::from_ref(next)].concat();
                ways.insert(next.clone(), way);
                waiting.push(next.clone());
            }
        }
        ways
    }

    fn forbidden(&self, start: &str, banned: &[&str]) -> Vec<String> {
        let reached = self.reach(start);
        banned.iter().filter_map(|name| reached.get(*name)).map(|way| way.join(" → ")).collect()
    }

    fn wrong_arrows(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (of, needs) in &self.0 {
            let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| name == of) else {
                if of.starts_with("xuncha-") {
                    wrong.push(format!("{of} is in no list of arrows"));
                }
                continue;
            };
            let ours = needs.iter().filter(|name| ARROWS.iter().any(|(own, _)| own == name));
            wrong.extend(
                ours.filter(|name| !allowed.contains(&name.as_str())).map(|name| format!("{of} → {name}")),
            );
        }
        wrong
    }
}

#[test]
fn the_pure_crates_are_pure() {
    for name in PURE {
        let graph = Graph::of(&[name]);
        assert!(graph.0[name].len() > 1, "{name} was not read");
        assert_eq!(graph.forbidden(name, &IMPURE), [""; 0], "{name}");
    }
}

#[test]
fn the_arrows_are_those_that_are_drawn() {
    assert_eq!(Graph::of(&ARROWS.map(|(name, _)| name)).wrong_arrows(), [""; 0]);
}

#[test]
fn no_crate_of_the_workspace_is_left_out() {
    let listed = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--no-deps"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let names: BTreeSet<&str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ARROWS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn the_phone_carries_nothing_of_the_hub() {
    let phone = Graph::of(&["xuncha-ffi"]);
    assert!(phone.reach("xuncha-ffi").contains_key("xuncha-forms"));
    assert_eq!(phone.forbidden("xuncha-ffi", &NOT_ON_THE_PHONE), [""; 0]);
    let hub = Graph::of(&["xuncha-hub"]);
    assert_eq!(hub.forbidden("xuncha-hub", &["xuncha-device", "xuncha-ffi", "uniffi"]), [""; 0]);
}

#[test]
fn every_harmless_arrow_still_exists() {
    let graph = Graph::of(&PURE);
    for (from, to, reason) in HARMLESS {
        let there = graph.0.get(from).is_some_and(|needs| needs.contains(to));
        assert!(there, "{from} → {to} ({reason}) is gone: strike it from the list");
    }
}

fn told(tree: &str) -> Graph {
    let mut graph = Graph(BTreeMap::new());
    graph.read(tree);
    graph
}

#[test]
fn a_forbidden_crate_is_found_however_deep() {
    let tree = "0 xuncha-forms v0.1.0 (/x)\n1 serde v1.0.0\n1 a v1.0.0\n2 b v1.0.0\n3 tokio v1.0.0\n2 serde v1.0.0 (*)";
    assert_eq!(told(tree).forbidden("xuncha-forms", &IMPURE), ["xuncha-forms → a → b → tokio"]);
    let harmless = "0 xuncha-wire v0.1.0\n1 uuid v1.0.0\n2 getrandom v0.4.0";
    assert_eq!(told(harmless).forbidden("xuncha-wire", &IMPURE), [""; 0]);
    let beside =
        "0 xuncha-wire v0.1.0\n1 uuid v1.0.0\n2 getrandom v0.4.0\n1 ahash v1.0.0\n2 getrandom v0.4.0";
    assert_eq!(told(beside).forbidden("xuncha-wire", &IMPURE), ["xuncha-wire → ahash → getrandom"]);
}

#[test]
fn a_wrong_arrow_is_found() {
    let tree = "0 xuncha-hub v0.1.0\n1 xuncha-device v0.1.0\n1 xuncha-wire v0.1.0\n1 xuncha-new v0.1.0";
    assert_eq!(
        told(tree).wrong_arrows(),
        ["xuncha-hub → xuncha-device", "xuncha-new is in no list of arrows"]
    );
}

/// What no pure crate may name of the standard library. Clippy's list (clippy.toml) has the clocks that everyone must
/// leave alone; a file or a thread is only these crates' to leave alone.
const IMPURE_OF_STD: [&str; 8] = ["env", "fs", "net", "os", "process", "sync", "thread", "time"];

/// `std::sync` holds more than locks and channels, which are for threads.
const SHARED: [&str; 2] = ["sync::Arc", "sync::OnceLock"];

/// What a source names below `std` that it may not, such as `fs::read`.
fn impure_names(source: &str) -> Vec<String> {
    let end = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
    let code =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut named = Vec::new();
    for rest in code.split("std::").skip(1) {
        match rest.strip_prefix('{') {
            // A list would need more than this reader; none of these crates writes one.
            Some(list) => named.push(format!("{{{}", list.split('}').next().unwrap_or_default())),
            None => named.push(rest.split(end).next().unwrap_or_default().to_owned()),
        }
    }
    named.retain(|name| {
        let first = name.split("::").next().unwrap_or_default();
        let shared = SHARED.iter().any(|free| name == free || name.starts_with(&format!("{free}::")));
        first.starts_with('{') || (IMPURE_OF_STD.contains(&first) && !shared)
    });
    named
}

/// Rust sources below a folder, tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let of_tests = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() && !of_tests {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !of_tests {
            found.push(path);
        }
    }
}

#[test]
fn the_pure_crates_name_no_clock_file_socket_or_thread() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    let mut wrong = Vec::new();
    for name in PURE {
        let mut found = Vec::new();
        sources(&core.join(name.trim_start_matches("xuncha-")).join("src"), &mut found);
        assert!(found.len() > 5, "{name} was not read");
        for path in found {
            let names = impure_names(&std::fs::read_to_string(&path).unwrap());
            wrong.extend(names.into_iter().map(|name| format!("{}: std::{name}", path.display())));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn an_impure_name_is_found_and_a_comment_is_none() {
    assert_eq!(
        impure_names("use std::fs::File;\nlet now = std::time::Instant::now();"),
        ["fs::File", "time::Instant::now"]
    );
    assert_eq!(impure_names("use std::{collections::BTreeMap, fs};"), ["{collections::BTreeMap, fs"]);
    assert_eq!(impure_names("use std::sync::Mutex;"), ["sync::Mutex"]);
    assert_eq!(impure_names("/// Not std::fs.\nuse std::sync::Arc;\nstd::fmt::Display"), [""; 0]);
}
