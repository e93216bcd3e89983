//! Scenarios across phone, hub and network. Each reads like a day at the bureau.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what broke by breaking"
)]

mod bad_network;
mod keeps;
mod killed;
mod one_visit;
mod scene;
mod stage;
mod town;
