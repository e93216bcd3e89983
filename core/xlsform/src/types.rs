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
    /// The hint that comes with it; empty for none.
    pub(crate) hint: &'static str,
}

const fn of(tag: Tag, data: &'static str) -> QuestionType {
    QuestionType { tag, media: "", data, bind: &[], hint: "" }
}

const fn upload(media: &'static str) -> QuestionType {
    QuestionType { tag: Tag::Upload, media, data: "binary", bind: &[], hint: "" }
}

const fn bound(
    tag: Tag,
    data: &'static str,
    bind: &'static [(&'static str, &'static str)],
    hint: &'static str,
) -> QuestionType {
    QuestionType { tag, media: "", data, bind, hint }
}

const fn preload(data: &'static str, bind: &'static [(&'static str, &'static str)]) -> QuestionType {
    bound(Tag::None, data, bind, "")
}

pub(crate) const CALCULATE: QuestionType = of(Tag::None, "string");
pub(crate) const TEXT: QuestionType = of(Tag::Input, "string");
pub(crate) const SELECT_ONE: QuestionType = of(Tag::Select1, "string");
pub(crate) const SELECT_MULTIPLE: QuestionType = of(Tag::Select, "string");
pub(crate) const RANK: QuestionType = of(Tag::Rank, "odk:rank");
pub(crate) const NOTE: QuestionType = bound(Tag::Input, "string", &[("readonly", "true()")], "");
const INT: QuestionType = of(Tag::Input, "int");
const DECIMAL: QuestionType = of(Tag::Input, "decimal");
const DATE: QuestionType = of(Tag::Input, "date");
const DATE_TIME: QuestionType = of(Tag::Input, "dateTime");
const GEOPOINT: QuestionType = of(Tag::Input, "geopoint");
const GEOTRACE: QuestionType = of(Tag::Input, "geotrace");
const GEOSHAPE: QuestionType = of(Tag::Input, "geoshape");
const IMAGE: QuestionType = upload("image/*");
const AUDIO: QuestionType = upload("audio/*");
const VIDEO: QuestionType = upload("video/*");
const FILE: QuestionType = upload("application/*");
const BARCODE: QuestionType = of(Tag::Input, "barcode");
const ACKNOWLEDGE: QuestionType = of(Tag::Trigger, "string");
pub(crate) const OSM: QuestionType = upload("osm/*");
const START: QuestionType =
    preload("dateTime", &[("jr:preload", "timestamp"), ("jr:preloadParams", "start")]);
const END: QuestionType = preload("dateTime", &[("jr:preload", "timestamp"), ("jr:preloadParams", "end")]);
const TODAY: QuestionType = preload("date", &[("jr:preload", "date"), ("jr:preloadParams", "today")]);

macro_rules! property {
    ($name:literal) => {
        preload("string", &[("jr:preload", "property"), ("jr:preloadParams", $name)])
    };
}

/// Types without a list, and what they are.
const TYPES: &[(&str, QuestionType)] = &[
    ("text", TEXT),
    ("string", TEXT),
    ("q string", TEXT),
    ("add text prompt", TEXT),
    ("integer", INT),
    ("int", INT),
    ("q int", INT),
    ("add integer prompt", INT),
    ("decimal", DECIMAL),
    ("q decimal", DECIMAL),
    ("add decimal prompt", DECIMAL),
    ("percentage", bound(Tag::Input, "int", &[("constraint", "0 <= . and . <= 100")], "")),
    (
        "number of days in last month",
        bound(Tag::Input, "int", &[("constraint", "0 <= . and . <= 31")], "Enter a number 0-31."),
    ),
    (
        "number of days in last six months",
        bound(Tag::Input, "int", &[("constraint", "0 <= . and . <= 183")], "Enter a number 0-183."),
    ),
    (
        "number of days in last year",
        bound(Tag::Input, "int", &[("constraint", "0 <= . and . <= 365")], "Enter a number 0-365."),
    ),
    (
        "phone number",
        bound(Tag::Input, "string", &[("constraint", r"regex(., '^\d*$')")], "Enter numbers only."),
    ),
    ("date", DATE),
    ("q date", DATE),
    ("add date prompt", DATE),
    ("time", of(Tag::Input, "time")),
    ("dateTime", DATE_TIME),
    ("datetime", DATE_TIME),
    ("date time", DATE_TIME),
    ("q dateTime", DATE_TIME),
    ("q date time", DATE_TIME),
    ("add dateTime prompt", DATE_TIME),
    ("add date time prompt", DATE_TIME),
    ("note", NOTE),
    ("q note", NOTE),
    ("add note prompt", NOTE),
    ("acknowledge", ACKNOWLEDGE),
    ("q acknowledge", ACKNOWLEDGE),
    ("add acknowledge prompt", ACKNOWLEDGE),
    ("trigger", of(Tag::Trigger, "")),
    ("geopoint", GEOPOINT),
    ("gps", GEOPOINT),
    ("location", GEOPOINT),
    ("q geopoint", GEOPOINT),
    ("q location", GEOPOINT),
    ("add location prompt", GEOPOINT),
    ("geotrace", GEOTRACE),
    ("q geotrace", GEOTRACE),
    ("geoshape", GEOSHAPE),
    ("q geoshape", GEOSHAPE),
    ("photo", IMAGE),
    ("q picture", IMAGE),
    ("q image", IMAGE),
    ("audio", AUDIO),
    ("q audio", AUDIO),
    ("video", VIDEO),
    ("q video", VIDEO),
    ("file", FILE),
    ("barcode", BARCODE),
    ("q barcode", BARCODE),
    ("add barcode prompt", BARCODE),
    ("range", of(Tag::Range, "int")),
    ("osm", OSM),
    ("calculate", CALCULATE),
    ("q calculate", CALCULATE),
    ("add calculate prompt", CALCULATE),
    ("hidden", of(Tag::None, "string")),
    ("start", START),
    ("get start time", START),
    ("start time", START),
    ("end", END),
    ("get end time", END),
    ("end time", END),
    ("today", TODAY),
    ("get today", TODAY),
    ("deviceid", property!("deviceid")),
    ("device id", property!("deviceid")),
    ("get device id", property!("deviceid")),
    ("username", property!("username")),
    ("email", property!("email")),
    ("phonenumber", property!("phonenumber")),
    ("get phone number", property!("phonenumber")),
    ("simserial", property!("simserial")),
    ("sim id", property!("simserial")),
    ("get sim id", property!("simserial")),
    ("subscriberid", property!("subscriberid")),
    ("subscriber id", property!("subscriberid")),
    ("get subscriber id", property!("subscriberid")),
    ("uri:deviceid", property!("uri:deviceid")),
    ("uri:username", property!("uri:username")),
    ("uri:email", property!("uri:email")),
    ("uri:phonenumber", property!("uri:phonenumber")),
    ("uri:simserial", property!("uri:simserial")),
    ("uri:subscriberid", property!("uri:subscriberid")),
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

/// Settings that may stand as rows of the survey sheet, and what they set.
const SETTINGS: &[(&str, &str)] = &[
    ("form_title", "title"),
    ("set_form_title", "title"),
    ("form_id", "id_string"),
    ("set_form_id", "id_string"),
    ("prefix", "prefix"),
];

/// The setting that a row of this type is.
pub(crate) fn setting(word: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|(name, _)| *name == word).map(|(_, setting)| *setting)
}

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

/// A `begin` or `end` row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockType<'a> {
    pub(crate) begins: bool,
    pub(crate) block: Block,
    /// The list of a loop.
    pub(crate) list: Option<&'a str>,
}

/// Reads `begin_group`, `begin repeat`, `begin loop over LIST`, `end_group`, …
pub(crate) fn block(word: &str) -> Option<BlockType<'_>> {
    let (begins, rest) = match word.strip_prefix("begin") {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix("end")?),
    };
    let rest = rest.strip_prefix(|c: char| c.is_whitespace() || c == '_')?;
    const BLOCKS: [(&str, Block); 5] = [
        ("group", Block::Group),
        ("lgroup", Block::Repeat),
        ("repeat", Block::Repeat),
        ("looped group", Block::Repeat),
        ("loop", Block::Loop),
    ];
    BLOCKS.iter().find_map(|(name, block)| {
        let rest = rest.strip_prefix(name)?;
        if rest.is_empty() {
            return Some(BlockType { begins, block: *block, list: None });
        }
        let list = rest.strip_prefix(' ').filter(|_| begins)?;
        let list = list.strip_prefix("over ").unwrap_or(list);
        let one_word = !list.is_empty() && !list.contains(char::is_whitespace);
        one_word.then_some(BlockType { begins, block: *block, list: Some(list) })
    })
}
