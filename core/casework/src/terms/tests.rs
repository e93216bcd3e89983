use super::Term;
use crate::case::{MoveKind, State};

#[test]
fn every_state_and_every_mark_has_icon_word_and_tone() {
    for term in Term::ALL {
        let is_mark = term.id().starts_with("state.") || term.id().starts_with("mark.");
        assert_eq!(term.look().is_some(), is_mark, "{}", term.id());
        assert!(!term.zh().is_empty() && !term.en().is_empty(), "{}", term.id());
    }
    for state in State::ALL {
        assert!(state.term().look().is_some(), "{state:?}");
    }
}

#[test]
fn a_step_has_one_word_and_no_two_steps_have_the_same() {
    let mut words: Vec<_> = MoveKind::ALL.iter().map(|kind| kind.words().zh).collect();
    let all = words.len();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), all);
}

#[test]
fn a_number_stands_in_its_place() {
    assert_eq!(Term::MarkReworked.number(2).zh, "返工2次");
    assert_eq!(Term::MarkUploading.number(43).zh, "上传中43%");
}
