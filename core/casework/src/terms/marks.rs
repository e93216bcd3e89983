//! Marks: icon, word and tone, never colour alone.

use serde::{Deserialize, Serialize};

use super::Term;
use crate::case::{Case, Outcome, State};
use crate::deadline::{Calendar, Tone};
use crate::text::Words;

/// Which icon a mark has; shells and console draw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Icon {
    /// ! in a triangle: 超期.
    Alert,
    /// Clock: time left.
    Clock,
    /// Arrow up in a circle: 在本机, 上传中.
    ArrowUp,
    /// Check in a shield: 平台已收.
    ShieldCheck,
    /// Hand: 平台未采纳.
    Hand,
    /// Box: 平台代管.
    Box,
    /// Play: 办理中.
    Play,
    /// Pause: 已挂账.
    Pause,
    /// Loop with a number: 返工.
    Loop,
    /// Check: 已结案.
    Check,
    /// Eye: 提示.
    Eye,
    /// Pencil: 草稿.
    Pencil,
    /// Inbox: waits at a desk (待受理, 待派遣).
    Inbox,
    /// Cross: 不予立案.
    Cross,
}

/// A mark: icon and word, never colour alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The icon.
    pub icon: Icon,
    /// The word.
    pub words: Words,
    /// The colour's role.
    pub tone: Tone,
}

impl Term {
    /// Its mark; a word that is none gets the pencil of what is only noted.
    #[must_use]
    pub fn mark(self) -> Mark {
        self.mark_saying(self.words())
    }

    /// Its mark with this number.
    #[must_use]
    pub fn mark_number(self, n: u32) -> Mark {
        self.mark_saying(self.number(n))
    }

    /// Its icon and tone with other words.
    #[must_use]
    pub fn mark_saying(self, words: Words) -> Mark {
        let (icon, tone) = self.look().unwrap_or((Icon::Pencil, Tone::Neutral));
        Mark { icon, words, tone }
    }
}

/// The marks of a case in the order of urgency: overdue, state, rework.
#[must_use]
pub fn marks(case: &Case, now_ms: i64, calendar: &Calendar) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Some(deadline) = case.deadline.as_ref().filter(|_| !case.state.is_over()) {
        let chip = deadline.chip(now_ms, calendar);
        if deadline.is_overdue(now_ms) {
            marks.push(Term::MarkOverdue.mark());
        } else if deadline.stopped.is_none() {
            let words = Words::new(chip.text, deadline.chip_en(now_ms, calendar));
            marks.push(Mark { icon: Icon::Clock, words, tone: chip.tone });
        }
    }
    marks.push(state_mark(case));
    if case.reworks > 0 {
        marks.push(Term::MarkReworked.mark_number(case.reworks));
    }
    marks
}

fn state_mark(case: &Case) -> Mark {
    let term = case.state.term();
    match case.outcome.as_ref().map(Outcome::words).filter(|_| case.state == State::Closed) {
        Some(how) => term.mark_saying(Words::new(
            format!("{} {}", term.zh(), how.zh),
            format!("{}: {}", term.en(), how.en),
        )),
        None => term.mark(),
    }
}
