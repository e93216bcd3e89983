//! The language of the scenarios: a form built in the test, a person who fills it, what they see.

use std::collections::BTreeMap;
use std::sync::Arc;
use xuncha_forms::{
    Answer, Blocking, Changed, Context, Form, FormError, Item, Limits, Misfit, Moment, NodeRef, Question,
    Session, Submission,
};

/// A phone on a desk: 5 March 2026, 10:00 in Shanghai, and bytes that count up.
pub struct Desk {
    pub moment: Moment,
    pub count: u8,
}

impl Default for Desk {
    fn default() -> Self {
        Desk { moment: Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 }, count: 0 }
    }
}

impl Context for Desk {
    fn now(&self) -> Moment {
        self.moment
    }
    fn entropy(&mut self) -> [u8; 16] {
        self.count = self.count.wrapping_add(1);
        [self.count; 16]
    }
    fn property(&self, name: &str) -> Option<String> {
        (name == "username").then(|| "inspector".to_owned())
    }
}

/// A form in the making.
#[derive(Default)]
pub struct FormText {
    data: String,
    model: String,
    body: String,
    pub external: BTreeMap<String, Vec<u8>>,
}

/// A form whose primary instance holds `data`.
pub fn form(data: &str) -> FormText {
    FormText { data: data.to_owned(), ..FormText::default() }
}

impl FormText {
    /// A bind: node below `/data/` and the attributes.
    pub fn bind(mut self, node: &str, attributes: &str) -> Self {
        self.model += &format!("<bind nodeset=\"/data/{node}\" {attributes}/>");
        self
    }
    /// Anything else of the model.
    pub fn model(mut self, xml: &str) -> Self {
        self.model += xml;
        self
    }
    /// Something of the body.
    pub fn body(mut self, xml: &str) -> Self {
        self.body += xml;
        self
    }
    /// An input that is asked.
    pub fn input(self, node: &str) -> Self {
        self.body(&format!("<input ref=\"/data/{node}\"><label>{node}</label></input>"))
    }
    /// A file beside the form.
    pub fn file(mut self, src: &str, bytes: &str) -> Self {
        self.external.insert(src.to_owned(), bytes.as_bytes().to_vec());
        self
    }
    pub fn xml(&self) -> String {
        let FormText { data, model, body, .. } = self;
        // Data with a meta block of its own at the end gets its instance id in there.
        let data = match data.strip_suffix("</meta>") {
            Some(data) => format!("{data}<instanceID/></meta>"),
            None => format!("{data}<meta><instanceID/></meta>"),
        };
        // Itext and secondary instances come with their own place in `model`.
        format!(
            "<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\" \
             xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\" \
             xmlns:orx=\"http://openrosa.org/xforms\" xmlns:odk=\"http://www.opendatakit.org/xforms\" \
             xmlns:xc=\"urn:example:own\"><h:head><h:title>走访</h:title><model><instance>\
             <data id=\"visit\" version=\"3\" xc:kind=\"visit\">{data}</data></instance>\
             {model}<bind nodeset=\"/data/meta/instanceID\" type=\"string\" jr:preload=\"uid\"/></model></h:head>\
             <h:body>{body}</h:body></h:html>"
        )
    }
    pub fn compile(&self) -> Result<Form, FormError> {
        Form::compile(self.xml().as_bytes(), &self.external, &Limits::default())
    }
    /// Someone begins to fill it.
    pub fn begin(&self) -> Visit {
        Visit::with(Arc::new(self.compile().unwrap_or_else(|error| panic!("{error}"))))
    }
    /// The error that it is refused with.
    pub fn refused(&self) -> FormError {
        match self.compile() {
            Ok(_) => panic!("the form was taken"),
            Err(error) => error,
        }
    }
}

/// A form being filled.
pub struct Visit {
    pub session: Session,
    pub desk: Desk,
}

impl Visit {
    pub fn with(form: Arc<Form>) -> Visit {
        let mut desk = Desk::default();
        let session = Session::start(form, &mut desk).unwrap_or_else(|error| panic!("{error}"));
        Visit { session, desk }
    }
    fn at(node: &str) -> NodeRef {
        NodeRef::new(format!("/data/{node}"))
    }
    /// Gives an answer as text; what the engine says of it is looked at where it matters.
    pub fn answer(&mut self, node: &str, text: &str) -> Changed {
        let answer = if text.is_empty() { Answer::Empty } else { Answer::Text(text.to_owned()) };
        let given = self.session.answer(&Self::at(node), &answer, &mut self.desk);
        given.unwrap_or_else(|error| panic!("{node}: {error}"))
    }
    pub fn try_answer(&mut self, node: &str, answer: Answer) -> Result<Changed, xuncha_forms::AnswerError> {
        self.session.answer(&Self::at(node), &answer, &mut self.desk)
    }
    pub fn add(&mut self, repeat: &str) -> String {
        let changed = self.session.add_repeat(&Self::at(repeat), &mut self.desk);
        changed.unwrap_or_else(|error| panic!("{repeat}: {error}")).added.unwrap().0
    }
    pub fn remove(&mut self, instance: &str) {
        let changed = self.session.remove_repeat(&Self::at(instance), &mut self.desk);
        changed.unwrap_or_else(|error| panic!("{instance}: {error}"));
    }
    pub fn value(&self, node: &str) -> String {
        self.session.value(&Self::at(node)).unwrap_or_else(|| panic!("there is no {node}"))
    }
    /// Whether the node is shown; a node that is not there is not.
    pub fn shows(&self, node: &str) -> bool {
        self.session.is_relevant(&Self::at(node)).unwrap_or(false)
    }
    pub fn question(&self, node: &str) -> Question {
        match self.session.page(&Self::at(node)) {
            Some(Item::Question(question)) => question,
            other => panic!("{node} is no question on the page: {other:?}"),
        }
    }
    /// Values and labels of the choices that are offered.
    pub fn offered(&self, node: &str) -> Vec<String> {
        let choices = self.session.choices(&Self::at(node), "", 1000);
        choices.items.into_iter().map(|choice| format!("{}={}", choice.value, choice.label.text)).collect()
    }
    /// What blocks finalizing, as `node reason`.
    pub fn blocked(&self) -> Vec<String> {
        self.session
            .blocking()
            .into_iter()
            .map(|Blocking { at, reason, .. }| format!("{at} {reason:?}"))
            .collect()
    }
    pub fn finish(&mut self) -> Submission {
        self.session.finalize(&mut self.desk).unwrap_or_else(|blocking| panic!("{blocking:?}"))
    }
    /// Saved, killed and opened again.
    pub fn again(&self) -> (Visit, Vec<Misfit>) {
        self.in_version(Arc::clone(self.session.form()))
    }
    /// Saved and opened with another version of the form.
    pub fn in_version(&self, form: Arc<Form>) -> (Visit, Vec<Misfit>) {
        let mut desk = Desk::default();
        let (session, misfits) =
            Session::restore(form, &self.session.save(), &mut desk).unwrap_or_else(|error| panic!("{error}"));
        (Visit { session, desk }, misfits)
    }
}

/// The instance's XML without head, id and versions.
pub fn inner(xml: &[u8]) -> String {
    let text = String::from_utf8(xml.to_vec()).unwrap();
    let from = text.find("<data").and_then(|at| text[at..].find('>').map(|end| at + end + 1)).unwrap();
    text[from..text.find("<meta>").unwrap()].to_owned()
}
