//! A form with all that it reads, ready to be filled.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use xuncha_forms::{ExternalInstances, Form, FormError, Limits};
use xuncha_wire::body::RecordBody;
use xuncha_wire::entity::{self, FormBody};

use crate::core::{Core, lock};
use crate::entity_lists;
use crate::error::{AppError, Words};
use crate::store::{Reader, ops, records};

/// The last record as forms ask for it.
const LAST_SAVED: &str = "jr://instance/last-saved";

/// A compiled form, and the hash of all that it was compiled from.
pub(crate) struct Compiled {
    from: [u8; 32],
    form: Arc<Form>,
}

/// What a form reads beside itself.
struct Beside<'a> {
    core: &'a Core,
    body: &'a FormBody,
    last: Option<String>,
    /// Entity lists.
    lists: BTreeMap<String, Vec<u8>>,
}

impl ExternalInstances for Beside<'_> {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        if src == LAST_SAVED {
            return self.last.as_ref().map(|xml| Cow::Borrowed(xml.as_bytes()));
        }
        if let Some(list) = self.lists.get(src) {
            return Some(Cow::Borrowed(list));
        }
        let file = self.body.files.iter().find(|file| file.src == src)?;
        self.core.form_files.read(file).map(Cow::Owned)
    }
}

/// Compiles a form, or takes the one that was: from the same text, the same files, the same entity
/// lists and the same last record.
pub(super) fn compile(core: &Core, reader: &Reader, body: &FormBody) -> Result<Arc<Form>, AppError> {
    let last = if body.xml.contains(LAST_SAVED) { last_record(reader, &body.form)? } else { None };
    let lists = entity_lists::read_by(reader, body)?;
    let mut hash = Sha256::new();
    let files = body.files.iter().flat_map(|file| [file.src.as_str(), file.id.as_str()]).map(str::as_bytes);
    let rows = lists.iter().flat_map(|(src, rows)| [src.as_bytes(), rows]);
    let own = [body.xml.as_bytes(), last.as_deref().unwrap_or_default().as_bytes()];
    for part in own.into_iter().chain(files).chain(rows) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let from: [u8; 32] = hash.finalize().into();
    let key = (body.form.clone(), body.version.clone());
    if let Some(known) = lock(&core.forms).get(&key).filter(|known| known.from == from) {
        return Ok(known.form.clone());
    }
    let beside = Beside { core, body, last, lists };
    let form = Form::compile(body.xml.as_bytes(), &beside, &Limits::default());
    let form = form.map_err(|error| match error {
        FormError::MissingExternal { .. } if !core.form_files.has_all(body) => not_whole(),
        error => form_error(&error),
    })?;
    // Encrypting, and recording without being asked, are not done here yet.
    if let Some(feature) = entity::beyond_phones(&form.needs()) {
        return Err(AppError::Unsupported { feature: feature.to_owned(), place: String::new() });
    }
    let form = Arc::new(form);
    lock(&core.forms).insert(key, Compiled { from, form: form.clone() });
    Ok(form)
}

/// The form's last record that was finalized on this phone.
fn last_record(reader: &Reader, form: &str) -> Result<Option<String>, AppError> {
    let Some(line) = records::list(&reader.mine, "", form, 0, 1)?.into_iter().next() else { return Ok(None) };
    let op = ops::get(&reader.mine, &line.op)?;
    // A record that storage has damaged is no reason not to fill the next one.
    Ok(op.and_then(|op| serde_json::from_str::<RecordBody>(op.text()).ok()).map(|body| body.xml))
}

/// What is wrong with a form, at the boundary. The engine's messages name constructs and places, no answers.
pub(crate) fn form_error(error: &FormError) -> AppError {
    match error {
        FormError::Unsupported { feature, place } => {
            AppError::Unsupported { feature: feature.clone(), place: place.to_string() }
        }
        other => Words::new(
            format!("这张表单有错，打不开。其他内容都在。请管理员改正后重新下发。（{other}）"),
            format!("This form is wrong and can't be opened. Everything else is safe. Ask the administrator to correct it. ({other})"),
        )
        .invalid("form"),
    }
}

/// A file of the form was damaged on this phone; the next sync fetches it.
fn not_whole() -> AppError {
    Words::new(
        "这张表单要用的文件在手机上损坏了，现在打不开。草稿和其他内容都在。联网同步一次会重新取，再打开。",
        "A file of this form was damaged on the phone, so the form can't be opened now. Drafts and all else are kept. Sync once to fetch it anew, then open it.",
    )
    .invalid("form")
}
