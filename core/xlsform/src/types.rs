//! Question types: what a word in the `type` column stands for.

/// What a survey row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Question(Question),
    Group,
    Repeat,
}

/// A question's type: its bind and its control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Bind attributes, in pyxform's order.
    pub(crate) bind: Vec<(&'static str, &'static str)>,
    /// The control's element; none for calculations and metadata.
    pub(crate) control: Option<&'static str>,
    /// The control's `mediatype`.
    pub(crate) mediatype: Option<&'static str>,
    /// The list that a select draws from.
    pub(crate) list: Option<String>,
    /// `or_other` was written behind the list.
    pub(crate) or_other: bool,
}

/// What stands in a `type` cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Question(Question),
    Begin(Kind),
    End(Kind),
}

const INPUTS: &[(&str, &str)] = &[
    ("text", "string"),
    ("string", "string"),
    ("integer", "int"),
    ("int", "int"),
    ("decimal", "decimal"),
    ("date", "date"),
    ("time", "time"),
    ("datetime", "dateTime"),
    ("geopoint", "geopoint"),
    ("location", "geopoint"),
    ("gps", "geopoint"),
    ("geotrace", "geotrace"),
    ("geoshape", "geoshape"),
    ("barcode", "barcode"),
];

const UPLOADS: &[(&str, &str)] = &[
    ("image", "image/*"),
    ("photo", "image/*"),
    ("audio", "audio/*"),
    ("video", "video/*"),
    ("file", "application/*"),
];

const METADATA: &[(&str, &str, &str, &str)] = &[
    ("start", "timestamp", "dateTime", "start"),
    ("end", "timestamp", "dateTime", "end"),
    ("today", "date", "date", "today"),
    ("deviceid", "property", "string", "deviceid"),
    ("username", "property", "string", "username"),
    ("email", "property", "string", "email"),
    ("phonenumber", "property", "string", "phonenumber"),
];

const SELECTS: &[(&str, &str)] = &[
    ("select_one", "select1"),
    ("select one", "select1"),
    ("select1", "select1"),
    ("select_multiple", "select"),
    ("select multiple", "select"),
    ("select all that apply", "select"),
];

/// Every word that may begin a `type` cell, for "did you mean".
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    let plain = ["note", "acknowledge", "trigger", "calculate", "hidden", "begin_group", "end_group"];
    let rest = ["begin_repeat", "end_repeat", "range"];
    INPUTS
        .iter()
        .map(|(word, _)| *word)
        .chain(UPLOADS.iter().map(|(word, _)| *word))
        .chain(METADATA.iter().map(|(word, ..)| *word))
        .chain(SELECTS.iter().map(|(word, _)| *word))
        .chain(plain)
        .chain(rest)
}

/// Words of the specification that this converter does not take yet: a typed error names them.
pub(crate) const NOT_YET: &[&str] = &[
    "rank",
    "audit",
    "background-audio",
    "start-geopoint",
    "csv-external",
    "xml-external",
    "background-geopoint",
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
    "osm",
];

/// The type a cell names, or none.
pub(crate) fn parse(cell: &str) -> Option<Type> {
    let cell = cell.trim();
    let lower = cell.to_lowercase();
    let joined = lower.replace([' ', '_'], "");
    match joined.as_str() {
        "begingroup" => return Some(Type::Begin(Kind::Group)),
        "endgroup" => return Some(Type::End(Kind::Group)),
        "beginrepeat" => return Some(Type::Begin(Kind::Repeat)),
        "endrepeat" => return Some(Type::End(Kind::Repeat)),
        _ => {}
    }
    select(cell, &lower).or_else(|| plain(&lower)).map(Type::Question)
}

fn question(bind: Vec<(&'static str, &'static str)>, control: Option<&'static str>) -> Question {
    Question { bind, control, mediatype: None, list: None, or_other: false }
}

fn plain(word: &str) -> Option<Question> {
    if let Some((_, ty)) = INPUTS.iter().find(|(name, _)| *name == word) {
        return Some(question(vec![("type", ty)], Some("input")));
    }
    if let Some((_, media)) = UPLOADS.iter().find(|(name, _)| *name == word) {
        return Some(Question {
            mediatype: Some(media),
            ..question(vec![("type", "binary")], Some("upload"))
        });
    }
    if let Some((_, preload, ty, params)) = METADATA.iter().find(|(name, ..)| *name == word) {
        return Some(question(
            vec![("jr:preload", preload), ("type", ty), ("jr:preloadParams", params)],
            None,
        ));
    }
    Some(match word {
        "note" => question(vec![("readonly", "true()"), ("type", "string")], Some("input")),
        "acknowledge" => question(vec![("type", "string")], Some("trigger")),
        "trigger" => question(vec![], Some("trigger")),
        "calculate" | "hidden" => question(vec![("type", "string")], None),
        "range" => question(vec![("type", "int")], Some("range")),
        _ => return None,
    })
}

fn select(cell: &str, lower: &str) -> Option<Question> {
    let (word, tag) =
        SELECTS.iter().find(|(word, _)| lower.strip_prefix(word).is_some_and(|r| r.starts_with(' ')))?;
    let mut rest = cell.get(word.len()..)?.split_whitespace();
    let list = rest.next()?.to_owned();
    let tail: Vec<&str> = rest.collect();
    let or_other = matches!(tail.as_slice(), ["or_other"] | ["or", "other"]);
    Some(Question { list: Some(list), or_other, ..question(vec![("type", "string")], Some(tag)) })
}
