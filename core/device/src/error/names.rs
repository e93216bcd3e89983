//! What code and standards call a thing, in the words of the person who reads of it on a phone.

use super::Words;

/// Every feature of a form that the engine refuses or that phones do not do yet: as the engine names it, in Chinese, in
/// English. A `*` stands for what is the form's own, such as the name of a function.
const FEATURES: [(&str, &str, &str); 13] = [
    ("base64RsaPublicKey", "加密提交", "encrypted submission"),
    ("odk:recordaudio", "后台录音", "recording sound on its own"),
    ("function *", "函数*", "the function *"),
    ("*() of a computed question", "对算出来的题用函数*()", "the function *() of a computed question"),
    ("the action <*>", "动作<*>", "the action <*>"),
    ("the event * of <*> (there are *)", "在这里由事件*触发的动作<*>", "an event * here, for the action <*>"),
    ("version * of the entities specification", "实体规范第*版", "version * of the entities specification"),
    ("the XPath axis *", "公式里的*轴", "the axis * in a formula"),
    ("a predicate on '*'", "公式里“*”后面的条件", "a condition behind “*” in a formula"),
    ("a predicate on the * axis", "公式里*轴上的条件", "a condition on the axis * in a formula"),
    ("a path with that many ways", "岔路太多的公式", "a formula with so many ways to go"),
    (
        "a wildcard of that kind in a secondary instance",
        "公式里对选项表用的这种通配符",
        "such a wildcard on a list of choices in a formula",
    ),
    ("*", "一项新功能", "a newer feature"),
];

/// What a phone may be asked for and not have (any more): as the code names it, in Chinese, in English.
const THINGS: [(&str, &str, &str); 9] = [
    ("form", "表单", "form"),
    ("draft", "草稿", "draft"),
    ("record", "记录", "record"),
    ("photo", "照片", "photo"),
    ("case", "案卷", "case"),
    ("site", "点位", "site"),
    ("state", "状态", "state"),
    ("refused op", "未采纳的内容", "item that had no effect"),
    ("*", "内容", "item"),
];

/// A feature in words.
pub(super) fn feature(name: &str) -> Words {
    said(&FEATURES, name)
}

/// A kind of thing in words.
pub(super) fn thing(name: &str) -> Words {
    said(&THINGS, name)
}

/// The first row that fits; the last fits everything.
fn said(table: &[(&str, &str, &str)], name: &str) -> Words {
    let row = |(pattern, zh, en): &(&str, &str, &str)| {
        let own = own_parts(pattern, name)?;
        Some(Words::new(with(zh, &own), with(en, &own)))
    };
    table.iter().find_map(row).unwrap_or_else(|| Words::new("", ""))
}

/// What stands for the stars of the pattern, if the name fits it.
fn own_parts<'a>(pattern: &str, name: &'a str) -> Option<Vec<&'a str>> {
    let mut fixed = pattern.split('*').peekable();
    let mut rest = name.strip_prefix(fixed.next()?)?;
    let mut own = Vec::new();
    while let Some(part) = fixed.next() {
        let (found, after) =
            if fixed.peek().is_some() { rest.split_once(part)? } else { (rest.strip_suffix(part)?, "") };
        own.push(found);
        rest = after;
    }
    rest.is_empty().then_some(own)
}

fn with(words: &str, own: &[&str]) -> String {
    let mut fixed = words.split('*');
    let mut out = fixed.next().unwrap_or_default().to_owned();
    for (part, own) in fixed.zip(own) {
        out.push_str(own);
        out.push_str(part);
    }
    out
}
