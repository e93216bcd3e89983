//! What an expression asks that some app lacks or reads otherwise.

use super::Found;
use crate::expression::{self, references};
use crate::headers::TableRow;
use crate::names::{is_name_char, is_name_start};

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
    ("enclosed-area", "Web Forms, Enketo"),
    ("extract-signed", "Web Forms, Enketo"),
    ("intersects", "Web Forms, Enketo"),
    ("geofence", "Enketo"),
    ("base64-decode", "Enketo"),
];

impl Found<'_> {
    pub(super) fn expression(&mut self, row: &TableRow, path: &[&str], text: &str, in_repeat: bool) {
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
        for name in ["distance", "area"].into_iter().filter(|name| read.calls.iter().any(|call| call == name))
        {
            self.note(
                row,
                path,
                format!("{name}()在Web Forms里四舍五入到两位小数，在Collect和这里不舍入。要比较时写round({name}(……), 2)。"),
                format!("Web Forms rounds {name}() to two places, Collect and we do not. Write round({name}(…), 2) where it is compared."),
            );
        }
        if text.contains("${last-saved#") {
            self.note(
                row,
                path,
                "Web Forms没有上一份记录，last-saved在那里是空的。",
                "Web Forms has no last record; last-saved is empty there.",
            );
        }
        if let Some(name) = references(text).find_map(|found| self.compared(text, &found)) {
            self.note(
                row,
                path,
                format!("多选“{name}”里几个答案的先后，各家不同（点选的先后，或列表的先后）。写成selected(${{{name}}}, '……') and ……。"),
                format!("the order of several answers in '{name}' differs by app: that of choosing, or that of the list. Write selected(${{{name}}}, '…') and ….",),
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

    /// The name of a select_multiple that is compared with several answers at once.
    fn compared<'t>(&self, text: &str, found: &expression::Found<'t>) -> Option<&'t str> {
        let name = found.reference.name;
        let after = text.get(found.end..)?.trim_start();
        let value = after.strip_prefix("!=").or_else(|| after.strip_prefix('='))?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let inside = value.get(1..)?.split(quote).next()?;
        (self.several.contains(name) && inside.trim().contains(' ')).then_some(name)
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
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|p| p.len() == count && p.chars().all(|c| c.is_ascii_digit()))
    };
    digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && parts.next().is_some_and(|day| day.get(..2).is_some_and(|d| d.chars().all(|c| c.is_ascii_digit())))
}
