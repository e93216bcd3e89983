//! Any bytes as a form: compiled, begun, saved and opened again. `cargo +nightly fuzz run xml`
#![no_main]

mod desk;

use desk::Desk;
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use xuncha_forms::{Form, Limits, NoExternals, Session};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { repeat_instances: 50, evaluations: 100_000, ..Limits::default() };
    let Ok(form) = Form::compile(bytes, &NoExternals, &limits) else { return };
    let form = Arc::new(form);
    if let Ok(session) = Session::start(Arc::clone(&form), &mut Desk) {
        let _ = (session.view(), session.blocking());
        let saved = session.save();
        assert!(Session::restore(form, &saved, &mut Desk).is_ok());
    }
});
