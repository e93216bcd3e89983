//! Random forms, converted by us and by pyxform 4.5.0 in the same run.
//!
//! It wants a Python that has pyxform: `XUNCHA_PYXFORM=/tmp/pyxform/bin/python cargo test -p xuncha-xlsform --test
//! differential`; without it the test says so and passes. `PROPTEST_CASES` sets how many forms.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test says what broke by breaking"
)]

mod canonical;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use xuncha_xlsform::{Limits, convert};

const HEADS: [&str; 17] = [
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "constraint",
    "constraint_message",
    "required",
    "readonly",
    "calculation",
    "default",
    "trigger",
    "choice_filter",
    "parameters",
    "appearance",
    "repeat_count",
    "image",
];

/// Numbers that decide what the form is; nought when they run out.
struct Dice(std::vec::IntoIter<u16>);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % count.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) + 1 == count
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

type Row = Vec<(&'static str, String)>;

#[derive(Default)]
struct Shape {
    /// Type and name of each question, in order.
    questions: Vec<(String, String)>,
    repeats: Vec<String>,
    /// `None` where a section ends.
    rows: Vec<Row>,
}

/// First the types and names, so that an expression may speak of what comes after it.
fn outline(dice: &mut Dice) -> Shape {
    const KINDS: [&str; 18] = [
        "text",
        "integer",
        "decimal",
        "date",
        "select_one l",
        "select_multiple l",
        "note",
        "calculate",
        "geopoint",
        "select_one l or_other",
        "range",
        "select_one_from_file f.csv",
        "rank l",
        "hidden",
        "dateTime",
        "barcode",
        "acknowledge",
        "select_one REPEATED",
    ];
    let mut shape = Shape::default();
    let mut open: Vec<&'static str> = Vec::new();
    for at in 0..dice.below(14) + 2 {
        match dice.below(8) {
            0 => {
                shape.rows.push(vec![("type", "begin_group".to_owned()), ("name", format!("g{at}"))]);
                open.push("end_group");
            }
            1 => {
                shape.rows.push(vec![("type", "begin_repeat".to_owned()), ("name", format!("r{at}"))]);
                shape.repeats.push(format!("r{at}"));
                open.push("end_repeat");
            }
            2 if !open.is_empty() => {
                shape.rows.push(vec![("type", open.pop().unwrap().to_owned())]);
            }
            _ => {
                let kind = dice.of(&KINDS).to_owned();
                shape.questions.push((kind.clone(), format!("q{at}")));
                shape.rows.push(vec![("type", kind), ("name", format!("q{at}"))]);
            }
        }
    }
    while let Some(end) = open.pop() {
        shape.rows.push(vec![("type", end.to_owned())]);
    }
    shape
}

fn question(shape: &Shape, dice: &mut Dice) -> String {
    match shape.questions.len() {
        0 => "nothing".to_owned(),
        count => shape.questions[dice.below(count)].1.clone(),
    }
}

fn expression(shape: &Shape, dice: &mut Dice) -> String {
    let (a, b) = (question(shape, dice), question(shape, dice));
    let repeat = match shape.repeats.len() {
        0 => a.clone(),
        count => shape.repeats[dice.below(count)].clone(),
    };
    match dice.below(14) {
        0 => format!("${{{a}}} > 3"),
        1 => format!("sum(${{{a}}}) + count(${{{repeat}}})"),
        2 => format!("concat(${{{a}}}, ' & ', \"<\", ${{{b}}})"),
        3 => "position(..)".to_owned(),
        4 => format!("indexed-repeat(${{{a}}}, ${{{repeat}}}, ${{{b}}})"),
        5 => format!("indexed-repeat(${{{a}}}, ${{{repeat}}}, position(..) - 1) + ${{{b}}}"),
        6 => format!("instance('l')/root/item[name = ${{{a}}}]/label"),
        7 => format!("${{last-saved#{a}}} = ${{{b}}}"),
        8 => format!("selected(${{{a}}}, 'x') and not(${{{b}}} = '')"),
        9 => format!("pulldata('people', 'k', 'v', ${{{a}}})"),
        10 => format!("if(${{{a}}} > ${{{b}}}, 'yes', 'no')"),
        11 => format!("count(${{{repeat}}}[./{a} > 3])"),
        12 => format!("concat(instance('l')/root/item[name=${{{a}}}]/k, ${{{b}}})"),
        _ => ". > 1 and . < 5".to_owned(),
    }
}

fn text(shape: &Shape, dice: &mut Dice, plain: &str) -> String {
    let a = question(shape, dice);
    match dice.below(6) {
        0 => format!("{plain} of ${{{a}}}"),
        1 => format!("${{{a}}}"),
        2 => format!("{plain} < & \"{plain}\" > ‘x’"),
        3 => format!("${{{a}}}, ${{{a}}} 以及 {plain}。"),
        4 => format!("# {plain}\n**two**  lines"),
        _ => plain.to_owned(),
    }
}

/// The outline with cells in the other columns.
fn filled(dice: &mut Dice) -> Vec<Row> {
    let mut shape = outline(dice);
    let mut rows = std::mem::take(&mut shape.rows);
    for row in &mut rows {
        let kind = row[0].1.clone();
        if kind.starts_with("end") {
            continue;
        }
        if kind == "select_one REPEATED" {
            row[0].1 = format!("select_one ${{{}}}", question(&shape, dice));
        }
        let section = kind.starts_with("begin");
        if kind != "calculate" && !(section && dice.one_in(4)) {
            row.push(("label", text(&shape, dice, "Label")));
        }
        if dice.one_in(4) {
            let relevant = expression(&shape, dice);
            // pyxform forgets the instance of the last record where a section alone speaks of it.
            row.push(("relevant", if section { relevant.replace("last-saved#", "") } else { relevant }));
        }
        if dice.one_in(6) {
            row.push(("appearance", dice.of(&["field-list", "minimal", "w1 multiline", "label"]).to_owned()));
        }
        if dice.one_in(8) {
            row.push(("image", text(&shape, dice, "picture.png")));
        }
        if kind == "begin_repeat" && dice.one_in(3) {
            let a = question(&shape, dice);
            row.push((
                "repeat_count",
                dice.of(&["3", "REF", "REF + 1"]).replace("REF", &format!("${{{a}}}")),
            ));
        }
        if section {
            continue;
        }
        if kind == "calculate" || dice.one_in(10) {
            row.push(("calculation", expression(&shape, dice)));
        }
        if dice.one_in(4) {
            row.push(("hint", text(&shape, dice, "Hint")));
        }
        if dice.one_in(5) {
            row.push(("constraint", expression(&shape, dice)));
            row.push(("constraint_message", text(&shape, dice, "No")));
        }
        if dice.one_in(5) {
            row.push((
                "required",
                dice.of(&["yes", "no", "true()", "TRUE", "${REF} = 1"]).replace("${REF}", "."),
            ));
        }
        if dice.one_in(8) {
            row.push(("readonly", "yes".to_owned()));
        }
        if dice.one_in(5) {
            let a = question(&shape, dice);
            let default = dice.of(&[
                "3",
                "a-b",
                "2026-07-08",
                "today()",
                "REF",
                "1 + 1",
                "-5",
                "x y",
                "concat('a', REF)",
            ]);
            row.push(("default", default.replace("REF", &format!("${{{a}}}"))));
        }
        if dice.one_in(9) {
            let (a, b) = (question(&shape, dice), question(&shape, dice));
            let trigger = if dice.one_in(2) { format!("${{{a}}}") } else { format!("${{{a}}}, ${{{b}}}") };
            row.push(("trigger", trigger));
        }
        if kind.contains("select") && !kind.contains("other") && dice.one_in(3) {
            row.push(("choice_filter", expression(&shape, dice)));
        }
        if (kind.contains("select") || kind == "rank l") && dice.one_in(4) {
            row.push((
                "parameters",
                dice.of(&["randomize=true", "randomize=true seed=7", "randomize=false"]).to_owned(),
            ));
        }
        if kind == "range" && dice.one_in(2) {
            let parameters =
                ["start=0 end=1 step=0.25", "start=10 end=2 step=2", "end=20; step=5", "step=11"];
            row.push(("parameters", dice.of(&parameters).to_owned()));
        }
    }
    rows
}

/// A workbook; in two languages where the dice say so.
fn workbook(dice: &mut Dice) -> (Vec<u8>, String) {
    let languages = dice.one_in(3);
    let labelled = dice.one_in(2);
    let rows = filled(dice);
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut shown = String::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    for (column, head) in (0..).zip(HEADS) {
        let translated = languages && matches!(head, "label" | "hint" | "constraint_message" | "image");
        let head = if translated { format!("{head}::English (en)") } else { head.to_owned() };
        sheet.write_string(0, column, head).unwrap();
    }
    if languages {
        sheet.write_string(0, 17, "label::中文 (zh)").unwrap();
    }
    for (number, row) in (1..).zip(&rows) {
        for (head, cell) in row {
            let column = HEADS.iter().position(|known| known == head).unwrap();
            sheet.write_string(number, u16::try_from(column).unwrap(), cell).unwrap();
            if languages && *head == "label" && number % 3 != 0 {
                sheet.write_string(number, 17, format!("中文 {cell}")).unwrap();
            }
        }
        shown.push_str(&format!("{row:?}\n"));
    }
    let choices = book.add_worksheet().set_name("choices").unwrap();
    let label = if labelled { "label::English (en)" } else { "label" };
    for (row, cells) in
        (0..).zip([["list_name", "name", label, "k"], ["l", "x", "X", "1"], ["l", "y", "Y < 2", "2"]])
    {
        for (column, cell) in (0..).zip(cells) {
            choices.write_string(row, column, cell).unwrap();
        }
    }
    let settings = book.add_worksheet().set_name("settings").unwrap();
    settings.write_string(0, 0, "form_id").unwrap();
    settings.write_string(1, 0, "random").unwrap();
    (book.save_to_buffer().unwrap(), shown)
}

struct Peer {
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

enum Answer {
    Made(String),
    Refused(String),
    Crashed,
}

impl Peer {
    fn start(python: &str) -> Self {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyxform/peer.py");
        let mut process = Command::new(python)
            .arg(script)
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (ask, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, ask, answers }
    }

    fn convert(&mut self, path: &std::path::Path) -> Answer {
        writeln!(self.ask, "{}", path.display()).unwrap();
        let mut head = String::new();
        self.answers.read_line(&mut head).unwrap();
        match head.split_once(' ') {
            Some(("made", length)) => {
                let mut made = vec![0; length.trim().parse().unwrap()];
                self.answers.read_exact(&mut made).unwrap();
                Answer::Made(String::from_utf8(made).unwrap())
            }
            Some(("refused", why)) => Answer::Refused(why.trim().to_owned()),
            _ => Answer::Crashed,
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn random_forms_become_what_pyxform_makes_of_them() {
    let Ok(python) = std::env::var("XUNCHA_PYXFORM") else {
        println!("skipped: XUNCHA_PYXFORM names no Python that has pyxform 4.5.0");
        return;
    };
    let file = std::env::temp_dir().join(format!("xuncha-differential-{}.xlsx", std::process::id()));
    let peer = std::cell::RefCell::new(Peer::start(&python));
    let counts = std::cell::Cell::new((0, 0, 0));
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&proptest::collection::vec(any::<u16>(), 20..400), |numbers| {
        let (bytes, rows) = workbook(&mut Dice(numbers.into_iter()));
        std::fs::write(&file, &bytes).unwrap();
        let theirs = peer.borrow_mut().convert(&file);
        let ours = convert(&bytes, &Limits::default());
        let (mut made, mut refused, mut crashed) = counts.get();
        match (ours, theirs) {
            (Ok(ours), Answer::Made(theirs)) => {
                made += 1;
                if let Some(difference) = canonical::difference(&ours.xml, &theirs) {
                    return Err(TestCaseError::fail(format!("{difference}\n{rows}")));
                }
            }
            (Err(_), Answer::Refused(_)) => refused += 1,
            (_, Answer::Crashed) => crashed += 1,
            (Ok(_), Answer::Refused(why)) => {
                return Err(TestCaseError::fail(format!("pyxform refuses: {why}\n{rows}")));
            }
            (Err(notices), Answer::Made(_)) => {
                return Err(TestCaseError::fail(format!("we refuse: {}\n{rows}", notices[0])));
            }
        }
        counts.set((made, refused, crashed));
        Ok(())
    });
    let _ = std::fs::remove_file(&file);
    let (made, refused, crashed) = counts.get();
    println!("{made} forms equal, {refused} refused by both, {crashed} that stop pyxform with an exception");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(made > 0);
}
