//! The console over HTTP on a hub that is filled by phones and by the office.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what broke by breaking"
)]

mod browser;
#[allow(dead_code, reason = "shared with the hub's own tests, which use the rest")]
#[path = "../hub/phone.rs"]
mod phone;
mod scene;

mod campaign;
mod desk;
mod doors;
mod form_files;
mod ledger;
mod loops;
mod phones;
mod roles;
mod words;
