//! Beginning a form, and going on with a draft.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::Notify;
use xuncha_forms::{Answer, Form, NodeRef, Session};
use xuncha_wire::BlobId;
use xuncha_wire::entity::{self, FormBody, FormFile, SiteBody};

use super::form::{compile, form_error};
use super::saving::Saver;
use super::{FillSession, Filling, extract};
use crate::casebook;
use crate::core::{Core, lock};
use crate::error::AppError;
use crate::store::drafts::Draft;
use crate::store::photos::{self, Photo};
use crate::store::{Reader, drafts, forms, meta, replica, transact};
use crate::sync::enrol;
use crate::view::StartFill;

type Result<T> = std::result::Result<T, AppError>;

/// What a session needs from the store.
struct Ground {
    form: FormBody,
    compiled: Arc<Form>,
    site: Option<SiteBody>,
    rules: Option<Arc<xuncha_casework::Rules>>,
    hub_time: Option<crate::sync::HubTime>,
    district: String,
    recent: super::recent::Recent,
    /// The name of whoever is signed in.
    person: String,
}

/// Begins a form. Its draft is on disk when this returns.
pub(crate) async fn start(core: Arc<Core>, form: String, start: StartFill) -> Result<Arc<FillSession>> {
    let (inner, wanted, site) = (core.clone(), form.clone(), start.site.clone());
    let ground = core
        .read(move |reader| {
            let form = forms::get(&reader.hub, &wanted)?;
            let form = form.ok_or_else(|| AppError::NotFound { what: "form".into(), id: wanted })?;
            ground(&inner, reader, form, site.as_deref())
        })
        .await?;
    let session =
        Arc::new(open(&core, core.env.entity_id().to_string(), &ground, start, None, core.env.now_ms())?);
    {
        let mut filling = lock(&session.inner);
        prefill(&session, &mut filling);
        session.open_log(&mut filling, None, &ground.person);
    }
    let (draft, kept) = (session.draft(&lock(&session.inner)), ground.form);
    core.write(move |writer| {
        Ok(transact(&mut writer.mine, |tx| {
            drafts::keep_form(tx, &kept)?;
            drafts::save(tx, &draft, true)
        })?)
    })
    .await?;
    core.fills.lock().await.insert(session.draft_id(), Arc::downgrade(&session));
    core.notifier.notice(crate::Change::Drafts);
    Ok(session)
}

/// Goes on with a draft, at the page where it was left. A session that has it open is closed first: of two, the one
/// that saved last would take the other's answers back.
pub(crate) async fn resume(core: Arc<Core>, draft: String) -> Result<Arc<FillSession>> {
    let mut fills = core.fills.lock().await;
    fills.retain(|_, session| session.strong_count() > 0);
    if let Some(open) = fills.get(&draft).and_then(Weak::upgrade) {
        open.close().await?;
    }
    let inner = core.clone();
    let (draft, ground, newer, used) = core
        .read(move |reader| {
            let draft = drafts::get(&reader.mine, &draft)?;
            let (form, newer) = form_of(&inner, reader, &draft)?;
            let ground = ground(&inner, reader, form, draft.body.site.as_deref())?;
            let mut used = Vec::new();
            for photo in photos::used_by(&reader.mine, &draft.id)? {
                if let Some(row) = photos::get(&reader.mine, photo.id.as_str())? {
                    used.push((row, photo));
                }
            }
            Ok((draft, ground, newer, used))
        })
        .await?;
    let start = StartFill {
        site: draft.body.site.clone(),
        campaign: draft.body.campaign.clone(),
        case: draft.body.case.clone(),
    };
    let saved = Some(draft.body.instance.as_bytes());
    let session = open(&core, draft.id.clone(), &ground, start, saved, draft.started_ms)?;
    {
        let mut filling = lock(&session.inner);
        if let Some(language) = &draft.body.language {
            filling.session.set_language(language);
        }
        for (row, photo) in used {
            filling.photos.insert(name_of(&row), (row, photo));
        }
        match &draft.body.open_repeat {
            Some(at) if session.turn_to(&mut filling, at) => {}
            _ => filling.page = usize::try_from(draft.body.page).unwrap_or(0),
        }
        session.open_log(&mut filling, Some(&draft.body.audit), &ground.person);
        if filling.log.is_some() {
            session.saver.save(session.draft(&filling));
        }
    }
    if newer {
        let (draft, kept) = (session.draft(&lock(&session.inner)), ground.form);
        core.write(move |writer| {
            Ok(transact(&mut writer.mine, |tx| {
                drafts::keep_form(tx, &kept)?;
                drafts::save(tx, &draft, false)
            })?)
        })
        .await?;
    }
    let session = Arc::new(session);
    fills.insert(draft.id, Arc::downgrade(&session));
    Ok(session)
}

/// The form that a draft goes on with, and whether it is another than the one that was kept for it. A draft stays with its
/// version; the files of that version are the newest that are whole here. Where the form or a file of it can't be had any
/// more, the draft goes on in the version that is offered: what that has no place for stays with it.
fn form_of(core: &Core, reader: &Reader, draft: &Draft) -> Result<(FormBody, bool)> {
    let offered = forms::get(&reader.hub, &draft.form)?;
    match (drafts::kept_form(&reader.mine, &draft.form, &draft.version), offered) {
        (Ok(kept), Some(offered)) if offered.version == kept.version || !core.form_files.has_all(&kept) => {
            let newer = offered != kept;
            Ok((offered, newer))
        }
        (Ok(kept), _) => Ok((kept, false)),
        (Err(_), Some(offered)) => Ok((offered, true)),
        (Err(error), None) => Err(error.into()),
    }
}

fn ground(core: &Core, reader: &Reader, form: FormBody, site: Option<&str>) -> Result<Ground> {
    let site =
        site.map(|id| replica::get::<SiteBody>(&reader.hub, entity::KIND_SITE, id)).transpose()?.flatten();
    Ok(Ground {
        site,
        compiled: compile(core, reader, &form)?,
        rules: casebook::rules(&reader.hub)?,
        hub_time: meta::read(&reader.hub, meta::HUB_TIME)?,
        district: casebook::own_district(&reader.hub)?,
        recent: meta::read(&reader.mine, meta::RECENT)?.unwrap_or_default(),
        person: enrol::identity(&reader.mine)?.0.map(|who| who.name).unwrap_or_default(),
        form,
    })
}

fn open(
    core: &Arc<Core>,
    draft: String,
    ground: &Ground,
    start: StartFill,
    saved: Option<&[u8]>,
    started_ms: i64,
) -> Result<FillSession> {
    let form = &ground.compiled;
    let mut around = super::Surroundings { env: &core.env, device: &core.config.device_model };
    let mut session = match saved {
        Some(bytes) => {
            let restored = Session::restore(form.clone(), bytes, &mut around);
            restored.map_err(|error| form_error(&error))?.0
        }
        None => Session::start(form.clone(), &mut around).map_err(|error| form_error(&error))?,
    };
    let picture = |file: &FormFile| (file.src.clone(), core.form_files.path(file).display().to_string());
    let app_english = core.language().starts_with("en");
    let language = form.languages().iter().find(|known| spoken(known) == Some(app_english)).cloned();
    if let Some(language) = language {
        session.set_language(&language);
    }
    let road = ground.site.as_ref().and_then(|site| site.road_class.as_deref()).and_then(casebook::from_word);
    let filling = Filling {
        session,
        form_kind: if ground.form.kind.is_empty() { extract::kind(form) } else { ground.form.kind.clone() },
        title: ground.form.title.clone(),
        started_ms,
        start,
        place: ground.site.as_ref().map(|site| site.name.clone()).unwrap_or_default(),
        site: ground.site.clone(),
        road,
        rules: ground.rules.clone(),
        hub_time: ground.hub_time.clone(),
        district: ground.district.clone(),
        recent: ground.recent.clone(),
        page: 0,
        open: Vec::new(),
        photos: BTreeMap::new(),
        pictures: ground.form.files.iter().filter(|file| core.form_files.has(file)).map(picture).collect(),
        steps: Vec::new(),
        log: None,
        over: false,
        app_english,
    };
    Ok(FillSession {
        core: core.clone(),
        draft,
        saver: Saver::new(core.clone()),
        inner: Mutex::new(filling),
        attaching: AtomicU32::new(0),
        attached: Notify::new(),
    })
}

/// Is a form's language English? None where it is neither that nor Chinese. Forms write `English (en)`, or the code alone.
pub(super) fn spoken(language: &str) -> Option<bool> {
    let code = language.rsplit_once('(').map_or(language, |(_, code)| code.trim_end_matches(')'));
    let code = code.trim().to_lowercase();
    match code.split(['-', '_']).next().unwrap_or_default() {
        "en" | "english" => Some(true),
        "zh" | "cmn" | "chinese" | "中文" => Some(false),
        _ => None,
    }
}

/// What is known of the site is not asked again.
fn prefill(session: &FillSession, filling: &mut Filling) {
    let Some(site) = filling.site.clone() else { return };
    let known = [("site.name", site.name), ("problem.road_class", site.road_class.unwrap_or_default())];
    for mark in extract::marks(&filling.session) {
        let Some((_, value)) =
            known.iter().find(|(word, value)| *word == mark.attribute && !value.is_empty())
        else {
            continue;
        };
        if mark.value.as_deref() == Some("") {
            // A calculated or fixed answer stays as the form has it.
            let answer = Answer::Text(value.clone());
            let _ = filling.session.answer(&NodeRef::new(mark.at.0), &answer, &mut session.surroundings());
        }
    }
    filling.steps.clear();
}

/// Is this an attachment that a photo has by its hash?
pub(super) fn is_photo(name: &str) -> bool {
    let digits = name.split_once('.').map_or(name, |(digits, _)| digits);
    format!("s2:{digits}").parse::<BlobId>().is_ok()
}

/// The attachment's name in the submission.
pub(super) fn name_of(photo: &Photo) -> String {
    photo.file.rsplit('/').next().unwrap_or(&photo.file).to_owned()
}
