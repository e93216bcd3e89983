//! Small pictures of others' photos: those of own cases after a sync, those of a case when it is opened.

use std::sync::Arc;

use xuncha_casework::Case;
use xuncha_wire::BlobId;
use xuncha_wire::entity::{self, CaseBody};

use super::client::{Client, silence};
use super::enrol;
use crate::change::Change;
use crate::core::{Core, lock};
use crate::store::replica;

/// Most pictures fetched at the end of one sync.
const MOST: usize = 60;

/// All photos that a case names.
pub(crate) fn named(body: &CaseBody) -> Vec<BlobId> {
    let mut ids: Vec<BlobId> = Vec::new();
    let of_case = serde_json::from_str::<Case>(body.case.get())
        .map(|case| case.photos.iter().filter_map(|photo| photo.as_str().parse().ok()).collect::<Vec<_>>());
    for id in
        of_case.unwrap_or_default().into_iter().chain(body.history.iter().flat_map(|line| line.blobs.clone()))
    {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Fetches small pictures of the cases this person has to do with. Failing changes nothing.
pub(super) async fn for_own_cases(core: &Arc<Core>, client: &mut Client) {
    let media = core.media.clone();
    let wanted = core.read(move |reader| {
        let Some(who) = enrol::identity(&reader.mine)?.0 else { return Ok(Vec::new()) };
        let mut ids = Vec::new();
        for body in replica::all::<CaseBody>(&reader.hub, entity::KIND_CASE)? {
            let Ok(case) = serde_json::from_str::<Case>(body.case.get()) else { continue };
            let mine = case.responsible.as_ref().is_some_and(|r| r.person.as_str() == who.person.as_str());
            if mine || case.state == xuncha_casework::State::Rectified {
                ids.extend(named(&body).into_iter().filter(|id| media.thumb(id.as_str()).is_empty()));
            }
        }
        ids.truncate(MOST);
        Ok(ids)
    });
    if let Ok(ids) = wanted.await {
        fetch(core, client, ids, "thumb").await;
    }
}

/// Fetches pictures of one case that is being looked at.
pub(crate) fn for_case(core: &Arc<Core>, ids: Vec<BlobId>) {
    let missing = |id: &&BlobId| core.media.thumb(id.as_str()).is_empty();
    let thumbs: Vec<BlobId> = ids.iter().filter(missing).cloned().collect();
    let views: Vec<BlobId> = ids.into_iter().filter(|id| core.media.view(id.as_str()).is_empty()).collect();
    let Some(token) = lock(&core.token).clone() else { return };
    if thumbs.is_empty() && views.is_empty() {
        return;
    }
    let core = core.clone();
    let net = core.clone();
    net.net.post(move || async move {
        let Ok((Some(who), false)) = core.read(|reader| Ok(enrol::identity(&reader.mine)?)).await else {
            return;
        };
        let silent = silence(core.config.answer_timeout_ms);
        let Ok(http) = core.http.of(&who.hub, &who.pins, silent) else { return };
        let mut client = Client::new(http, &who.hub, Some(token));
        fetch(&core, &mut client, thumbs, "thumb").await;
        fetch(&core, &mut client, views, "view").await;
    });
}

async fn fetch(core: &Arc<Core>, client: &mut Client, ids: Vec<BlobId>, size: &str) {
    let mut kept = false;
    for id in ids {
        // One that can't be had now is asked for the next time it is looked at.
        if let Ok(bytes) = client.picture(&id, size).await {
            kept |= core.media.keep_fetched(id.as_str(), size == "thumb", &bytes);
        }
    }
    if kept {
        core.notifier.notice(Change::Photos);
    }
}
