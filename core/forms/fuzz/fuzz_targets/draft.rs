//! Any bytes as the draft of a form with repeats, a count, a list and a calculation: what opens can be saved,
//! and opens again the same. `cargo +nightly fuzz run draft`
#![no_main]

mod desk;

use desk::Desk;
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock};
use xuncha_forms::{Form, Limits, NoExternals, Session};

const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Draft</h:title><model>
<instance><data id="draft" version="1"><n/><r jr:template=""><a/><p/><s><t/></s></r><g><b>x</b></g><sum/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/n" type="int"/><bind nodeset="/data/r/a" type="decimal" constraint=". &lt; 9"/>
<bind nodeset="/data/r/p" type="geopoint"/><bind nodeset="/data/r/s/t" type="dateTime" relevant="../../a &gt; 1"/>
<bind nodeset="/data/g/b" type="select" readonly="/data/n = 2"/>
<bind nodeset="/data/sum" calculate="sum(/data/r/a) + position(/data/r[2])"/>
</model></h:head><h:body><input ref="/data/n"><label>N</label></input>
<group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/a"><label>A</label></input>
<input ref="/data/r/p"><label>P</label></input>
<group ref="/data/r/s"><repeat nodeset="/data/r/s"><input ref="/data/r/s/t"><label>T</label></input></repeat></group></repeat></group>
<select ref="/data/g/b"><label>B</label><item><label>X</label><value>x</value></item></select></h:body></h:html>"#;

static FORM_READ: LazyLock<Arc<Form>> = LazyLock::new(|| {
    let limits = Limits { repeat_instances: 50, evaluations: 100_000, ..Limits::default() };
    Arc::new(Form::compile(FORM.as_bytes(), &NoExternals, &limits).expect("the form of this target"))
});

fuzz_target!(|bytes: &[u8]| {
    let Ok((session, _misfits)) = Session::restore(Arc::clone(&FORM_READ), bytes, &mut Desk) else { return };
    let _ = (session.view(), session.blocking());
    let saved = session.save();
    let (again, _misfits) = Session::restore(Arc::clone(&FORM_READ), &saved, &mut Desk).expect("what was saved opens");
    assert_eq!(String::from_utf8_lossy(&again.save()), String::from_utf8_lossy(&saved));
});
