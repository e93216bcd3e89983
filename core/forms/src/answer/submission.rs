//! What a finished form gives to be sent, and what the form says about sending.

use super::NodeRef;

/// A finished form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The submission XML: relevant nodes only.
    pub xml: Vec<u8>,
    /// `meta/instanceID`.
    pub instance_id: String,
    /// `meta/instanceName`, empty when the form makes none.
    pub instance_name: String,
    /// Relevant nodes that name an attached file, with the name.
    pub attachments: Vec<(NodeRef, String)>,
    /// What the record says of entities, for the lists that the device keeps.
    pub entities: Vec<EntityChange>,
}

/// What a submission says of one entity (entities specification, 2025.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityChange {
    /// The list that it belongs to.
    pub dataset: String,
    /// Its id, a UUID where the form is right.
    pub id: String,
    /// Its label; empty where the form says none, or nothing but blanks.
    pub label: String,
    /// It is to be created.
    pub create: bool,
    /// It is to be updated.
    pub update: bool,
    /// `baseVersion`, `trunkVersion` and `branchId`: the version that the form saw, the server's version that this
    /// goes back to, and the device's branch from there; each empty where the form says none.
    pub base_version: String,
    /// See `base_version`.
    pub trunk_version: String,
    /// See `base_version`.
    pub branch_id: String,
    /// Its properties, by name.
    pub properties: Vec<(String, String)>,
}

/// A submission under a key that only the holder of the form's private key can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encrypted {
    /// The submission manifest, sent in place of the submission's XML.
    pub manifest: Vec<u8>,
    /// Names and bytes of the files beside it, in the order of the manifest; the record itself is last.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What the form says about sending (`<submission>`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmissionRules {
    /// Where to send instead of to the form's own server.
    pub action: Option<String>,
    /// The method for `action`: `post`, or the older `form-data-post`.
    pub method: Option<String>,
    /// Finished records are sent by themselves as soon as there is a connection.
    pub auto_send: Option<bool>,
    /// Records are deleted from the device once they are sent.
    pub auto_delete: Option<bool>,
    /// Records must be encrypted with [`Form::encrypt`](crate::Form::encrypt).
    pub encrypted: bool,
}
