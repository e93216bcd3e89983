//! Expressions over what a form already has.

use super::Dice;
use super::forms::{Kind, Writer};

/// Where an expression stands.
#[derive(Debug, Clone)]
pub struct Here {
    pub path: String,
    /// The repeats around it, outermost first.
    pub within: Vec<String>,
}

impl Here {
    pub fn top() -> Here {
        Here { path: "/data".to_owned(), within: Vec::new() }
    }

    /// A child of this node.
    pub fn of(&self, name: &str) -> Here {
        Here { path: format!("{}/{name}", self.path), within: self.within.clone() }
    }

    /// This node, inside of the repeat that it is.
    pub fn repeated(&self) -> Here {
        let mut inside = self.clone();
        inside.within.push(self.path.clone());
        inside
    }

    pub fn sibling(&self, name: &str) -> String {
        format!("{}/{name}", self.path.rsplit_once('/').map_or("", |(parent, _)| parent))
    }

    /// The path from here.
    pub fn relative(&self, to: &str) -> String {
        let (from, to): (Vec<&str>, Vec<&str>) = (self.path.split('/').collect(), to.split('/').collect());
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        let mut parts = vec![".."; from.len() - shared];
        parts.extend(&to[shared..]);
        parts.join("/")
    }

    /// A node that has one value as seen from here, in one of the ways to write it.
    pub fn see(&self, node: &Node, dice: &mut Dice<'_>) -> String {
        match dice.pick(4) {
            0 => format!("current()/{}", self.relative(&node.path)),
            _ => node.path.clone(),
        }
    }

    fn write(&self, node: &Node, dice: &mut Dice<'_>) -> String {
        match dice.pick(3) {
            0 => node.path.clone(),
            1 => self.relative(&node.path),
            _ => format!("current()/{}", self.relative(&node.path)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Node {
    pub path: String,
    pub kind: Kind,
    pub within: Vec<String>,
    /// No question shows it.
    pub quiet: bool,
}

impl Node {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }
}

/// What stands in the form already.
#[derive(Default)]
pub struct Known {
    nodes: Vec<Node>,
    repeats: Vec<(String, Vec<String>)>,
}

impl Known {
    pub fn add(&mut self, path: &str, kind: Kind, within: &[String], quiet: bool) {
        self.nodes.push(Node { path: path.to_owned(), kind, within: within.to_vec(), quiet });
    }

    pub fn add_repeat(&mut self, repeat: &Here) {
        self.repeats.push((repeat.path.clone(), repeat.within.clone()));
    }

    pub fn has_repeats(&self) -> bool {
        !self.repeats.is_empty()
    }

    /// The nodes that have one value here, of these kinds, the nearest first.
    fn single(&self, here: &Here, kinds: &[Kind]) -> Vec<Node> {
        let fits = |node: &&Node| kinds.contains(&node.kind) && here.within.starts_with(&node.within);
        self.nodes.iter().rev().filter(fits).cloned().collect()
    }

    /// The questions whose repeat is not around here, but whose repeat's own surroundings are.
    fn columns(&self, here: &Here, kinds: &[Kind]) -> Vec<Node> {
        let fits = |node: &&Node| {
            let around = node.within.split_last().map(|(_, around)| around);
            kinds.contains(&node.kind)
                && !here.within.starts_with(&node.within)
                && around.is_some_and(|around| here.within.starts_with(around))
        };
        self.nodes.iter().rev().filter(fits).cloned().collect()
    }

    /// Something short to show in a label.
    pub fn plain(&self, here: &Here) -> Option<&Node> {
        let kinds = [Kind::Text, Kind::Int, Kind::One];
        self.nodes
            .iter()
            .rev()
            .find(|node| kinds.contains(&node.kind) && here.within.starts_with(&node.within))
    }

    pub fn choice(&self, here: &Here) -> Option<&Node> {
        self.nodes.iter().rev().find(|node| node.kind == Kind::One && here.within.starts_with(&node.within))
    }

    pub fn column(&self, here: &Here) -> Option<&Node> {
        let fits = |node: &&Node| {
            node.kind == Kind::Text
                && !node.quiet
                && node.within.len() == 1
                && !here.within.starts_with(&node.within)
        };
        self.nodes.iter().rev().find(fits)
    }
}

impl Writer<'_, '_> {
    fn any(&mut self, all: &[Node]) -> Option<Node> {
        if all.is_empty() { None } else { Some(all[self.dice.pick(all.len())].clone()) }
    }

    fn one(&mut self, here: &Here, kinds: &[Kind]) -> Option<String> {
        let all = self.known.single(here, kinds);
        let node = self.any(&all)?;
        Some(here.write(&node, self.dice))
    }

    /// A column of numbers or of any kind, with the repeat it is of.
    fn column_of(&mut self, here: &Here, kinds: &[Kind]) -> Option<(String, String)> {
        let all = self.known.columns(here, kinds);
        let node = self.any(&all)?;
        let repeat = node.within.last()?.clone();
        Some((node.path, repeat))
    }

    fn repeat_of(&mut self, here: &Here) -> Option<String> {
        let all: Vec<String> = (self.known.repeats.iter())
            .filter(|(path, around)| here.within.starts_with(around) && !here.within.contains(path))
            .map(|(path, _)| path.clone())
            .collect();
        if all.is_empty() { None } else { Some(all[self.dice.pick(all.len())].clone()) }
    }

    /// What other instances of the repeat around have, and other things that JavaRosa has not, gets wrong or forgets.
    fn beyond_javarosa(&mut self, here: &Here) -> Option<String> {
        let asked =
            |node: &&Node| !node.quiet && [Kind::Int, Kind::Decimal, Kind::Count].contains(&node.kind);
        let near: Vec<Node> = self
            .known
            .nodes
            .iter()
            .filter(asked)
            .filter(|node| node.within == here.within)
            .cloned()
            .collect();
        let Some(repeat) = here.within.last().cloned() else {
            let far: Vec<Node> = self.known.nodes.iter().filter(asked).cloned().collect();
            let node = self.any(&far)?;
            let other = self.any(&far)?;
            return Some(match self.dice.pick(4) {
                0 => format!("sum({})", node.path),
                1 => format!("count(//{})", node.name()),
                2 => format!("sum({} | {})", node.path, other.path),
                _ => format!("coalesce(max({}), 0)", node.path),
            });
        };
        let node = self.any(&near)?;
        let name = node.path.strip_prefix(&format!("{repeat}/"))?.to_owned();
        let around = here.relative(&repeat);
        let all = format!("{}/{}", here.relative(repeat.rsplit_once('/')?.0), repeat.rsplit('/').next()?);
        Some(match self.dice.pick(9) {
            0 => format!("sum({repeat}[position() <= position(current()/{around})]/{name})"),
            1 => format!("count({repeat}[position() < position(current()/{around})]/{name})"),
            2 => format!("coalesce({repeat}[position() = position(current()/{around}) - 1]/{name}, 0)"),
            3 => format!("coalesce(indexed-repeat({}, {repeat}, position({around}) + 1), 0)", node.path),
            4 => format!("sum({all}/{name})"),
            5 => format!("count({all}[{name} > 1])"),
            6 => format!("coalesce({all}[position() = last()]/{name}, 7)"),
            7 => format!("coalesce(min({all}/{name}), 0) + coalesce(max({all}/{name}), 0)"),
            _ => format!("count-non-empty({all}/{name})"),
        })
    }

    pub fn number(&mut self, here: &Here, depth: usize) -> String {
        if self.wide
            && self.dice.chance(20)
            && let Some(found) = self.beyond_javarosa(here)
        {
            return found;
        }
        let next = depth.saturating_sub(1);
        let numbers = [Kind::Int, Kind::Decimal, Kind::Range, Kind::Count];
        let found = match self.dice.pick(if depth == 0 { 7 } else { 17 }) {
            0..3 => self.one(here, &numbers),
            3 => self.column_of(here, &[Kind::Int, Kind::Decimal]).map(|(column, repeat)| {
                match self.dice.pick(5) {
                    0 => format!("sum({column})"),
                    1 => format!("count({column})"),
                    2 => format!("count-non-empty({column})"),
                    3 => {
                        let name = column.strip_prefix(&format!("{repeat}/")).unwrap_or(&column).to_owned();
                        format!("sum({repeat}[{name} > 2]/{name})")
                    }
                    _ => format!("coalesce(indexed-repeat({column}, {repeat}, 1), 0)"),
                }
            }),
            4 => self.repeat_of(here).map(|repeat| format!("count({repeat})")),
            5 => here.within.last().map(|repeat| {
                let own = here.relative(repeat);
                format!("position({own})")
            }),
            6 => self.one(here, &[Kind::Many, Kind::Rank]).map(|many| format!("count-selected({many})")),
            7 => Some(format!("({} + {})", self.number(here, next), self.number(here, next))),
            8 => Some(format!("({} - {})", self.number(here, next), self.number(here, next))),
            9 => Some(format!("({} * 2)", self.number(here, next))),
            10 => Some(format!(
                "if({}, {}, {})",
                self.truth(here, next),
                self.number(here, next),
                self.number(here, next)
            )),
            11 => self.one(here, &[Kind::Text, Kind::Barcode]).map(|text| format!("string-length({text})")),
            12 => self.one(here, &[Kind::Date]).map(|date| format!("int(decimal-date-time({date}))")),
            13 => self.one(here, &[Kind::Trace, Kind::Shape]).map(|line| format!("round(distance({line}))")),
            14 => self.one(here, &[Kind::Shape]).map(|shape| format!("round(area({shape}) div 1000)")),
            15 => here.within.split_last().and_then(|(_, around)| around.last()).map(|outer| {
                let outer = here.relative(outer);
                format!("position({outer}) * 10")
            }),
            _ => self.one(here, &numbers).map(|number| format!("coalesce({number}, 5)")),
        };
        let place = |writer: &mut Self| {
            let repeat = here.within.last().filter(|_| writer.dice.chance(50))?;
            Some(format!("position({})", here.relative(repeat)))
        };
        found
            .or_else(|| place(self))
            .or_else(|| self.one(here, &numbers))
            .unwrap_or_else(|| self.dice.one(&["1", "0", "3", "12"]).to_owned())
    }

    pub fn text(&mut self, here: &Here, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        let texts = [Kind::Text, Kind::One, Kind::Barcode, Kind::Many, Kind::Note];
        let found = match self.dice.pick(if depth == 0 { 4 } else { 13 }) {
            0 | 1 => self.one(here, &texts),
            2 => self.column_of(here, &[Kind::Text, Kind::One]).map(|(column, repeat)| {
                match self.dice.pick(3) {
                    0 => format!("join('-', {column})"),
                    1 => format!("indexed-repeat({column}, {repeat}, 1)"),
                    _ => {
                        let name = column.strip_prefix(&format!("{repeat}/")).unwrap_or(&column).to_owned();
                        format!("concat('', {repeat}[position() = 2]/{name})")
                    }
                }
            }),
            3 => self.one(here, &[Kind::Many, Kind::Rank]).map(|many| format!("selected-at({many}, 1)")),
            4 => Some(format!("concat({}, '/', {})", self.text(here, next), self.text(here, next))),
            5 => Some(format!(
                "if({}, {}, {})",
                self.truth(here, next),
                self.text(here, next),
                self.text(here, next)
            )),
            6 => Some(format!("substr({}, 0, 3)", self.text(here, next))),
            7 => self.known.choice(here).cloned().map(|one| {
                let one = here.see(&one, self.dice);
                let town = self.dice.one(&["label", "name"]);
                format!("string(instance('towns')/root/item[name = {one}]/{town})")
            }),
            8 => self
                .one(here, &[Kind::Text, Kind::One])
                .map(|key| format!("pulldata('houses', 'label', 'town', {key})")),
            9 => self
                .known
                .choice(here)
                .map(|node| node.path.clone())
                .map(|path| format!("jr:choice-name({path}, '{path}')")),
            10 => self.one(here, &[Kind::Date]).map(|date| format!("format-date({date}, '%Y/%n/%e')")),
            11 => here
                .within
                .last()
                .map(|repeat| format!("concat('no. ', position({}))", here.relative(repeat))),
            _ => Some(format!("jr:itext('{}')", self.dice.one(&["s1", "s2"]))),
        };
        found
            .or_else(|| self.one(here, &texts))
            .unwrap_or_else(|| self.dice.one(&["'x'", "''", "'a'", "'巡'"]).to_owned())
    }

    pub fn truth(&mut self, here: &Here, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        let found = match self.dice.pick(if depth == 0 { 4 } else { 11 }) {
            0 => self
                .one(here, &[Kind::One])
                .map(|one| format!("{one} = '{}'", self.dice.one(&["a", "b", ""]))),
            1 if depth > 0 && self.dice.chance(10) => Some(self.dice.one(&["true()", "false()"]).to_owned()),
            1 => self.one(here, &[Kind::Many]).map(|many| format!("selected({many}, 'a')")),
            2 | 4 => Some(format!(
                "{} {} {}",
                self.number(here, next),
                self.dice.one(&[">", "=", "!=", "<=", "<"]),
                self.number(here, 0)
            )),
            3 => self
                .one(here, &[Kind::Text, Kind::Int, Kind::Date, Kind::File, Kind::Trigger, Kind::Point])
                .map(|any| format!("{any} != ''")),
            5 => Some(format!("({} and {})", self.truth(here, next), self.truth(here, next))),
            6 => Some(format!("({} or {})", self.truth(here, next), self.truth(here, next))),
            7 => Some(format!("not({})", self.truth(here, next))),
            8 => self.one(here, &[Kind::Date]).map(|date| format!("{date} < date('2025-01-01')")),
            9 => self.one(here, &[Kind::Point]).and_then(|place| {
                let fence = self.one(here, &[Kind::Shape])?;
                Some(format!("({fence} != '' and {place} != '' and geofence({place}, {fence}))"))
            }),
            _ => self.one(here, &[Kind::Trigger]).map(|done| format!("{done} = 'OK'")),
        };
        found.unwrap_or_else(|| {
            let number = self.number(here, 0);
            format!("{number} {} {}", self.dice.one(&[">", "<", "!="]), self.dice.one(&["1", "2", "0"]))
        })
    }
}
