//! The wide button: what leads on.

use xuncha_forms::{Blocking, Item, NodeRef};

use super::Drawing;
use crate::fill::pages::{Page, find, label_of, within};
use crate::view::{MainButton, MainKind};

impl Drawing<'_> {
    pub(super) fn main_in_repeat(&self, items: &[Item], at: &NodeRef) -> MainButton {
        match self.blocking.iter().find(|b| within(b.at.as_str(), at)) {
            Some(next) => self.next_question(items, next),
            None => MainButton {
                label: self.say("完成这条", "Done with this one"),
                kind: MainKind::FinishRepeat,
                target: at.0.clone(),
            },
        }
    }

    pub(super) fn main_of_page(&self, pages: &[Page], index: usize) -> MainButton {
        let items: &[Item] = pages.get(index).map_or(&[], |page| &page.items);
        if let Some(next) = self.blocking.iter().find(|b| find(items, b.at.as_str()).is_some()) {
            return self.next_question(items, next);
        }
        if let Some(page) = pages.get(index + 1) {
            let (nth, of) = (index + 2, pages.len());
            let name = if page.label.is_empty() {
                String::new()
            } else {
                format!("{}{}", self.say("：", ": "), page.label)
            };
            return MainButton {
                label: self
                    .say(format!("下一页{name}（{nth}/{of}）"), format!("Next page{name} ({nth}/{of})")),
                kind: MainKind::NextPage,
                target: String::new(),
            };
        }
        match self.blocking.len() {
            0 => MainButton {
                label: self.say("完成", "Finish"),
                kind: MainKind::Finish,
                target: String::new(),
            },
            missing => MainButton {
                label: self.say(format!("还差{missing}项，去补"), format!("{missing} missing, go there")),
                kind: MainKind::GoMissing,
                target: self.blocking.first().map(|b| b.at.0.clone()).unwrap_or_default(),
            },
        }
    }

    fn next_question(&self, items: &[Item], next: &Blocking) -> MainButton {
        let target = next.at.0.clone();
        let instance = items.iter().find_map(|item| match item {
            Item::Repeat(repeat) => {
                let nth = repeat.instances.iter().position(|one| within(&target, &one.at))?;
                let missing = self
                    .blocking
                    .iter()
                    .filter(|b| repeat.instances.get(nth).is_some_and(|one| within(b.at.as_str(), &one.at)))
                    .count();
                Some((nth + 1, missing))
            }
            _ => None,
        });
        let label = match instance {
            Some((nth, missing)) => self.say(
                format!("第{nth}条还差{missing}项，去补"),
                format!("No. {nth}: {missing} missing, go there"),
            ),
            None => {
                let name = label_of(items, &target).unwrap_or_default();
                self.say(format!("下一项：{name}"), format!("Next: {name}"))
            }
        };
        MainButton { label, kind: MainKind::NextQuestion, target }
    }
}
