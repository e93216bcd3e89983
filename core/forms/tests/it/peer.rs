//! Another engine as a process: a form and its script go in, a line of JSON comes back.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long it may take over one form and its script.
const PATIENCE: Duration = Duration::from_secs(120);

/// The engine, with the folder that its scripts are written to.
pub struct Peer {
    start: Command,
    running: Option<Running>,
    pub folder: PathBuf,
}

struct Running {
    process: Child,
    answers: Receiver<String>,
}

impl Running {
    /// An error says which program is missing.
    fn of(command: &mut Command) -> Result<Running, String> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| format!("{} is not here", command.get_program().display()))?;
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (answer, answers) = channel();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).take_while(|line| answer.send(line.clone()).is_ok()).count();
        });
        Ok(Running { process, answers })
    }

    fn ask(&mut self, line: &str) -> Result<Value, String> {
        let input = self.process.stdin.as_mut().unwrap();
        writeln!(input, "{line}").and_then(|()| input.flush()).map_err(|_| "it ended".to_owned())?;
        loop {
            let line = self.answers.recv_timeout(PATIENCE).map_err(|reason| match reason {
                RecvTimeoutError::Timeout => format!("no answer in {} s", PATIENCE.as_secs()),
                RecvTimeoutError::Disconnected => "it ended".to_owned(),
            })?;
            // Engines write warnings to the same place.
            if let Some(found) = line.strip_prefix('{').and_then(|_| serde_json::from_str(&line).ok()) {
                return Ok(found);
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Peer {
    /// Starts it; an error says which program is missing.
    pub fn start(command: &mut Command, folder: PathBuf) -> Result<Peer, String> {
        let running = Some(Running::of(command)?);
        let mut start = Command::new(command.get_program());
        start.args(command.get_args());
        start.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(inside) = command.get_current_dir() {
            start.current_dir(inside);
        }
        Ok(Peer { start, running, folder })
    }

    /// What it says of the form after these steps. An engine that hangs or dies over a form says that as its
    /// error, and is started again for the next one.
    pub fn run(&mut self, form: &Path, steps: &Value) -> Value {
        let script = self.folder.join("script.json");
        std::fs::write(&script, steps.to_string()).unwrap();
        // It may run in a folder of its own.
        let form = form.canonicalize().unwrap();
        let mut running = self.running.take().unwrap_or_else(|| Running::of(&mut self.start).unwrap());
        match running.ask(&format!("{}\t{}", form.display(), script.display())) {
            Ok(answer) => {
                self.running = Some(running);
                answer
            }
            Err(reason) => json!({"error": reason}),
        }
    }
}
