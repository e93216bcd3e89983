//! Forms and scripts that grammars make, run here and on JavaRosa: one of expressions, one of whole forms.
//!
//! 200 pairs of each ([`CI`]); `XUNCHA_PAIRS` says another number, `XUNCHA_SEED` others of them.

mod consistent;
mod coverage;
mod expressions;
mod forms;
mod frame;
mod questions;
mod references;
mod script;

use crate::compare::{self, Difference};
use crate::javarosa::{self, now, ours};
use crate::plan;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::Path;

/// How many decisions a case of each grammar has.
const EXPRESSIONS: Range<usize> = 0..160;
const FORMS: Range<usize> = 200..600;

/// How many pairs CI compares.
const CI: u32 = 200;

/// Decisions, one after the other; when they run out, always the first choice, which is the simplest.
pub struct Dice<'d> {
    left: std::slice::Iter<'d, u32>,
}

impl Dice<'_> {
    pub fn pick(&mut self, choices: usize) -> usize {
        self.left.next().map_or(0, |roll| *roll as usize % choices)
    }

    pub fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.pick(of.len())]
    }

    /// True so many times out of a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.left.next().is_some_and(|roll| roll % 100 >= 100 - percent)
    }
}

/// A form and a script for it.
pub struct Case {
    pub xml: String,
    pub steps: Value,
    /// What the grammar chose, for who reads of a difference.
    pub expressions: Vec<String>,
}

/// A form of the second grammar and a script for it.
fn tree(mut dice: Dice<'_>, folder: &Path) -> Case {
    let xml = forms::form(&mut dice, false);
    let desk = crate::script::Desk { moment: now(), count: 0 };
    let steps = match script::Hand::begin(&xml, folder, desk) {
        Ok(mut hand) => script::beside(&mut hand, &mut dice, 8),
        Err(_) => serde_json::json!({"steps": []}),
    };
    Case { xml, steps, expressions: Vec::new() }
}

#[test]
fn random_expressions_behave_as_in_collect() {
    behaves_as_in_collect("random-expressions", EXPRESSIONS, |dice, _| expressions::case(dice));
}

#[test]
fn random_forms_behave_as_in_collect() {
    behaves_as_in_collect("random-forms", FORMS, tree);
}

/// Runs a grammar here and on the peer, all pairs whatever differs; the first one that does is made as small as it goes.
fn behaves_as_in_collect(name: &str, rolls: Range<usize>, case: fn(Dice<'_>, &Path) -> Case) {
    let Some(peer) = javarosa::peer(name).map(RefCell::new) else { return };
    let folder = peer.borrow().folder.clone();
    frame::lay_files(&folder);
    let form = folder.join("random.xml");
    let compared = Cell::new(0);
    let wrong = |rolls: Vec<u32>| {
        let day = now().unix_ms / 86_400_000;
        let case = case(Dice { left: rolls.iter() }, &folder);
        std::fs::write(&form, in_other_words(&case.xml)).unwrap();
        let theirs = peer.borrow_mut().run(&form, &case.steps);
        std::fs::write(&form, &case.xml).unwrap();
        compared.set(compared.get() + plan::steps(&case.steps).len());
        let different = differences(&case, &ours(&form, &case.steps), &theirs);
        // Two engines that see midnight between them may differ.
        let is_wrong = !different.is_empty() && now().unix_ms / 86_400_000 == day;
        let shown: Vec<String> = different.iter().take(5).map(ToString::to_string).collect();
        is_wrong.then(|| (format!("{:?}\n{}", case.expressions, shown.join("\n")), case))
    };
    no_case_is(&prop::collection::vec(any::<u32>(), rolls), wrong, |case| {
        format!("{}\n{}", case.xml, case.steps)
    });
    println!("{name}: {} steps compared", compared.get());
}

/// 200 cases, always the same, or as many as `XUNCHA_PAIRS` says: what is wrong of each, and the first one made small.
pub fn no_case_is<T>(
    strategy: &impl Strategy<Value = Vec<u32>>,
    wrong: impl Fn(Vec<u32>) -> Option<(String, T)>,
    show: impl Fn(&T) -> String,
) {
    let cases: u32 = std::env::var("XUNCHA_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(CI);
    let mut runner = runner();
    let (mut all, mut first) = (Vec::new(), None);
    for number in 0..cases {
        let tree = strategy.new_tree(&mut runner).unwrap();
        if let Some((what, case)) = wrong(tree.current()) {
            all.push(format!("{number}: {what}"));
            first.get_or_insert((tree, what, case));
        }
    }
    let Some((mut tree, mut what, mut case)) = first else { return };
    let mut smaller = tree.simplify();
    for _ in 0..600 {
        if !smaller {
            break;
        }
        match wrong(tree.current()) {
            Some(found) => {
                (what, case) = found;
                smaller = tree.simplify();
            }
            None => smaller = tree.complicate(),
        }
    }
    let listed = all.len().min(40);
    panic!(
        "{} of {cases} cases\n{}\n\nThe first, made small:\n{what}\n{}",
        all.len(),
        all[..listed].join("\n"),
        show(&case)
    );
}

/// Always the same cases, in the same order; others where `XUNCHA_SEED` names a number.
fn runner() -> TestRunner {
    let named: Option<u64> = std::env::var("XUNCHA_SEED").ok().and_then(|seed| seed.parse().ok());
    let rng = match named {
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        Some(seed) => TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(); 4].concat()),
    };
    TestRunner::new_with_rng(Config::default(), rng)
}

/// What JavaRosa has no word for, in words that it has.
fn in_other_words(xml: &str) -> String {
    let last = "if(count(/data/r) = 0, '', indexed-repeat(/data/r/n, /data/r, count(/data/r)))";
    xml.replace("/data/r[position() = last()]/n", last)
        .replace("count(/data/r[position() = last()])", "min(1, count(/data/r))")
        .replace("count(//n)", "count(/data/r/n)")
        .replace("count(/data/r/n | /data/a)", "(count(/data/r/n) + count(/data/a))")
        .replace("count(/data/r/*)", "(count(/data/r/n) + count(/data/r/k))")
}

/// What differs and is not meant to: of what a lowered count hides the peer has nothing, or what it had.
fn differences(case: &Case, ours: &Value, theirs: &Value) -> Vec<Difference> {
    let counted = case.xml.match_indices("jr:count=").filter_map(|(at, _)| case.xml[..at].rsplit('"').nth(1));
    let counted: Vec<&str> = counted.filter_map(|path| path.rsplit('/').next()).collect();
    let hidden =
        |one: &Difference| one.hidden && counted.iter().any(|name| one.place.contains(&format!("/{name}[")));
    compare::differences(&case.steps, ours, theirs).into_iter().filter(|one| !hidden(one)).collect()
}
