//! What goes wrong in the field, and what it costs: nothing.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use xuncha_device::view::{CaseMove, StartFill, SyncKind};

use super::field::{Field, VISIT};
use super::{DemoError, Options, Stage, loops, moment};
use crate::office::Office;
use crate::phone::{Phone, choice, text};
use crate::proxy::Weather;
use crate::scene::Scene;

/// A word by which this program, started again, knows that it is the phone to be killed.
pub const HALF: &str = "half-a-form";

/// One phone is killed in the middle of a form and resumed with every answer.
///
/// # Errors
/// [`DemoError`].
pub async fn killed_in_a_form(
    field: &mut Field,
    scene: &Scene,
    options: &Options,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let Some((nth, visit)) = scene.visits.iter().enumerate().find(|(_, v)| v.by == "p-dongcheng") else {
        return Ok(());
    };
    let Some(phone) = field.phones.remove(&visit.by) else { return Ok(()) };
    phone.app.close().await?;
    let home = options.folder.join("phones").join(&visit.by);
    let mut child = tokio::process::Command::new(&options.program)
        .arg(HALF)
        .arg(&home)
        .arg(visit.site.to_string())
        .arg(scene.campaign.id.to_string())
        .arg(&visit.party)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let Some(out) = child.stdout.take() else { return Err(DemoError::Astray("没有输出".into())) };
    let mut lines = BufReader::new(out).lines();
    let ready = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
    if !matches!(ready, Ok(Ok(Some(_)))) {
        return Err(DemoError::Astray("要被关掉的手机没有起来".into()));
    }
    // SIGKILL: no goodbye, no flush.
    child.kill().await?;
    let phone = Phone::open(&home, 77, moment(&visit.day, 8, 20)).await?;
    let drafts = phone.app.today().await?.drafts;
    let Some(draft) = drafts.first() else {
        return Err(DemoError::Astray("草稿丢了".into()));
    };
    let form = phone.app.resume_fill(draft.id.clone()).await?;
    let kept = format!("{:?}", form.screen()?);
    if !kept.contains("写到一半") {
        return Err(DemoError::Astray("写到一半的内容丢了".into()));
    }
    field.phones.insert(visit.by.clone(), phone);
    let found = field.fill_visit(scene, visit, &form).await?;
    field.found.extend(found);
    field.visited.push(nth);
    stage.say("王新的手机填到一半被强行关掉；重新打开，草稿还在，写到一半的内容也在，接着填完");
    Ok(())
}

/// What the phone to be killed does: begins a visit, writes, says so, and waits.
///
/// # Errors
/// [`DemoError`].
pub async fn half_a_form(home: &Path, site: &str, campaign: &str, party: &str) -> Result<(), DemoError> {
    let phone = Phone::open(home, 78, moment("2026-07-08", 8, 10)).await?;
    let start = StartFill { site: Some(site.into()), campaign: Some(campaign.into()), case: None };
    let form = phone.app.start_fill(VISIT.into(), start).await?;
    form.answer("/data/who/party", choice(party))?;
    form.answer("/data/who/contact", text("写到一半"))?;
    // The draft is on disk when the form says so.
    while !form.screen()?.saved {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    crate::phone::announce("ready");
    tokio::time::sleep(Duration::from_secs(600)).await;
    Ok(())
}

/// The network ends in the middle of an upload; the next sync goes on from the byte that the hub holds.
///
/// # Errors
/// [`DemoError`].
pub async fn cut_in_an_upload(
    field: &mut Field,
    office: &Office,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let person = field.behind_proxy.clone();
    let phone = field.phone(&person)?;
    phone.clock.set(moment("2026-07-15", 18, 40));
    let form = phone.begin("street_patrol", None).await?;
    form.answer("/data/what/category", choice("matter-06010"))?;
    form.answer("/data/what/condition", choice("matter-06010.small"))?;
    form.answer("/data/what/description", text("装修垃圾一堆，靠近路名牌"))?;
    form.answer("/data/what/place", text("人民路56号"))?;
    let photo = crate::photo::sized(4711, 2400, 1800);
    let shot = phone.shoot("big.jpg", &photo)?;
    form.clone().attach_photo("/data/what/before".into(), shot).await?;
    form.clone().finalize().await?;
    office.clock.set(moment("2026-07-15", 18, 45));
    // Less than the photo, so that at least one connection ends in the middle of it.
    field.proxy.set(Weather::CutAfter(photo.len() as u64 / 3));
    let before = field.proxy.carried();
    let cut = phone.sync().await?;
    field.proxy.set(Weather::Fair);
    let done = phone.sync().await?;
    let carried = field.proxy.carried().saturating_sub(before);
    if done.kind != SyncKind::Done || carried < photo.len() as u64 {
        return Err(DemoError::Astray(format!("断网：{:?}，恢复：{:?}", cut.kind, done.kind)));
    }
    stage.say(&format!(
        "吴岳上传{}KB的照片，网络每{}KB断一次：手机从断处接着传，平台收齐核对，共走{}KB",
        photo.len() / 1024,
        photo.len() / 3 / 1024,
        carried / 1024
    ));
    Ok(())
}

/// Two phones of one handler move the same case offline. The first to arrive takes effect; the other is kept, told
/// why, and applied anew or left as a record.
///
/// # Errors
/// [`DemoError`].
pub async fn two_phones_one_case(
    field: &mut Field,
    office: &Office,
    options: &Options,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let found = field.found.iter().find(|f| f.stage == 1).cloned();
    let Some(found) = found else { return Err(DemoError::Astray("没有派遣的案卷".into())) };
    let person = loops::handler(&found);
    let at = moment("2026-07-27", 10, 0);
    office.clock.set(at);
    let home = options.folder.join("phones").join(format!("{person}-2"));
    std::fs::create_dir_all(&home)?;
    let second = Phone::open(&home, 501, at).await?;
    second.enrol(&office.code(&person, None).await?).await?;
    field.bring_in(&person, at).await?;
    let first = field.phone(&person)?;
    // Both are offline now: each sees the case as dispatched.
    first.app.move_case(found.case.clone(), CaseMove::Receive { note: "收到，今天去".into() }).await?;
    second.app.move_case(found.case.clone(), CaseMove::Receive { note: "用新手机收到".into() }).await?;
    first.sync().await?;
    let late = second.sync().await?;
    let status = second.app.sync_status().await?;
    let Some(refused) = status.refused.first() else {
        return Err(DemoError::Astray(format!("后到的一步没有留下：{late:?}")));
    };
    stage.say(&format!("先到的生效；后到的留着：“{}”", refused.sentence));
    second.app.leave_refused(refused.op.clone()).await?;
    second.app.close().await?;
    Ok(())
}
