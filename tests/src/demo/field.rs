//! Phones in the field: visits filled offline, brought in at night.

use std::collections::BTreeMap;
use std::path::PathBuf;

use xuncha_device::view::{Answer, PhotoCapture, StartFill, SyncKind};

use super::album::Album;
use super::{DemoError, Options, Stage, moment};
use crate::office::Office;
use crate::phone::{Phone, choice, text};
use crate::photo;
use crate::proxy::Proxy;
use crate::scene::{Person, Raised, Scene, Visit};

/// The form of a visit.
pub const VISIT: &str = "enterprise_visit";

/// What was raised at a visit and became a case.
#[derive(Debug, Clone)]
pub struct Found {
    /// The case.
    pub case: String,
    /// What was raised.
    pub raised: Raised,
    /// How far it is: raised, dispatched, rectified, verified, closed.
    pub stage: u8,
}

/// All phones of the scene.
pub struct Field {
    /// By person.
    pub phones: BTreeMap<String, Phone>,
    /// Where they live.
    pub folder: PathBuf,
    /// The network of one of them, which will be cut.
    pub proxy: Proxy,
    /// Whose network that is.
    pub behind_proxy: String,
    /// The cases so far.
    pub found: Vec<Found>,
    /// Visits that a mishap already made, by their place in the scene.
    pub visited: Vec<usize>,
    album: Album,
    shots: u64,
}

impl Field {
    /// Opens and enrols every phone of the scene.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn enrol(
        office: &Office,
        scene: &Scene,
        options: &Options,
        album: Album,
        stage: &mut dyn Stage,
    ) -> Result<Self, DemoError> {
        let carriers: Vec<&Person> = scene.people.iter().filter(|p| p.phone).collect();
        let proxy = Proxy::before(office.address).await?;
        let folder = options.folder.join("phones");
        let behind_proxy = "p-lead2".to_owned();
        let mut phones = BTreeMap::new();
        for (nth, person) in carriers.iter().enumerate() {
            let at = folder.join(&person.id);
            std::fs::create_dir_all(&at)?;
            let phone = Phone::open(&at, 1000 + nth as u64, moment("2026-07-08", 7, 40)).await?;
            let through = (person.id == behind_proxy).then_some(proxy.address);
            phone.enrol(&office.code(&person.id, through).await?).await?;
            phones.insert(person.id.clone(), phone);
            stage.progress(nth + 1, carriers.len());
        }
        let (found, visited) = (Vec::new(), Vec::new());
        Ok(Self { phones, folder, proxy, behind_proxy, found, visited, album, shots: 0 })
    }

    /// A person's phone.
    ///
    /// # Errors
    /// [`DemoError::Astray`] if they have none.
    pub fn phone(&self, person: &str) -> Result<&Phone, DemoError> {
        self.phones.get(person).ok_or_else(|| DemoError::Astray(format!("{person}没有手机")))
    }

    /// Takes a picture: the next of one's own, or a drawn one.
    ///
    /// # Errors
    /// [`DemoError::Io`].
    pub fn shoot(&mut self, person: &str) -> Result<PhotoCapture, DemoError> {
        self.shots += 1;
        let nth = self.shots;
        let bytes = match self.album.nth(nth) {
            Some(path) => {
                let mut bytes = std::fs::read(path)?;
                if nth >= u64::try_from(self.album.len()).unwrap_or(u64::MAX) {
                    // Another shot of the same scene has other bytes; a viewer reads none behind the picture's end.
                    bytes.extend_from_slice(format!("shot {nth}").as_bytes());
                }
                bytes
            }
            None => photo::sized(nth, 960, 720),
        };
        Ok(self.phone(person)?.shoot(&format!("{nth}.jpg"), &bytes)?)
    }

    /// One day: every visit is filled offline at its hour; in the evening the phones of the day sync.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn visit_day(
        &mut self,
        office: &Office,
        scene: &Scene,
        day: &str,
        stage: &mut dyn Stage,
    ) -> Result<(), DemoError> {
        let of_day = |(nth, visit): &(usize, &Visit)| visit.day == day && !self.visited.contains(nth);
        let todo: Vec<(usize, &Visit)> = scene.visits.iter().enumerate().filter(of_day).collect();
        for (nth, (_, visit)) in todo.iter().enumerate() {
            let minutes = i64::try_from(nth * 9 % 480).unwrap_or(0);
            self.phone(&visit.by)?.clock.set(moment(day, 8, 30) + minutes * 60_000);
            let found = self.visit(scene, visit).await?;
            self.found.extend(found);
            stage.progress(nth + 1, todo.len());
        }
        office.clock.set(moment(day, 18, 30));
        let mut by: Vec<&str> = todo.iter().map(|(_, visit)| visit.by.as_str()).collect();
        by.sort_unstable();
        by.dedup();
        for person in by {
            self.bring_in(person, moment(day, 18, 25)).await?;
        }
        Ok(())
    }

    /// One person's phone syncs until all is held.
    ///
    /// # Errors
    /// [`DemoError::Astray`] if something stays behind.
    pub async fn bring_in(&self, person: &str, at_ms: i64) -> Result<(), DemoError> {
        let phone = self.phone(person)?;
        phone.clock.set(at_ms);
        let outcome = phone.sync().await?;
        if outcome.kind != SyncKind::Done || outcome.refused + outcome.quarantined > 0 {
            return Err(DemoError::Astray(format!("{person}: {outcome:?}")));
        }
        Ok(())
    }

    /// A visit from the first answer to finalizing.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn visit(&mut self, scene: &Scene, visit: &Visit) -> Result<Vec<Found>, DemoError> {
        let start = StartFill {
            site: Some(visit.site.to_string()),
            campaign: Some(scene.campaign.id.to_string()),
            case: None,
        };
        let form = self.phone(&visit.by)?.app.start_fill(VISIT.into(), start).await?;
        self.fill_visit(scene, visit, &form).await
    }

    /// Fills what is left of a visit's form, and finalizes it.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn fill_visit(
        &mut self,
        scene: &Scene,
        visit: &Visit,
        form: &std::sync::Arc<xuncha_device::FillSession>,
    ) -> Result<Vec<Found>, DemoError> {
        let site = scene.site(visit.site).ok_or_else(|| DemoError::Astray("点位不在册".into()))?;
        form.answer("/data/who/site_name", text(&site.name))?;
        form.answer("/data/who/party", choice(&visit.party))?;
        form.answer("/data/who/visited_on", Answer::Date { date: visit.day.clone() })?;
        form.answer("/data/who/visitors", text(&visit.visitors))?;
        form.answer("/data/who/contact", text(&site.contact))?;
        let any = if visit.problems.is_empty() { "no" } else { "yes" };
        form.answer("/data/found/any", choice(any))?;
        for (nth, raised) in visit.problems.iter().enumerate() {
            if nth > 0 {
                form.add_repeat("/data/found/problem")?;
            }
            let at = |name: &str| format!("/data/found/problem[{}]/{name}", nth + 1);
            form.answer(&at("kind"), choice(&raised.kind))?;
            form.answer(&at("topic"), choice(&raised.topic))?;
            form.answer(&at("description"), text(&raised.description))?;
            form.answer(&at("unit"), choice(&raised.unit))?;
            if raised.photo {
                let shot = self.shoot(&visit.by)?;
                form.clone().attach_photo(at("photo"), shot).await?;
            }
        }
        form.answer("/data/closing/satisfaction", choice(&visit.satisfaction))?;
        let done = form.clone().finalize().await?;
        if done.cases.len() != visit.problems.len() {
            return Err(DemoError::Astray(format!(
                "登记了{}条，成案{}件",
                visit.problems.len(),
                done.cases.len()
            )));
        }
        let cases = done.cases.into_iter().zip(visit.problems.iter().cloned());
        Ok(cases.map(|(case, raised)| Found { case, raised, stage: 0 }).collect())
    }

    /// The banner: photo, inscription, people by position, and the cases it thanks for.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn banner(&mut self, office: &Office, scene: &Scene) -> Result<(), DemoError> {
        let banner = &scene.banner;
        self.bring_in(&banner.by, moment(&banner.day, 9, 0)).await?;
        let phone = self.phone(&banner.by)?;
        let filter = xuncha_device::view::CaseFilter { limit: 200, ..Default::default() };
        let cases = phone.app.cases(filter).await?.rows;
        let numbers: Vec<String> =
            cases.into_iter().map(|row| row.number).filter(|n| !n.is_empty()).take(banner.thanks).collect();
        let start = StartFill { campaign: Some(scene.campaign.id.to_string()), ..StartFill::default() };
        let form = phone.app.start_fill("banner".into(), start).await?;
        let shot = phone.shoot("banner.jpg", &photo::banner(7))?;
        form.clone().attach_photo("/data/flag/photo".into(), shot).await?;
        form.answer("/data/flag/inscription", text(&banner.inscription))?;
        form.answer("/data/flag/given_on", Answer::Date { date: banner.day.clone() })?;
        form.answer("/data/flag/giver", text(&banner.giver))?;
        form.answer("/data/flag/receiver", text(&banner.receiver))?;
        for (nth, person) in banner.persons.iter().enumerate() {
            if nth > 0 {
                form.add_repeat("/data/people/person")?;
            }
            let at = |name: &str| format!("/data/people/person[{}]/{name}", nth + 1);
            form.answer(&at("position"), choice(&person.position))?;
            form.answer(&at("name"), text(&person.name))?;
            form.answer(&at("role"), text(&person.role))?;
        }
        form.answer("/data/people/photographer", text(&banner.photographer))?;
        form.answer("/data/thanks/cases", text(&numbers.join(" ")))?;
        form.clone().finalize().await?;
        office.clock.set(moment(&banner.day, 18, 30));
        self.bring_in(&banner.by, moment(&banner.day, 18, 30)).await
    }

    /// What all phones made, and what the hub says it holds of it.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn made_and_held(&self) -> Result<(u64, u64), DemoError> {
        let mut both = (0, 0);
        for phone in self.phones.values() {
            let status = phone.app.sync_status().await?;
            both = (both.0 + status.made, both.1 + status.held);
        }
        Ok(both)
    }

    /// Puts all phones down.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn close(&self) -> Result<(), DemoError> {
        for phone in self.phones.values() {
            phone.app.close().await?;
        }
        Ok(())
    }
}
