//! The parameters column: `key=value` pairs, checked for each type.

use super::Builder;
use super::questions::image_default;
use crate::error::{Code, Notice};
use crate::headers::TableRow;
use crate::tree::{Action, Element};

/// Reads `key=value` pairs; blanks, commas and semicolons stand between them.
pub(super) fn parse(text: &str) -> Option<Vec<(String, String)>> {
    // Blanks may stand around the equals sign, too.
    let mut tight = String::new();
    for part in text.split('=') {
        if !tight.is_empty() {
            tight.push('=');
        }
        tight.push_str(part.trim_matches(|c: char| c.is_whitespace() || c == ',' || c == ';'));
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in tight.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|p| !p.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        if key.is_empty() || value.is_empty() || value.contains('=') {
            return None;
        }
        let key = key.to_lowercase();
        // Labels and values name columns of the author's files.
        let value =
            if matches!(key.as_str(), "label" | "value") { value.to_owned() } else { value.to_lowercase() };
        pairs.retain(|(known, _)| *known != key);
        pairs.push((key, value));
    }
    Some(pairs)
}

impl Builder<'_> {
    /// The row's pairs, if they can be read and the type knows their keys.
    pub(super) fn pairs(&mut self, row: &TableRow, known: &[&str]) -> Option<Vec<(String, String)>> {
        let Some(pairs) = parse(row.fields.text("parameters").unwrap_or_default()) else {
            self.error(
                Code::BadParameters,
                row.number,
                &["parameters"],
                "参数要写成 名=值，几个之间用空格。".to_owned(),
                "parameters are written key=value with blanks between.".to_owned(),
            );
            return None;
        };
        for (key, _) in &pairs {
            if !known.contains(&key.as_str()) {
                let notice = Notice::error(
                    Code::BadParameters,
                    self.table.place(row.number, &["parameters"]),
                    format!("这种题型没有参数“{key}”。"),
                    format!("this type has no parameter '{key}'."),
                );
                self.notices.push(notice.near(key, known.iter().copied()));
                return None;
            }
        }
        Some(pairs)
    }

    fn bad_value(
        &mut self,
        row: &TableRow,
        key: &str,
        value: &str,
        wanted_zh: &str,
        wanted_en: &str,
    ) -> bool {
        self.error(
            Code::BadParameters,
            row.number,
            &["parameters"],
            format!("参数{key}的值“{value}”不行，要{wanted_zh}。"),
            format!("the parameter {key} cannot be '{value}'; it must be {wanted_en}."),
        );
        false
    }

    /// Applies the parameters of a type. False if the row cannot be used.
    pub(super) fn parameters(&mut self, element: &mut Element, row: &TableRow) -> bool {
        let known: &[&str] = match element.word.as_str() {
            "text" => &["rows"],
            "photo" => &["max-pixels", "app"],
            "audio" | "background-audio" => &["quality"],
            "geopoint" => &["allow-mock-accuracy", "capture-accuracy", "warning-accuracy"],
            "geotrace" | "geoshape" => &["allow-mock-accuracy", "incremental"],
            "range" => &["start", "end", "step", "tick_interval", "placeholder", "tick_labelset"],
            "audit" => &[
                "identify-user",
                "location-max-age",
                "location-min-interval",
                "location-priority",
                "track-changes",
                "track-changes-reasons",
            ],
            // Other types pass over their parameters, as pyxform does.
            _ => return self.without_parameters(element, row),
        };
        let Some(pairs) = self.pairs(row, known) else { return false };
        match element.word.as_str() {
            "range" => return self.range(element, row, pairs),
            "background-audio" => {
                let quality = pairs.iter().find(|(key, _)| key == "quality").map(|(_, value)| value.clone());
                element.actions.push(Action { name: "odk:recordaudio", event: "odk-instance-load", quality });
                return true;
            }
            "photo" => {
                if let Some(default) = element.default.take() {
                    element.default = image_default(&default).text().map(str::to_owned);
                }
            }
            _ => {}
        }
        pairs.iter().all(|(key, value)| self.parameter(element, row, key, value))
    }

    fn parameter(&mut self, element: &mut Element, row: &TableRow, key: &str, value: &str) -> bool {
        let number = value.parse::<f64>().is_ok();
        let whole = value.parse::<i64>().is_ok();
        let truth = matches!(value, "true" | "false");
        match key {
            "rows" | "max-pixels" if !whole => self.bad_value(row, key, value, "整数", "a whole number"),
            "capture-accuracy" | "warning-accuracy" if !number => {
                self.bad_value(row, key, value, "数字", "a number")
            }
            "allow-mock-accuracy" | "track-changes" | "identify-user" if !truth => {
                self.bad_value(row, key, value, "true或false", "true or false")
            }
            "location-max-age" | "location-min-interval" if value.parse::<u64>().is_err() => {
                self.bad_value(row, key, value, "不小于0的整数", "a whole number from 0")
            }
            "incremental" if !matches!(value, "yes" | "true") => {
                self.bad_value(row, key, value, "true", "true")
            }
            _ => {
                match key {
                    "rows" => element.control.set_text("rows", value),
                    "app" => element.control.set_text("intent", value),
                    "max-pixels" => element.bind_mut().set_text("orx:max-pixels", value),
                    "capture-accuracy" => element.control.set_text("accuracyThreshold", value),
                    "warning-accuracy" => element.control.set_text("unacceptableAccuracyThreshold", value),
                    "incremental" => element.control.set_text("incremental", "true"),
                    other => element.bind_mut().set_text(&format!("odk:{other}"), value),
                }
                true
            }
        }
    }

    fn without_parameters(&mut self, element: &mut Element, row: &TableRow) -> bool {
        match element.word.as_str() {
            "start-geopoint" => {
                element.actions.push(Action {
                    name: "odk:setgeopoint",
                    event: "odk-instance-first-load",
                    quality: None,
                });
                true
            }
            "background-geopoint" if element.trigger.is_empty() => {
                self.error(
                    Code::BadTrigger,
                    row.number,
                    &["trigger"],
                    "background-geopoint要写trigger。".to_owned(),
                    "background-geopoint needs a trigger.".to_owned(),
                );
                false
            }
            _ => true,
        }
    }

    fn range(&mut self, element: &mut Element, row: &TableRow, mut pairs: Vec<(String, String)>) -> bool {
        for (key, default) in [("start", "1"), ("end", "10"), ("step", "1")] {
            if !pairs.iter().any(|(known, _)| known == key) {
                pairs.push((key.to_owned(), default.to_owned()));
            }
        }
        let mut decimal = false;
        let mut limits = [0.0_f64; 3];
        for (key, value) in &pairs {
            if key == "tick_labelset" {
                if self.choices.list(value).is_none() {
                    return self.bad_value(
                        row,
                        key,
                        value,
                        "choices表里的列表",
                        "a list of the choices sheet",
                    );
                }
                element.itemset = Some(value.clone());
                continue;
            }
            let Some(number) = value.parse::<f64>().ok().filter(|n| n.is_finite()) else {
                return self.bad_value(row, key, value, "数字", "a number");
            };
            decimal |= number.fract() != 0.0;
            let slot = ["start", "end", "step"].iter().position(|k| k == key);
            if let Some(place) = slot.and_then(|at| limits.get_mut(at)) {
                *place = number;
            }
        }
        let [start, end, step] = limits;
        if step == 0.0 || step > (end - start).abs() {
            return self.bad_value(
                row,
                "step",
                &step.to_string(),
                "大于0、不超过首尾之差",
                "above 0 and within the range",
            );
        }
        if decimal {
            element.bind_mut().set_text("type", "decimal");
        }
        for (key, value) in &pairs {
            match key.as_str() {
                "tick_labelset" => {}
                "tick_interval" => element.control.set_text("odk:tick-interval", value.as_str()),
                "placeholder" => element.control.set_text("odk:placeholder", value.as_str()),
                _ => element.control.set_text(key, value.as_str()),
            }
        }
        true
    }
}
