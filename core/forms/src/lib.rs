//! ODK XForms engine: compile once, answer, validate, submit. Pure: no file, clock, socket or thread.

mod answer;
mod context;
mod error;

pub use answer::{
    Answer, Blocking, Changed, Choice, Choices, FormView, GeoPoint, Group, Item, Label, Mapped, Misfit,
    NodeRef, Problem, Question, QuestionKind, Range, Reason, Repeat, RepeatInstance, Submission, Warning,
};
pub use context::{Context, ExternalInstances, Limits, Moment, NoExternals};
pub use error::{AnswerError, FormError, Place};
