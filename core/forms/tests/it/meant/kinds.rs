//! What tells each kind of difference.

use super::form::{attribute, plain, tags};
use super::{Run, choices, is_day, is_within, text};
use crate::compare::Difference;
use serde_json::Value;
use std::collections::HashSet;

impl Run {
    /// An instance of a counted repeat, or what stands in it, is there for one engine only, or not to be reached.
    pub(super) fn is_counted(&self, one: &Difference, node: &str) -> bool {
        let absent = |value: &Value| value.is_null() || value == false;
        let unreachable = |value: &Value| text(value).contains("not reachable");
        self.counted.iter().any(|repeat| is_within(node, repeat))
            && (absent(&one.ours) != absent(&one.theirs)
                || unreachable(&one.ours) != unreachable(&one.theirs))
    }

    /// A calculation over instances that one engine shows at that time and the other does not.
    pub(super) fn is_of_counted(&self, one: &Difference, node: &str) -> bool {
        let look = one.step.and_then(|at| self.looks.get(at)).or(self.looks.last());
        let uneven: Vec<&String> =
            self.uneven.iter().filter(|(at, _)| Some(at) == look).map(|(_, repeat)| repeat).collect();
        if one.place == "valid" {
            return !uneven.is_empty();
        }
        matches!(one.part, "" | "value")
            && self.form.read_by(node).iter().any(|read| uneven.iter().any(|repeat| is_within(read, repeat)))
    }

    pub(super) fn is_of_the_day(&self, one: &Difference, node: &str) -> bool {
        let (ours, theirs) = (text(&one.ours), text(&one.theirs));
        let dated = self.form.calculation(node).contains("date(") || self.form.kind(node) == "date";
        dated && is_day(ours) && theirs.strip_prefix(ours).is_some_and(|time| time.starts_with('T'))
    }

    pub(super) fn is_without_text(&self, one: &Difference, _: &str) -> bool {
        let (Some(ours), Some(theirs)) = (choices(&one.ours), choices(&one.theirs)) else { return false };
        let same = |(ours, theirs): (&(&str, &str), &(&str, &str))| {
            ours == theirs || ours.0 == theirs.0 && ours.1 == ours.0 && theirs.1.is_empty()
        };
        one.part == "choices" && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(same)
    }

    pub(super) fn is_white_space(&self, one: &Difference, _: &str) -> bool {
        let letters = |value: &Value| text(value).split_whitespace().collect::<String>();
        one.part == "label" && self.form.xml.contains("output") && letters(&one.ours) == letters(&one.theirs)
    }

    pub(super) fn is_of_the_language(&self, one: &Difference, node: &str) -> bool {
        let quotes = |bind: &str| ["jr:choice-name(", "jr:itext("].iter().any(|call| bind.contains(call));
        self.languages && matches!(one.part, "" | "value") && self.form.bind(node).is_some_and(quotes)
    }

    /// Collect clears such an answer when its question is shown, Web Forms at once.
    pub(super) fn was_never_offered(&self, one: &Difference, node: &str) -> bool {
        let Some(offered) = self.offered.get(node).filter(|_| matches!(one.part, "" | "value")) else {
            return false;
        };
        let words = |value: &'_ Value| text(value).split(' ').map(str::to_owned).collect::<HashSet<_>>();
        let (ours, theirs) = (words(&one.ours), words(&one.theirs));
        ours != theirs && ours.difference(&theirs).all(|word| !offered.contains(word))
    }

    /// As in Collect; Web Forms passes such a bind over.
    pub(super) fn is_bound_by_name(&self, one: &Difference, node: &str) -> bool {
        let name = node.rsplit('/').next().unwrap_or_default();
        let by_name = tags(&self.form.xml, "bind").find(|tag| attribute(tag, "nodeset") == Some(name));
        let says = |what: &[&str]| by_name.is_some_and(|bind| what.iter().any(|one| bind.contains(one)));
        let told = match one.part {
            "relevant" | "required" | "readonly" => says(&[one.part]),
            "" if one.ours.is_null() => says(&["relevant="]),
            "" | "value" => text(&one.theirs).is_empty() && says(&["calculate=", "jr:preload="]),
            _ => false,
        };
        node.split('/').count() == 3 && told
    }

    /// The record's id by a calculation that gives every record the same.
    pub(super) fn is_of_no_id(&self, one: &Difference, node: &str) -> bool {
        let calculation = self.form.calculation(node);
        let constant =
            !calculation.is_empty() && !calculation.contains("uuid(") && !calculation.contains('/');
        matches!(one.part, "" | "value") && constant && node.ends_with("/meta/instanceID")
    }

    pub(super) fn is_of_a_query(&self, one: &Difference, node: &str) -> bool {
        let control = self.form.control(&["select", "select1", "input"], node);
        let lost = ["getSelectChoices()\" is null", "reading 'map'"];
        let says = lost.iter().any(|what| one.more.contains(what) || text(&one.theirs).contains(what));
        says && control.is_some_and(|control| attribute(control, "query").is_some())
    }

    pub(super) fn is_set_in_the_body(&self, one: &Difference, node: &str) -> bool {
        matches!(one.part, "" | "value") && text(&one.theirs).is_empty() && self.form.is_set_in_the_body(node)
    }

    /// JavaRosa throws over it, Web Forms drops it.
    pub(super) fn is_a_day_of_a_number(&self, one: &Difference, node: &str) -> bool {
        let threw = "Invalid cast of data";
        if matches!(one.part, "accepted" | "error") {
            return one.more.contains(threw) || text(&one.theirs).contains(threw);
        }
        self.form.kind(node).starts_with("date")
            && self.form.is_set(node, "xforms-value-changed")
            && text(&one.theirs).is_empty()
    }

    pub(super) fn is_place(&self, one: &Difference, node: &str) -> bool {
        one.hidden && one.theirs == "0" && self.form.calculation(node).trim() == "position(..)"
    }

    pub(super) fn is_of_the_day_in_a_label(&self, one: &Difference, _: &str) -> bool {
        let days = |text: &str| {
            let word = |word: &str| match word.split_once('T') {
                Some((day, time)) if is_day(day) && time.contains(':') => day.to_owned(),
                _ => word.to_owned(),
            };
            text.split(' ').map(word).collect::<Vec<_>>().join(" ")
        };
        one.part == "label" && days(text(&one.ours)) == text(&one.theirs)
    }

    pub(super) fn is_one_of_a_name(&self, one: &Difference, node: &str) -> bool {
        let path = one.node();
        let place = path.strip_suffix(']').and_then(|path| path.rsplit('[').next());
        let later = place.and_then(|place| place.parse::<usize>().ok()).is_some_and(|place| place > 1);
        let repeats = tags(&self.form.xml, "repeat").filter_map(|tag| attribute(tag, "nodeset"));
        later && text(&one.theirs).is_empty() && !repeats.map(plain).any(|repeat| repeat == node)
    }

    pub(super) fn is_a_choice_by_place(&self, one: &Difference, node: &str) -> bool {
        let itemset = self.form.itemset(node).unwrap_or_default().trim();
        let place = itemset.strip_suffix(']').and_then(|list| list.rsplit('[').next());
        let by_place = place.is_some_and(|place| place.parse::<usize>().is_ok());
        let none = choices(&one.theirs).map_or(text(&one.theirs).is_empty(), |list| list.is_empty());
        by_place && none && matches!(one.part, "choices" | "value" | "")
    }

    /// Somebody answered over a calculation, here or in what the node reads.
    pub(super) fn is_written_over(&self, one: &Difference, node: &str) -> bool {
        let over = |node: &str| self.answered.get(node).filter(|_| !self.form.calculation(node).is_empty());
        matches!(one.part, "" | "value")
            && match over(node) {
                Some(answers) => answers.contains(text(&one.theirs)),
                None => self.form.read_by(node).iter().any(|read| over(read).is_some()),
            }
    }

    pub(super) fn is_a_time_as_written(&self, one: &Difference, node: &str) -> bool {
        let ours = text(&one.ours);
        self.form.kind(node) == "time"
            && !ours.is_empty()
            && text(&one.theirs).strip_prefix(ours).is_some_and(|rest| matches!(rest, ".000Z" | ":00.000Z"))
    }

    pub(super) fn is_output_by_ref(&self, one: &Difference, _: &str) -> bool {
        let shown = tags(&self.form.xml, "output").filter_map(|tag| attribute(tag, "ref")).map(plain);
        let answers = shown.filter_map(|path| self.answered.get(path.trim())).flatten();
        let without = |answer: &String| text(&one.ours).replace(answer.as_str(), "") == text(&one.theirs);
        one.part == "label" && answers.filter(|answer| !answer.is_empty()).any(without)
    }

    pub(super) fn is_joined(&self, one: &Difference, _: &str) -> bool {
        let more = |ours: &str, theirs: &str| theirs.len() > ours.len() && theirs.contains(ours);
        let told = match (choices(&one.ours), choices(&one.theirs)) {
            (Some(ours), Some(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(&theirs).all(|(a, b)| a == b || a.0 == b.0 && more(a.1, b.1))
            }
            _ => one.part == "label" && more(text(&one.ours), text(&one.theirs)),
        };
        told && tags(&self.form.xml, "value").any(|tag| attribute(tag, "form").is_some())
    }

    pub(super) fn is_mistyped(&self, one: &Difference, node: &str) -> bool {
        matches!(one.part, "" | "value")
            && matches!(self.form.kind(node), "int" | "decimal")
            && text(&one.ours).parse::<f64>().is_err()
            && text(&one.theirs).is_empty()
    }

    pub(super) fn is_out_of_range(&self, one: &Difference, node: &str) -> bool {
        let range = self.form.control(&["range"], node).unwrap_or_default();
        let bound = |name: &str| attribute(range, name)?.parse::<f64>().ok();
        let (Some(start), Some(end), Ok(ours)) =
            (bound("start"), bound("end"), text(&one.ours).parse::<f64>())
        else {
            return false;
        };
        text(&one.theirs).is_empty() && !(start.min(end)..=start.max(end)).contains(&ours)
    }

    /// Rows that lack a column, as in `[parent='']`.
    pub(super) fn is_compared_with_nothing(&self, one: &Difference, node: &str) -> bool {
        let compares = |node: &str| {
            let itemset = self.form.itemset(node).unwrap_or_default();
            // `[pastel=yes]`, without quotes, compares two columns.
            let test = itemset.rsplit('[').next().and_then(|test| test.strip_suffix(']'));
            let sides = test.and_then(|test| test.split_once('=')).map(|(a, b)| [a.trim(), b.trim()]);
            let is_name =
                |side: &&str| !side.is_empty() && side.chars().all(|c| c.is_alphanumeric() || c == '_');
            let columns =
                sides.is_some_and(|sides| sides.iter().all(is_name) && sides[1].parse::<f64>().is_err());
            columns || ["=''", "= ''"].iter().any(|what| itemset.contains(what))
        };
        let none = choices(&one.theirs).map_or(text(&one.theirs).is_empty(), |list| list.is_empty());
        none && matches!(one.part, "choices" | "value" | "")
            && (compares(node) || self.form.read_by(node).iter().any(|read| compares(read)))
    }

    /// Web Forms shows no text of such a translation, and does not know the language.
    pub(super) fn is_of_no_language(&self, one: &Difference, node: &str) -> bool {
        let xml = &self.form.xml;
        let unknown = tags(xml, "translation").any(|tag| attribute(tag, "lang").is_none())
            || xml.contains("<translation") && xml.contains("xmlns=\"http://www.w3.org/1999/xhtml\"");
        let named = self.form.calculation(node).contains("jr:choice-name(");
        unknown
            && match (one.part, choices(&one.ours), choices(&one.theirs)) {
                ("error", ..) => text(&one.theirs).contains("reading 'language'"),
                ("" | "value", ..) => named && text(&one.theirs).is_empty(),
                (_, Some(ours), Some(theirs)) => {
                    ours.len() == theirs.len()
                        && ours.iter().zip(theirs).all(|(a, b)| a.0 == b.0 && b.1.is_empty())
                }
                _ => false,
            }
    }

    pub(super) fn is_of_no_repeat(&self, one: &Difference, node: &str) -> bool {
        let repeats: Vec<String> =
            tags(&self.form.xml, "repeat").filter_map(|tag| attribute(tag, "nodeset")).map(plain).collect();
        let around = node.match_indices('/').skip(1).map(|(at, _)| &node[..at]);
        let is_template = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            tags(&self.form.xml, name).any(|tag| attribute(tag, "jr:template").is_some())
        };
        one.ours.is_null()
            && around.into_iter().any(|path| is_template(path) && !repeats.iter().any(|one| one == path))
    }

    pub(super) fn has_lost_its_action(&self, one: &Difference, node: &str) -> bool {
        let mut repeats = tags(&self.form.xml, "repeat").filter_map(|tag| attribute(tag, "nodeset"));
        matches!(one.part, "" | "value")
            && self.removed
            && text(&one.theirs).is_empty()
            && self.form.is_set(node, "xforms-value-changed")
            && repeats.any(|repeat| is_within(node, &plain(repeat)))
    }

    pub(super) fn is_of_a_group(&self, one: &Difference, node: &str) -> bool {
        let calculation = self.form.calculation(node).trim();
        calculation.starts_with('/') && text(&one.ours).is_empty() && self.form.is_group(&plain(calculation))
    }

    pub(super) fn is_of_decimal_days(&self, one: &Difference, node: &str) -> bool {
        let formats = |node: &str| {
            let text = self.form.calculation(node);
            text.contains("format-date") && text.contains("decimal-date-time(")
        };
        matches!(one.part, "" | "value")
            && text(&one.theirs).is_empty()
            && (formats(node) || self.form.read_by(node).iter().any(|read| formats(read)))
    }

    /// A count without end, or a month that no year has: what stands there afterwards, nobody computed.
    pub(super) fn is_after_it_threw(&self, one: &Difference, node: &str) -> bool {
        let Some((at, error, answered)) = &self.threw else { return false };
        let after = one.step.is_none_or(|step| step >= *at);
        let endless = error.is_empty() && !self.counted.is_empty();
        after && (endless || node == answered || self.form.read_by(node).contains(answered))
    }

    pub(super) fn is_chance(&self, one: &Difference, _: &str) -> bool {
        let words = |value: &Value| {
            text(value).replace(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '.', "")
        };
        one.part == "label" && self.form.xml.contains("random(") && words(&one.ours) == words(&one.theirs)
    }

    /// Answers of files are left out of the scripts for Web Forms, and so is what they show.
    pub(super) fn is_shown_by_a_file(&self, one: &Difference, node: &str) -> bool {
        let files: Vec<&str> =
            tags(&self.form.xml, "upload").filter_map(|tag| attribute(tag, "ref")).collect();
        let reads = |bind: &str| {
            let relevant = attribute(bind, "relevant").unwrap_or_default();
            files.iter().any(|file| relevant.contains(file))
        };
        let mut around = node.match_indices('/').map(|(at, _)| &node[..at]).chain([node]);
        let hidden = around.any(|path| self.form.bind(path).is_some_and(reads));
        hidden && (one.ours.is_null() || text(&one.ours).contains("not reachable"))
    }

    pub(super) fn is_of_the_device(&self, one: &Difference, node: &str) -> bool {
        let asked =
            self.form.bind(node).is_some_and(|bind| attribute(bind, "jr:preload") == Some("property"));
        let named = ["test:device", "+10000000", "user@example.org", "user"];
        if one.part == "label" && self.form.xml.contains("\"property\"") {
            let without = |name: &&str| text(&one.ours).strip_suffix(*name).map(str::trim_end);
            return named.iter().filter_map(without).any(|label| label == text(&one.theirs).trim_end());
        }
        asked
            && matches!(one.part, "" | "value")
            && !text(&one.ours).is_empty()
            && text(&one.theirs).is_empty()
    }

    /// The one that Web Forms adds beside one without its namespace.
    pub(super) fn is_another_id(&self, one: &Difference, node: &str) -> bool {
        node.ends_with("/meta/instanceID") && one.ours.is_null() && text(&one.theirs).starts_with("uuid:")
    }
}
