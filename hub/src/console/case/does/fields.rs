//! The fields of each move.

use xuncha_casework::deadline::Clock;
use xuncha_casework::terms::Term;
use xuncha_casework::{Case, MoveKind, Outcome, State};

use super::Field;
use super::filing::{NOT_FILED, accept, condition};
use super::sheet::{Sheet, only};
use crate::console::case::File;
use crate::console::frame::Choice;

const MAY_BE_PHONE: &str = "从电脑选照片；手机现场拍的更好，会带上时间和位置。";

pub(super) fn fields(kind: MoveKind, file: &File, sheet: &Sheet<'_>) -> Vec<Field> {
    use MoveKind as K;
    let case = &file.row.case;
    let note = || vec![sheet.area("note", "说明", false)];
    let reason = |required| sheet.area("reason", "理由", required);
    match kind {
        K::Accept => accept(case, &file.rules, sheet),
        K::Dispatch => dispatch(file, sheet),
        K::Rectify => rectify(sheet),
        K::Verify => verify(case, sheet),
        K::Reject => vec![
            sheet.choose("radio", "why", "为什么不予立案", true, &NOT_FILED),
            sheet.area("reason", "说明", false),
        ],
        K::SendBack | K::Decline | K::Reopen => vec![reason(true)],
        K::RequestMore => vec![sheet.area("wanted", "要补充什么", true)],
        K::Supplement => vec![sheet.area("text", "说明", false), sheet.photos("照片", MAY_BE_PHONE)],
        K::Correct => {
            let mut fields = Vec::new();
            // The deadline rests on category and condition: they can be corrected until it runs.
            if matches!(case.state, State::Reported | State::Accepted) {
                fields.push(condition(case, &file.rules, "不改", sheet));
            }
            fields.push(Field {
                help: "不改的留空。原来的内容留在经过里。".to_owned(),
                ..sheet.area("description", "描述改为", false)
            });
            fields.push(sheet.field("text", "place", "地点改为", false));
            fields.push(reason(true));
            fields
        }
        K::Remind => vec![sheet.area("text", "说明", false)],
        K::Extend | K::RequestExtension => {
            let until = Field {
                help: "留空：再给一个原来的时限。".to_owned(),
                ..sheet.field("datetime-local", "until", "延到", false)
            };
            vec![until, reason(kind == K::RequestExtension || case.asked.is_none())]
        }
        K::Suspend | K::RequestSuspension => {
            let until = Field {
                help: "挂账期间暂停计时，到这一天恢复。".to_owned(),
                ..sheet.field("date", "until", "恢复办理的日期", true)
            };
            vec![until, reason(kind == K::RequestSuspension || case.asked.is_none())]
        }
        K::Acknowledge => vec![
            sheet.field("text", "name", "企业确认人姓名", true),
            sheet.photos("签名照片", "企业在解释材料上签名，拍一张。"),
        ],
        K::Rate => vec![
            sheet.choose(
                "radio",
                "satisfaction",
                "企业满意度",
                true,
                &[
                    ("satisfied", Term::SatisfactionSatisfied.zh()),
                    ("fairly", Term::SatisfactionFairly.zh()),
                    ("dissatisfied", Term::SatisfactionDissatisfied.zh()),
                ],
            ),
            sheet.area("note", "企业的话", false),
        ],
        K::Receive | K::Resume | K::Close | K::Report => note(),
    }
}

fn dispatch(file: &File, sheet: &Sheet<'_>) -> Vec<Field> {
    let mut handler = sheet.field("select", "handler", "责任单位和责任人", true);
    let chosen = handler.value.clone();
    handler.options.push(Choice::of("", "选单位和人", &chosen));
    for person in &file.handlers {
        let label = format!("{} · {} {}", person.unit_name, person.name, person.post);
        handler.options.push(Choice::of(&person.id, label.trim(), &chosen));
    }
    let clock = sheet.choose(
        "select",
        "clock",
        "时限单位",
        false,
        &[("working_days", "个工作日"), ("working_hours", "个工作时"), ("urgent_hours", "个紧急工作时")],
    );
    let amount = Field {
        help: "留空：按目录的时限。目录没有的，必须写。".to_owned(),
        ..sheet.field("number", "amount", "时限", false)
    };
    let again = file.row.case.state == State::Dispatched;
    let reason = Field {
        help: if again { "换单位或换人要写理由。" } else { "可写为什么派给他。" }.to_owned(),
        ..sheet.area("reason", "理由", again)
    };
    vec![handler, amount, clock, reason]
}

fn rectify(sheet: &Sheet<'_>) -> Vec<Field> {
    vec![
        sheet.choose(
            "radio",
            "outcome",
            "结果",
            true,
            &[
                ("resolved", "解决"),
                ("phased_plan", "分步解决：要写步骤和日期"),
                ("policy_explained", "政策解释：要写依据，企业确认"),
            ],
        ),
        sheet.area("note", "处理说明", false),
        sheet.photos("整改后照片", MAY_BE_PHONE),
        only("phased_plan", sheet.field("text", "step1", "步骤1（分步解决）", false)),
        only("phased_plan", sheet.field("date", "date1", "步骤1的日期", false)),
        only("phased_plan", sheet.field("text", "step2", "步骤2", false)),
        only("phased_plan", sheet.field("date", "date2", "步骤2的日期", false)),
        only("policy_explained", sheet.field("text", "basis", "政策依据（政策解释）", false)),
        only("policy_explained", sheet.area("explanation", "解释内容（政策解释）", false)),
    ]
}

fn verify(case: &Case, sheet: &Sheet<'_>) -> Vec<Field> {
    let resolved = matches!(case.outcome, Some(Outcome::Resolved)) && case.wants_photo();
    let help = if resolved {
        "已整改到位：要一张现场对照照片。找不到现场：要一张周围环境照片。"
    } else {
        "分步解决和政策解释看材料核查，要写说明。找不到现场：要一张周围环境照片。"
    };
    vec![
        sheet.choose(
            "radio",
            "result",
            "结果",
            true,
            &[
                ("passed", Term::CheckPassed.zh()),
                ("failed", "未到位，退回返工"),
                ("not_found", Term::CheckNotFound.zh()),
            ],
        ),
        sheet.choose(
            "select",
            "mode",
            "怎么核查的",
            true,
            if resolved {
                &[("on_site", "到现场"), ("by_evidence", "看照片（本市允许的类别）")]
            } else {
                &[("by_evidence", "看材料"), ("on_site", "到现场")]
            },
        ),
        sheet.photos("对照照片", help),
        sheet.area("note", "看到什么", false),
    ]
}

/// The clock of a limit that is set by hand.
pub(crate) fn clock_of(word: &str) -> Clock {
    match word {
        "urgent_hours" => Clock::UrgentHours,
        "working_hours" => Clock::WorkingHours,
        _ => Clock::WorkingDays,
    }
}
