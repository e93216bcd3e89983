//! Filing a case or not: category, filing condition and the limit that follows, and why a case is not filed.

use xuncha_casework::{Case, Limit, Rules, due, format};

use super::Field;
use super::sheet::Sheet;
use crate::console::frame::Choice;

/// Why a case is not filed, as the desk offers it.
pub(super) const NOT_FILED: [(&str, &str); 5] = [
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
pub(super) fn condition(case: &Case, rules: &Rules, keep: &str, sheet: &Sheet<'_>) -> Field {
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

pub(super) fn accept(case: &Case, rules: &Rules, sheet: &Sheet<'_>) -> Vec<Field> {
    let keep = if case.category.is_some() { "按上报的" } else { "不定类别，派遣时写时限" };
    vec![condition(case, rules, keep, sheet), sheet.area("note", "说明", false)]
}

/// Category and condition as one choice.
fn choice_value(key: &xuncha_casework::CategoryKey, condition: &str) -> String {
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
