//! A grammar of structures, run here and on JavaRosa as that of [`crate::random`]: nested repeats, counts that grow,
//! actions, choices that a filter leaves, places, two languages. Lowered counts, choices that have left their list
//! and labels that are calculated are meant to differ (README) and left out.

use crate::random::{Case, Dice, behaves_as_in_collect};
use serde_json::{Value, json};

/// What a node of the form may be calculated from, where the grammar has a choice.
fn expressions(dice: &mut Dice<'_>) -> Vec<String> {
    let mut one = |of: &[&str]| dice.one(of).to_owned();
    vec![
        one(&["count(/data/r)", "count(/data/c)", "count(/data/r) + count(/data/c)", "sum(/data/c/w)"]),
        one(&[
            "position(..)",
            "../v * 2",
            "../v + /data/n",
            "position(..) + /data/n",
            "concat(../v, '-', position(..))",
        ]),
        one(&[
            "position(..)",
            "../u + 1",
            "../../v + ../u",
            "position(../..) * 10 + position(..)",
            "../u * /data/n",
        ]),
        one(&["position(..) mod 2 = 1", "position(..) < 3", "/data/town != 'x'", "true()"]),
        one(&[
            "distance(/data/line)",
            "area(/data/line)",
            "if(/data/place = '', 0, distance(/data/place, '1 2 0 0'))",
            "round(area(/data/line) div 1000)",
            "if(/data/place = '', 0, distance(/data/line))",
        ]),
        one(&[
            "selected-at(/data/place, 0)",
            "selected-at(/data/place, 1)",
            "substr(/data/place, 0, 2)",
            "count-selected(/data/place)",
        ]),
        one(&["/data/n", "/data/town", "concat(/data/town, '!')", "1 + 1", "'set'"]),
        one(&["position(..)", "concat('new ', /data/n)", "/data/n * 2", "/data/town"]),
        one(&["town = /data/town", "town = /data/town or name = 'a1'", "starts-with(name, /data/town)"]),
    ]
}

fn form(of: &[String]) -> String {
    let of: Vec<String> = of.iter().map(|one| one.replace('&', "&amp;").replace('<', "&lt;")).collect();
    let text = |id: &str, words: &str| format!("<text id=\"{id}\"><value>{words}</value></text>");
    let texts = |mark: &str| {
        text("n", &format!("How many {mark}?"))
            + &text("r", &format!("Part {mark} <output value=\"position(.)\"/>"))
            + &["a1", "a2", "b1"].map(|name| text(name, &format!("{name} {mark}"))).concat()
    };
    let items = [("a1", "a"), ("a2", "a"), ("b1", "b")]
        .map(|(name, town)| {
            format!("<item><itextId>{name}</itextId><name>{name}</name><town>{town}</town></item>")
        })
        .concat();
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Structure</h:title><model>\
         <itext><translation lang=\"English\" default=\"true()\">{english}</translation>\
         <translation lang=\"Chinese\">{chinese}</translation></itext>\
         <instance><data id=\"structure\"><n/><town/><street/><place/><line/><first/><copy/>\
         <r jr:template=\"\"><v/><w/><new/><s jr:template=\"\"><u/><w/></s></r><c jr:template=\"\"><v/><w/></c>\
         <total/><size/><part/><meta><instanceID/></meta></data></instance>\
         <instance id=\"streets\"><root>{items}</root></instance>\
         <bind nodeset=\"/data/n\" type=\"int\"/><bind nodeset=\"/data/place\" type=\"geopoint\"/>\
         <bind nodeset=\"/data/line\" type=\"geotrace\"/>\
         <bind nodeset=\"/data/r/v\" type=\"int\"/><bind nodeset=\"/data/r/w\" calculate=\"{outer}\"/>\
         <bind nodeset=\"/data/r/s/u\" type=\"int\"/><bind nodeset=\"/data/r/s/w\" calculate=\"{inner}\"/>\
         <bind nodeset=\"/data/c/v\" type=\"int\" relevant=\"{shown}\"/><bind nodeset=\"/data/c/w\" type=\"int\" \
         calculate=\"position(..) + 1\"/>\
         <bind nodeset=\"/data/total\" type=\"string\" calculate=\"{total}\"/>\
         <bind nodeset=\"/data/size\" type=\"string\" calculate=\"{size}\"/>\
         <bind nodeset=\"/data/part\" type=\"string\" calculate=\"{part}\"/>\
         <setvalue event=\"odk-instance-first-load\" ref=\"/data/first\" value=\"concat('f', 1 + 2)\"/>\
         <setvalue event=\"odk-instance-first-load\" ref=\"/data/town\">a</setvalue>\
         <bind nodeset=\"/data/meta/instanceID\" type=\"string\" jr:preload=\"uid\"/></model></h:head><h:body>\
         <input ref=\"/data/n\"><label ref=\"jr:itext('n')\"/>\
         <setvalue event=\"xforms-value-changed\" ref=\"/data/copy\" value=\"{copied}\"/></input>\
         <input ref=\"/data/town\"><label>Town</label></input>\
         <select1 ref=\"/data/street\"><label>Street</label><itemset nodeset=\"instance('streets')/root/item[{filter}]\">\
         <value ref=\"name\"/><label ref=\"jr:itext(itextId)\"/></itemset></select1>\
         <input ref=\"/data/place\"><label>Place</label></input><input ref=\"/data/line\"><label>Line</label></input>\
         <group ref=\"/data/r\"><label ref=\"jr:itext('r')\"/><repeat nodeset=\"/data/r\">\
         <setvalue event=\"odk-new-repeat\" ref=\"/data/r/new\" value=\"{new}\"/>\
         <input ref=\"/data/r/v\"><label>V</label></input>\
         <group ref=\"/data/r/s\"><label>S</label><repeat nodeset=\"/data/r/s\">\
         <input ref=\"/data/r/s/u\"><label>U</label></input></repeat></group></repeat></group>\
         <group ref=\"/data/c\"><label>C</label><repeat nodeset=\"/data/c\" jr:count=\"/data/n\" jr:noAddRemove=\"true()\">\
         <input ref=\"/data/c/v\"><label>V</label></input></repeat></group></h:body></h:html>",
        english = texts("E"),
        chinese = texts("中"),
        total = of[0],
        outer = of[1],
        inner = of[2],
        shown = of[3],
        size = of[4],
        part = of[5],
        copied = of[6],
        new = of[7],
        filter = of[8],
    )
}

/// How many instances there are: of the outer repeat, within each of them, and of the counted one.
#[derive(Default)]
struct Shape {
    inner: Vec<usize>,
    counted: usize,
}

impl Shape {
    fn look(&self, steps: &mut Vec<Value>) {
        // The peer makes counted instances only when someone walks there.
        steps.push(json!({"op": "label", "ref": "/walk"}));
        let mut nodes: Vec<String> = ["n", "street", "first", "copy", "total", "size", "part"]
            .map(|node| format!("/data/{node}"))
            .to_vec();
        for (at, count) in (1..).zip(&self.inner) {
            nodes.extend(["w", "new"].map(|node| format!("/data/r[{at}]/{node}")));
            nodes.extend((1..=*count).map(|inner| format!("/data/r[{at}]/s[{inner}]/w")));
        }
        nodes
            .extend((1..=self.counted).flat_map(|at| ["v", "w"].map(|node| format!("/data/c[{at}]/{node}"))));
        steps.extend(nodes.into_iter().map(|node| json!({"op": "state", "ref": node})));
        steps.push(json!({"op": "choices", "ref": "/data/street"}));
        steps.push(json!({"op": "label", "ref": "/data/n"}));
    }

    fn step(&mut self, dice: &mut Dice<'_>) -> Value {
        let answer = |node: String, value: &str| json!({"op": "answer", "ref": format!("/data/{node}"), "value": value});
        let many = self.inner.len();
        let mut outer = dice.pick(many.max(1));
        let kind = dice.pick(9);
        if kind == 5 {
            // The peer's script adds to the first that there is.
            outer = 0;
        }
        match (kind, self.inner.get_mut(outer)) {
            (0, _) => {
                self.counted = (self.counted + dice.pick(3)).min(4);
                answer("n".to_owned(), &self.counted.to_string())
            }
            (1, _) => answer("town".to_owned(), dice.one(&["a", "b", "x"])),
            (2, _) => answer("place".to_owned(), dice.one(&["12.5 -3.25 10 5", "-0.5 170 0 0", ""])),
            (3, _) => answer(
                "line".to_owned(),
                dice.one(&["1 1 0 0; 1 2 0 0; 2 2 0 0; 1 1 0 0", "1 1 0 0; 1.5 2 0 0", ""]),
            ),
            (4, _) => json!({"op": "language", "value": dice.one(&["Chinese", "English"])}),
            (5, Some(inner)) if *inner < 3 => {
                *inner += 1;
                json!({"op": "add_repeat", "ref": format!("/data/r[{}]/s", outer + 1)})
            }
            (6, Some(inner)) if *inner > 0 => {
                let at = dice.pick(*inner) + 1;
                if dice.pick(2) == 0 {
                    return answer(format!("r[{}]/s[{at}]/u", outer + 1), dice.one(&["1", "7", ""]));
                }
                *inner -= 1;
                json!({"op": "remove_repeat", "ref": format!("/data/r[{}]/s[{at}]", outer + 1)})
            }
            (7, Some(_)) if dice.pick(3) == 0 => {
                self.inner.remove(outer);
                json!({"op": "remove_repeat", "ref": format!("/data/r[{}]", outer + 1)})
            }
            (7 | 8, Some(_)) => answer(format!("r[{}]/v", outer + 1), dice.one(&["4", "", "9"])),
            _ if many < 3 => {
                self.inner.push(0);
                json!({"op": "add_repeat", "ref": "/data/r"})
            }
            _ => answer("n".to_owned(), &self.counted.to_string()),
        }
    }
}

fn case(mut dice: Dice<'_>) -> Case {
    let expressions = expressions(&mut dice);
    let (mut shape, mut steps) = (Shape::default(), Vec::new());
    shape.look(&mut steps);
    for _ in 0..9 {
        let step = shape.step(&mut dice);
        steps.push(step);
        shape.look(&mut steps);
    }
    Case { xml: form(&expressions), steps: json!({"steps": steps}), expressions }
}

#[test]
fn random_structures_behave_as_in_collect() {
    behaves_as_in_collect("structure", 100, case);
}
