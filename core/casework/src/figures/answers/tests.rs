use super::*;
use crate::figures::tests::{bureau, day};

/// An hour of a day of July 2026 in China; the 8th is a Wednesday.
fn at(day_of_july: i64, hour: i64) -> i64 {
    1_783_440_000_000 + (day_of_july - 8) * 86_400_000 + hour * 3_600_000
}

fn fact(record: &str, party: Party, received_ms: i64, first_ms: Option<i64>) -> AnswerFact {
    AnswerFact { record: record.into(), party, day: day("2026-07-08"), received_ms, first_ms }
}

#[test]
fn office_time_alone_counts_and_what_waits_is_no_part_of_the_mean() {
    let calendar = bureau();
    let facts = [
        // Four hours on Wednesday, and over a weekend: eight on Friday afternoon and Monday morning.
        fact("r1", Party::Leaders, at(8, 8), Some(at(8, 12))),
        fact("r2", Party::Leaders, at(10, 14), Some(at(13, 12))),
        fact("r3", Party::Leaders, at(8, 8), None),
        fact("r4", Party::Districts, at(8, 8), None),
    ];
    let found = first_answer(Party::Leaders, day("2026-07-15"), &facts, &calendar);
    assert_eq!(found.figure.fraction(), "2/3");
    assert_eq!(found.average_ms, Some(6 * 3_600_000));
    assert_eq!(found.average(&calendar), "0.8个工作日");
    let none = first_answer(Party::Districts, day("2026-07-15"), &facts, &calendar);
    assert_eq!((none.figure.fraction().as_str(), none.average(&calendar).as_str()), ("0/1", "—"));
    let nothing = first_answer(Party::Utilities, day("2026-07-15"), &facts, &calendar);
    assert_eq!((nothing.figure.fraction().as_str(), nothing.average_ms), ("0/0", None));
}

#[test]
fn an_answer_after_the_day_is_not_there_yet() {
    let calendar = bureau();
    let facts = [fact("r1", Party::Leaders, at(8, 8), Some(at(10, 9)))];
    let before = first_answer(Party::Leaders, day("2026-07-09"), &facts, &calendar);
    assert_eq!((before.figure.count(), before.average_ms), (0, None));
    assert_eq!(first_answer(Party::Leaders, day("2026-07-10"), &facts, &calendar).figure.count(), 1);
    assert_eq!(first_answer(Party::Leaders, day("2026-07-07"), &facts, &calendar).figure.fraction(), "0/0");
}
