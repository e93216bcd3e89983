//! Who answers for what: unit → post → person, for every site, and where nobody does yet.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{CampaignId, PersonId, SiteId, UnitId};

/// The class of a road (道路等级): it decides frequency, severity and deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// 主干道: strictly managed (严管).
    Main,
    /// 次干道: strictly controlled (严控).
    Secondary,
    /// 背街小巷: regulated (规范).
    Back,
}

/// What kind of site it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// 企业、企业项目.
    Enterprise,
    /// 沿街门店.
    Shop,
    /// 道路.
    Road,
    /// 管理部件: manhole cover, lamp, sign.
    Facility,
    /// 餐饮单位.
    Restaurant,
    /// 测评点位.
    Point,
}

/// The one who answers for a case or a site. Names are those of the moment, kept with the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsible {
    /// The unit.
    pub unit: UnitId,
    /// The unit's name at the time.
    #[serde(default)]
    pub unit_name: String,
    /// The post within the unit (岗位).
    #[serde(default)]
    pub post: String,
    /// The person.
    pub person: PersonId,
    /// The person's name at the time.
    #[serde(default)]
    pub person_name: String,
}

/// A site of a campaign and who answers for it; `None` is a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The site.
    pub site: SiteId,
    /// The campaign, or `None` for the standing responsibility.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// Who answers.
    #[serde(default)]
    pub responsible: Option<Responsible>,
}

/// Where responsibility is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Gaps {
    /// 无责任人: sites without a person.
    pub sites_without_person: BTreeSet<SiteId>,
    /// 有人无任务: persons of the roster to whom nothing is assigned.
    pub persons_without_site: BTreeSet<PersonId>,
}

/// Finds the sites nobody answers for and the persons who have none.
///
/// A site counts as assigned only if an assignment names a person; a blank person id is no person.
#[must_use]
pub fn gaps<'a>(
    sites: impl IntoIterator<Item = &'a SiteId>,
    persons: impl IntoIterator<Item = &'a PersonId>,
    assignments: &[Assignment],
) -> Gaps {
    let named: Vec<(&SiteId, &PersonId)> = assignments
        .iter()
        .filter_map(|a| a.responsible.as_ref().map(|r| (&a.site, &r.person)))
        .filter(|(_, person)| !person.as_str().trim().is_empty())
        .collect();
    let covered: BTreeSet<&SiteId> = named.iter().map(|(site, _)| *site).collect();
    let busy: BTreeSet<&PersonId> = named.iter().map(|(_, person)| *person).collect();
    Gaps {
        sites_without_person: sites.into_iter().filter(|s| !covered.contains(s)).cloned().collect(),
        persons_without_site: persons.into_iter().filter(|p| !busy.contains(p)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(site: &str, person: &str) -> Assignment {
        Assignment {
            site: site.into(),
            campaign: None,
            responsible: Some(Responsible {
                unit: "u1".into(),
                unit_name: String::new(),
                post: String::new(),
                person: person.into(),
                person_name: String::new(),
            }),
        }
    }

    #[test]
    fn a_campaign_of_268_projects_shows_the_two_that_nobody_has() {
        let sites: Vec<SiteId> = (0..268).map(|n| SiteId(format!("p{n}"))).collect();
        let persons: Vec<PersonId> = ["li", "wang", "idle"].map(PersonId::from).to_vec();
        let mut assignments: Vec<_> =
            (0..266).map(|n| to(&format!("p{n}"), if n % 2 == 0 { "li" } else { "wang" })).collect();
        assignments.push(Assignment { site: "p266".into(), campaign: None, responsible: None });
        assignments.push(to("p267", " "));
        let gaps = gaps(&sites, &persons, &assignments);
        assert_eq!(gaps.sites_without_person, ["p266", "p267"].map(SiteId::from).into());
        assert_eq!(gaps.persons_without_site, ["idle"].map(PersonId::from).into());
    }
}
