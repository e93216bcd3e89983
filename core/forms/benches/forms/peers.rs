//! JavaRosa and Web Forms, through the shared oracle's drivers; each case in a process of its own, once.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A figure of the peers' drivers.
pub(crate) struct Peer {
    pub(crate) command: &'static str,
    /// A file of the generator, or `VA`.
    pub(crate) form: &'static str,
    pub(crate) count: usize,
    pub(crate) value: &'static str,
}

/// The peers that are installed, and what they measured.
pub(crate) struct Peers {
    javarosa: Result<Vec<String>, String>,
    webforms: Result<PathBuf, String>,
    forms: PathBuf,
    va: PathBuf,
    known: Vec<(String, Option<Value>)>,
}

/// No case of a peer is waited for longer.
const PATIENCE: Duration = Duration::from_secs(150);

impl Peers {
    pub(crate) fn find(oracle: &Path, forms: &Path, va: &Path) -> Peers {
        Peers {
            javarosa: javarosa(oracle),
            webforms: webforms(oracle),
            forms: forms.to_owned(),
            va: va.to_owned(),
            known: Vec::new(),
        }
    }

    /// JavaRosa's and Web Forms' figure.
    pub(crate) fn figure(&mut self, peer: &Peer) -> (Option<f64>, Option<f64>) {
        let form = if peer.form == "VA" { self.va.clone() } else { self.forms.join(peer.form) };
        let case = [peer.command, &form.to_string_lossy(), &peer.count.to_string()].map(str::to_owned);
        let javarosa = self.javarosa.clone().ok().and_then(|mut command| {
            command.extend(case.clone());
            self.value(command, Path::new("."), peer.value)
        });
        // Its loads and changes take seconds each.
        let few = if matches!(peer.command, "load" | "chain") { peer.count.min(3) } else { peer.count };
        let webforms = self.webforms.clone().ok().and_then(|folder| {
            let node =
                ["node", "--expose-gc", "--max-old-space-size=8192", "we-bench.mjs", &case[0], &case[1]];
            let mut command: Vec<String> = node.map(str::to_owned).into();
            command.push(few.to_string());
            self.value(command, &folder, peer.value)
        });
        (javarosa, webforms)
    }

    fn value(&mut self, command: Vec<String>, folder: &Path, value: &str) -> Option<f64> {
        let name = command.join(" ");
        if self.known.iter().all(|(known, _)| *known != name) {
            let measured = run(&command, folder);
            self.known.push((name.clone(), measured));
        }
        let found = self.known.iter().find(|(known, _)| *known == name)?.1.as_ref()?;
        found[value].as_f64()
    }

    pub(crate) fn missing(&self) -> Vec<String> {
        let javarosa = self.javarosa.as_ref().err().map(|reason| format!("JavaRosa was not run: {reason}"));
        let webforms = self.webforms.as_ref().err().map(|reason| format!("Web Forms was not run: {reason}"));
        javarosa.into_iter().chain(webforms).collect()
    }
}

fn run(command: &[String], folder: &Path) -> Option<Value> {
    let start = Instant::now();
    let limit = PATIENCE.as_secs().to_string();
    let out = Command::new("timeout").arg(limit).args(command).current_dir(folder).output().ok()?;
    let process = start.elapsed().as_secs_f64() * 1e3;
    let text = String::from_utf8(out.stdout).ok()?;
    let mut value: Value = serde_json::from_str(text.trim().lines().last()?).ok()?;
    value["process_ms"] = process.into();
    Some(value)
}

fn javarosa(oracle: &Path) -> Result<Vec<String>, String> {
    let jar = crate::jar::jar().ok_or("ODK_Validate.jar is not here")?;
    let classes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-javarosa");
    std::fs::create_dir_all(&classes).map_err(|error| error.to_string())?;
    let source = oracle.join("bench/JrBench.java");
    let javac = Command::new("javac").arg("-d").arg(&classes).arg("-cp").arg(&jar).arg(source).output();
    let javac = javac.map_err(|_| "there is no javac")?;
    if !javac.status.success() {
        return Err(String::from_utf8_lossy(&javac.stderr).into_owned());
    }
    let path = format!("{}:{}", jar.display(), classes.display());
    Ok(["java", "-Xmx2g", "-cp", &path, "JrBench"].map(str::to_owned).into())
}

fn webforms(oracle: &Path) -> Result<PathBuf, String> {
    let folder = std::env::var_os("XUNCHA_WEBFORMS").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("node_modules/@getodk/xforms-engine").is_dir());
    let folder = folder.ok_or("XUNCHA_WEBFORMS names no folder with @getodk/xforms-engine and jsdom")?;
    std::fs::copy(oracle.join("bench/we-bench.mjs"), folder.join("we-bench.mjs"))
        .map_err(|error| error.to_string())?;
    Ok(folder)
}
