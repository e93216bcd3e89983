//! Enrolment and login.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Connection;
use xuncha_wire::enrol::{
    ChallengeAnswer, ChallengeRequest, EnrolAnswer, EnrolCode, EnrolRequest, TokenAnswer, TokenRequest,
    decode, encode,
};
use xuncha_wire::sign::{self, ES256};

use super::client::{Client, silence};
use super::plan::Failure;
use super::{Enrolled, KEY_ALIAS, tls, words};
use crate::core::{Core, lock};
use crate::error::{AppError, Words};
use crate::keys::{DeviceKey, KeyError};
use crate::store::{Result as StoreResult, drafts, meta, ops, transact};

/// Who this phone is, and whether the hub has revoked it.
pub(crate) fn identity(mine: &Connection) -> StoreResult<(Option<Enrolled>, bool)> {
    Ok((meta::read(mine, meta::IDENTITY)?, meta::get(mine, meta::REVOKED)?.is_some()))
}

/// Was something authored here for another hub than this one? A re-enrolled phone offers all it keeps.
fn has_work_of_another(mine: &Connection, hub_id: &str) -> StoreResult<bool> {
    let another = meta::get(mine, meta::HUB)?.is_some_and(|last| last != hub_id);
    Ok(another && (ops::counts(mine)?.made > 0 || !drafts::list(mine)?.is_empty()))
}

/// Reads a code.
pub(crate) fn read_code(text: &str) -> Result<EnrolCode, AppError> {
    EnrolCode::from_text(text).map_err(|_| {
        Words::new(
            "这不是巡查的登记码，没有做任何事。请扫管理员给的码。",
            "This is not an enrolment code. Nothing was done. Scan the one the administrator gave you.",
        )
        .invalid("code")
    })
}

/// Enrols this phone, on the network thread.
pub(crate) async fn enrol(core: Arc<Core>, code: EnrolCode) -> Result<Enrolled, AppError> {
    let hub_id = code.hub_id.clone();
    let (known, foreign) = core
        .read(move |reader| Ok((identity(&reader.mine)?.0, has_work_of_another(&reader.mine, &hub_id)?)))
        .await?;
    if foreign {
        return Err(Words::new(
            "这部手机上有另一个平台的记录或草稿，没有登记，什么都没有变。那些内容不会交给这个平台。换一部手机，或确认都已上传后清空本应用的数据再登记。",
            "This phone holds records or drafts of another hub, so it was not enrolled and nothing changed: they must not go to this one. Use another phone, or clear the app's data once all is handed in.",
        )
        .invalid("code"));
    }
    if let Some(known) = &known
        && known.hub_id != code.hub_id
    {
        return Err(Words::new(
            "这部手机已登记在另一个平台，没有做任何事。先在设置里退出登记。",
            "This phone is enrolled at another hub. Nothing was done. Sign out first.",
        )
        .invalid("code"));
    }
    let silent = silence(core.config.answer_timeout_ms);
    let http = tls::client(&code.hub, &code.pins, silent)?;
    let secret = URL_SAFE_NO_PAD
        .decode(&code.code)
        .map_err(|_| words::enrolment(&Failure::Garbled, Some(xuncha_wire::ErrorCode::CodeUnknown), 0))?;
    let key = device_key(&core).await?;
    let message = sign::enrol_bytes(&code.hub_id, &secret, &key.sec1_public);
    let signed = signed(&core, message).await.map_err(|error| key_trouble(&error))?;
    let request = EnrolRequest {
        code: code.code.clone(),
        key: encode(&key.sec1_public),
        alg: ES256.into(),
        sig: encode(&signed),
        model: core.config.device_model.clone(),
        key_level: key.level.word().into(),
    };
    let mut client = Client::new(http, &code.hub, None);
    let answer: EnrolAnswer = client
        .post("/v1/enrol", &request)
        .await
        .map_err(|failure| words::enrolment(&failure, client.said, silent.as_secs()))?;
    let same_person = known.as_ref().is_some_and(|known| known.person == answer.person);
    let enrolled = Enrolled {
        hub: code.hub,
        hub_id: code.hub_id,
        tenant: code.tenant,
        pins: code.pins,
        device: answer.device,
        person: answer.person,
        name: answer.name,
        unit: answer.unit,
        bureau: answer.bureau,
        made_before: 0,
    };
    let (kept, kept_hub, epoch) = (enrolled.clone(), enrolled.hub_id.clone(), answer.epoch);
    core.write(move |writer| {
        transact(&mut writer.mine, |tx| {
            let made_before = ops::counts(tx)?.made;
            meta::write(tx, meta::IDENTITY, &Enrolled { made_before, ..kept })?;
            meta::set(tx, meta::HUB, &kept_hub)?;
            meta::remove(tx, meta::REVOKED)?;
            // As another device the hub may know nothing of what was sent: op ids make offering it again harmless.
            if known.is_some() || made_before > 0 {
                ops::offer_again(tx)?;
                crate::store::photos::offer_again(tx)?;
            }
            meta::set(tx, meta::EPOCH, &epoch.to_string())
        })?;
        if !same_person {
            transact(&mut writer.hub, |tx| {
                crate::store::cursor::forget_all(tx)?;
                crate::store::forms::forget_all(tx)?;
                crate::store::replica::sweep(tx, &|_, _| Ok(false))
            })?;
        }
        Ok(())
    })
    .await?;
    lock(&core.token).take();
    core.notifier.notice(crate::Change::Everything);
    Ok(enrolled)
}

/// Challenge, signature, token.
pub(super) async fn login(
    core: &Arc<Core>,
    who: &Enrolled,
    client: &mut Client,
) -> Result<Result<String, Failure>, AppError> {
    let asked: Result<ChallengeAnswer, Failure> =
        client.post("/v1/challenge", &ChallengeRequest { device: who.device }).await;
    let challenge = match asked {
        Ok(answer) => answer.challenge,
        Err(failure) => return Ok(Err(refused_login(failure))),
    };
    let Ok(bytes) = decode("challenge", &challenge) else { return Ok(Err(Failure::Garbled)) };
    let signature = match signature_bytes(core, sign::login_bytes(&who.hub_id, who.device, &bytes)).await? {
        Ok(signature) => signature,
        Err(failure) => return Ok(Err(failure)),
    };
    let request = TokenRequest { device: who.device, challenge, sig: encode(&signature) };
    let token: Result<TokenAnswer, Failure> = client.post("/v1/token", &request).await;
    Ok(token.map(|answer| answer.token).map_err(refused_login))
}

/// A login that the hub refuses can't be repaired by logging in.
fn refused_login(failure: Failure) -> Failure {
    if failure == Failure::Token { Failure::Refused } else { failure }
}

/// `es256 <base64>` over a push.
pub(super) async fn signature(
    core: &Arc<Core>,
    message: Vec<u8>,
) -> Result<Result<String, Failure>, AppError> {
    Ok(signature_bytes(core, message).await?.map(|der| format!("{ES256} {}", encode(&der))))
}

async fn signature_bytes(core: &Arc<Core>, message: Vec<u8>) -> Result<Result<Vec<u8>, Failure>, AppError> {
    match signed(core, message).await {
        Ok(der) => Ok(Ok(der)),
        // Before the first unlock, or busy for long: end quietly, as without network.
        Err(KeyError::NotYet | KeyError::Busy) => Ok(Err(Failure::Unreachable)),
        Err(error) => Err(key_trouble(&error)),
    }
}

async fn device_key(core: &Arc<Core>) -> Result<DeviceKey, AppError> {
    patient(|| core.keys.device_key(KEY_ALIAS.to_owned())).await.map_err(|error| key_trouble(&error))
}

async fn signed(core: &Arc<Core>, message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
    patient(|| core.keys.sign(KEY_ALIAS.to_owned(), message.clone())).await
}

/// Tries a busy key store again after 0.2, 1 and 5 s.
async fn patient<T>(mut ask: impl FnMut() -> Result<T, KeyError>) -> Result<T, KeyError> {
    for wait_ms in [200, 1_000, 5_000] {
        match ask() {
            Err(KeyError::Busy) => tokio::time::sleep(Duration::from_millis(wait_ms)).await,
            done => return done,
        }
    }
    ask()
}

fn key_trouble(error: &KeyError) -> AppError {
    match error {
        // The key is lost: only a new code helps. What was authored stays and goes up as the new device.
        KeyError::Gone => AppError::Unauthorized { revoked: false },
        KeyError::NotYet | KeyError::Busy => AppError::Offline {
            zh: "手机的密钥库还没有打开。在本机的内容都在。解锁手机后再试。".into(),
            en: "The phone's key store is not open yet. What is on the phone is safe. Unlock it and try again.".into(),
        },
        KeyError::Unsupported | KeyError::Unexpected => crate::error::internal(error),
    }
}
