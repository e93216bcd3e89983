//! Figures that know what they count: every one holds the sets behind it and can open them.

mod answers;
mod campaign;
mod course;
mod performance;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use answers::{AnswerFact, FirstAnswer, first_answer};
pub use campaign::{CampaignFigures, Scope, TierFigures, campaign};
pub use performance::{Basis, Performance, performance};

use crate::case::{Case, Outcome, Satisfaction, State};
use crate::catalogue::CategoryKey;
use crate::day::Day;
use crate::deadline::Calendar;
use crate::format;
use crate::ids::{CampaignId, CaseId, PersonId, RecordId, SiteId, UnitId};

/// Which party visits an enterprise (走访层级).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 副县级以上领导.
    Leaders,
    /// 各县（市、区）城管局.
    Districts,
    /// 供水、供气、供暖等公用事业企业.
    Utilities,
    /// 科室、大队.
    Departments,
}

impl Party {
    /// All parties, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Leaders, Self::Districts, Self::Utilities, Self::Departments];

    /// The word that ends figure ids, as serde writes it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Leaders => "leaders",
            Self::Districts => "districts",
            Self::Utilities => "utilities",
            Self::Departments => "departments",
        }
    }

    /// Its name in tables.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Leaders => "副县级以上领导",
            Self::Districts => "各县（市、区）城管局",
            Self::Utilities => "公用事业企业",
            Self::Departments => "各科室",
        }
    }
}

/// What a utility company supplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Utility {
    /// 供水.
    Water,
    /// 供气.
    Gas,
    /// 供暖.
    Heating,
}

impl Utility {
    /// Its word.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Water => "供水",
            Self::Gas => "供气",
            Self::Heating => "供暖",
        }
    }
}

/// How a visit came about; the two are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 大走访.
    #[default]
    Visit,
    /// 大排查.
    Sweep,
}

/// A synced visit, as the figures need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFact {
    /// The record.
    pub record: RecordId,
    /// The campaign it belongs to.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// The enterprise that was visited.
    pub site: SiteId,
    /// Who visited.
    pub party: Party,
    /// The unit that visited.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// What it supplies, if it is a utility company.
    #[serde(default)]
    pub utility: Option<Utility>,
    /// How the visit came about.
    #[serde(default)]
    pub channel: Channel,
    /// The day of the visit.
    pub day: Day,
    /// The problems and suggestions that it collected.
    #[serde(default)]
    pub problems: Vec<CaseId>,
}

/// A banner (锦旗): it thanks, it never closes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BannerFact {
    /// The record.
    pub record: RecordId,
    /// The campaign it belongs to.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// The enterprise that gave it.
    pub site: SiteId,
    /// The day.
    pub day: Day,
}

/// Which of the three outcomes a case closed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// 解决.
    Resolved,
    /// 分步解决.
    PhasedPlan,
    /// 政策解释.
    PolicyExplained,
}

impl OutcomeKind {
    /// The three, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Resolved, Self::PhasedPlan, Self::PolicyExplained];

    /// The word that ends figure ids, as serde writes it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::PhasedPlan => "phased_plan",
            Self::PolicyExplained => "policy_explained",
        }
    }

    /// Its word.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Resolved => "解决",
            Self::PhasedPlan => "分步解决",
            Self::PolicyExplained => "政策解释",
        }
    }
}

impl From<&Outcome> for OutcomeKind {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Resolved => Self::Resolved,
            Outcome::PhasedPlan { .. } => Self::PhasedPlan,
            Outcome::PolicyExplained { .. } => Self::PolicyExplained,
        }
    }
}

/// A case, as the figures need it: as it is now, or [as of](CaseFact::as_of) an earlier day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFact {
    /// The case.
    pub case: CaseId,
    /// Its campaign.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// Its category.
    #[serde(default)]
    pub category: Option<CategoryKey>,
    /// Its topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The responsible unit.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// The responsible person.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// The day it was reported.
    pub reported: Day,
    /// When it is, or was, due.
    #[serde(default)]
    pub due_ms: Option<i64>,
    /// Whether the handler's feedback came after the deadline; false while none has come.
    #[serde(default)]
    pub late: bool,
    /// When it was closed.
    #[serde(default)]
    pub closed_ms: Option<i64>,
    /// The day it was closed.
    #[serde(default)]
    pub closed: Option<Day>,
    /// What it closed with.
    #[serde(default)]
    pub outcome: Option<OutcomeKind>,
    /// How often it was sent back.
    #[serde(default)]
    pub reworks: u32,
    /// Excluded from figures of time by an appeal that was granted (申诉).
    #[serde(default)]
    pub exempt: bool,
    /// What the enterprise thinks.
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
}

impl CaseFact {
    /// What a case says to the figures. Its outcome counts only once the case is closed.
    #[must_use]
    pub fn of(case: &Case, calendar: &Calendar) -> Self {
        let closed_ms = case.closed_at_ms.filter(|_| case.state == State::Closed);
        let deadline = case.deadline.as_ref();
        Self {
            case: case.id.clone(),
            campaign: case.campaign.clone(),
            category: case.category.clone(),
            topic: case.topic.clone(),
            state: case.state,
            unit: case.responsible.as_ref().map(|r| r.unit.clone()),
            person: case.responsible.as_ref().map(|r| r.person.clone()),
            reported: Day::of(case.reported_at_ms, calendar),
            due_ms: deadline.map(|d| d.due_ms),
            late: deadline.and_then(|d| d.stopped.as_ref().map(|s| s.at_ms > d.due_ms)).unwrap_or(false),
            closed_ms,
            closed: closed_ms.map(|ms| Day::of(ms, calendar)),
            outcome: closed_ms.and(case.outcome.as_ref()).map(OutcomeKind::from),
            reworks: case.reworks,
            exempt: false,
            satisfaction: case.satisfaction,
        }
    }
}

/// What a set holds, so that a console knows which list to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Sites; counted in 家 for enterprises, 处 else.
    Sites,
    /// Cases; counted in 件, 条 or 个.
    Cases,
    /// Records.
    Records,
    /// Units; counted in 家.
    Units,
}

/// The ids behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// What they are.
    pub of: Counted,
    /// Which they are.
    pub ids: BTreeSet<String>,
}

impl Set {
    /// A set of ids.
    pub fn new(of: Counted, ids: impl IntoIterator<Item = impl ToString>) -> Self {
        Self { of, ids: ids.into_iter().map(|id| id.to_string()).collect() }
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Whether an id is in it.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// A number with its name, its definition and the sets behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its id within a page or report, such as `collected.leaders`.
    pub id: String,
    /// Its name.
    pub zh: String,
    /// What it counts, in one sentence: both sets, the period, what is left out.
    pub definition: String,
    /// What is counted.
    pub numerator: Set,
    /// Of what; `None` for a plain count.
    #[serde(default)]
    pub denominator: Option<Set>,
}

impl Figure {
    /// The number itself.
    #[must_use]
    pub fn count(&self) -> usize {
        self.numerator.count()
    }

    /// `85.2%`; `None` for a plain count and for 0/0.
    #[must_use]
    pub fn percent(&self) -> Option<String> {
        format::percent(self.count(), self.denominator.as_ref()?.count())
    }

    /// `206/268`, or `49` for a plain count, as the screens write numbers.
    #[must_use]
    pub fn fraction(&self) -> String {
        match &self.denominator {
            Some(of) => format!("{}/{}", format::count(self.count()), format::count(of.count())),
            None => format::count(self.count()),
        }
    }
}
