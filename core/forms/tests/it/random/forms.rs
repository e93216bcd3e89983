//! A grammar of whole forms: groups and repeats within each other, every type and control, binds, choices from every
//! source, actions, two languages. What an expression reads stands before it, so that there is no circle.

use super::Dice;
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
    fn types(self) -> &'static [&'static str] {
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

const FILES_OF: [&str; 3] =
    [" mediatype=\"image/*\"", " mediatype=\"audio/*\"", " mediatype=\"application/*\""];

const RANGES: [&str; 2] = [" start=\"1\" end=\"9\" step=\"2\"", " start=\"9\" end=\"1\" step=\"2\""];

/// The form so far.
pub struct Writer<'d, 'r> {
    pub dice: &'d mut Dice<'r>,
    pub known: Known,
    names: usize,
    data: String,
    binds: String,
    actions: String,
    body: String,
    meta: String,
    english: String,
    chinese: String,
    /// What JavaRosa cannot do, gets wrong or forgets, too.
    pub wide: bool,
    /// An action of the model waits for new instances.
    inserts: bool,
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

const TOWNS: &str = "<instance id=\"towns\"><root><item><name>a</name><label>Aa</label></item>\
    <item><name>b</name><label>Bb</label></item></root></instance>";

/// Four streets, the labels in two languages.
fn streets() -> String {
    let item = |name: &str, town: &str, size: &str| {
        format!(
            "<item><itextId>{name}</itextId><name>{name}</name><town>{town}</town><size>{size}</size></item>"
        )
    };
    let all = item("s1", "a", "3") + &item("s2", "a", "12") + &item("s3", "b", "7") + &item("s4", "b", "1");
    format!("<instance id=\"streets\"><root>{all}</root></instance>")
}

/// Files beside the form.
pub const FILES: [(&str, &str); 4] = [
    (
        "houses.csv",
        "name,label,town,floors\nh1,House 1,a,2\nh2,House 2,a,5\nh3,House 3,b,1\nh4,House 4,b,9\n",
    ),
    (
        "trees.xml",
        "<root><item><name>t1</name><label>Oak</label><town>a</town></item>\
         <item><name>t2</name><label>Elm</label><town>b</town></item></root>",
    ),
    (
        "wells.geojson",
        "{\"type\": \"FeatureCollection\", \"features\": [\
         {\"type\": \"Feature\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [102, 0.5]}, \
         \"properties\": {\"id\": \"w1\", \"title\": \"Well one\", \"town\": \"a\"}},\
         {\"type\": \"Feature\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [103, 1.5]}, \
         \"properties\": {\"id\": \"w2\", \"title\": \"Well two\", \"town\": \"b\"}}]}",
    ),
    ("last-saved", "<data id=\"tree\"><first>before</first></data>"),
];

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
    fn name(&mut self, letter: char) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    pub fn bind(&mut self, path: &str, attributes: &str) {
        self.binds += &format!("<bind nodeset=\"{path}\"{attributes}/>");
    }

    /// A node that nobody is asked for.
    fn quiet(&mut self, name: &str, attributes: &str) {
        self.data += &format!("<{name}/>");
        self.bind(&format!("/data/{name}"), attributes);
    }

    /// What stands in every form: preloads, actions of loading.
    fn head(&mut self) {
        if self.dice.chance(30) {
            self.quiet("day", " type=\"date\" jr:preload=\"date\" jr:preloadParams=\"today\"");
            self.quiet("user", " type=\"string\" jr:preload=\"property\" jr:preloadParams=\"username\"");
            self.quiet("start", " type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"start\"");
            self.quiet("end", " type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"");
        }
        self.quiet("first", " type=\"string\"");
        let (event, value) = match self.dice.pick(6) {
            0 => ("odk-instance-first-load", "value=\"concat('f', 1 + 2)\""),
            1 => ("xforms-ready", "value=\"'ready'\""),
            2 => ("odk-instance-load", "value=\"'loaded'\""),
            3 => ("odk-instance-first-load odk-instance-load", "value=\"2 * 21\""),
            4 => ("odk-instance-first-load", "value=\"instance('last-saved')/data/first\""),
            _ => ("xforms-revalidate", "value=\"'at the end'\""),
        };
        self.actions += &format!("<setvalue event=\"{event}\" ref=\"/data/first\" {value}/>");
        if self.dice.chance(25) {
            self.quiet("given", " type=\"string\"");
            self.actions += "<setvalue event=\"odk-instance-first-load\" ref=\"/data/given\">text</setvalue>";
        }
        if self.dice.chance(20) {
            self.quiet("here", " type=\"geopoint\"");
            self.actions += "<odk:setgeopoint event=\"odk-instance-first-load\" ref=\"/data/here\"/>";
            self.known.add("/data/here", Kind::Point, &[], true);
        }
        if self.dice.chance(15) {
            self.quiet("sound", " type=\"binary\"");
            self.actions += "<odk:recordaudio event=\"odk-instance-load\" ref=\"/data/sound\"/>";
        }
    }

    /// What reads everything before it: totals at the end, the record's name.
    fn tail(&mut self) {
        let here = Here::top();
        for _ in 0..1 + self.dice.pick(3) {
            self.calculation(&here);
        }
        if self.dice.chance(25) {
            self.meta += "<deviceID/><userID/><timeStart/><timeEnd/>";
            for (node, kind, from) in [
                ("deviceID", "property", "deviceid"),
                ("userID", "property", "username"),
                ("timeStart", "timestamp", "start"),
                ("timeEnd", "timestamp", "end"),
            ] {
                let preload = format!(" jr:preload=\"{kind}\" jr:preloadParams=\"{from}\"");
                let kind = if kind == "timestamp" { "dateTime" } else { "string" };
                self.bind(&format!("/data/meta/{node}"), &format!(" type=\"{kind}\"{preload}"));
            }
        }
        if self.dice.chance(20) {
            self.meta += "<entity dataset=\"trees\" id=\"\" create=\"1\"><label/></entity>";
            let label = escape(&self.text(&here.of("label"), 1));
            self.bind("/data/meta/entity/@id", " type=\"string\" readonly=\"true()\"");
            self.bind("/data/meta/entity/label", &format!(" type=\"string\" calculate=\"{label}\""));
            self.actions += "<setvalue event=\"odk-instance-first-load\" ref=\"/data/meta/entity/@id\" value=\"uuid()\"/>";
            self.bind("/data/first", " entities:saveto=\"first\"");
        }
        if self.dice.chance(10) {
            self.body += "<odd><thing/></odd>";
        }
        let text = escape(&self.text(&here.of("instanceName"), 1));
        self.bind("/data/meta/instanceName", &format!(" type=\"string\" calculate=\"{text}\""));
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

    /// `ref` to a text in two languages, or the text itself.
    fn words(&mut self, element: &str, id: &str, english: &str, output: Option<&str>) -> String {
        let output = output.map(|path| format!(" <output value=\"{path}\"/>")).unwrap_or_default();
        if !self.dice.chance(50) {
            return format!("<{element}>{english}{output}</{element}>");
        }
        // What a language lacks is shown in the default one.
        if self.dice.chance(10) {
            self.english += &format!("<text id=\"{id}\"><value>{english} (English only){output}</value>");
        } else {
            self.english += &format!("<text id=\"{id}\"><value>{english}{output}</value>");
            self.chinese += &format!("<text id=\"{id}\"><value>中 {english}{output}</value></text>");
        }
        if element == "hint" && self.dice.chance(50) {
            self.english += "<value form=\"guidance\">Look **closely**.</value>";
        }
        if element == "label" && self.dice.chance(15) {
            self.english += "<value form=\"short\">Q</value><value form=\"image\">jr://images/a.png</value>\
                <value form=\"big-image\">jr://images/b.png</value><value form=\"audio\">jr://audio/a.mp3</value>\
                <value form=\"video\">jr://video/a.mp4</value>";
        }
        self.english += "</text>";
        format!("<{element} ref=\"jr:itext('{id}')\"/>")
    }

    /// A message, as it is or in two languages.
    fn message(&mut self, id: &str, english: &str) -> String {
        if self.dice.chance(50) {
            return english.to_owned();
        }
        self.english += &format!("<text id=\"{id}\"><value>{english}</value></text>");
        self.chinese += &format!("<text id=\"{id}\"><value>中 {english}</value></text>");
        format!("jr:itext('{id}')")
    }

    /// Relevance, need, what may be changed.
    fn conditions(&mut self, here: &Here, path: &str, kind: Kind) -> String {
        let mut out = String::new();
        if self.dice.chance(25) {
            out += &format!(" relevant=\"{}\"", escape(&self.truth(here, 2)));
        }
        if self.dice.chance(20) {
            let needed = if self.dice.chance(50) { "true()".to_owned() } else { self.truth(here, 1) };
            let message = self.message(&format!("{path}:needed"), "Needed.");
            out += &format!(" required=\"{}\" jr:requiredMsg=\"{message}\"", escape(&needed));
        }
        if self.dice.chance(8) {
            let fixed = if self.dice.chance(30) { "true()".to_owned() } else { self.truth(here, 1) };
            out += &format!(" readonly=\"{}\"", escape(&fixed));
        }
        let limit = match kind {
            Kind::Int | Kind::Decimal => {
                self.dice.one(&[". < 100", ". >= -3 and . != 7", ". != 12 or false()"])
            }
            Kind::Text => self.dice.one(&[". != 'bad'", "string-length(.) < 9", "regex(., '[a-z0-9 ]*')"]),
            Kind::Many => "count-selected(.) < 3",
            _ => "",
        };
        if !limit.is_empty() && self.dice.chance(40) {
            let message = self.message(&format!("{path}:limit"), "Not so.");
            out += &format!(" constraint=\"{}\" jr:constraintMsg=\"{message}\"", escape(limit));
        }
        out
    }

    fn question(&mut self, parent: &Here) {
        let kind = KINDS[self.dice.pick(KINDS.len())];
        self.ask(parent, kind);
    }

    fn ask(&mut self, parent: &Here, kind: Kind) -> String {
        let name = self.name('q');
        let here = parent.of(&name);
        let path = here.path.clone();
        let choices = match kind {
            Kind::One | Kind::Many => self.choices(&here),
            Kind::Rank => self.ranked(),
            _ => String::new(),
        };
        let default = match kind {
            Kind::Text => "x",
            Kind::Int => "4",
            Kind::Count => "2",
            Kind::Decimal => "1.5",
            Kind::Date => "2024-02-29",
            // Only lists in the question have it.
            Kind::One if choices.contains("<value>a<") => "a",
            _ => "",
        };
        let default = if self.dice.chance(25) { default } else { "" };
        self.data += &format!("<{name}>{default}</{name}>");
        let bind_type = self.dice.one(kind.types());
        // A number of the list.
        let bind_type = if choices.contains("<value>1<") { "int" } else { bind_type };
        // What is refused is kept here, and sets actions off.
        let acts = kind != Kind::Count && self.dice.chance(15);
        let conditions =
            if kind == Kind::Count || acts { String::new() } else { self.conditions(&here, &path, kind) };
        let more = match kind {
            Kind::File => {
                self.dice.one(&["", " orx:max-pixels=\"100\"", " saveIncomplete=\"true()\" own:kind=\"k\""])
            }
            _ => "",
        };
        let named = self.dice.chance(10);
        let id = if named { format!(" id=\"bind-{name}\"") } else { String::new() };
        self.bind(&path, &format!("{id} type=\"{bind_type}\"{conditions}{more}"));
        let output = self.known.plain(&here).map(|known| known.path.clone()).filter(|_| self.dice.chance(25));
        let label = self.words("label", &format!("{path}:label"), &format!("Q {name}"), output.as_deref());
        let hint = if self.dice.chance(20) {
            self.words("hint", &format!("{path}:hint"), "A hint", None)
        } else {
            String::new()
        };
        let action = if acts { self.action(&here, kind) } else { String::new() };
        let (element, attributes) = match kind {
            Kind::One => ("select1", ""),
            Kind::Many => ("select", ""),
            Kind::Rank => ("odk:rank", ""),
            Kind::Range if bind_type == "decimal" => ("range", " start=\"0.5\" end=\"2\" step=\"0.5\""),
            Kind::Range => ("range", self.dice.one(&RANGES)),
            Kind::File => ("upload", self.dice.one(&FILES_OF)),
            Kind::Trigger => ("trigger", ""),
            Kind::Text => ("input", self.dice.one(&["", " appearance=\"multiline\"", " rows=\"3\""])),
            _ => ("input", ""),
        };
        let reference = if self.dice.chance(90) { path.clone() } else { parent.relative(&path) };
        let reference = if named { format!("bind=\"bind-{name}\"") } else { format!("ref=\"{reference}\"") };
        self.body +=
            &format!("<{element} {reference}{attributes}>{label}{hint}{choices}{action}</{element}>");
        self.known.add(&path, kind, &here.within, false);
        path
    }

    /// What a changed answer sets off.
    fn action(&mut self, here: &Here, kind: Kind) -> String {
        let target = self.name('s');
        let path = here.sibling(&target);
        self.data += &format!("<{target}/>");
        if self.dice.chance(20) {
            self.bind(&path, " type=\"geopoint\"");
            self.known.add(&path, Kind::Point, &here.within, true);
            return format!("<odk:setgeopoint event=\"xforms-value-changed\" ref=\"{path}\"/>");
        }
        self.bind(&path, " type=\"string\"");
        // Dates, times and booleans as text are meant to differ.
        let timed = matches!(kind, Kind::Date | Kind::Time | Kind::DateTime | Kind::Truth);
        let value = match self.dice.pick(3) {
            0 if !timed => format!("concat('to ', {})", here.path),
            1 => "'touched'".to_owned(),
            _ => "1 + 1".to_owned(),
        };
        if self.dice.chance(25) {
            // What it sets is a question that sets off another.
            let last = self.name('s');
            let beyond = here.sibling(&last);
            self.data += &format!("<{last}/>");
            self.bind(&beyond, " type=\"string\"");
            self.body += &format!(
                "<input ref=\"{path}\"><label>Set</label>\
                 <setvalue event=\"xforms-value-changed\" ref=\"{beyond}\">in turn</setvalue></input>"
            );
        }
        self.known.add(&path, Kind::Note, &here.within, true);
        format!("<setvalue event=\"xforms-value-changed\" ref=\"{path}\" value=\"{value}\"/>")
    }

    fn ranked(&mut self) -> String {
        "<itemset nodeset=\"instance('towns')/root/item\"><value ref=\"name\"/><label ref=\"label\"/></itemset>"
            .to_owned()
    }

    fn choices(&mut self, here: &Here) -> String {
        let known = self.known.choice(here);
        // In more than one comparison JavaRosa takes an absolute path for that of all instances.
        let near = known.map(|known| format!("current()/{}", here.relative(&known.path)));
        let town = known.map(|known| here.see(known, self.dice));
        let filter = |town: &Option<String>, more: &str| {
            town.as_ref().map(|town| format!("[town = {town}{more}]")).unwrap_or_default()
        };
        let set = |nodes: String, value: &str, label: &str| {
            format!(
                "<itemset nodeset=\"{}\"><value ref=\"{value}\"/><label ref=\"{label}\"/></itemset>",
                escape(&nodes)
            )
        };
        match self.dice.pick(12) {
            0 | 7 | 8 => {
                let more = self.dice.one(&[" and size > 2", " or name = 's1'", ""]);
                let town = if more.is_empty() { town } else { near };
                set(
                    format!("instance('streets')/root/item{}", filter(&town, more)),
                    "name",
                    "jr:itext(itextId)",
                )
            }
            1 => set(format!("instance('houses')/root/item{}", filter(&town, "")), "name", "label"),
            2 => set(format!("instance('trees')/root/item{}", filter(&town, "")), "name", "label"),
            3 => set(format!("instance('wells')/root/item{}", filter(&town, "")), "id", "title"),
            4 => set("randomize(instance('streets')/root/item, 42)".to_owned(), "name", "jr:itext(itextId)"),
            5 => match self.known.column(here) {
                Some(column) => {
                    let (repeat, name) = (column.within.last().unwrap(), column.name());
                    let inner = column.path.strip_prefix(&format!("{repeat}/")).unwrap_or(name);
                    set(format!("{repeat}[{inner} != '']"), inner, inner)
                }
                None => set("instance('towns')/root/item".to_owned(), "name", "label"),
            },
            6 => ["1", "2", "3"]
                .map(|value| format!("<item><label>No. {value}</label><value>{value}</value></item>"))
                .concat(),
            _ => ["a", "b", "c"]
                .map(|value| {
                    let label = format!("<label>Choice {value}</label>");
                    format!("<item>{label}<value>{value}</value></item>")
                })
                .concat(),
        }
    }

    fn calculation(&mut self, parent: &Here) {
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

    /// A calculation that is shown.
    fn bind_readonly_note(&mut self, path: &str) {
        self.binds = self.binds.replacen(
            &format!("<bind nodeset=\"{path}\""),
            &format!("<bind nodeset=\"{path}\" readonly=\"true()\""),
            1,
        );
        self.body += &format!("<input ref=\"{path}\"><label>Note</label></input>");
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
            let target = self.name('s');
            let path = here.of(&target).path;
            self.data += &format!("<{target}/>");
            self.bind(&path, " type=\"string\"");
            let event = self.dice.one(&["odk-new-repeat", "odk-new-repeat odk-instance-first-load"]);
            let value = self.dice.one(&["position(..)", "concat('new ', position(..))", "'fresh'"]);
            self.body += &format!("<setvalue event=\"{event}\" ref=\"{path}\" value=\"{value}\"/>");
        }
        if count.is_none() && self.dice.chance(10) {
            let target = self.name('s');
            let path = here.of(&target).path;
            self.data += &format!("<{target}/>");
            self.bind(&path, " type=\"geopoint\"");
            self.body += &format!("<odk:setgeopoint event=\"odk-new-repeat\" ref=\"{path}\"/>");
        }
        if !self.known.has_repeats() && depth == 0 && self.dice.chance(15) {
            let target = self.name('s');
            let path = here.of(&target).path;
            self.data += &format!("<{target}/>");
            self.bind(&path, " type=\"string\"");
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

    fn finished(self) -> String {
        let Writer { data, binds, actions, body, meta, english, chinese, dice, .. } = self;
        let style = dice.one(&["", " class=\"pages\""]);
        let entities = if meta.contains("<entity") { " entities:entities-version=\"2024.1.0\"" } else { "" };
        let street = |mark: &str| {
            ["s1", "s2", "s3", "s4"]
                .map(|name| format!("<text id=\"{name}\"><value>{mark} {name}</value></text>"))
                .concat()
        };
        let used = format!("{binds}{actions}{body}");
        let mut instances = String::new();
        for (name, instance) in [
            ("towns", TOWNS.to_owned()),
            ("streets", streets()),
            ("houses", "<instance id=\"houses\" src=\"jr://file-csv/houses.csv\"/>".to_owned()),
            ("trees", "<instance id=\"trees\" src=\"jr://file/trees.xml\"/>".to_owned()),
            ("wells", "<instance id=\"wells\" src=\"jr://file/wells.geojson\"/>".to_owned()),
            ("last-saved", "<instance id=\"last-saved\" src=\"jr://instance/last-saved\"/>".to_owned()),
        ] {
            if used.contains(&format!("instance('{name}')")) || used.contains(&format!("pulldata('{name}'")) {
                instances += &instance;
            }
        }
        format!(
            "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
             xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:odk=\"http://www.opendatakit.org/xforms\" \
             xmlns:orx=\"http://openrosa.org/xforms\" xmlns:own=\"urn:example:own\" \
             xmlns:entities=\"http://www.opendatakit.org/xforms/entities\">\
             <h:head><h:title>Tree</h:title><model{entities}><itext>\
             <translation lang=\"English (en)\" default=\"true()\">{}{english}</translation>\
             <translation lang=\"中文 (zh)\">{}{chinese}</translation></itext>\
             <instance><data id=\"tree\" version=\"7\">{data}<meta><instanceID/><instanceName/>{meta}</meta></data></instance>\
             {instances}{binds}<bind nodeset=\"/data/meta/instanceID\" type=\"string\" jr:preload=\"uid\"/>{actions}\
             </model></h:head><h:body{style}>{body}</h:body></h:html>",
            street("street"),
            street("街"),
        )
    }
}
