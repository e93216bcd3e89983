//! The hub: `xuncha serve`.

fn main() {}
