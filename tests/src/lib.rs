//! Phones, a hub and a bad network between them: what the scenarios in `tests/it` are told with.

pub mod demo;
pub mod office;
pub mod phone;
pub mod photo;
pub mod proxy;
pub mod scene;
pub mod stage;
