use proptest::collection::vec;
use proptest::prelude::proptest;
use proptest::sample::select;

use super::*;

fn takes(pattern: &str, text: &str) -> bool {
    known(pattern, |_| true).is_some_and(|pattern| pattern.takes(text, |_| true))
}

#[test]
fn long_repetitions_are_patterns() {
    for pattern in
        [r"\w{30}", r"[\w.]{1,64}@\w{1,255}", ".{0,2000}", r"[\u4e00-\u9fa5]{1,500}", r"\p{L}{1,40}"]
    {
        assert!(known(pattern, |_| true).is_some(), "{pattern}");
    }
    assert!(takes(r"\w{30}", &"a1_".repeat(10)));
    assert!(takes(".{0,2000}", "巡查"));
    assert!(!takes(".{0,2000}", &"x".repeat(2001)));
}

#[test]
fn classes_are_of_ascii() {
    assert!(takes(r"\w+", "abc_1"));
    assert!(!takes(r"\w+", "巡查"));
    assert!(takes(r"\W+", "巡查"));
    assert!(!takes(r"\d+", "１２"));
    assert!(takes(r"[\d-]+", "1-2"));
    assert!(takes(r"[^\s\d]+", "巡查"));
    assert!(!takes(r"[^\s\d]+", "a 1"));
    assert!(takes(r"\\d", r"\d"));
}

#[test]
fn lookarounds_and_back_references_are_read() {
    let password = r"^(?=.*[A-Z])(?=.*\d)(?!.*\s).{6,}$";
    assert!(takes(password, "Abcde1"));
    for text in ["abcde1", "Abcdef", "Ab 1ef", "Ab1"] {
        assert!(!takes(password, text), "{text}");
    }
    let held = [
        (r"(?!(a|b)\))[a-z)]+", "ca", "a)x"),
        ("(?=[)])[)]x", ")x", "(x"),
        ("a(?=b)[bc]+d", "abcd", "acbd"),
        ("(?=a)b|c", "c", "b"),
        (r"(\w)-\1", "a-a", "a-b"),
        (r"(?<first>\d)\k<first>", "11", "12"),
        ("[ab]+(?<!a)c", "abc", "bac"),
        ("(?<=x|yy)z|.(?<=x)z", "xz", "yz"),
        ("(?>a+)b", "aab", "aac"),
        ("(?>a+)ab|c", "c", "aab"),
        (r"\d{4}(?!\d)(-\d{2})?", "2026-11", "20261"),
    ];
    for (pattern, good, bad) in held {
        assert!(takes(pattern, good), "{pattern} {good}");
        assert!(!takes(pattern, bad), "{pattern} {bad}");
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let repeated = ["(?:(?=.*x)a)*", "((?:b(?!c))a){2,}", "(?:(?<=a)b)+"];
    let foreign = [r"(a)\g<1>", "(a)(?1)", "(?(1)a|b)", "(?P>a)", r"a\Kb", "(?R)?"];
    let broken = ["a)(b", "[a", "(", r"\", r"(a)\2", "(?<=a", "(?=a)b)("];
    for pattern in [&repeated[..], &foreign, &broken].concat() {
        assert!(!is_readable(pattern), "{pattern}");
        assert!(known(pattern, |_| true).is_none(), "{pattern}");
    }
    for pattern in ["", "a|b", ".{0,2000}", "(?=a)(b|c)", "^$", "a{2,3}+", "(?=.{0,2000}x)a", r"(?:(?=a)\h)?"]
    {
        assert!(is_readable(pattern), "{pattern}");
    }
}

#[test]
fn what_goes_back_is_paid_for_and_ends() {
    let back = known(r"(?!b)(a*)*\1c", |_| true).unwrap();
    assert!(!back.takes("aaa", |effort| effort < 5_000));
    let most = std::cell::Cell::new(0);
    let endless = "a".repeat(200);
    assert!(!back.takes(&endless, |effort| {
        most.set(most.get().max(effort));
        true
    }));
    assert_eq!(most.get(), usize::MAX, "the limit was met, and said so");
}

#[test]
fn what_takes_too_much_is_not_compiled() {
    assert!(known(".{0,1999}", |effort| effort < 1 << 14).is_none());
    assert!(known(".{0,1999}", |_| true).is_some());
}

proptest! {
    #[test]
    fn no_pattern_breaks_anything(
        parts in vec(select(&PARTS[..]), 0..12),
        text in "[ab1 \n)巡]{0,12}",
    ) {
        let pattern = parts.concat();
        if let Some(found) = known(&pattern, |_| true) {
            found.takes(&text, |_| true);
        }
        is_readable(&pattern);
    }
}

const PARTS: [&str; 44] = [
    "a",
    "b",
    "1",
    " ",
    ".",
    "巡",
    "(",
    ")",
    "(?:",
    "(?=",
    "(?!",
    "(?<=",
    "(?<!",
    "(?>",
    "(?<n>",
    "(?i)",
    "|",
    "*",
    "+",
    "?",
    "{2}",
    "{1,3}",
    "{,2}",
    "[",
    "]",
    "[^",
    "-",
    "&&",
    "^",
    "$",
    "\\",
    "\\1",
    "\\2",
    "\\k<n>",
    "\\b",
    "\\w",
    "\\d",
    "\\h",
    "\\p{L}",
    "\\u4e00",
    "\\x{1F600}",
    "\\Q",
    "\\A",
    "\\z",
];
