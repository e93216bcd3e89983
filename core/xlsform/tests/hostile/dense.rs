//! Workbooks of rows that say as much as they can in as few bytes, at any size.

use std::fmt::Write as _;

const SETTINGS: &str = "settings\n,form_id\n,x\n";
const CHOICES: &str = "choices\n,list_name,name,label\n,l,a,A\n";
const PLAIN: &str = "survey\n,type,name,label\n";
const LIST: &str = "survey\n,type,name,label\n,rank l,a,A\nchoices\n,list_name,name,label\n";

/// The shortest names there are, each once.
fn name(mut nth: usize) -> String {
    const SIGNS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    let mut name = String::from(char::from(SIGNS[nth % 53]));
    nth /= 53;
    while nth > 0 {
        nth -= 1;
        name.push(char::from(SIGNS[nth % 63]));
        nth /= 63;
    }
    name
}

/// A head, rows up to the size, and an end.
fn filled(size: usize, head: &str, row: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    let mut text = head.to_owned();
    let mut nth = 0;
    while text.len() + end.len() < size {
        writeln!(text, ",{}", row(nth)).unwrap();
        nth += 1;
    }
    (text + end).into_bytes()
}

/// CSV into a table of Markdown.
fn markdown(csv: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(csv).unwrap();
    text.lines().map(|line| format!("|{}|\n", line.replace(',', "|"))).collect::<String>().into_bytes()
}

fn columns(before: &str, count: usize, head: impl Fn(usize) -> String) -> String {
    (0..count).fold(before.to_owned(), |text, nth| text + "," + &head(nth)) + "\n"
}

/// Name and bytes of each, of about that size.
pub(crate) fn workbooks(size: usize) -> Vec<(String, Vec<u8>)> {
    let rows = |head: &str, row: &dyn Fn(usize) -> String, end: &str| filled(size, head, row, end);
    let doubled = "settings\n,form_id,allow_choice_duplicates\n,x,yes\n";
    let triggers = "survey\n,type,name,trigger,calculation,label\n,int,a,,,A\n";
    let languages = columns("survey\n,type,name", 1000, |nth| format!("label::L{nth}"));
    let attributes = columns("survey\n,type,name,label", 1000, |nth| format!("bind::{}", name(nth)));
    let files = "survey\n,type,name,calculation\n";
    let all: Vec<(&str, Vec<u8>)> = vec![
        ("questions", rows(PLAIN, &|n| format!("int,{},Q", name(n)), SETTINGS)),
        ("questions as Markdown", markdown(&rows(PLAIN, &|n| format!("int,{},Q", name(n)), SETTINGS))),
        ("ranks", rows(PLAIN, &|n| format!("rank l,{},Q", name(n)), &(CHOICES.to_owned() + SETTINGS))),
        ("choices", rows(LIST, &|n| format!("l,{},C", name(n)), SETTINGS)),
        ("choices of one name", rows(LIST, &|_| "l,c,C".to_owned(), doubled)),
        ("groups", rows(PLAIN, &|n| format!("begin group,{},G\n,end group", name(n)), SETTINGS)),
        ("repeats", rows(PLAIN, &|n| format!("begin repeat,{},G\n,end repeat", name(n)), SETTINGS)),
        ("calculations in a chain", {
            let row = |n: usize| match n {
                0 => "calculate,a,1".to_owned(),
                n => format!("calculate,{},${{{}}}", name(n), name(n - 1)),
            };
            rows(files, &row, SETTINGS)
        }),
        (
            "lookups in files",
            rows(files, &|n| format!("calculate,{0},\"pulldata({0},)\"", name(n)), SETTINGS),
        ),
        ("triggers", rows(triggers, &|n| format!("int,{},${{a}},1", name(n + 1)), SETTINGS)),
        (
            "rows without a type",
            rows("survey\n,type,name,label,x\n,int,a,A\n", &|_| ",,,x".to_owned(), SETTINGS),
        ),
        ("mistakes", rows(PLAIN, &|n| format!("x,{},Q", name(n)), SETTINGS)),
        ("references to nothing", rows(PLAIN, &|n| format!("int,q{n},${{p{n}}}"), SETTINGS)),
        ("lists that are not there", {
            let lists: String = (0..size / 30).map(|n| format!(",q{n},c,C\n")).collect();
            let end = format!("choices\n,list_name,name,label\n{lists}{SETTINGS}");
            rows(PLAIN, &|n| format!("rank p{n},{},Q", name(n)), &end)
        }),
        (
            "tags",
            rows(
                "survey\n,type,name,label\n,osm l,a,A\nosm\n,list_name,name,label\n",
                &|n| format!("l,{},C", name(n)),
                SETTINGS,
            ),
        ),
        ("saves to an entity", {
            let end = format!("entities\n,list_name,label\n,l,a\n{SETTINGS}");
            rows("survey\n,type,name,label,save_to\n", &|n| format!("int,{0},Q,{0}z", name(n)), &end)
        }),
        (
            "a thousand languages",
            rows(&languages, &|n| format!("int,{}{}", name(n), ",x".repeat(1000)), SETTINGS),
        ),
        (
            "a thousand attributes",
            rows(&attributes, &|n| format!("int,{},Q{}", name(n), ",1".repeat(1000)), SETTINGS),
        ),
        ("references in one cell", {
            let text = format!(
                "survey\n,type,name,label\n,int,a,A\n,note,b,\"{}\"\n{SETTINGS}",
                "${a}".repeat(size / 4)
            );
            text.into_bytes()
        }),
        (
            "columns",
            (columns("survey\n,type,name,label", size / 5, name) + ",int,a,A\n" + SETTINGS).into_bytes(),
        ),
    ];
    all.into_iter().map(|(name, bytes)| (format!("{name}, {size} bytes"), bytes)).collect()
}
