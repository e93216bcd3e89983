//! Names of things, as newtypes, so that one is never taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::WireError;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7 from the given clock (ms since 1970, UTC) and ten random bytes.
            pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// The id as a plain UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = WireError;

            fn from_str(text: &str) -> Result<Self, WireError> {
                Uuid::try_parse(text).map(Self).map_err(|_| WireError::BadId(stringify!($name)))
            }
        }
    };
}

uuid_id! {
    /// An authored change on its way to the hub. Random, made on the phone; unique at the hub, which is what
    /// makes an op take effect at most once. Its time part is a hint and orders nothing.
    OpId
}
uuid_id! {
    /// A record, a case, a site: anything that has a life of its own.
    EntityId
}
uuid_id! {
    /// A phone as the hub enrolled it.
    DeviceId
}
uuid_id! {
    /// The hub's memory: changes whenever the hub was restored from a backup.
    Epoch
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $max:expr, $extra:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = WireError;

            fn from_str(text: &str) -> Result<Self, WireError> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || $extra.contains(&c);
                if text.is_empty() || text.len() > $max || !text.chars().all(allowed) {
                    return Err(WireError::BadId(stringify!($name)));
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = WireError;

            fn try_from(text: String) -> Result<Self, WireError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A city. Every key at the hub starts with it.
    Tenant, 32, ['-', '_']
}
text_id! {
    /// A member of staff, as the bureau numbers them.
    PersonId, 64, ['-', '_', '.']
}
text_id! {
    /// What one feed covers: `t` (the whole city: forms, catalogue), `d/<district>` (sites, open cases),
    /// `u/<person>` (assignments, own records and cases), `s/<area>` (a supervisor's area).
    Scope, 80, ['-', '_', '.', '/']
}

impl Scope {
    /// The feed everybody of the city reads.
    pub fn city() -> Self {
        Self("t".to_owned())
    }

    /// A district's feed.
    pub fn district(code: &str) -> Result<Self, WireError> {
        format!("d/{code}").parse()
    }

    /// A person's own feed.
    pub fn person(person: &PersonId) -> Self {
        Self(format!("u/{person}"))
    }
}
