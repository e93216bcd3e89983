//! Who is signed in: a cookie of 32 random bytes, of which the store keeps the SHA-256.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};
use xuncha_casework::{Actor, Role};

use super::guard::encrypted;
use super::trouble::Trouble;
use crate::identity::{Scoped, scoped};
use crate::ledger::{Own, Sees};
use crate::store::{E, Tx, V};
use crate::{Hub, clock, moves};

/// Idle for this long, a session ends.
pub(super) const IDLE_MS: i64 = 30 * 60 * 1000;
/// However busy, a session ends after this.
pub(super) const WHOLE_MS: i64 = 12 * 3600 * 1000;
/// How exact the last use is kept: not a write a click.
const TOUCH_MS: i64 = 60 * 1000;

/// A signed-in person, whose first password may still have to be changed.
pub(super) struct Session {
    /// The asker, as everywhere in the hub.
    pub(super) who: Scoped,
    /// The first, printed password still holds.
    pub(super) must_change: bool,
    /// The cookie's hash.
    pub(super) hash: Vec<u8>,
}

/// A signed-in person who may use the pages.
pub(super) struct Signed(pub(super) Scoped);

fn cookie_name(hub: &Hub) -> &'static str {
    if encrypted(hub) { "__Host-s" } else { "s" }
}

fn hash_of(value: &str) -> Vec<u8> {
    Sha256::digest(value.as_bytes()).to_vec()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Makes a session and the header that hands its cookie over.
pub(super) async fn begin(hub: &Hub, person: &str) -> Result<HeaderValue, Trouble> {
    let secret = xuncha_wire::blob::hex(&clock::random::<32>()?);
    let csrf = xuncha_wire::blob::hex(&clock::random::<16>()?);
    let (tenant, person, now) = (hub.tenant().to_string(), person.to_owned(), hub.now_ms());
    let hash = hash_of(&secret);
    hub.db()
        .write(move |tx| {
            tx.exec(
                "DELETE FROM session WHERE tenant = $1 AND (expires_ms <= $2 OR seen_ms <= $3)",
                &[V::T(&tenant), V::I(now), V::I(now - IDLE_MS)],
            )?;
            tx.exec(
                "INSERT INTO session (tenant, hash, person, csrf, created_ms, seen_ms, expires_ms)
                 VALUES ($1, $2, $3, $4, $5, $5, $6)",
                &[V::T(&tenant), V::B(&hash), V::T(&person), V::T(&csrf), V::I(now), V::I(now + WHOLE_MS)],
            )?;
            crate::audit::write(tx, &tenant, now, &person, "sign_in", "", "")
        })
        .await?;
    Ok(header_of(hub, &secret, WHOLE_MS / 1000))
}

/// Ends a session and takes its cookie away.
pub(super) async fn end(hub: &Hub, session: &Session) -> Result<HeaderValue, Trouble> {
    let (tenant, hash, person) =
        (session.who.tenant.clone(), session.hash.clone(), session.who.person.clone());
    let now = hub.now_ms();
    hub.db()
        .write(move |tx| {
            tx.exec("DELETE FROM session WHERE tenant = $1 AND hash = $2", &[V::T(&tenant), V::B(&hash)])?;
            crate::audit::write(tx, &tenant, now, &person, "sign_out", "", "")
        })
        .await?;
    Ok(header_of(hub, "", 0))
}

fn header_of(hub: &Hub, value: &str, seconds: i64) -> HeaderValue {
    let secure = if encrypted(hub) { "; Secure" } else { "" };
    let name = cookie_name(hub);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn find(tx: &mut dyn Tx, hash: &[u8], now_ms: i64) -> Result<Option<(Session, bool)>, E> {
    let row = tx.one(
        "SELECT s.tenant, s.person, s.seen_ms, s.expires_ms, p.must_change
         FROM session s JOIN person p ON p.tenant = s.tenant AND p.id = s.person
         WHERE s.hash = $1 AND p.state = 'active'",
        &[V::B(hash)],
        |r| Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.int(3)?, r.int(4)?)),
    )?;
    let Some((tenant, person, seen, expires, must_change)) = row else { return Ok(None) };
    if expires <= now_ms || seen + IDLE_MS <= now_ms {
        return Ok(None);
    }
    let who = scoped::by_person(tx, &tenant, &person, moves::CONSOLE)?;
    let stale = now_ms - seen > TOUCH_MS;
    Ok(who.map(|who| (Session { who, must_change: must_change != 0, hash: hash.to_vec() }, stale)))
}

/// The page on which a form stands, by the address that it is sent to.
fn page_of(path: &str) -> &'static str {
    ["/phones", "/people", "/forms"].into_iter().find(|page| path.starts_with(page)).unwrap_or("/today")
}

impl FromRequestParts<Hub> for Session {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Trouble> {
        let target = parts.uri.path_and_query().map_or("/today", |p| p.as_str());
        let get = parts.method == axum::http::Method::GET;
        let to = if get { target } else { page_of(parts.uri.path()) };
        let sign_in = || Trouble::SignIn(to.to_owned());
        let hash = hash_of(cookie(&parts.headers, cookie_name(hub)).ok_or_else(sign_in)?);
        let now = hub.now_ms();
        let key = hash.clone();
        let found = hub.db().read(move |tx| find(tx, &key, now)).await?;
        let (session, stale) = found.ok_or_else(sign_in)?;
        if session.who.tenant != hub.tenant().as_str() {
            return Err(sign_in());
        }
        if stale {
            let tenant = session.who.tenant.clone();
            hub.db()
                .write(move |tx| {
                    tx.exec(
                        "UPDATE session SET seen_ms = $3 WHERE tenant = $1 AND hash = $2",
                        &[V::T(&tenant), V::B(&hash), V::I(now)],
                    )
                })
                .await?;
        }
        Ok(session)
    }
}

impl FromRequestParts<Hub> for Signed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Trouble> {
        let session = Session::from_request_parts(parts, hub).await?;
        if session.must_change { Err(Trouble::ChangePassword) } else { Ok(Self(session.who)) }
    }
}

/// What a page lets one do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    Desk,
    Verify,
    Campaigns,
    Phones,
    Tend,
    People,
    Forms,
    Import,
}

impl Signed {
    /// The person as the judge of moves wants to know them.
    pub(super) fn actor(&self) -> Actor {
        self.0.actor()
    }

    fn any(&self, roles: &[Role]) -> bool {
        let mine = self.actor().roles;
        roles.iter().any(|role| mine.contains(role))
    }

    /// Does a role of theirs open this?
    pub(super) fn may(&self, area: Area) -> bool {
        use Role::{Administrator, Dispatcher, Leader, Verifier, Viewer};
        self.any(match area {
            Area::Desk => &[Dispatcher],
            Area::Verify => &[Verifier, Dispatcher],
            Area::Campaigns => &[Dispatcher, Leader, Viewer, Administrator],
            Area::Phones => &[Administrator, Viewer, Dispatcher],
            Area::Forms => &[Administrator, Viewer],
            Area::Tend | Area::People | Area::Import => &[Administrator],
        })
    }

    /// [`Trouble::Lost`] unless they may: what is not theirs looks as if it were not there.
    pub(super) fn must(&self, area: Area) -> Result<(), Trouble> {
        if self.may(area) { Ok(()) } else { Err(Trouble::Lost) }
    }

    /// What they see of the ledger: districts by their feeds; a handling unit's staff and inspectors their own.
    pub(super) fn sees(&self) -> Sees {
        use Role::{Administrator, Dispatcher, Leader, Verifier, Viewer};
        let all = self.any(&[Administrator, Dispatcher, Leader, Verifier, Viewer]);
        let codes: Vec<&str> = self.0.scopes.iter().filter_map(|s| s.as_str().strip_prefix("d/")).collect();
        // No comma: no limit. One comma: no district at all.
        let districts = match all && !self.0.everywhere {
            true if codes.is_empty() => ",".to_owned(),
            true => format!(",{},", codes.join(",")),
            false => String::new(),
        };
        let own = Own { person: self.0.person.clone(), unit: self.0.unit.clone() };
        Sees { tenant: self.0.tenant.clone(), districts, only: (!all).then_some(own) }
    }
}
