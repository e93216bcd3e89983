//! The time limits of filing conditions, and the deadline that follows from one.

use xuncha_casework::catalogue::CategoryKey;
use xuncha_casework::{Limit, due};
use xuncha_forms::Mapped;

use super::Drawing;
use crate::casebook;
use crate::fill::pages::within;

impl Drawing<'_> {
    /// The preview of a deadline, and how it is computed; both empty where none follows from the answer.
    pub(super) fn deadline(&self, at: &str, raw: &str) -> (String, String) {
        let preview = || {
            let rules = self.filling.rules.as_ref()?;
            let limit = self.limit(&self.category_beside(at)?, raw)?;
            let deadline = due(self.filling.hub_now(&self.core.env), limit, &rules.calendar).ok()?;
            let calendar = &rules.calendar;
            Some((
                self.made(|| deadline.preview(calendar), || deadline.preview_en(calendar)),
                self.made(|| deadline.explain(calendar), || deadline.explain_en(calendar)),
            ))
        };
        if raw.is_empty() { Default::default() } else { preview().unwrap_or_default() }
    }

    /// If `at` asks for a filing condition: the category that stands beside it.
    pub(super) fn category_beside(&self, at: &str) -> Option<CategoryKey> {
        // The mark may stand on the question, or on what is calculated from it beside it (`condition_id`).
        let asks = |m: &&Mapped| m.at.as_str() == at || m.at.as_str().strip_suffix("_id") == Some(at);
        self.marks.iter().filter(|m| m.attribute == "problem.condition").find(asks)?;
        let problem = self.marks.iter().find(|m| m.attribute == "problem" && within(at, &m.at));
        let beside = |m: &&Mapped| {
            m.attribute == "problem.category" && problem.is_none_or(|p| within(m.at.as_str(), &p.at))
        };
        let common = |m: &&Mapped| m.attribute == "problem.category";
        let mark = self.marks.iter().find(beside).or_else(|| self.marks.iter().find(common))?;
        casebook::category(mark.value.as_deref()?)
    }

    pub(super) fn limit(&self, key: &CategoryKey, condition: &str) -> Option<Limit> {
        let rules = self.filling.rules.as_ref()?;
        let road =
            self.marks.iter().find(|m| m.attribute == "problem.road_class").and_then(|m| m.value.as_deref());
        let road = road.and_then(casebook::from_word).or(self.filling.road);
        // A cascade's choices carry their category in front: `matter-06010.small`.
        let id = condition.rsplit('.').next().unwrap_or(condition);
        rules.catalogue_of(key)?.limit(key, &id.into(), road)
    }
}
