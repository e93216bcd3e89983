//! A hub for the tests of other languages: real, on loopback, furnished, with an office that does as it is told.
//!
//! The program `stage FOLDER [MS]` holds a [`Desk`] whose clock stands at MS, or at the moment when it was started: phones
//! have clocks of their own, and work from another month waits for an administrator. It reads orders from its standard
//! input, one a line, answering each with one line of JSON. Its first line says what there is ([`Desk::opening`]); it ends
//! when its standard input closes, so that no hub outlives a test.
//!
//! ```text
//! accept CASE                     立案, by the dispatcher d-chen
//! dispatch CASE to PERSON [within N CLOCK]   派遣; 72 urgent_hours unless said otherwise: they need no calendar
//! close CASE                      结案, by d-chen
//! move CASE as PERSON {"type":…}  any move of casework, in anyone's name
//! case CASE                       where it stands, its history and photos
//! record RECORD                   its answers by meaning, its cases and photos
//! photo ID                        how much of it has arrived, and where it lies
//! phones                          what each phone says it made, and what the hub holds
//! code PERSON                     one more enrolment code
//! revoke DEVICE                   revokes a phone
//! form FILE                       imports an XForm, with the files of the folder NAME-media beside it
//! weather fair|down|silent|gate|500|half|cut BYTES   what phones' connections meet from now on
//! clock MS | clock +MS            sets the hub's clock, or lets it go on
//! quit
//! ```
//!
//! `CASE` is an id, or `first-case` or `last-case` in the order of reporting. An answer is `{"ok":true,…}`, or
//! `{"ok":false,"error":…}` for an order that can't be followed. A move that the hub refuses was followed: it is
//! `"verdict":"refused"` with its sentences.

mod asked;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xuncha_casework::Move;
use xuncha_casework::case::{Acceptance, Dispatch};
use xuncha_casework::deadline::{Clock, Limit};
use xuncha_casework::responsibility::Responsible;
use xuncha_hub::{HubConfig, HubError, moves};
use xuncha_wire::EntityId;

use crate::office::{CLERK, Office, OfficeError};
use crate::photo;
use crate::proxy::{Proxy, Weather};
use crate::scene::{Scene, SceneError, content};

/// A form with a repeat and a photo, small enough for a test to fill: `test_patrol`.
const PATROL: &str = include_str!("../data/patrol.xml");
/// Whose moves `accept`, `dispatch` and `close` are.
const DISPATCHER: &str = "d-chen";
/// Who works here beside the people of the scene: id, name, role.
const STAFF: [(&str, &str, &str); 4] = [
    ("p-wang", "王新", "inspector"),
    ("h-li", "李明", "handler"),
    ("v-lu", "吕核", "verifier"),
    (DISPATCHER, "陈晓", "dispatcher"),
];
/// Who is given codes at the opening, two each.
const PHONES: [&str; 4] = ["p-wang", "h-li", "v-lu", "p-dongcheng"];
const SAMPLES: u64 = 6;

/// Why an order could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The hub said no.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The hub itself.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The hub's store.
    #[error("the hub's store: {0}")]
    Store(#[from] xuncha_hub::store::E),
    /// The scene's data.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// A file, or the listener.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// JSON that is none, or no move.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A name that is not of its kind's form.
    #[error(transparent)]
    Wire(#[from] xuncha_wire::WireError),
    /// No such order, person or case.
    #[error("{0}")]
    Unclear(String),
}

type Result<T> = std::result::Result<T, StageError>;

fn unclear(what: impl Into<String>) -> StageError {
    StageError::Unclear(what.into())
}

/// An office behind a network, with a dispatcher at its desk.
pub struct Desk {
    office: Office,
    network: Proxy,
    scene: Scene,
    folder: PathBuf,
}

impl Desk {
    /// Opens a hub in `folder`, its clock at `at_ms` or at the system's moment, with the forms, rules, people and sites
    /// of `content`, the form `test_patrol`, and sample photos in `folder/samples`.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn open(folder: &Path, at_ms: Option<i64>) -> Result<Self> {
        let at_ms = at_ms.unwrap_or_else(|| HubConfig::new(folder).clock.now_ms());
        let office = Office::open(&folder.join("hub"), 0, at_ms).await?;
        office.furnish(&content()).await?;
        office.hub.import_form_xml(CLERK, PATROL).await?;
        let scene = Scene::read(&content())?;
        office.people_the_scene(&scene).await?;
        for (id, name, role) in STAFF {
            office.hire(id, name, &[role]).await?;
        }
        std::fs::create_dir_all(folder.join("samples"))?;
        for nth in 1..=SAMPLES {
            std::fs::write(sample(folder, nth), photo::sized(nth, 640, 480))?;
        }
        let network = Proxy::before(office.address).await?;
        Ok(Self { office, network, scene, folder: folder.to_owned() })
    }

    /// What there is: addresses, the administrator's first password, people, codes for phones, sample photos.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn opening(&self) -> Result<Value> {
        let mut codes = serde_json::Map::new();
        for person in PHONES {
            codes.insert(person.into(), json!([self.code(person).await?, self.code(person).await?]));
        }
        let photos: Vec<PathBuf> = (1..=SAMPLES).map(|nth| sample(&self.folder, nth)).collect();
        let scene = self.scene.people.iter().map(|p| json!({"id": p.id, "name": p.name, "roles": p.roles}));
        let staff = STAFF.map(|(id, name, role)| json!({"id": id, "name": name, "roles": [role]}));
        Ok(json!({
            "ok": true,
            "console": format!("http://{}", self.office.address),
            "address": format!("http://{}", self.network.address),
            "administrator": self.office.first.as_ref().map(|f| json!({"login": f.login, "password": f.password})),
            "codes": codes,
            "people": staff.into_iter().chain(scene).collect::<Vec<_>>(),
            "photos": photos,
            "now_ms": self.office.hub.now_ms(),
        }))
    }

    /// Follows one order and answers it.
    pub async fn order(&self, line: &str) -> Value {
        match self.follow(line).await {
            Ok(mut answer) => {
                if let Some(answer) = answer.as_object_mut() {
                    answer.insert("ok".into(), true.into());
                }
                answer
            }
            Err(error) => json!({"ok": false, "error": error.to_string()}),
        }
    }

    async fn follow(&self, line: &str) -> Result<Value> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["accept", case] => self.make(DISPATCHER, case, &Move::Accept(Acceptance::default())).await,
            ["dispatch", case, "to", person] => self.dispatch(case, person, "72", "urgent_hours").await,
            ["dispatch", case, "to", person, "within", amount, clock] => {
                self.dispatch(case, person, amount, clock).await
            }
            ["close", case] => self.make(DISPATCHER, case, &Move::Close { note: String::new() }).await,
            ["move", case, "as", person, ..] => {
                let json = line.find('{').and_then(|at| line.get(at..)).unwrap_or_default();
                self.make(person, case, &serde_json::from_str(json)?).await
            }
            ["case", case] => asked::case(&self.office.hub, &self.named(case).await?).await,
            ["record", record] => asked::record(&self.office.hub, record).await,
            ["photo", id] => asked::photo(&self.office.hub, id),
            ["phones"] => asked::phones(&self.office.hub).await,
            ["code", person] => Ok(json!({"code": self.code(person).await?})),
            ["revoke", device] => {
                self.office.hub.revoke_device(CLERK, device).await?;
                Ok(json!({}))
            }
            ["form", file] => {
                self.office.hub.import_content(CLERK, Path::new(file)).await?;
                Ok(json!({}))
            }
            ["weather", sky @ ..] => {
                self.network.set(weather(sky)?);
                Ok(json!({}))
            }
            ["clock", ms] => {
                let now = self.office.hub.now_ms();
                let at = match ms.strip_prefix('+') {
                    Some(more) => number(more)?.saturating_add(now),
                    None => number(ms)?,
                };
                self.office.clock.set(at);
                Ok(json!({"now_ms": at}))
            }
            _ => Err(unclear(format!("no such order: {line}"))),
        }
    }

    async fn code(&self, person: &str) -> Result<String> {
        Ok(self.office.code(person, Some(self.network.address)).await?)
    }

    async fn dispatch(&self, case: &str, person: &str, amount: &str, clock: &str) -> Result<Value> {
        let clock: Clock = serde_json::from_value(clock.into())?;
        let amount = serde_json::from_str(amount)?;
        let responsible = self.responsible(person)?;
        let dispatch = Dispatch { responsible, limit: Some(Limit { clock, amount }), reason: String::new() };
        self.make(DISPATCHER, case, &Move::Dispatch(dispatch)).await
    }

    fn responsible(&self, person: &str) -> Result<Responsible> {
        let staff = STAFF.iter().find(|(id, ..)| *id == person);
        let scene = || self.scene.people.iter().find(|p| p.id == person);
        let (name, post, unit) = match staff {
            Some((_, name, _)) => ((*name).to_owned(), String::new(), "u-test".to_owned()),
            None => scene()
                .map(|p| (p.name.clone(), p.post.clone(), p.unit.clone()))
                .ok_or_else(|| unclear(format!("nobody is called {person}")))?,
        };
        let unit_name =
            self.scene.units.iter().find(|u| u.id == unit).map_or("东城大队", |u| &u.name).to_owned();
        Ok(Responsible {
            unit: unit.as_str().into(),
            unit_name,
            post,
            person: person.into(),
            person_name: name,
        })
    }

    async fn make(&self, person: &str, case: &str, mv: &Move) -> Result<Value> {
        let case = self.named(case).await?;
        let id: EntityId = case.parse()?;
        let verdict = moves::submit(&self.office.hub, person, id, None, mv, vec![]).await?;
        let mut said = serde_json::to_value(verdict)?;
        if let Some(said) = said.as_object_mut() {
            let word = said.remove("st").unwrap_or_default();
            said.insert("verdict".into(), word);
            said.insert("case".into(), case.into());
        }
        Ok(said)
    }

    /// The case's id.
    async fn named(&self, case: &str) -> Result<String> {
        let all = match case {
            "first-case" | "last-case" => asked::cases(&self.office.hub).await?,
            id => return Ok(id.to_owned()),
        };
        let found = if case == "first-case" { all.first() } else { all.last() };
        found.cloned().ok_or_else(|| unclear("the hub has no case"))
    }
}

fn sample(folder: &Path, nth: u64) -> PathBuf {
    folder.join("samples").join(format!("{nth}.jpg"))
}

fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| unclear(format!("{text} is no number")))
}

fn weather(sky: &[&str]) -> Result<Weather> {
    match sky {
        ["fair"] => Ok(Weather::Fair),
        ["down"] => Ok(Weather::Down),
        ["silent"] => Ok(Weather::Silent),
        ["gate"] => Ok(Weather::gate_page()),
        ["500"] => Ok(Weather::status_500()),
        ["half"] => Ok(Weather::half_a_body()),
        ["cut", bytes] => Ok(Weather::CutAfter(u64::try_from(number(bytes)?).unwrap_or(0))),
        other => Err(unclear(format!("no such weather: {}", other.join(" ")))),
    }
}
