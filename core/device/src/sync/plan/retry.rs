//! After a failure: what ends the sync at once, what is tried again, and after how long.

use super::{Effect, EndKind, Failure, Planner, Stage};

impl Planner {
    pub(super) fn failed(&mut self, failure: Failure) -> Vec<Effect> {
        match failure {
            Failure::Revoked => return self.finish(EndKind::Revoked),
            Failure::Gate => return self.finish(EndKind::Gate),
            Failure::Silent => return self.finish(EndKind::Silent),
            Failure::Token if self.logins < 2 => {
                self.logins += 1;
                return vec![Effect::Login];
            }
            Failure::HubFull => return self.finish(EndKind::HubFull),
            _ => {}
        }
        self.fails += 1;
        if self.request.is_none() {
            // Logging in failed.
            return self.again(&failure, Some(Effect::Login));
        }
        match self.stage {
            Stage::Push => self.push_failed(&failure),
            Stage::Pull | Stage::LastPull => self.pull_failed(&failure),
            Stage::Photos => self.photo_failed(&failure),
            Stage::Over => Vec::new(),
        }
    }

    /// Waits and issues the last request (or `instead`) again, unless it was tried often enough.
    pub(super) fn again(&mut self, failure: &Failure, instead: Option<Effect>) -> Vec<Effect> {
        if self.fails >= self.limits.tries {
            return self.finish(match failure {
                Failure::Unreachable => EndKind::Unreachable,
                _ => EndKind::Trouble,
            });
        }
        let ms = match failure {
            Failure::SlowDown(ms) if *ms > self.limits.wait_ms.1 => return self.finish(EndKind::Trouble),
            Failure::SlowDown(ms) => *ms,
            _ => self.jitter(),
        };
        if let Some(request) = instead {
            // A login is not remembered: what was under way before it goes on after it.
            if matches!(request, Effect::Login) {
                self.request = Some(Effect::Login);
            } else {
                self.request = Some(request);
            }
        }
        vec![Effect::Wait { ms }]
    }

    /// Full jitter: anything from nothing to the doubled wait.
    fn jitter(&mut self) -> u64 {
        let (first, longest) = self.limits.wait_ms;
        let most = first.saturating_mul(1 << self.fails.min(16)).min(longest);
        self.seed = splitmix(self.seed);
        if most == 0 { 0 } else { self.seed % (most + 1) }
    }
}

pub(super) fn splitmix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
