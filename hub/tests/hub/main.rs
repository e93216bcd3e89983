//! A real hub on a free port, and phones that speak to it in plain HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what broke by breaking"
)]

mod cases;
mod duties;
mod enrolment;
mod feeds;
mod form_files;
mod gates;
mod listed;
mod office;
mod phone;
mod photos;
mod pushes;
