//! Repeats: instances come and go, and what reads them follows.

use crate::scenario::{FormText, Visit, form};
use std::time::Instant;
use xuncha_forms::{AnswerError, Item, NodeRef};

fn problems() -> FormText {
    form("<problem jr:template=\"\"><days>1</days><late/><place/></problem><total/><count/>")
        .bind("problem/days", "type=\"int\"")
        .bind("problem/late", "calculate=\"../days &gt; 5\"")
        .bind("problem/place", "calculate=\"position(..)\"")
        .bind("total", "calculate=\"sum(/data/problem/days)\"")
        .bind("count", "calculate=\"count(/data/problem)\"")
        .body(
            "<group ref=\"/data/problem\"><label>Problem <output value=\"position(current())\"/></label>\
             <repeat nodeset=\"/data/problem\"><input ref=\"/data/problem/days\"/></repeat></group>",
        )
}

fn seen(visit: &Visit) -> (String, String) {
    (visit.value("count"), visit.value("total"))
}

#[test]
fn instances_come_and_go_and_sums_follow() {
    let mut visit = problems().begin();
    assert_eq!(seen(&visit), ("0".into(), "0".into()));
    assert_eq!(visit.add("problem"), "/data/problem[1]");
    assert_eq!(visit.add("problem"), "/data/problem[2]");
    visit.answer("problem[2]/days", "9");
    assert_eq!(seen(&visit), ("2".into(), "10".into()));
    assert_eq!(
        (visit.value("problem[1]/late"), visit.value("problem[2]/late")),
        ("false".into(), "true".into())
    );
    visit.remove("problem[1]");
    assert_eq!(seen(&visit), ("1".into(), "9".into()));
    assert_eq!((visit.value("problem[1]/days"), visit.value("problem[1]/place")), ("9".into(), "1".into()));
}

#[test]
fn undo_brings_an_instance_back_in_its_place() {
    let mut visit = problems().begin();
    for days in ["1", "2", "3"] {
        let at = visit.add("problem").replace("/data/", "");
        visit.answer(&format!("{at}/days"), days);
    }
    let before = visit.session.save();
    visit.remove("problem[2]");
    assert!(visit.session.undo());
    assert_eq!(visit.session.save(), before);
    visit.add("problem");
    assert!(visit.session.undo());
    assert_eq!(visit.session.save(), before);
    visit.answer("problem[2]/days", "8");
    assert_eq!(visit.value("total"), "12");
}

#[test]
fn a_repeat_is_drawn_with_its_instances() {
    let mut visit = problems().begin();
    visit.add("problem");
    visit.add("problem");
    let Some(Item::Repeat(repeat)) = visit.session.page(&NodeRef::from("/data/problem")) else { panic!() };
    assert!(repeat.can_add && repeat.can_remove);
    let labels: Vec<_> = repeat.instances.iter().map(|instance| instance.label.text.as_str()).collect();
    assert_eq!(labels, ["Problem 1", "Problem 2"]);
    assert!(matches!(visit.session.page(&NodeRef::from("/data/problem[2]")), Some(Item::Group(_))));
    assert!(visit.session.page(&NodeRef::from("/data/problem[3]")).is_none());
}

#[test]
fn an_absolute_path_inside_means_the_own_instance() {
    let mut visit = form("<r><a>1</a><b/></r><r><a>2</a><b/></r>")
        .bind("r/b", "calculate=\"/data/r/a * 10\"")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat>")
        .begin();
    assert_eq!((visit.value("r[1]/b"), visit.value("r[2]/b")), ("10".into(), "20".into()));
    let changed = visit.answer("r[2]/a", "5");
    assert_eq!(
        (visit.value("r[1]/b"), visit.value("r[2]/b"), changed.evaluated),
        ("10".into(), "50".into(), 1)
    );
}

#[test]
fn a_running_total_follows_when_an_earlier_one_changes() {
    let mut visit = form("<r><d>1</d><t/></r><r><d>2</d><t/></r><r><d>3</d><t/></r>")
        .bind("r/t", "calculate=\"sum(/data/r[position() &lt;= position(current()/..)]/d)\"")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/d\"/></repeat>")
        .begin();
    assert_eq!(visit.value("r[3]/t"), "6");
    visit.answer("r[1]/d", "10");
    assert_eq!((visit.value("r[2]/t"), visit.value("r[3]/t")), ("12".into(), "15".into()));
    visit.remove("r[1]");
    assert_eq!((visit.value("r[1]/t"), visit.value("r[2]/t")), ("2".into(), "5".into()));
}

#[test]
fn a_total_through_the_predecessors_own_column_is_no_circle() {
    let mut visit = form("<r><d>1</d><t/></r><r><d>2</d><t/></r><r><d>3</d><t/></r>")
        .bind("r/t", "calculate=\"../d + coalesce(indexed-repeat(/data/r/t, /data/r, position(..) - 1), 0)\"")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/d\"/></repeat>")
        .begin();
    assert_eq!(visit.value("r[3]/t"), "6");
    visit.answer("r[1]/d", "10");
    assert_eq!(visit.value("r[3]/t"), "15");
}

#[test]
fn a_new_instance_has_a_first_one_of_what_repeats_in_it() {
    let mut visit = form("<p><n/><q><a>1</a></q></p>")
        .body(
            "<repeat nodeset=\"/data/p\"><input ref=\"/data/p/n\"/><repeat nodeset=\"/data/p/q\">\
             <input ref=\"/data/p/q/a\"/></repeat></repeat>",
        )
        .begin();
    visit.add("p");
    visit.add("p[2]/q");
    assert_eq!((visit.value("p[2]/q[1]/a"), visit.value("p[2]/q[2]/a")), ("1".into(), "1".into()));
}

#[test]
fn a_lower_count_hides_and_never_deletes() {
    let mut visit = form("<n>0</n><r><a/></r><sum/>")
        .bind("n", "type=\"int\"")
        .bind("sum", "calculate=\"count(/data/r)\"")
        .body("<repeat nodeset=\"/data/r\" jr:count=\"/data/n\"><input ref=\"/data/r/a\"/></repeat>")
        .input("n")
        .begin();
    assert_eq!((visit.shows("r[1]"), visit.value("sum")), (false, "0".into()));
    visit.answer("n", "3");
    visit.answer("r[3]/a", "kept");
    visit.answer("n", "1");
    assert_eq!((visit.shows("r[3]/a"), visit.value("sum")), (false, "1".into()));
    let mut visit = visit.again().0;
    visit.answer("n", "3");
    assert_eq!((visit.value("r[3]/a"), visit.value("sum")), ("kept".into(), "3".into()));
    let refused = visit.session.add_repeat(&NodeRef::from("/data/r"), &mut visit.desk);
    assert!(matches!(refused, Err(AnswerError::FixedRepeat(_))));
}

#[test]
fn a_count_that_is_no_number_hides_all_and_deletes_none() {
    let mut visit = form("<n>2</n><r><a/></r>")
        .body("<repeat nodeset=\"/data/r\" jr:count=\"/data/n\"><input ref=\"/data/r/a\"/></repeat>")
        .input("n")
        .begin();
    visit.answer("r[2]/a", "kept");
    visit.answer("n", "some");
    assert!(!visit.shows("r[1]/a") && !visit.shows("r[2]/a"));
    visit.answer("n", "2");
    assert!(visit.shows("r[1]/a"));
    assert_eq!(visit.value("r[2]/a"), "kept");
}

#[test]
fn a_repeat_that_is_not_relevant_is_not_offered_though_it_is_empty() {
    let mut visit = form("<any/><p jr:template=\"\"><a/></p>")
        .bind("p", "relevant=\"../any = 'yes'\"")
        .input("any")
        .body("<repeat nodeset=\"/data/p\"><input ref=\"/data/p/a\"/></repeat>")
        .begin();
    let at = NodeRef::from("/data/p");
    assert_eq!(visit.session.view().children.len(), 1);
    assert!(matches!(visit.session.add_repeat(&at, &mut visit.desk), Err(AnswerError::NotRelevant(_))));
    visit.answer("any", "yes");
    assert_eq!(visit.session.view().children.len(), 2);
    visit.add("p");
    visit.answer("any", "no");
    assert!(!visit.shows("p[1]") && visit.session.page(&at).is_none());
    visit.answer("any", "yes");
    assert!(visit.shows("p[1]/a"));
}

#[test]
fn a_form_may_fix_its_instances() {
    let mut visit = form("<r><a/></r><r><a/></r>")
        .body("<repeat nodeset=\"/data/r\" jr:noAddRemove=\"true()\"><input ref=\"/data/r/a\"/></repeat>")
        .begin();
    let at = NodeRef::from("/data/r[1]");
    assert!(matches!(visit.session.remove_repeat(&at, &mut visit.desk), Err(AnswerError::FixedRepeat(_))));
    assert!(visit.shows("r[2]/a") && !visit.shows("r[3]/a"));
}

#[test]
fn nested_repeats_keep_to_themselves() {
    let mut visit = form("<p jr:template=\"\"><n/><c jr:template=\"\"><age/></c><kids/></p><all/>")
        .bind("p/kids", "calculate=\"count(../c)\"")
        .bind("all", "calculate=\"sum(/data/p/c/age)\"")
        .body(
            "<repeat nodeset=\"/data/p\"><input ref=\"/data/p/n\"/>\
         <repeat nodeset=\"/data/p/c\"><input ref=\"/data/p/c/age\"/></repeat></repeat>",
        )
        .begin();
    visit.add("p");
    visit.add("p");
    visit.add("p[2]/c");
    visit.add("p[2]/c");
    visit.answer("p[2]/c[2]/age", "7");
    assert_eq!(
        (visit.value("p[1]/kids"), visit.value("p[2]/kids"), visit.value("all")),
        ("0".into(), "2".into(), "7".into())
    );
    visit.remove("p[1]");
    assert_eq!(visit.value("p[1]/c[2]/age"), "7");
}

#[test]
fn a_new_instance_runs_its_actions_before_its_calculations() {
    let mut visit = form("<age>40</age><p jr:template=\"\"><age/><next/></p>")
        .bind("p/next", "calculate=\"../age + 1\"")
        .body(
            "<input ref=\"/data/age\"/><repeat nodeset=\"/data/p\"><setvalue event=\"odk-new-repeat\" \
             ref=\"/data/p/age\" value=\"../../age + 2\"/><input ref=\"/data/p/age\"/></repeat>",
        )
        .begin();
    visit.add("p");
    assert_eq!((visit.value("p[1]/age"), visit.value("p[1]/next")), ("42".into(), "43".into()));
    visit.answer("p[1]/age", "1");
    visit.add("p");
    assert_eq!((visit.value("p[1]/age"), visit.value("p[2]/age")), ("1".into(), "42".into()));
}

#[test]
fn two_thousand_instances_stay_quick() {
    let mut visit = problems().begin();
    let start = Instant::now();
    for at in 1..=2_000 {
        visit.add("problem");
        visit.answer(&format!("problem[{at}]/days"), "2");
    }
    // Generous: a debug build on a busy machine. Quadratic work would take minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    assert_eq!(seen(&visit), ("2000".into(), "4000".into()));
}

/// A count as forms have it that ask "is this the last?" at the end of a household.
fn households() -> FormText {
    let count = "if(/data/one = 'yes', 1, if(/data/flats = 0 or \
                 indexed-repeat(/data/r/last, /data/r, /data/flats) != 'yes', /data/flats + 1, /data/flats))";
    form("<one/><flats/><n/><r jr:template=\"\"><name/><last/></r>")
        .bind("flats", "calculate=\"count(/data/r)\"")
        .bind("n", &format!("calculate=\"{count}\""))
        .bind("r/last", "required=\"true()\"")
        .body(
            "<input ref=\"/data/one\"/><repeat nodeset=\"/data/r\" jr:count=\"/data/n\">\
             <input ref=\"/data/r/name\"/><input ref=\"/data/r/last\"/></repeat>",
        )
}

fn length(visit: &Visit) -> usize {
    (1..9).take_while(|at| visit.shows(&format!("r[{at}]"))).count()
}

#[test]
fn a_count_that_asks_for_one_more_grows_one_by_one() {
    let count = "if(/data/flats = 0 or indexed-repeat(/data/r/last, /data/r, /data/flats) != 'yes', \
                 /data/flats + 1, /data/flats)";
    let mut visit = form("<flats/><n/><r jr:template=\"\"><last/></r>")
        .bind("flats", "calculate=\"count(/data/r)\"")
        .bind("n", &format!("calculate=\"{count}\""))
        .body("<repeat nodeset=\"/data/r\" jr:count=\"/data/n\"><input ref=\"/data/r/last\"/></repeat>")
        .begin();
    assert_eq!(length(&visit), 1);
    visit.answer("r[1]/last", "no");
    assert_eq!(length(&visit), 2);
    let mut visit = visit.again().0;
    assert_eq!(length(&visit), 2, "opening it again adds none");
    visit.answer("r[2]/last", "yes");
    assert_eq!((length(&visit), visit.value("n")), (2, "2".into()));
}

#[test]
fn no_answer_makes_more_than_the_next_instance() {
    let mut visit = households().begin();
    for at in 1..4 {
        for name in ["A", "B", "C"] {
            visit.answer(&format!("r[{at}]/name"), name);
        }
        visit.answer(&format!("r[{at}]/last"), "no");
        assert_eq!(length(&visit), at + 1);
    }
    visit.answer("r[4]/name", "D");
    visit.answer("r[4]/last", "yes");
    assert_eq!((length(&visit), visit.value("n"), visit.value("flats")), (4, "4".into(), "4".into()));
    assert!(visit.blocked().is_empty());
}

#[test]
fn an_instance_that_a_slip_of_the_finger_brought_goes_again() {
    let mut visit = households().begin();
    visit.answer("r[1]/last", "no");
    visit.answer("r[1]/last", "yes");
    assert_eq!((length(&visit), visit.value("n")), (1, "1".into()));
    let mut visit = visit.again().0;
    assert_eq!((length(&visit), visit.value("n")), (1, "1".into()), "nor does it come back with the draft");
    assert!(visit.blocked().is_empty());
    // What was answered in the next one stays, and is there again when it is asked for.
    visit.answer("r[1]/last", "no");
    visit.answer("r[2]/name", "Li");
    visit.answer("one", "yes");
    assert_eq!(length(&visit), 1);
    visit.answer("one", "no");
    assert_eq!(visit.value("r[2]/name"), "Li");
    assert!(visit.shows("r[2]"));
}

#[test]
fn a_count_that_never_shrinks_makes_all_that_it_asks_for() {
    let mut visit = form("<wanted/><n/><r jr:template=\"\"><x/></r>")
        .bind("n", "calculate=\"max(/data/wanted, count(/data/r[x != '']))\"")
        .body(
            "<input ref=\"/data/wanted\"/><repeat nodeset=\"/data/r\" jr:count=\"/data/n\">\
             <input ref=\"/data/r/x\"/></repeat>",
        )
        .begin();
    visit.answer("wanted", "3");
    assert_eq!(length(&visit), 3);
    visit.answer("r[2]/x", "a");
    visit.answer("wanted", "2");
    assert_eq!(length(&visit), 2);
}

#[test]
fn sums_of_decimals_are_exact_whatever_was_added_and_taken_away() {
    let mut visit = form("<r jr:template=\"\"><x>0.1</x></r><sum/><third/><most/>")
        .bind("r/x", "type=\"decimal\"")
        .bind("sum", "calculate=\"sum(/data/r/x) = 0.3\"")
        .bind("third", "calculate=\"sum(/data/r[position() &lt;= 3]/x) = 0.3\"")
        .bind("most", "calculate=\"max(/data/r/x)\"")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/x\"/></repeat>")
        .begin();
    for _ in 0..3 {
        visit.add("r");
    }
    assert_eq!((visit.value("sum"), visit.value("third")), ("true".into(), "true".into()));
    visit.add("r");
    visit.answer("r[4]/x", "12345678.9");
    assert_eq!((visit.value("sum"), visit.value("most")), ("false".into(), "12345678.9".into()));
    assert_eq!(visit.value("third"), "true");
    visit.remove("r[4]");
    assert_eq!((visit.value("sum"), visit.value("most")), ("true".into(), "0.1".into()));
    visit.answer("r[2]/x", "99999999999999999999");
    visit.answer("r[2]/x", "0.1");
    assert_eq!(visit.value("sum"), "true");
}
