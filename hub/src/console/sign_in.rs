//! Signing in and out, and changing one's password.

use askama::Template;
use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::guard::Peer;
use super::session::{self, Session};
use super::throttle;
use super::trouble::{Answer, html, html_as};
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
        SignInPage { bureau, to, login: login.clone(), wrong, note: String::new() }
    };
    let (t, k, name) = (tenant.clone(), keys.clone(), login.clone());
    let (wait, account) = hub
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
            Ok((wait, account))
        })
        .await?;
    if wait > 0 {
        let seconds = (wait + 999) / 1000;
        let wrong = format!("试得太多次了，没有登录。等{seconds}秒再试；忘记密码请找管理员。");
        return html_as(StatusCode::TOO_MANY_REQUESTS, &again(wrong, bureau(&hub).await?));
    }
    let (person, phc) = account.unwrap_or_default();
    // An unknown name takes as long as a known one.
    if hub.password_fits(&entry.password, &phc).await? && !person.is_empty() {
        let t = tenant.clone();
        let key = format!("l:{login}");
        hub.db().write(move |tx| throttle::forget(tx, &t, &key)).await?;
        let cookie = session::begin(&hub, &person).await?;
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to(ours(&entry.to))).into_response());
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
    let then = if left > 0 {
        format!("还可试{left}次，之后要等")
    } else {
        "再试要等一会儿".to_owned()
    };
    let wrong = format!("用户名或密码不对。{then}。忘记密码请找管理员。");
    html_as(StatusCode::UNAUTHORIZED, &again(wrong, bureau(&hub).await?))
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
