//! The phone's engine room: everything that touches disk, network, threads or the clock.
//!
//! [`App`] is the phone's open book; [`FillSession`] is a form being filled. Shells get both through the
//! `ffi` crate one-to-one. Synchronous inside, asynchronous at the edge: an exported call that can touch disk
//! or network posts a closure to a worker thread and awaits a oneshot, so no caller blocks, a cancelled caller
//! changes nothing, and a panic becomes [`AppError::Internal`].
//!
//! Errors and logs never hold answers, names or coordinates.
#![cfg_attr(not(feature = "uniffi"), forbid(unsafe_code))]
#![cfg_attr(feature = "uniffi", allow(unsafe_code, reason = "UniFFI's derives write unsafe impls"))]

pub mod app;
mod casebook;
pub mod change;
mod core;
mod entity_lists;
pub mod env;
pub mod error;
pub mod fill;
mod form_files;
pub mod keys;
mod media;
mod store;
mod sync;
pub mod view;
mod work;

pub use app::{App, AppConfig};
pub use change::{CallbackError, Change, Observer};
pub use env::Env;
pub use error::AppError;
pub use fill::FillSession;
pub use keys::{DeviceKey, KeyError, KeyKeeper, KeyLevel, SoftwareKeys};

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
