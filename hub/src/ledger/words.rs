//! Words that the store keeps as codes, as pages say them.

use xuncha_casework::case::{ReportKind, Satisfaction};
use xuncha_casework::catalogue::CategoryKind;
use xuncha_casework::terms::Term;
use xuncha_casework::{Case, CategoryKey, Role, Rules, Words};

/// A person's roles, in words.
pub fn role_words(roles: &[String]) -> String {
    roles.iter().map(|word| said(word, Role::words)).collect::<Vec<_>>().join("、")
}

/// A word of casework's, as serde writes it, in words; another is shown as it was written.
fn said<T: serde::de::DeserializeOwned>(word: &str, words: impl Fn(T) -> Words) -> String {
    let known: Option<T> = serde_json::from_value(serde_json::Value::String(word.to_owned())).ok();
    known.map_or_else(|| word.to_owned(), |known| words(known).zh)
}

/// A topic of an enterprise's matter, as the shipped form codes it; another is shown as it was written.
pub fn topic(code: &str) -> &str {
    match code {
        "water" => "供水",
        "heating" => "供暖",
        "gas" => "供气",
        "road" => "道路",
        "green" => "绿化",
        "sanitation" => "环卫",
        "light" => "路灯",
        "sign" => "门头招牌",
        "permit" => "手续",
        "other" => "其他",
        written => written,
    }
}

/// Who visits (走访层级).
pub fn party(code: &str) -> &str {
    super::campaigns::party(code).map_or(code, |party| party.zh())
}

/// How satisfied an enterprise is.
pub fn satisfaction(code: &str) -> String {
    said(code, Satisfaction::words)
}

/// A problem or a suggestion.
pub fn report_kind(code: &str) -> String {
    said(code, ReportKind::words)
}

/// What a form is for.
pub fn form_kind(code: &str) -> &str {
    match code {
        "visit" => Term::WordVisit.zh(),
        "street" => "街面巡查",
        "shop_check" => "门前五包",
        "banner" => Term::WordBanner.zh(),
        "" => "其他",
        written => written,
    }
}

/// Where a problem came from (问题来源).
pub fn source(kind: &str) -> &str {
    match kind {
        "visit" => Term::WordVisit.zh(),
        "street" => Term::WordStreet.zh(),
        "shop_check" => Term::WordCheck.zh(),
        "" => Term::StepReport.zh(),
        written => written,
    }
}

/// A case's category: its name in the catalogue, else its code, else its topic.
pub fn category(case: &Case, rules: &Rules) -> String {
    let named = case.category.as_ref().map(|key| {
        let category = rules.catalogue_of(key).and_then(|c| c.category(key));
        category.map_or_else(|| key.code.clone(), |c| c.zh.clone())
    });
    named
        .or_else(|| case.topic.as_deref().filter(|t| !t.is_empty()).map(|t| topic(t).to_owned()))
        .unwrap_or_else(|| "未定类别".to_owned())
}

/// A category by its text in the store, `standard|kind|code`: name and code.
pub fn category_of(text: &str, rules: &Rules) -> String {
    let found = rules.catalogues.iter().rev().flat_map(|c| c.categories()).find(|c| key_text(&c.key) == text);
    found.map_or_else(|| text.to_owned(), |c| format!("{} {}", c.key.code, c.zh))
}

/// A category as the store writes it: `standard|kind|code`.
pub fn key_text(key: &CategoryKey) -> String {
    let kind = match key.kind {
        CategoryKind::Component => "component",
        CategoryKind::Matter => "matter",
    };
    format!("{}|{kind}|{}", key.standard, key.code)
}

/// `category · place`, as a case is called.
pub fn headline(case: &Case, place: &str, rules: &Rules) -> String {
    let category = category(case, rules);
    if place.is_empty() { category } else { format!("{category} · {place}") }
}

/// Unit and person who answer for a case.
pub fn responsible(case: &Case) -> String {
    case.responsible.as_ref().map_or_else(
        || Term::MarkNobody.zh().to_owned(),
        |r| format!("{} {}", r.unit_name, r.person_name).trim().to_owned(),
    )
}

/// Why something waits on a phone, as the phone says it.
pub fn waiting(code: &str) -> &str {
    match code {
        "" => "",
        "no_network" => "没有网络",
        "wifi_only" => "照片等Wi-Fi",
        "gate" => "连上的Wi-Fi要先登录",
        "no_answer" => "平台没有回应",
        "hub_trouble" => "平台出过故障",
        "hub_full" => "平台空间满了",
        "partly" => "上次只传了一部分",
        "outdated" => "要先更新巡查",
        "storage" => "手机存储不足",
        "signed_out" | "unauthorized" => "要重新登记",
        written => written,
    }
}

/// A text between “ and ”: a quotation within it takes the single marks.
#[must_use]
pub fn within_quotes(text: &str) -> String {
    text.replace('“', "‘").replace('”', "’")
}

/// The meaning of a fact, as a record's page names it; none for those that it need not show.
pub fn fact(word: &str) -> Option<&'static str> {
    Some(match word {
        "site.name" => "企业（项目）",
        "party" => "走访层级",
        "visited_on" => "走访日期",
        "visitors" => "走访人",
        "contact" => "企业联系人",
        "satisfaction" => "企业满意度",
        "advice" => "企业意见",
        "problem.kind" => "问题或建议",
        "problem.topic" => "主题",
        "problem.description" => "内容",
        "problem.place" => "地点",
        "banner.inscription" => "旗上的字",
        "banner.given_on" => "赠送日期",
        "banner.giver" => "赠送",
        "banner.receiver" => "接受",
        "banner.photographer" => "摄影",
        "banner.cases" => "感谢的案卷",
        "banner.person.position" => "人物位置",
        "banner.person.name" => "人物",
        "banner.person.role" => "身份",
        "check.failed" => "不合格项",
        _ => return None,
    })
}
