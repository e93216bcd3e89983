//! The engine of ODK Web Forms in the same test: the scripts of `javarosa`, run here and on npm's
//! `@getodk/xforms-engine`, every step's result and the final instance compared.
//!
//! It needs Node, the shared folder beside the workspace (peer and corpus), and the packages of
//! `tests/webforms/package.json`: in the folder that `XUNCHA_WEBFORMS` names, or in `~/.cache/xuncha/webforms-peer`.
//! Without them it says what is missing. `XUNCHA_FORMS` names another folder of forms.

use crate::compare::{self, Difference, Loads};
use crate::corpus;
use crate::javarosa::{now, ours};
use crate::meant::{self, Run, With};
use crate::peer::Peer;
use crate::plan;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A difference that is meant: how the form's name begins and what the place ends with (a first instance without its
/// number), both values (`*` is any, `…` ends a beginning), and why. The reasons are those of docs/standards.md.
type Meant = (&'static str, &'static str, &'static str, &'static str, &'static str);

const ANY: &str = "*";
const CALCULATED: &str = "a person's text over a calculation ends with it";
const ID: &str = "every record has an id";
const PLACE: &str =
    "an added meta/instanceID is in the namespace of the instance, there in OpenRosa's by its prefix";
const LENGTHS: &str = "lengths and areas are not rounded";
const LOADS: &str = "a form that the specification allows loads";
const MISTYPED: &str = "a value of the wrong type is kept and reported";

const MEANT: &[Meant] = &[
    ("06-jr-test", "/data/meta", ANY, ANY, PLACE),
    ("06-jr-test", "/data/meta/instanceID", ANY, ANY, PLACE),
    ("07-jr-test", "/data/meta", ANY, ANY, PLACE),
    ("07-jr-test", "/data/meta/instanceID", ANY, ANY, PLACE),
    ("", "/meta/instanceID", ANY, "", ID),
    ("1-calculate-simple", "/second-question", "", "a b", CALCULATED),
    ("4-calculate-required", "/second-question", "", "a b", CALCULATED),
    ("8-outputs.xml", "/root/e", "", "a b", CALCULATED),
    ("3-notes", "/data/group/rank", "Rank this stuff", "Rank this ", "marked-up words of a label are words"),
    ("2-all-possible-notes", "/date_note", "2025-12-21T23:30:05", "2025-12-21", MISTYPED),
    ("geo", "/geo", "巡查…", "", MISTYPED),
    ("geo", "_map_group/geo_placement_map", "巡查…", "", MISTYPED),
    ("geo", "/geo_maps", "巡查…", "", MISTYPED),
    ("geo", "valid", "true", "false", "what nobody can mend does not block"),
    ("range-controls.xml", "/range-decimal", "3", "", "a range's bounds are of its control"),
    ("07-jr-test", "[2]/position_2", "4", "2", "an absolute path is of the reader's instance"),
    ("base64-decode.xml", "/data/calc", "", "i", "what is no base64 is empty"),
    ("variadic-distance.xml", "/distance_1234", "690.992563163491", "690.99", LENGTHS),
    ("variadic-distance.xml", "/distance_mixed", "1103.65300680434", "1103.65", LENGTHS),
    ("variadic-distance.xml", "/distance_via_geoshape", "1103.65300680434", "1103.65", LENGTHS),
    ("variadic-distance.xml", "/area_1234", "39484.8718855845", "39484.76", LENGTHS),
    ("5-select-types.xml", "loads", "", "Error: Selects of type int are not currently supported…", LOADS),
    (
        "eIMCI.xml",
        "loads",
        "",
        "Error: Unexpected body element for nodeset /imci/other_treatment/cough…",
        LOADS,
    ),
];

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn fits(pattern: &str, value: &Value) -> bool {
    match pattern.strip_suffix('…') {
        Some(beginning) => text(value).starts_with(beginning),
        None => pattern == ANY || pattern == text(value),
    }
}

/// Answers of files are left out: there a file is a browser's, which no script has.
fn without_files(mut script: Value) -> Value {
    let steps = script["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["op"] != "answer" || step["value"] != "file.jpg");
    script
}

/// Ways of writing that mean the same, and what is hidden: which.
fn the_same(one: &Difference, run: &Run) -> Option<&'static str> {
    if !matches!(one.part, "" | "value") {
        return None;
    }
    let words = |value: &Value| {
        let mut words: Vec<String> = text(value).split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let places = |value: &Value| -> Option<Vec<f64>> {
        let text = Some(text(value)).filter(|text| text.contains(';'))?;
        text.split([' ', ';']).filter(|word| !word.is_empty()).map(|word| word.parse().ok()).collect()
    };
    let placed = places(&one.ours);
    if one.hidden && text(&one.theirs).is_empty() {
        Some("a hidden answer is kept, there it reads blank")
    } else if run.takes_several(&one.node()) && words(&one.ours) == words(&one.theirs) {
        Some("several choices in the order of taking, there in the list's")
    } else if placed.is_some() && placed == places(&one.theirs) {
        Some("places of a trace as they were answered, there rewritten")
    } else {
        None
    }
}

fn modules() -> Option<PathBuf> {
    let named = std::env::var_os("XUNCHA_WEBFORMS").map(PathBuf::from);
    let cached = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/xuncha/webforms-peer"));
    let folders = [named, cached].into_iter().flatten().map(|folder| folder.join("node_modules"));
    folders.into_iter().find(|folder| folder.join("@getodk/xforms-engine").is_dir())
}

fn start() -> Result<Peer, String> {
    let source = corpus::shared("oracle/webforms-peer.mjs").ok_or("the shared oracle is not here")?;
    let modules = modules().ok_or("@getodk/xforms-engine is not here")?;
    // Node looks for packages beside the program that asks for them.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("webforms");
    std::fs::create_dir_all(&folder).unwrap();
    let link = folder.join("node_modules");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(modules, link).unwrap();
    let batch = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webforms/batch.mjs");
    std::fs::copy(source, folder.join("webforms-peer.mjs")).unwrap();
    std::fs::copy(batch, folder.join("batch.mjs")).unwrap();
    let mut node = Command::new("node");
    node.args(["--max-old-space-size=4096", "batch.mjs"]).current_dir(&folder).env("TZ", "UTC");
    Peer::start(&mut node, folder)
}

#[test]
fn every_form_of_the_corpus_behaves_as_in_web_forms() {
    let mut peer = match start() {
        Ok(peer) => peer,
        Err(missing) => return println!("not compared with Web Forms: {missing}"),
    };
    let elsewhere = corpus::elsewhere();
    let corpus_only = elsewhere.is_none();
    let (mut wrong, mut used, mut loads) = (Vec::new(), HashSet::new(), Loads::default());
    let (mut compared, mut meant) = (0, BTreeMap::<&str, usize>::new());
    for form in elsewhere.unwrap_or_else(corpus::forms) {
        let name = corpus::name(&form);
        let steps = without_files(plan::of(&form, now()).unwrap_or_else(|_| json!({"steps": []})));
        let ours = ours(&form, &steps);
        let theirs = peer.run(&form, &steps);
        let beside = form.parent().unwrap();
        let both = loads.note(&name, &ours["error"], &theirs["error"], |ours| {
            meant::refused(With::WebForms, ours, beside)
        });
        // Outside of the corpus, what only the peer refuses is counted and named.
        if !(both || corpus_only && ours["error"].is_null()) {
            continue;
        }
        compared += plan::steps(&steps).len();
        let xml = std::fs::read_to_string(&form).unwrap();
        let run = Run::new(With::WebForms, &xml, &steps, &ours, &theirs);
        for one in compare::differences(&steps, &ours, &theirs) {
            let at = one.node().replace("[1]", "");
            let row = MEANT.iter().position(|(form, place, ours, theirs, _)| {
                name.starts_with(form)
                    && at.ends_with(place)
                    && fits(ours, &one.ours)
                    && fits(theirs, &one.theirs)
            });
            used.extend(row);
            let listed = row.and_then(|row| MEANT.get(row)).map(|(.., why)| *why);
            let id = || one.is_of_the_id(&xml).then_some(ID);
            let same = || the_same(&one, &run);
            match listed.or_else(id).or_else(same).or_else(|| run.reason(&one)) {
                Some(why) => *meant.entry(why).or_default() += 1,
                None => wrong.push(format!("{name}: {one}")),
            }
        }
    }
    wrong.extend(loads.only_there.iter().cloned());
    println!("{compared} steps compared; meant to differ: {meant:#?}\n{loads}");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
    let idle: Vec<_> = MEANT.iter().enumerate().filter(|(row, _)| !used.contains(row)).collect();
    assert!(!corpus_only || idle.is_empty(), "no longer differ: {idle:#?}");
}
