//! The figures of a campaign: visits and problems by party, what became of them, progress, gaps.

use std::collections::{BTreeMap, BTreeSet};

use super::{BannerFact, CaseFact, Channel, Counted, Figure, OutcomeKind, Party, Set, Utility, VisitFact};
use crate::day::Day;
use crate::ids::{CampaignId, CaseId, SiteId};

/// What is counted: a campaign, up to and including a day, over its register of sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The campaign; `None` counts every fact that is handed in.
    pub campaign: Option<CampaignId>,
    /// The last day that counts (截至).
    pub as_of: Day,
    /// The sites of the campaign.
    pub sites: BTreeSet<SiteId>,
}

/// One party's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierFigures {
    /// The party.
    pub party: Party,
    /// Enterprises that it visited, each once however often.
    pub visited: Figure,
    /// Problems and suggestions that its visits collected.
    pub collected: Figure,
    /// Of these, closed with a lawful outcome.
    pub handled: Figure,
    /// The units that visited.
    pub units: Figure,
    /// What its units supply, in a fixed order.
    pub utilities: BTreeSet<Utility>,
    /// The one topic of everything it collected, if all share one.
    pub topic: Option<String>,
}

/// The figures of a campaign on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFigures {
    /// The day.
    pub as_of: Day,
    /// 走访 206/268家.
    pub visited: Figure,
    /// Parties that visited, in the order of the report.
    pub tiers: Vec<TierFigures>,
    /// Everything that was collected.
    pub collected: Figure,
    /// 已解决或妥善处理, of what was collected.
    pub handled: Figure,
    /// Its split: 解决, 分步解决, 政策解释.
    pub split: Vec<Figure>,
    /// Collected, and no person answers for it.
    pub without_person: Figure,
    /// Collected by a visit, and no case of it is in the ledger.
    pub not_in_ledger: Figure,
    /// Enterprises that gave a banner.
    pub banners: Figure,
    /// Visits of the leaders' 大走访.
    pub grand_visit: Figure,
    /// Visits of the departments' 大排查.
    pub grand_sweep: Figure,
}

impl CampaignFigures {
    /// Every figure, so that a number's link can find its lists.
    pub fn all(&self) -> impl Iterator<Item = &Figure> {
        let tiers = self.tiers.iter().flat_map(|t| [&t.visited, &t.collected, &t.handled, &t.units]);
        let own = [
            &self.visited,
            &self.collected,
            &self.handled,
            &self.without_person,
            &self.not_in_ledger,
            &self.banners,
            &self.grand_visit,
            &self.grand_sweep,
        ];
        own.into_iter().chain(&self.split).chain(tiers)
    }

    /// A figure by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Figure> {
        self.all().find(|figure| figure.id == id)
    }
}

fn figure(id: String, zh: &str, definition: String, numerator: Set, denominator: Option<Set>) -> Figure {
    Figure { id, zh: zh.to_owned(), definition, numerator, denominator }
}

/// Counts a campaign.
///
/// A visit counts on its day, a problem with the visit that collected it (or, where no visit did, with
/// its campaign on the day of its report), an outcome on the day its case was closed. For a day that is past the
/// facts of cases are those [of that day](CaseFact::as_of).
#[must_use]
pub fn campaign(
    scope: &Scope,
    visits: &[VisitFact],
    cases: &[CaseFact],
    banners: &[BannerFact],
) -> CampaignFigures {
    let ours = |campaign: &Option<CampaignId>| scope.campaign.is_none() || *campaign == scope.campaign;
    let visits: Vec<&VisitFact> =
        visits.iter().filter(|v| ours(&v.campaign) && v.day <= scope.as_of).collect();
    let ledger: BTreeMap<&CaseId, &CaseFact> = cases.iter().map(|c| (&c.case, c)).collect();
    let until = format!("截至{}", scope.as_of.month_day());

    let by_visits: BTreeSet<&CaseId> = visits.iter().flat_map(|v| &v.problems).collect();
    let by_campaign = cases
        .iter()
        .filter(|c| scope.campaign.is_some() && ours(&c.campaign) && c.reported <= scope.as_of)
        .map(|c| &c.case);
    let collected: BTreeSet<&CaseId> = by_visits.iter().copied().chain(by_campaign).collect();
    let handled_as = |id: &CaseId| {
        let fact = ledger.get(id)?;
        fact.outcome.filter(|_| fact.closed.is_some_and(|day| day <= scope.as_of))
    };
    let collected_set = Set::new(Counted::Cases, &collected);
    let handled =
        |ids: &BTreeSet<&CaseId>| Set::new(Counted::Cases, ids.iter().filter(|id| handled_as(id).is_some()));
    let split = OutcomeKind::ALL.map(|kind| {
        figure(
            format!("handled.{}", kind.key()),
            kind.zh(),
            format!("{until}，以“{}”结案的问题和建议。", kind.zh()),
            Set::new(Counted::Cases, collected.iter().filter(|id| handled_as(id) == Some(kind))),
            Some(collected_set.clone()),
        )
    });
    let in_register = |v: &&&VisitFact| scope.sites.contains(&v.site);
    let without_person = collected.iter().filter(|id| {
        ledger
            .get(**id)
            .is_none_or(|c| c.person.as_ref().is_none_or(|person| person.as_str().trim().is_empty()))
    });
    CampaignFigures {
        as_of: scope.as_of,
        visited: figure(
            "visited".into(),
            "走访企业",
            format!("{until}走访过的企业项目（同一家只算一次）／专项活动名单上的全部企业项目。"),
            Set::new(Counted::Sites, visits.iter().filter(in_register).map(|v| &v.site)),
            Some(Set::new(Counted::Sites, &scope.sites)),
        ),
        tiers: Party::ALL
            .into_iter()
            .filter_map(|party| tier(party, &visits, &ledger, &until, &handled))
            .collect(),
        handled: figure(
            "handled".into(),
            "已解决或妥善处理",
            format!("{until}已结案（解决、分步解决、政策解释）／收集到的全部问题和建议。"),
            handled(&collected),
            Some(collected_set.clone()),
        ),
        split: split.into(),
        without_person: figure(
            "without_person".into(),
            "尚未落实责任人",
            format!("{until}收集、到当天还没有责任人的问题和建议／收集到的全部。"),
            Set::new(Counted::Cases, without_person),
            Some(collected_set.clone()),
        ),
        not_in_ledger: figure(
            "not_in_ledger".into(),
            "尚未建立台账",
            format!("{until}走访记录里有、台账里还没有案卷的问题和建议／收集到的全部。"),
            Set::new(Counted::Cases, collected.iter().filter(|id| !ledger.contains_key(**id))),
            Some(collected_set.clone()),
        ),
        collected: figure(
            "collected".into(),
            "收集问题和建议",
            format!("{until}走访收集的问题和建议，含专项活动中其他途径上报的。"),
            collected_set,
            None,
        ),
        banners: figure(
            "banners".into(),
            "送锦旗的企业",
            format!("{until}送过锦旗的企业（同一家只算一次）。"),
            Set::new(
                Counted::Sites,
                banners.iter().filter(|b| ours(&b.campaign) && b.day <= scope.as_of).map(|b| &b.site),
            ),
            None,
        ),
        grand_visit: figure(
            "grand_visit".into(),
            "领导“大走访”",
            format!("{until}领导“大走访”的走访记录。"),
            Set::new(Counted::Records, visits.iter().filter(|v| is_grand_visit(v)).map(|v| &v.record)),
            None,
        ),
        grand_sweep: figure(
            "grand_sweep".into(),
            "科室“大排查”",
            format!("{until}科室“大排查”的走访记录。"),
            Set::new(
                Counted::Records,
                visits.iter().filter(|v| v.channel == Channel::Sweep).map(|v| &v.record),
            ),
            None,
        ),
    }
}

fn is_grand_visit(visit: &VisitFact) -> bool {
    visit.party == Party::Leaders && visit.channel == Channel::Visit
}

fn tier(
    party: Party,
    visits: &[&VisitFact],
    ledger: &BTreeMap<&CaseId, &CaseFact>,
    until: &str,
    handled: &impl Fn(&BTreeSet<&CaseId>) -> Set,
) -> Option<TierFigures> {
    let own: Vec<&&VisitFact> = visits.iter().filter(|v| v.party == party).collect();
    if own.is_empty() {
        return None;
    }
    let (key, zh) = (party.key(), party.zh());
    let problems: BTreeSet<&CaseId> = own.iter().flat_map(|v| &v.problems).collect();
    let topics: BTreeSet<Option<&String>> =
        problems.iter().map(|id| ledger.get(*id).and_then(|c| c.topic.as_ref())).collect();
    let topic = match (topics.len(), topics.first()) {
        (1, Some(Some(topic))) => Some((*topic).clone()),
        _ => None,
    };
    let collected = Set::new(Counted::Cases, &problems);
    Some(TierFigures {
        party,
        visited: figure(
            format!("visited.{key}"),
            zh,
            format!("{until}，{zh}走访过的企业（同一家只算一次）。"),
            Set::new(Counted::Sites, own.iter().map(|v| &v.site)),
            None,
        ),
        handled: figure(
            format!("handled.{key}"),
            zh,
            format!("{until}已结案／{zh}走访收集的问题和建议。"),
            handled(&problems),
            Some(collected.clone()),
        ),
        collected: figure(
            format!("collected.{key}"),
            zh,
            format!("{until}，{zh}走访收集的问题和建议。"),
            collected,
            None,
        ),
        units: figure(
            format!("units.{key}"),
            zh,
            format!("{until}参加走访的单位。"),
            Set::new(Counted::Units, own.iter().filter_map(|v| v.unit.as_ref())),
            None,
        ),
        utilities: own.iter().filter_map(|v| v.utility).collect(),
        topic,
    })
}
