//! Any bytes as an external list — CSV, GeoJSON or XML by the first byte — that a choice filter and a lookup
//! read. `cargo +nightly fuzz run list`
#![no_main]

mod desk;

use desk::Desk;
use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;
use std::sync::Arc;
use xuncha_forms::{Answer, ExternalInstances, Form, Limits, NodeRef, Session};

struct Folder<'a>(&'a [u8]);

impl ExternalInstances for Folder<'_> {
    fn bytes(&self, _src: &str) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.0))
    }
}

fn form(src: &str) -> String {
    format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>List</h:title><model>
<instance><data id="list"><a/><b/><c/></data></instance><instance id="list" src="{src}"/>
<bind nodeset="/data/b" calculate="instance('list')/root/item[name = /data/a]/label"/>
<bind nodeset="/data/c" calculate="count(instance('list')/root/item[name &lt; 3 and starts-with(label, /data/a)])"/>
</model></h:head><h:body><select1 ref="/data/a"><label>A</label>
<itemset nodeset="instance('list')/root/item[label != 'x']"><value ref="name"/><label ref="label"/></itemset>
</select1></h:body></h:html>"#
    )
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let src = ["jr://file-csv/list.csv", "jr://file/list.geojson", "jr://file/list.xml"][usize::from(first % 3)];
    let Ok(form) = Form::compile(form(src).as_bytes(), &Folder(rest), &Limits::default()) else { return };
    let form = Arc::new(form);
    let Ok(mut session) = Session::start(form, &mut Desk) else { return };
    let a = NodeRef::from("/data/a");
    if let Some(choice) = session.choices(&a, "", 10).items.first() {
        let _ = session.answer(&a, &Answer::Choice(choice.value.to_string()), &mut Desk);
    }
    let _ = session.choices(&a, "a", 10);
    let _ = session.view();
});
