//! What can be done now: a form for each move that the judge would take from this person.

use std::collections::BTreeMap;

use xuncha_casework::deadline::Clock;
use xuncha_casework::{Case, MoveKind, MoveOffer, Outcome, Requirement, Rules, due, format};

use super::File;
use crate::console::frame::Choice;

/// A move's form.
pub(crate) struct Do {
    pub(crate) word: String,
    pub(crate) label: String,
    pub(crate) button: String,
    pub(crate) main: bool,
    pub(crate) open: bool,
    pub(crate) needs: String,
    pub(crate) said: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of it.
pub(crate) struct Field {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) help: String,
    pub(crate) required: bool,
    pub(crate) options: Vec<Choice>,
    pub(crate) wrong: String,
}

/// A move by its word in forms and in the store.
pub(crate) fn kind_of(word: &str) -> Option<MoveKind> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The word of a move in forms and in the store.
pub(crate) fn word_of(kind: MoveKind) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The label of a move by its word; empty if there is no such move.
pub(crate) fn label(word: &str) -> String {
    kind_of(word).map_or_else(String::new, |kind| kind.words().zh)
}

/// The field in which a missing piece of evidence is given.
pub(crate) fn field_of(requirement: Requirement) -> &'static str {
    use Requirement as R;
    match requirement {
        R::Reason => "reason",
        R::Wanted => "wanted",
        R::PhotoOrText => "text",
        R::Condition => "condition",
        R::Unit | R::Person => "handler",
        R::Limit => "amount",
        R::PhotoAfter | R::PhotoCompare | R::PhotoSurroundings | R::Signature => "photos",
        R::Steps | R::FutureStep | R::StepTextAndDate => "step1",
        R::Basis => "basis",
        R::Explanation => "explanation",
        R::Name => "name",
        R::OnSite => "mode",
        R::UntilDay => "until",
        R::Change | R::Description => "description",
        R::Note | R::Acknowledgement | R::Verification | R::Rectification | R::AnotherPerson => "note",
    }
}

/// A form for each move that may be made now, the main one open.
pub(super) fn forms(
    file: &File,
    offers: &[MoveOffer],
    now: i64,
    typed: &BTreeMap<String, String>,
    faults: &[(String, String)],
) -> Vec<Do> {
    let typed_move = typed.get("move").map(String::as_str).unwrap_or_default();
    let offers = offers.iter().map(|offer| {
        let word = word_of(offer.kind);
        let mine = word == typed_move;
        let empty = BTreeMap::new();
        let sheet = Sheet {
            word: &word,
            typed: if mine { typed } else { &empty },
            faults: if mine { faults } else { &[] },
        };
        let (fields, said) = fields(offer.kind, file, now, &sheet);
        let needs: Vec<String> = offer.needs.iter().map(|n| n.words().zh).collect();
        Do {
            label: offer.kind.words().zh,
            button: button(offer.kind),
            main: offer.main,
            open: mine || (typed_move.is_empty() && offer.main),
            needs: needs.join("、"),
            said,
            fields,
            word,
        }
    });
    offers.collect()
}

fn button(kind: MoveKind) -> String {
    match kind {
        MoveKind::Verify => "提交核查结果".to_owned(),
        other => other.words().zh,
    }
}

struct Sheet<'a> {
    word: &'a str,
    typed: &'a BTreeMap<String, String>,
    faults: &'a [(String, String)],
}

impl Sheet<'_> {
    fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    fn field(&self, kind: &'static str, name: &'static str, label: &'static str, required: bool) -> Field {
        let wrong = self.faults.iter().find(|(field, _)| field == name);
        Field {
            kind,
            id: format!("{}-{name}", self.word),
            name,
            label,
            value: self.value(name),
            help: String::new(),
            required,
            options: Vec::new(),
            wrong: wrong.map_or_else(String::new, |(_, text)| text.clone()),
        }
    }

    fn area(&self, name: &'static str, label: &'static str, required: bool) -> Field {
        self.field("area", name, label, required)
    }

    fn choose(
        &self,
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        required: bool,
        all: &[(&str, &str)],
    ) -> Field {
        let chosen = self.value(name);
        let options = all.iter().map(|(value, label)| Choice::of(*value, *label, &chosen)).collect();
        Field { options, ..self.field(kind, name, label, required) }
    }

    fn photos(&self, label: &'static str, help: &str) -> Field {
        Field { help: help.to_owned(), ..self.field("file", "photos", label, false) }
    }
}

const MAY_BE_PHONE: &str = "从电脑选照片；手机现场拍的更好，会带上时间和位置。";

fn fields(kind: MoveKind, file: &File, now: i64, sheet: &Sheet<'_>) -> (Vec<Field>, String) {
    use MoveKind as K;
    let case = &file.row.case;
    let note = || vec![sheet.area("note", "说明", false)];
    let reason = |required| sheet.area("reason", "理由", required);
    let fields = match kind {
        K::Accept => return accept(case, &file.rules, now, sheet),
        K::Dispatch => return (dispatch(file, sheet), preview(case, &file.rules, now)),
        K::Rectify => rectify(sheet),
        K::Verify => verify(case, sheet),
        K::Reject | K::SendBack | K::Decline | K::Reopen => vec![reason(true)],
        K::RequestMore => vec![sheet.area("wanted", "要补充什么", true)],
        K::Supplement => vec![sheet.area("text", "说明", false), sheet.photos("照片", MAY_BE_PHONE)],
        K::Correct => vec![
            Field {
                help: "不改的留空。原来的内容留在经过里。".to_owned(),
                ..sheet.area("description", "描述改为", false)
            },
            sheet.field("text", "place", "地点改为", false),
            reason(true),
        ],
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
                &[("satisfied", "满意"), ("fairly", "基本满意"), ("dissatisfied", "不满意")],
            ),
            sheet.area("note", "企业的话", false),
        ],
        K::Receive | K::Resume | K::Close | K::Report => note(),
    };
    (fields, String::new())
}

fn accept(case: &Case, rules: &Rules, now: i64, sheet: &Sheet<'_>) -> (Vec<Field>, String) {
    let mut field = sheet.field("select", "condition", "类别和立案条件", false);
    let keep = if case.category.is_some() { "按上报的" } else { "不定类别，派遣时写时限" };
    let own = case.category.as_ref().zip(case.condition.as_ref());
    let own = own.map(|(key, id)| choice_value(key, id.as_str())).unwrap_or_default();
    let chosen = if field.value.is_empty() { own } else { field.value.clone() };
    field.options.push(Choice::of("", keep, &chosen));
    for catalogue in rules.catalogues.iter().rev().take(1) {
        for condition in catalogue.conditions() {
            let name = catalogue.category(&condition.category).map_or("", |c| c.zh.as_str());
            let limit = catalogue.limit(&condition.category, &condition.id, case.road_class);
            let limit = limit.map(|l| format!("（{}）", format::limit(l))).unwrap_or_default();
            let label = format!("{} {name}：{}{limit}", condition.category.code, condition.zh);
            field.options.push(Choice::of(
                choice_value(&condition.category, condition.id.as_str()),
                label,
                &chosen,
            ));
        }
    }
    (vec![field, sheet.area("note", "说明", false)], preview(case, rules, now))
}

/// Category and condition as one choice.
pub(crate) fn choice_value(key: &xuncha_casework::CategoryKey, condition: &str) -> String {
    serde_json::to_string(&(key, condition)).unwrap_or_default()
}

/// 若现在派遣，明天8:30到期.
fn preview(case: &Case, rules: &Rules, now: i64) -> String {
    let limit = case.category.as_ref().zip(case.condition.as_ref());
    let limit = limit.and_then(|(key, id)| rules.catalogue_of(key)?.limit(key, id, case.road_class));
    match limit.map(|limit| (limit, due(now, limit, &rules.calendar))) {
        Some((limit, Ok(deadline))) => {
            format!(
                "{}（{}）。{}",
                deadline.preview(&rules.calendar),
                format::limit(limit),
                deadline.explain(&rules.calendar)
            )
        }
        _ => "目录里没有这一类的时限，派遣时要写。".to_owned(),
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
    let again = file.row.case.state == xuncha_casework::State::Dispatched;
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
        sheet.field("text", "step1", "步骤1（分步解决）", false),
        sheet.field("date", "date1", "步骤1的日期", false),
        sheet.field("text", "step2", "步骤2", false),
        sheet.field("date", "date2", "步骤2的日期", false),
        sheet.field("text", "basis", "政策依据（政策解释）", false),
        sheet.area("explanation", "解释内容（政策解释）", false),
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
            &[("passed", "已整改到位"), ("failed", "未到位，退回返工"), ("not_found", "找不到现场")],
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
