//! The bureau's rules: cases and their moves, the category catalogue, deadlines on a working
//! calendar, places, responsibility, figures and the report sentences.
//!
//! Pure: values and a handed-in time go in, values come out. Phone and hub run the same functions,
//! so a move that the phone shows as possible is judged by the very rule that the hub will apply.
//!
//! Times are milliseconds since 1970-01-01T00:00Z (`*_ms`, `i64`). What is stored or travels
//! implements serde with snake_case names and ignores fields that it does not know.

pub mod case;
pub mod catalogue;
pub mod day;
pub mod deadline;
pub mod figures;
pub mod format;
pub mod ids;
pub mod places;
pub mod responsibility;
pub mod sentences;
pub mod terms;
pub mod text;

pub use case::{
    Actor, Case, Move, MoveKind, MoveOffer, Outcome, Refusal, Requirement, Role, Rules, SignedMove, State,
    allowed, judge, why_not_close,
};
pub use catalogue::{Catalogue, CategoryKey};
pub use day::Day;
pub use deadline::{Calendar, Clock, Deadline, Limit, due};
pub use ids::{CampaignId, CaseId, ConditionId, MoveId, PersonId, PhotoRef, RecordId, SiteId, UnitId};
pub use text::Words;
