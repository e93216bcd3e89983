//! Question types and what each becomes in an XForm.

/// What an element of the body is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Input,
    Select1,
    Select,
    Rank,
    Trigger,
    Upload,
    Range,
    /// Nothing in the body: calculated, preloaded or hidden.
    None,
}

impl Tag {
    pub(crate) fn element(self) -> Option<&'static str> {
        match self {
            Self::Input => Some("input"),
            Self::Select1 => Some("select1"),
            Self::Select => Some("select"),
            Self::Rank => Some("odk:rank"),
            Self::Trigger => Some("trigger"),
            Self::Upload => Some("upload"),
            Self::Range => Some("range"),
            Self::None => None,
        }
    }
}

/// A question type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QuestionType {
    pub(crate) tag: Tag,
    /// The `mediatype` of an upload.
    pub(crate) media: &'static str,
    /// The bind's `type`; empty for none.
    pub(crate) data: &'static str,
    /// The bind's other attributes.
    pub(crate) bind: &'static [(&'static str, &'static str)],
}

const fn of(tag: Tag, data: &'static str) -> QuestionType {
    QuestionType { tag, media: "", data, bind: &[] }
}

const fn upload(media: &'static str) -> QuestionType {
    QuestionType { tag: Tag::Upload, media, data: "binary", bind: &[] }
}

const fn preload(data: &'static str, bind: &'static [(&'static str, &'static str)]) -> QuestionType {
    QuestionType { tag: Tag::None, media: "", data, bind }
}

pub(crate) const CALCULATE: QuestionType = of(Tag::None, "string");
pub(crate) const TEXT: QuestionType = of(Tag::Input, "string");
pub(crate) const SELECT_ONE: QuestionType = of(Tag::Select1, "string");
pub(crate) const SELECT_MULTIPLE: QuestionType = of(Tag::Select, "string");
pub(crate) const RANK: QuestionType = of(Tag::Rank, "odk:rank");

/// Types without a list, and what they are.
const TYPES: &[(&str, QuestionType)] = &[
    ("text", TEXT),
    ("string", TEXT),
    ("integer", of(Tag::Input, "int")),
    ("int", of(Tag::Input, "int")),
    ("decimal", of(Tag::Input, "decimal")),
    ("date", of(Tag::Input, "date")),
    ("time", of(Tag::Input, "time")),
    ("dateTime", of(Tag::Input, "dateTime")),
    ("datetime", of(Tag::Input, "dateTime")),
    ("note", QuestionType { tag: Tag::Input, media: "", data: "string", bind: &[("readonly", "true()")] }),
    ("acknowledge", of(Tag::Trigger, "string")),
    ("trigger", of(Tag::Trigger, "")),
    ("geopoint", of(Tag::Input, "geopoint")),
    ("geotrace", of(Tag::Input, "geotrace")),
    ("geoshape", of(Tag::Input, "geoshape")),
    ("gps", of(Tag::Input, "geopoint")),
    ("location", of(Tag::Input, "geopoint")),
    ("photo", upload("image/*")),
    ("audio", upload("audio/*")),
    ("video", upload("video/*")),
    ("file", upload("application/*")),
    ("barcode", of(Tag::Input, "barcode")),
    ("range", of(Tag::Range, "int")),
    ("calculate", CALCULATE),
    ("hidden", of(Tag::None, "string")),
    ("start", preload("dateTime", &[("jr:preload", "timestamp"), ("jr:preloadParams", "start")])),
    ("end", preload("dateTime", &[("jr:preload", "timestamp"), ("jr:preloadParams", "end")])),
    ("today", preload("date", &[("jr:preload", "date"), ("jr:preloadParams", "today")])),
    ("deviceid", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "deviceid")])),
    ("username", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "username")])),
    ("email", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "email")])),
    ("phonenumber", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "phonenumber")])),
    ("simserial", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "simserial")])),
    ("subscriberid", preload("string", &[("jr:preload", "property"), ("jr:preloadParams", "subscriberid")])),
    ("audit", of(Tag::None, "binary")),
    ("start-geopoint", of(Tag::None, "geopoint")),
    ("background-audio", of(Tag::None, "binary")),
    ("background-geopoint", of(Tag::Trigger, "geopoint")),
];

/// Other words for types.
const ALIASES: &[(&str, &str)] = &[
    ("imei", "deviceid"),
    ("image", "photo"),
    ("add image prompt", "photo"),
    ("add photo prompt", "photo"),
    ("add audio prompt", "audio"),
    ("add video prompt", "video"),
    ("add file prompt", "file"),
];

/// The type that a word stands for.
pub(crate) fn dealias(word: &str) -> &str {
    ALIASES.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to)
}

/// A type without a list.
pub(crate) fn question_type(word: &str) -> Option<QuestionType> {
    TYPES.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// Every word that may stand in the type column, for guessing what was meant.
pub(crate) fn known_words() -> impl Iterator<Item = &'static str> {
    let others =
        ["image", "csv-external", "xml-external", "begin_group", "end_group", "begin_repeat", "end_repeat"];
    let selects = SELECTS.iter().map(|(word, _)| *word);
    TYPES.iter().map(|(word, _)| *word).chain(others).chain(selects)
}

/// What choosing from a list is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Select {
    One,
    Multiple,
    /// From the external_choices sheet.
    OneExternal,
    Rank,
}

const SELECTS: &[(&str, Select)] = &[
    ("select_one_from_file", Select::One),
    ("select_multiple_from_file", Select::Multiple),
    ("select one from file", Select::One),
    ("select multiple from file", Select::Multiple),
    ("select_one_external", Select::OneExternal),
    ("select_one", Select::One),
    ("select one from", Select::One),
    ("select one", Select::One),
    ("select1", Select::One),
    ("select_multiple", Select::Multiple),
    ("select all that apply from", Select::Multiple),
    ("select all that apply", Select::Multiple),
    ("add select one prompt using", Select::One),
    ("add select multiple prompt using", Select::Multiple),
    ("rank", Select::Rank),
];

/// A select as it stands in the type column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SelectType<'a> {
    pub(crate) command: &'a str,
    pub(crate) select: Select,
    pub(crate) list: &'a str,
    pub(crate) or_other: bool,
}

/// Reads `select_one LIST`, `select_multiple LIST or_other`, …
pub(crate) fn select_type(word: &str) -> Option<SelectType<'_>> {
    SELECTS.iter().find_map(|(command, select)| {
        let rest = word.strip_prefix(command)?.strip_prefix(' ')?;
        let (list, or_other) = match rest.split_once(' ') {
            None => (rest, false),
            Some((list, "or specify other" | "or_other" | "or other")) => (list, true),
            Some(_) => return None,
        };
        (!list.is_empty()).then_some(SelectType { command, select: *select, list, or_other })
    })
}

/// What begins or ends with a `begin` or `end` row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    Group,
    Repeat,
    Loop,
}

/// Reads `begin_group`, `begin repeat`, `end_group`, …: (begins, what).
pub(crate) fn block(word: &str) -> Option<(bool, Block)> {
    let (begins, rest) = match word.strip_prefix("begin") {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix("end")?),
    };
    let rest = rest.strip_prefix([' ', '_'])?;
    let block = match rest.split(' ').next()? {
        "group" => Block::Group,
        "repeat" | "lgroup" => Block::Repeat,
        "looped" if rest.starts_with("looped group") => Block::Repeat,
        "loop" => Block::Loop,
        _ => return None,
    };
    Some((begins, block))
}
