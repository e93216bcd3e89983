//! The three lawful outcomes, stored apart, and what an enterprise thinks of them.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, PhotoRef};

/// How a case ends. A notice or an assignment is none of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    /// 解决.
    Resolved,
    /// 分步解决: it can't be done at once, so steps with dates are promised.
    PhasedPlan {
        /// The steps, at least one of them in the future when promised.
        steps: Vec<Step>,
    },
    /// 政策解释: policy forbids it, which was explained to the enterprise.
    PolicyExplained {
        /// The rule that it rests on (依据).
        basis: String,
        /// What was explained.
        explanation: String,
        /// The enterprise's confirmation; without it the case can't be closed.
        #[serde(default)]
        acknowledged: Option<Acknowledged>,
    },
}

/// One promised step of a phased plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What will be done.
    pub text: String,
    /// By which day, `YYYY-MM-DD`.
    pub date: String,
    /// Who answers for it.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// Their name at the time.
    #[serde(default)]
    pub person_name: String,
}

/// The enterprise's confirmation that the policy was explained to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Who of the enterprise confirmed, by name.
    pub name: String,
    /// Photo of the signature; may be empty only if the contact confirmed in person.
    #[serde(default)]
    pub signature: Vec<PhotoRef>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub at_ms: i64,
}

/// The enterprise's satisfaction (满意度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 满意.
    Satisfied,
    /// 基本满意.
    Fairly,
    /// 不满意.
    Dissatisfied,
}
