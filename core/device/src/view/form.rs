//! All that a form screen draws.

use super::PhotoView;

/// A page of a form being filled.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Screen {
    /// The form's title and this instance's name: `街面巡查 · 人民路`.
    pub title: String,
    /// The form's present language.
    pub language: String,
    /// All its languages; empty if it has only one.
    pub languages: Vec<String>,
    /// `第2页，共3页：问题`.
    pub page_label: String,
    /// This page, from 0.
    pub page_index: u32,
    /// How many pages there are now.
    pub page_count: u32,
    /// How many things block finishing.
    pub missing_count: u32,
    /// `还差2项`; empty if nothing is missing.
    pub missing_line: String,
    /// What is on the page, in order.
    pub items: Vec<Item>,
    /// The wide button. It is never grey.
    pub main: MainButton,
    /// Is there a page before?
    pub can_back: bool,
    /// Can a step be taken back?
    pub can_undo: bool,
    /// `撤销上一步：描述`.
    pub undo_label: String,
    /// Is everything answered so far on disk? False while the last save is under way, or when the disk is full.
    pub saved: bool,
    /// Earlier answers that the form or its lists have no place for any more: what happened, what is safe, what to do.
    /// Empty if there are none, and once `misfits_seen` was called.
    pub misfit_line: String,
    /// Why it is not saved, if saving failed: what happened, what is safe, what to do.
    pub save_problem: String,
    /// Does the form ask where the phone is, without a question (`odk:setgeopoint`)? Then the shell locates and calls
    /// `position`; the person fills on meanwhile.
    pub wants_position: bool,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[allow(clippy::large_enum_variant, reason = "a boundary type; boxes do not cross it")]
pub enum Item {
    /// A question.
    Question {
        /// It.
        question: Question,
    },
    /// A group's label.
    Heading {
        /// It.
        heading: Heading,
    },
    /// A repeat, as cards.
    Repeat {
        /// It.
        repeat: Repeat,
    },
}

/// A group's label.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Heading {
    /// Its text.
    pub label: String,
    /// How deep, from 1.
    pub level: u32,
}

/// A repeat, as cards.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Repeat {
    /// Its reference.
    pub at: String,
    /// Its label.
    pub label: String,
    /// Its instances.
    pub cards: Vec<RepeatCard>,
    /// May one be added?
    pub can_add: bool,
    /// `再加一个`.
    pub add_label: String,
}

/// One instance of a repeat.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RepeatCard {
    /// Its reference, for opening and removing.
    pub at: String,
    /// Its number, from 1.
    pub number: u32,
    /// Its first answers: `问题 · 供水 · 水压不足`.
    pub headline: String,
    /// Small pictures.
    pub thumbs: Vec<String>,
    /// `填齐` or `差1项`.
    pub status_word: String,
    /// How much is missing.
    pub missing: u32,
    /// May it be removed?
    pub can_remove: bool,
}

/// The kind of control that a question needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum QuestionKind {
    /// A text field.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    DateTime,
    /// One of several.
    SelectOne,
    /// Some of several.
    SelectMany,
    /// A text to read.
    Note,
    /// A sentence to confirm.
    Acknowledge,
    /// A position.
    GeoPoint,
    /// A photo, or several where the form says so.
    Image,
    /// A file.
    File,
    /// A barcode.
    Barcode,
    /// A number on a scale.
    Range,
    /// An order of choices.
    Rank,
    /// Something this version draws as text.
    Other,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Question {
    /// Its reference, such as `/data/problem[2]/topic`.
    pub at: String,
    /// Which control.
    pub kind: QuestionKind,
    /// Its label.
    pub label: String,
    /// Path of the picture beside the label; empty if there is none.
    pub image: String,
    /// Path of the same picture, larger; empty if there is none.
    pub big_image: String,
    /// Under the label.
    pub hint: String,
    /// Folded: how to answer.
    pub guidance: String,
    /// The form's appearance words.
    pub appearance: String,
    /// Must it be answered?
    pub required: bool,
    /// Is it only shown?
    pub readonly: bool,
    /// The answer, if there is one.
    pub value: Option<AnswerView>,
    /// What is wrong with the answer, in words; empty if nothing. It does not stop moving on.
    pub problem: String,
    /// The choices, if there are at most 50; more are asked for with `choices`.
    pub choices: Vec<Choice>,
    /// How many choices there are in all.
    pub choice_total: u32,
    /// Its photos.
    pub photos: Vec<PhotoView>,
    /// The unit behind a number; empty if none.
    pub unit: String,
    /// The scale of a range.
    pub range: Option<RangeView>,
    /// `若现在派遣，明天8:30到期`; empty if it has no deadline.
    pub deadline_preview: String,
    /// How that is computed; empty if it has no deadline.
    pub deadline_explained: String,
}

/// An answer as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AnswerView {
    /// For reading.
    pub display: String,
    /// As the form stores it.
    pub raw: String,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Choice {
    /// As the form stores it.
    pub value: String,
    /// Its label.
    pub label: String,
    /// Path of its picture; empty if there is none.
    pub image: String,
    /// Is it chosen?
    pub selected: bool,
    /// A second line: a deadline for filing conditions; empty if none.
    pub detail: String,
}

/// Some of many choices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ChoicePage {
    /// The first that fit.
    pub choices: Vec<Choice>,
    /// How many fit.
    pub total: u32,
    /// Before anything is typed: what was taken last in this question, the latest first; at most six.
    pub recent: Vec<Choice>,
}

/// The scale of a range.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RangeView {
    /// Lowest.
    pub start: f64,
    /// Highest.
    pub end: f64,
    /// Between two marks.
    pub step: f64,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Answer {
    /// Nothing: the answer is taken away.
    Empty,
    /// A text.
    Text {
        /// It.
        text: String,
    },
    /// A whole number.
    Integer {
        /// It.
        value: i64,
    },
    /// A number.
    Decimal {
        /// It.
        value: f64,
    },
    /// A day, `2026-07-08`.
    Date {
        /// It.
        date: String,
    },
    /// A time of day, `14:30` with optional seconds and offset.
    Time {
        /// It.
        time: String,
    },
    /// A moment, `2026-07-08T14:30:00+08:00`.
    DateTime {
        /// It.
        moment: String,
    },
    /// One choice's value.
    Choice {
        /// It.
        value: String,
    },
    /// Several choices' values, for rank in their order.
    Choices {
        /// They.
        values: Vec<String>,
    },
    /// A position.
    Point {
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        lon: f64,
        /// The coordinate system; stored as WGS-84.
        datum: super::Datum,
        /// Metres above the ellipsoid, if known.
        altitude: Option<f64>,
        /// Radius of 68 % confidence, metres.
        accuracy_m: f64,
    },
    /// Confirmed, or not any more.
    Acknowledged {
        /// Confirmed?
        yes: bool,
    },
}

/// The wide button: it always leads on and says where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MainButton {
    /// `下一项：描述`, `下一页：照片（3/3）`, `还差2项，去补`, `完成`.
    pub label: String,
    /// What it does.
    pub kind: MainKind,
    /// Where it leads: a question's reference, for `go_to`; empty for finishing.
    pub target: String,
}

/// What the wide button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum MainKind {
    /// To the next unanswered question of this page.
    NextQuestion,
    /// To the next page.
    NextPage,
    /// To the list of what is missing.
    GoMissing,
    /// Back from an instance of a repeat to its cards.
    FinishRepeat,
    /// Finalize.
    Finish,
}

/// Something that blocks finishing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MissingRow {
    /// `第2页 问题`.
    pub page: String,
    /// The question's label.
    pub question: String,
    /// `还没有写`.
    pub reason: String,
    /// `去填`, `去拍`, `去选`, `去改`.
    pub verb: String,
    /// The question's reference, for `go_to`.
    pub at: String,
}

/// A form was finalized.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Finalized {
    /// The record's id.
    pub record_id: String,
    /// `已完成，存在本机。有网后自动上传；平台收到会在“今日”显示。`
    pub sentence: String,
    /// The ids of the cases that its problems became, in the form's order.
    pub cases: Vec<String>,
}
