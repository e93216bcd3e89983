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
mod body;
mod calculate;
mod choices;
mod compare;
mod corpus;
mod encryption;
mod entities;
mod jar;

mod javarosa;
mod limits;
mod meant;
mod peer;
mod plan;
mod random;
mod repeats;
mod scenario;
#[path = "../../examples/script.rs"]
#[allow(dead_code, reason = "only its steps run here, not its command line")]
mod script;
mod steps;
mod structure;
mod submit;
mod support;
mod texts;
mod validity;
mod webforms;
