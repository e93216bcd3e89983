//! The open hub: its store, its photos, its clock.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use xuncha_wire::{PersonId, Tenant};

use crate::blobs::Blobs;
use crate::clock::{self, Clock};
use crate::config::HubConfig;
use crate::error::HubError;
use crate::identity::password;
use crate::push::RulesCache;
use crate::store::{Db, E, V};
use crate::tls;

/// An open hub. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) blobs: Blobs,
    pub(crate) config: HubConfig,
    pub(crate) tenant: Tenant,
    pub(crate) hub_id: String,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) rules: Arc<RulesCache>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) address: std::sync::Mutex<Option<String>>,
    pub(crate) tls: Option<tls::Material>,
}

/// What the first start made. Shown once, written nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// The administrator's login.
    pub login: String,
    /// The administrator's password; must be changed at the first sign-in.
    pub password: String,
}

/// Login and id of the administrator that the first start makes.
pub const ADMINISTRATOR: &str = "admin";

impl Hub {
    /// Opens the data folder, makes what is missing, and returns what the first start made, if this is it.
    ///
    /// # Errors
    /// [`HubError`]: folder, database, random bytes.
    pub async fn open(config: HubConfig) -> Result<(Self, Option<FirstStart>), HubError> {
        let folder = config.data.clone();
        std::fs::create_dir_all(&folder).map_err(HubError::io(folder.display()))?;
        let file = folder.join("hub.db");
        let db = Db::open_lite(&file).map_err(|e| match e {
            E::Damaged(cause) => {
                tracing::error!(cause, "the database is damaged");
                HubError::Damaged { file: file.display().to_string() }
            }
            other => other.into(),
        })?;
        let tenant: Tenant = config.tenant.parse()?;
        let tls = tls::material(&config)?;
        let blobs = Blobs::open(&folder.join("photos"), config.limits)?;
        let hashing = Arc::new(Semaphore::new(password::AT_A_TIME));
        let first = first_start(&db, &config, &tenant, &hashing).await?;
        restored(&db, &config).await?;
        let key = tenant.to_string();
        let hub_id = db
            .read(move |tx| {
                tx.one("SELECT hub_id FROM tenant WHERE tenant = $1", &[V::T(&key)], |r| r.text(0))
            })
            .await?
            .ok_or(HubError::NotFound { what: "tenant", id: config.tenant.clone() })?;
        let inner = Inner {
            db,
            blobs,
            config,
            tenant,
            hub_id,
            hashing,
            rules: Arc::default(),
            stop: watch::Sender::new(false),
            address: std::sync::Mutex::default(),
            tls,
        };
        Ok((Self(Arc::new(inner)), first))
    }

    /// The store.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The photos.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    pub(crate) fn rules(&self) -> &Arc<RulesCache> {
        &self.0.rules
    }

    /// How the hub is set up.
    pub fn config(&self) -> &HubConfig {
        &self.0.config
    }

    /// The city this hub serves.
    pub fn tenant(&self) -> &Tenant {
        &self.0.tenant
    }

    /// The hub's own name, which phones sign with every message.
    pub fn hub_id(&self) -> &str {
        &self.0.hub_id
    }

    /// The hub's clock, ms since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        self.0.config.clock.now_ms()
    }

    /// Does the password fit the stored PHC string? At most two at a time.
    ///
    /// # Errors
    /// [`HubError`] if the work could not be done.
    pub async fn password_fits(&self, password: &str, phc: &str) -> Result<bool, HubError> {
        password::verify(&self.0.hashing, password, phc).await
    }

    /// The hub's clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.config.clock
    }

    /// Ends [`crate::serve()`] of this hub: no new connections, present requests are finished.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// How phones and browsers reach the hub: as configured, else the listener's address; none before it listens.
    pub fn url(&self) -> Option<String> {
        let listening = self.0.address.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        self.0.config.public_url.clone().or(listening)
    }

    /// Pins of the hub's key, for enrolment codes; empty with a public certificate.
    pub fn pins(&self) -> Vec<String> {
        self.0.tls.as_ref().map(|tls| tls.pins.clone()).unwrap_or_default()
    }
}

/// A database that was restored from a backup has no epoch: with a new one phones offer again what they kept.
async fn restored(db: &Db, config: &HubConfig) -> Result<(), HubError> {
    let epoch = clock::epoch(&*config.clock)?.to_string();
    let new =
        db.write(move |tx| tx.exec("UPDATE tenant SET epoch = $1 WHERE epoch = ''", &[V::T(&epoch)])).await?;
    if new > 0 {
        tracing::warn!("this is a restored backup: phones will offer again what they kept");
    }
    Ok(())
}

/// Makes city and administrator if there are none. Two starts at once: the key decides, one of them makes it.
async fn first_start(
    db: &Db,
    config: &HubConfig,
    tenant: &Tenant,
    hashing: &Arc<Semaphore>,
) -> Result<Option<FirstStart>, HubError> {
    let key = tenant.to_string();
    let there = db
        .read(move |tx| tx.one("SELECT 1 FROM tenant WHERE tenant = $1", &[V::T(&key)], |r| r.int(0)))
        .await?;
    if there.is_some() {
        return Ok(None);
    }
    let made = FirstStart { login: ADMINISTRATOR.to_owned(), password: password::invent()? };
    let hash = password::hash(hashing, &made.password).await?;
    let administrator: PersonId = ADMINISTRATOR.parse()?;
    let (epoch, hub_id) = (clock::epoch(&*config.clock)?, clock::entity_id(&*config.clock)?);
    let (now, zone, bureau) = (config.clock.now_ms(), i64::from(config.zone_min), config.bureau.clone());
    let tenant = tenant.to_string();
    db.write(move |tx| {
        tx.exec(
            "INSERT INTO tenant (tenant, hub_id, bureau, epoch, zone_min, created_ms, backup_ms)
             VALUES ($1, $2, $3, $4, $5, $6, 0)",
            &[
                V::T(&tenant),
                V::T(&hub_id.to_string()),
                V::T(&bureau),
                V::T(&epoch.to_string()),
                V::I(zone),
                V::I(now),
            ],
        )?;
        tx.exec(
            "INSERT INTO person (tenant, id, name, unit, post, roles, districts, login, password, must_change,
                                 state, created_ms)
             VALUES ($1, $2, '管理员', '', '', 'administrator', '', $2, $3, 1, 'active', $4)",
            &[V::T(&tenant), V::T(administrator.as_str()), V::T(&hash), V::I(now)],
        )?;
        Ok::<_, E>(())
    })
    .await?;
    Ok(Some(made))
}
