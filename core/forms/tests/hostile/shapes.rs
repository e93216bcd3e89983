//! The densest forms that we could think of.

use std::collections::BTreeMap;

mod expressions;
mod lists;
mod nodes;
mod work;

type Files = BTreeMap<String, Vec<u8>>;

pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The form, and the files beside it.
    pub(crate) form: Box<dyn Fn() -> (String, Files)>,
    /// Nodes that it asks for by a count, however small it is.
    pub(crate) asks: usize,
}

/// A shape of a form without files.
fn plain(name: &'static str, form: impl Fn() -> String + 'static) -> Shape {
    Shape { name, form: Box::new(move || (form(), Files::new())), asks: 0 }
}

/// A shape of a file whose items a form counts.
fn file(name: &'static str, src: &'static str, file: impl Fn() -> String + 'static) -> Shape {
    let model = format!(
        "<instance id=\"l\" src=\"{src}\"/><bind nodeset=\"/d/a\" calculate=\"count(instance('l')/root/item)\"/>"
    );
    let form = move || (form("<a/>", &model, ""), Files::from([(src.to_owned(), file().into_bytes())]));
    Shape { name, form: Box::new(form), asks: 0 }
}

fn form(instance: &str, model: &str, body: &str) -> String {
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\" \
         xmlns:entities=\"http://www.opendatakit.org/xforms/entities\"><h:head><h:title/><model><instance><d id=\"d\">{instance}</d>\
         </instance>{model}</model></h:head><h:body>{body}</h:body></h:html>"
    )
}

fn each(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// A short name of letters.
fn name(mut nth: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(char::from(b'a' + u8::try_from(nth % 26).unwrap()));
        nth /= 26;
        if nth == 0 {
            return name;
        }
    }
}

fn nodes(count: usize) -> String {
    each(count, |nth| format!("<{}/>", name(nth)))
}

/// A form that has a little of everything.
pub(crate) fn small() -> (String, Files) {
    let model = "<instance id=\"l\"><root><item><n>1</n></item></root></instance>\
        <itext><translation lang=\"x\"><text id=\"t\"><value>T</value></text></translation></itext>\
        <bind nodeset=\"/d/b\" calculate=\"count(instance('l')/root/item[n = /d/a]) + 1\" relevant=\"/d/a != 'x'\"/>\
        <bind nodeset=\"/d/a\" required=\"true()\" constraint=\". != 'y'\"/>\
        <setvalue event=\"xforms-ready\" ref=\"/d/a\">1</setvalue>";
    let body = "<group><label>G</label><input ref=\"/d/a\"><label ref=\"jr:itext('t')\"/></input></group>\
        <group><repeat nodeset=\"/d/r\"><input ref=\"/d/r/c\"/></repeat></group>\
        <select1 ref=\"/d/b\"><itemset nodeset=\"instance('l')/root/item\"><value ref=\"n\"/><label ref=\"n\"/></itemset></select1>";
    (form("<a/><b/><r><c/></r>", model, body), Files::new())
}

pub(crate) fn all() -> Vec<Shape> {
    [nodes::all(), expressions::all(), lists::all(), work::all()].into_iter().flatten().collect()
}
