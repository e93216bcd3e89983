//! Uploading: ask what is there, append from there, let the hub say when it is whole.

use std::collections::VecDeque;

use xuncha_wire::BlobId;
use xuncha_wire::blob::HAVE_MAX;

use super::{Effect, EndKind, Failure, Limits, PhotoMark, Planner, Stage};

/// How often one photo may be begun again because what arrived did not hash to its name.
const WRONG_HASHES: u32 = 1;

/// Where uploading stands.
pub(super) struct Photos {
    /// Not asked about yet.
    unasked: Vec<(BlobId, u64)>,
    /// Asked about in the request under way.
    asked: Vec<(BlobId, u64)>,
    /// To be uploaded, in order.
    queue: VecDeque<(BlobId, u64)>,
    /// To be marked as held.
    held: VecDeque<BlobId>,
    /// The one under way.
    current: Option<(BlobId, u64)>,
    at: u64,
    piece: u64,
    wrong_hashes: u32,
    changed: bool,
}

impl Photos {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            unasked: Vec::new(),
            asked: Vec::new(),
            queue: VecDeque::new(),
            held: VecDeque::new(),
            current: None,
            at: 0,
            piece: limits.piece.0.saturating_mul(4).min(limits.piece.1),
            wrong_hashes: 0,
            changed: false,
        }
    }
}

impl Planner {
    pub(super) fn photos_listed(&mut self, list: Vec<(BlobId, u64)>) -> Vec<Effect> {
        self.photos.unasked = list;
        self.next_photo()
    }

    pub(super) fn had(&mut self, have: &[bool]) -> Vec<Effect> {
        for (nth, photo) in std::mem::take(&mut self.photos.asked).into_iter().enumerate() {
            if have.get(nth).copied().unwrap_or(false) {
                self.photos.held.push_back(photo.0);
            } else {
                self.photos.queue.push_back(photo);
            }
        }
        self.next_photo()
    }

    pub(super) fn next_photo(&mut self) -> Vec<Effect> {
        if let Some((id, size)) = self.photos.current.clone() {
            // A mark in the middle was written down: go on.
            return self.append(id, size);
        }
        if let Some(id) = self.photos.held.pop_front() {
            self.photos.changed = true;
            self.progress();
            return vec![Effect::Mark { id, mark: PhotoMark::Held }];
        }
        if let Some(photo) = self.photos.queue.pop_front() {
            let id = photo.0.clone();
            self.photos.current = Some(photo);
            self.photos.wrong_hashes = 0;
            return self.ask(Effect::AskOffset { id });
        }
        if !self.photos.unasked.is_empty() {
            let count = self.photos.unasked.len().min(HAVE_MAX);
            self.photos.asked = self.photos.unasked.drain(..count).collect();
            let ids = self.photos.asked.iter().map(|(id, _)| id.clone()).collect();
            return self.ask(Effect::Have { ids });
        }
        if self.photos.changed && !self.outdated {
            self.stage = Stage::LastPull;
            return self.ask_page();
        }
        self.finish(EndKind::Done)
    }

    fn append(&mut self, id: BlobId, size: u64) -> Vec<Effect> {
        let at = self.photos.at;
        let length = self.photos.piece.min(size.saturating_sub(at));
        self.ask(Effect::Append { id, at, length })
    }

    pub(super) fn photo_at(&mut self, offset: u64, whole: bool, took_ms: u64) -> Vec<Effect> {
        let Some((id, size)) = self.photos.current.clone() else { return self.next_photo() };
        if whole {
            self.progress();
            self.photos.current = None;
            self.photos.changed = true;
            self.end.uploaded += 1;
            return vec![Effect::Mark { id, mark: PhotoMark::Held }];
        }
        let appended = matches!(self.request, Some(Effect::Append { .. }));
        if offset > self.photos.at {
            self.progress();
        } else if appended {
            // Sent, and the hub stands where it stood.
            self.fails += 1;
            if self.fails >= self.limits.tries {
                return self.give_up("stuck");
            }
        }
        if appended && took_ms < self.limits.quick_ms {
            self.photos.piece = self.photos.piece.saturating_mul(2).min(self.limits.piece.1);
        }
        if offset > size {
            return self.give_up("offset");
        }
        self.photos.at = offset;
        if appended {
            return vec![Effect::Mark { id, mark: PhotoMark::Arrived(offset) }];
        }
        self.append(id, size)
    }

    fn give_up(&mut self, why: &'static str) -> Vec<Effect> {
        self.partly = true;
        self.fails = 0;
        match self.photos.current.take() {
            Some((id, _)) => vec![Effect::Mark { id, mark: PhotoMark::Trouble(why) }],
            None => self.next_photo(),
        }
    }

    pub(super) fn photo_failed(&mut self, failure: &Failure) -> Vec<Effect> {
        let Some((id, size)) = self.photos.current.clone() else {
            // Asking what the hub has failed.
            return self.again(failure, None);
        };
        match failure {
            Failure::WrongOffset(at) if *at <= size => {
                if *at > self.photos.at {
                    self.progress();
                }
                self.photos.at = *at;
                if self.fails >= self.limits.tries { self.give_up("offset") } else { self.append(id, size) }
            }
            Failure::WrongHash => {
                self.photos.wrong_hashes += 1;
                self.photos.at = 0;
                if self.photos.wrong_hashes > WRONG_HASHES {
                    self.give_up("hash")
                } else {
                    self.append(id, size)
                }
            }
            Failure::NotFound => self.give_up("unknown"),
            Failure::TooLarge => self.give_up("too_large"),
            Failure::Refused | Failure::WrongOffset(_) => self.give_up("refused"),
            Failure::Busy if self.fails >= self.limits.tries => self.give_up("busy"),
            _ => {
                self.photos.piece = (self.photos.piece / 2).max(self.limits.piece.0);
                // Whatever arrived before the cut is at the hub: ask where it stands.
                self.again(failure, Some(Effect::AskOffset { id }))
            }
        }
    }
}
