//! The `<submission>` element and the versions of what stands beside the core specification.

use super::*;
use crate::answer::SubmissionRules;
use crate::submission::rsa::PublicKey;
use crate::value::base64;

/// The namespace of the entities specification.
pub(crate) const ENTITIES: &str = "http://www.opendatakit.org/xforms/entities";
/// Its newest version that runs here: year and count.
const NEWEST_ENTITIES: (u32, u32) = (2025, 1);

impl Build<'_> {
    pub(super) fn submission_element(
        &self,
        model: XmlId,
    ) -> Result<(SubmissionRules, Option<PublicKey>), FormError> {
        let Some(id) = self.child(model, "submission") else { return Ok((SubmissionRules::default(), None)) };
        // `auto-send` stands in OpenRosa's namespace, in older forms in none.
        let any = |name: &str| {
            self.tree
                .attributes(id)
                .find(|one| self.names.name(one.local) == name)
                .map(|one| one.value.trim())
        };
        let truth = |name: &str| any(name).map(|value| value == "true");
        let key = match self.attribute(id, "base64RsaPublicKey").map(str::trim).filter(|key| !key.is_empty())
        {
            None => None,
            Some(text) => match base64::decode(text).and_then(|der| PublicKey::from_der(&der)) {
                Some(key) => Some(key),
                None => return self.invalid(id, "base64RsaPublicKey is no RSA key that can be used"),
            },
        };
        let rules = SubmissionRules {
            action: any("action").map(str::to_owned),
            method: any("method").map(str::to_owned),
            auto_send: truth("auto-send"),
            auto_delete: truth("auto-delete"),
            encrypted: key.is_some(),
        };
        Ok((rules, key))
    }

    /// A form that needs a newer version of the entities specification must be refused (its section
    /// "Versioning").
    pub(super) fn entities_version(&self, model: XmlId) -> Result<(), FormError> {
        let Some(version) = self.tree.attribute_ns(model, &self.names, ENTITIES, "entities-version") else {
            return Ok(());
        };
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(u32::MAX));
        let wanted = (parts.next().unwrap_or(u32::MAX), parts.next().unwrap_or(0));
        if wanted > NEWEST_ENTITIES {
            return self.unsupported(model, format!("version {version} of the entities specification"));
        }
        Ok(())
    }
}
