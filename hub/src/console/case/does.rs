//! What can be done now: a form for each move that the judge would take from this person.

use std::collections::BTreeMap;

use xuncha_casework::deadline::Clock;
use xuncha_casework::terms::Term;
use xuncha_casework::{Case, Limit, MoveKind, MoveOffer, Outcome, Requirement, Rules, State, due, format};

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
    pub(crate) explained: String,
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
    /// The choice of this form that it belongs to; empty: to all. Where styles can tell, it shows with that one only.
    pub(crate) only: &'static str,
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
pub(crate) fn forms(
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
        let fields = fields(offer.kind, file, &sheet);
        let (said, explained) = match offer.kind {
            MoveKind::Accept | MoveKind::Dispatch => preview(&file.row.case, &file.rules, now),
            _ => Default::default(),
        };
        let needs: Vec<String> = offer.needs.iter().map(|n| n.words().zh).collect();
        Do {
            label: offer.kind.words().zh,
            button: button(offer.kind),
            main: offer.main,
            open: mine || (typed_move.is_empty() && offer.main),
            needs: needs.join("、"),
            said,
            explained,
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
            only: "",
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

fn fields(kind: MoveKind, file: &File, sheet: &Sheet<'_>) -> Vec<Field> {
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

/// Why a case is not filed, as the desk offers it.
const NOT_FILED: [(&str, &str); 5] = [
    ("not_ours", "不属城市管理职责"),
    (REPEATED, "同一处已有案卷"),
    ("solved", "已经解决"),
    ("not_there", "现场没有这个问题"),
    ("below", "没到立案条件"),
];
/// The word of the reason that names another case.
pub(crate) const REPEATED: &str = "repeated";

/// The reason for which a case is not filed: the chosen one, then the sentence.
pub(crate) fn rejected(why: &str, sentence: &str) -> String {
    let why = NOT_FILED.iter().find(|(word, _)| *word == why).map_or("", |(_, said)| said);
    [why, sentence].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：")
}

/// 类别和立案条件, as one choice.
fn condition(case: &Case, rules: &Rules, keep: &str, sheet: &Sheet<'_>) -> Field {
    let mut field = sheet.field("select", "condition", "类别和立案条件", false);
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
    field
}

fn accept(case: &Case, rules: &Rules, sheet: &Sheet<'_>) -> Vec<Field> {
    let keep = if case.category.is_some() { "按上报的" } else { "不定类别，派遣时写时限" };
    vec![condition(case, rules, keep, sheet), sheet.area("note", "说明", false)]
}

/// Category and condition as one choice.
pub(crate) fn choice_value(key: &xuncha_casework::CategoryKey, condition: &str) -> String {
    serde_json::to_string(&(key, condition)).unwrap_or_default()
}

/// The catalogue's limit for what a case is filed under.
pub(crate) fn limit_of(case: &Case, rules: &Rules) -> Option<Limit> {
    let (key, id) = (case.category.as_ref()?, case.condition.as_ref()?);
    rules.catalogue_of(key)?.limit(key, id, case.road_class)
}

/// 若现在派遣，明天8:30到期; and how that is counted, which is empty if there is no limit.
pub(crate) fn preview(case: &Case, rules: &Rules, now: i64) -> (String, String) {
    match limit_of(case, rules).map(|limit| due(now, limit, &rules.calendar)) {
        Some(Ok(deadline)) => (deadline.preview(&rules.calendar), deadline.explain(&rules.calendar)),
        _ => ("目录里没有这一类的时限，派遣时要写".to_owned(), String::new()),
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

fn only(choice: &'static str, field: Field) -> Field {
    Field { only: choice, ..field }
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
