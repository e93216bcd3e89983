//! Forms and scripts that a grammar makes, run here and on JavaRosa. The grammar leaves out what is meant
//! to differ (README): dates and wide numbers as text, sums that go stale, answers that are refused.
//!
//! 200 pairs; `XUNCHA_PAIRS` says another number.

use crate::compare;
use crate::javarosa::{self, ours};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;

/// Decisions, one after the other; when they run out, always the first choice, which is the simplest.
pub struct Dice<'d> {
    left: std::slice::Iter<'d, u32>,
}

impl Dice<'_> {
    pub fn pick(&mut self, choices: usize) -> usize {
        self.left.next().map_or(0, |roll| *roll as usize % choices)
    }

    pub fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.pick(of.len())]
    }

    fn number(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 3 } else { 26 }) {
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
            11 => format!("round({}, {})", self.number(next), self.one(&["1", "2", "0", "-1"])),
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
        match self.pick(if depth == 0 { 3 } else { 20 }) {
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
                self.one(&["SHA-256", "MD5", "SHA-1", "SHA-512"]),
                self.one(&["hex", "base64"])
            ),
            16 => format!("string({})", self.small(depth)),
            17 => "jr:choice-name(/data/one, '/data/one')".to_owned(),
            18 => format!("string({})", self.truth(next)),
            _ => format!("string(instance('list')/root/item[name = {}]/label)", self.text(next)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.pick(if depth == 0 { 3 } else { 17 }) {
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
            _ => format!("{} {} {}", self.date(next), self.one(&["<", "<=", ">", "="]), self.date(next)),
        }
    }

    fn date(&mut self, depth: usize) -> String {
        match self.pick(if depth == 0 { 1 } else { 3 }) {
            0 => format!("date('{}')", self.one(&["2024-02-29", "2026-01-31", "1999-12-31"])),
            1 => format!("date({})", self.one(&["0", "20000", "/data/a"])),
            _ => "date(/data/t)".to_owned(),
        }
    }
}

/// A form and a script for it.
pub struct Case {
    pub xml: String,
    pub steps: Value,
    /// What the grammar chose, for who reads of a difference.
    pub expressions: Vec<String>,
}

fn case(mut dice: Dice<'_>) -> Case {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
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
    // In JavaRosa what stands in an instance, or two steps away, does not see instances come and go.
    let alone = |text: String| text.replace("/data/r/n", "/data/a").replace("/data/r)", "/data/a)");
    let (inner, number, text) = (alone(inner), alone(number), alone(text));
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
    ]);
    let total = escape(total);
    let needed = needed.replace("/data/s", "/data/one").replace("/data/g/x", "/data/a");
    let item = |value: &str| format!("<item><label>Choice {value}</label><value>{value}</value></item>");
    let items = ["a", "b", "c"].map(item).concat();
    let xml = format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Random</h:title><model><instance>\
         <data id=\"random\"><a/><b/><s/><t/><one/><m/><g><x/></g><r jr:template=\"\"><n/><k/></r>\
         <number/><text/><truth/><total/><later/><meta><instanceID/></meta></data></instance>\
         <instance id=\"list\"><root><item><name>a</name><label>first</label></item>\
         <item><name>x</name><label>second</label></item></root></instance>\
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
         <select1 ref=\"/data/one\"><label>One</label>{items}</select1><select ref=\"/data/m\"><label>M</label>{items}</select>\
         <group ref=\"/data/g\"><label>G</label><input ref=\"/data/g/x\"><label>X</label></input></group>\
         <group ref=\"/data/r\"><label>R</label><repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"><label>N</label></input></repeat></group>\
         </h:body></h:html>"
    );
    let mut steps = Vec::new();
    let mut instances = 0;
    let look = |steps: &mut Vec<Value>, instances: usize| {
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
        steps.push(match dice.pick(9) {
            0 => answer("a", dice.one(&["5", "", "-3", "0", "12"])),
            1 => answer("b", dice.one(&["2.5", "", "-0.75", "100"])),
            2 => answer("s", dice.one(&["x", "a b", "12", "true", " pad "])),
            3 => answer("t", dice.one(&["2024-02-29", "2026-03-05"])),
            4 => answer("one", dice.one(&["a", "b"])),
            5 => answer("m", dice.one(&["a", "a b", "c a", ""])),
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

#[test]
fn random_forms_behave_as_in_collect() {
    behaves_as_in_collect("random", 200, case);
}

/// Runs a grammar here and on the peer.
pub fn behaves_as_in_collect(name: &str, pairs: u32, case: fn(Dice<'_>) -> Case) {
    let Some(peer) = javarosa::peer(name).map(RefCell::new) else { return };
    let cases = std::env::var("XUNCHA_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(pairs);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let form = peer.borrow().folder.join("random.xml");
    let outcome = runner.run(&prop::collection::vec(any::<u32>(), 0..160), |rolls| {
        let case = case(Dice { left: rolls.iter() });
        std::fs::write(&form, &case.xml).unwrap();
        let theirs = peer.borrow_mut().run(&form, &case.steps);
        let different = compare::differences(&case.steps, &ours(&form, &case.steps), &theirs);
        if different.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = different.iter().take(6).map(ToString::to_string).collect();
        Err(TestCaseError::fail(format!("{:#?}\n{}", case.expressions, shown.join("\n"))))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
