//! The two sentences of the page, from facts, and what is not written when it is not true.

use super::*;
use crate::figures::{
    BannerFact, campaign,
    tests::{day, scene},
};

fn wording() -> Wording {
    Wording {
        bureau: "该局".into(),
        since: day("2026-07-08"),
        kickoff: "“中梗阻”问题整治集中月活动动员部署会".into(),
        with_split: false,
    }
}

fn banner(number: usize, site: &str) -> BannerFact {
    BannerFact {
        record: format!("b{number}").into(),
        campaign: Some("july".into()),
        site: site.into(),
        day: day("2026-07-28"),
    }
}

#[test]
fn the_sentence_of_15_july() {
    let (scope, visits, cases) = scene();
    let figures = campaign(&scope, &visits, &cases, &[]);
    let report = interim(&figures, &wording());
    assert_eq!(
        report.text(),
        "截至7月15日，该局副县级以上领导走访企业43家，收集问题和建议29条；各县（市、区）城管局走访企业133家，\
         收集问题和建议17条；供水、供气、供暖3家公用事业企业走访企业30家，收集涉及供暖问题和建议3条。目前，\
         收集的问题和建议已建立台账，并将整改任务落实到相关责任人。"
    );
    assert_eq!(report.refused, []);
    for segment in &report.segments {
        if let Some(id) = &segment.figure {
            let figure = figures.find(id).unwrap();
            assert_eq!(
                segment.text,
                figure.count().to_string(),
                "the number of {id} is the list that it opens"
            );
        } else {
            let day = |c: char| c.is_ascii_digit();
            let text = segment.text.replace("7月15日", "");
            assert!(!text.contains(day), "a number without a list: {text}");
        }
    }
}

#[test]
fn mixed_topics_are_not_called_heating() {
    let (scope, visits, mut cases) = scene();
    cases[46].topic = Some("用水".into());
    let report = interim(&campaign(&scope, &visits, &cases, &[]), &wording());
    assert!(report.text().contains("走访企业30家，收集问题和建议3条。"), "{}", report.text());
}

#[test]
fn three_problems_without_a_person_change_the_sentence_and_are_listed() {
    let (scope, visits, mut cases) = scene();
    for fact in &mut cases[..3] {
        fact.person = None;
    }
    let report = interim(&campaign(&scope, &visits, &cases, &[]), &wording());
    assert!(report.text().ends_with("目前，收集的问题和建议已建立台账，其中3条尚未落实责任人。"));
    let [clause] = report.refused.as_slice() else { panic!("one clause is refused") };
    assert_eq!(clause.text, "并将整改任务落实到相关责任人");
    assert_eq!(clause.reason, "49条中有3条没有责任人");
    assert_eq!(clause.open.as_ref().unwrap().ids, ["c0", "c1", "c2"].map(str::to_owned).into());
}

#[test]
fn a_problem_that_never_became_a_case_takes_the_ledger_clause_with_it() {
    let (scope, visits, mut cases) = scene();
    cases.remove(7);
    let report = interim(&campaign(&scope, &visits, &cases, &[]), &wording());
    assert!(report.text().ends_with("收集问题和建议3条。") || report.text().ends_with("问题和建议3条。"));
    assert_eq!(report.refused.len(), 2);
    assert_eq!(report.refused[0].reason, "49条中有1条还没有进入台账");
}

#[test]
fn the_sentence_of_1_august() {
    let (mut scope, visits, cases) = scene();
    scope.as_of = day("2026-08-01");
    let banners = [banner(1, "p3"), banner(2, "p9")];
    let figures = campaign(&scope, &visits, &cases, &banners);
    let report = result(&figures, &wording());
    assert_eq!(
        report.text(),
        "自7月8日召开“中梗阻”问题整治集中月活动动员部署会以来，通过领导“大走访”、科室“大排查”，\
         共收集企业反馈问题57个，已解决或妥善处理57个，获多家企业点赞送锦旗。"
    );
    assert_eq!(report.refused, []);
    let split = result(&figures, &Wording { with_split: true, ..wording() });
    assert!(split.text().contains("已解决或妥善处理57个（其中解决49个，分步解决5个，政策解释3个），获多家"));
}

#[test]
fn two_banners_of_one_enterprise_are_not_many_enterprises() {
    let (mut scope, visits, cases) = scene();
    scope.as_of = day("2026-08-01");
    let banners = [banner(1, "p3"), banner(2, "p3")];
    let report = result(&campaign(&scope, &visits, &cases, &banners), &wording());
    assert!(report.text().ends_with("已解决或妥善处理57个。"));
    assert_eq!(report.refused[0].reason, "要有2家以上企业的锦旗，现有1家");
    assert!(report.refused[0].open.as_ref().unwrap().has("p3"));
}

#[test]
fn nothing_done_yet_is_said_as_nothing() {
    let (mut scope, mut visits, cases) = scene();
    let figures = campaign(&scope, &visits, &cases, &[]);
    let report = result(&figures, &wording());
    assert!(report.text().ends_with("通过领导“大走访”，共收集企业反馈问题49个。"), "{}", report.text());
    let reasons: Vec<_> = report.refused.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!(reasons, ["没有这一类走访记录", "还没有一件结案", "要有2家以上企业的锦旗，现有0家"]);
    visits.clear();
    scope.campaign = None;
    let empty = campaign(&scope, &visits, &[], &[]);
    assert_eq!(interim(&empty, &wording()).text(), "截至7月15日，该局还没有走访记录。");
}
