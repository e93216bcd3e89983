//! The engine of ODK Collect in the same test: scripts are made for every form of the corpus, run here and
//! on JavaRosa, and every step's result and the final instance are compared. What is meant to differ is
//! listed in the README with its test; [`meant`] knows it and nothing else.
//!
//! It needs Java with its compiler, and JavaRosa's jar: `XUNCHA_ODK_VALIDATE` (`cargo xtask test` fetches it and
//! sets that), or what it left in `~/.cache/xuncha`, or PyPI's pyxform where Python has it. Without them it
//! says what is missing. `XUNCHA_FORMS` names another folder of forms.

use crate::compare::{self, Difference, Loads};
use crate::corpus;
use crate::meant::{self, Run, With};
use crate::peer::Peer;
use crate::plan;
use crate::script;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use xuncha_forms::Moment;

/// What is meant to differ: form, what of it, and the row of the README that says so.
const MEANT: &[(&str, &str, &str)] = &[
    ("", "meta/instanceID", "every record has an id"),
    ("06-jr-test-add-repeat-calc", "\"/data/meta", "a form without a place for the id gets one"),
    ("07-jr-test-add-repeat-calc", "\"/data/meta", "a form without a place for the id gets one"),
    ("eIMCI.xml", "\"/imci/meta", "a form without a place for the id gets one"),
    ("5-select-types.xml", "\"/root/meta", "a form without a place for the id gets one"),
    ("range-controls.xml", "\"/root/meta", "a form without a place for the id gets one"),
    ("8-outputs.xml", "now() calculated", "a date-time as text keeps its time"),
    ("geo", "Cycle detected", "a calculation that reads its own node is no circle"),
    ("2-all-possible-notes.xml", "date_note", "a default of the wrong type is kept and reported"),
    ("3-notes-with-markdown.xml", "Rank this", "marked-up words of a label are words"),
    ("socio-economic-survey", "[itext:]", "a text that is not there is empty"),
];

/// What is meant to differ in any form.
fn meant(xml: &str, one: &Difference) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (ours, theirs) = (text(&one.ours), text(&one.theirs));
    let hides = one.part == "exists" && one.hidden && xml.contains("jr:count");
    let midnight = theirs.strip_prefix(&ours) == Some("T00:00:00.000Z");
    let padded = ours.contains(' ')
        && theirs.replace(".0", "").split(' ').zip(ours.replace(".0", "").split(' ')).all(|(a, b)| a == b)
        && theirs.ends_with(" 0.0");
    // What it cannot reckon with, or a language with a text more than the default one, ends a step there.
    let gives_up = ["NoLocalizedTextException", "can't be converted to a date"];
    one.is_of_the_id(xml)
        || hides
        || midnight
        || padded
        || gives_up.iter().any(|what| one.to_string().contains(what))
}

/// JavaRosa, started in the folder of this name. Where something is missing it says what; where the jar was named
/// nothing may be missing.
pub fn peer(name: &str) -> Option<Peer> {
    match start(name) {
        Ok(peer) => Some(peer),
        Err(missing) => {
            assert!(std::env::var_os("XUNCHA_ODK_VALIDATE").is_none(), "{missing}");
            println!("not compared with JavaRosa: {missing}");
            None
        }
    }
}

fn start(name: &str) -> Result<Peer, String> {
    let jar = crate::jar::jar().ok_or("ODK_Validate.jar is not here")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer");
    let compiled = Command::new("javac")
        .args(["-encoding", "UTF-8", "-d"])
        .arg(&folder)
        .arg("-cp")
        .arg(&jar)
        .args(["JavaRosaPeer.java", "MoreFunctions.java"].map(|file| sources.join(file)))
        .output()
        .map_err(|_| "javac is not here".to_owned())?;
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let path = std::env::join_paths([&jar, &folder]).unwrap();
    let mut java = Command::new("java");
    java.args(["-Duser.timezone=UTC", "-Duser.language=en", "-Dfile.encoding=UTF-8", "-Xmx1g", "-cp"]);
    Peer::start(java.arg(path).arg("JavaRosaPeer"), folder)
}

pub fn now() -> Moment {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment { unix_ms: i64::try_from(now.as_millis()).unwrap(), offset_minutes: 0 }
}

pub fn ours(form: &Path, steps: &Value) -> Value {
    let mut out = serde_json::Map::new();
    let arguments = script::Arguments { form: form.to_owned(), times: 1, moment: now(), record: false };
    if let Err(error) = script::run(&arguments, steps, &mut out) {
        out.insert("error".to_owned(), error.into());
    }
    Value::Object(out)
}

#[test]
fn every_form_of_the_corpus_behaves_as_in_collect() {
    let Some(mut peer) = peer("javarosa") else { return };
    let (mut wrong, mut loads) = (Vec::new(), Loads::default());
    let (mut compared, mut reasons) = (0, BTreeMap::<&str, usize>::new());
    let elsewhere = corpus::elsewhere();
    let corpus_only = elsewhere.is_none();
    for form in elsewhere.unwrap_or_else(corpus::forms) {
        let name = corpus::name(&form);
        let steps = plan::of(&form, now()).unwrap_or_else(|_| json!({"steps": []}));
        let ours = ours(&form, &steps);
        let theirs = peer.run(&form, &steps);
        let beside = form.parent().unwrap();
        let both = loads.note(&name, &ours["error"], &theirs["error"], |ours| {
            meant::refused(With::Collect, ours, beside)
        });
        // Outside of the corpus, what only the peer refuses is counted and named.
        if both || corpus_only && ours["error"].is_null() {
            compared += plan::steps(&steps).len();
            let xml = std::fs::read_to_string(&form).unwrap();
            let mut differences = compare::differences(&steps, &ours, &theirs);
            let run = Run::new(With::Collect, &xml, &steps, &ours, &theirs);
            differences.retain(|one| match run.reason(one) {
                Some(why) => {
                    *reasons.entry(why).or_default() += 1;
                    false
                }
                None => !meant(&xml, one),
            });
            wrong.extend(differences.iter().map(|one| format!("{name}: {one}")));
        }
    }
    wrong.extend(loads.only_there.iter().cloned());
    wrong.retain(|one| {
        // A first instance may have its number or not.
        let plain = one.replace("[1]", "");
        let has = |part: &str| one.contains(part) || plain.contains(part);
        !MEANT.iter().any(|(form, part, _)| one.starts_with(form) && has(part))
    });
    println!("{compared} steps compared; meant to differ: {reasons:#?}\n{loads}");
    let shown = wrong.len().min(4000);
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong[..shown].join("\n"));
}
