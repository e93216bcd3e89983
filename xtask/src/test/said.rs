//! What the tests that failed said, from what the test runners of each language print: the summary repeats it, so
//! that the end of a long log tells what to look at.

#[cfg(test)]
mod tests;

/// Lines behind the one that names a failed test.
const BEHIND: usize = 8;
/// Lines of one command's failures.
const LINES: usize = 60;
/// Characters of one line.
const ACROSS: usize = 300;

/// Reads a runner's output line by line.
#[derive(Default)]
pub(super) struct Said {
    lines: Vec<String>,
    /// So many more lines belong to the failure before.
    behind: usize,
}

impl Said {
    pub(super) fn see(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(behind) = failure(line) {
            self.behind = behind;
        } else if self.behind > 0 && !line.trim().is_empty() {
            self.behind -= 1;
        } else {
            return;
        }
        if self.lines.len() < LINES {
            self.lines.push(line.chars().take(ACROSS).collect());
        }
    }

    pub(super) fn lines(self) -> Vec<String> {
        self.lines
    }
}

/// Does this line name a failed test? Then so many lines behind it say why.
fn failure(line: &str) -> Option<usize> {
    let line = line.trim_start();
    // `---- scene::one_visit stdout ----`
    let cargo = line.starts_with("---- ") && line.ends_with(" stdout ----");
    // `not ok 3 - the ledger is filtered`
    let node = line.starts_with("not ok ");
    if cargo || node {
        return Some(BEHIND);
    }
    // `[ERROR]   EveryQuestion.everyKind:43 Expected value to be true.`
    let surefire =
        line.strip_prefix("[ERROR]   ").is_some_and(|rest| !rest.starts_with(' ') && rest.contains(':'));
    // `✘ Test aPatrol() recorded an issue at OneVisit.swift:12:5: Expectation failed: …`
    let swift_testing = line.contains(" recorded an issue at ");
    // `/…/OneVisitTests.swift:12: error: OneVisitTests.aPatrol : XCTAssertEqual failed: …`
    let xctest = line.contains(".swift:") && line.contains(": error: ");
    (surefire || swift_testing || xctest).then_some(0)
}
