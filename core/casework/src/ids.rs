//! Names of things: typed strings, so that a person can't be handed in for a unit.
//!
//! Casework compares ids and never looks inside them; who makes them (UUIDv7, codes) is not its
//! business. Only a photo's id has a shape, because evidence must name exact bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id!(
    /// A case in the loop (案卷).
    CaseId
);
id!(
    /// A move of a case; the id of the op that carried it.
    MoveId
);
id!(
    /// A person with an account.
    PersonId
);
id!(
    /// A unit: handling unit, bureau, utility company (责任单位).
    UnitId
);
id!(
    /// A site: enterprise project, shop, road, facility, restaurant, point (点位).
    SiteId
);
id!(
    /// A campaign (专项活动).
    CampaignId
);
id!(
    /// A finalized form instance: visit, check, banner.
    RecordId
);
id!(
    /// A filing condition within its category (立案条件).
    ConditionId
);

/// A photo's id: `s2:` and the SHA-256 of the original bytes in 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhotoRef(String);

/// A text that is not a photo id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a photo id is s2: and 64 lower-case hex digits")]
pub struct BadPhotoRef;

impl PhotoRef {
    /// The id as text, with its `s2:`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PhotoRef {
    type Error = BadPhotoRef;

    fn try_from(text: String) -> Result<Self, BadPhotoRef> {
        let hex = text.strip_prefix("s2:").ok_or(BadPhotoRef)?;
        let well_formed = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if well_formed { Ok(Self(text)) } else { Err(BadPhotoRef) }
    }
}

impl std::str::FromStr for PhotoRef {
    type Err = BadPhotoRef;

    fn from_str(text: &str) -> Result<Self, BadPhotoRef> {
        text.to_owned().try_into()
    }
}

impl From<PhotoRef> for String {
    fn from(photo: PhotoRef) -> Self {
        photo.0
    }
}

impl fmt::Display for PhotoRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
