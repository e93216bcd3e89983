//! Who asks and what they may read, worked out anew for each request: a token carries no rights.

use xuncha_casework::terms::Term;
use xuncha_wire::Scope;

use crate::store::{E, Tx, V};

/// An asker: tenant, person and role in one place. Every statement that a request causes is bound to its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped {
    /// The city.
    pub tenant: String,
    /// The phone; `console` for a browser.
    pub device: String,
    /// The phone's public key, SEC1; empty for a browser.
    pub key: Vec<u8>,
    /// The epoch that the phone was told last.
    pub epoch_told: String,
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their unit's id.
    pub unit: String,
    /// Their unit's district.
    pub district: String,
    /// Their roles, as casework names them.
    pub roles: Vec<String>,
    /// Is the person suspended? Then nothing is read, and what is sent waits in quarantine.
    pub suspended: bool,
    /// Do they see every district, also one that has no feed yet?
    pub everywhere: bool,
    /// The feeds they read.
    pub scopes: Vec<Scope>,
}

/// What a bearer token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Come in.
    Admitted(Box<Scoped>),
    /// The token is unknown or has run out.
    TokenUnknown,
    /// The phone was revoked.
    Revoked,
}

const BY_TOKEN: &str =
    "SELECT t.tenant, t.device, t.expires_ms, d.state, d.key, d.epoch, p.id, p.name, COALESCE(u.id, ''),
        COALESCE(u.district, ''), p.roles, p.state, p.districts
    FROM token t
    JOIN device d ON d.tenant = t.tenant AND d.id = t.device
    JOIN person p ON p.tenant = d.tenant AND p.id = d.person
    LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
    WHERE t.hash = $1";

/// Looks a token up: device and person are checked at each request, so that a revocation holds at once.
///
/// # Errors
/// [`E`] of the store.
pub fn by_token(tx: &mut dyn Tx, hash: &[u8], now_ms: i64) -> Result<Admission, E> {
    let found = tx.one(BY_TOKEN, &[V::B(hash)], |r| {
        let scoped = Scoped {
            tenant: r.text(0)?,
            device: r.text(1)?,
            key: r.blob(4)?,
            epoch_told: r.text(5)?,
            person: r.text(6)?,
            name: r.text(7)?,
            unit: r.text(8)?,
            district: r.text(9)?,
            roles: words(&r.text(10)?),
            suspended: r.text(11)? != "active",
            everywhere: false,
            scopes: Vec::new(),
        };
        Ok((scoped, r.int(2)?, r.text(3)?, r.text(12)?))
    })?;
    let Some((mut scoped, expires, device_state, districts)) = found else {
        return Ok(Admission::TokenUnknown);
    };
    if device_state != "active" {
        return Ok(Admission::Revoked);
    }
    if expires <= now_ms {
        return Ok(Admission::TokenUnknown);
    }
    (scoped.everywhere, scoped.scopes) = scopes(tx, &scoped, &districts)?;
    Ok(Admission::Admitted(Box::new(scoped)))
}

/// A person as an asker, for the console and for what the hub does in someone's name.
///
/// # Errors
/// [`E`] of the store.
pub fn by_person(tx: &mut dyn Tx, tenant: &str, person: &str, device: &str) -> Result<Option<Scoped>, E> {
    let found = tx.one(
        "SELECT p.id, p.name, COALESCE(u.id, ''), COALESCE(u.district, ''), p.roles, p.state, p.districts
         FROM person p LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
         WHERE p.tenant = $1 AND p.id = $2",
        &[V::T(tenant), V::T(person)],
        |r| {
            let scoped = Scoped {
                tenant: tenant.to_owned(),
                device: device.to_owned(),
                key: Vec::new(),
                epoch_told: String::new(),
                person: r.text(0)?,
                name: r.text(1)?,
                unit: r.text(2)?,
                district: r.text(3)?,
                roles: words(&r.text(4)?),
                suspended: r.text(5)? != "active",
                everywhere: false,
                scopes: Vec::new(),
            };
            Ok((scoped, r.text(6)?))
        },
    )?;
    let Some((mut scoped, districts)) = found else { return Ok(None) };
    (scoped.everywhere, scoped.scopes) = scopes(tx, &scoped, &districts)?;
    Ok(Some(scoped))
}

/// Roles that see districts; a handling unit's staff see their own cases, which come down their own feed.
const DISTRICT_ROLES: [&str; 6] =
    ["inspector", "leader", "dispatcher", "verifier", "viewer", "administrator"];

/// Do they see every district, and which feeds are that?
fn scopes(tx: &mut dyn Tx, who: &Scoped, districts: &str) -> Result<(bool, Vec<Scope>), E> {
    if who.suspended {
        return Ok((false, Vec::new()));
    }
    let mut names = vec!["t".to_owned()];
    // Districts that the office names for a person hold whatever their role.
    let by_role = who.roles.iter().any(|role| DISTRICT_ROLES.contains(&role.as_str()));
    let sees_districts = by_role || !districts.is_empty();
    // A unit of the whole city has no district. Who has no unit either was placed nowhere: they read no district
    // until the office names some. An administrator says who reads what, and belongs to the city.
    let of_city = who.district.is_empty() && (!who.unit.is_empty() || who.is("administrator"));
    let everywhere = sees_districts && (districts == "*" || (districts.is_empty() && of_city));
    if everywhere {
        names.extend(tx.all(
            "SELECT scope FROM scope WHERE tenant = $1 AND scope > 'd/' AND scope < 'd0' ORDER BY scope",
            &[V::T(&who.tenant)],
            |r| r.text(0),
        )?);
    } else if sees_districts && districts.is_empty() && !who.district.is_empty() {
        names.push(format!("d/{}", who.district));
    } else if sees_districts {
        names.extend(words(districts).into_iter().map(|code| format!("d/{code}")));
    }
    names.push(format!("u/{}", who.person));
    let scopes = names.iter().map(|n| n.parse().map_err(|_| E::Damaged("a scope's name".into())));
    Ok((everywhere, scopes.collect::<Result<_, _>>()?))
}

/// The words of a comma-separated column.
pub fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Id of the hub itself where a person's stands; nobody is entered under it.
pub const PLATFORM: &str = "platform";

impl Scoped {
    /// The hub acting by itself.
    pub fn platform(tenant: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            device: crate::moves::CONSOLE.to_owned(),
            key: Vec::new(),
            epoch_told: String::new(),
            person: PLATFORM.to_owned(),
            name: Term::RolePlatform.zh().to_owned(),
            unit: String::new(),
            district: String::new(),
            roles: vec![PLATFORM.to_owned()],
            suspended: false,
            everywhere: false,
            scopes: Vec::new(),
        }
    }

    /// May they read this feed?
    pub fn reads(&self, scope: &str) -> bool {
        self.scopes.iter().any(|s| s.as_str() == scope)
    }

    /// May they write to this district? What lies in none is everybody's.
    pub fn covers(&self, district: &str) -> bool {
        district.is_empty()
            || self.everywhere
            || self.district == district
            || self.reads(&format!("d/{district}"))
    }

    /// Do they hold this role?
    pub fn is(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r == role)
    }

    /// As casework's judge wants to know them. A role it does not know permits nothing.
    pub fn actor(&self) -> xuncha_casework::Actor {
        let role = |word: &String| serde_json::from_value(serde_json::Value::String(word.clone())).ok();
        xuncha_casework::Actor {
            person: self.person.as_str().into(),
            name: self.name.clone(),
            roles: self.roles.iter().filter_map(role).collect(),
            unit: Some(self.unit.as_str()).filter(|u| !u.is_empty()).map(Into::into),
        }
    }
}

/// May they read an entity? Only what stands in one of their feeds.
///
/// # Errors
/// [`E`] of the store.
pub fn may_read(tx: &mut dyn Tx, who: &Scoped, kind: &str, id: &str) -> Result<bool, E> {
    let scopes = crate::store::feed::scopes_of(tx, &who.tenant, kind, id)?;
    Ok(scopes.iter().any(|scope| who.reads(scope)))
}
