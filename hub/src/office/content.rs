//! Importing files: one form, catalogue or calendar, or a whole content folder.
//!
//! A folder is read in this order, each part if it is there: `forms/*.xlsx`, `forms/*.xml` (each with the files in
//! `forms/<its name>-media/`), `catalogues/*.json`, `calendars/*.json`, and in itself or in `scene/` the registers of `content/README.md`: `districts.jsonl`, `units.jsonl`,
//! `people.jsonl`, `sites.jsonl`, `campaign.json`, `assignments.jsonl`. A campaign without a list of assignments gives
//! each enterprise project of the register to the person who answers for it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use xuncha_wire::entity::{AssignmentBody, CampaignBody, SiteBody, UnitBody};

use super::forms::{ImportedForm, Written};
use super::{District, GivenFile, NewPerson};
use crate::{Hub, HubError};

#[derive(Debug, Deserialize)]
struct PersonRow {
    id: String,
    name: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    post: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    districts: Vec<String>,
    #[serde(default)]
    login: String,
}

impl Hub {
    /// Imports a file or a content folder; a line for each thing taken.
    ///
    /// # Errors
    /// [`HubError::Invalid`] naming file and fault. What was imported before it stays.
    pub async fn import_content(&self, by: &str, path: &Path) -> Result<Vec<String>, HubError> {
        if path.is_file() {
            return Ok(vec![self.import_file(by, path).await?]);
        }
        let mut said = Vec::new();
        for (folder, ending) in
            [("forms", "xlsx"), ("forms", "xml"), ("catalogues", "json"), ("calendars", "json")]
        {
            for file in files(&path.join(folder), ending)? {
                said.push(self.import_file(by, &file).await?);
            }
        }
        for folder in [path.to_owned(), path.join("scene")] {
            self.import_register(by, &folder, &mut said).await?;
        }
        Ok(said)
    }

    async fn import_file(&self, by: &str, file: &Path) -> Result<String, HubError> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let taken = match file.extension().and_then(|e| e.to_str()) {
            Some("xlsx" | "xls" | "csv" | "md") => {
                let bytes = tokio::fs::read(file).await.map_err(HubError::io(file.display()))?;
                said(&self.import_form(by, Written::Workbook(&bytes), beside(file)?).await?)
            }
            Some("xml") => said(&self.import_form(by, Written::XForm(&text(file)?), beside(file)?).await?),
            Some("json") => {
                let json = text(file)?;
                match self.import_catalogue(by, &json).await {
                    Ok(id) => format!("catalogue {id}"),
                    Err(as_catalogue) => match self.import_calendar(by, &json).await {
                        Ok(id) => format!("calendar {id}"),
                        Err(_) if json.contains("\"categories\"") => return Err(as_catalogue),
                        Err(as_calendar) => return Err(as_calendar),
                    },
                }
            }
            _ => {
                let zh = format!(
                    "不认识这个文件：{name}。可导入 .xlsx、.xls、.csv、.md、.xml 表单和 .json 目录、日历。"
                );
                return Err(HubError::invalid(zh, format!("{name} is no form, catalogue or calendar")));
            }
        };
        Ok(format!("{name}: {taken}"))
    }

    async fn import_register(&self, by: &str, folder: &Path, said: &mut Vec<String>) -> Result<(), HubError> {
        if let Some(districts) = rows::<District>(&folder.join("districts.jsonl"))? {
            said.push(format!("districts: {}", districts.len()));
            self.put_districts(by, districts).await?;
        }
        if let Some(units) = rows::<UnitBody>(&folder.join("units.jsonl"))? {
            said.push(format!("units: {}", units.len()));
            self.put_units(by, units).await?;
        }
        if let Some(people) = rows::<PersonRow>(&folder.join("people.jsonl"))? {
            said.push(format!("people: {}", people.len()));
            let person = |p: PersonRow| NewPerson {
                id: p.id,
                name: p.name,
                unit: p.unit,
                post: p.post,
                roles: p.roles,
                districts: p.districts,
                login: p.login,
            };
            self.put_people(by, people.into_iter().map(person).collect()).await?;
        }
        let sites = rows::<SiteBody>(&folder.join("sites.jsonl"))?;
        if let Some(sites) = sites.clone() {
            said.push(format!("sites: {}", sites.len()));
            self.put_sites(by, sites).await?;
        }
        let mut given = rows::<AssignmentBody>(&folder.join("assignments.jsonl"))?;
        if let Some(campaign) = rows::<CampaignBody>(&folder.join("campaign.json"))? {
            let all =
                |c: &CampaignBody| sites.iter().flatten().filter_map(|s| assigned(c, s)).collect::<Vec<_>>();
            given = given.or_else(|| Some(campaign.iter().flat_map(all).collect()));
            said.push(format!("campaigns: {}", campaign.len()));
            self.put_campaigns(by, campaign).await?;
        }
        if let Some(assignments) = given {
            said.push(format!("assignments: {}", assignments.len()));
            self.put_assignments(by, assignments).await?;
        }
        Ok(())
    }
}

/// An enterprise project of a campaign, given to whom it belongs. The id follows from the two, so that importing
/// again changes nothing.
fn assigned(campaign: &CampaignBody, site: &SiteBody) -> Option<AssignmentBody> {
    if site.kind != "enterprise" {
        return None;
    }
    let hash = crate::identity::secret_hash(format!("{} {}", campaign.id, site.id).as_bytes());
    let (half, _) = hash.split_first_chunk::<16>()?;
    let id = uuid::Builder::from_custom_bytes(*half).into_uuid().to_string().parse().ok()?;
    Some(AssignmentBody {
        id,
        campaign: campaign.id,
        site: site.id,
        person: site.person.clone(),
        unit: site.unit.clone(),
        post: site.post.clone(),
        due: campaign.to.clone(),
        done: None,
    })
}

/// What an import took, in a line.
fn said(form: &ImportedForm) -> String {
    let ImportedForm { form, version, title, files, .. } = form;
    if *files == 0 {
        format!("{title} {form} {version}")
    } else {
        format!("{title} {form} {version} +{files}")
    }
}

/// The files of a form: those in the folder `<its name>-media` beside it, as Collect and pyxform have it.
fn beside(form: &Path) -> Result<Vec<GivenFile>, HubError> {
    let stem = form.file_stem().unwrap_or_default().to_string_lossy();
    let folder = form.with_file_name(format!("{stem}-media"));
    let given = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).map_err(HubError::io(path.display()))?;
        Ok(GivenFile { name, bytes })
    };
    entries(&folder)?.into_iter().filter(|path| path.is_file()).map(given).collect()
}

fn text(file: &Path) -> Result<String, HubError> {
    std::fs::read_to_string(file).map_err(HubError::io(file.display()))
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, HubError> {
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|e| e == ending));
    Ok(files)
}

/// What is in a folder, sorted; nothing if there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, HubError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let found = std::fs::read_dir(folder).map_err(HubError::io(folder.display()))?;
    let paths = found.map(|entry| Ok(entry.map_err(HubError::io(folder.display()))?.path()));
    let mut paths = paths.collect::<Result<Vec<_>, HubError>>()?;
    paths.sort();
    Ok(paths)
}

/// The values of a file, one after another: an object a line, or one object over several.
fn rows<T: DeserializeOwned>(file: &Path) -> Result<Option<Vec<T>>, HubError> {
    if !file.exists() {
        return Ok(None);
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = text(file)?;
    let rows: Result<Vec<T>, _> = serde_json::Deserializer::from_str(&text).into_iter().collect();
    let rows = rows.map_err(|e| {
        let at = format!("{name}: line {} column {}", e.line(), e.column());
        HubError::invalid(format!("{at}：格式不对，没有导入"), format!("{at}: not of its shape: {e}"))
    })?;
    Ok(Some(rows))
}
