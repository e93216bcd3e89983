//! Calculations, relevance, functions, dates: what an answer sets in motion.

use crate::scenario::{Visit, form};

/// What an expression gives as a calculated text.
fn of(expression: &str) -> String {
    let expression = expression.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    form("<a>3</a><d>2026-01-31</d><e/><s>red blue</s><r><n>2</n></r><r><n/></r><r><n>5</n></r><out/>")
        .bind("a", "type=\"int\"")
        .bind("d", "type=\"date\"")
        .bind("out", &format!("calculate=\"{expression}\""))
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"/></repeat>")
        .begin()
        .value("out")
}

#[test]
fn functions_of_the_specification() {
    for (expression, expected) in [
        ("concat('a', /data/a, 1 = 1)", "a3true"),
        ("concat(/data/r/n)", "25"),
        ("join('-', /data/r/n)", "2--5"),
        ("substr('巡查员', 1, 2)", "查"),
        ("substr('abc', -1)", "c"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring-before('1999/04', '/')", "1999"),
        ("substring-after('1999/04', '/')", "04"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("string-length('巡查')", "2"),
        ("normalize-space('  a   b ')", "a b"),
        ("contains('abc', 'b') and starts-with('abc', 'a') and ends-with('abc', 'c')", "true"),
        ("coalesce('', /data/e, 'x')", "x"),
        ("if(/data/a > 2, 'more', 'less')", "more"),
        ("if(/data/e, 'there', 'empty')", "empty"),
        ("boolean-from-string('1')", "true"),
        ("regex('abc12', '[a-z]+[0-9]+')", "true"),
        ("regex('abc12', '[0-9]+')", "false"),
        ("checklist(2, -1, 1, 0, '1')", "true"),
        ("weighted-checklist(3, 5, 1, 4, 0, 9)", "true"),
        ("int(-2.7)", "-2"),
        ("round(-2.5)", "-2"),
        ("round(0.675, 2)", "0.68"),
        ("round(1250, -2)", "1300"),
        ("round(-9, -1)", "-10"),
        ("7 mod 3 + 10 div 4", "3.5"),
        ("100 * 1.1", "110"),
        ("sum(/data/r/n)", "7"),
        ("sum(/data/nothing)", "0"),
        ("max(/data/r/n) - min(/data/r/n)", "3"),
        ("count(/data/r) + count-non-empty(/data/r/n)", "5"),
        ("pow(2, 10)", "1024"),
        ("selected(/data/s, 'blue') and not(selected(/data/s, 'blu'))", "true"),
        ("selected-at(/data/s, 1)", "blue"),
        ("count-selected(/data/s)", "2"),
        ("indexed-repeat(/data/r/n, /data/r, 3)", "5"),
        ("/data/r[3]/n", "5"),
        ("/data/r[position() = last()]/n", "5"),
        ("(/data/r/n)[1]", "2"),
        ("concat(/data/r/*[name() = 'n'])", "25"),
        ("count(//n | /data/a | //n)", "4"),
        (
            "digest('abc', 'SHA-256', 'hex')",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("digest('abc', 'SHA-1')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
        (
            "string-length(digest('abc', 'SHA-384', 'hex')) + string-length(digest('abc', 'SHA-512', 'hex'))",
            "224",
        ),
        ("base64-decode('5beh5p+l')", "巡查"),
        ("extract-signed('AAAA', 'AAAA')", ""),
        ("version()", "3"),
        ("string(/data/a + 1)", "4"),
        ("true() and not(false())", "true"),
        ("is-selected(/data/s, 'red')", "true"),
        ("selected('', '')", "true"),
        ("selected(/data/s, '')", "false"),
        ("depend(/data/a, /data/s)", "3"),
        ("count(/data/r/n/..[n > 2])", "1"),
        ("/data/a[. > 2]", "3"),
        ("count(/data/r/n/.[. = 2])", "1"),
        ("intersects('0 0; 0 2; 1 2; 1 -1; 0 1')", "true"),
        ("intersects('0 0; 0 2; 2 2; 2 0; 0 0')", "false"),
        ("round(area('0 0; 0 0.001; 0.001 0.001; 0.001 0; 0 0'))", "12392"),
        ("sin(0) + cos(0) + tan(0) + asin(0) + acos(1) + atan(0) + atan2(0, 1)", "1"),
        ("round(exp(1), 4)", "2.7183"),
        ("log(exp(2)) + log10(1000) + exp10(2) + sqrt(16) + abs(-1)", "110"),
        ("round(pi(), 3)", "3.142"),
        ("floor(1.7) + ceiling(1.2)", "3"),
        ("string-length(uuid()) + string-length(uuid(8))", "44"),
        ("random() < 1", "true"),
        ("number('1e2')", ""),
        ("'' + 1", ""),
        ("round(distance('0 0 0 0; 0 1 0 0'))", "111319"),
        ("distance('', '0 1 0 0')", "0"),
        ("1 div distance('') > 0 and 1 div sum(/data/nothing) > 0 and 1 div sum(/data/e) > 0", "true"),
        ("geofence('1 1', '0 0; 0 2; 2 2; 2 0; 0 0')", "true"),
        ("property('username')", "inspector"),
    ] {
        assert_eq!(of(expression), expected, "{expression}");
    }
}

#[test]
fn functions_at_their_edges() {
    for (expression, expected) in [
        ("round(4503599627370497)", "4503599627370497"),
        ("round(0.49999999999999994)", "0"),
        ("normalize-space('　a　 b ')", "　a　 b"),
        ("digest('abc', 'md5', 'HEX')", "900150983cd24fb0d6963f7d28e17f72"),
        ("concat(/data/@id, '-', ../@version)", "visit-3"),
        ("count(/data/@nothing)", "0"),
        ("translate('aabb', 'aab', 'xyz')", "xxzz"),
        ("indexed-repeat(/data/r/n, /data/r, 0)", ""),
        ("indexed-repeat(/data/r/n, /data/r, 'x')", ""),
        ("join('', randomize(/data/r/n, ''))", &of("join('', randomize(/data/r/n, 0))")),
        ("sum(/data/s)", ""),
    ] {
        assert_eq!(of(expression), expected, "{expression}");
    }
}

#[test]
fn patterns_are_those_of_the_peers() {
    for (text, pattern, expected) in [
        ("a1_", r"\w{3,30}", "true"),
        ("巡查", ".{0,2000}", "true"),
        ("巡查", r"\w+", "false"),
        ("１２", r"\d+", "false"),
        ("Abcde1", r"^(?=.*[A-Z])(?=.*\d).{6,}$", "true"),
        ("abcde1", r"^(?=.*[A-Z])(?=.*\d).{6,}$", "false"),
        ("0123", r"^(?!0)\d+$", "false"),
    ] {
        assert_eq!(of(&format!("regex('{text}', '{pattern}')")), expected, "{pattern} {text}");
    }
}

#[test]
fn dates_are_the_days_that_were_meant() {
    for (expression, expected) in [
        ("today()", "2026-03-05"),
        ("now()", "2026-03-05T10:00:00.000+08:00"),
        ("now() > today()", "true"),
        ("format-date(/data/d + 1, '%Y-%m-%d')", "2026-02-01"),
        ("number(/data/d)", "20484"),
        ("date(/data/d + 30)", "2026-03-02"),
        ("/data/d <= '2026-03-05'", "true"),
        ("format-date-time('2026-03-05T23:30:00.000+00:00', '%Y年%n月%e日 %H:%M')", "2026年3月6日 07:30"),
        ("decimal-date-time('1970-01-02T12:00:00.000+00:00')", "1.5"),
        ("decimal-time('06:00:00.000+08:00')", "0.25"),
        ("decimal-date-time(/data/d + 0.5)", "20484.5"),
        ("decimal-time(number(/data/d) + 0.25)", "0.25"),
        ("decimal-date-time(/data/e) = '' and decimal-date-time(date(/data/e)) = /data/e", "true"),
        ("date('not a date')", ""),
        ("date('2018-01-01T10:20:30.400')", "2018-01-01"),
        ("int(decimal-date-time(today()) - decimal-date-time(/data/d))", "33"),
    ] {
        assert_eq!(of(expression), expected, "{expression}");
    }
}

#[test]
fn what_depends_on_an_answer_follows_and_nothing_else_runs() {
    let mut all = form("<a/><b/><c/><other>1</other><o2/>")
        .bind("b", "calculate=\"/data/a * 2\"")
        .bind("c", "calculate=\"/data/b + 1\"")
        .bind("o2", "calculate=\"/data/other + 1\"")
        .input("a")
        .begin();
    let changed = all.answer("a", "4");
    assert_eq!((all.value("b"), all.value("c"), changed.evaluated), ("8".into(), "9".into(), 2));
    assert_eq!(all.answer("a", "4").evaluated, 0, "the same answer again changes nothing");
}

#[test]
fn hidden_answers_count_for_nothing_and_come_back() {
    let mut visit = form("<show>1</show><g><x/><h><y/></h></g><sum/>")
        .bind("g", "relevant=\"/data/show = 1\"")
        .bind("g/h", "relevant=\"/data/g/x > 0\"")
        .bind("sum", "calculate=\"sum(/data/g/x | /data/g/h/y)\"")
        .body("<group ref=\"/data/g\"><input ref=\"/data/g/x\"/><input ref=\"/data/g/h/y\"/></group>")
        .input("show")
        .begin();
    visit.answer("g/x", "2");
    visit.answer("g/h/y", "3");
    assert_eq!(visit.value("sum"), "5");
    visit.answer("show", "0");
    assert_eq!((visit.value("sum"), visit.shows("g/h/y")), ("0".into(), false));
    visit.answer("show", "1");
    assert_eq!((visit.value("sum"), visit.value("g/h/y")), ("5".into(), "3".into()));
    visit.answer("g/x", "0");
    assert_eq!((visit.value("sum"), visit.shows("g/h")), ("0".into(), false));
}

#[test]
fn names_are_those_of_xml_in_every_script() {
    for name in ["क्षेत्र", "နာမည်", "ชื่อที่", "名字", "اَلاِسم", "x·y", "🌩", "q1.8"]
    {
        let mut visit = form(&format!("<{name}/><c/>"))
            .bind("c", &format!("calculate=\"concat(/data/{name}, '!')\""))
            .body(&format!("<input ref=\"/data/{name}\"/>"))
            .begin();
        visit.answer(name, "a");
        assert_eq!(visit.value("c"), "a!", "{name}");
    }
}

#[test]
fn a_calculation_gives_what_its_type_holds() {
    let mut visit = form("<d/><i/><t/><copied/><set/><asked/>")
        .bind("d", "type=\"decimal\"")
        .bind("i", "type=\"int\" calculate=\"/data/d\"")
        .bind("t", "type=\"int\" calculate=\"string(/data/d)\"")
        .bind("copied", "type=\"int\" calculate=\"/data/asked\"")
        .bind("asked", "type=\"int\"")
        .input("d")
        .input("asked")
        .begin();
    visit.answer("d", "-4.5");
    assert_eq!((visit.value("i"), visit.value("t")), ("-4".into(), "-4".into()));
    visit.answer("asked", "some");
    assert_eq!(visit.value("copied"), "some", "what is no number is nobody's to drop");
}

#[test]
fn a_calculated_false_is_false() {
    let mut visit = form("<s/><fire/><follow/>")
        .bind("fire", "calculate=\"selected(/data/s, 'fire') or /data/s = 'smoke'\"")
        .bind("follow", "relevant=\"/data/fire\"")
        .input("s")
        .begin();
    assert_eq!((visit.value("fire"), visit.shows("follow")), ("false".into(), false));
    visit.answer("s", "fire");
    assert_eq!((visit.value("fire"), visit.shows("follow")), ("true".into(), true));
}

#[test]
fn once_keeps_what_it_made() {
    let mut visit = form("<a/><id/><hidden/>")
        .bind("id", "calculate=\"once(concat(/data/a, uuid()))\"")
        .bind("hidden", "calculate=\"once(concat(/data/a, '!'))\" relevant=\"/data/a = 'x'\"")
        .input("a")
        .begin();
    let first = visit.value("id");
    visit.answer("a", "x");
    assert_eq!(visit.value("id"), first);
    assert_eq!(visit.again().0.value("id"), first);
    assert_eq!(visit.value("hidden"), "!", "also what nobody saw");
}

#[test]
fn actions_of_loading_and_of_a_changed_value() {
    let mut visit = form("<a/><start/><last/>")
        .model("<setvalue ref=\"/data/start\" event=\"odk-instance-first-load\" value=\"now()\"/>")
        .body(
            "<input ref=\"/data/a\"><setvalue ref=\"/data/last\" event=\"xforms-value-changed\" \
             value=\"concat('was ', /data/a)\"/></input>",
        )
        .begin();
    assert_eq!((visit.value("start").len(), visit.value("last")), (29, String::new()));
    visit.answer("a", "7");
    assert_eq!(visit.value("last"), "was 7");
    let mut again: Visit = visit.again().0;
    assert_eq!(again.value("start"), visit.value("start"), "a draft opened again is not loaded first");
    again.answer("a", "");
    assert_eq!(again.value("last"), "was ");
}

#[test]
fn what_finishing_sets_is_no_step_to_undo() {
    let mut visit = form("<a/><end/>")
        .bind("end", "type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"")
        .input("a")
        .begin();
    visit.answer("a", "x");
    visit.finish();
    assert_ne!(visit.value("end"), "");
    assert!(visit.session.undo(), "the answer is taken back, should what was finished not be written");
    assert_eq!((visit.value("a"), visit.session.can_undo()), (String::new(), false));
}

#[test]
fn undo_takes_back_the_answer_and_all_that_followed() {
    let mut visit = form("<a>1</a><g><b>x</b></g><c/>")
        .bind("g", "relevant=\"/data/a = 1\"")
        .bind("c", "calculate=\"/data/a + 1\"")
        .body("<input ref=\"/data/a\"/><input ref=\"/data/g/b\"/>")
        .begin();
    let before = visit.session.save();
    visit.answer("a", "2");
    assert!(!visit.shows("g/b"));
    assert!(visit.session.undo());
    assert_eq!(visit.session.save(), before);
    assert!(visit.shows("g/b") && !visit.session.can_undo() && !visit.session.undo());
}

#[test]
fn the_truth_of_a_node_is_that_of_its_value() {
    for (expression, expected) in [
        ("if(/data/e, 'yes', 'no')", "no"),
        ("not(/data/e)", "true"),
        ("boolean(/data/a)", "true"),
        ("/data/nowhere = ''", "true"),
        ("/data/nowhere != 'x'", "true"),
        ("boolean(/data/nowhere)", "false"),
    ] {
        assert_eq!(of(expression), expected, "{expression}");
    }
}

#[test]
fn a_calculation_may_read_its_own_node() {
    let mut visit = form("<given/><kept/>")
        .bind("kept", "calculate=\"coalesce(/data/kept, /data/given)\"")
        .input("given")
        .input("kept")
        .begin();
    visit.answer("given", "first");
    visit.answer("given", "second");
    assert_eq!(visit.value("kept"), "first");
}

#[test]
fn a_group_has_no_text_and_counts_by_its_answers() {
    let mut visit = form("<g><a/><b/></g><r jr:template=\"\"><in><x/></in></r><own/><same/><some/><rows/>")
        .bind("own", "calculate=\"/data/g\"")
        .bind("same", "calculate=\"/data/g = '' and string(/data/g) = ''\"")
        .bind("some", "calculate=\"count-non-empty(/data/g)\"")
        .bind("rows", "calculate=\"count-non-empty(/data/r)\"")
        .body(
            "<input ref=\"/data/g/a\"/><input ref=\"/data/g/b\"/>\
             <repeat nodeset=\"/data/r\"><input ref=\"/data/r/in/x\"/></repeat>",
        )
        .begin();
    let of = |visit: &Visit| ["own", "same", "some", "rows"].map(|node| visit.value(node));
    assert_eq!(of(&visit), ["", "true", "0", "0"]);
    visit.answer("g/b", "x");
    visit.add("r");
    visit.add("r");
    visit.answer("r[2]/in/x", "y");
    assert_eq!(of(&visit), ["", "true", "1", "1"]);
    visit.answer("r[1]/in/x", "z");
    visit.answer("g/b", "");
    assert_eq!(of(&visit), ["", "true", "0", "2"]);
    assert_eq!(of(&visit.again().0), ["", "true", "0", "2"]);
}
