//! A question with its answer, its choices and its pictures.

use xuncha_casework::format;
use xuncha_forms::{self as forms, NodeRef};

use super::{Drawing, count};
use crate::fill::{answers, display};
use crate::view::{AnswerView, Choice, Question, RangeView};

/// Most choices drawn on the page; more are searched.
const INLINE: usize = 50;

impl Drawing<'_> {
    pub(super) fn question(&self, question: forms::Question) -> Question {
        let (choices, choice_total) = self.inline_choices(&question);
        let photos = match &question.value {
            forms::Answer::File(name) => self.photo(name).into_iter().collect(),
            _ => Vec::new(),
        };
        let raw = self.filling.session.value(&question.at).unwrap_or_default();
        let (deadline_preview, deadline_explained) = self.deadline(question.at.as_str(), &raw);
        let attribute = |name: &str| {
            question
                .attributes
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let beside = question.label.media();
        let image = self.picture(beside.image.as_deref());
        let big_image = self.picture(beside.big_image.as_deref());
        Question {
            kind: answers::kind(question.kind),
            problem: question
                .problem
                .as_ref()
                .map_or_else(String::new, |problem| self.problem(problem.reason, &problem.message)),
            deadline_preview,
            deadline_explained,
            unit: attribute("unit"),
            value: (!raw.is_empty()).then(|| AnswerView {
                display: display::answer(question.kind, &raw, question.display, self.english),
                raw,
            }),
            at: question.at.0,
            image,
            big_image,
            label: question.label.text,
            hint: question.hint.map(|hint| hint.text).unwrap_or_default(),
            guidance: question.guidance.unwrap_or_default(),
            appearance: question.appearance,
            required: question.required,
            readonly: question.readonly,
            choices,
            choice_total,
            photos,
            range: question.range.map(|range| RangeView {
                start: range.start,
                end: range.end,
                step: range.step,
            }),
        }
    }

    fn inline_choices(&self, question: &forms::Question) -> (Vec<Choice>, u32) {
        if !question.has_choices {
            return (Vec::new(), 0);
        }
        let found = self.filling.session.choices(&question.at, "", INLINE);
        let total = count(found.total);
        if found.total > INLINE {
            return (Vec::new(), total);
        }
        (self.choices(&question.at, found), total)
    }

    /// Choices with the time limits of filing conditions.
    pub(in crate::fill) fn choices(&self, at: &NodeRef, found: forms::Choices) -> Vec<Choice> {
        let condition = self.category_beside(at.as_str());
        let choice = |one: forms::Choice| Choice {
            detail: condition
                .as_ref()
                .and_then(|key| self.limit(key, &one.value))
                .map(|limit| self.made(|| format::limit_short(limit), || format::english::limit(limit)))
                .unwrap_or_default(),
            value: one.value,
            image: self.picture(one.label.media().image.as_deref()),
            label: one.label.text,
            selected: one.selected,
        };
        found.items.into_iter().map(choice).collect()
    }
}
