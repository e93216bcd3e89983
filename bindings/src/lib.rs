//! The UniFFI surface over `xuncha-device`: the phone's two objects, as one-line delegates without a decision.
//!
//! Records, enums, errors and the traits that a shell implements stand in `xuncha-device`, next to what they
//! describe. The exported surface is listed in `api.txt`, line by line, and a test compares.

mod app;
mod cases;
mod fill;
mod guard;
mod platform;
mod sync;

pub use app::App;
pub use fill::FillSession;
pub use platform::error_sentence;
#[cfg(feature = "stand-in")]
pub use platform::{file_key, sign_with_file_key};

uniffi::setup_scaffolding!();
