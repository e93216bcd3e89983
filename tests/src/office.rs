//! An office: a real hub on a free port of this machine, furnished with content.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use xuncha_hub::clock::SetClock;
use xuncha_hub::office::NewPerson;
use xuncha_hub::{FirstStart, Hub, HubConfig, HubError};
use xuncha_wire::entity::UnitBody;

use crate::scene::Scene;

/// Who the office's own doings are written down to.
pub const CLERK: &str = "admin";

/// Why an office could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The hub said no.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// A file or the listener.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A code that does not serialise.
    #[error(transparent)]
    Wire(#[from] xuncha_wire::WireError),
}

/// A running hub with its clock.
pub struct Office {
    /// The hub.
    pub hub: Hub,
    /// Its clock; a scenario turns it.
    pub clock: SetClock,
    /// Where it listens.
    pub address: SocketAddr,
    /// The administrator that the first start made.
    pub first: Option<FirstStart>,
}

impl Office {
    /// Opens the hub in `folder` and serves it on `port` (0: any free one), its clock at `wall_ms`.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn open(folder: &Path, port: u16, wall_ms: i64) -> Result<Self, OfficeError> {
        let clock = SetClock::at(wall_ms);
        let config = HubConfig {
            clock: Arc::new(clock.clone()),
            bureau: "示例市城市管理局".into(),
            ..HubConfig::new(folder)
        };
        let (hub, first) = Hub::open(config).await?;
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(xuncha_hub::serve_hub(hub.clone(), listener));
        while hub.url().is_none() {
            tokio::task::yield_now().await;
        }
        Ok(Self { hub, clock, address, first })
    }

    /// Brings in the four forms, the catalogue and the calendar of `content`.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn furnish(&self, content: &Path) -> Result<(), OfficeError> {
        for form in ["enterprise_visit", "street_patrol", "shop_check", "banner"] {
            let bytes = std::fs::read(content.join("forms").join(format!("{form}.xlsx")))?;
            self.hub.import_form_workbook(CLERK, &bytes).await?;
        }
        let read = |name: &str| std::fs::read_to_string(content.join(name));
        self.hub.import_catalogue(CLERK, &read("catalogues/sample.json")?).await?;
        self.hub.import_calendar(CLERK, &read("calendars/2026.json")?).await?;
        Ok(())
    }

    /// Brings in the scene's units, people, sites, campaign and assignments.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn people_the_scene(&self, scene: &Scene) -> Result<(), OfficeError> {
        self.hub.put_districts(CLERK, scene.districts.clone()).await?;
        self.hub.put_units(CLERK, scene.units.clone()).await?;
        let person = |p: &crate::scene::Person| NewPerson {
            id: p.id.clone(),
            name: p.name.clone(),
            unit: p.unit.clone(),
            post: p.post.clone(),
            roles: p.roles.clone(),
            districts: p.districts.clone(),
            login: p.login.clone(),
        };
        self.hub.put_people(CLERK, scene.people.iter().map(person).collect()).await?;
        self.hub.put_sites(CLERK, scene.sites.clone()).await?;
        self.hub.put_campaigns(CLERK, vec![scene.campaign.clone()]).await?;
        self.hub.put_assignments(CLERK, scene.assignments.clone()).await?;
        Ok(())
    }

    /// Brings in one person who inspects, in a unit and district of their own.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn hire(&self, id: &str, name: &str, roles: &[&str]) -> Result<(), OfficeError> {
        let unit = UnitBody {
            id: "u-test".into(),
            name: "东城大队".into(),
            kind: "bureau".into(),
            district: "dongcheng".into(),
        };
        self.hub.put_units(CLERK, vec![unit]).await?;
        let person = NewPerson {
            id: id.into(),
            name: name.into(),
            unit: "u-test".into(),
            post: "巡查岗".into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            districts: vec![],
            login: String::new(),
        };
        Ok(self.hub.put_people(CLERK, vec![person]).await?)
    }

    /// The text of a one-time code for this person. `through`: the address that the phone is to use, if not the hub's.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn code(&self, person: &str, through: Option<SocketAddr>) -> Result<String, OfficeError> {
        let mut code = self.hub.issue_code(CLERK, person).await?;
        if let Some(address) = through {
            code.hub = format!("http://{address}");
        }
        Ok(code.to_text()?)
    }
}
