//! Binds and what they calculate.

use super::{Shape, each, form, name, nodes, plain};

/// Nodes from the first, each with the same calculation.
fn alike(count: usize, calculation: &str) -> String {
    let bind = |nth| format!("<bind nodeset=\"/d/{}\" calculate=\"{calculation}\"/>", name(nth + 1));
    form(&nodes(count + 1), &each(count, bind), "")
}

fn calculated(nth: usize, expression: &str) -> String {
    format!("<bind nodeset=\"/d/{}\" calculate=\"{expression}\"/>", name(nth))
}

pub(super) fn all() -> Vec<Shape> {
    vec![
        plain("25,000 binds with an expression each", || {
            form(&nodes(25_000), &each(25_000, |nth| calculated(nth, "1")), "")
        }),
        plain("25,000 binds of four expressions", || {
            let bind = |nth| {
                let all = "relevant=\"1\" required=\"1\" constraint=\"1\" readonly=\"0\"";
                format!("<bind nodeset=\"/d/{}\" {all}/>", name(nth))
            };
            form(&nodes(25_000), &each(25_000, bind), "")
        }),
        plain("25,000 calculations, each of them twice", || {
            form(&nodes(25_000), &each(50_000, |nth| calculated(nth % 25_000, "1")), "")
        }),
        plain("one node with 100,000 binds", || {
            form("<a/>", &"<bind nodeset=\"/d/a\" required=\"1\"/>".repeat(100_000), "")
        }),
        plain("20,000 calculations in a chain", || {
            let bind = |nth| calculated(nth, &format!("/d/{}+1", name(nth + 1)));
            form(&nodes(20_000), &each(19_999, bind), "")
        }),
        plain("20,000 calculations in a circle", || {
            let bind = |nth| calculated(nth, &format!("/d/{}+1", name((nth + 1) % 20_000)));
            form(&nodes(20_000), &each(20_000, bind), "")
        }),
        plain("a node that 20,000 read", || {
            let bind = |nth| format!("<bind nodeset=\"/d/{}\" relevant=\"/d/a\"/>", name(nth + 1));
            form(&nodes(20_001), &each(20_000, bind), "")
        }),
        plain("a node that 20,000 read, each through a group of its own", || {
            let bind = |nth| format!("<bind nodeset=\"/d/{0}\" relevant=\"../a\"/>", name(nth + 1));
            form(&nodes(20_001), &each(20_000, bind), "")
        }),
        plain("1,000 nodes of 1,000 that all others read", || {
            let sum = (0..1_000).map(|nth| format!("/d/{}", name(nth))).collect::<Vec<_>>().join("+");
            form(&nodes(2_000), &each(1_000, |nth| calculated(nth + 1_000, &sum)), "")
        }),
        plain("calculations of 30,000 numbers each", || alike(100, &format!("{}1", "1+".repeat(30_000)))),
        plain("calculations of 20,000 texts each", || {
            alike(100, &format!("concat({}'')", "'',".repeat(20_000)))
        }),
        plain("calculations of 10,000 paths each", || {
            alike(100, &format!("concat({}'')", "../a,".repeat(10_000)))
        }),
        plain("calculations of 6,000 predicates each", || {
            alike(100, &format!("concat({}'')", "../a[1],".repeat(6_000)))
        }),
        plain("calculations of 9,000 calls each", || {
            alike(100, &format!("concat({}'')", "today(),".repeat(8_000)))
        }),
        plain("calculations of 10,000 paths that lead nowhere", || {
            alike(100, &format!("concat({}'')", "../~,".replace('~', "zzzz").repeat(7_000)))
        }),
        plain("500 aggregates over columns of 500 repeats", || {
            let repeat = |nth| format!("<group><repeat nodeset=\"/d/{}r\"/></group>", name(nth));
            form(
                &each(500, |nth| format!("<{0}r><x/></{0}r><{0}/>", name(nth))),
                &each(500, |nth| calculated(nth, &format!("sum(/d/{}r/x)", name(nth)))),
                &each(500, repeat),
            )
        }),
        plain("5,000 different sums over one repeat of 5,000 columns", || {
            form(
                &format!("<r>{}</r>{}", nodes(5_000), nodes(5_000)),
                &each(5_000, |nth| calculated(nth, &format!("sum(/d/r/{})", name(nth)))),
                "<group><repeat nodeset=\"/d/r\"/></group>",
            )
        }),
    ]
}
