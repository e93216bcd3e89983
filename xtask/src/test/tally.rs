//! Counts tests from what the test runners of each language print.

#[cfg(test)]
mod tests;

use super::said::Said;

/// How many tests passed and failed, and what those that failed said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
    /// Lines of the runners' output.
    pub(crate) said: Vec<String>,
}

impl Tally {
    /// A check without tests of its own that passed.
    pub(crate) const ONE: Self = Self::of(1, 0);

    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        self.said.extend(other.said);
        self
    }

    /// Counts alone.
    pub(super) const fn of(passed: u64, failed: u64) -> Self {
        Self { passed, failed, said: Vec::new() }
    }
}

/// Reads a runner's output line by line.
#[derive(Default)]
pub(super) struct Counter {
    said: Said,
    summed: Tally,
    /// XCTest repeats its count for every suite around a test; the largest is the whole.
    xctest: Tally,
}

impl Counter {
    pub(super) fn see(&mut self, line: &str) {
        self.said.see(line);
        let line = line.trim();
        if let Some(found) =
            cargo(line).or_else(|| maven(line)).or_else(|| swift_testing(line)).or_else(|| node(line))
        {
            self.summed = std::mem::take(&mut self.summed).and(found);
        } else if let Some(found) = xctest(line)
            && found.passed + found.failed >= self.xctest.passed + self.xctest.failed
        {
            self.xctest = found;
        }
    }

    pub(super) fn tally(self) -> Tally {
        Tally { said: self.said.lines(), ..self.summed.and(self.xctest) }
    }
}

/// `test result: ok. 34 passed; 0 failed; 0 ignored; …`
fn cargo(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut parts = counts.split("; ");
    let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some(Tally::of(passed, failed))
}

/// Surefire's total: `[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0`; a line for one class has its
/// time behind it.
fn maven(line: &str) -> Option<Tally> {
    let (_, counts) = line.split_once("Tests run: ")?;
    if counts.contains("Time elapsed") {
        return None;
    }
    let mut numbers = counts.split(", ").map(|part| part.rsplit(' ').next()?.parse::<u64>().ok());
    let (run, failures, errors) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let skipped = numbers.next().flatten().unwrap_or(0);
    let failed = failures + errors;
    Some(Tally::of(run.saturating_sub(failed + skipped), failed))
}

/// `Executed 5 tests, with 0 failures (0 unexpected) in …`
fn xctest(line: &str) -> Option<Tally> {
    let (run, rest) = line.strip_prefix("Executed ")?.split_once(" test")?;
    let (_, rest) = rest.split_once("with ")?;
    let (failed, _) = rest.split_once(" failure")?;
    // `2 tests skipped and 0 failures`
    let failed = failed.rsplit(' ').next()?.parse::<u64>().ok()?;
    Some(Tally::of(run.parse::<u64>().ok()?.saturating_sub(failed), failed))
}

/// `✔ Test run with 5 tests passed after …`, `✘ Test run with 5 tests failed after … with 2 issues.`
fn swift_testing(line: &str) -> Option<Tally> {
    let (_, rest) = line.split_once("Test run with ")?;
    let (run, rest) = rest.split_once(" test")?;
    let run: u64 = run.parse().ok()?;
    if rest.contains(" passed") {
        return Some(Tally::of(run, 0));
    }
    let issues = rest.split_once(" with ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    let failed = issues.unwrap_or(1).clamp(1, run.max(1));
    Some(Tally::of(run.saturating_sub(failed), failed))
}

/// Node's runner: `# pass 5` or `ℹ pass 5`, `# fail 1`. Playwright: `5 passed (3.1s)`, `1 failed`.
fn node(line: &str) -> Option<Tally> {
    let unmarked = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "));
    if let Some((word, count)) = unmarked.and_then(|line| line.split_once(' ')) {
        let count = count.parse().ok()?;
        return match word {
            "pass" => Some(Tally::of(count, 0)),
            "fail" => Some(Tally::of(0, count)),
            _ => None,
        };
    }
    let (count, rest) = line.split_once(' ')?;
    let count = count.parse().ok()?;
    match rest {
        "failed" => Some(Tally::of(0, count)),
        rest if rest == "passed" || rest.starts_with("passed (") => Some(Tally::of(count, 0)),
        _ => None,
    }
}
