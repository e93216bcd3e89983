//! Nodes and questions.

use super::{Shape, each, form, name, nodes, plain};
use xuncha_forms::Limits;

/// So many instances of a tag within each other, around something.
fn within(
    count: usize,
    open: impl Fn(usize) -> String,
    inner: &str,
    close: impl Fn(usize) -> String,
) -> String {
    format!("{}{inner}{}", each(count, open), each(count, |nth| close(count - 1 - nth)))
}

pub(super) fn all() -> Vec<Shape> {
    let label =
        |text: &'static str| move |nth: usize| format!("<input ref=\"/d/{}\">{text}</input>", name(nth));
    vec![
        plain("49,000 nodes at one place", || form(&nodes(49_000), "", "")),
        plain("100,000 nodes at one place", || form(&nodes(100_000), "", "")),
        plain("6,000 nodes at one place", || form(&nodes(6_000), "", "")),
        plain("1,800 groups of 26 nodes with one-letter names", || {
            form(&each(1_800, |nth| format!("<{0}>{1}</{0}>", name(nth), nodes(26))), "", "")
        }),
        plain("49,000 instances written in the form", || form(&"<a/>".repeat(49_000), "", "")),
        plain("24,000 instances of a node with one node", || form(&"<a><b/></a>".repeat(24_000), "", "")),
        plain("700 attributes at 60 nodes", || {
            let attributes = each(700, |nth| format!(" {}=''", name(nth)));
            form(&each(60, |nth| format!("<{}{attributes}/>", name(nth))), "", "")
        }),
        plain("one instance of 20,000 nodes and 20,000 empty ones", || {
            form(&format!("<a>{}</a>{}", nodes(20_000), "<a/>".repeat(20_000)), "", "")
        }),
        plain("60 repeats within each other, 20,000 nodes in the last", || {
            let instance = within(60, |nth| format!("<r{nth}>"), &nodes(20_000), |nth| format!("</r{nth}>"));
            let path = |nth: usize| each(nth + 1, |at| format!("/r{at}"));
            let open = |nth: usize| format!("<group><repeat nodeset=\"/d{}\">", path(nth));
            form(&instance, "", &within(60, open, "", |_| "</repeat></group>".to_owned()))
        }),
        Shape {
            asks: Limits::default().instance_nodes,
            ..plain("100 repeats that count each 50,000", || {
                let repeat = |nth| {
                    format!("<group><repeat nodeset=\"/d/{}r\" jr:count=\"50000\"/></group>", name(nth))
                };
                form(&each(100, |nth| format!("<{}r/>", name(nth))), "", &each(100, repeat))
            })
        },
        plain("25,000 questions", move || form(&nodes(25_000), "", &each(25_000, label("")))),
        plain("25,000 questions with a label each", move || {
            form(&nodes(25_000), "", &each(25_000, label("<label>a</label>")))
        }),
        plain("20,000 questions named by the ids of their binds", || {
            let bind = |nth| format!("<bind id=\"b{nth}\" nodeset=\"/d/{}\"/>", name(nth));
            let input = |nth| format!("<input bind=\"b{nth}\"/>");
            form(&nodes(20_000), &each(20_000, bind), &each(20_000, input))
        }),
        plain("200,000 questions of one node", || form("<a/>", "", &"<input ref=\"/d/a\"/>".repeat(200_000))),
        plain("39,000 questions of one node", || form("<a/>", "", &"<input ref=\"/d/a\"/>".repeat(39_000))),
        plain("200,000 groups", || form("<a/>", "", &"<group/>".repeat(200_000))),
        plain("39,000 groups", || form("<a/>", "", &"<group/>".repeat(39_000))),
        plain("150 groups within each other, 250 times", || {
            form(
                "<a/>",
                "",
                &within(150, |_| "<group>".to_owned(), "", |_| "</group>".to_owned()).repeat(250),
            )
        }),
        plain("100,000 choices in a question", || {
            let item = |nth| format!("<item><value>{nth}</value></item>");
            form("<a/>", "", &format!("<select1 ref=\"/d/a\">{}</select1>", each(100_000, item)))
        }),
        plain("100,000 choices with a label each", || {
            let item = |nth| format!("<item><label>{nth}</label><value>{nth}</value></item>");
            form("<a/>", "", &format!("<select1 ref=\"/d/a\">{}</select1>", each(100_000, item)))
        }),
        plain("a label of 200,000 outputs", || {
            let label = "<output value=\"1\"/>".repeat(200_000);
            form("<a/>", "", &format!("<input ref=\"/d/a\"><label>{label}</label></input>"))
        }),
        plain("a label of 200,000 pieces", || {
            let label = "a<b/>".repeat(200_000);
            form("<a/>", "", &format!("<input ref=\"/d/a\"><label>{label}</label></input>"))
        }),
        plain("100,000 actions", || {
            form("<a/>", &"<setvalue event=\"xforms-ready\" ref=\"/d/a\"/>".repeat(100_000), "")
        }),
        plain("an element with 200,000 attributes", || {
            form("<a/>", "", &format!("<group{}/>", each(200_000, |nth| format!(" {}x=''", name(nth)))))
        }),
        plain("100,000 elements that nobody knows", || form("<a/>", "", &"<x/>".repeat(100_000))),
        plain("100,000 attributes that nobody knows", || {
            form("<a/>", &"<bind nodeset=\"/d/a\" xmlns:y=\"u\" y:z=\"\"/>".repeat(100_000), "")
        }),
        plain("100,000 paths that lead nowhere", || {
            form("<a/>", "", &each(100_000, |nth| format!("<input ref=\"/d/b{nth}\"/>")))
        }),
    ]
}
