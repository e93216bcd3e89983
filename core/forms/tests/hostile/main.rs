//! Forms that want to take all time or memory: each is compiled, opened, shown, saved, finished and opened again in a process
//! of its own, which tells what that took.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what broke by breaking"
)]
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use process::{peak, spent};
use xuncha_forms::{Context, Form, Limits, Moment, Session};

mod process;
mod shapes;

/// What any form may take however small it is, in bytes: the densest have four bytes a node.
const GROUND: usize = 24 << 20;
/// A node of a filled form, in bytes.
const NODE: usize = 90;
/// Milliseconds of work a mebibyte that are too many: a second, and more in a build that is not optimised.
const SLOW: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000 };

struct Phone;
impl Context for Phone {
    fn now(&self) -> Moment {
        Moment { unix_ms: 1_795_000_000_000, offset_minutes: 480 }
    }
    fn entropy(&mut self) -> [u8; 16] {
        [7; 16]
    }
    fn property(&self, _name: &str) -> Option<String> {
        None
    }
}

/// Compiles, opens, shows, saves, finishes, opens again; says where it ended.
fn used(xml: &[u8], files: &BTreeMap<String, Vec<u8>>) -> String {
    let form = match Form::compile(xml, files, &Limits::default()) {
        Ok(form) => Arc::new(form),
        Err(error) => return format!("refused: {error}"),
    };
    let mut session = match Session::start(form.clone(), &mut Phone) {
        Ok(session) => session,
        Err(error) => return format!("not opened: {error}"),
    };
    let view = session.view();
    drop(view);
    let saved = session.save();
    drop(session.finalize(&mut Phone));
    drop(session);
    match Session::restore(form, &saved, &mut Phone) {
        Ok((again, _)) => format!("opened, {} bytes saved", again.save().len()),
        Err(error) => format!("not opened again: {error}"),
    }
}

#[test]
fn no_form_takes_more_than_its_share() {
    if let Ok(nth) = std::env::var("XUNCHA_HOSTILE") {
        let shape = shapes::all().swap_remove(nth.parse().unwrap());
        let (form, files) = (shape.form)();
        let size = form.len() + files.values().map(Vec::len).sum::<usize>();
        // The program's own pages come in with a small form.
        let (small, no_files) = shapes::small();
        used(small.as_bytes(), &no_files);
        // What was held until here is given back, and the mark begins anew.
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let (base, begun) = (peak(), spent());
        let ended = used(form.as_bytes(), &files);
        println!("\nHOSTILE {size} {} {} {ended}", spent() - begun, peak() - base);
        return;
    }
    let mut faults = Vec::new();
    for (nth, shape) in shapes::all().iter().enumerate() {
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["no_form_takes_more_than_its_share", "--exact", "--nocapture"])
            .env("XUNCHA_HOSTILE", nth.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        let Some(line) = text.lines().find_map(|line| line.strip_prefix("HOSTILE ")) else {
            faults.push(format!("{}: died", shape.name));
            println!("{}: died", shape.name);
            continue;
        };
        let mut parts = line.splitn(4, ' ');
        let mut number = || parts.next().unwrap().parse::<usize>().unwrap();
        let (size, spent, held) = (number(), number(), number() * 1024);
        let ended = parts.next().unwrap();
        let held = held.saturating_sub(shape.asks * NODE);
        let times = held as f64 / size.max(GROUND / 20) as f64;
        let slow = spent as f64 / ((size + (1 << 20)) as f64 / f64::from(1 << 20));
        println!(
            "{:48} {size:>9} B {:>7.1} MB {times:>6.1} times {spent:>6} ms {slow:>6.0} ms a MiB; {ended}",
            shape.name,
            held as f64 / 1e6
        );
        if times > 20.0 || slow > SLOW as f64 {
            faults.push(format!("{}: {times:.1} times its size, {slow:.0} ms a MiB", shape.name));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
