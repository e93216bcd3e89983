//! Runs a command, shows what it writes as it comes, and counts the tests that it reports.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use super::tally::{Counter, Tally};
use crate::ground::Failure;

/// Runs the command to its end.
///
/// One that fails though none of its tests did, such as a build that does not compile, is a [`Failure`].
pub(crate) fn stream(command: &mut Command) -> Result<Tally, Failure> {
    let shown = show(command);
    println!("$ {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    let counter = Mutex::new(Counter::default());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| forward(out, &counter));
        scope.spawn(|| forward(err, &counter));
    });
    let status = child.wait().map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    let tally = counter.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).tally();
    if status.success() || tally.failed > 0 {
        return Ok(tally);
    }
    Err(Failure::new(format!("`{shown}` ended with {status}")))
}

fn forward(from: Option<impl Read>, counter: &Mutex<Counter>) {
    let Some(from) = from else { return };
    let mut lines = BufReader::new(from);
    let mut raw = Vec::new();
    while lines.read_until(b'\n', &mut raw).is_ok_and(|length| length > 0) {
        let line = String::from_utf8_lossy(&raw);
        print!("{line}");
        if let Ok(mut counter) = counter.lock() {
            counter.see(&line);
        }
        raw.clear();
    }
}

/// The command as one would type it, without its folder's path.
fn show(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    let words = command.get_args().map(|word| word.to_string_lossy()).filter(|word| word.lines().count() < 2);
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}
