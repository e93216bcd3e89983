//! What a screen draws: the form as it stands, its questions, groups and repeats, their labels and choices.

use super::{Answer, NodeRef, Problem};

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
    /// What is wrong with the present answer (never [`Reason::Required`](super::Reason::Required)).
    pub problem: Option<Problem>,
    /// Whether it has choices to ask for with [`Session::choices`](crate::Session::choices).
    pub has_choices: bool,
    /// For [`QuestionKind::Range`].
    pub range: Option<Range>,
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
