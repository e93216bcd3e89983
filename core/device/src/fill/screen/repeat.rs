//! A repeat as cards.

use xuncha_forms::{self as forms, Item, NodeRef};

use super::{Drawing, count};
use crate::fill::pages::{Page, within};
use crate::view::{Repeat, RepeatCard};

impl Drawing<'_> {
    pub(super) fn repeat(&self, repeat: forms::Repeat) -> Repeat {
        let can_remove = repeat.can_remove;
        let card = |(index, one): (usize, &forms::RepeatInstance)| {
            let missing = self.blocking.iter().filter(|b| within(b.at.as_str(), &one.at)).count();
            let (mut words, mut thumbs) = (Vec::new(), Vec::new());
            self.card(&one.children, &mut words, &mut thumbs);
            RepeatCard {
                at: one.at.0.clone(),
                number: count(index + 1),
                headline: words.join(" · "),
                thumbs,
                status_word: if missing == 0 {
                    self.say("填齐", "complete")
                } else {
                    self.say(format!("差{missing}项"), format!("{missing} missing"))
                },
                missing: count(missing),
                can_remove,
            }
        };
        Repeat {
            cards: repeat.instances.iter().enumerate().map(card).collect(),
            at: repeat.at.0,
            add_label: if repeat.instances.is_empty() {
                self.say("加一个", "Add")
            } else {
                self.say("再加一个", "Add another")
            },
            label: repeat.label.text,
            can_add: repeat.can_add,
        }
    }

    /// First words and thumbnails of an instance.
    fn card(&self, items: &[Item], words: &mut Vec<String>, thumbs: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Question(question) => match &question.value {
                    forms::Answer::File(name) => {
                        thumbs.extend(
                            self.photo(name).map(|photo| photo.thumb_path).filter(|path| !path.is_empty()),
                        );
                    }
                    forms::Answer::Empty | forms::Answer::Acknowledged | forms::Answer::GeoPoint(_) => {}
                    _ if words.len() < 4 && !question.display.is_empty() => {
                        words.push(question.display.chars().take(20).collect());
                    }
                    _ => {}
                },
                Item::Group(group) => self.card(&group.children, words, thumbs),
                Item::Repeat(_) => {}
            }
        }
    }

    pub(super) fn instance_label(&self, pages: &[Page], at: &NodeRef) -> String {
        let (nth, of) = pages.iter().find_map(|page| place_of(&page.items, at)).unwrap_or((1, 1));
        self.say(format!("第{nth}条，共{of}条"), format!("{nth} of {of}"))
    }
}

fn place_of(items: &[Item], at: &NodeRef) -> Option<(usize, usize)> {
    items.iter().find_map(|item| match item {
        Item::Repeat(repeat) => {
            let nth = repeat.instances.iter().position(|one| one.at == *at);
            let inner = || repeat.instances.iter().find_map(|one| place_of(&one.children, at));
            nth.map(|nth| (nth + 1, repeat.instances.len())).or_else(inner)
        }
        Item::Group(group) => place_of(&group.children, at),
        Item::Question(_) => None,
    })
}
