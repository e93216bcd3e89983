//! What the grammar asks: every type by every control, its words in two languages, its conditions, its choices from every
//! source, what its answer sets off.

use super::forms::{KINDS, Kind, Writer};
use super::frame::escape;
use super::references::Here;

const FILES_OF: [&str; 3] =
    [" mediatype=\"image/*\"", " mediatype=\"audio/*\"", " mediatype=\"application/*\""];

const RANGES: [&str; 2] = [" start=\"1\" end=\"9\" step=\"2\"", " start=\"9\" end=\"1\" step=\"2\""];

impl Writer<'_, '_> {
    /// `ref` to a text in two languages, or the text itself.
    pub fn words(&mut self, element: &str, id: &str, english: &str, output: Option<&str>) -> String {
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

    pub fn question(&mut self, parent: &Here) {
        let kind = KINDS[self.dice.pick(KINDS.len())];
        self.ask(parent, kind);
    }

    pub fn ask(&mut self, parent: &Here, kind: Kind) -> String {
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
        let place = self.dice.chance(20);
        let path = self.unasked(|name| here.sibling(name), if place { "geopoint" } else { "string" });
        if place {
            self.known.add(&path, Kind::Point, &here.within, true);
            return format!("<odk:setgeopoint event=\"xforms-value-changed\" ref=\"{path}\"/>");
        }
        // Dates, times and booleans as text are meant to differ.
        let timed = matches!(kind, Kind::Date | Kind::Time | Kind::DateTime | Kind::Truth);
        let value = match self.dice.pick(3) {
            0 if !timed => format!("concat('to ', {})", here.path),
            1 => "'touched'".to_owned(),
            _ => "1 + 1".to_owned(),
        };
        if self.dice.chance(25) {
            // What it sets is a question that sets off another.
            let beyond = self.unasked(|name| here.sibling(name), "string");
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
                let more = self.dice.one(&[" and size > 2", " or name = 's1'", "", " and @side = 'west'"]);
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

    /// A calculation that is shown.
    pub fn bind_readonly_note(&mut self, path: &str) {
        self.binds = self.binds.replacen(
            &format!("<bind nodeset=\"{path}\""),
            &format!("<bind nodeset=\"{path}\" readonly=\"true()\""),
            1,
        );
        self.body += &format!("<input ref=\"{path}\"><label>Note</label></input>");
    }
}
