//! A grammar of expressions over a small form. It leaves out what is meant to differ (README): dates and wide numbers
//! as text, answers that are refused.

use super::frame::escape;
use super::{Case, Dice};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_compact::{KeyPair, Seed};
use serde_json::{Value, json};

impl Dice<'_> {
    fn number(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 3 } else { 38 }) {
            0 => self.one(&["1", "0", "2", "10", "0.5", "7.25"]).to_owned(),
            1 => self.one(&["/data/a", "/data/b", "/data/g/x"]).to_owned(),
            2 => "count-selected(/data/m)".to_owned(),
            3 => format!("({} + {})", self.number(next), self.number(next)),
            4 => format!("({} - {})", self.number(next), self.number(next)),
            5 => format!("({} * {})", self.number(next), self.number(next)),
            6 => format!("({} div {})", self.number(next), self.one(&["4", "3", "-2", "0.5"])),
            7 => format!("({} mod {})", self.number(next), self.one(&["4", "3", "-2"])),
            8 => format!("-{}", self.number(next)),
            9 => format!("int({})", self.number(next)),
            10 => format!("round({})", self.number(next)),
            // JavaRosa rounds what is below nothing to tens the other way.
            11 => match self.one(&["1", "2", "0", "-1"]) {
                "-1" => format!("round(abs({}), -1)", self.number(next)),
                places => format!("round({}, {places})", self.number(next)),
            },
            12 => format!("abs({})", self.number(next)),
            13 => format!("if({}, {}, {})", self.truth(next), self.number(next), self.number(next)),
            14 => format!("string-length({})", self.text(next)),
            15 => format!("min({}, {})", self.number(next), self.number(next)),
            16 => format!("max(1, abs({}), {})", self.number(next), self.one(&["3", "/data/a"])),
            17 => format!("pow({}, {})", self.number(next), self.one(&["2", "0", "1"])),
            18 => format!("number({})", self.one(&["'12'", "/data/s", "' 7 '", "'x'", "'-.5'", "''"])),
            19 => self
                .one(&[
                    "count(/data/r)",
                    "sum(/data/r/n)",
                    "max(1, count(/data/r/n))",
                    "count-non-empty(/data/r/n)",
                ])
                .to_owned(),
            20 => format!("coalesce({}, {})", self.one(&["/data/a", "/data/b"]), self.number(next)),
            21 => format!("({} - {})", self.date(next), self.date(next)),
            22 => format!("decimal-date-time({})", self.date(next)),
            23 => format!("exp(min(2, {}))", self.number(next)),
            24 => format!("log(abs({}) + 1)", self.number(next)),
            25 => format!("exp10(min(2, {}))", self.number(next)),
            26 => format!("log10(abs({}) + 1)", self.number(next)),
            27 => format!("{}({} mod 1)", self.one(&["asin", "acos", "tan"]), self.number(next)),
            28 => format!("atan2({}, {})", self.number(next), self.one(&["1", "-2", "/data/b"])),
            29 => format!("(pi() * {})", self.number(next)),
            30 => format!("{}({})", self.one(&["floor", "ceiling"]), self.number(next)),
            31 => {
                self.one(&["distance(/data/line)", "distance(/data/shape)", "area(/data/shape)"]).to_owned()
            }
            32 => "if(/data/shape = '', 0, enclosed-area(/data/shape))".to_owned(),
            33 => self
                .one(&[
                    "decimal-time(/data/u)",
                    "decimal-time('2024-01-01T18:00:00.000Z')",
                    "decimal-date-time(/data/w)",
                    "decimal-date-time(number(/data/a) + 0.25)",
                    "int(decimal-date-time(now()) - decimal-date-time(today()))",
                ])
                .to_owned(),
            34 => format!("string-length(uuid({}))", self.one(&["", "8"])),
            35 => format!("indexed-repeat(/data/r/n, /data/r, {})", self.one(&["1", "2", "count(/data/r)"])),
            36 => self
                .one(&[
                    "sum(/data/r[position() < 3]/n)",
                    "count(/data/r[position() = last()])",
                    "count(instance('list')/root/item[name != 'a'])",
                    "count(//n)",
                    "count(/data/r/n | /data/a)",
                    "min(/data/r[n != '']/n)",
                    "count(/data/r/*)",
                    "sum(instance('houses')/root/item[floors > 1]/floors)",
                ])
                .to_owned(),
            _ => format!("{}({})", self.one(&["sqrt", "sin", "cos", "atan"]), self.number(next)),
        }
    }

    /// A whole number of few digits, safe as text.
    fn small(&mut self, depth: usize) -> String {
        format!(
            "int({}) mod 100",
            self.one(&["/data/a", "/data/g/x", "count(/data/r)"]).to_owned()
                + if depth > 3 { " + 1" } else { "" }
        )
    }

    fn text(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 3 } else { 30 }) {
            0 => self.one(&["'x'", "''", "'a b'", "'12'", "'巡查'", "'A-b.c'"]).to_owned(),
            1 => self.one(&["/data/s", "/data/one", "/data/m"]).to_owned(),
            2 => self.one(&["selected-at(/data/m, 0)", "selected-at(/data/m, 1)"]).to_owned(),
            3 => format!("concat({}, {})", self.text(next), self.text(next)),
            4 => format!("substr({}, {})", self.text(next), self.one(&["0", "1", "-1", "2", "9"])),
            5 => format!(
                "substr({}, {}, {})",
                self.text(next),
                self.one(&["0", "1", "-2"]),
                self.one(&["1", "2", "-1", "9"])
            ),
            6 => format!("if({}, {}, {})", self.truth(next), self.text(next), self.text(next)),
            7 => format!("coalesce({}, {})", self.text(next), self.text(next)),
            8 => format!("substring-before({}, {})", self.text(next), self.one(&["'b'", "' '", "'z'"])),
            9 => format!("substring-after({}, {})", self.text(next), self.one(&["'b'", "' '", "'z'"])),
            10 => format!("translate({}, 'abx', 'AB')", self.text(next)),
            11 => format!("normalize-space({})", self.text(next)),
            12 => format!("join({}, /data/r/n)", self.one(&["'-'", "''", "', '"])),
            13 => format!("join('+', {}, {})", self.text(next), self.text(next)),
            14 => format!(
                "format-date({}, {})",
                self.date(next),
                self.one(&["'%Y-%m-%d'", "'%e %b %y'", "'%n/%d %a'"])
            ),
            15 => format!(
                "digest({}, '{}', '{}')",
                self.text(next),
                self.one(&["SHA-256", "MD5", "SHA-1", "SHA-384", "SHA-512"]),
                self.one(&["hex", "base64"])
            ),
            16 => format!("string({})", self.small(depth)),
            17 => "jr:choice-name(/data/one, '/data/one')".to_owned(),
            18 => format!("string({})", self.truth(next)),
            19 => format!(
                "substring({}, {}, {})",
                self.text(next),
                self.one(&["1", "0", "1.5", "2"]),
                self.one(&["1", "2", "2.6", "-1"])
            ),
            20 => self
                .one(&["name(/data/a)", "local-name(/data/g/x)", "version()", "property('username')"])
                .to_owned(),
            21 => format!("base64-decode({})", self.one(&["'5beh5p+l'", "'YWJj'", "''"])),
            22 => format!(
                "extract-signed('{}', '{}')",
                self.one(&signed().each_ref().map(String::as_str)),
                signed_by()
            ),
            23 => format!(
                "pulldata('houses', '{}', 'town', {})",
                self.one(&["label", "floors"]),
                self.text(next)
            ),
            24 => format!("depend({}, {})", self.text(next), self.number(next)),
            25 => format!(
                "format-date-time({}, {})",
                self.one(&["/data/w", "date-time('2024-02-29T23:59:59.250Z')", "date-time(20000.5)"]),
                self.one(&["'%Y-%m-%d %H:%M'", "'%h:%M:%S'", "'%y%n%e %3'", "'%b %d, %a'"])
            ),
            26 => format!("format-date(today(), {})", self.one(&["'%Y-%m-%d'", "'%a %e %b'"])),
            27 => self
                .one(&["concat(/data/r/n)", "current()/../s", "string(/data/r[position() = last()]/n)"])
                .to_owned(),
            28 => "substr(uuid(), 8, 9)".to_owned(),
            _ => format!("string(instance('list')/root/item[name = {}]/label)", self.text(next)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 3 } else { 24 }) {
            0 => self.one(&["true()", "false()"]).to_owned(),
            1 => format!("selected(/data/m, '{}')", self.one(&["a", "b", "c", "z"])),
            2 => format!("/data/one = '{}'", self.one(&["a", "b", ""])),
            3 => format!(
                "{} {} {}",
                self.number(next),
                self.one(&["=", "!=", "<", "<=", ">", ">="]),
                self.number(next)
            ),
            4 => format!("({} and {})", self.truth(next), self.truth(next)),
            5 => format!("({} or {})", self.truth(next), self.truth(next)),
            6 => format!("not({})", self.truth(next)),
            7 => format!("{} {} {}", self.text(next), self.one(&["=", "!="]), self.text(next)),
            8 => format!("starts-with({}, {})", self.text(next), self.text(next)),
            9 => format!("contains({}, {})", self.text(next), self.text(next)),
            10 => format!("ends-with({}, {})", self.text(next), self.text(next)),
            11 => format!(
                "regex({}, {})",
                self.text(next),
                self.one(&["'[a-z ]+'", "'.*'", "'[0-9]{2}'", "'(x|y)?'"])
            ),
            12 => format!("boolean({})", self.number(next)),
            13 => format!("boolean-from-string({})", self.text(next)),
            14 => format!(
                "checklist({}, {}, {}, {})",
                self.one(&["-1", "1"]),
                self.one(&["-1", "1", "2"]),
                self.truth(next),
                self.truth(next)
            ),
            15 => format!("weighted-checklist(1, 5, {}, 2, {}, 4)", self.truth(next), self.truth(next)),
            16 => format!("is-selected(/data/m, '{}')", self.one(&["a", "b"])),
            17 => "intersects(/data/line)".to_owned(),
            18 => "(/data/p != '' and /data/shape != '' and geofence(/data/p, /data/shape))".to_owned(),
            19 => format!("random() < {}", self.one(&["1", "0"])),
            20 => self
                .one(&["now() >= today()", "today() > date('2024-01-01')", "today() = date(now())"])
                .to_owned(),
            21 => "/data/w < date-time('2025-01-01T00:00:00.000Z')".to_owned(),
            22 => format!("boolean({})", self.one(&["/data/s", "/data/p", "''", "'0'"])),
            _ => format!("{} {} {}", self.date(next), self.one(&["<", "<=", ">", "="]), self.date(next)),
        }
    }

    fn date(&mut self, depth: usize) -> String {
        match self.pick(if depth == 0 { 1 } else { 4 }) {
            0 => format!("date('{}')", self.one(&["2024-02-29", "2026-01-31", "1999-12-31"])),
            1 => format!("date({})", self.one(&["0", "20000", "/data/a"])),
            2 => format!("date({} + {})", self.date(0), self.one(&["30", "-1", "0.75"])),
            _ => "date(/data/t)".to_owned(),
        }
    }
}

/// The key that signs, always the same.
fn signer() -> KeyPair {
    KeyPair::from_seed(Seed::new([7; 32]))
}

fn signed_by() -> String {
    STANDARD.encode(*signer().pk)
}

/// A text with its signature before it, and one that somebody has changed.
fn signed() -> [String; 2] {
    let of = |text: &str| [signer().sk.sign("巡查 7", None).as_ref(), text.as_bytes()].concat();
    ["巡查 7", "巡查 8"].map(|text| STANDARD.encode(of(text)))
}

pub fn case(mut dice: Dice<'_>) -> Case {
    let number = dice.number(3);
    let text = dice.text(3);
    let truth = dice.truth(3);
    let shown = dice.truth(2);
    let inner = dice.number(2);
    let needed = dice.truth(2);
    let expressions = vec![number, text, truth, shown, inner, needed];
    let [number, text, truth, shown, inner, needed]: [String; 6] =
        expressions.iter().map(|one| escape(one)).collect::<Vec<_>>().try_into().unwrap();
    // No node is read for its own relevance or need: JavaRosa refuses that.
    let shown = shown.replace("/data/g/x", "/data/a");
    // A circle in JavaRosa: the column is among the children.
    let inner = inner.replace("count(/data/r/*)", "count(/data/r/n)");
    // There JavaRosa counts the own instance alone.
    let inner = inner.replace("/data/r, count(/data/r))", "/data/r, 1)");
    let total = dice.one(&[
        "count(/data/r)",
        "sum(/data/r/n) * 2",
        "concat(count-non-empty(/data/r/n), '/', count(/data/r))",
        "max(1, count(/data/r/n))",
        "join('-', /data/r/n)",
        "sum(/data/r[n > 4]/n)",
        "count(/data/r[position() > 1])",
        "concat(/data/r[position() = 1]/n, '')",
        "string(indexed-repeat(/data/r/n, /data/r, 1))",
        "string(/data/r[position() = last()]/n)",
        "once(concat('o', count(/data/r)))",
    ]);
    let total = escape(total);
    let needed = needed
        .replace("current()/../s", "/data/s")
        .replace("/data/s", "/data/one")
        .replace("/data/g/x", "/data/a");
    let item = |value: &str| format!("<item><label>Choice {value}</label><value>{value}</value></item>");
    let items = ["a", "b", "c"].map(item).concat();
    let xml = format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Random</h:title><model><instance>\
         <data id=\"random\" version=\"2.1\"><a/><b/><s/><t/><u/><w/><p/><line/><shape/><one/><m/><g><x/></g><r jr:template=\"\"><n/><k/></r>\
         <number/><text/><truth/><total/><later/><meta><instanceID/></meta></data></instance>\
         <instance id=\"list\"><root><item><name>a</name><label>first</label></item>\
         <item><name>x</name><label>second</label></item></root></instance>\
         <instance id=\"houses\" src=\"jr://file-csv/houses.csv\"/>\
         <bind nodeset=\"/data/u\" type=\"time\"/><bind nodeset=\"/data/w\" type=\"dateTime\"/>\
         <bind nodeset=\"/data/p\" type=\"geopoint\"/><bind nodeset=\"/data/line\" type=\"geotrace\"/>\
         <bind nodeset=\"/data/shape\" type=\"geoshape\"/>\
         <bind nodeset=\"/data/a\" type=\"int\"/><bind nodeset=\"/data/b\" type=\"decimal\"/>\
         <bind nodeset=\"/data/s\" type=\"string\" required=\"{needed}\"/><bind nodeset=\"/data/t\" type=\"date\"/>\
         <bind nodeset=\"/data/one\" type=\"string\"/><bind nodeset=\"/data/m\" type=\"string\"/>\
         <bind nodeset=\"/data/g\" relevant=\"{shown}\"/><bind nodeset=\"/data/g/x\" type=\"int\"/>\
         <bind nodeset=\"/data/r/n\" type=\"int\"/><bind nodeset=\"/data/r/k\" calculate=\"{inner} + ../n + position(..)\"/>\
         <bind nodeset=\"/data/number\" type=\"decimal\" calculate=\"{number}\"/>\
         <bind nodeset=\"/data/text\" type=\"string\" calculate=\"{text}\"/>\
         <bind nodeset=\"/data/truth\" type=\"string\" calculate=\"{truth}\"/>\
         <bind nodeset=\"/data/total\" type=\"string\" calculate=\"{total}\"/>\
         <bind nodeset=\"/data/later\" type=\"string\" calculate=\"concat(/data/text, '|', if(/data/number &gt; 1, 'more', 'less'))\"/>\
         <bind nodeset=\"/data/meta/instanceID\" type=\"string\" jr:preload=\"uid\"/></model></h:head><h:body>\
         <input ref=\"/data/a\"><label>A</label></input><input ref=\"/data/b\"><label>B</label></input>\
         <input ref=\"/data/s\"><label>S</label></input><input ref=\"/data/t\"><label>T</label></input>\
         <input ref=\"/data/u\"/><input ref=\"/data/w\"/><input ref=\"/data/p\"/><input ref=\"/data/line\"/>\
         <input ref=\"/data/shape\"/>\
         <select1 ref=\"/data/one\"><label>One</label>{items}</select1><select ref=\"/data/m\"><label>M</label>{items}</select>\
         <group ref=\"/data/g\"><label>G</label><input ref=\"/data/g/x\"><label>X</label></input></group>\
         <group ref=\"/data/r\"><label>R</label><repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"><label>N</label></input></repeat></group>\
         </h:body></h:html>"
    );
    let mut steps = Vec::new();
    let mut instances = 0;
    let look = |steps: &mut Vec<Value>, instances: usize| {
        steps.push(json!({"op": "settle"}));
        let mut nodes: Vec<String> = ["number", "text", "truth", "total", "later", "g", "g/x", "s"]
            .iter()
            .map(|node| format!("/data/{node}"))
            .collect();
        nodes.extend((1..=instances).map(|at| format!("/data/r[{at}]/k")));
        steps.extend(nodes.into_iter().map(|node| json!({"op": "state", "ref": node})));
    };
    look(&mut steps, 0);
    for _ in 0..8 {
        let answer =
            |node: &str, value: &str| json!({"op": "answer", "ref": format!("/data/{node}"), "value": value});
        steps.push(match dice.pick(12) {
            0 => answer("a", dice.one(&["5", "", "-3", "0", "12"])),
            1 => answer("b", dice.one(&["2.5", "", "-0.75", "100"])),
            2 => answer("s", dice.one(&["x", "a b", "12", "true", " pad "])),
            3 => answer("t", dice.one(&["2024-02-29", "2026-03-05"])),
            4 => answer("one", dice.one(&["a", "b"])),
            5 => answer("m", dice.one(&["a", "a b", "c a", ""])),
            9 => match dice.pick(2) {
                0 => answer("u", dice.one(&["10:30:00.000Z", "23:59:00.000Z", ""])),
                _ => answer("w", dice.one(&["2026-02-28T10:30:00.000Z", ""])),
            },
            10 => answer("p", dice.one(&["1.5 1.25 10 5", "-0.5 170 0 0", ""])),
            11 => match dice.pick(2) {
                0 => answer(
                    "line",
                    dice.one(&["1 1 0 0; 1 3 0 0; 2 3 0 0; 2 0.5 0 0; 0.5 2 0 0", "1 1 0 0; 1.5 2 0 0", ""]),
                ),
                _ => answer("shape", dice.one(&["1 1 0 0; 1 2 0 0; 2 2 0 0; 2 1 0 0; 1 1 0 0", ""])),
            },
            6 if instances < 4 => {
                instances += 1;
                json!({"op": "add_repeat", "ref": "/data/r"})
            }
            7 if instances > 0 => {
                let at = dice.pick(instances) + 1;
                instances -= 1;
                json!({"op": "remove_repeat", "ref": format!("/data/r[{at}]")})
            }
            _ if instances > 0 => {
                answer(&format!("r[{}]/n", dice.pick(instances) + 1), dice.one(&["4", "", "9"]))
            }
            _ => answer("g/x", dice.one(&["1", "7"])),
        });
        look(&mut steps, instances);
    }
    Case { xml, steps: json!({"steps": steps}), expressions }
}
