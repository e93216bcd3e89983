//! Another engine as a process: a form and its script go in, a line of JSON comes back.

use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The engine running, with the folder that its scripts are written to.
pub struct Peer {
    process: Child,
    answers: Lines<BufReader<ChildStdout>>,
    pub folder: PathBuf,
}

impl Peer {
    /// Starts it; an error says which program is missing.
    pub fn start(command: &mut Command, folder: PathBuf) -> Result<Peer, String> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| format!("{} is not here", command.get_program().display()))?;
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Ok(Peer { process, answers, folder })
    }

    /// What it says of the form after these steps.
    pub fn run(&mut self, form: &Path, steps: &Value) -> Value {
        let script = self.folder.join("script.json");
        std::fs::write(&script, steps.to_string()).unwrap();
        // It may run in a folder of its own.
        let form = form.canonicalize().unwrap();
        let input = self.process.stdin.as_mut().unwrap();
        writeln!(input, "{}\t{}", form.display(), script.display()).unwrap();
        input.flush().unwrap();
        loop {
            let line = self.answers.next().unwrap().unwrap();
            // Engines write warnings to the same place.
            if let Some(found) = line.strip_prefix('{').and_then(|_| serde_json::from_str(&line).ok()) {
                return found;
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
