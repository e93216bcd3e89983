//! Build, test and demo: `cargo xtask`.

fn main() {}
