//! Scenarios of filling forms, by area of the specification. `scenario` is the language they are in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test says what is wrong by panicking"
)]

mod actions;
mod audit;
mod bad_input;
mod calculate;
mod choices;
mod corpus;
mod encryption;
mod entities;
mod repeats;
mod scenario;
mod submit;
mod texts;
mod validity;
