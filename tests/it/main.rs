//! Scenarios across phone, hub and network. Each reads like a day at the bureau.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test says what broke by breaking, reports what it did, and has a clock"
)]

mod bad_forms;
mod bad_network;
mod bad_photos;
mod bit_rot;
mod console;
mod damaged_files;
mod demo;
mod entity_lists;
mod fill_log;
mod form_files;
mod full_disk;
mod keeps;
mod killed;
mod one_visit;
mod panics;
mod pinned;
mod place;
mod reticent;
mod scene;
mod sentences;
mod stage;
mod town;
