//! A grammar of whole forms: groups and repeats within each other, calculations; [`questions`](super::questions) has what
//! is asked, [`frame`](super::frame) what stands around all. What an expression reads stands before it, so that there is no
//! circle.

use super::Dice;
use super::frame::escape;
use super::references::{Here, Known};

/// What a question holds, and how it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Decimal,
    Date,
    Time,
    DateTime,
    Point,
    Trace,
    Shape,
    File,
    Barcode,
    One,
    Many,
    Rank,
    Range,
    Trigger,
    Truth,
    /// How many instances a repeat after it has.
    Count,
    Note,
}

pub const KINDS: [Kind; 18] = [
    Kind::One,
    Kind::Text,
    Kind::Int,
    Kind::One,
    Kind::Many,
    Kind::Decimal,
    Kind::Date,
    Kind::Range,
    Kind::Trigger,
    Kind::Rank,
    Kind::Time,
    Kind::DateTime,
    Kind::Point,
    Kind::Trace,
    Kind::Shape,
    Kind::File,
    Kind::Barcode,
    Kind::Truth,
];

impl Kind {
    pub fn types(self) -> &'static [&'static str] {
        match self {
            Kind::Text | Kind::Note | Kind::Trigger => &["string", "intent", "own"],
            Kind::Int | Kind::Count => &["int"],
            Kind::Range => &["int", "decimal"],
            Kind::Decimal => &["decimal"],
            Kind::Truth => &["boolean"],
            Kind::Date => &["date"],
            Kind::Time => &["time"],
            Kind::DateTime => &["dateTime"],
            Kind::Point => &["geopoint"],
            Kind::Trace => &["geotrace"],
            Kind::Shape => &["geoshape"],
            Kind::File => &["binary"],
            Kind::Barcode => &["barcode"],
            Kind::One | Kind::Many => &["string"],
            Kind::Rank => &["odk:rank"],
        }
    }
}

/// The form so far.
pub struct Writer<'d, 'r> {
    pub dice: &'d mut Dice<'r>,
    pub known: Known,
    pub names: usize,
    pub data: String,
    pub binds: String,
    pub actions: String,
    pub body: String,
    pub meta: String,
    pub english: String,
    pub chinese: String,
    /// What JavaRosa cannot do, gets wrong or forgets, too.
    pub wide: bool,
    /// An action of the model waits for new instances.
    inserts: bool,
}

/// A form with its wishes of the device and files beside it.
pub fn form(dice: &mut Dice<'_>, wide: bool) -> String {
    let mut writer = Writer {
        wide,
        dice,
        known: Known::default(),
        names: 0,
        data: String::new(),
        binds: String::new(),
        actions: String::new(),
        body: String::new(),
        meta: String::new(),
        english: String::new(),
        chinese: String::new(),
        inserts: false,
    };
    writer.head();
    let many = 4 + writer.dice.pick(8);
    writer.section(&Here::top(), many, 0);
    writer.tail();
    writer.finished()
}

impl Writer<'_, '_> {
    pub fn name(&mut self, letter: char) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    pub fn bind(&mut self, path: &str, attributes: &str) {
        self.binds += &format!("<bind nodeset=\"{path}\"{attributes}/>");
    }

    /// A node that nobody is asked for.
    pub fn quiet(&mut self, name: &str, attributes: &str) {
        self.data += &format!("<{name}/>");
        self.bind(&format!("/data/{name}"), attributes);
    }

    /// A node that only an action fills; its path.
    pub fn unasked(&mut self, place: impl FnOnce(&str) -> String, kind: &str) -> String {
        let name = self.name('s');
        let path = place(&name);
        self.data += &format!("<{name}/>");
        self.bind(&path, &format!(" type=\"{kind}\""));
        path
    }

    fn section(&mut self, here: &Here, many: usize, depth: usize) {
        for _ in 0..many {
            match self.dice.pick(if depth < 3 { 21 } else { 15 }) {
                0..10 => self.question(here),
                10..15 => self.calculation(here),
                15..17 => self.group(here, depth),
                // In JavaRosa an action of the model hears of every repeat.
                _ if self.inserts => self.question(here),
                _ => self.repeat(here, depth),
            }
        }
    }

    pub fn calculation(&mut self, parent: &Here) {
        let name = self.name('c');
        let here = parent.of(&name);
        self.data += &format!("<{name}/>");
        let own = here.within.last().filter(|_| self.wide).cloned();
        let (kind, bind_type, expression) = match self.dice.pick(if own.is_some() { 6 } else { 5 }) {
            5 => {
                let (repeat, around) = (own.unwrap_or_default(), here.relative(here.within.last().unwrap()));
                let name = here.path.strip_prefix(&format!("{repeat}/")).unwrap_or("").to_owned();
                let before = format!("{repeat}[position() = position(current()/{around}) - 1]/{name}");
                (Kind::Decimal, "decimal", format!("coalesce({before}, 0) + {}", self.number(&here, 0)))
            }
            // Within something larger it would grow each time that it runs; JavaRosa makes it anew where it is hidden.
            // Instances that are counted come there one by one, and only when someone walks by.
            4 if parent.path == "/data" => {
                let known =
                    self.known.plain(&here).filter(|known| !known.quiet && !self.body.contains("jr:count="));
                let text = known.map_or("'x'".to_owned(), |known| known.path.clone());
                (Kind::Note, "string", format!("once(concat({text}, '!'))"))
            }
            0 => (Kind::Note, "string", self.text(&here, 2)),
            1 => (Kind::Note, "string", self.truth(&here, 2)),
            2 => (Kind::Decimal, "decimal", self.number(&here, 2)),
            _ => (Kind::Int, "int", format!("int({})", self.number(&here, 2))),
        };
        let shown = if !expression.starts_with("once(") && self.dice.chance(15) {
            format!(" relevant=\"{}\"", escape(&self.truth(&here, 1)))
        } else {
            String::new()
        };
        self.bind(&here.path, &format!(" type=\"{bind_type}\" calculate=\"{}\"{shown}", escape(&expression)));
        if self.dice.chance(10) {
            self.bind_readonly_note(&here.path);
        }
        self.known.add(&here.path, kind, &here.within, true);
    }

    fn group(&mut self, parent: &Here, depth: usize) {
        let name = self.name('g');
        let here = parent.of(&name);
        let mut attributes = String::new();
        if self.dice.chance(40) {
            attributes += &format!(" relevant=\"{}\"", escape(&self.truth(&here, 2)));
        }
        if self.dice.chance(8) {
            attributes += &format!(" readonly=\"{}\"", escape(&self.truth(&here, 1)));
        }
        if !attributes.is_empty() {
            self.bind(&here.path, &attributes);
        }
        let look = self.dice.one(&["", " appearance=\"field-list\""]);
        let label = self.words("label", &format!("{}:label", here.path), "A group", None);
        self.data += &format!("<{name}>");
        self.body += &format!("<group ref=\"{}\"{look}>{label}", here.path);
        let many = 1 + self.dice.pick(4);
        self.section(&here, many, depth + 1);
        self.data += &format!("</{name}>");
        self.body += "</group>";
    }

    fn repeat(&mut self, parent: &Here, depth: usize) {
        let mut count = match self.dice.pick(4) {
            0 => Some(self.ask(parent, Kind::Count)),
            _ => None,
        };
        let name = self.name('r');
        let outer = parent.of(&name);
        if self.wide && count.is_some() && self.dice.chance(40) {
            let number = self.number(&outer, 1);
            count = Some(escape(&format!("min(4, {number})")));
        }
        let here = outer.repeated();
        if self.dice.chance(15) {
            let shown = escape(&self.truth(&outer, 1));
            self.bind(&here.path, &format!(" relevant=\"{shown}\""));
        }
        let mut attributes = String::new();
        if let Some(count) = &count {
            attributes += &format!(" jr:count=\"{count}\"");
            attributes += self.dice.one(&["", " jr:noAddRemove=\"true()\""]);
        }
        let label = self.words("label", &format!("{}:label", here.path), "Part", None);
        self.body += &format!("<group ref=\"{0}\">{label}<repeat nodeset=\"{0}\"{attributes}>", here.path);
        self.data += &format!("<{name} jr:template=\"\">");
        if self.dice.chance(30) {
            let path = self.unasked(|name| here.of(name).path, "string");
            let event = self.dice.one(&["odk-new-repeat", "odk-new-repeat odk-instance-first-load"]);
            let value = self.dice.one(&["position(..)", "concat('new ', position(..))", "'fresh'"]);
            self.body += &format!("<setvalue event=\"{event}\" ref=\"{path}\" value=\"{value}\"/>");
        }
        if count.is_none() && self.dice.chance(10) {
            let path = self.unasked(|name| here.of(name).path, "geopoint");
            self.body += &format!("<odk:setgeopoint event=\"odk-new-repeat\" ref=\"{path}\"/>");
        }
        if !self.known.has_repeats() && depth == 0 && self.dice.chance(15) {
            let path = self.unasked(|name| here.of(name).path, "string");
            self.actions += &format!("<setvalue event=\"jr-insert\" ref=\"{path}\" value=\"'fresh'\"/>");
            self.inserts = true;
        }
        let many = 1 + self.dice.pick(4);
        self.section(&here, many, depth + 1);
        self.data += &format!("</{name}>");
        if self.wide && self.dice.chance(20) {
            // An instance that the form has from the beginning.
            let written =
                self.data.rfind(&format!("<{name} jr:template")).map(|at| self.data[at..].to_owned());
            self.data += &written.unwrap_or_default().replace(" jr:template=\"\"", "");
        }
        self.body += "</repeat></group>";
        self.known.add_repeat(&outer);
    }
}
