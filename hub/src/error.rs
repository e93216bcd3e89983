//! What can go wrong while a hub is opened, set up or asked by its own console.

use xuncha_wire::WireError;

use crate::clock::NoRandomness;
use crate::store::E;

/// An error of the hub's own functions. Answers to phones are `api::error::Refused`.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The store.
    #[error(transparent)]
    Store(#[from] E),
    /// A file or folder: which, and what the system says.
    #[error("{what}: {source}")]
    Io {
        /// Which file or folder.
        what: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The database is damaged: the hub does not start, and nothing was changed.
    #[error(
        "平台的数据库{file}损坏，没有启动。文件原样留着，没有改动；手机都保留着交过的内容，恢复后会自动再交一遍。\
         请换上最近一次备份的hub.db和photos再启动。 / The database {file} is damaged, so the hub did not start. The file was \
         left as it is; phones keep what they handed in and offer it again after a restore. Put hub.db and photos of \
         the last backup in its place and start again."
    )]
    Damaged {
        /// Which file.
        file: String,
    },
    /// Certificate or key.
    #[error("TLS: {0}")]
    Tls(String),
    /// Plain HTTP on an address that others reach.
    #[error("plain HTTP only on loopback: give a certificate, --self-signed, or --behind-proxy")]
    PlainHttp,
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A name that is not of its kind's form.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Not there, or not in this city.
    #[error("{what} not found: {id}")]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// What was handed in can't be taken; nothing was changed. A sentence for people, Chinese and English.
    #[error("{zh} / {en}")]
    Invalid {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl HubError {
    /// An [`HubError::Invalid`].
    pub fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid { zh: zh.into(), en: en.into() }
    }

    /// Wraps what the system says about a file or folder.
    pub fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what: what.to_string(), source }
    }
}
