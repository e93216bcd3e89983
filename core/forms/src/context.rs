//! What the engine is handed from outside: the clock, randomness, properties, external files, limits.

use crate::value::time;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A point in time and the local offset that is in force there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Minutes that local time is ahead of UTC (480 in China).
    pub offset_minutes: i32,
}

impl Moment {
    /// An ISO 8601 date-time with the offset it names, or with `offset_minutes` where it names none.
    pub fn parse(text: &str, offset_minutes: i32) -> Option<Moment> {
        let unix_ms = time::instant_of(text, offset_minutes)?;
        let own = text.split_once('T').and_then(|(_, clock)| time::time_of(clock)).and_then(|(_, own)| own);
        Some(Moment { unix_ms, offset_minutes: own.unwrap_or(offset_minutes) })
    }

    /// Minutes of an offset: `+08:00`, `Z`, `UTC`, or minutes as a whole number.
    pub fn offset_of(text: &str) -> Option<i32> {
        const MOST: i32 = 14 * 60;
        match text {
            "UTC" | "GMT" => Some(0),
            _ => time::offset_of(text)
                .or_else(|| text.parse().ok())
                .filter(|minutes| (-MOST..=MOST).contains(minutes)),
        }
    }
}

/// The surroundings of a form that is being filled. Asked once at the start of each change, so that
/// all expressions of one change see the same time.
pub trait Context {
    /// The time now, and the offset of the place.
    fn now(&self) -> Moment;
    /// Sixteen bytes from a cryptographic source; `uuid()`, `random()` and the instance id come from them.
    fn entropy(&mut self) -> [u8; 16];
    /// A property of device or user for `jr:preload="property"` and `property()`:
    /// `deviceid`, `username`, `email`, `phonenumber`, …
    fn property(&self, name: &str) -> Option<String>;
}

/// Gives the bytes of external secondary instances (`jr://file/…`, `jr://file-csv/…`).
pub trait ExternalInstances {
    /// The bytes behind a `src` URI, if they are there.
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>>;
}

/// For forms without external instances.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoExternals;

impl ExternalInstances for NoExternals {
    fn bytes(&self, _src: &str) -> Option<Cow<'_, [u8]>> {
        None
    }
}

/// URI → bytes.
impl ExternalInstances for BTreeMap<String, Vec<u8>> {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        self.get(src).map(|bytes| Cow::Borrowed(bytes.as_slice()))
    }
}

/// Bounds that keep a hostile or broken document from taking the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the form itself.
    pub form_bytes: usize,
    /// Bytes of one external instance.
    pub external_bytes: usize,
    /// Bytes of a saved instance.
    pub saved_bytes: usize,
    /// Nodes of the primary instance as the form writes it, and as a record or an instance of a repeat begins.
    pub form_nodes: usize,
    /// Questions, groups, repeats and actions of the body.
    pub body_elements: usize,
    /// Warnings that are kept; of the others one says how many they are.
    pub warnings: usize,
    /// How deep elements may nest.
    pub depth: usize,
    /// Characters of one XPath expression.
    pub expression_length: usize,
    /// How deep one expression may nest.
    pub expression_depth: usize,
    /// Instances of one repeat within one parent.
    pub repeat_instances: usize,
    /// Nodes of one filled instance.
    pub instance_nodes: usize,
    /// What the expressions of one change do, against values that never come to rest between repeat instances and
    /// against lists that are held against lists: expressions and functions that run, operands, nodes that paths
    /// find, every 16 bytes of a longer text that is read, every mark of what is to run again. A draft that is opened
    /// and a record that is finished may take 20 times as much. A screen may take half, and shows no text where that
    /// ends.
    pub evaluations: usize,
    /// Bytes of the texts of more than 1,000 bytes that the expressions of one change make or store (four
    /// times as many as above).
    pub text_made: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            form_bytes: 32 << 20,
            external_bytes: 64 << 20,
            saved_bytes: 32 << 20,
            form_nodes: 50_000,
            body_elements: 40_000,
            warnings: 1000,
            depth: 200,
            expression_length: 64 << 10,
            expression_depth: 100,
            repeat_instances: 50_000,
            instance_nodes: 1_000_000,
            evaluations: 40_000_000,
            text_made: 8 << 20,
        }
    }
}
