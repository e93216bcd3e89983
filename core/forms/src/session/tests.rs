//! Random forms with repeats and random changes: what the engine keeps up to date is what evaluating
//! everything anew gives.

use super::*;
use crate::answer::NodeRef;
use crate::context::{Limits, Moment, NoExternals};
use crate::form::Task;
use crate::instance::tally::Keeping;
use proptest::prelude::*;

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

const HIDING: &[&str] = &["true()", "/data/k != 2", "/data/k = '' or /data/k &gt; 1"];
/// A lowered count hides the last instances alone.
const COUNTED: &[&str] = &["", "", "jr:count=\"/data/k\""];
const SHOWN: &[&str] = &["true()", "../a &gt; 0", "/data/k != 1", "../b != ''"];
const OWN: &[&str] =
    &["../a * ../b", "../a + /data/k", "if(../a &gt; 1, ../b, '')", "../a", "position(..) * 2"];
const OTHER: &[&str] = &[
    "indexed-repeat(/data/rep/d, /data/rep, position(..) - 1)",
    "indexed-repeat(/data/rep/d, /data/rep, position(..) + 1)",
    "indexed-repeat(/data/rep/d, /data/rep, /data/k)",
    "/data/rep[position() = position(current()/..) - 1]/d",
    "/data/rep[position() = position(current()/..) + 2]/d + 1",
    "/data/rep[2]/a",
    "/data/rep[a = current()/../b][1]/d",
];
const RUNNING: &[&str] = &[
    "sum(/data/rep[position() &lt;= position(current()/..)]/d)",
    "sum(/data/rep[position() &lt; position(current()/..)]/d)",
    "sum(/data/rep[position(current()/..) &gt;= position()]/d)",
    "count(/data/rep[position() &lt;= position(current()/..) + 1]/c)",
    "count-non-empty(/data/rep[position(current()/..) - 1 &gt; position()]/c)",
    "coalesce(indexed-repeat(/data/rep/run, /data/rep, position(..) - 1), 0) + ../a",
    "max(/data/rep[position() &lt;= position(current()/..)]/d)",
];
const WITHIN: &[&str] = &["sum(../in/x)", "count(../in)", "count-non-empty(../in/x)", "max(../in/x)"];
const TOTALS: &[&str] = &[
    "sum(/data/rep/d)",
    "count(/data/rep)",
    "min(/data/rep/a)",
    "max(/data/rep/d)",
    "count-non-empty(/data/rep/c)",
    "sum(/data/rep/in/x)",
    "count(/data/rep/in)",
    "sum(/data/rep[position() &lt;= /data/k]/a)",
    "sum(/data/rep/run)",
];
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "2",
    "3",
    "0.1",
    "0.2",
    "-2.5",
    "x",
    "2026-03-05",
    "99999999999999",
    "2026-03-05T08:00:00Z",
];

fn form(choices: &[usize]) -> String {
    let mut choices = choices.iter();
    let mut one = |list: &[&'static str]| list[choices.next().unwrap() % list.len()];
    let counted = one(COUNTED);
    let mut binds = String::new();
    for (node, what, list) in [
        ("rep", "relevant", HIDING),
        ("rep/c", "relevant", SHOWN),
        ("rep/d", "calculate", OWN),
        ("rep/o", "calculate", OTHER),
        ("rep/run", "calculate", RUNNING),
        ("rep/w", "calculate", WITHIN),
        ("t1", "calculate", TOTALS),
        ("t2", "calculate", TOTALS),
        ("t3", "calculate", TOTALS),
    ] {
        binds += &format!("<bind nodeset=\"/data/{node}\" {what}=\"{}\"/>", one(list));
    }
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><model><instance><data id=\"f\"><k/>\
         <rep jr:template=\"\"><a>1</a><b>2</b><c/><d/><o/><run/><w/><in jr:template=\"\"><x>1</x></in></rep>\
         <t1/><t2/><t3/></data></instance>{binds}</model></h:head><h:body><input ref=\"/data/k\"/>\
         <repeat nodeset=\"/data/rep\" {counted}><input ref=\"/data/rep/a\"/><input ref=\"/data/rep/b\"/>\
         <input ref=\"/data/rep/c\"/><repeat nodeset=\"/data/rep/in\"><input ref=\"/data/rep/in/x\"/></repeat>\
         </repeat></h:body></h:html>"
    )
}

/// What is not as evaluating everything anew gives it.
fn stale(session: &mut Session) -> Vec<String> {
    let form = Arc::clone(&session.form);
    let kept = session.state.tallies.take();
    let mut wrong = Vec::new();
    for vertex in &form.vertices {
        let mut nodes = Vec::new();
        session.state.walk(session.state.root, form.slots(vertex.path), &mut |node| nodes.push(node));
        for id in nodes {
            let node = session.state.node(id).unwrap();
            let at = session.state.path_of(&form, id);
            match vertex.task {
                Task::Relevant => {
                    let now = session.eval().boolean(vertex.expr.as_ref().unwrap(), &Here::at(id));
                    if now != node.relevant_itself {
                        wrong.push(format!("{at} relevant: {now}"));
                    }
                }
                Task::Calculate => {
                    let eval = session.eval();
                    let value = eval.value(vertex.expr.as_ref().unwrap(), &Here::at(id));
                    let now = change::typed_text(&eval, form.def(vertex.def).unwrap().kind, value);
                    if now != *node.value {
                        wrong.push(format!("{at}: {} is {now}", node.value));
                    }
                }
                _ => {}
            }
        }
    }
    // Every column adds up to what a new look at it gives.
    for ((column, anchor), tally) in &kept {
        if session.state.node(*anchor).unwrap().gone {
            continue;
        }
        session.state.tallies.take();
        let same = session.state.tally(&form, *column, *anchor, |fresh| {
            let fronts = (0..40).all(|count| fresh.below(count) == tally.below(count));
            Some(fresh.total() == tally.total() && fresh.numbers() == tally.numbers() && fronts)
        });
        if same != Some(true) {
            wrong.push(format!("column {column} {:?}", form.columns[*column as usize].keeping));
        }
    }
    session.state.tallies.replace(kept);
    wrong
}

fn act(session: &mut Session, kind: u8, which: usize, value: &str) {
    let count = |session: &Session, path: &str| {
        let (parent, def, _) = session.state.find_slot(&session.form, path).unwrap();
        session.state.slot(parent, session.form.def(def).unwrap().slot).len()
    };
    let there = count(session, "/data/rep");
    let at = which % there.max(1) + 1;
    let answer = |session: &mut Session, path: String, value: &str| {
        // What is hidden cannot be answered.
        let _ = session.answer(&NodeRef::new(path), &Answer::Text(value.to_owned()), &mut Desk);
    };
    match kind {
        0 | 1 => drop(session.add_repeat(&NodeRef::from("/data/rep"), &mut Desk)),
        2 => drop(session.remove_repeat(&NodeRef::new(format!("/data/rep[{at}]")), &mut Desk)),
        3..=5 => answer(session, format!("/data/rep[{at}]/{}", ["a", "b", "c"][kind as usize - 3]), value),
        // A day as a count is twenty thousand instances.
        6 if value.len() < 2 => answer(session, "/data/k".to_owned(), value),
        7 if there > 0 => drop(session.add_repeat(&NodeRef::new(format!("/data/rep[{at}]/in")), &mut Desk)),
        8 if there > 0 => {
            let inner = count(session, &format!("/data/rep[{at}]/in"));
            let path = format!("/data/rep[{at}]/in[{}]", which % inner.max(1) + 1);
            if which.is_multiple_of(2) {
                drop(session.remove_repeat(&NodeRef::new(path), &mut Desk));
            } else {
                answer(session, format!("{path}/x"), value);
            }
        }
        _ => drop(session.undo()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_kept_is_what_evaluating_anew_gives(
        choices in prop::collection::vec(0usize..100, 10),
        steps in prop::collection::vec((0u8..11, 0usize..12, 0usize..VALUES.len()), 1..40),
    ) {
        let xml = form(&choices);
        let form = Form::compile(xml.as_bytes(), &NoExternals, &Limits::default()).unwrap();
        let mut session = Session::start(Arc::new(form), &mut Desk).unwrap();
        for (kind, which, value) in steps {
            let before = session.save();
            let could = session.done.len();
            act(&mut session, kind, which, VALUES[value]);
            let wrong = stale(&mut session);
            prop_assert!(wrong.is_empty(), "{:?} after {} {} {}\n{}", wrong, kind, which, VALUES[value], xml);
            if session.done.len() > could {
                let after = session.save();
                prop_assert!(session.undo());
                prop_assert_eq!(session.save(), before);
                act(&mut session, kind, which, VALUES[value]);
                prop_assert_eq!(session.save(), after);
            }
        }
    }
}

#[test]
fn what_can_be_kept_is_kept() {
    let kept = |choices: &[usize]| {
        let form = Form::compile(form(choices).as_bytes(), &NoExternals, &Limits::default()).unwrap();
        form.columns.iter().map(|column| column.keeping).collect::<Vec<_>>()
    };
    assert_eq!(
        kept(&[0, 0, 0, 0, 0, 0, 0, 0, 2, 5]),
        [Keeping::Running(1), Keeping::Total, Keeping::Total, Keeping::Extremes, Keeping::Total]
    );
}
