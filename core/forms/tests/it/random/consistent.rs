//! What holds of every form without another engine: what was worked out step by step is what a draft opened anew
//! works out; saving, taking back, languages and the order of answers lose nothing.

use super::frame::folder;
use super::script::Hand;
use super::{Dice, expressions, forms, no_case_is};
use crate::corpus;
use crate::plan::shown;
use crate::script::{self, Desk};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use xuncha_forms::{Moment, NodeRef, Question, QuestionKind, Session};

fn desk() -> Desk {
    Desk { moment: Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 }, count: 0 }
}

/// Everything that a screen shows and everything that is kept.
fn seen(session: &Session) -> Vec<Value> {
    let mut all = script::record(session).as_array().unwrap().clone();
    all.extend(
        session.blocking().iter().map(|one| json!(format!("{} {:?} {}", one.at, one.reason, one.message))),
    );
    all
}

fn difference(what: &str, step: &Value, one: &[Value], other: &[Value]) -> Result<(), String> {
    let differ = one.iter().zip(other).find(|(one, other)| one != other);
    match differ {
        Some((one, other)) => Err(format!("{what} after {step}\n{one}\n{other}")),
        None if one.len() != other.len() => {
            Err(format!("{what} after {step}: {} and {}", one.len(), other.len()))
        }
        None => Ok(()),
    }
}

fn opened(session: &Session) -> Session {
    let (again, misfits) =
        Session::restore(Arc::clone(session.form()), &session.save(), &mut desk()).unwrap();
    assert!(misfits.is_empty(), "{misfits:?}");
    again
}

/// A draft opened anew shows the same, and saves the same bytes.
fn holds_when_opened(hand: &Hand, step: &Value) -> Result<(), String> {
    let mut again = opened(&hand.session);
    let language = hand.session.language().unwrap_or_default().to_owned();
    again.set_language(&language);
    difference("opened anew", step, &seen(&hand.session), &seen(&again))?;
    let (one, other) = (hand.session.save(), again.save());
    if one == other {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Err(format!("saved again after {step}\n{}\n{}", text(&one), text(&other)))
}

/// Another language and back.
fn holds_in_languages(hand: &mut Hand, step: &Value) -> Result<(), String> {
    let languages = hand.session.form().languages().to_vec();
    let own = hand.session.language().unwrap_or_default().to_owned();
    let before = seen(&hand.session);
    for language in languages {
        hand.session.set_language(&language);
    }
    hand.session.set_language(&own);
    difference("another language and back", step, &before, &seen(&hand.session))
}

/// Does it, takes it back, and does it again.
fn holds_when_taken_back(hand: &mut Hand, step: &Value) -> Result<(), String> {
    let (before, saved) = (seen(&hand.session), hand.session.save());
    let count = hand.desk.count;
    hand.act(step);
    if matches!(step["op"].as_str(), Some("language" | "reopen")) {
        return Ok(());
    }
    let after = seen(&hand.session);
    if after == before && saved == hand.session.save() {
        return Ok(());
    }
    if !hand.session.undo() {
        return Err(format!("nothing to take back after {step}"));
    }
    difference("taken back", step, &before, &seen(&hand.session))?;
    if saved != hand.session.save() {
        return Err(format!("another draft when taken back {step}"));
    }
    hand.desk.count = count;
    hand.act(step);
    difference("done again", step, &after, &seen(&hand.session))
}

/// Two answers that have nothing to do with each other, in either order.
fn holds_in_any_order(hand: &Hand, dice: &mut Dice<'_>) -> Result<(), String> {
    let mut one = fork(hand);
    let mut questions = shown(&one.session).0;
    questions.retain(|question| {
        !question.readonly && !question.has_choices && question.kind != QuestionKind::Note
    });
    if questions.len() < 2 {
        return Ok(());
    }
    let first = questions.swap_remove(dice.pick(questions.len()));
    let second = questions.swap_remove(dice.pick(questions.len()));
    let (Some(a), Some(b)) = (one.answer(&first, dice), one.answer(&second, dice)) else { return Ok(()) };
    let step = |question: &Question, value: &str| json!({"op": "answer", "ref": question.at.as_str(), "value": value});
    let steps = [step(&first, &a), step(&second, &b)];
    let mut other = fork(hand);
    // A choice that leaves its list on the way does not come back, and what a lowered count hides is no question.
    let kept = choices(&one.session);
    for (at, hand) in [([0, 1], &mut one), ([1, 0], &mut other)] {
        for at in at {
            if hand.act(&steps[at]).contains_key("error") || choices(&hand.session) != kept {
                return Ok(());
            }
        }
    }
    difference("in another order", &json!(steps), &seen(&one.session), &seen(&other.session))
}

fn choices(session: &Session) -> BTreeMap<NodeRef, String> {
    let mut all = BTreeMap::new();
    for one in script::record(session).as_array().unwrap() {
        if !one["choices"].is_null() {
            let at = NodeRef::new(one["ref"].as_str().unwrap());
            all.insert(at, one["value"].as_str().unwrap_or_default().to_owned());
        }
    }
    all
}

fn fork(hand: &Hand) -> Hand {
    let mut again = Hand::over(opened(&hand.session), desk());
    again.session.set_language(hand.session.language().unwrap_or_default());
    again
}

fn tree(rolls: &[u32], folder: &Path) -> Result<(), (String, String)> {
    let mut dice = Dice { left: rolls.iter() };
    let xml = forms::form(&mut dice, true);
    let told = |what: String| (what, xml.clone());
    let mut hand = Hand::begin(&xml, folder, desk()).map_err(|error| told(error.to_string()))?;
    holds_when_opened(&hand, &json!("loading")).map_err(told)?;
    for _ in 0..16 {
        let mut ahead = fork(&hand);
        // What loading sets may be set off anew: that is looked at where it is opened.
        for step in ahead.next(&mut dice, false) {
            holds_when_taken_back(&mut hand, &step).map_err(told)?;
            holds_when_opened(&hand, &step).map_err(told)?;
            if dice.chance(25) {
                holds_in_languages(&mut hand, &step).map_err(told)?;
            }
        }
        // An action's own order is that of the answers.
        if !xml.contains("xforms-value-changed") && !xml.contains("once(") {
            holds_in_any_order(&hand, &mut dice).map_err(told)?;
        }
    }
    Ok(())
}

fn expression(rolls: &[u32], folder: &Path) -> Result<(), (String, String)> {
    let case = expressions::case(Dice { left: rolls.iter() });
    let told = |what: String| (what, case.xml.clone());
    let mut hand = Hand::begin(&case.xml, folder, desk()).map_err(|error| told(error.to_string()))?;
    let chance = ["random(", "uuid("].iter().any(|name| case.xml.contains(name));
    for step in case.steps["steps"].as_array().unwrap() {
        if ["answer", "add_repeat", "remove_repeat"].contains(&step["op"].as_str().unwrap()) {
            if chance
                || shown(&hand.session).0.iter().all(|one| one.at.as_str() != step["ref"])
                    && step["op"] == "answer"
            {
                hand.act(step);
                continue;
            }
            holds_when_taken_back(&mut hand, step).map_err(told)?;
            holds_when_opened(&hand, step).map_err(told)?;
        }
    }
    Ok(())
}

#[test]
fn random_forms_are_the_same_when_opened_anew_taken_back_or_answered_in_another_order() {
    let folder = folder("consistent-forms");
    let wrong = |rolls: Vec<u32>| tree(&rolls, &folder).err();
    no_case_is(&prop::collection::vec(any::<u32>(), 400..1000), wrong, String::clone);
}

#[test]
fn random_expressions_are_the_same_when_opened_anew_or_taken_back() {
    let folder = folder("consistent-expressions");
    let wrong = |rolls: Vec<u32>| expression(&rolls, &folder).err();
    no_case_is(&prop::collection::vec(any::<u32>(), 0..160), wrong, String::clone);
}

/// Whether a form calculates the node of a reference.
fn is_calculated(xml: &str, at: &str) -> bool {
    let path: String =
        at.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
    let of = format!("nodeset=\"{path}\"");
    xml.split("<bind").any(|bind| {
        let bind = bind.split('>').next().unwrap_or_default();
        bind.contains(&of) && bind.contains("calculate=")
    })
}

/// A walk by chance over a form that people wrote, and all of it taken back.
fn walk(path: &Path, steps: usize) -> Result<(), String> {
    let xml = std::fs::read_to_string(path).unwrap();
    let mut hand = Hand::begin(&xml, path.parent().unwrap(), desk()).map_err(|error| error.to_string())?;
    let begun = (seen(&hand.session), hand.session.save());
    let language = hand.session.language().unwrap_or_default().to_owned();
    // The same walk every time, another one for each form.
    let mut state = u32::try_from(xml.len()).unwrap_or(1) | 1;
    let mut roll = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let rolls: Vec<u32> = (0..steps * 20).map(|_| roll()).collect();
    let mut dice = Dice { left: rolls.iter() };
    for _ in 0..steps {
        let mut ahead = fork(&hand);
        for step in ahead.next(&mut dice, false) {
            // Opening takes a person's text over a calculation away again.
            if step["op"] == "reopen" || is_calculated(&xml, step["ref"].as_str().unwrap_or_default()) {
                continue;
            }
            holds_when_taken_back(&mut hand, &step)?;
            holds_when_opened(&hand, &step)?;
            if dice.chance(25) {
                holds_in_languages(&mut hand, &step)?;
            }
        }
    }
    hand.session.set_language(&language);
    while hand.session.undo() {}
    if begun.1 != hand.session.save() {
        return Err("another draft when all was taken back".to_owned());
    }
    difference("all taken back", &json!("walk"), &begun.0, &seen(&hand.session))
}

#[test]
fn forms_of_the_corpus_hold_on_walks_by_chance() {
    let mut wrong = Vec::new();
    for path in corpus::forms() {
        let xml = std::fs::read_to_string(&path).unwrap();
        // Chance is another one when a draft is opened.
        if ["uuid(", "random(", "randomize("].iter().any(|name| xml.contains(name)) {
            continue;
        }
        let steps = if xml.len() > 200_000 { 3 } else { 25 };
        let walked = std::panic::catch_unwind(|| walk(&path, steps));
        let walked = walked.unwrap_or_else(|_| Err("PANIC".to_owned()));
        wrong.extend(walked.err().map(|error| format!("{}: {error}", corpus::name(&path))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
