//! What can go wrong, each with the place where it stands. No message carries an answer.

use std::fmt;

/// Where in a form something stands: a line and column of the XML, and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// 1-based line; 0 when the place has none (an expression made while the form runs).
    pub line: u32,
    /// 1-based column, counted in characters.
    pub column: u32,
    /// The node or construct, such as `bind /data/age constraint`.
    pub what: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if self.what.is_empty() { Ok(()) } else { write!(f, " ({})", self.what) }
    }
}

/// A form, or a saved instance of one, that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// The bytes are not UTF-8 (the only encoding that ODK servers and pyxform write).
    #[error("the document is not UTF-8 (byte {at})")]
    Encoding {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// Not well-formed XML, or cut off.
    #[error("not well-formed XML at {place}: {message}")]
    Xml {
        /// Where the reader stopped.
        place: Place,
        /// What it met.
        message: String,
    },
    /// A document type declaration: refused, because entities can expand without end.
    #[error("document type declarations are refused, {place}")]
    Doctype {
        /// Where it stands.
        place: Place,
    },
    /// One of [`Limits`](crate::Limits) was passed.
    #[error("{what} is more than the limit of {allowed}")]
    Limit {
        /// Which limit, in words.
        what: &'static str,
        /// Its value.
        allowed: usize,
    },
    /// Well-formed XML that is not an XForm: something that must be there is missing.
    #[error("not an XForm: {missing} is missing")]
    NotAForm {
        /// What is missing.
        missing: &'static str,
    },
    /// The form is wrong in itself.
    #[error("{message}, {place}")]
    Invalid {
        /// What is wrong.
        message: String,
        /// Where.
        place: Place,
    },
    /// A construct of the specification, or beyond it, that this engine does not run.
    #[error("not supported: {feature}, {place}")]
    Unsupported {
        /// The feature as the specification calls it.
        feature: String,
        /// Where it is used.
        place: Place,
    },
    /// An XPath expression that does not parse.
    #[error("XPath error at character {offset}: {message}, in `{expression}`, {place}")]
    XPath {
        /// The whole expression.
        expression: String,
        /// 0-based character in it.
        offset: usize,
        /// What was met or expected.
        message: String,
        /// Where the expression stands.
        place: Place,
    },
    /// `instance('id')` names an instance that the form does not have.
    #[error("the form has no instance '{id}', {place}")]
    MissingInstance {
        /// The id asked for.
        id: String,
        /// Where.
        place: Place,
    },
    /// An external instance whose bytes were not handed in.
    #[error("the external instance {src} is not there, {place}")]
    MissingExternal {
        /// Its URI.
        src: String,
        /// Where it is declared.
        place: Place,
    },
    /// An external instance that cannot be read.
    #[error("the external instance {src} cannot be read: {message}")]
    External {
        /// Its URI.
        src: String,
        /// What is wrong.
        message: String,
    },
    /// Choices are made of a column that no row of the external instance has: nobody could choose.
    #[error("the external instance {src} has no '{column}', of which choices are made, {place}")]
    MissingColumn {
        /// Its URI.
        src: String,
        /// The column's name.
        column: String,
        /// Where choices are made of it.
        place: Place,
    },
    /// Expressions that depend on each other in a circle.
    #[error("{}: {}", circle(nodes), nodes.join(" → "))]
    Cycle {
        /// The paths, in order; the last depends on the first.
        nodes: Vec<String>,
    },
    /// A saved instance belongs to another form.
    #[error("the saved instance is of form '{found}', not of '{expected}'")]
    OtherForm {
        /// The form's id.
        expected: String,
        /// The saved instance's.
        found: String,
    },
}

/// Why a submission cannot be encrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptionError {
    /// The form does not ask for it.
    #[error("the form has no public key")]
    NoKey,
    /// Encryption needs the record's own id.
    #[error("the record has no instanceID")]
    NoInstanceId,
    /// An attached file was not handed in.
    #[error("the file at {0} is missing")]
    MissingFile(String),
}

/// Why an answer or a change of a repeat was not taken. Nothing has changed when one is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// There is no such node now.
    #[error("there is no node {0}")]
    NoSuchNode(String),
    /// The node is a group or a repeat and holds no value.
    #[error("{0} holds no value")]
    NotAQuestion(String),
    /// The node is not shown now.
    #[error("{0} is not relevant now")]
    NotRelevant(String),
    /// The node is read-only.
    #[error("{0} is read-only")]
    Readonly(String),
    /// The kind of answer does not fit the question at all (a place for a number).
    #[error("{at} takes no {given}")]
    Kind {
        /// The node.
        at: String,
        /// The kind given.
        given: &'static str,
    },
    /// Not a repeat, or not an instance of one.
    #[error("{0} is not a repeat")]
    NotARepeat(String),
    /// Instances may not be added or removed here (`jr:noAddRemove`, `jr:count`).
    #[error("{0} has a fixed number of instances")]
    FixedRepeat(String),
    /// No action of the form waits for something at this node.
    #[error("nothing was asked for at {0}")]
    NotRequested(String),
    /// A limit was passed; the change was taken back.
    #[error("{what} is more than the limit of {allowed}")]
    Limit {
        /// Which limit.
        what: &'static str,
        /// Its value.
        allowed: usize,
    },
}

fn circle(nodes: &[String]) -> &'static str {
    if nodes.len() == 1 {
        "this node depends on itself"
    } else {
        "these nodes depend on each other in a circle"
    }
}
