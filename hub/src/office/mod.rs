//! What an office does: people, units, sites, campaigns, forms, catalogues. Used by the console, the command line
//! and the demo alike.
//!
//! Everything here is written as a whole or not at all, into its table and into the feeds that show it, and leaves an
//! audit line.

pub mod content;
pub mod entities;
mod entity_lists;
mod form_faults;
pub(crate) mod form_files;
mod form_zip;
pub mod forms;
pub mod people;
pub mod quarantine;
pub mod rulebooks;
pub mod sites;

use crate::store::feed::Changes;
use crate::store::{E, Tx};
use crate::{Hub, HubError, audit, clock};

pub use form_files::GivenFile;
pub use form_zip::unpack;
pub use people::{District, NewPerson};

/// One thing that an office does: who, when, and what it shows to phones.
pub(crate) struct Deed {
    /// The city.
    pub(crate) tenant: String,
    /// Who does it.
    pub(crate) by: String,
    /// The hub's clock.
    pub(crate) now_ms: i64,
    mark: String,
}

impl Deed {
    pub(crate) fn of(hub: &Hub, by: &str) -> Result<Self, HubError> {
        let mark = clock::mark()?;
        Ok(Self { tenant: hub.tenant().to_string(), by: by.to_owned(), now_ms: hub.now_ms(), mark })
    }

    /// Runs `work` in one transaction, with its feed rows and its audit line.
    pub(crate) async fn run<T, F>(self, hub: &Hub, what: &'static str, about: &str, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        F: Fn(&mut dyn Tx, &Self, &mut Changes) -> Result<T, E> + Send + Sync + 'static,
    {
        let about = about.to_owned();
        hub.db()
            .write(move |tx| {
                let mut changes = Changes::default();
                let done = work(tx, &self, &mut changes)?;
                audit::write(tx, &self.tenant, self.now_ms, &self.by, what, &about, "")?;
                changes.commit(tx, &self.tenant, &self.mark, self.now_ms)?;
                Ok(done)
            })
            .await
    }
}
