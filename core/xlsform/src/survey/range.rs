//! Ranges: their limits, steps, ticks and the labels of the ticks, reckoned in decimals.

use super::Builder;
use super::decimal::Decimal;
use crate::headers::TableRow;
use crate::tree::Element;

/// A range's numbers.
struct Scale {
    start: Decimal,
    end: Decimal,
    step: Decimal,
    tick: Option<Decimal>,
}

impl Scale {
    fn width(&self) -> Decimal {
        self.end.minus(self.start).magnitude()
    }

    fn holds(&self, value: Decimal) -> bool {
        let (low, high) =
            if self.start.less(self.end) { (self.start, self.end) } else { (self.end, self.start) };
        !value.less(low) && !high.less(value)
    }
}

type Pairs = Vec<(String, String)>;

impl Builder<'_> {
    pub(super) fn range(&mut self, element: &mut Element, row: &TableRow, mut pairs: Pairs) -> bool {
        let appearance = element.control.text("appearance").unwrap_or_default().to_owned();
        let ticks = ["tick_interval", "placeholder", "tick_labelset"];
        let used = pairs.iter().find(|(key, _)| ticks.contains(&key.as_str()));
        if let Some((key, value)) = used
            && !appearance.is_empty()
            && !appearance.contains("vertical")
            && !appearance.contains("no-ticks")
        {
            let (zh, en) = (
                "和外观vertical、no-ticks一起用，或不写外观",
                "used with the appearances vertical and no-ticks, or none",
            );
            let (key, value) = (key.clone(), value.clone());
            return self.bad_value(row, &key, &value, zh, en);
        }
        for (key, default) in [("start", "1"), ("end", "10"), ("step", "1")] {
            if !pairs.iter().any(|(known, _)| known == key) {
                pairs.push((key.to_owned(), default.to_owned()));
            }
        }
        let Some(scale) = self.scale(row, &pairs) else { return false };
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let placeholder = match get("placeholder") {
            None => None,
            Some(text) => match self.decimal(row, "placeholder", &text) {
                None => return false,
                Some(value) if !value.minus(scale.start).is_multiple(scale.step) || !scale.holds(value) => {
                    return self.bad_value(
                        row,
                        "placeholder",
                        &text,
                        "范围内的一格",
                        "one of the range's steps",
                    );
                }
                found => found,
            },
        };
        if let Some(list) = get("tick_labelset") {
            if !self.tick_labels(row, &list, &scale, appearance.contains("no-ticks")) {
                return false;
            }
            element.itemset = Some(list);
        }
        let all = [Some(scale.start), Some(scale.end), Some(scale.step), scale.tick, placeholder];
        if all.into_iter().flatten().any(|number| !number.is_whole()) {
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

    fn decimal(&mut self, row: &TableRow, key: &str, text: &str) -> Option<Decimal> {
        let number = Decimal::parse(text);
        if number.is_none() {
            self.bad_value(row, key, text, "数字", "a number");
        }
        number
    }

    fn scale(&mut self, row: &TableRow, pairs: &[(String, String)]) -> Option<Scale> {
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let (start, end, step) = (
            get("start").unwrap_or_default(),
            get("end").unwrap_or_default(),
            get("step").unwrap_or_default(),
        );
        let mut scale = Scale {
            start: self.decimal(row, "start", &start)?,
            end: self.decimal(row, "end", &end)?,
            step: self.decimal(row, "step", &step)?,
            tick: None,
        };
        let (zh, en) = ("大于0、不超过首尾之差", "above 0 and within the range");
        if scale.step.is_zero() || scale.width().less(scale.step) {
            self.bad_value(row, "step", &step, zh, en);
            return None;
        }
        if let Some(text) = get("tick_interval") {
            let tick = self.decimal(row, "tick_interval", &text)?;
            if tick.is_zero() || scale.width().less(tick) {
                self.bad_value(row, "tick_interval", &text, zh, en);
                return None;
            }
            if !tick.is_multiple(scale.step) {
                self.bad_value(row, "tick_interval", &text, "step的整数倍", "a multiple of step");
                return None;
            }
            scale.tick = Some(tick);
        }
        Some(scale)
    }

    /// Do the list's choices stand where the range has ticks?
    fn tick_labels(&mut self, row: &TableRow, list: &str, scale: &Scale, no_ticks: bool) -> bool {
        /// Labels beside one line on a screen; they are held against each range that has them.
        const MOST: usize = 500;
        let known = self.tree.word(list);
        if !self.ticks.contains_key(&known) {
            let Some(found) = self.sheets.choices.list(list) else {
                let (zh, en) = ("choices表里的列表", "a list of the sheet choices");
                return self.bad_value(row, "tick_labelset", list, zh, en);
            };
            let names: Vec<String> = found.choices().map(|choice| choice.name).take(MOST + 1).collect();
            if names.len() > MOST {
                let (zh, en) =
                    (format!("不超过{MOST}个选项的列表"), format!("a list of at most {MOST} choices"));
                return self.bad_value(row, "tick_labelset", list, &zh, &en);
            }
            let mut values = Vec::new();
            for name in names {
                let Some(value) = Decimal::parse(&name) else {
                    let (zh, en) = ("选项都是数字的列表", "a list whose choices are numbers");
                    return self.bad_value(row, "tick_labelset", &name, zh, en);
                };
                if !values.iter().any(|(_, known)| *known == value) {
                    values.push((name, value));
                }
            }
            self.ticks.insert(known, values);
        }
        let ticks = self.ticks.get(&known).map(Vec::as_slice).unwrap_or_default();
        let beyond = |(_, value): &&(String, Decimal)| !scale.holds(*value);
        let between = |(_, value): &&(String, Decimal)| {
            !value.minus(scale.start).is_multiple(scale.tick.unwrap_or(scale.step))
        };
        let bad = ticks.iter().find(|tick| beyond(tick) || between(tick));
        if let Some(tick) = bad {
            let (zh, en) = if beyond(&tick) {
                ("首尾之间的数", "between start and end")
            } else {
                ("范围的一格", "one of the range's ticks")
            };
            let name = tick.0.clone();
            return self.bad_value(row, "tick_labelset", &name, zh, en);
        }
        let is_end = |(_, value): &(String, Decimal)| *value == scale.start || *value == scale.end;
        if no_ticks && !(ticks.len() == 2 && ticks.iter().all(is_end)) {
            let (zh, en) = ("只有首尾两个选项的列表", "a list of two choices, start and end");
            return self.bad_value(row, "tick_labelset", list, zh, en);
        }
        true
    }
}
