//! What crosses the boundary: immutable records and enums, worded for the person already.
//!
//! Times are ms since 1970 UTC, ids and paths are strings, texts are in the app's language. A shell draws them
//! and formats nothing.

mod case;
mod form;
mod photo;
mod site;
mod sync;
mod today;

pub use case::{
    CaseFilter, CaseMove, CasePage, CaseRow, CaseView, HistoryRow, MoveOffer, MovePreview, MoveReceipt,
    OutcomeChoice, PlanStep, VerifyFinding,
};
pub use form::{
    Answer, AnswerView, Choice, ChoicePage, Finalized, Heading, Item, MainButton, MainKind, MissingRow,
    Question, QuestionKind, RangeView, Repeat, RepeatCard, Screen,
};
pub use photo::{Datum, Fix, PhotoCapture, PhotoView};
pub use site::{NearPoint, SiteFilter, SiteRow, SiteView};
pub use sync::{
    EnrolPreview, Identity, PhotoRow, QuarantinedRow, RefusedRow, StorageReport, SyncKind, SyncOutcome,
    SyncProgress, SyncStatus,
};
pub use today::{
    DraftRow, FormRow, RecordFilter, RecordRow, RecordView, SafetyLine, StartFill, Today, VisitRow,
};
