//! The acceptance scene as `content/scene` holds it: inputs, no figures.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use xuncha_hub::office::District;
use xuncha_wire::EntityId;
use xuncha_wire::entity::{AssignmentBody, CampaignBody, SiteBody, UnitBody};

/// Why the scene can't be played.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// A file of the scene is not there or not readable.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A line that is not of its shape.
    #[error("{0}, line {1}: {2}")]
    Line(PathBuf, usize, serde_json::Error),
}

/// A member of staff, with a phone or without.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their unit's id.
    pub unit: String,
    /// Their post.
    pub post: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// Districts they read.
    pub districts: Vec<String>,
    /// Their console login; empty if none.
    pub login: String,
    /// Do they carry a phone?
    pub phone: bool,
}

/// One visit and what was raised.
#[derive(Debug, Clone, Deserialize)]
pub struct Visit {
    /// Where.
    pub site: EntityId,
    /// `leaders`, `districts`, `utilities`.
    pub party: String,
    /// Who visits.
    pub by: String,
    /// On which day, `2026-07-08`.
    pub day: String,
    /// Their names as written into the form.
    pub visitors: String,
    /// What the enterprise says.
    pub satisfaction: String,
    /// What was raised.
    #[serde(default)]
    pub problems: Vec<Raised>,
}

/// A problem or suggestion, and what becomes of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Raised {
    /// `problem` or `suggestion`.
    pub kind: String,
    /// Its topic.
    pub topic: String,
    /// In words.
    pub description: String,
    /// The unit that answers.
    pub unit: String,
    /// Was it photographed?
    pub photo: bool,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// The three lawful outcomes.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    /// 解决.
    Resolved,
    /// 分步解决.
    PhasedPlan {
        /// What is done by when.
        steps: Vec<Step>,
    },
    /// 政策解释.
    PolicyExplained {
        /// The rule.
        basis: String,
        /// What was said.
        explanation: String,
    },
}

/// A step of a phased plan.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// What.
    pub text: String,
    /// By which day.
    pub date: String,
}

/// The banner.
#[derive(Debug, Clone, Deserialize)]
pub struct Banner {
    /// Whose phone records it.
    pub by: String,
    /// When it is given.
    pub day: String,
    /// What stands on it.
    pub inscription: String,
    /// Who gives it.
    pub giver: String,
    /// Who receives it.
    pub receiver: String,
    /// Who photographs.
    pub photographer: String,
    /// Who stands where.
    pub persons: Vec<Pictured>,
    /// How many cases it thanks for.
    pub thanks: usize,
}

/// A person on the banner's photo.
#[derive(Debug, Clone, Deserialize)]
pub struct Pictured {
    /// `left1`, `left2`, …
    pub position: String,
    /// Their name.
    pub name: String,
    /// Where they belong.
    pub role: String,
}

/// The whole scene.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Districts' names.
    pub districts: Vec<District>,
    /// Units.
    pub units: Vec<UnitBody>,
    /// People.
    pub people: Vec<Person>,
    /// Sites.
    pub sites: Vec<SiteBody>,
    /// The campaign.
    pub campaign: CampaignBody,
    /// Each project of the campaign, given to the person who answers for it.
    pub assignments: Vec<AssignmentBody>,
    /// Visits, in order of days.
    pub visits: Vec<Visit>,
    /// The banner.
    pub banner: Banner,
}

/// Where the repository's content lies.
pub fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content")
}

impl Scene {
    /// Reads `content/scene`.
    ///
    /// # Errors
    /// [`SceneError`] naming file and line.
    pub fn read(content: &Path) -> Result<Self, SceneError> {
        let at = |name: &str| content.join("scene").join(name);
        let sites: Vec<SiteBody> = lines(&at("sites.jsonl"))?;
        let campaign: CampaignBody = whole(&at("campaign.json"))?;
        let projects = sites.iter().filter(|site| site.kind == "enterprise");
        let assignments = projects.map(|site| assignment(site, &campaign)).collect();
        Ok(Self {
            districts: lines(&at("districts.jsonl"))?,
            units: lines(&at("units.jsonl"))?,
            people: lines(&at("people.jsonl"))?,
            visits: lines(&at("visits.jsonl"))?,
            banner: whole(&at("banner.json"))?,
            sites,
            campaign,
            assignments,
        })
    }

    /// A site by its id.
    pub fn site(&self, id: EntityId) -> Option<&SiteBody> {
        self.sites.iter().find(|site| site.id == id)
    }
}

/// The assignment's id follows from the site's, so that reading twice gives the same.
fn assignment(site: &SiteBody, campaign: &CampaignBody) -> AssignmentBody {
    let bytes = site.id.uuid().into_bytes();
    let mut tail = [0_u8; 10];
    for (to, from) in tail.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    AssignmentBody {
        id: EntityId::from_parts(1_782_840_000_000, tail),
        campaign: campaign.id,
        site: site.id,
        person: site.person.clone(),
        unit: site.unit.clone(),
        post: site.post.clone(),
        due: campaign.to.clone(),
        done: None,
    }
}

fn text(path: &Path) -> Result<String, SceneError> {
    std::fs::read_to_string(path).map_err(|e| SceneError::File(path.to_owned(), e))
}

fn whole<T: DeserializeOwned>(path: &Path) -> Result<T, SceneError> {
    serde_json::from_str(&text(path)?).map_err(|e| SceneError::Line(path.to_owned(), e.line(), e))
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, SceneError> {
    let text = text(path)?;
    let read = |(nth, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|e| SceneError::Line(path.to_owned(), nth + 1, e))
    };
    text.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(read).collect()
}
