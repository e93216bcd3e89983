//! Who asks: passwords of the console, enrolment codes, device keys, tokens, and the feeds a person reads.

pub mod password;
