use super::*;

fn takes(pattern: &str, text: &str) -> bool {
    known(pattern, |_| true).is_some_and(|pattern| pattern.takes(text))
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
fn lookaheads_at_the_beginning_are_read() {
    let password = r"^(?=.*[A-Z])(?=.*\d)(?!.*\s).{6,}$";
    assert!(takes(password, "Abcde1"));
    for text in ["abcde1", "Abcdef", "Ab 1ef", "Ab1"] {
        assert!(!takes(password, text), "{text}");
    }
    assert!(takes(r"(?!(a|b)\))[a-z)]+", "ca"));
    assert!(!takes(r"(?!(a|b)\))[a-z)]+", "a)x"));
    assert!(takes("(?=[)])[)]x", ")x"));
}

#[test]
fn what_cannot_be_read_is_told() {
    for pattern in ["a(?=b)c", r"(a)\1", "(?<!a)b", "a)(b", "[a", "(?=a)b|c", "(", r"\"] {
        assert!(!is_readable(pattern), "{pattern}");
        assert!(known(pattern, |_| true).is_none(), "{pattern}");
    }
    for pattern in ["", "a|b", ".{0,2000}", "(?=a)(b|c)", "^$", "a{2,3}+"] {
        assert!(is_readable(pattern), "{pattern}");
    }
}

#[test]
fn what_takes_too_much_is_not_compiled() {
    assert!(known(".{0,1999}", |effort| effort < 1 << 14).is_none());
    assert!(known(".{0,1999}", |_| true).is_some());
}
