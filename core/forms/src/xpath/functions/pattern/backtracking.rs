//! Patterns with lookarounds, atomic groups or back references, which no engine matches in linear time.
//!
//! Three things bound a match: how often it goes back; that nothing that looks around is repeated, so that each time it
//! looks at the text once; and that the caller pays for both beforehand.

use super::Unread;
use fancy_regex::{CompileError, Error, Regex, RegexBuilder};

/// How often a match may go back.
const BACK: usize = 5_000;
/// Steps of a pattern.
const STEPS: usize = 1 << 16;

/// What matching this text may take, in evaluations.
pub(super) fn effort(text: &str) -> usize {
    const AT_ONCE: usize = 16;
    BACK.saturating_mul(1 + text.len() / AT_ONCE)
}

pub(super) fn compiled(pattern: &str, size: usize) -> Result<Regex, Unread> {
    if !is_bounded(pattern) {
        return Err(Unread::Unclear);
    }
    RegexBuilder::new(pattern)
        .backtrack_limit(BACK)
        .delegate_size_limit(size)
        .delegate_dfa_size_limit(size)
        .delegate_dfa_skip_cache_capacity_check(false)
        .max_prog_size(STEPS)
        .build()
        .map_err(|error| match error {
            Error::CompileError(error) => match *error {
                CompileError::InnerError(error) if error.size_limit().is_some() => Unread::TooLarge,
                CompileError::PatternTooComplex | CompileError::DfaBuildError(..) => Unread::TooLarge,
                _ => Unread::Unclear,
            },
            _ => Unread::Unclear,
        })
}

/// Whether it is of Java's language, which has no calls of groups and no conditions, and repeats nothing that looks
/// around.
fn is_bounded(pattern: &str) -> bool {
    let mut open = Vec::new();
    let (mut class, mut escaped) = (0usize, false);
    for (at, c) in pattern.char_indices() {
        let rest = pattern.get(at + c.len_utf8()..).unwrap_or_default();
        if escaped {
            escaped = false;
            if matches!(c, 'g' | 'G' | 'K' | 'O' | 'R' | 'X') {
                return false;
            }
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => class += 1,
            ']' => class = class.saturating_sub(1),
            '(' if class == 0 => {
                let looks = ["?=", "?!", "?<=", "?<!"].iter().any(|word| rest.starts_with(word));
                let calls = ["?(", "?&", "?P", "?R", "?~", "*"].iter().any(|word| rest.starts_with(word));
                let numbered =
                    rest.strip_prefix('?').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                if calls || numbered {
                    return false;
                }
                open.push(looks);
            }
            ')' if class == 0 => {
                let looked = open.pop().unwrap_or_default();
                if looked && rest.starts_with(['*', '+', '{']) {
                    return false;
                }
                if let Some(around) = open.last_mut() {
                    *around |= looked;
                }
            }
            _ => {}
        }
    }
    true
}
