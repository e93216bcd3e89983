//! Catalogues and calendars.

use xuncha_casework::{Calendar, Catalogue};
use xuncha_wire::entity::{KIND_CALENDAR, KIND_CATALOGUE};

use super::Deed;
use crate::store::V;
use crate::store::feed::put_entity;
use crate::{Hub, HubError};

impl Hub {
    /// Imports a catalogue in the JSON of `xuncha-casework`; its id.
    ///
    /// # Errors
    /// [`HubError::Invalid`] naming what is wrong; nothing of a faulty file is taken.
    pub async fn import_catalogue(&self, by: &str, json: &str) -> Result<String, HubError> {
        let catalogue = Catalogue::parse(json).map_err(|e| invalid(&e.words()))?;
        self.put_rulebook(by, KIND_CATALOGUE, &catalogue.id, i64::from(catalogue.version), json).await?;
        Ok(catalogue.id)
    }

    /// Imports a calendar in the JSON of `xuncha-casework`; its id.
    ///
    /// # Errors
    /// [`HubError::Invalid`] naming what is wrong.
    pub async fn import_calendar(&self, by: &str, json: &str) -> Result<String, HubError> {
        let calendar = Calendar::parse(json).map_err(|e| invalid(&e.words()))?;
        let version = calendar.version();
        self.put_rulebook(by, KIND_CALENDAR, &version.id, i64::from(version.version), json).await?;
        Ok(version.id)
    }

    async fn put_rulebook(
        &self,
        by: &str,
        kind: &'static str,
        id: &str,
        version: i64,
        json: &str,
    ) -> Result<(), HubError> {
        // On one line: feeds are NDJSON, and a body travels as it is stored.
        let value: serde_json::Value = serde_json::from_str(json)
            .map_err(|e| HubError::Wire(xuncha_wire::WireError::from_json("rulebook", &e)))?;
        let (book, body) = (id.to_owned(), value.to_string());
        Deed::of(self, by)?
            .run(self, "import_rulebook", id, move |tx, deed, changes| {
                tx.exec(
                    "INSERT INTO rulebook (tenant, kind, id, version, body, imported_ms, imported_by)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (tenant, kind, id, version) DO UPDATE SET body = excluded.body,
                         imported_ms = excluded.imported_ms, imported_by = excluded.imported_by",
                    &[
                        V::T(&deed.tenant),
                        V::T(kind),
                        V::T(&book),
                        V::I(version),
                        V::T(&body),
                        V::I(deed.now_ms),
                        V::T(&deed.by),
                    ],
                )?;
                let ver = put_entity(tx, &deed.tenant, kind, &book, body.as_bytes())?;
                changes.show("t", kind, &book, ver);
                Ok(())
            })
            .await?;
        // The stamp of the cache is the import's time, which may stand still under a set clock.
        self.rules().forget();
        Ok(())
    }
}

fn invalid(words: &xuncha_casework::Words) -> HubError {
    HubError::invalid(words.zh.clone(), words.en.clone())
}
