//! Every form that ships and every form of the shared corpus loads and comes back from its save. The
//! corpus stands beside the workspace; where it is not there the test says so.

use crate::javarosa::now;
use crate::plan;
use crate::scenario::{Desk, Visit};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xuncha_forms::{ExternalInstances, Form, Limits, Session};

/// Forms that give something new when they are opened again: a calculation takes over from a first-load action.
const ANOTHER_WHEN_OPENED: &[&str] = &["bind-attributes.xml"];

struct Beside<'a>(&'a Path);

impl ExternalInstances for Beside<'_> {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        let name = src.rsplit('/').next()?;
        std::fs::read(self.0.join(name)).ok().map(Cow::Owned)
    }
}

/// The forms that ship.
fn root_of_content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/forms/expected")
}

/// Something of the shared folder beside the workspace.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    ["shared", "../shared"].map(|path| root.join(path).join(name)).into_iter().find(|path| path.exists())
}

pub fn forms() -> Vec<PathBuf> {
    let found = shared("corpus");
    if found.is_none() {
        println!("the shared corpus is not here: only the forms that ship are checked");
    }
    let mut forms: Vec<PathBuf> = found.into_iter().chain([root_of_content()]).flat_map(within).collect();
    forms.sort();
    forms
}

/// The forms of the folder that `XUNCHA_FORMS` names; their external instances may stand beside them.
pub fn elsewhere() -> Option<Vec<PathBuf>> {
    let mut forms = within(std::env::var_os("XUNCHA_FORMS")?.into());
    forms.retain(|form| String::from_utf8_lossy(&std::fs::read(form).unwrap()).contains("html"));
    Some(forms)
}

/// What a form is called in a list of differences: its file, with its folder where it has one of its own.
pub fn name(form: &Path) -> String {
    let file = form.file_name().unwrap().to_string_lossy().into_owned();
    match (file.as_str(), form.parent().and_then(Path::file_name)) {
        ("form.xml", Some(folder)) => folder.to_string_lossy().into_owned(),
        _ => file,
    }
}

/// All forms below a folder.
pub fn within(folder: PathBuf) -> Vec<PathBuf> {
    let mut open = vec![folder];
    let mut forms = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                forms.push(path);
            }
        }
    }
    forms.sort();
    forms
}

#[test]
fn every_form_loads_and_comes_back_from_its_save() {
    let mut wrong = Vec::new();
    for path in forms() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        match Form::compile(&bytes, &Beside(path.parent().unwrap()), &Limits::default()) {
            Ok(form) => {
                let visit = Visit::with(Arc::new(form));
                let saved = visit.session.save();
                let (again, misfits) =
                    Session::restore(Arc::clone(visit.session.form()), &saved, &mut Desk::default()).unwrap();
                let same = again.view() == visit.session.view() && again.save() == saved;
                if !misfits.is_empty() || same == ANOTHER_WHEN_OPENED.contains(&name.as_str()) {
                    wrong.push(format!("{name}: is another after save and restore {misfits:?}"));
                }
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of one form, filled: it comes back from its save, and is submitted or says what blocks.
fn filled_and_submitted(path: &Path) -> Result<(), String> {
    let (_, mut session, mut desk) = plan::filled(path, now()).map_err(|error| error.to_string())?;
    let saved = session.save();
    let (again, misfits) = Session::restore(Arc::clone(session.form()), &saved, &mut desk)
        .map_err(|error| format!("does not come back: {error}"))?;
    if !misfits.is_empty() {
        return Err(format!("does not fit itself: {misfits:?}"));
    }
    // Texts that were written over calculations give way to them when the draft is opened, once.
    let (third, _) = Session::restore(Arc::clone(again.form()), &again.save(), &mut desk)
        .map_err(|error| format!("does not come back twice: {error}"))?;
    let chance = ["random(", "uuid(", "now("];
    let xml = std::fs::read_to_string(path).unwrap();
    let settled = !chance.iter().any(|one| xml.contains(one));
    if settled
        && third.relevant_xml() != again.relevant_xml()
        && !ANOTHER_WHEN_OPENED.contains(&name(path).as_str())
    {
        return Err("is another after save and restore".to_owned());
    }
    match session.finalize(&mut desk) {
        Err(blocking) if blocking.is_empty() => Err("is not submitted, and nothing blocks".to_owned()),
        Err(_) | Ok(_) => Ok(()),
    }
}

#[test]
fn every_form_is_filled_and_submitted() {
    let mut wrong = Vec::new();
    for path in elsewhere().unwrap_or_else(forms) {
        let done = std::panic::catch_unwind(|| filled_and_submitted(&path));
        let done = done.unwrap_or_else(|_| Err("PANIC".to_owned()));
        wrong.extend(done.err().map(|error| format!("{}: {error}", name(&path))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
