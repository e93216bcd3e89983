//! What ODK Collect, ODK Web Forms, Enketo and KoboToolbox read in another way, or not at all.
//!
//! A rule follows what that app's engine or documentation does as far as we know; few were tried in the app itself. None
//! of them stops a form here.

mod expressions;

use std::collections::HashSet;

use crate::Limits;
use crate::error::{Code, Notice};
use crate::expression::{is_dynamic_default, references};
use crate::field::{Field, Fields};
use crate::headers::{Table, TableRow};
use crate::notices::Notices;
use crate::types::{self, Block, Select, Tag};

#[cfg(test)]
mod tests;

/// Types that some app does not run: the type, and what is so, in Chinese and English.
const TYPES: &[(&str, &str, &str)] = &[
    (
        "audit",
        "只有ODK Collect会做，Web Forms和Enketo里是空的",
        "runs in ODK Collect only; in Web Forms and Enketo it stays empty",
    ),
    (
        "osm",
        "只有ODK Collect会做，Web Forms和Enketo里是空的",
        "runs in ODK Collect only; in Web Forms and Enketo it stays empty",
    ),
    (
        "select_one_external",
        "只有ODK Collect会读；改用select_one_from_file，各家都能读",
        "is read by ODK Collect only; all apps read select_one_from_file",
    ),
    ("background-audio", "Web Forms不会录", "is not recorded by Web Forms"),
    (
        "barcode",
        "只有手机上的ODK Collect能扫，Enketo里要手工输入",
        "is scanned by ODK Collect on phones only; in Enketo it is typed",
    ),
    ("deviceid", "在Web Forms里是空的", "stays empty in Web Forms"),
    ("phonenumber", "在Web Forms和Enketo里是空的", "stays empty in Web Forms and Enketo"),
];

/// Appearances that ODK Web Forms passes over, by its feature matrix of 0.22.
const APPEARANCES: &[&str] = &[
    "url",
    "bearing",
    "vertical",
    "no-ticks",
    "picker",
    "new",
    "new-front",
    "draw",
    "annotate",
    "signature",
    "no-calendar",
    "ethiopian",
    "coptic",
    "islamic",
    "bikram-sambat",
    "myanmar",
    "persian",
    "hide-input",
    "quick",
    "image-map",
    "counter",
    "hidden-answer",
    "printer",
];

/// Parameters that ODK Web Forms passes over.
const PARAMETERS: &[&str] = &["quality", "incremental", "tick_interval", "tick_labelset", "placeholder"];

/// Settings that some app passes over: the setting, and what is so.
const SETTINGS: &[(&str, &str, &str)] = &[
    (
        "style",
        "只有Enketo（KoboToolbox的网页表单）会用，Collect和Web Forms照常显示",
        "is used by Enketo (KoboToolbox in the browser) only; Collect and Web Forms show the form as ever",
    ),
    (
        "public_key",
        "要加密提交，Web Forms和本平台还不会，这里不收这样的表单",
        "asks for encryption, which neither Web Forms nor this platform can do yet; forms that ask for it are not taken here",
    ),
    ("auto_send", "只有ODK Collect会用", "is used by ODK Collect only"),
    ("auto_delete", "只有ODK Collect会用", "is used by ODK Collect only"),
];

/// Columns with expressions.
const EXPRESSIONS: &[&[&str]] = &[
    &["bind", "relevant"],
    &["bind", "constraint"],
    &["bind", "calculate"],
    &["bind", "required"],
    &["bind", "readonly"],
    &["choice_filter"],
    &["default"],
    &["control", "jr:count"],
];

/// All findings, by row.
pub(crate) fn findings(
    survey: &Table,
    root: &str,
    settings: &Table,
    entities: Option<&Table>,
    limits: &Limits,
) -> Vec<Notice> {
    let mut found = Found::new(survey, root, limits);
    let mut open: Vec<Block> = Vec::new();
    for row in survey.rows() {
        let word = row.fields.text("type").map(types::dealias).unwrap_or_default();
        match types::block(word) {
            Some(block) if block.begins => open.push(block.block),
            Some(_) => {
                open.pop();
            }
            None => {}
        }
        found.row(&row, word, open.contains(&Block::Repeat));
    }
    let mut notices = found.notices;
    if let Some(row) = settings.row(0) {
        for (setting, zh, en) in SETTINGS.iter().filter(|(setting, _, _)| row.fields.get(setting).is_some()) {
            notices.push(Notice::warning(
                Code::Portability,
                settings.place(row.number, &[setting]),
                format!("设置“{setting}”{zh}。"),
                format!("the setting '{setting}' {en}."),
            ));
        }
    }
    if let Some((table, row)) = entities.and_then(|table| Some((table, table.row(0)?.number))) {
        notices.push(Notice::warning(
            Code::Portability,
            table.place(row, &["dataset"]),
            "实体（entities）只有ODK Central和本平台认，KoboToolbox不建也不更新。",
            "entities are kept by ODK Central and here; KoboToolbox neither creates nor updates them.",
        ));
    }
    notices.into_vec()
}

struct Found<'a> {
    table: &'a Table,
    root: String,
    /// Questions that are calculated.
    calculated: HashSet<String>,
    /// Questions with several answers.
    several: HashSet<String>,
    /// Appearances and parameters that were noted: of each the first row is enough.
    told: HashSet<&'static str>,
    notices: Notices,
}

impl<'a> Found<'a> {
    fn new(table: &'a Table, root: &str, limits: &Limits) -> Self {
        let (mut calculated, mut several) = (HashSet::new(), HashSet::new());
        for row in table.rows() {
            let Some(name) = row.fields.text("name") else { continue };
            if row.fields.inner("bind", "calculate").is_some() {
                calculated.insert(name.to_owned());
            }
            let word = row.fields.text("type").map(types::dealias).unwrap_or_default();
            if types::select_type(word).is_some_and(|select| select.select == Select::Multiple) {
                several.insert(name.to_owned());
            }
        }
        Self {
            table,
            root: format!("/{root}/"),
            calculated,
            several,
            told: HashSet::new(),
            notices: Notices::new(limits),
        }
    }

    fn note(&mut self, row: &TableRow, path: &[&str], zh: impl Into<String>, en: impl Into<String>) {
        self.notices.push(Notice::warning(Code::Portability, self.table.place(row.number, path), zh, en));
    }

    fn row(&mut self, row: &TableRow, word: &str, in_repeat: bool) {
        let first = word.split(' ').next().unwrap_or_default();
        if let Some((_, zh, en)) = TYPES.iter().find(|(known, _, _)| *known == first) {
            self.note(row, &["type"], format!("题型“{first}”{zh}。"), format!("the type '{first}' {en}."));
        }
        self.shown(row);
        self.filled(row, word);
        for path in EXPRESSIONS {
            if let Some(text) = cell(&row.fields, path) {
                self.expression(row, path, text, in_repeat);
            }
        }
    }

    /// What is shown otherwise, or not at all.
    fn shown(&mut self, row: &TableRow) {
        let appearance = row.fields.inner("control", "appearance").unwrap_or_default();
        if appearance.contains("search(") {
            self.note(
                row,
                &["control", "appearance"],
                "外观search()只有ODK Collect会做。改用select_one_from_file和choice_filter。",
                "only ODK Collect runs the appearance search(). Use select_one_from_file and a choice_filter.",
            );
        }
        let intent = row.fields.get("intent").is_some();
        if intent || appearance.split_whitespace().any(|word| word.starts_with("ex:")) {
            self.note(
                row,
                if intent { &["intent"] } else { &["control", "appearance"] },
                "从别的应用取值只有安卓上的ODK Collect会做。",
                "only ODK Collect on Android takes a value from another app.",
            );
        }
        for word in APPEARANCES.iter().filter(|word| appearance.split_whitespace().any(|w| w == **word)) {
            if !self.told.insert(word) {
                continue;
            }
            self.note(
                row,
                &["control", "appearance"],
                format!("外观“{word}”Web Forms还不会，照没有写它显示（只提第一处）。"),
                format!(
                    "Web Forms does not know the appearance '{word}' yet and shows such questions without it (only the first is noted)."
                ),
            );
        }
        let parameters = row.fields.text("parameters").unwrap_or_default();
        for word in PARAMETERS.iter().filter(|word| names(parameters, word)) {
            if !self.told.insert(word) {
                continue;
            }
            self.note(
                row,
                &["parameters"],
                format!("参数“{word}”Web Forms还不会，照没有写它做（只提第一处）。"),
                format!("Web Forms does not know the parameter '{word}' yet and does without it (only the first is noted)."),
            );
        }
        let picture = |fields: &Fields| fields.get("media").and_then(Field::map)?.get("big-image").map(drop);
        for (path, there) in [
            (&["guidance_hint"] as &[&'static str], row.fields.get("guidance_hint").is_some()),
            (&["media", "big-image"], picture(&row.fields).is_some()),
            (&["control", "autoplay"], row.fields.inner("control", "autoplay").is_some()),
        ] {
            if let (true, Some(what)) = (there, path.last())
                && self.told.insert(what)
            {
                let (zh, en) = (
                    format!("Web Forms不显示{what}（只提第一处）。"),
                    format!("Web Forms does not show {what} (only the first is noted)."),
                );
                self.note(row, path, zh, en);
            }
        }
    }

    /// What is filled in otherwise.
    fn filled(&mut self, row: &TableRow, word: &str) {
        if row.fields.inner("control", "jr:count").is_some_and(|count| count.contains("${")) {
            self.note(
                row,
                &["control", "jr:count"],
                "次数变小时，Collect和这里留着多出的答案，有的Web Forms版本会删掉。",
                "when the count goes down, Collect and we keep the answers beyond it; some versions of Web Forms delete them.",
            );
        }
        let asked = types::select_type(word).is_some()
            || types::question_type(word).is_some_and(|kind| kind.tag != Tag::None && word != "note");
        let bind = |key| row.fields.inner("bind", key);
        if asked
            && bind("calculate").is_some()
            && bind("readonly").is_none()
            && row.fields.get("trigger").is_none()
        {
            self.note(
                row,
                &["bind", "calculate"],
                "能填的题又有calculation：人改过的答案，Collect和这里在结束时重新算掉，Web Forms留着。不让改就写readonly。",
                "the question can be answered and is calculated: what a person changed is calculated anew at the end in Collect and here, and stays in Web Forms. Write readonly if it may not be changed.",
            );
        }
        let Some(default) = row.fields.text("default") else { return };
        if is_dynamic_default(default, word) {
            let early = references(default).any(|found| self.calculated.contains(found.reference.name));
            if early {
                self.note(
                    row,
                    &["default"],
                    "默认值用到算出来的题：Collect先填默认值再算，读到的是空的；Web Forms和这里先算。",
                    "the default reads a question that is calculated: Collect fills defaults in before it calculates and finds it empty; Web Forms and we calculate first.",
                );
            }
        } else if !fits(default, word) {
            self.note(
                row,
                &["default"],
                "默认值不是这种题型的值：Collect丢掉它，这里留着，要人改。",
                "the default is no value of this type: Collect drops it, here it stays until a person mends it.",
            );
        }
    }
}

/// Do the parameters name this one?
fn names(parameters: &str, word: &str) -> bool {
    let mut words = parameters.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '='));
    words.any(|found| found.eq_ignore_ascii_case(word))
}

/// Is the default a value of that type, where a type is strict about it?
fn fits(default: &str, word: &str) -> bool {
    match word {
        "integer" => default.parse::<i64>().is_ok(),
        "decimal" => default.parse::<f64>().is_ok(),
        "date" => default.len() >= 10 && expressions::is_date(default),
        _ => true,
    }
}

fn cell<'a>(fields: &'a Fields, path: &[&str]) -> Option<&'a str> {
    match path {
        [one] => fields.text(one),
        [one, two] => fields.inner(one, two),
        _ => None,
    }
}
