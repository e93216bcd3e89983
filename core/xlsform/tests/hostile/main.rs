//! Workbooks that want to take all time or memory: each is converted in a process of its own, which tells both.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what broke by breaking"
)]
#![cfg(target_os = "linux")]

#[path = "../biff/mod.rs"]
mod biff;
mod dense;
mod odd;
#[path = "../../../forms/tests/hostile/process.rs"]
mod process;

use std::process::Command;
use std::sync::Mutex;

use process::{peak, spent};
use xuncha_xlsform::{Code, Limits, convert};

/// Milliseconds of work a mebibyte that are too many: a second, and more in a build that is not optimised.
const SLOW: usize = if cfg!(debug_assertions) { 10_000 } else { 1_000 };

/// How many times its size a workbook may take.
const TIMES: usize = 20;
/// Bytes that any may take beyond that.
const GROUND: usize = 1 << 20;

/// Bytes of the XForm that a workbook of that size may become, where it asks for as many as it can.
fn largest(size: usize) -> usize {
    (size * Limits::default().growth).max(4 << 20).min(Limits::default().xform)
}

/// What a process took to convert a workbook.
struct Taken {
    /// Milliseconds of work.
    spent: usize,
    /// Bytes held at most.
    held: usize,
    /// Bytes of the XForm; none if there is none because it would be too large, nought if for other reasons.
    xform: Option<usize>,
    made: bool,
}

fn measured(bytes: &[u8], path: &std::path::Path) -> Option<Taken> {
    std::fs::write(path, bytes).unwrap();
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["no_workbook_takes_more_than_its_share", "--exact", "--nocapture"])
        .env("XUNCHA_HOSTILE", path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("HOSTILE "))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |nth: usize| words[nth].parse::<usize>().unwrap();
    let xform = words[2].parse().ok();
    Some(Taken { spent: number(0), held: number(1) * 1024, xform, made: words[3] == "true" })
}

#[test]
fn no_workbook_takes_more_than_its_share() {
    if let Ok(path) = std::env::var("XUNCHA_HOSTILE") {
        let bytes = std::fs::read(path).unwrap();
        let begun = spent();
        let made = convert(&bytes, &Limits::default());
        let (spent, held) = (spent() - begun, peak());
        let xform = match &made {
            Ok(form) => form.xml.len().to_string(),
            Err(notices) if notices.iter().any(|n| n.code == Code::TooLarge && n.en.contains("MiB")) => {
                "all".to_owned()
            }
            Err(_) => "0".to_owned(),
        };
        println!("\nHOSTILE {spent} {held} {xform} {}", made.is_ok());
        return;
    }
    let folder = std::env::temp_dir().join(format!("xuncha-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let small = odd::csv("type,name,label", std::iter::once("text,a,A".to_owned()), "");
    let base = measured(&small, &folder.join("small")).unwrap().held;
    let mut all: Vec<(String, Vec<u8>)> =
        odd::workbooks().into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    all.extend([100_000, 1_000_000].into_iter().flat_map(dense::workbooks));
    let (all, faults) = (Mutex::new(all), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (all, faults, path) = (&all, &faults, folder.join(format!("workbook-{thread}")));
            scope.spawn(move || {
                loop {
                    let Some((name, bytes)) = all.lock().unwrap().pop() else { return };
                    let Some(taken) = measured(&bytes, &path) else {
                        faults.lock().unwrap().push(format!("{name}: died"));
                        continue;
                    };
                    let (size, held) = (unpacked(&bytes), taken.held.saturating_sub(base));
                    // A small workbook may become an XForm of up to 4 MiB, which stands in the tree of the survey, too.
                    let xform = taken.xform.unwrap_or(largest(size));
                    let beyond = xform.saturating_sub(size * Limits::default().growth);
                    let most = TIMES * size + GROUND + 2 * beyond;
                    let per_mib = taken.spent * (1 << 20) / (size + GROUND + beyond);
                    let end = if taken.made { "" } else { ", refused" };
                    println!(
                        "{name}: {size} bytes, {} ms, {:.1} MB held, {:.1} times, {} % of what it may{end}",
                        taken.spent,
                        held as f64 / 1e6,
                        held as f64 / size as f64,
                        held * 100 / most,
                    );
                    if held > most || per_mib > SLOW {
                        let fault =
                            format!("{name}: {held} bytes where {most} are allowed, {per_mib} ms a MiB");
                        faults.lock().unwrap().push(fault);
                    }
                }
            });
        }
    });
    std::fs::remove_dir_all(folder).unwrap();
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The size of a workbook, that of an .xlsx unpacked.
fn unpacked(bytes: &[u8]) -> usize {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return bytes.len() };
    (0..archive.len()).map(|nth| usize::try_from(archive.by_index(nth).unwrap().size()).unwrap()).sum()
}
