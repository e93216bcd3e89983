//! What phones sync to: API, console, ledger. Binary xuncha.
//!
//! [`Hub::open`] opens a data folder, [`serve()`] serves phones and browsers on a listener. What an office does
//! (people, forms, sites, codes) is [`office`], used by the console, the command line and the demo alike.

pub mod api;
pub mod audit;
pub mod backup;
pub mod blobs;
pub mod clock;
pub mod config;
pub mod console;
pub mod days;
mod duties;
pub mod error;
pub mod hub;
pub mod identity;
pub mod ledger;
pub mod moves;
pub mod office;
pub mod photos;
pub mod push;
pub mod serve;
pub mod store;
mod tls;

pub use config::HubConfig;
pub use error::HubError;
pub use hub::{FirstStart, Hub};
pub use serve::{serve, serve_hub};
