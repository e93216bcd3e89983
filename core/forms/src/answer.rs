//! What a shell hands in and gets back: node references, typed answers, and what a screen draws.

use std::fmt;

/// A node of a form that is being filled: an absolute path with 1-based positions on repeats, such as
/// `/data/problem[2]/days`. A step without a position means the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeRef(pub String);

impl NodeRef {
    /// From a path.
    pub fn new(path: impl Into<String>) -> Self {
        NodeRef(path.into())
    }
    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for NodeRef {
    fn from(path: &str) -> Self {
        NodeRef(path.to_owned())
    }
}

/// A point on the earth as ODK writes it: decimal degrees of WGS-84, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoPoint {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Metres above the ellipsoid; 0 when unknown.
    pub altitude: f64,
    /// Radius in metres; 0 when unknown or chosen on a map.
    pub accuracy: f64,
}

/// A typed answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// No answer: clears the question.
    Empty,
    /// Text as typed. Taken by every question; what does not fit its type is kept and reported.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(f64),
    /// A yes or no of a `boolean` node.
    Boolean(bool),
    /// `YYYY-MM-DD`.
    Date(String),
    /// `HH:MM` or longer, with or without offset.
    Time(String),
    /// ISO 8601 with offset.
    DateTime(String),
    /// The value of the one choice taken.
    Choice(String),
    /// The values of the choices taken, in the order of taking; also a ranking.
    Choices(Vec<String>),
    /// A place.
    GeoPoint(GeoPoint),
    /// Places along a line.
    GeoTrace(Vec<GeoPoint>),
    /// Places around an area, the last equal to the first.
    GeoShape(Vec<GeoPoint>),
    /// The name of an attached file.
    File(String),
    /// A trigger that was acknowledged (`OK`).
    Acknowledged,
}

/// Which control draws a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionKind {
    /// Read-only text that holds none: only its label is shown.
    Note,
    /// One line or more of text.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// A `boolean` input.
    Boolean,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A date and time.
    DateTime,
    /// One place.
    GeoPoint,
    /// A line.
    GeoTrace,
    /// An area.
    GeoShape,
    /// A code to scan.
    Barcode,
    /// One of the choices.
    SelectOne,
    /// Any of the choices.
    SelectMany,
    /// All choices, in order.
    Rank,
    /// A number between two bounds.
    Range,
    /// An image file.
    Image,
    /// A sound file.
    Audio,
    /// A film.
    Video,
    /// Any other file.
    File,
    /// A box to acknowledge.
    Trigger,
}

/// Text with the media that stand beside it in the language in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The words, outputs filled in; markdown as written.
    pub text: String,
    /// What stands beside the words; few labels have any of it.
    pub media: Option<Box<Media>>,
}

impl Label {
    /// What stands beside the words.
    pub fn media(&self) -> &Media {
        self.media.as_deref().unwrap_or(&NO_MEDIA)
    }
}

static NO_MEDIA: Media = Media { short: None, image: None, big_image: None, audio: None, video: None };

/// Other forms of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Media {
    /// The short form, if the form has one.
    pub short: Option<String>,
    /// `jr://images/…`
    pub image: Option<String>,
    /// `jr://images/…`, larger.
    pub big_image: Option<String>,
    /// `jr://audio/…`
    pub audio: Option<String>,
    /// `jr://video/…`
    pub video: Option<String>,
}

/// A choice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: Label,
    /// Whether it is taken now.
    pub selected: bool,
}

/// Some of a question's choices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The choices asked for, in the list's order.
    pub items: Vec<Choice>,
    /// How many there are in all that fit the search.
    pub total: usize,
}

/// Bounds of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Where it starts.
    pub start: f64,
    /// Where it ends; may be lower than the start.
    pub end: f64,
    /// Distance between values.
    pub step: f64,
}

/// Why an answer does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A required question has no answer.
    Required,
    /// The answer breaks the constraint.
    Constraint,
    /// The answer is not of the question's type.
    Type,
}

/// What still blocks finalizing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// The question.
    pub at: NodeRef,
    /// Why.
    pub reason: Reason,
    /// The form's own message in the language in force, empty when it has none.
    pub message: String,
}

/// A problem with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub reason: Reason,
    /// The form's own message in the language in force, empty when it has none.
    pub message: String,
}

/// A question as a screen draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its node.
    pub at: NodeRef,
    /// Which control.
    pub kind: QuestionKind,
    /// Label and media.
    pub label: Label,
    /// The hint.
    pub hint: Option<Label>,
    /// The longer guidance, shown on demand.
    pub guidance: Option<String>,
    /// The appearance words of the form.
    pub appearance: String,
    /// Further body and bind attributes that a shell may use (`rows`, `accept`, `mediatype`,
    /// `accuracyThreshold`, `max-pixels`, …) by local name.
    pub attributes: Vec<(String, String)>,
    /// The answer by its type; text that does not fit the type comes as [`Answer::Text`].
    pub value: Answer,
    /// The answer as a person reads it: choices by label.
    pub display: String,
    /// Whether an answer must be given.
    pub required: bool,
    /// The form's message for a missing answer.
    pub required_message: String,
    /// Whether it may not be changed.
    pub readonly: bool,
    /// What is wrong with the present answer (never [`Reason::Required`]).
    pub problem: Option<Problem>,
    /// Whether it has choices to ask for with [`Session::choices`](crate::Session::choices).
    pub has_choices: bool,
    /// For [`QuestionKind::Range`].
    pub range: Option<Range>,
}

/// A group as a screen draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its node; a group without one has none.
    pub at: Option<NodeRef>,
    /// Label and media.
    pub label: Label,
    /// Appearance words; `field-list` means one screen.
    pub appearance: String,
    /// What it holds and is relevant now.
    pub children: Vec<Item>,
}

/// A repeat as a screen draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// The repeat, without a position: what [`Session::add_repeat`](crate::Session::add_repeat) takes.
    pub at: NodeRef,
    /// The label of the repeat or of the group around it.
    pub label: Label,
    /// Appearance words.
    pub appearance: String,
    /// Its instances.
    pub instances: Vec<RepeatInstance>,
    /// Whether a person may add one.
    pub can_add: bool,
    /// Whether a person may remove one.
    pub can_remove: bool,
}

/// One instance of a repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatInstance {
    /// Its node, with its position.
    pub at: NodeRef,
    /// The repeat's label for this instance (outputs see this instance).
    pub label: Label,
    /// What it holds and is relevant now.
    pub children: Vec<Item>,
}

/// Something on a form's page.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "most items are questions; boxing them would cost an allocation each"
)]
pub enum Item {
    /// A question.
    Question(Question),
    /// A group.
    Group(Group),
    /// A repeat.
    Repeat(Repeat),
}

/// The whole form as it stands: only relevant nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct FormView {
    /// The form's title.
    pub title: String,
    /// The language in force, if the form has any.
    pub language: Option<String>,
    /// Form-wide style words of the body.
    pub style: String,
    /// The body.
    pub children: Vec<Item>,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// What is wrong with the answer just given; it is kept all the same.
    pub problem: Option<Problem>,
    /// How many expressions were evaluated to follow it.
    pub evaluated: usize,
    /// Nodes whose value changed, the answered one included.
    pub values: usize,
    /// Whether anything appeared or disappeared.
    pub relevance: bool,
    /// Whether instances of a repeat came or went.
    pub instances: bool,
    /// Whether it is a step that [`Session::undo`](crate::Session::undo) takes back: what changed nothing is none.
    pub step: bool,
    /// The instance that was added, for [`Session::add_repeat`](crate::Session::add_repeat).
    pub added: Option<NodeRef>,
}

/// An instance node whose bind carries a foreign attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The node.
    pub at: NodeRef,
    /// The attribute's value on the bind.
    pub attribute: String,
    /// The node's value; none for groups and repeats.
    pub value: Option<String>,
    /// Whether it is relevant now.
    pub relevant: bool,
    /// The nearest repeat instance around it (or itself, for a repeat).
    pub repeat: Option<NodeRef>,
}

/// What an action of the form asks of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// `odk:setgeopoint`: the present place, as the text of a geopoint; empty when there is none.
    Place,
    /// `odk:recordaudio`: a recording that runs while the form is filled; the name of its file.
    Recording {
        /// `odk:quality`: `voice-only`, `low`, `normal` or empty.
        quality: String,
    },
}

/// A wish that waits for [`Session::deliver`](crate::Session::deliver).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The node that will hold what is delivered.
    pub at: NodeRef,
    /// What is asked for.
    pub wish: Wish,
}

/// A finished form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The submission XML: relevant nodes only.
    pub xml: Vec<u8>,
    /// `meta/instanceID`.
    pub instance_id: String,
    /// `meta/instanceName`, empty when the form makes none.
    pub instance_name: String,
    /// Relevant nodes that name an attached file, with the name.
    pub attachments: Vec<(NodeRef, String)>,
    /// What the record says of entities, for the lists that the device keeps.
    pub entities: Vec<EntityChange>,
}

/// What a submission says of one entity (entities specification, 2025.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityChange {
    /// The list that it belongs to.
    pub dataset: String,
    /// Its id, a UUID where the form is right.
    pub id: String,
    /// Its label; empty where the form says none, or nothing but blanks.
    pub label: String,
    /// It is to be created.
    pub create: bool,
    /// It is to be updated.
    pub update: bool,
    /// `baseVersion`, `trunkVersion` and `branchId`: the version that the form saw, the server's version that this
    /// goes back to, and the device's branch from there; each empty where the form says none.
    pub base_version: String,
    /// See `base_version`.
    pub trunk_version: String,
    /// See `base_version`.
    pub branch_id: String,
    /// Its properties, by name.
    pub properties: Vec<(String, String)>,
}

/// A submission under a key that only the holder of the form's private key can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encrypted {
    /// The submission manifest, sent in place of the submission's XML.
    pub manifest: Vec<u8>,
    /// Names and bytes of the files beside it, in the order of the manifest; the record itself is last.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What the form says about sending (`<submission>`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmissionRules {
    /// Where to send instead of to the form's own server.
    pub action: Option<String>,
    /// The method for `action`: `post`, or the older `form-data-post`.
    pub method: Option<String>,
    /// Finished records are sent by themselves as soon as there is a connection.
    pub auto_send: Option<bool>,
    /// Records are deleted from the device once they are sent.
    pub auto_delete: Option<bool>,
    /// Records must be encrypted with [`Form::encrypt`](crate::Form::encrypt).
    pub encrypted: bool,
}

/// A part of a saved instance that the form has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where it stood in the saved instance.
    pub path: String,
    /// Its value, for a person to look at.
    pub value: String,
}

/// Something in a form that runs but that its author should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub message: String,
    /// Where.
    pub place: crate::Place,
}
