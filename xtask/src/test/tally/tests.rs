use super::{Counter, Tally};

fn count(output: &str) -> Tally {
    let mut counter = Counter::default();
    output.lines().for_each(|line| counter.see(line));
    Tally { said: Vec::new(), ..counter.tally() }
}

#[test]
fn cargos_results_are_summed() {
    let output = "running 2 tests\ntest a ... ok\n\
        test result: ok. 34 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 7.42s\n\
        test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
    assert_eq!(count(output), Tally::of(37, 2));
}

#[test]
fn mavens_total_counts_and_its_classes_do_not() {
    let output = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.5 s -- in ATest\n\
        [ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.5 s <<< FAILURE! -- in BTest\n\
        [ERROR] Tests run: 6, Failures: 1, Errors: 1, Skipped: 1";
    assert_eq!(count(output), Tally::of(3, 2));
}

#[test]
fn xctest_counts_once_though_it_reports_every_suite() {
    let output = "\t Executed 2 tests, with 0 failures (0 unexpected) in 0.1 (0.1) seconds\n\
        \t Executed 3 tests, with 1 failure (0 unexpected) in 0.1 (0.1) seconds\n\
        \t Executed 5 tests, with 1 failure (0 unexpected) in 0.2 (0.2) seconds\n\
        \t Executed 5 tests, with 1 failure (0 unexpected) in 0.2 (0.2) seconds";
    assert_eq!(count(output), Tally::of(4, 1));
}

#[test]
fn an_empty_xctest_beside_swift_testing_changes_nothing() {
    let output = "Executed 0 tests, with 0 failures (0 unexpected) in 0.0 (0.0) seconds\n\
        ✔ Test run with 7 tests passed after 0.1 seconds.";
    assert_eq!(count(output), Tally::of(7, 0));
    let failed = "✘ Test run with 7 tests in 2 suites failed after 0.1 seconds with 2 issues.";
    assert_eq!(count(failed), Tally::of(5, 2));
}

#[test]
fn node_and_playwright_are_counted() {
    assert_eq!(count("ℹ tests 6\nℹ pass 5\nℹ fail 1"), Tally::of(5, 1));
    assert_eq!(count("# pass 5\n# fail 0"), Tally::of(5, 0));
    assert_eq!(count("  1 failed\n    a.spec.ts:3\n  5 passed (3.1s)"), Tally::of(5, 1));
}

#[test]
fn other_lines_count_nothing() {
    let output = "3 passed the door\nwarning: 12 failed attempts\nTests run: many\ntest result: unknown";
    assert_eq!(count(output), Tally::default());
}
