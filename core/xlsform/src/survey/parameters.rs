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
    /// No type knows so many, so that what is left out is no matter.
    const MOST: usize = 100;
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
        // Of two of one key the later counts.
        if let Some(at) = pairs.iter().position(|(known, _)| *known == key) {
            pairs.remove(at);
        }
        if pairs.len() < MOST {
            pairs.push((key, value));
        }
    }
    Some(pairs)
}

impl Builder<'_> {
    /// The row's pairs, if they can be read and the type knows their keys. What cannot be read was said before.
    pub(super) fn pairs(&mut self, row: &TableRow, known: &[&str]) -> Option<Vec<(String, String)>> {
        let pairs = parse(row.fields.text("parameters").unwrap_or_default())?;
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

    pub(super) fn bad_value(&mut self, row: &TableRow, key: &str, value: &str, zh: &str, en: &str) -> bool {
        self.error(
            Code::BadParameters,
            row.number,
            &["parameters"],
            format!("参数{key}的值“{value}”不行，要{zh}。"),
            format!("the parameter {key} cannot be '{value}'; it must be {en}."),
        );
        false
    }

    /// Applies the parameters of a type. False if the row cannot be used.
    pub(super) fn parameters(&mut self, element: &mut Element, row: &TableRow) -> bool {
        let known: &[&str] = match element.word.as_str() {
            "text" => &["rows"],
            "photo" => &["max-pixels", "app"],
            "audio" | "background-audio" => &["quality"],
            "geopoint" => {
                &["allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"]
            }
            "geotrace" | "geoshape" => &["allow-mock-accuracy", "incremental", "reference-geometry"],
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
            "audit" if !self.audit_places(row, &pairs) => return false,
            "photo" => {
                if let Some(default) = element.default.take() {
                    element.default = image_default(&default).text().map(str::to_owned);
                }
                if !pairs.iter().any(|(key, _)| key == "max-pixels") {
                    self.warn(
                        Code::Portability,
                        row.number,
                        &["parameters"],
                        "没有写max-pixels，照片按原大小上传，慢而占空间。写上如max-pixels=1600。",
                        "has no max-pixels, so photos are sent at full size. Write one such as max-pixels=1600.",
                    );
                }
            }
            _ => {}
        }
        let background = element.word == "background-audio";
        if background {
            let quality = pairs.iter().find(|(key, _)| key == "quality").map(|(_, value)| value.clone());
            let event = "odk-instance-load";
            element.actions.push(Action { name: "odk:recordaudio", event, value: None, quality });
        }
        pairs.iter().all(|(key, value)| self.parameter(element, row, key, value))
    }

    fn parameter(&mut self, element: &mut Element, row: &TableRow, key: &str, value: &str) -> bool {
        const PRIORITIES: [&str; 4] = ["no-power", "low-power", "balanced", "high-accuracy"];
        let background = element.word == "background-audio";
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
            "track-changes-reasons" if value != "on-form-edit" => {
                self.bad_value(row, key, value, "on-form-edit", "on-form-edit")
            }
            "location-max-age" | "location-min-interval" if value.parse::<u64>().is_err() => {
                self.bad_value(row, key, value, "不小于0的整数", "a whole number from 0")
            }
            "location-priority" if !PRIORITIES.contains(&value) => {
                self.bad_value(row, key, value, &PRIORITIES.join("、"), &PRIORITIES.join(", "))
            }
            "incremental" if !matches!(value, "yes" | "true" | "true()") => {
                self.bad_value(row, key, value, "true", "true")
            }
            "quality"
                if !matches!(value, "voice-only" | "low" | "normal")
                    && (background || value != "external") =>
            {
                let external = if background { "" } else { ", external" };
                let kinds = format!("voice-only, low, normal{external}");
                self.bad_value(row, key, value, &kinds, &format!("one of {kinds}"))
            }
            "app" => self.app(element, row, value),
            _ => {
                match key {
                    "rows" => element.control.set_text("rows", value),
                    "max-pixels" => element.bind_mut().set_text("orx:max-pixels", value),
                    "capture-accuracy" => element.control.set_text("accuracyThreshold", value),
                    "warning-accuracy" => element.control.set_text("unacceptableAccuracyThreshold", value),
                    "incremental" => element.control.set_text("incremental", "true"),
                    "reference-geometry" => {
                        self.geometries.push((self.tree.word(value), row.number));
                        element.itemset = Some(value.to_owned());
                    }
                    "quality" if background => {}
                    other => element.bind_mut().set_text(&format!("odk:{other}"), value),
                }
                true
            }
        }
    }

    /// Another app takes the picture; not where one signs or draws.
    fn app(&mut self, element: &mut Element, row: &TableRow, value: &str) -> bool {
        if !matches!(element.control.text("appearance"), None | Some("annotate")) {
            return true;
        }
        let part = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if !value.contains('.') || !value.split('.').all(part) {
            return self.bad_value(
                row,
                "app",
                value,
                "安卓包名，如com.example.app",
                "an Android package such as com.example.app",
            );
        }
        element.control.set_text("intent", value);
        true
    }

    /// An audit log that notes places needs all three parameters for it.
    fn audit_places(&mut self, row: &TableRow, pairs: &[(String, String)]) -> bool {
        const PLACES: [&str; 3] = ["location-priority", "location-min-interval", "location-max-age"];
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let there = PLACES.iter().filter(|name| get(name).is_some()).count();
        if there == 0 {
            return true;
        }
        if there < 3 {
            self.error(
                Code::BadParameters,
                row.number,
                &["parameters"],
                "要记位置，location-priority、location-min-interval、location-max-age三个都要写。",
                "to note places, location-priority, location-min-interval and location-max-age are all needed.",
            );
            return false;
        }
        let seconds = |name: &str| get(name).and_then(|value| value.parse::<u64>().ok());
        match (seconds("location-min-interval"), seconds("location-max-age")) {
            (Some(interval), Some(age)) if age < interval => {
                let (zh, en) = ("不小于location-min-interval", "no less than location-min-interval");
                self.bad_value(row, "location-max-age", &age.to_string(), zh, en)
            }
            _ => true,
        }
    }

    fn without_parameters(&mut self, element: &mut Element, row: &TableRow) -> bool {
        match element.word.as_str() {
            "start-geopoint" => {
                let event = "odk-instance-first-load";
                element.actions.push(Action { name: "odk:setgeopoint", event, value: None, quality: None });
                true
            }
            "background-geopoint" if element.trigger.is_empty() => {
                self.error(
                    Code::BadTrigger,
                    row.number,
                    &["trigger"],
                    "background-geopoint要写trigger。",
                    "background-geopoint needs a trigger.",
                );
                false
            }
            "background-geopoint" if row.fields.inner("bind", "calculate").is_some() => {
                self.error(
                    Code::MissingCalculation,
                    row.number,
                    &["bind", "calculate"],
                    "background-geopoint不能写calculation。",
                    "background-geopoint cannot have a calculation.",
                );
                false
            }
            _ => true,
        }
    }
}
