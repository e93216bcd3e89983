//! What the ledger says, out of synced records.

use xuncha_casework::sentences::{self, Wording};
use xuncha_hub::ledger::{Sees, campaigns};

use super::{DemoError, loops};
use crate::office::{CLERK, Office};
use crate::scene::{Scene, content};

/// Which of the two sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// 截至报.
    Interim,
    /// 结果报.
    Result,
}

/// The report sentence as of a day, computed by the ledger's own functions from what the hub holds.
///
/// # Errors
/// [`DemoError`].
pub async fn sentence(office: &Office, scene: &Scene, day: &str, which: Which) -> Result<String, DemoError> {
    let astray = |what: &str| DemoError::Astray(what.to_owned());
    let as_of = day.parse().map_err(|_| astray("日期不对"))?;
    let since = scene.campaign.from.parse().map_err(|_| astray("日期不对"))?;
    let json = std::fs::read_to_string(content().join("calendars/2026.json"))?;
    let calendar = xuncha_casework::deadline::Calendar::parse(&json).map_err(|_| astray("日历不对"))?;
    let sees = Sees { tenant: office.hub.tenant().to_string(), districts: String::new(), only: None };
    let campaign = scene.campaign.id.to_string();
    let counted =
        office.hub.db().read(move |tx| campaigns::count(tx, &sees, &campaign, as_of, &calendar)).await?;
    let wording = Wording { bureau: "该局".into(), since, kickoff: String::new(), with_split: true };
    let text = match which {
        Which::Interim => sentences::interim(&counted.figures, &wording),
        Which::Result => sentences::result(&counted.figures, &wording),
    };
    Ok(text.text())
}

/// A password for the dispatcher, random for this run: nothing in this product has a default one.
///
/// # Errors
/// [`DemoError`].
pub async fn dispatcher_password(office: &Office) -> Result<(String, String), DemoError> {
    let bytes: [u8; 12] = xuncha_hub::clock::random().map_err(|e| DemoError::Astray(e.to_string()))?;
    let password = xuncha_wire::blob::hex(&bytes);
    office.hub.set_password(CLERK, loops::DISPATCHER, "chenxiao", &password, false).await?;
    Ok(("chenxiao".into(), password))
}
