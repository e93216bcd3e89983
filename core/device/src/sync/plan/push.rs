//! Pushing: batches that adapt, bisection, custody for the op that nothing else helps.

use std::collections::{BTreeSet, HashMap, VecDeque};

use xuncha_wire::OpId;
use xuncha_wire::push::{PushAnswer, Verdict};

use super::{Decided, Effect, EndKind, Failure, HubSays, Limits, Planner, Stage};
use crate::store::ops::{Head, OpState};

/// How many listings of one sync: ops made while it runs go up in it, but not for ever.
const ROUNDS: u32 = 3;

/// Where pushing stands.
pub(super) struct Push {
    /// Still to be sent in this sync, in order.
    queue: VecDeque<Head>,
    /// How many of them the request under way holds.
    batch: usize,
    /// How often this very batch was answered by an error.
    batch_fails: u32,
    /// Present size of batches.
    ops: usize,
    bytes: u64,
    /// Is a bad op being closed in on? Batches then don't grow.
    closing_in: bool,
    /// Ops that this phone's storage damaged: they go to custody as they stand, each in its turn.
    damaged: BTreeSet<u64>,
    /// Highest number that this sync has sent: what is listed again is sent only beyond it.
    sent: u64,
    rounds: u32,
    /// To be done once the new epoch is written.
    pub(super) settle_after_epoch: Option<Effect>,
}

impl Push {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            queue: VecDeque::new(),
            batch: 0,
            batch_fails: 0,
            ops: limits.max_ops,
            bytes: limits.max_bytes,
            closing_in: false,
            damaged: BTreeSet::new(),
            sent: 0,
            rounds: 0,
            settle_after_epoch: None,
        }
    }

    /// Everything is offered anew.
    pub(super) fn begin_again(&mut self) {
        self.queue.clear();
        self.batch = 0;
        self.sent = 0;
        self.rounds = 0;
    }
}

impl Planner {
    pub(super) fn ops_listed(&mut self, heads: Vec<Head>) -> Vec<Effect> {
        self.push.rounds += 1;
        let sent = self.push.sent;
        self.push.queue = heads.into_iter().filter(|head| head.n > sent).collect();
        self.next_push()
    }

    fn next_push(&mut self) -> Vec<Effect> {
        if let Some(head) = self.push.queue.front()
            && self.push.damaged.contains(&head.n)
        {
            let n = head.n;
            return self.ask(Effect::Custody { n });
        }
        let ns = self.batch_after(0);
        if ns.is_empty() {
            return self.all_pushed();
        }
        self.push.batch = ns.len();
        let next = self.batch_after(ns.len());
        self.ask(Effect::Push { ns, next })
    }

    /// The batch behind the first `sent` ops of the queue, of the present size.
    fn batch_after(&self, sent: usize) -> Vec<u64> {
        let (mut bytes, mut ns) = (0_u64, Vec::new());
        for head in self.push.queue.iter().skip(sent).take(self.push.ops.max(1)) {
            if self.push.damaged.contains(&head.n) {
                break;
            }
            // What travels beside the body is below this.
            bytes = bytes.saturating_add(head.bytes).saturating_add(600);
            if !ns.is_empty() && bytes > self.push.bytes {
                break;
            }
            ns.push(head.n);
        }
        ns
    }

    pub(super) fn found_damaged(&mut self, ns: Vec<u64>) -> Vec<Effect> {
        self.push.damaged.extend(ns);
        self.next_push()
    }

    fn all_pushed(&mut self) -> Vec<Effect> {
        if self.stage == Stage::Push {
            self.stage = Stage::Pull;
            return self.ask_page();
        }
        self.finish(EndKind::Done)
    }

    pub(super) fn pushed(&mut self, took_ms: u64, answer: PushAnswer) -> Vec<Effect> {
        let says = HubSays {
            held: answer.held,
            photos_held: answer.photos_held,
            safe_n: answer.safe_n,
            hub_ms: answer.hub_ms,
        };
        self.push.batch_fails = 0;
        self.adapt(took_ms);
        let batch: Vec<Head> = self.push.queue.drain(..self.push.batch.min(self.push.queue.len())).collect();
        self.push.batch = 0;
        self.push.sent = batch.iter().map(|head| head.n).max().unwrap_or(0).max(self.push.sent);
        let verdicts: HashMap<OpId, Verdict> =
            answer.verdicts.into_iter().map(|v| (v.op, v.verdict)).collect();
        let mut decided = Vec::new();
        for head in &batch {
            // An op that the answer forgets, or asks to send again, stays pending and is offered in the next sync.
            match verdicts.get(&head.op).and_then(|verdict| decide(head.op, verdict)) {
                Some(one) => decided.push(one),
                None => self.partly = true,
            }
        }
        if !decided.is_empty() {
            self.progress();
        }
        self.count(&decided);
        let settle = Effect::Settle { decided, says };
        match self.epoch_change(answer.epoch) {
            None => vec![settle],
            Some(set) => {
                self.push.settle_after_epoch = Some(settle);
                vec![set]
            }
        }
    }

    fn count(&mut self, decided: &[Decided]) {
        let of = |state: OpState| decided.iter().filter(|d| d.state == state).count() as u64;
        self.end.pushed += decided.len() as u64;
        self.end.refused += of(OpState::Refused);
        self.end.quarantined += of(OpState::Quarantined);
    }

    fn adapt(&mut self, took_ms: u64) {
        let (most_ops, most_bytes) = (self.limits.max_ops, self.limits.max_bytes);
        if took_ms > self.limits.slow_ms {
            self.push.ops = (self.push.batch / 2).max(1);
            self.push.bytes = (self.push.bytes / 2).max(16 * 1024);
        } else if took_ms < self.limits.quick_ms && !self.push.closing_in {
            self.push.ops = self.push.ops.saturating_mul(2).min(most_ops);
            self.push.bytes = self.push.bytes.saturating_mul(2).min(most_bytes);
        } else if self.push.closing_in {
            // The half without the bad op went through; the other half holds it.
            self.push.ops = (self.push.ops / 2).max(1);
        }
    }

    pub(super) fn settled(&mut self) -> Vec<Effect> {
        if self.push.queue.is_empty() && self.stage == Stage::Push && self.push.rounds < ROUNDS {
            // Also after a new epoch, which has set more to pending.
            return vec![Effect::ListOps];
        }
        self.next_push()
    }

    pub(super) fn push_failed(&mut self, failure: &Failure) -> Vec<Effect> {
        let by_content =
            matches!(failure, Failure::Refused | Failure::Server | Failure::TooLarge | Failure::NotFound);
        if let Some(Effect::Custody { .. }) = self.request {
            // Not even custody: leave it waiting, go on with the others if the hub is well.
            return if by_content { self.skip_first() } else { self.again(failure, None) };
        }
        if !by_content {
            return self.again(failure, None);
        }
        self.push.batch_fails += 1;
        // The first failure of a batch may be an accident. While closing in, once is enough.
        if self.push.batch_fails < 2 && !self.push.closing_in {
            return self.again(failure, None);
        }
        self.push.batch_fails = 0;
        // Closing in takes about ten requests for 500 ops: they count as progress of a kind, with an end.
        self.fails = self.fails.min(1);
        if self.push.batch > 1 {
            self.push.closing_in = true;
            self.push.ops = (self.push.batch / 2).max(1);
            return self.next_push();
        }
        match self.push.queue.front() {
            Some(head) => {
                let n = head.n;
                self.ask(Effect::Custody { n })
            }
            None => self.all_pushed(),
        }
    }

    pub(super) fn custody_taken(&mut self) -> Vec<Effect> {
        self.progress();
        let Some(head) = self.push.queue.pop_front() else { return self.all_pushed() };
        self.found_bad(head.n);
        self.end.pushed += 1;
        self.end.quarantined += 1;
        // `Settled` follows, and the rest is sent in whole batches again.
        vec![Effect::Keep { n: head.n }]
    }

    fn skip_first(&mut self) -> Vec<Effect> {
        self.partly = true;
        if let Some(head) = self.push.queue.pop_front() {
            self.found_bad(head.n);
        }
        // A hub that takes nothing at all is not asked for each op of the queue.
        self.push.rounds += 1;
        if self.push.rounds > ROUNDS { self.finish(EndKind::Trouble) } else { self.next_push() }
    }

    fn found_bad(&mut self, n: u64) {
        self.push.sent = self.push.sent.max(n);
        self.push.closing_in = false;
        self.push.ops = self.limits.max_ops;
    }
}

fn decide(op: OpId, verdict: &Verdict) -> Option<Decided> {
    let state = match verdict {
        Verdict::Applied | Verdict::Duplicate => OpState::Applied,
        Verdict::Refused { .. } => OpState::Refused,
        Verdict::Quarantined { .. } => OpState::Quarantined,
        Verdict::Retry => return None,
    };
    Some(Decided { op, state, verdict: verdict.clone() })
}
