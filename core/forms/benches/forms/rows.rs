//! What is measured of this engine. Each row runs in a process of its own and gives an object of figures:
//! milliseconds unless the name says otherwise, the least of all repetitions.

use serde_json::{Value, json};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use xuncha_forms::{
    Answer, Context, ExternalInstances, Form, Item, Limits, Moment, NodeRef, QuestionKind, Session,
};

struct Desk;

impl Context for Desk {
    fn now(&self) -> Moment {
        Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 }
    }
    fn entropy(&mut self) -> [u8; 16] {
        [7; 16]
    }
    fn property(&self, _name: &str) -> Option<String> {
        None
    }
}

struct Folder(PathBuf);

impl ExternalInstances for Folder {
    fn bytes(&self, src: &str) -> Option<Cow<'_, [u8]>> {
        std::fs::read(self.0.join(src.rsplit('/').next()?)).ok().map(Cow::Owned)
    }
}

/// Forms that the shared generator does not write.
pub(crate) fn write_own(forms: &Path) {
    let rows: String = (0..100_000).fold("name,label,p,q,n\n".to_owned(), |csv, i| {
        csv + &format!("n{i},Place {i},p{},q{},{}\n", i % 100, i / 100 % 10, i * 7919 % 100_000)
    });
    std::fs::write(forms.join("places.csv"), rows).unwrap();
    let form = |data: &str, binds: &str, body: &str| {
        format!(
            "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
             xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>own</h:title><model><instance>\
             <data id=\"own\">{data}<meta><instanceID/></meta></data></instance>\
             <instance id=\"places\" src=\"jr://file-csv/places.csv\"/>{binds}</model></h:head>\
             <h:body>{body}</h:body></h:html>"
        )
    };
    let select = |node: &str, predicate: &str| {
        format!(
            "<select1 ref=\"/data/{node}\"><itemset nodeset=\"instance('places')/root/item[{predicate}]\">\
             <value ref=\"name\"/><label ref=\"label\"/></itemset></select1>"
        )
    };
    let body = ["p", "q", "x", "k"].map(|node| format!("<input ref=\"/data/{node}\"/>")).concat();
    let filters = form(
        "<p/><q/><x/><y/><k/>",
        "",
        &(body + &select("x", "p = /data/p and n &lt; /data/q") + &select("y", "starts-with(name, /data/k)")),
    );
    std::fs::write(forms.join("filters.xml"), filters.replace("<input ref=\"/data/x\"/>", "")).unwrap();
    let lookups = form(
        "<k/><rep jr:template=\"\"><i/><found/></rep>",
        "<bind nodeset=\"/data/rep/found\" calculate=\"instance('places')/root/item\
         [name = concat(/data/k, current()/../i)]/label\"/>",
        "<input ref=\"/data/k\"/><repeat nodeset=\"/data/rep\"><input ref=\"/data/rep/i\"/></repeat>",
    );
    std::fs::write(forms.join("lookups.xml"), lookups).unwrap();
    let before = form(
        "<rep jr:template=\"\"><a>1</a><place/><run/></rep>",
        "<bind nodeset=\"/data/rep/place\" calculate=\"position(..)\"/>\
         <bind nodeset=\"/data/rep/run\" type=\"int\" calculate=\"coalesce(indexed-repeat(/data/rep/run, /data/rep, \
         position(..) - 1), 0) + ../a\"/>",
        "<repeat nodeset=\"/data/rep\"><input ref=\"/data/rep/a\"/></repeat>",
    );
    std::fs::write(forms.join("before.xml"), before).unwrap();
}

pub(crate) fn run(row: &str, times: usize, forms: &Path, va: &Path) -> Value {
    match row {
        "cold" => cold(times, va),
        "load-va" => load_va(times, va),
        "chain-1000" => chain(times, &forms.join("chain_1000.xml")),
        "chain-4000" => chain(times, &forms.join("chain_4000.xml")),
        "chains" => chains(times, &forms.join("chain_1000.xml"), &forms.join("chain_4000.xml")),
        "repeats" => repeats(times, &forms.join("repeat.xml")),
        "running" => running(times, &forms.join("repeat_pos.xml")),
        "before" => before(times, &forms.join("before.xml")),
        "choices-inline" => choices(times, &forms.join("sel_100000.xml")),
        "choices-csv" => choices(times, &forms.join("selcsv_100000.xml")),
        "filters" => filters(times, &forms.join("filters.xml")),
        "lookups" => lookups(times, &forms.join("lookups.xml")),
        "drafts" => drafts(times, &forms.join("repeat.xml")),
        _ => panic!("there is no row {row}"),
    }
}

fn ms(from: Instant) -> f64 {
    from.elapsed().as_secs_f64() * 1e3
}

/// The least time of some work, which is given how often it was done before.
fn least(times: usize, mut work: impl FnMut(usize)) -> f64 {
    let mut best = f64::INFINITY;
    for nth in 0..times {
        let start = Instant::now();
        work(nth);
        best = best.min(ms(start));
    }
    best
}

/// Resident memory, MB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kb.map_or(f64::NAN, |kb| kb / 1024.0)
}

fn open(path: &Path) -> Session {
    let xml = std::fs::read(path).unwrap();
    let folder = Folder(path.parent().unwrap().to_owned());
    let form = Form::compile(&xml, &folder, &Limits::default()).unwrap();
    Session::start(Arc::new(form), &mut Desk).unwrap()
}

fn answer(session: &mut Session, at: &str, text: &str) {
    session.answer(&NodeRef::from(at), &Answer::Text(text.to_owned()), &mut Desk).unwrap();
}

fn add(session: &mut Session) {
    session.add_repeat(&NodeRef::from("/data/rep"), &mut Desk).unwrap();
}

fn value(session: &Session, at: &str) -> String {
    session.value(&NodeRef::from(at)).unwrap()
}

fn cold(times: usize, va: &Path) -> Value {
    let own = std::env::current_exe().unwrap();
    let va_load = |_| {
        let out = std::process::Command::new(&own).args(["--row", "load-va", "0"]).output().unwrap();
        assert!(out.status.success());
    };
    assert!(va.is_file());
    json!({"ms": least(times, va_load)})
}

/// The first question of a form that is asked.
fn first_question(items: &[Item]) -> Option<NodeRef> {
    items.iter().find_map(|item| match item {
        Item::Question(question) => Some(question.at.clone()),
        Item::Group(group) => first_question(&group.children),
        Item::Repeat(_) => None,
    })
}

fn load_va(times: usize, va: &Path) -> Value {
    let before = resident();
    let mut session = open(va);
    let first = first_question(&session.view().children).unwrap();
    for _ in 0..if times > 0 { 3 } else { 0 } {
        fill(&mut session);
    }
    let filled = resident() - before;
    let load = least(times, |_| assert!(open(va).page(&first).is_some()));
    json!({"ms": load, "filled_mb": filled, "answered": session.save().len()})
}

/// Answers every question that is asked now.
fn fill(session: &mut Session) {
    fn questions(items: &[Item], out: &mut Vec<(NodeRef, QuestionKind, bool)>) {
        for item in items {
            match item {
                Item::Question(question) => {
                    out.push((question.at.clone(), question.kind, question.has_choices));
                }
                Item::Group(group) => questions(&group.children, out),
                Item::Repeat(_) => {}
            }
        }
    }
    let mut all = Vec::new();
    questions(&session.view().children, &mut all);
    for (at, kind, has_choices) in all {
        let text = if has_choices {
            session.choices(&at, "", 1).items.first().map(|choice| choice.value.clone()).unwrap_or_default()
        } else {
            match kind {
                QuestionKind::Integer | QuestionKind::Decimal => "30".to_owned(),
                QuestionKind::Date => "2026-01-15".to_owned(),
                QuestionKind::Text => "words of some length, as people write them".to_owned(),
                _ => continue,
            }
        };
        // What became hidden through an answer before it cannot be answered.
        let _ = session.answer(&at, &Answer::Text(text), &mut Desk);
    }
}

/// Everything behind the head of a chain becomes another.
fn head(session: &mut Session, nth: usize) {
    answer(session, "/data/q0", if nth.is_multiple_of(2) { "1" } else { "-9999" });
}

fn chain(times: usize, form: &Path) -> Value {
    let mut session = open(form);
    json!({"ms": least(times, |nth| head(&mut session, nth))})
}

/// What four times as many cost: both in turn, so that whatever slows the machine slows both.
fn chains(times: usize, few: &Path, many: &Path) -> Value {
    let (mut few, mut many) = (open(few), open(many));
    let (mut short, mut long) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..times {
        short = short.min(least(8, |nth| head(&mut few, nth)));
        long = long.min(least(8, |nth| head(&mut many, nth)));
    }
    json!({"growth": long / short})
}

fn repeats(times: usize, form: &Path) -> Value {
    let mut session = open(form);
    let one = |session: &mut Session, nth: usize| {
        add(session);
        answer(session, &format!("/data/rep[{nth}]/a"), &(nth % 7 + 1).to_string());
        session.remove_repeat(&NodeRef::new(format!("/data/rep[{nth}]")), &mut Desk).unwrap();
    };
    let grow = |session: &mut Session, to: usize| {
        let start = Instant::now();
        let from = value(session, "/data/cnt").parse::<usize>().unwrap();
        for nth in from + 1..=to {
            add(session);
            answer(session, &format!("/data/rep[{nth}]/a"), &(nth % 7 + 1).to_string());
        }
        ms(start)
    };
    let mut all = grow(&mut session, 99);
    let hundredth = least(times, |_| one(&mut session, 100));
    all += grow(&mut session, 9_999);
    let last = least(times, |_| one(&mut session, 10_000));
    all += grow(&mut session, 10_000);
    let edit = least(times, |nth| answer(&mut session, "/data/rep[1]/a", &(nth % 2 + 8).to_string()));
    let start = Instant::now();
    for nth in (1..=10_000).rev() {
        session.remove_repeat(&NodeRef::new(format!("/data/rep[{nth}]")), &mut Desk).unwrap();
    }
    all += ms(start);
    assert_eq!(value(&session, "/data/total"), "0");
    json!({
        "hundredth_ms": hundredth, "last_ms": last, "growth": last / hundredth, "all_ms": all, "edit_ms": edit
    })
}

const MANY: usize = 10_000;

fn filled(form: &Path) -> Session {
    let mut session = open(form);
    for nth in 1..MANY {
        add(&mut session);
        answer(&mut session, &format!("/data/rep[{nth}]/a"), &(nth % 7 + 1).to_string());
    }
    session
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn each_us(ms: f64) -> f64 {
    ms * 1e3 / MANY as f64
}

fn running(times: usize, form: &Path) -> Value {
    let mut session = filled(form);
    let start = Instant::now();
    add(&mut session);
    let added = ms(start) * 1e3;
    let last = format!("/data/rep[{MANY}]/a");
    let edit_last = least(times, |nth| answer(&mut session, &last, &(nth % 2 + 8).to_string())) * 1e3;
    let edit_first = least(times, |nth| answer(&mut session, "/data/rep[1]/a", &(nth % 2 + 8).to_string()));
    assert_eq!(value(&session, &format!("/data/rep[{MANY}]/run")), value(&session, "/data/total"));
    json!({"add_us": added, "edit_last_us": edit_last, "each_us": each_us(edit_first)})
}

fn before(times: usize, form: &Path) -> Value {
    let mut session = filled(form);
    add(&mut session);
    let edit = least(times, |nth| answer(&mut session, "/data/rep[1]/a", &(nth % 2 + 8).to_string()));
    let first = NodeRef::from("/data/rep[1]");
    let remove = least(times.min(5), |_| {
        session.remove_repeat(&first, &mut Desk).unwrap();
        assert_eq!(value(&session, "/data/rep[2]/place"), "2");
    });
    json!({"each_us": each_us(edit), "remove_us": each_us(remove)})
}

fn choices(times: usize, form: &Path) -> Value {
    let before = resident();
    let mut session = open(form);
    let memory = resident() - before;
    answer(&mut session, "/data/q", "q3");
    let x = NodeRef::from("/data/x");
    let filter = least(times, |nth| {
        answer(&mut session, "/data/p", &format!("p{}", nth * 37 % 100));
        assert_eq!(session.choices(&x, "", usize::MAX).items.len(), 100);
    });
    let load = least(times.min(5), |_| drop(open(form)));
    json!({"ms": load, "mb": memory, "filter_ms": filter})
}

fn filters(times: usize, form: &Path) -> Value {
    let mut session = open(form);
    let (x, y) = (NodeRef::from("/data/x"), NodeRef::from("/data/y"));
    let mut range = |nth: usize| {
        answer(&mut session, "/data/p", &format!("p{}", nth * 37 % 100));
        answer(&mut session, "/data/q", &(1_000 + nth % 3).to_string());
        assert!(!session.choices(&x, "", usize::MAX).items.is_empty());
    };
    let start = Instant::now();
    range(1);
    let first = ms(start);
    let range = least(times, range);
    let start = Instant::now();
    answer(&mut session, "/data/k", "n99");
    assert_eq!(session.choices(&y, "", usize::MAX).items.len(), 1_111);
    let first = first.max(ms(start));
    let start = least(times, |nth| {
        answer(&mut session, "/data/k", &format!("n{}", 4_321 + nth % 7));
        assert_eq!(session.choices(&y, "", usize::MAX).items.len(), 11);
    });
    json!({"range_ms": range, "start_ms": start, "first_ms": first})
}

fn lookups(times: usize, form: &Path) -> Value {
    let mut session = open(form);
    for nth in 1..=1_000 {
        add(&mut session);
        answer(&mut session, &format!("/data/rep[{nth}]/i"), &(nth * 97).to_string());
    }
    let all =
        least(times, |nth| answer(&mut session, "/data/k", if nth.is_multiple_of(2) { "n" } else { "x" }));
    answer(&mut session, "/data/k", "n");
    assert_eq!(value(&session, "/data/rep[1000]/found"), "Place 97000");
    json!({"ms": all})
}

fn drafts(times: usize, form: &Path) -> Value {
    let mut session = open(form);
    (0..1_000).for_each(|_| add(&mut session));
    let mut saved = Vec::new();
    let save = least(times, |_| saved = session.save());
    let restore = least(times, |_| {
        let (opened, misfits) = Session::restore(Arc::clone(session.form()), &saved, &mut Desk).unwrap();
        assert!(misfits.is_empty() && value(&opened, "/data/cnt") == "1000");
    });
    json!({"save_ms": save, "restore_ms": restore, "bytes": saved.len()})
}
