//! Small forms whose expressions want to work for ever.

use super::{Shape, each, form, name, nodes, plain};

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    format!("<instance id=\"l\"><root>{}</root></instance>", each(count, item))
}

/// A calculation over a list in the form.
fn over(count: usize, calculation: &str) -> String {
    let items = list(count, |nth| format!("<item><n>{nth}</n><m>-{nth}</m></item>"));
    form("<a/>", &format!("{items}<bind nodeset=\"/d/a\" calculate=\"{calculation}\"/>"), "")
}

const ITEMS: &str = "instance('l')/root/item";

/// Calculations of one text, after the first node, which holds it.
fn of_text(count: usize, text: &str, calculation: &str) -> String {
    let bind = |nth| format!("<bind nodeset=\"/d/{}\" calculate=\"{calculation}\"/>", name(nth + 1));
    form(
        &format!("<a>{text}</a>{}", each(count, |nth| format!("<{}/>", name(nth + 1)))),
        &each(count, bind),
        "",
    )
}

/// Places on a circle.
fn circle(count: usize) -> String {
    let place = |nth: usize| {
        let angle = nth as f64 / count as f64 * std::f64::consts::TAU;
        format!("{:.6} {:.6};", angle.sin(), angle.cos())
    };
    each(count, place)
}

pub(super) fn all() -> Vec<Shape> {
    vec![
        plain("a text that doubles forty times", || {
            let bind = |nth| {
                let (own, before) = (name(nth + 1), name(nth));
                format!("<bind nodeset=\"/d/{own}\" calculate=\"concat(/d/{before}, /d/{before})\"/>")
            };
            let instance = format!("<a>x</a>{}", each(40, |nth| format!("<{}/>", name(nth + 1))));
            form(&instance, &each(40, bind), "")
        }),
        plain("a translation of 500,000 letters by 500,000 others", || {
            let (a, b) = ("x".repeat(500_000), "y".repeat(500_000));
            form(
                &format!("<a>{a}</a><b>{b}</b><c/>"),
                "<bind nodeset=\"/d/c\" calculate=\"translate(/d/a, /d/b, '')\"/>",
                "",
            )
        }),
        plain("an outline of 50,000 places that may cross itself", || {
            of_text(1, &circle(50_000), "intersects(/d/a)")
        }),
        plain("200 fences of 50,000 places", || of_text(200, &circle(50_000), "geofence('0 0', /d/a)")),
        plain("2,000 digests of a text of 500,000 letters", || {
            of_text(2_000, &"x".repeat(500_000), "digest(/d/a, 'SHA-512')")
        }),
        plain("300 patterns as large as may be", || {
            let bind = |nth| {
                format!("<bind nodeset=\"/d/{}\" calculate=\"regex('{nth}', '\\w{{30}}{nth}')\"/>", name(nth))
            };
            form(&nodes(300), &each(300, bind), "")
        }),
        plain("5,000 patterns that go back over a text of 64 letters", || {
            of_text(5_000, &"a".repeat(64), "regex(/d/a, '(?!b)(a*)*\\1c')")
        }),
        plain("5,000 patterns that go back over a text of 5,000 letters", || {
            of_text(5_000, &"a".repeat(5_000), "regex(/d/a, '(?!b)(a*)*\\1c')")
        }),
        plain("2,000 patterns that look ahead each time they go back", || {
            of_text(2_000, &"a".repeat(2_000), "regex(/d/a, 'a*a*a*(?=.*b|.*c)x')")
        }),
        plain("2,000 patterns that look back as far as they can", || {
            of_text(2_000, &"a".repeat(2_000), "regex(/d/a, 'a*a*a*(?&lt;=ba*|ca*)x')")
        }),
        plain("the place of each of 20,000 rows", || {
            over(20_000, &format!("count({ITEMS}[position(.) &gt; 5])"))
        }),
        plain("20,000 rows against 20,000 others", || over(20_000, &format!("{ITEMS}/n = {ITEMS}/m"))),
        plain("rows that ask for all rows, in threes", || {
            over(1_000, &format!("count({ITEMS}[count({ITEMS}[count({ITEMS}[n &gt; 1]) &gt; n]) &gt; n])"))
        }),
        plain("an answer of 100,000 choices of a list", || {
            let text = (0..100_000).map(|nth| nth.to_string()).collect::<Vec<_>>().join(" ");
            let items = list(100_000, |nth| format!("<item><n>{nth}</n></item>"));
            let body = "<select ref=\"/d/a\"><itemset nodeset=\"instance('l')/root/item[n != /d/b]\"><value ref=\"n\"/></itemset></select>";
            form(&format!("<a>{text}</a><b/>"), &items, body)
        }),
        plain("50,000 instances that look at all the others", || {
            let model = "<bind nodeset=\"/d/r/x\" calculate=\"count(/d/r[y = current()/../z])\"/>";
            form("<r><x/><y/><z/></r>", model, "<group><repeat nodeset=\"/d/r\" jr:count=\"50000\"/></group>")
        }),
        plain("four thousand instances that are an entity each", || {
            let model = "<bind nodeset=\"/d/r/x\" entities:saveto=\"x\"/>\
                <setvalue event=\"xforms-ready\" ref=\"/d/a\">1</setvalue>";
            let entity = "<meta><entity dataset=\"l\" create=\"1\" id=\"\"><label>l</label></entity></meta>";
            let body = "<group><repeat nodeset=\"/d/r\"><input ref=\"/d/r/x\"/></repeat></group>";
            form(&format!("<a/>{}", format!("<r><x>1</x>{entity}</r>").repeat(4_000)), model, body)
        }),
        plain("10,000 outputs that look at 10,000 rows", || {
            let items = list(10_000, |nth| format!("<item><n>{nth}</n></item>"));
            let label =
                each(10_000, |nth| format!("<output value=\"count({ITEMS}[contains(n, '{nth}')])\"/>"));
            form("<a/>", &items, &format!("<input ref=\"/d/a\"><label>{label}</label></input>"))
        }),
        plain("a file of 300,000 short texts filtered by a pattern, fifty times", || {
            let bind = |nth| {
                format!(
                    "<bind nodeset=\"/d/{}\" calculate=\"count({ITEMS}[regex(n, '[a-c]+{nth}')])\"/>",
                    name(nth)
                )
            };
            form(
                &nodes(50),
                &format!(
                    "{}{}",
                    list(30_000, |nth| format!("<item><n>{}</n></item>", name(nth))),
                    each(50, bind)
                ),
                "",
            )
        }),
        plain("5,000 choices of the 1,000th word of a long text", || {
            of_text(5_000, &"x ".repeat(250_000), "selected-at(/d/a, 249999)")
        }),
    ]
}
