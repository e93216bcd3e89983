//! A phone in a process of its own, so that a test can kill it: `field-phone FOLDER SEED ROUNDS`.
//!
//! Works at `test_patrol` until it is killed or done: takes up a draft if there is one, fills, photographs, finalizes,
//! syncs after every record. Says on standard output what it begins and what it was told is safe, a line each, at once:
//! `phase fill|photo|finalize|sync`, `answered DRAFT`, `photo ID`, `finalized RECORD`, `synced KIND`, `done`.

#![allow(clippy::print_stdout, reason = "its output is what the test reads")]

use std::path::Path;
use std::sync::Arc;

use xuncha_device::view::SyncKind;
use xuncha_device::{AppError, FillSession};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS, announce, integer, text};
use xuncha_system_tests::photo;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), AppError> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_default();
    let seed: u64 = args.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let rounds: u64 = args.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(u64::MAX);
    let folder = Path::new(&folder);
    let phone = Phone::open(folder, seed, SCENE_START_MS).await?;
    announce("open");
    if let Ok(code) = std::fs::read_to_string(folder.join("code"))
        && phone.app.identity().await?.is_none()
    {
        phone.enrol(&code).await?;
    }
    let camera = std::fs::read(folder.join("large.jpg")).unwrap_or_default();
    for round in 0..rounds {
        announce("phase fill");
        let draft = phone.app.today().await?.drafts.first().map(|draft| draft.id.clone());
        let form = match draft {
            Some(draft) => phone.app.resume_fill(draft).await?,
            None => phone.begin("test_patrol", None).await?,
        };
        fill(&phone, &form, seed.wrapping_mul(1000).wrapping_add(round), &camera).await?;
        announce("phase finalize");
        let done = form.finalize().await?;
        announce(&format!("finalized {}", done.record_id));
        phone.clock.advance(60_000);
        sync(&phone).await?;
    }
    for _ in 0..20 {
        if sync(&phone).await? {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    phone.app.close().await?;
    announce("done");
    Ok(())
}

/// Is everything held?
async fn sync(phone: &Phone) -> Result<bool, AppError> {
    announce("phase sync");
    let outcome = phone.sync().await?;
    let status = phone.app.sync_status().await?;
    let waiting = status.waiting_ops + status.waiting_photos;
    announce(&format!("synced {:?}, {waiting} waiting", outcome.kind));
    Ok(outcome.kind == SyncKind::Done && waiting == 0)
}

async fn fill(phone: &Phone, form: &Arc<FillSession>, nth: u64, camera: &[u8]) -> Result<(), AppError> {
    for letter in ["东", "南", "西", "北"] {
        form.answer("/data/where", text(&format!("人民路{nth}号{letter}侧")))?;
        announce(&format!("answered {}", form.draft_id()));
    }
    form.answer("/data/find[1]/words", text("装修垃圾一堆"))?;
    form.answer("/data/find[1]/count", integer(i64::try_from(nth % 7).unwrap_or(0)))?;
    announce("phase photo");
    let bytes = photo::marked(camera, nth);
    let shot = phone
        .shoot(&format!("{nth}.jpg"), &bytes)
        .map_err(|e| AppError::Internal { report: "camera".into(), detail: e.kind().to_string() })?;
    form.clone().attach_photo("/data/find[1]/photo".into(), shot).await?;
    announce(&format!("photo {}", xuncha_wire::BlobId::of(&bytes)));
    Ok(())
}
