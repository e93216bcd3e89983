//! Words that the store keeps as codes, as pages say them.

use xuncha_casework::catalogue::CategoryKind;
use xuncha_casework::{Case, Role, Rules};

/// A person's roles, in words.
pub fn role_words(roles: &[String]) -> String {
    let role = |word: &String| {
        let role: Option<Role> = serde_json::from_value(serde_json::Value::String(word.clone())).ok();
        role.map_or_else(|| word.clone(), |role| role.words().zh)
    };
    roles.iter().map(role).collect::<Vec<_>>().join("、")
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
pub fn satisfaction(code: &str) -> &str {
    match code {
        "satisfied" => "满意",
        "fair" | "fairly" => "基本满意",
        "unsatisfied" | "dissatisfied" => "不满意",
        written => written,
    }
}

/// What a form is for.
pub fn form_kind(code: &str) -> &str {
    match code {
        "visit" => "走访",
        "street" => "街面巡查",
        "shop_check" => "门前五包",
        "banner" => "锦旗",
        "" => "其他",
        written => written,
    }
}

/// Where a problem came from (问题来源).
pub fn source(kind: &str) -> &str {
    match kind {
        "visit" => "走访",
        "street" => "巡查",
        "shop_check" => "检查",
        "" => "上报",
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
    let found = rules.catalogues.iter().rev().flat_map(|c| c.categories()).find(|c| key_text(c) == text);
    found.map_or_else(|| text.to_owned(), |c| format!("{} {}", c.key.code, c.zh))
}

fn key_text(category: &xuncha_casework::catalogue::Category) -> String {
    let kind = match category.key.kind {
        CategoryKind::Component => "component",
        CategoryKind::Matter => "matter",
    };
    format!("{}|{kind}|{}", category.key.standard, category.key.code)
}

/// `category · place`, as a case is called.
pub fn headline(case: &Case, place: &str, rules: &Rules) -> String {
    let category = category(case, rules);
    if place.is_empty() { category } else { format!("{category} · {place}") }
}

/// Unit and person who answer for a case.
pub fn responsible(case: &Case) -> String {
    case.responsible.as_ref().map_or_else(
        || "无责任人".to_owned(),
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
        "storage" => "手机存储不足",
        "signed_out" | "unauthorized" => "要重新登记",
        written => written,
    }
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
