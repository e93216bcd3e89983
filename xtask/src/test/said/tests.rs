use super::{LINES, Said};

fn said(output: &str) -> Vec<String> {
    let mut said = Said::default();
    output.lines().for_each(|line| said.see(line));
    said.lines()
}

#[test]
fn a_rust_test_is_named_with_its_panic() {
    let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\n\n\
        thread 'b' panicked at src/b.rs:3:5:\nassertion failed: held == 1\n";
    let found = ["---- b stdout ----", "thread 'b' panicked at src/b.rs:3:5:", "assertion failed: held == 1"];
    assert_eq!(said(output), found);
}

#[test]
fn a_kotlin_test_is_named_with_its_line_once() {
    let output = "[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0 <<< FAILURE! -- in EveryQuestion\n\
        [ERROR] EveryQuestion.everyKind -- Time elapsed: 9 s <<< FAILURE!\n\tat EveryQuestion.kt:43\n\
        [ERROR] Failures: \n[ERROR]   EveryQuestion.everyKind:43 Expected value to be true.\n[INFO] \n\
        [ERROR] Tests run: 8, Failures: 1, Errors: 0, Skipped: 0";
    assert_eq!(said(output), ["[ERROR]   EveryQuestion.everyKind:43 Expected value to be true."]);
}

#[test]
fn a_swift_test_is_named_with_its_expectation() {
    let testing = "✘ Test aPatrol() recorded an issue at OneVisit.swift:12:5: Expectation failed: held == 1";
    let xctest = "Tests/OneVisit.swift:9: error: OneVisit.aPatrol : XCTAssertEqual failed";
    assert_eq!(said(&format!("◇ Test aPatrol() started.\n{testing}\n{xctest}\n")), [testing, xctest]);
}

#[test]
fn a_browser_test_is_named_with_what_stands_behind_it() {
    let output = "ok 1 - a page\nnot ok 2 - the ledger\n  ---\n  error: '2 rows'\n  ...\n";
    assert_eq!(said(output), ["not ok 2 - the ledger", "  ---", "  error: '2 rows'", "  ..."]);
}

#[test]
fn thousands_of_failures_stay_a_page() {
    assert_eq!(said(&"not ok 1 - the ledger\n".repeat(5_000)).len(), LINES);
    assert!(said("test b ... ok\n[INFO] BUILD SUCCESS").is_empty());
}
