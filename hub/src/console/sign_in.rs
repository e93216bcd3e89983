//! Signing in and out, and changing one's password.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use xuncha_casework::terms::Term;

use super::case::Lost;
use super::guard::Peer;
use super::moves;
use super::session::{self, Session, Signed};
use super::throttle;
use super::trouble::{Answer, Trouble, html, html_as};
use crate::identity::scoped;
use crate::store::{E, V};
use crate::{Hub, HubError};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    bureau: String,
    to: String,
    login: String,
    wrong: String,
    note: String,
    /// What was being written when the session ran out, as JSON; empty: nothing.
    kept: String,
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    bureau: String,
    name: String,
    first: bool,
    wrong: String,
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
    #[serde(default)]
    why: String,
}

/// Name and password.
#[derive(Deserialize)]
pub(super) struct Entry {
    login: String,
    password: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    kept: String,
}

/// A step's form that waits for its author to sign in.
#[derive(Serialize, Deserialize)]
struct Kept {
    case: String,
    typed: BTreeMap<String, String>,
}

/// Most of a form that is carried through the sign-in, bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// The session ran out while someone was writing: sign in first, and what was written is carried along.
pub(super) async fn first(hub: &Hub, case: &str, typed: BTreeMap<String, String>) -> Answer {
    let kept = serde_json::to_string(&Kept { case: case.to_owned(), typed }).unwrap_or_default();
    let fits = kept.len() <= KEPT_BYTES;
    let page = SignInPage {
        bureau: bureau(hub).await?,
        to: format!("/cases/{}", super::trouble::form_urlencode(case)),
        login: String::new(),
        wrong: String::new(),
        note: if fits {
            "登录时间到了，还没有提交。登录后回到刚才的表单，你写的内容都在；选过的照片要再选一次。"
                .to_owned()
        } else {
            "登录时间到了，没有提交。内容太长带不过去，先用浏览器的“后退”抄下来，再登录。".to_owned()
        },
        kept: if fits { kept } else { String::new() },
    };
    html_as(StatusCode::UNAUTHORIZED, &page)
}

/// The form again, with what was written in it, now that its author is signed in.
async fn back_to_writing(hub: &Hub, person: &str, kept: &str) -> Result<Option<Response>, Trouble> {
    let Ok(kept) = serde_json::from_str::<Kept>(kept) else { return Ok(None) };
    let (tenant, person) = (hub.tenant().to_string(), person.to_owned());
    let who = hub.db().read(move |tx| scoped::by_person(tx, &tenant, &person, crate::moves::CONSOLE)).await?;
    let Some(who) = who else { return Ok(None) };
    let lost = Lost {
        status: StatusCode::OK,
        head: "还没有提交".to_owned(),
        text: "你写的内容都在，请再提交一次。选过的照片要再选一次。".to_owned(),
        faults: Vec::new(),
        typed: kept.typed,
    };
    let answer = moves::answer(hub, &Signed(who), &kept.case, lost).await;
    Ok(Some(answer.unwrap_or_else(IntoResponse::into_response)))
}

/// Old and new password.
#[derive(Deserialize)]
pub(super) struct Change {
    old: String,
    new: String,
    again: String,
}

/// The bureau's name.
pub(super) async fn bureau(hub: &Hub) -> Result<String, E> {
    let tenant = hub.tenant().to_string();
    let name = hub
        .db()
        .read(move |tx| {
            tx.one("SELECT bureau FROM tenant WHERE tenant = $1", &[V::T(&tenant)], |r| r.text(0))
        })
        .await?;
    Ok(name.unwrap_or_default())
}

/// Only an address of ours; anything else leads home.
fn ours(to: &str) -> &str {
    let inside =
        to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains(['\r', '\n']);
    if inside { to } else { "/today" }
}

/// `GET /sign-in`.
pub(super) async fn page(State(hub): State<Hub>, Query(to): Query<To>) -> Answer {
    let note = match to.why.as_str() {
        "changed" => "密码换好了，请用新密码登录。",
        "out" => "已退出。",
        _ => "",
    };
    html(&SignInPage {
        bureau: bureau(&hub).await?,
        to: ours(&to.to).to_owned(),
        login: String::new(),
        wrong: String::new(),
        note: note.to_owned(),
        kept: String::new(),
    })
}

/// `POST /sign-in`.
pub(super) async fn enter(
    State(hub): State<Hub>,
    peer: Option<Extension<Peer>>,
    Form(entry): Form<Entry>,
) -> Answer {
    let login: String = entry.login.trim().chars().take(64).collect();
    let tenant = hub.tenant().to_string();
    let mut keys = vec![format!("l:{login}")];
    keys.extend(peer.map(|Extension(Peer(ip))| format!("a:{ip}")));
    let now = hub.now_ms();
    let again = |wrong: String, bureau: String| {
        let to = ours(&entry.to).to_owned();
        SignInPage { bureau, to, login: login.clone(), wrong, note: String::new(), kept: entry.kept.clone() }
    };
    let (t, k, name) = (tenant.clone(), keys.clone(), login.clone());
    let (wait, account, admin) = hub
        .db()
        .read(move |tx| {
            let mut wait = 0;
            for key in &k {
                wait = wait.max(throttle::wait_ms(tx, &t, key, now)?);
            }
            let account = tx.one(
                "SELECT id, password FROM person
                 WHERE tenant = $1 AND login = $2 AND login <> '' AND state = 'active'",
                &[V::T(&t), V::T(&name)],
                |r| Ok((r.text(0)?, r.text(1)?)),
            )?;
            let admin = tx.one(
                "SELECT name FROM person WHERE tenant = $1 AND state = 'active' AND login <> ''
                   AND (',' || roles || ',') LIKE '%,administrator,%' ORDER BY created_ms, id LIMIT 1",
                &[V::T(&t)],
                |r| r.text(0),
            )?;
            Ok((wait, account, admin.unwrap_or_default()))
        })
        .await?;
    // A first administrator is called what the role is called.
    let ask = if admin == Term::RoleAdministrator.zh() { "" } else { admin.as_str() };
    let ask = format!("忘记密码请找{}{ask}。", Term::RoleAdministrator.zh());
    if wait > 0 {
        let wrong = format!("试得太多次了，没有登录。等{}再试。{ask}", span(wait));
        return html_as(StatusCode::TOO_MANY_REQUESTS, &again(wrong, bureau(&hub).await?));
    }
    let (person, phc) = account.unwrap_or_default();
    // An unknown name takes as long as a known one.
    if hub.password_fits(&entry.password, &phc).await? && !person.is_empty() {
        let t = tenant.clone();
        let key = format!("l:{login}");
        hub.db().write(move |tx| throttle::forget(tx, &t, &key)).await?;
        let cookie = session::begin(&hub, &person).await?;
        let writing =
            if entry.kept.is_empty() { None } else { back_to_writing(&hub, &person, &entry.kept).await? };
        let to = || Redirect::to(ours(&entry.to)).into_response();
        return Ok(([(header::SET_COOKIE, cookie)], writing.unwrap_or_else(to)).into_response());
    }
    let failures = hub
        .db()
        .write(move |tx| {
            let mut most = 0;
            for key in &keys {
                most = most.max(throttle::failed(tx, &tenant, key, now)?);
            }
            Ok(most)
        })
        .await?;
    let left = throttle::left(failures);
    let longest = span(throttle::LONGEST_MS);
    let then = if left > 0 {
        format!("还可试{left}次，之后每次都要等，最长{longest}")
    } else {
        format!("再试要等{}，最长{longest}", span(throttle::wait_after(failures)))
    };
    let wrong = format!("用户名或密码不对。{then}。{ask}");
    html_as(StatusCode::UNAUTHORIZED, &again(wrong, bureau(&hub).await?))
}

/// A wait in words: `2秒`, `15分钟`.
fn span(ms: i64) -> String {
    let seconds = (ms + 999) / 1000;
    if seconds < 60 { format!("{seconds}秒") } else { format!("{}分钟", (seconds + 59) / 60) }
}

/// `POST /sign-out`.
pub(super) async fn leave(State(hub): State<Hub>, session: Session) -> Answer {
    let cookie = session::end(&hub, &session).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in?why=out")).into_response())
}

/// `GET /password`.
pub(super) async fn password_page(State(hub): State<Hub>, session: Session) -> Answer {
    let name = session.who.name;
    html(&PasswordPage {
        bureau: bureau(&hub).await?,
        name,
        first: session.must_change,
        wrong: String::new(),
    })
}

/// `POST /password`.
pub(super) async fn change_password(
    State(hub): State<Hub>,
    session: Session,
    Form(change): Form<Change>,
) -> Answer {
    let (tenant, person) = (session.who.tenant.clone(), session.who.person.clone());
    let (login, phc) = hub
        .db()
        .read(move |tx| {
            tx.one(
                "SELECT login, password FROM person WHERE tenant = $1 AND id = $2",
                &[V::T(&tenant), V::T(&person)],
                |r| Ok((r.text(0)?, r.text(1)?)),
            )
        })
        .await?
        .unwrap_or_default();
    let wrong = match fault(&login, &change) {
        Some(wrong) => wrong.to_owned(),
        None if !hub.password_fits(&change.old, &phc).await? => {
            "现在的密码不对，没有换。再输一次。".to_owned()
        }
        None => {
            let person = session.who.person.clone();
            match hub.set_password(&person, &person, &login, &change.new, false).await {
                Ok(()) => {
                    // All sessions of this person have ended with the old password; this browser gets a new one.
                    let cookie = session::begin(&hub, &person).await?;
                    return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/today")).into_response());
                }
                Err(HubError::Invalid { zh, .. }) => zh,
                Err(e) => return Err(e.into()),
            }
        }
    };
    let name = session.who.name;
    let page = PasswordPage { bureau: bureau(&hub).await?, name, first: session.must_change, wrong };
    html_as(StatusCode::BAD_REQUEST, &page)
}

/// Words that everybody tries first.
const COMMON: [&str; 6] = ["password", "123456", "qwerty", "admin", "abcdef", "111111"];

fn fault(login: &str, change: &Change) -> Option<&'static str> {
    let lower = change.new.to_lowercase();
    if change.new != change.again {
        Some("两次写的新密码不一样，没有换。再写一遍。")
    } else if change.new.chars().count() < crate::identity::password::SHORTEST {
        Some("新密码不到12个字符，没有换。写长一些。")
    } else if change.new == change.old {
        Some("新密码和现在的一样，没有换。换一个。")
    } else if (!login.is_empty() && lower.contains(&login.to_lowercase()))
        || COMMON.iter().any(|word| lower.contains(word))
    {
        Some("新密码含用户名或常见的词，没有换。换一个。")
    } else {
        None
    }
}
