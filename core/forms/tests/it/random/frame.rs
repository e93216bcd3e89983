//! What stands around the questions of the grammar: the files beside the form, lists and preloads, the record's name, and
//! the whole as XML.

use super::forms::{Kind, Writer};
use super::references::Here;
use std::path::{Path, PathBuf};

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

const TOWNS: &str = "<instance id=\"towns\"><root><item><name>a</name><label>Aa</label></item>\
    <item><name>b</name><label>Bb</label></item></root></instance>";

/// Four streets, the labels in two languages.
fn streets() -> String {
    let item = |name: &str, town: &str, size: &str| {
        let side = if size.len() > 1 { "east" } else { "west" };
        format!(
            "<item side=\"{side}\"><itextId>{name}</itextId><name>{name}</name><town>{town}</town><size>{size}</size></item>"
        )
    };
    let all = item("s1", "a", "3") + &item("s2", "a", "12") + &item("s3", "b", "7") + &item("s4", "b", "1");
    format!("<instance id=\"streets\"><root>{all}</root></instance>")
}

/// Files beside the form.
const FILES: [(&str, &str); 4] = [
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

/// A folder of this name with the files that forms read.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    lay_files(&folder);
    folder
}

/// Writes the files that forms read into a folder.
pub fn lay_files(folder: &Path) {
    for (file, text) in FILES {
        std::fs::write(folder.join(file), text).unwrap();
    }
}

impl Writer<'_, '_> {
    /// What stands in every form: preloads, actions of loading.
    pub fn head(&mut self) {
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
    pub fn tail(&mut self) {
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

    pub fn finished(self) -> String {
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
