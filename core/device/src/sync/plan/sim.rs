//! Simulation: the planner that ships, against a model hub, with a network that loses requests and answers, delivers
//! old pages, and a phone that is killed at any point. Seeded: a failing seed is a test case.

use std::collections::{BTreeMap, BTreeSet};

use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::pull::{Page, Row, Trailer};
use xuncha_wire::push::{OpVerdict, PushAnswer, Verdict};
use xuncha_wire::{BlobId, Mark, OpId, Scope};

use super::retry::splitmix;
use super::*;
use crate::store::ops::{Head, OpState};

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = splitmix(self.0);
        self.0 % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

fn id(n: u64) -> [u8; 10] {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&n.to_be_bytes());
    random
}

/// One feed: the things in it at the number of their last change.
#[derive(Clone, Default)]
struct Feed {
    seq: u64,
    /// id → (number, version, left)
    things: BTreeMap<String, (u64, u64, bool)>,
}

#[derive(Clone)]
struct Hub {
    epoch: u64,
    /// Ops and how often each took effect.
    ops: BTreeMap<OpId, u32>,
    photos: BTreeMap<BlobId, u64>,
    feeds: BTreeMap<Scope, Feed>,
    granted: BTreeSet<Scope>,
}

impl Hub {
    fn epoch(&self) -> Epoch {
        Epoch::from_parts(1, id(self.epoch))
    }

    fn change(&mut self, dice: &mut Dice) {
        let scopes: Vec<Scope> = self.feeds.keys().cloned().collect();
        let scope = &scopes[dice.roll(scopes.len() as u64) as usize];
        let feed = self.feeds.get_mut(scope).unwrap();
        feed.seq += 1;
        let name = format!("thing-{}", dice.roll(12));
        let version = feed.things.get(&name).map_or(0, |thing| thing.1) + 1;
        feed.things.insert(name, (feed.seq, version, dice.one_in(5)));
        if dice.one_in(20) {
            let scope = scope.clone();
            if !self.granted.remove(&scope) {
                self.granted.insert(scope);
            }
        }
    }

    fn push(&mut self, ops: &[OpId]) -> PushAnswer {
        let mut verdicts = Vec::new();
        for op in ops {
            let known = self.ops.contains_key(op);
            if !known {
                *self.ops.entry(*op).or_default() += 1;
            }
            let verdict = if known { Verdict::Duplicate } else { Verdict::Applied };
            verdicts.push(OpVerdict { op: *op, verdict });
        }
        PushAnswer {
            epoch: self.epoch(),
            held: self.ops.len() as u64,
            photos_held: 0,
            safe_n: 0,
            hub_ms: 0,
            verdicts,
        }
    }

    fn pull(&self, cursor: &Cursor, max: usize) -> Page {
        let (mut rows, mut from, mut to, mut sum) =
            (Vec::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut reset = Vec::new();
        let mut more = false;
        for scope in &self.granted {
            let feed = &self.feeds[scope];
            let mut at = cursor.seq(scope);
            if at > feed.seq {
                reset.push(scope.clone());
                at = 0;
            }
            let mut reached = feed.seq;
            let mut news: Vec<_> = feed.things.iter().filter(|(_, thing)| thing.0 > at).collect();
            news.sort_by_key(|(_, thing)| thing.0);
            if news.len() > max {
                news.truncate(max);
                reached = news.last().unwrap().1.0;
                more = true;
            }
            for (name, thing) in news {
                let body = (!thing.2).then(|| serde_json::value::to_raw_value(&thing.1).unwrap());
                rows.push(Row {
                    s: scope.clone(),
                    q: thing.0,
                    k: "t".into(),
                    id: name.clone(),
                    v: thing.1,
                    leave: thing.2,
                    b: body,
                });
            }
            from.insert(scope.clone(), at);
            to.insert(scope.clone(), format!("{reached}.{}", if reached == 0 { "" } else { "aa" }));
            let there = feed.things.iter().filter(|(_, thing)| !thing.2);
            let all = there.fold(ScopeSum::default(), |sum, (name, thing)| sum.with("t", name, thing.1));
            sum.insert(scope.clone(), (all.count, format!("{:016x}", all.hash)));
        }
        let trailer = Trailer {
            epoch: self.epoch(),
            scopes: self.granted.iter().cloned().collect(),
            from,
            to,
            more,
            reset,
            sum: if more { BTreeMap::new() } else { sum },
            hub_ms: 0,
            held: 0,
            photos_held: 0,
            safe_n: 0,
        };
        Page { rows, trailer }
    }
}

/// What a phone's disk holds.
#[derive(Default)]
struct Phone {
    epoch: Option<Epoch>,
    cursor: Cursor,
    replica: BTreeMap<Scope, BTreeMap<String, u64>>,
    ops: BTreeMap<u64, (OpId, bool)>,
    photos: BTreeMap<BlobId, (u64, bool)>,
}

impl Phone {
    fn sums(&self) -> BTreeMap<Scope, ScopeSum> {
        let sum = |things: &BTreeMap<String, u64>| {
            things.iter().fold(ScopeSum::default(), |sum, (name, version)| sum.with("t", name, *version))
        };
        self.replica.iter().map(|(scope, things)| (scope.clone(), sum(things))).collect()
    }

    fn author(&mut self, dice: &mut Dice) {
        let n = self.ops.len() as u64 + 1;
        self.ops.insert(n, (OpId::from_parts(1, id(n)), false));
        if dice.one_in(3) {
            self.photos.insert(BlobId::of(&n.to_be_bytes()), (1 + dice.roll(3_000_000), false));
        }
    }
}

struct World {
    dice: Dice,
    hub: Hub,
    phone: Phone,
    backup: Hub,
    old_page: Option<Page>,
    calm: bool,
}

impl World {
    /// Does one thing. None: the phone was killed; what the hub did stays done.
    fn perform(&mut self, effect: Effect) -> Option<Event> {
        if !self.calm && self.dice.one_in(25) {
            return None;
        }
        let request = matches!(
            effect,
            Effect::Login
                | Effect::Push { .. }
                | Effect::Pull { .. }
                | Effect::Have { .. }
                | Effect::AskOffset { .. }
                | Effect::Append { .. }
        );
        if request && !self.calm {
            if self.dice.one_in(8) {
                return Some(Event::Failed(Failure::Unreachable));
            }
            if self.dice.one_in(30) {
                self.hub.change(&mut self.dice);
            }
        }
        let event = self.done(effect);
        if request && !self.calm {
            if self.dice.one_in(10) {
                // The hub did it; the answer is lost, or the phone dies before it is written down.
                return if self.dice.one_in(3) { None } else { Some(Event::Failed(Failure::Garbled)) };
            }
            if let Event::Paged(page) = &event {
                let old = self.old_page.replace((**page).clone());
                if let Some(old) = old.filter(|_| self.dice.one_in(6)) {
                    return Some(Event::Paged(Box::new(old)));
                }
            }
        }
        Some(event)
    }

    fn done(&mut self, effect: Effect) -> Event {
        let Self { hub, phone, dice, .. } = self;
        match effect {
            Effect::Login => Event::LoggedIn,
            Effect::ListOps => {
                let waiting = phone.ops.iter().filter(|(_, op)| !op.1);
                Event::Ops(waiting.map(|(n, op)| Head { n: *n, op: op.0, bytes: 1000 }).collect())
            }
            Effect::Push { ns, .. } => {
                let ops: Vec<OpId> = ns.iter().map(|n| phone.ops[n].0).collect();
                Event::Pushed { took_ms: dice.roll(12_000), answer: hub.push(&ops) }
            }
            Effect::Settle { decided, .. } => {
                for one in decided {
                    let op = phone.ops.values_mut().find(|op| op.0 == one.op).unwrap();
                    op.1 = one.state == OpState::Applied;
                }
                Event::Settled
            }
            Effect::SetEpoch { epoch, offer_again } => {
                phone.epoch = Some(epoch);
                if offer_again {
                    phone.cursor = Cursor::default();
                    phone.replica.clear();
                    phone.ops.values_mut().for_each(|op| op.1 = false);
                    phone.photos.values_mut().for_each(|photo| photo.1 = false);
                }
                Event::EpochSet
            }
            Effect::Pull { cursor, .. } => Event::Paged(Box::new(hub.pull(&cursor, 4))),
            Effect::Apply { page, drop, after } => {
                for scope in drop {
                    phone.replica.remove(&scope);
                }
                for row in page.rows {
                    let feed = phone.replica.entry(row.s).or_default();
                    match row.leave {
                        true => feed.remove(&row.id),
                        false => feed.insert(row.id, row.v),
                    };
                }
                phone.cursor = after;
                Event::Applied(phone.sums())
            }
            Effect::Drop { scopes } => {
                for scope in scopes {
                    phone.replica.remove(&scope);
                    phone.cursor.0.remove(&scope);
                }
                Event::Dropped
            }
            Effect::ListPhotos => {
                let waiting = phone.photos.iter().filter(|(_, photo)| !photo.1);
                Event::Photos(waiting.map(|(id, photo)| (id.clone(), photo.0)).collect())
            }
            Effect::Have { ids } => {
                let whole = |id: &BlobId| hub.photos.get(id) == Some(&phone.photos[id].0);
                Event::Had(ids.iter().map(whole).collect())
            }
            Effect::AskOffset { id } => {
                let offset = hub.photos.get(&id).copied().unwrap_or(0);
                Event::At { offset, whole: offset == phone.photos[&id].0, took_ms: 1 }
            }
            Effect::Append { id, at, length } => {
                let held = hub.photos.entry(id.clone()).or_default();
                if *held != at {
                    return Event::Failed(Failure::WrongOffset(*held));
                }
                // A cut in the middle keeps what had arrived.
                *held += if self.calm { length } else { 1 + dice.roll(length) };
                Event::At { offset: *held, whole: *held == phone.photos[&id].0, took_ms: dice.roll(4_000) }
            }
            Effect::Mark { id, mark } => {
                if mark == PhotoMark::Held {
                    phone.photos.get_mut(&id).unwrap().1 = true;
                }
                Event::Marked
            }
            Effect::Wait { .. } => Event::Woke,
            Effect::Custody { .. } | Effect::Keep { .. } | Effect::Finish(_) => {
                panic!("not in this model: {effect:?}")
            }
        }
    }

    /// One sync, to its end or to the phone's.
    fn sync(&mut self) -> Option<End> {
        let mut planner = Planner::new(Limits { page_rows: 4, ..Limits::default() });
        let local = Local {
            epoch: self.phone.epoch,
            cursor: self.phone.cursor.clone(),
            logged_in: false,
            seed: self.dice.roll(u64::MAX),
        };
        let mut todo = planner.handle(Event::Start(local));
        for _ in 0..20_000 {
            let effect = todo.pop()?;
            assert!(todo.is_empty(), "one thing at a time");
            if let Effect::Finish(end) = effect {
                return Some(end);
            }
            let before = self.phone.cursor.clone();
            todo = planner.handle(self.perform(effect)?);
            // A replica never goes back, except where it was dropped on purpose.
            for (scope, mark) in &self.phone.cursor.0 {
                let Mark { seq, .. } = before.0.get(scope).cloned().unwrap_or_default();
                assert!(mark.seq >= seq || before.0.len() > self.phone.cursor.0.len());
            }
        }
        panic!("a sync without an end");
    }

    fn check(&self, seed: u64) {
        for (n, (op, sent)) in &self.phone.ops {
            assert!(*sent, "seed {seed}: op {n} still waits");
            assert_eq!(self.hub.ops.get(op), Some(&1), "seed {seed}: op {n} at the hub");
        }
        for (id, (size, held)) in &self.phone.photos {
            assert!(*held && self.hub.photos.get(id) == Some(size), "seed {seed}: photo");
        }
        for (scope, feed) in &self.hub.feeds {
            let there: BTreeMap<String, u64> = feed
                .things
                .iter()
                .filter(|(_, thing)| !thing.2)
                .map(|(name, thing)| (name.clone(), thing.1))
                .collect();
            let mine = self.phone.replica.get(scope).cloned().unwrap_or_default();
            let wanted = if self.hub.granted.contains(scope) { there } else { BTreeMap::new() };
            assert_eq!(mine, wanted, "seed {seed}: feed {scope}");
        }
    }
}

#[test]
fn whatever_happens_a_quiet_network_brings_everything_together() {
    let mut kills = 0;
    // `XUNCHA_SEEDS` asks for more.
    let seeds = std::env::var("XUNCHA_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    for seed in 0..seeds {
        let scopes: Vec<Scope> = ["t", "d/1", "u/p"].iter().map(|text| text.parse().unwrap()).collect();
        let hub = Hub {
            epoch: 1,
            ops: BTreeMap::new(),
            photos: BTreeMap::new(),
            feeds: scopes.iter().map(|scope| (scope.clone(), Feed::default())).collect(),
            granted: scopes.into_iter().collect(),
        };
        let backup = hub.clone();
        let mut world =
            World { dice: Dice(seed), hub, phone: Phone::default(), backup, old_page: None, calm: false };
        for _ in 0..25 {
            for _ in 0..world.dice.roll(4) {
                world.phone.author(&mut world.dice);
                world.hub.change(&mut world.dice);
            }
            kills += u32::from(world.sync().is_none());
            if world.dice.one_in(12) {
                world.backup = world.hub.clone();
            }
            if world.dice.one_in(30) {
                let epoch = world.hub.epoch + 1;
                world.hub = Hub { epoch, ..world.backup.clone() };
            }
        }
        world.calm = true;
        let mut ended = world.sync().unwrap();
        for _ in 0..3 {
            ended = world.sync().unwrap();
        }
        assert_eq!(ended.kind, EndKind::Done, "seed {seed}");
        world.check(seed);
    }
    assert!(kills > 1000, "only {kills} kills");
}
