//! What ODK Collect, ODK Web Forms, Enketo and KoboToolbox read in another way, or not at all.
//!
//! A rule follows what that app's engine or documentation does as far as we know; few were tried in the app itself. None
//! of them stops a form here.

use crate::error::{Code, Notice};
use crate::field::Fields;
use crate::headers::{Table, TableRow};
use crate::names::{is_name_char, is_name_start};
use crate::types::{self, Block};

#[cfg(test)]
mod tests;

/// Functions that some app lacks: name, and the apps without it.
const MISSING: &[(&str, &str)] = &[
    ("floor", "Collect"),
    ("ceiling", "Collect"),
    ("substring", "Collect"),
    ("last", "Collect"),
    ("name", "Collect"),
    ("local-name", "Collect"),
    ("version", "Web Forms"),
    ("property", "Web Forms"),
    ("enclosed-area", "Web Forms"),
    ("extract-signed", "Web Forms"),
];

/// Types that only ODK Collect runs.
const COLLECT_ONLY: &[&str] = &["audit", "background-audio", "osm"];

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

/// All findings, by row and then by column.
pub(crate) fn findings(survey: &Table, root: &str, entities: Option<&Table>) -> Vec<Notice> {
    let mut found = Found { table: survey, root: format!("/{root}/"), notices: Vec::new() };
    let mut open: Vec<Block> = Vec::new();
    for row in &survey.rows {
        let word = row.fields.text("type").map(types::dealias).unwrap_or_default();
        match types::block(word) {
            Some(block) if block.begins => open.push(block.block),
            Some(_) => {
                open.pop();
            }
            None => {}
        }
        found.row(row, word, open.contains(&Block::Repeat));
    }
    let mut notices = found.notices;
    if let Some(first) = entities.and_then(|table| Some((table, table.rows.first()?.number))) {
        let (table, row) = first;
        notices.push(Notice::warning(
            Code::Portability,
            table.place(row, &["dataset"]),
            "实体（entities）只有ODK Central和本平台认，KoboToolbox不建也不更新。",
            "entities are kept by ODK Central and here; KoboToolbox neither creates nor updates them.",
        ));
    }
    notices
}

struct Found<'a> {
    table: &'a Table,
    root: String,
    notices: Vec<Notice>,
}

impl Found<'_> {
    fn note(&mut self, row: &TableRow, path: &[&str], zh: impl Into<String>, en: impl Into<String>) {
        self.notices.push(Notice::warning(Code::Portability, self.table.place(row.number, path), zh, en));
    }

    fn row(&mut self, row: &TableRow, word: &str, in_repeat: bool) {
        let first = word.split(' ').next().unwrap_or_default();
        if COLLECT_ONLY.contains(&first) {
            self.note(
                row,
                &["type"],
                format!("题型“{first}”只有ODK Collect会做，Web Forms和Enketo里是空的。"),
                format!("only ODK Collect runs the type '{first}'; in Web Forms and Enketo it stays empty."),
            );
        }
        if first == "select_one_external" {
            self.note(
                row,
                &["type"],
                "select_one_external只有ODK Collect会读。改用select_one_from_file，各家都能读。",
                "only ODK Collect reads select_one_external. All apps read select_one_from_file.",
            );
        }
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
        if row.fields.inner("control", "jr:count").is_some_and(|count| count.contains("${")) {
            self.note(
                row,
                &["control", "jr:count"],
                "次数变小时，Collect和这里留着多出的答案，有的Web Forms版本会删掉。",
                "when the count goes down, Collect and we keep the answers beyond it; some versions of Web Forms delete them.",
            );
        }
        for path in EXPRESSIONS {
            if let Some(text) = cell(&row.fields, path) {
                self.expression(row, path, text, in_repeat);
            }
        }
    }

    fn expression(&mut self, row: &TableRow, path: &[&str], text: &str, in_repeat: bool) {
        let read = Read::of(text);
        for (name, apps) in MISSING.iter().filter(|(name, _)| read.calls.iter().any(|call| call == name)) {
            self.note(
                row,
                path,
                format!("函数{name}()在{apps}里没有。"),
                format!("{apps} has no function {name}()."),
            );
        }
        if read.plain.contains("//") || read.plain.contains('|') {
            self.note(
                row,
                path,
                "“//”和“|”在Collect里没有，那里打不开这个表单。",
                "Collect has neither '//' nor '|' and does not open the form.",
            );
        }
        if read.calls.iter().any(|call| call == "regex")
            && read
                .strings
                .last()
                .is_some_and(|pattern| !(pattern.starts_with('^') && pattern.ends_with('$')))
        {
            self.note(
                row,
                path,
                "regex()在Collect里要整段相符，在Web Forms里有一处相符就行。写成^……$，各家就一样。",
                "Collect's regex() must match the whole answer, Web Forms' any part of it. Write ^…$ and they agree.",
            );
        }
        if read.strings.iter().any(|text| is_date(text))
            && !read.calls.iter().any(|call| call.starts_with("date"))
        {
            self.note(
                row,
                path,
                "和写成文字的日期比较，在Collect里总不成立。写成date('……')。",
                "in Collect a comparison with a date written as text never holds. Write date('…').",
            );
        }
        if read.strings.iter().any(|text| text.contains("%W") || text.contains("%j"))
            && read.calls.iter().any(|call| call.starts_with("format-date"))
        {
            self.note(
                row,
                path,
                "日期格式%W、%j在Collect里会出错。",
                "Collect stops at the date formats %W and %j.",
            );
        }
        if in_repeat && read.plain.contains(&self.root) {
            self.note(
                row,
                path,
                "重复组里写死的路径，Collect读作同一次的，Web Forms读作第一次的。写成${题目名}。",
                "a path written out within a repeat means this instance to Collect and the first to Web Forms. Write ${question}.",
            );
        }
        let own = row.fields.text("name").map(|name| format!("${{{name}}}")).unwrap_or_default();
        if *path == ["bind", "calculate"] && !own.is_empty() && text.contains(&own) {
            self.note(
                row,
                path,
                "算式用到自己（如上一次的累计），Collect当作循环，打不开这个表单。",
                "a calculation that uses itself, such as a running total, is a cycle to Collect, which does not open the form.",
            );
        }
    }
}

fn cell<'a>(fields: &'a Fields, path: &[&str]) -> Option<&'a str> {
    match path {
        [one] => fields.text(one),
        [one, two] => fields.inner(one, two),
        _ => None,
    }
}

/// An expression taken apart as far as the rules need.
struct Read {
    /// Names before an opening bracket.
    calls: Vec<String>,
    strings: Vec<String>,
    /// The expression without its strings.
    plain: String,
}

impl Read {
    fn of(text: &str) -> Self {
        let mut read = Self { calls: Vec::new(), strings: Vec::new(), plain: String::new() };
        let mut name = String::new();
        let mut string: Option<(char, String)> = None;
        for c in text.chars() {
            match &mut string {
                Some((quote, _)) if c == *quote => {
                    read.strings.extend(string.take().map(|(_, inside)| inside));
                    read.plain.push(' ');
                }
                Some((_, inside)) => inside.push(c),
                None if matches!(c, '\'' | '"') => {
                    string = Some((c, String::new()));
                    name.clear();
                }
                None => {
                    read.plain.push(c);
                    if c == '(' && !name.is_empty() {
                        read.calls.push(std::mem::take(&mut name));
                    } else if is_name_char(c) && (!name.is_empty() || is_name_start(c)) || c == ':' {
                        name.push(c);
                    } else {
                        name.clear();
                    }
                }
            }
        }
        read
    }
}

/// `2026-07-08`, with or without a time.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|p| p.len() == count && p.chars().all(|c| c.is_ascii_digit()))
    };
    digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && parts.next().is_some_and(|day| day.get(..2).is_some_and(|d| d.chars().all(|c| c.is_ascii_digit())))
}
