//! What the ledger's address asks for: conditions, order, columns, marked rows.

use xuncha_casework::{Calendar, Rules, format};

use super::super::frame::{Choice, Chosen, Select, address};
use super::super::home::days;
use super::{Head, columns};
use crate::ledger::cases::{CaseFilter, Offered, StateFilter};
use crate::ledger::words;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub(super) q: String,
    pub(super) time: String,
    pub(super) district: String,
    pub(super) category: String,
    pub(super) unit: String,
    pub(super) state: String,
    pub(super) due: String,
    pub(super) campaign: String,
    pub(super) reworked: String,
    pub(super) asked: String,
    pub(super) sort: String,
    pub(super) page: String,
    pub(super) rows: String,
    /// Columns beside the usual ones.
    pub(super) cols: Vec<String>,
    /// Rows that are marked for paper or file, by their cases' ids; only with `marked`.
    pub(super) mark: Vec<String>,
    /// The marked rows are asked for, not all that the filter finds.
    pub(super) marked: String,
}

const STATES: [(&str, &str); 13] = [
    ("open", "未结"),
    ("all", "全部"),
    ("overdue", "超期"),
    ("to_dispatch", "待派遣（含退回）"),
    ("reported", "待受理"),
    ("accepted", "待派遣"),
    ("dispatched", "办理中"),
    ("rectified", "待核查"),
    ("verified", "待结案"),
    ("sent_back", "待重新派遣"),
    ("suspended", "已挂账"),
    ("closed", "已结案"),
    ("rejected", "不予立案"),
];
const TIMES: [(&str, &str); 5] =
    [("", "全部"), ("today", "今天"), ("week", "近7天"), ("month", "本月"), ("year", "今年")];
const DUES: [(&str, &str); 3] = [("today", "今天到期"), ("tomorrow", "明天到期"), ("week", "7天内到期")];

impl Ask {
    /// From the address's parameters: each stands once, but for columns and marks. Unknown ones ask for nothing.
    pub(super) fn of(params: Vec<(String, String)>) -> Self {
        let mut ask = Self::default();
        for (name, value) in params {
            match name.as_str() {
                "q" => ask.q = value,
                "time" => ask.time = value,
                "district" => ask.district = value,
                "category" => ask.category = value,
                "unit" => ask.unit = value,
                "state" => ask.state = value,
                "due" => ask.due = value,
                "campaign" => ask.campaign = value,
                "reworked" => ask.reworked = value,
                "asked" => ask.asked = value,
                "sort" => ask.sort = value,
                "page" => ask.page = value,
                "rows" => ask.rows = value,
                "marked" => ask.marked = value,
                "cols" => ask.cols.push(value),
                "mark" => ask.mark.push(value),
                _ => {}
            }
        }
        ask
    }

    /// The default shows open cases; a search over all says so.
    fn state(&self) -> &str {
        if self.state.is_empty() { "open" } else { &self.state }
    }

    pub(super) fn filter(&self, now: i64, calendar: &Calendar) -> CaseFilter {
        let (today, tomorrow, after) = days(now, calendar);
        let day = after - tomorrow;
        let from_ms = match self.time.as_str() {
            "today" => today,
            "week" => today - 6 * day,
            "month" => today - day * (i64::from(format::civil(now, calendar).day()) - 1),
            "year" => today - day * (i64::from(format::civil(now, calendar).date().day_of_year()) - 1),
            _ => 0,
        };
        let (due_from_ms, due_until_ms) = match self.due.as_str() {
            "today" => (now.max(today), tomorrow),
            "tomorrow" => (tomorrow, after),
            "week" => (now, today + 7 * day),
            _ => (0, 0),
        };
        let state = if self.asked.is_empty() { self.state() } else { "" };
        CaseFilter {
            text: self.q.clone(),
            from_ms,
            district: self.district.clone(),
            category: self.category.clone(),
            unit: self.unit.clone(),
            state: StateFilter::from_word(state),
            due_from_ms,
            due_until_ms,
            campaign: self.campaign.clone(),
            reworked: !self.reworked.is_empty(),
            asked: !self.asked.is_empty(),
            only: if self.marked.is_empty() { Vec::new() } else { self.mark.clone() },
            ..CaseFilter::default()
        }
    }

    pub(super) fn params(&self) -> Vec<(String, String)> {
        let all = [
            ("q", &self.q),
            ("time", &self.time),
            ("district", &self.district),
            ("category", &self.category),
            ("unit", &self.unit),
            ("state", &self.state),
            ("due", &self.due),
            ("campaign", &self.campaign),
            ("reworked", &self.reworked),
            ("asked", &self.asked),
            ("sort", &self.sort),
            ("rows", &self.rows),
        ];
        let all = all.into_iter().chain(self.cols.iter().map(|word| ("cols", word)));
        all.filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v.clone())).collect()
    }

    /// What a form of the page has to hand on, so that the address stays the same but for what it asks.
    pub(super) fn kept(&self, but: &[&str]) -> Vec<(String, String)> {
        let mut kept = self.params();
        kept.retain(|(name, _)| !but.contains(&name.as_str()));
        kept
    }

    /// The same without one of its conditions.
    pub(super) fn without(&self, name: &str) -> Self {
        let mut ask = Self { page: String::new(), ..self.clone() };
        match name {
            "q" => ask.q.clear(),
            "time" => ask.time.clear(),
            "district" => ask.district.clear(),
            "category" => ask.category.clear(),
            "unit" => ask.unit.clear(),
            // The default is a condition too.
            "state" => ask.state = "all".to_owned(),
            "due" => ask.due.clear(),
            "campaign" => ask.campaign.clear(),
            "reworked" => ask.reworked.clear(),
            _ => ask.asked.clear(),
        }
        ask
    }

    pub(super) fn address(&self) -> String {
        address("/ledger", &self.params())
    }

    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut params = self.params();
        params.retain(|(n, _)| n != name);
        params.push((name.to_owned(), value.to_owned()));
        address("/ledger", &params)
    }

    pub(super) fn chosen(&self, offered: &Offered, rules: &Rules) -> Vec<Chosen> {
        let mut chosen = Vec::new();
        let mut add = |name: &'static str, value: &str, label: String| {
            if !value.is_empty() {
                chosen.push(Chosen { name, label, href: self.without(name).address() });
            }
        };
        add("q", &self.q, self.q.clone());
        add("time", &self.time, named(&TIMES, &self.time));
        let district = offered.districts.iter().find(|(code, _)| *code == self.district);
        add(
            "district",
            &self.district,
            district.map_or_else(|| self.district.clone(), |(_, name)| name.clone()),
        );
        add("category", &self.category, words::category_of(&self.category, rules));
        let unit = offered.units.iter().find(|(id, _)| *id == self.unit);
        add("unit", &self.unit, unit.map_or_else(|| self.unit.clone(), |(_, name)| name.clone()));
        if self.asked.is_empty() && self.state() != "all" {
            add("state", self.state(), named(&STATES, self.state()));
        }
        add("due", &self.due, named(&DUES, &self.due));
        add("campaign", &self.campaign, "本次专项活动".to_owned());
        add("reworked", &self.reworked, "返工".to_owned());
        add("asked", &self.asked, "有申请待答复".to_owned());
        chosen
    }

    pub(super) fn selects(&self, offered: &Offered, rules: &Rules) -> Vec<Select> {
        let fixed = |all: &[(&str, &str)], chosen: &str| {
            all.iter().map(|(value, label)| Choice::of(*value, *label, chosen)).collect()
        };
        let any = |chosen: &str| vec![Choice::of("", "全部", chosen)];
        let mut districts = any(&self.district);
        districts.extend(offered.districts.iter().map(|(code, name)| Choice::of(code, name, &self.district)));
        let mut categories = any(&self.category);
        let label = |key: &String| words::category_of(key, rules);
        categories.extend(offered.categories.iter().map(|c| Choice::of(c, label(c), &self.category)));
        let mut units = any(&self.unit);
        units.extend(offered.units.iter().map(|(id, name)| Choice::of(id, name, &self.unit)));
        vec![
            Select { label: "时间", name: "time", options: fixed(&TIMES, &self.time) },
            Select { label: "区", name: "district", options: districts },
            Select { label: "类别", name: "category", options: categories },
            Select { label: "单位", name: "unit", options: units },
            Select { label: "状态", name: "state", options: fixed(&STATES, self.state()) },
        ]
    }

    pub(super) fn heads(&self) -> Vec<Head> {
        let sort = if self.sort.is_empty() { "due" } else { &self.sort };
        let head = |label, word: &str| {
            let turned = format!("-{word}");
            let (next, sorted) = match sort {
                now if now == word => (turned, "ascending"),
                now if now == turned => (word.to_owned(), "descending"),
                _ => (word.to_owned(), ""),
            };
            let href = if word.is_empty() { String::new() } else { self.with("sort", &next) };
            Head { label, href, sorted }
        };
        let mut heads = vec![
            head("序号", ""),
            head("案卷编号", "number"),
            head("来源", "source"),
            head("类别", "category"),
            head("事发地点", "place"),
            head("责任单位/人", "unit"),
            head("派遣", "dispatched"),
            head("截止", "due"),
            head("状态", "state"),
        ];
        heads.extend(columns::chosen(&self.cols).map(|column| head(column.head(), column.sort)));
        heads
    }
}

fn named(all: &[(&str, &str)], value: &str) -> String {
    all.iter().find(|(v, _)| *v == value).map_or_else(|| value.to_owned(), |(_, label)| (*label).to_owned())
}
