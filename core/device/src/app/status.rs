//! How much of the work is where.

use rusqlite::Connection;
use xuncha_casework::terms::Term;
use xuncha_wire::push::Verdict;

use crate::casebook::{Ground, moves, words as case_words};
use crate::core::Core;
use crate::error::{AppError, Words};
use crate::store::ops::{KeptOp, OpState};
use crate::store::{Reader, meta, ops, photos, records};
use crate::sync::plan::HubSays;
use crate::sync::words::{count, some, waiting};
use crate::sync::{Enrolled, enrol};
use crate::view::{Identity, PhotoRow, QuarantinedRow, RefusedRow, SafetyLine, StorageReport, SyncStatus};

type Result<T> = std::result::Result<T, AppError>;

pub(super) fn identity(who: Enrolled, revoked: bool) -> Identity {
    Identity {
        person: who.person.to_string(),
        name: who.name,
        unit: who.unit,
        bureau: who.bureau,
        device: who.device.to_string(),
        hub: who.hub,
        revoked,
    }
}

/// When the replica was last brought up to date; 0 if never.
pub(super) fn data_time(reader: &Reader) -> Result<i64> {
    Ok(meta::get(&reader.hub, meta::LAST_SYNC)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// `资料截至今天14:12，平台上可能更新。`
pub(super) fn data_time_line(ground: &Ground, data_time_ms: i64) -> String {
    if data_time_ms == 0 {
        return ground.say("还没有取过资料。", "No data was fetched yet.");
    }
    let at = ground.near(data_time_ms);
    ground.say(format!("资料截至{at}，平台上可能更新。"), format!("Data as of {at}; the hub may have newer."))
}

/// The strip of the first screen.
pub(super) fn safety(mine: &Connection, language: &str) -> Result<SafetyLine> {
    let counts = ops::counts(mine)?;
    let (photos_made, photos_held) = photos::counts(mine)?;
    let waits = (counts.waiting, photos_made.saturating_sub(photos_held));
    let open = ops::open(mine)?;
    let refused = open.iter().filter(|op| op.state == OpState::Refused).count() as u64;
    let all_held = waits == (0, 0);
    let (words, icon) = if !all_held {
        let left = waiting(waits.0, waits.1);
        (
            Words::new(
                format!("{}在本机，等网络", left.zh),
                format!("{} on this phone, waiting for network", left.en),
            ),
            "arrow_up",
        )
    } else if refused > 0 {
        (
            Words::new(
                format!("平台收到了，但{refused}条没有采纳"),
                format!("Received, but {refused} had no effect"),
            ),
            "hand",
        )
    } else if !open.is_empty() {
        (
            Words::new(
                format!("平台收到了，{}条代管", open.len()),
                format!("Received; {} wait for an administrator", open.len()),
            ),
            "box",
        )
    } else if counts.made == 0 {
        (Words::new("还没有要交的内容", "Nothing to hand in yet"), "shield_check")
    } else {
        (
            Words::new(
                format!("做了{}条、{}张，平台已全部收到", count(counts.made), count(photos_made)),
                format!("{}, {}: the hub has all", some(counts.made, "item"), some(photos_made, "photo")),
            ),
            "shield_check",
        )
    };
    Ok(SafetyLine {
        sentence: words.in_language(language),
        made: counts.made,
        held: counts.held,
        photos_made,
        photos_held,
        all_held,
        icon: icon.to_owned(),
    })
}

pub(super) fn status(core: &Core, reader: &Reader) -> Result<SyncStatus> {
    let language = core.language();
    let counts = ops::counts(&reader.mine)?;
    let (photos_made, photos_held) = photos::counts(&reader.mine)?;
    let left_photos = photos_made.saturating_sub(photos_held);
    let ground = Ground::load(reader, &core.env, language)?;
    let (mut refused, mut quarantined) = (Vec::new(), Vec::new());
    for op in ops::open(&reader.mine)? {
        let title = title(reader, &ground, &op)?;
        let (op_id, entity) = (op.op.to_string(), op.entity.to_string());
        let sentence = match &op.verdict {
            Some(Verdict::Refused { zh, en, .. } | Verdict::Quarantined { zh, en, .. }) => ground.say(zh, en),
            _ => String::new(),
        };
        if op.state == OpState::Refused {
            let can_reapply = moves::can_reapply(reader, &ground, &op);
            refused.push(RefusedRow { op: op_id, entity, title, sentence, can_reapply });
        } else {
            quarantined.push(QuarantinedRow { op: op_id, entity, title, sentence });
        }
    }
    let running = core.sync.progress();
    let photos =
        photos::waiting(&reader.mine)?.into_iter().map(|photo| photo_row(core, &ground, photo)).collect();
    let notices: Vec<Words> = meta::read(&reader.mine, meta::NOTICES)?.unwrap_or_default();
    let mut notices: Vec<String> = notices.iter().map(|words| words.in_language(language)).collect();
    let revoked = enrol::identity(&reader.mine)?.1;
    if revoked {
        notices.push(AppError::Unauthorized { revoked: true }.sentence(language));
    }
    let made = Words::new(
        format!(
            "做了{}条，平台已收{}条，{}条在本机。照片{}张，已收{}张，{}张在本机。内容都完好，有网自动上传。",
            count(counts.made),
            count(counts.held),
            count(counts.waiting),
            count(photos_made),
            count(photos_held),
            count(left_photos)
        ),
        format!(
            "Made {}, the hub has {}, {} here. Photos {photos_made}, {photos_held} there, {left_photos} here. All intact; it goes up by itself.",
            counts.made, counts.held, counts.waiting
        ),
    );
    let whole = Words::new(
        format!("做了{}条、照片{}张，平台已全部收到并核对。", count(counts.made), count(photos_made)),
        format!(
            "{} and {}: the hub has all, checked.",
            some(counts.made, "item"),
            some(photos_made, "photo")
        ),
    );
    let all_held = counts.waiting == 0 && left_photos == 0;
    Ok(SyncStatus {
        sentence: if all_held { whole } else { made }.in_language(language),
        made: counts.made,
        held: counts.held,
        photos_made,
        photos_held,
        waiting_ops: counts.waiting,
        waiting_photos: left_photos,
        refused,
        quarantined,
        photos,
        hub_count_sentence: hub_count(reader, counts.held, photos_held, language)?,
        data_time_line: data_time_line(&ground, data_time(reader)?),
        last_sync_ms: data_time(reader)?,
        running,
        notices,
    })
}

fn photo_row(core: &Core, ground: &Ground, photo: photos::Photo) -> PhotoRow {
    let percent = u32::try_from(photo.percent()).unwrap_or(0);
    let reason = match photo.trouble.as_str() {
        "" => String::new(),
        "hash" | "unknown" => {
            ground.say("平台没有认下这张，下次再传", "The hub did not take it; it is tried again")
        }
        "too_large" => {
            ground.say("太大，平台收不下，请告诉管理员", "Too large for the hub; tell the administrator")
        }
        _ => ground.say("传了一半，下次接着传", "Half-way; the next sync goes on"),
    };
    PhotoRow {
        thumb_path: core.media.thumb(&photo.id),
        id: photo.id,
        word: if percent > 0 {
            ground.words(Term::MarkUploading.number(percent))
        } else {
            ground.say("排队", "queued")
        },
        percent,
        reason,
    }
}

fn hub_count(reader: &Reader, held: u64, photos_held: u64, language: &str) -> Result<String> {
    let Some(says) = meta::read::<HubSays>(&reader.hub, meta::HUB_COUNT)? else { return Ok(String::new()) };
    let (ops, photos) = (count(says.held), count(says.photos_held));
    let words = if says.held < held || says.photos_held < photos_held {
        let (fewer, fewer_photos) =
            (held.saturating_sub(says.held), photos_held.saturating_sub(says.photos_held));
        Words::new(
            format!(
                "平台自己的数：{ops}条、{photos}张，比本机少{fewer}条、{fewer_photos}张。本机都保留着，请告诉管理员。"
            ),
            format!(
                "The hub's own count: {ops} items, {photos} photos; {fewer} and {fewer_photos} fewer than here. All is kept here; tell the administrator."
            ),
        )
    } else {
        Words::new(
            format!("平台自己的数：{ops}条、{photos}张，一致"),
            format!(
                "The hub's own count: {}, {}; they agree",
                some(says.held, "item"),
                some(says.photos_held, "photo")
            ),
        )
    };
    Ok(words.in_language(language))
}

/// `提交整改 · 暴露垃圾`.
fn title(reader: &Reader, ground: &Ground, op: &KeptOp) -> Result<String> {
    if let Some(record) = records::get(&reader.mine, &op.entity.to_string())? {
        return Ok(record.title);
    }
    let what = case_words::what(ground, &case_words::kind_word(op, op.text()));
    match crate::casebook::one(reader, ground, &op.entity.to_string()) {
        Ok(seen) => Ok(format!("{what} · {}", case_words::headline(ground, &seen.case))),
        Err(_) => Ok(what),
    }
}

pub(super) fn storage(core: &Core, reader: &Reader) -> Result<StorageReport> {
    let size = |path: std::path::PathBuf| -> u64 {
        let with =
            |end: &str| std::fs::metadata(format!("{}{end}", path.display())).map_or(0, |meta| meta.len());
        with("") + with("-wal")
    };
    let (photo_bytes, cache_bytes) = core.media.bytes();
    let damaged = std::fs::read_dir(core.places.damaged()).into_iter().flatten().flatten();
    let damaged = damaged.map(|entry| entry.path().display().to_string()).collect();
    // Nothing is offered for clearing before hubs report backups of photos.
    let freeable_bytes = 0;
    let (made, held) = photos::counts(&reader.mine)?;
    let words = Words::new(
        format!(
            "照片{}张，平台已收{}张。没有可清理的：平台收到并备份后，照片会列在这里。",
            count(made),
            count(held)
        ),
        format!(
            "{}, {held} held by the hub. Nothing to clear: photos are listed here once the hub has backed them up.",
            some(made, "photo")
        ),
    );
    Ok(StorageReport {
        mine_bytes: size(core.places.mine()),
        replica_bytes: size(core.places.hub()),
        photo_bytes,
        cache_bytes,
        freeable_bytes,
        sentence: words.in_language(core.language()),
        damaged,
    })
}
