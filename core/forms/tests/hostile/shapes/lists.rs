//! Texts, secondary instances and files.

use super::{Shape, each, file, form, name, nodes, plain};

fn list(items: &str) -> String {
    format!("<instance id=\"l\"><root>{items}</root></instance>")
}

fn texts(languages: usize, text: impl Fn(usize) -> String) -> String {
    let one = |nth| format!("<translation lang=\"{nth}\">{}</translation>", text(nth));
    form("<a/>", &format!("<itext>{}</itext>", each(languages, one)), "")
}

fn text(id: usize) -> String {
    format!("<text id=\"{id}\"><value>a</value></text>")
}

/// A question that takes its choices where a column is 1.
fn filtered(question: &str, column: usize) -> String {
    let column = name(column);
    format!(
        "<select1 ref=\"/d/{question}\"><itemset nodeset=\"instance('l')/root/item[{column}=1]\">\
         <value ref=\"a\"/></itemset></select1>"
    )
}

fn heads(count: usize) -> String {
    (0..count).map(name).collect::<Vec<_>>().join(",")
}

fn features(one: &str, count: usize) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", vec![one; count].join(","))
}

const POINT: &str = "\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}";

pub(super) fn all() -> Vec<Shape> {
    vec![
        plain("100,000 texts", || texts(1, |_| each(100_000, text))),
        plain("1,000 languages of 50 texts", || texts(1_000, |_| each(50, text))),
        plain("1,000 languages, each with texts of its own", || {
            texts(1_000, |nth| each(20, |at| text(nth * 20 + at)))
        }),
        plain("two languages with 30,000 texts, the second backwards", || {
            texts(2, |nth| each(30_000, |at| text(if nth == 0 { at } else { 29_999 - at })))
        }),
        plain("a secondary instance of 200,000 items", || {
            form("<a/>", &list(&"<item><n/></item>".repeat(200_000)), "")
        }),
        plain("a secondary instance of 300,000 names", || form("<a/>", &list(&nodes(300_000)), "")),
        plain("50,000 secondary instances", || {
            form("<a/>", &each(50_000, |nth| format!("<instance id=\"{nth}\"><a/></instance>")), "")
        }),
        plain("5,000 questions with a filter on a column each", || {
            let items = list(&format!("<item>{}</item>", nodes(5_000)));
            form(&nodes(5_000), &items, &each(5_000, |nth| filtered(&name(nth), nth)))
        }),
        plain("5,000 columns that filters ask for, of a list of 50,000 other texts", || {
            let others = each(50_000, |nth| format!("<item><a>{nth}</a></item>"));
            let items = list(&format!("<item>{}</item>{others}", nodes(5_000)));
            form("<a/>", &items, &each(5_000, |nth| filtered("a", nth)))
        }),
        file("a file of 500,000 rows of a letter", "jr://file-csv/l.csv", || {
            format!("n\n{}", "a\n".repeat(500_000))
        }),
        file("a file of 500,000 cells, each another one", "jr://file-csv/l.csv", || {
            format!("n\n{}", each(500_000, |nth| format!("{}\n", name(nth))))
        }),
        file("a file of rows of 1,000 empty cells", "jr://file-csv/l.csv", || {
            format!("{}\n{}", heads(1_000), format!("a{}\n", ",".repeat(999)).repeat(1_000))
        }),
        file("a file of 100,000 columns", "jr://file-csv/l.csv", || {
            format!("{}\na{}\n", heads(100_000), ",".repeat(99_999))
        }),
        file("a file of lines without cells", "jr://file-csv/l.csv", || {
            format!("n,m,o,p,q,r,s,t\n{}", "\n".repeat(1_000_000))
        }),
        file("a file of short rows under 100 columns", "jr://file-csv/l.csv", || {
            format!("{}\n{}", heads(100), "a\n".repeat(300_000))
        }),
        file("a map of 50,000 points", "jr://file/l.geojson", || {
            features(&format!("{{{POINT},\"properties\":{{}}}}"), 50_000)
        }),
        file("a map of features with 1,000 properties", "jr://file/l.geojson", || {
            let properties: Vec<String> = (0..1_000).map(|nth| format!("\"{}\":1", name(nth))).collect();
            features(&format!("{{{POINT},\"properties\":{{{}}}}}", properties.join(",")), 100)
        }),
        file("a map of a feature with 100,000 properties", "jr://file/l.geojson", || {
            let properties: Vec<String> = (0..100_000).map(|nth| format!("\"{}\":1", name(nth))).collect();
            features(&format!("{{{POINT},\"properties\":{{{}}}}}", properties.join(",")), 1)
        }),
        file("a map of a number of brackets", "jr://file/l.geojson", || {
            format!("{{\"type\":\"FeatureCollection\",\"features\":[{}", "[".repeat(1_000_000))
        }),
        file("a map of a list of 500,000 numbers", "jr://file/l.geojson", || {
            format!("{{\"type\":\"FeatureCollection\",\"x\":[{}1],\"features\":[]}}", "1,".repeat(500_000))
        }),
        file("a map of 300,000 empty objects", "jr://file/l.geojson", || {
            format!("{{\"type\":\"FeatureCollection\",\"x\":[{}1],\"features\":[]}}", "{},".repeat(300_000))
        }),
        file("a file of 300,000 elements", "jr://file/l.xml", || {
            format!("<root>{}</root>", "<item/>".repeat(300_000))
        }),
        file("a file of elements in 190 others", "jr://file/l.xml", || {
            let one = format!("{}{}", "<a>".repeat(190), "</a>".repeat(190));
            format!("<root>{}</root>", one.repeat(1_000))
        }),
    ]
}
