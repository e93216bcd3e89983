//! Districts, units and people.

use xuncha_casework::Role;
use xuncha_wire::entity::{KIND_PERSON, KIND_UNIT, PersonBody, UnitBody};

use serde::Deserialize;

use super::{Deed, entities};
use crate::identity::{password, scoped};
use crate::store::V;
use crate::{Hub, HubError};

/// A district as the office names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct District {
    /// Its code, as units, sites and scopes carry it.
    pub code: String,
    /// What people call it.
    pub name: String,
}

/// A person as the office enters them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPerson {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their unit's id.
    pub unit: String,
    /// Their post.
    pub post: String,
    /// Their roles, as casework names them.
    pub roles: Vec<String>,
    /// Districts they read; empty: their unit's; `*`: all.
    pub districts: Vec<String>,
    /// Login for the console; empty: none.
    pub login: String,
}

impl Hub {
    /// Names districts, or names them anew.
    ///
    /// # Errors
    /// [`HubError::Invalid`] for a district without code or name, the store's errors otherwise.
    pub async fn put_districts(&self, by: &str, districts: Vec<District>) -> Result<(), HubError> {
        if districts.iter().any(|d| d.code.trim().is_empty() || d.name.trim().is_empty()) {
            return Err(HubError::invalid(
                "有一个区没有代码或名称，没有导入。补上再导入一次。",
                "a district lacks its code or name; nothing was imported",
            ));
        }
        let about = format!("{} districts", districts.len());
        Deed::of(self, by)?
            .run(self, "put_districts", &about, move |tx, deed, _| {
                for district in &districts {
                    tx.exec(
                        "INSERT INTO district (tenant, code, name) VALUES ($1, $2, $3)
                         ON CONFLICT (tenant, code) DO UPDATE SET name = excluded.name",
                        &[V::T(&deed.tenant), V::T(district.code.trim()), V::T(district.name.trim())],
                    )?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Writes units, new or changed.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn put_units(&self, by: &str, units: Vec<UnitBody>) -> Result<(), HubError> {
        let about = format!("{} units", units.len());
        Deed::of(self, by)?
            .run(self, "put_units", &about, move |tx, deed, changes| {
                for unit in &units {
                    tx.exec(
                        "INSERT INTO unit (tenant, id, name, kind, district) VALUES ($1, $2, $3, $4, $5)
                         ON CONFLICT (tenant, id) DO UPDATE
                         SET name = excluded.name, kind = excluded.kind, district = excluded.district",
                        &[
                            V::T(&deed.tenant),
                            V::T(&unit.id),
                            V::T(&unit.name),
                            V::T(&unit.kind),
                            V::T(&unit.district),
                        ],
                    )?;
                    let ver = entities::put(tx, &deed.tenant, KIND_UNIT, &unit.id, unit)?;
                    changes.show("t", KIND_UNIT, &unit.id, ver);
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Writes people, new or changed. Passwords are left as they are.
    ///
    /// # Errors
    /// [`HubError::Invalid`] for an id or role that is none, the store's errors otherwise.
    pub async fn put_people(&self, by: &str, people: Vec<NewPerson>) -> Result<(), HubError> {
        let mut bodies = Vec::with_capacity(people.len());
        for person in &people {
            let known = |role: &&String| scoped_role(role);
            if let Some(role) = person.roles.iter().find(|role| !known(role)) {
                return Err(HubError::invalid(
                    format!("没有这个角色：{role}"),
                    format!("no such role: {role}"),
                ));
            }
            if person.id == scoped::PLATFORM {
                return Err(HubError::invalid(
                    "编号 platform 是平台自己的，没有导入。换一个编号再导入。",
                    "the id platform is the hub's own; nothing was imported",
                ));
            }
            bodies.push(PersonBody {
                id: person.id.parse()?,
                name: person.name.clone(),
                unit: person.unit.clone(),
                post: person.post.clone(),
                roles: person.roles.clone(),
            });
        }
        let about = format!("{} people", people.len());
        Deed::of(self, by)?
            .run(self, "put_people", &about, move |tx, deed, changes| {
                for (person, body) in people.iter().zip(&bodies) {
                    tx.exec(
                        "INSERT INTO person (tenant, id, name, unit, post, roles, districts, login, password,
                             must_change, state, created_ms)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 'active', $9)
                         ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, unit = excluded.unit,
                             post = excluded.post, roles = excluded.roles, districts = excluded.districts,
                             login = excluded.login",
                        &[
                            V::T(&deed.tenant),
                            V::T(&person.id),
                            V::T(&person.name),
                            V::T(&person.unit),
                            V::T(&person.post),
                            V::T(&person.roles.join(",")),
                            V::T(&person.districts.join(",")),
                            V::T(&person.login),
                            V::I(deed.now_ms),
                        ],
                    )?;
                    let ver = entities::put(tx, &deed.tenant, KIND_PERSON, &person.id, body)?;
                    changes.show("t", KIND_PERSON, &person.id, ver);
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Gives a person access to the console with this password, and ends their sessions.
    ///
    /// # Errors
    /// [`HubError::Invalid`] for a short password, [`HubError::NotFound`] for a stranger.
    pub async fn set_password(
        &self,
        by: &str,
        person: &str,
        login: &str,
        plain: &str,
        must_change: bool,
    ) -> Result<(), HubError> {
        if plain.chars().count() < password::SHORTEST {
            return Err(HubError::invalid("密码至少12个字符。", "a password has at least 12 characters"));
        }
        let phc = password::hash(&self.0.hashing, plain).await?;
        let (id, login) = (person.to_owned(), login.to_owned());
        let done = Deed::of(self, by)?
            .run(self, "set_password", person, move |tx, deed, _| {
                let (tenant, must) = (&deed.tenant, i64::from(must_change));
                tx.exec("DELETE FROM session WHERE tenant = $1 AND person = $2", &[V::T(tenant), V::T(&id)])?;
                tx.exec(
                    "UPDATE person SET login = $3, password = $4, must_change = $5 WHERE tenant = $1 AND id = $2",
                    &[V::T(tenant), V::T(&id), V::T(&login), V::T(&phc), V::I(must)],
                )
            })
            .await?;
        if done == 1 { Ok(()) } else { Err(HubError::NotFound { what: "person", id: person.to_owned() }) }
    }

    /// Suspends a person or lets them in again. What a suspended person's phone sends waits in quarantine.
    ///
    /// # Errors
    /// [`HubError::NotFound`] for a stranger.
    pub async fn suspend_person(&self, by: &str, person: &str, suspended: bool) -> Result<(), HubError> {
        let id = person.to_owned();
        let what = if suspended { "suspend_person" } else { "restore_person" };
        let done = Deed::of(self, by)?
            .run(self, what, person, move |tx, deed, _| {
                let state = if suspended { "suspended" } else { "active" };
                tx.exec(
                    "DELETE FROM session WHERE tenant = $1 AND person = $2",
                    &[V::T(&deed.tenant), V::T(&id)],
                )?;
                tx.exec(
                    "UPDATE person SET state = $3 WHERE tenant = $1 AND id = $2",
                    &[V::T(&deed.tenant), V::T(&id), V::T(state)],
                )
            })
            .await?;
        if done == 1 { Ok(()) } else { Err(HubError::NotFound { what: "person", id: person.to_owned() }) }
    }

    /// A person of this city as an asker, with the feeds they read.
    ///
    /// # Errors
    /// [`HubError::NotFound`] for a stranger.
    pub async fn person(&self, person: &str) -> Result<scoped::Scoped, HubError> {
        let (tenant, id) = (self.tenant().to_string(), person.to_owned());
        let found =
            self.db().read(move |tx| scoped::by_person(tx, &tenant, &id, crate::moves::CONSOLE)).await?;
        found.ok_or(HubError::NotFound { what: "person", id: person.to_owned() })
    }
}

/// Is it a role that casework knows?
fn scoped_role(role: &str) -> bool {
    let value = serde_json::Value::String(role.to_owned());
    serde_json::from_value::<Role>(value).is_ok_and(|r| !matches!(r, Role::Unknown | Role::Platform))
}
