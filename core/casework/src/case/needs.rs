//! The evidence that a move needs: what is missing is said before it is refused.

use serde::{Deserialize, Serialize};

use super::{Case, Dispatch, Move, Outcome, Rectification, Rules, Verification, VerifyMode, VerifyResult};
use crate::deadline::Limit;
use crate::ids::PhotoRef;
use crate::text::Words;

/// One thing that a move needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// 描述: what was seen or said.
    Description,
    /// 理由.
    Reason,
    /// 要补充什么.
    Wanted,
    /// 补充的照片或说明: at least one of the two.
    PhotoOrText,
    /// 立案条件: the category has conditions and none is chosen.
    Condition,
    /// 责任单位.
    Unit,
    /// 责任人.
    Person,
    /// 时限: neither the catalogue nor the dispatcher gives one.
    Limit,
    /// 处理说明.
    Note,
    /// 整改后照片: one whose bytes are not those of a photo of before.
    PhotoAfter,
    /// 步骤.
    Steps,
    /// 至少一个今后的日期.
    FutureStep,
    /// 每一步的内容和日期.
    StepTextAndDate,
    /// 政策依据.
    Basis,
    /// 解释内容.
    Explanation,
    /// 企业确认.
    Acknowledgement,
    /// 确认人姓名.
    Name,
    /// 签名照片.
    Signature,
    /// 对照照片: one that neither the report nor the feedback has shown.
    PhotoCompare,
    /// 周围环境照片.
    PhotoSurroundings,
    /// 到现场: the city does not allow verification from the desk here.
    OnSite,
    /// 核查通过 by someone else.
    Verification,
    /// 整改反馈.
    Rectification,
    /// 由别人办理: this person has handled the case.
    AnotherPerson,
    /// 恢复日期: a day after today and within what the city allows.
    UntilDay,
    /// 要更正的内容.
    Change,
}

impl Requirement {
    /// The label of the checklist.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Description => ("问题描述", "description"),
            Self::Reason => ("理由", "reason"),
            Self::Wanted => ("要补充的内容", "what is wanted"),
            Self::PhotoOrText => ("照片或说明", "a photo or a line"),
            Self::Condition => ("立案条件", "filing condition"),
            Self::Unit => ("责任单位", "handling unit"),
            Self::Person => ("责任人", "responsible person"),
            Self::Limit => ("办理时限", "time limit"),
            Self::Note => ("处理说明", "what was done or seen"),
            Self::PhotoAfter => ("整改后照片", "photo of after"),
            Self::Steps => ("分步步骤", "steps"),
            Self::FutureStep => ("至少一个今后的日期", "at least one date in the future"),
            Self::StepTextAndDate => ("每一步的内容和日期", "text and date of every step"),
            Self::Basis => ("政策依据", "basis in policy"),
            Self::Explanation => ("解释内容", "what was explained"),
            Self::Acknowledgement => ("企业确认", "the enterprise's confirmation"),
            Self::Name => ("确认人姓名", "name of who confirms"),
            Self::Signature => ("签名照片", "photo of the signature"),
            Self::PhotoCompare => ("对照照片", "photo for comparison"),
            Self::PhotoSurroundings => ("周围环境照片", "photo of the surroundings"),
            Self::OnSite => ("到现场核查", "verification on site"),
            Self::Verification => ("核查", "verification"),
            Self::Rectification => ("整改反馈", "feedback of the handler"),
            Self::AnotherPerson => ("由处置人以外的人办", "someone other than the handler"),
            Self::UntilDay => ("恢复日期", "day on which work goes on"),
            Self::Change => ("要更正的内容", "what to correct"),
        };
        Words::new(zh, en)
    }
}

/// What a move lacks on this case, in the order of its sheet; empty when its evidence is complete.
///
/// Shells call it while a sheet is being filled; [`super::judge`] calls it before a move takes effect.
#[must_use]
pub fn needs(
    case: Option<&Case>,
    mv: &Move,
    by_contact: bool,
    at_ms: i64,
    rules: &Rules,
) -> Vec<Requirement> {
    let mut missing = Vec::new();
    let mut want = |there: bool, what: Requirement| {
        if !there {
            missing.push(what);
        }
    };
    match mv {
        Move::Report(report) => want(told(&report.description), Requirement::Description),
        Move::Accept(acceptance) => {
            let category = acceptance.category.as_ref().or(case.and_then(|c| c.category.as_ref()));
            let condition = acceptance.condition.as_ref().or(case.and_then(|c| c.condition.as_ref()));
            let has_conditions = category.is_some_and(|key| {
                rules.catalogue_of(key).is_some_and(|c| c.conditions_of(key).next().is_some())
            });
            want(!has_conditions || condition.is_some(), Requirement::Condition);
        }
        Move::RequestMore { wanted } => want(told(wanted), Requirement::Wanted),
        Move::Supplement { text, photos } => want(told(text) || !photos.is_empty(), Requirement::PhotoOrText),
        Move::Correct(correction) => {
            let changes = super::Correction { reason: String::new(), ..(**correction).clone() };
            want(changes != super::Correction::default(), Requirement::Change);
            want(told(&correction.reason), Requirement::Reason);
        }
        Move::Dispatch(dispatch) => dispatch_needs(case, dispatch, rules, &mut want),
        Move::Reject { reason }
        | Move::SendBack { reason }
        | Move::Decline { reason }
        | Move::RequestExtension { reason, .. }
        | Move::Reopen { reason } => want(told(reason), Requirement::Reason),
        Move::Extend { reason, .. } => {
            let answers = case.is_some_and(|c| matches!(c.asked, Some(super::Asked::Extension { .. })));
            want(answers || told(reason), Requirement::Reason);
        }
        Move::RequestSuspension { reason, until } => {
            want(told(reason), Requirement::Reason);
            want(rules.may_suspend_until(until, at_ms), Requirement::UntilDay);
        }
        Move::Suspend { reason, until } => {
            let answers = case.is_some_and(|c| matches!(c.asked, Some(super::Asked::Suspension { .. })));
            want(answers || told(reason), Requirement::Reason);
            want(rules.may_suspend_until(until, at_ms), Requirement::UntilDay);
        }
        Move::Rectify(rectification) => rectify_needs(case, rectification, at_ms, rules, &mut want),
        Move::Acknowledge(acknowledgement) => {
            want(told(&acknowledgement.name), Requirement::Name);
            want(by_contact || !acknowledgement.signature.is_empty(), Requirement::Signature);
        }
        Move::Verify(verification) => verify_needs(case, verification, rules, &mut want),
        Move::Receive { .. }
        | Move::Remind { .. }
        | Move::Resume { .. }
        | Move::Close { .. }
        | Move::Rate { .. } => {}
    }
    missing
}

fn told(text: &str) -> bool {
    !text.trim().is_empty()
}

fn dispatch_needs(
    case: Option<&Case>,
    dispatch: &Dispatch,
    rules: &Rules,
    want: &mut impl FnMut(bool, Requirement),
) {
    want(told(dispatch.responsible.unit.as_str()), Requirement::Unit);
    want(told(dispatch.responsible.person.as_str()), Requirement::Person);
    want(limit_for(case, dispatch, rules).is_some(), Requirement::Limit);
    // A case under way that changes hands must say why; a returned one carries its reason already.
    let under_way = case.is_some_and(|c| c.state == super::State::Dispatched);
    want(!under_way || told(&dispatch.reason), Requirement::Reason);
}

/// The limit of a dispatch: the one set by hand, else the catalogue's.
pub(super) fn limit_for(case: Option<&Case>, dispatch: &Dispatch, rules: &Rules) -> Option<Limit> {
    dispatch.limit.or_else(|| {
        let case = case?;
        let (key, condition) = (case.category.as_ref()?, case.condition.as_ref()?);
        // By the version that filed it, where we still have it: cases under way keep their catalogue.
        let filed = rules.catalogues.iter().find(|c| Some(c.version()) == case.catalogue);
        filed.or_else(|| rules.catalogue_of(key))?.limit(key, condition, case.road_class)
    })
}

/// Is there a photo that was not there before? The same bytes prove nothing new, whatever they are called.
fn shows_more(photos: &[PhotoRef], seen: impl Fn(&PhotoRef) -> bool) -> bool {
    photos.iter().any(|photo| !seen(photo))
}

fn rectify_needs(
    case: Option<&Case>,
    rectification: &Rectification,
    at_ms: i64,
    rules: &Rules,
    want: &mut impl FnMut(bool, Requirement),
) {
    match &rectification.outcome {
        Outcome::Resolved => {
            let seen = |photo: &PhotoRef| case.is_some_and(|c| c.photos.contains(photo));
            let photo = !case.is_some_and(Case::wants_photo) || shows_more(&rectification.photos, seen);
            want(photo, Requirement::PhotoAfter);
            want(told(&rectification.note), Requirement::Note);
        }
        Outcome::PhasedPlan { steps } => {
            want(!steps.is_empty(), Requirement::Steps);
            let whole = |s: &super::Step| told(&s.text) && rules.is_day(&s.date);
            want(steps.iter().all(whole), Requirement::StepTextAndDate);
            want(steps.iter().any(|s| rules.is_after(&s.date, at_ms)), Requirement::FutureStep);
        }
        Outcome::PolicyExplained { basis, explanation, .. } => {
            want(told(basis), Requirement::Basis);
            want(told(explanation), Requirement::Explanation);
        }
    }
}

fn verify_needs(
    case: Option<&Case>,
    verification: &Verification,
    rules: &Rules,
    want: &mut impl FnMut(bool, Requirement),
) {
    // Only what was resolved can be photographed; a plan or an explanation is verified on paper.
    let to_be_seen = case.is_some_and(|c| c.wants_photo() && c.outcome == Some(Outcome::Resolved));
    let seen = |photo: &PhotoRef| {
        let fed_back = |c: &Case| c.rectified.as_ref().is_some_and(|done| done.what.photos.contains(photo));
        case.is_some_and(|c| c.photos.contains(photo) || fed_back(c))
    };
    let photographed = shows_more(&verification.photos, seen);
    match verification.result {
        VerifyResult::Passed => {
            let on_site = verification.mode == VerifyMode::OnSite;
            let desk = !to_be_seen || case.is_some_and(|c| rules.verified_by_photos(c));
            want(on_site || desk, Requirement::OnSite);
            want(!(to_be_seen && on_site) || photographed, Requirement::PhotoCompare);
            want(to_be_seen || told(&verification.note), Requirement::Note);
        }
        VerifyResult::Failed => want(told(&verification.note), Requirement::Note),
        VerifyResult::NotFound => want(photographed, Requirement::PhotoSurroundings),
    }
}

impl Rules {
    fn is_day(&self, date: &str) -> bool {
        self.calendar.day_start_ms(date).is_ok()
    }

    /// Whether a day begins after a moment: today is not the future.
    fn is_after(&self, date: &str, at_ms: i64) -> bool {
        self.calendar.day_start_ms(date).is_ok_and(|start| start > at_ms)
    }

    fn may_suspend_until(&self, until: &str, at_ms: i64) -> bool {
        const DAY_MS: i64 = 86_400_000;
        let furthest = i64::from(self.policy.max_suspension_days).saturating_mul(DAY_MS);
        self.is_after(until, at_ms)
            && self.calendar.day_start_ms(until).is_ok_and(|start| start <= at_ms.saturating_add(furthest))
    }

    fn verified_by_photos(&self, case: &Case) -> bool {
        case.category.as_ref().is_some_and(|key| self.policy.verify_by_photos.contains(key))
    }
}
