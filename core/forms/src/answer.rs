//! What a shell hands in and gets back: node references, typed answers, what a change did, what still blocks
//! finishing.

mod submission;
mod view;

use std::fmt;

pub use submission::{Encrypted, EntityChange, Submission, SubmissionRules};
pub use view::{
    Choice, Choices, FormView, Group, Item, Label, Media, Question, QuestionKind, Range, Repeat,
    RepeatInstance,
};

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
