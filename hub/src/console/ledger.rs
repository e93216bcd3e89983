//! 问题台账: filters as a GET form, chips, sorting by head, pages, export, print.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use xuncha_casework::terms::marks;
use xuncha_casework::{Calendar, Rules, format};

use super::frame::{Choice, Chosen, Frame, MarkView, Pager, Select, address, rows_a_page};
use super::home::days;
use super::session::Signed;
use super::sheet;
use super::trouble::{Answer, html};
use crate::Hub;
use crate::ledger::cases::{self, CaseFilter, CaseRow, Offered, Order, StateFilter};
use crate::ledger::sheet::case_columns;
use crate::ledger::{EXPORT, districts, words};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    q: String,
    time: String,
    district: String,
    category: String,
    unit: String,
    state: String,
    due: String,
    campaign: String,
    reworked: String,
    asked: String,
    sort: String,
    page: String,
    rows: String,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    frame: Frame,
    said: String,
    export: String,
    print: String,
    q: String,
    sort: String,
    selects: Vec<Select>,
    kept: Vec<(String, String)>,
    chosen: Vec<Chosen>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    pager: Pager,
    empty: String,
    drops: Vec<Chosen>,
    open_filters: bool,
}

struct Head {
    label: &'static str,
    href: String,
    sorted: &'static str,
}

pub(super) struct Row {
    pub(super) nth: usize,
    pub(super) id: String,
    pub(super) number: String,
    pub(super) marks: Vec<MarkView>,
    pub(super) due: String,
    pub(super) source: String,
    pub(super) category: String,
    pub(super) place: String,
    pub(super) who: String,
    pub(super) dispatched: String,
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
    /// The default shows open cases; a search over all says so.
    fn state(&self) -> &str {
        if self.state.is_empty() { "open" } else { &self.state }
    }

    fn filter(&self, now: i64, calendar: &Calendar) -> CaseFilter {
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
            ..CaseFilter::default()
        }
    }

    fn params(&self) -> Vec<(String, String)> {
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
        all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v.clone())).collect()
    }

    /// The same without one of its conditions.
    fn without(&self, name: &str) -> Self {
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

    fn address(&self) -> String {
        address("/ledger", &self.params())
    }

    fn with(&self, name: &str, value: &str) -> String {
        let mut params = self.params();
        params.retain(|(n, _)| n != name);
        params.push((name.to_owned(), value.to_owned()));
        address("/ledger", &params)
    }

    fn chosen(&self, offered: &Offered, rules: &Rules) -> Vec<Chosen> {
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

    fn selects(&self, offered: &Offered, rules: &Rules) -> Vec<Select> {
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

    fn heads(&self) -> Vec<Head> {
        let sort = if self.sort.is_empty() { "due" } else { &self.sort };
        let head = |label, word: &str| {
            let turned = format!("-{word}");
            let (next, sorted) = match sort {
                now if now == word && matches!(word, "due" | "number") => (turned, "ascending"),
                now if now == word => (word.to_owned(), "ascending"),
                now if now == turned => (word.to_owned(), "descending"),
                _ => (word.to_owned(), ""),
            };
            Head { label, href: self.with("sort", &next), sorted }
        };
        vec![
            Head { label: "序号", href: String::new(), sorted: "" },
            head("案卷编号", "number"),
            Head { label: "来源", href: String::new(), sorted: "" },
            head("类别", "category"),
            head("事发地点", "place"),
            head("责任单位/人", "unit"),
            head("派遣", "dispatched"),
            head("截止", "due"),
            head("状态", "state"),
        ]
    }
}

fn named(all: &[(&str, &str)], value: &str) -> String {
    all.iter().find(|(v, _)| *v == value).map_or_else(|| value.to_owned(), |(_, label)| (*label).to_owned())
}

/// `07-08 17:30`, with the year if it is another one.
pub(super) fn short(ms: i64, now: i64, calendar: &Calendar) -> String {
    if ms == 0 {
        return String::new();
    }
    let text = format::table(ms, calendar);
    if format::civil(ms, calendar).year() == format::civil(now, calendar).year() {
        text.chars().skip(5).collect()
    } else {
        text
    }
}

/// A row of the ledger.
pub(super) fn row(nth: usize, found: &CaseRow, now: i64, rules: &Rules) -> Row {
    let case = &found.case;
    let due = case.deadline.as_ref().filter(|_| !case.state.is_over());
    Row {
        nth,
        id: case.id.to_string(),
        number: found.number().to_owned(),
        marks: marks(case, now, &rules.calendar).iter().map(MarkView::from).collect(),
        due: due.map_or_else(|| "—".to_owned(), |d| short(d.due_ms, now, &rules.calendar)),
        source: words::source(&found.source_kind).to_owned(),
        category: words::category(case, rules),
        place: found.place().to_owned(),
        who: words::responsible(case),
        dispatched: case.deadline.as_ref().map_or_else(
            || "—".to_owned(),
            |d| short(d.started_ms, now, &rules.calendar).chars().take(5).collect(),
        ),
    }
}

/// `GET /ledger`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), ask.clone());
    let rows = rows_a_page(&ask.rows);
    let (rules, listed, offered) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let filter = asked.filter(now, &rules.calendar);
            let page = asked.page.parse::<usize>().unwrap_or(1).max(1);
            let total = cases::count(tx, &sees, &filter, now)?;
            let skip = (page.min(total.div_ceil(rows).max(1)) - 1) * rows;
            let order = Order::from_word(&asked.sort);
            let listed = cases::list(tx, &sees, &filter, order, now, (skip, rows))?;
            Ok((rules, listed, cases::offered(tx, &sees)?))
        })
        .await?;
    let pager = Pager::of(listed.total, "件", (ask.page.parse().unwrap_or(1), rows), "/ledger", ask.params());
    let pager = pager.of_any_length(listed.total);
    let chosen = ask.chosen(&offered, &rules);
    let (empty, drops) = match listed.total {
        0 => nothing(&hub, &signed, &ask, &chosen).await?,
        _ => (String::new(), Vec::new()),
    };
    let kept = |name: &str, value: &String| (name.to_owned(), value.clone());
    let kept = [
        kept("due", &ask.due),
        kept("campaign", &ask.campaign),
        kept("reworked", &ask.reworked),
        kept("asked", &ask.asked),
        kept("rows", &ask.rows),
    ];
    html(&LedgerPage {
        frame: Frame::of(&hub, &signed, "台账", "/ledger").await?,
        said: format!("共{}件", format::count(listed.total)),
        export: address("/ledger/export.xlsx", &ask.params()),
        print: address("/ledger/print", &ask.params()),
        q: ask.q.clone(),
        sort: ask.sort.clone(),
        selects: ask.selects(&offered, &rules),
        kept: kept.into_iter().filter(|(_, v)| !v.is_empty()).collect(),
        chosen,
        heads: ask.heads(),
        rows: (pager.skip() + 1..).zip(&listed.rows).map(|(nth, r)| row(nth, r, now, &rules)).collect(),
        pager,
        empty,
        drops,
        open_filters: false,
    })
}

/// Why a list is empty: nothing there yet, nothing matches (and what each condition hides), or not this reader's.
async fn nothing(
    hub: &Hub,
    signed: &Signed,
    ask: &Ask,
    chosen: &[Chosen],
) -> Result<(String, Vec<Chosen>), super::trouble::Trouble> {
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), ask.clone());
    let names: Vec<&'static str> = chosen.iter().map(|c| c.name).collect();
    let (outside, counts, any) = hub
        .db()
        .read(move |tx| {
            if !sees.district(&asked.district) {
                return Ok((districts::name(tx, &sees.tenant, &asked.district)?, Vec::new(), true));
            }
            let rules = cache.load(tx, &sees.tenant)?;
            let mut counts = Vec::new();
            for name in &names {
                let filter = asked.without(name).filter(now, &rules.calendar);
                counts.push(cases::count(tx, &sees, &filter, now)?);
            }
            let any = cases::count(tx, &sees, &CaseFilter::default(), now)? > 0;
            Ok((String::new(), counts, any))
        })
        .await?;
    if !outside.is_empty() {
        return Ok((format!("这些案卷不在你的范围（{outside}）。"), Vec::new()));
    }
    if !any {
        return Ok(("还没有案卷。手机上报的问题入库后会出现在这里。".to_owned(), Vec::new()));
    }
    let labels: Vec<&str> = chosen.iter().map(|c| c.label.as_str()).collect();
    let drops = chosen.iter().zip(counts).filter(|(_, count)| *count > 0).map(|(c, count)| Chosen {
        name: c.name,
        label: format!("去掉“{}”有{}件", c.label, format::count(count)),
        href: c.href.clone(),
    });
    Ok((format!("没有符合“{}”的案卷。", labels.join("、")), drops.collect()))
}

/// The whole list of a filter, for paper and file.
async fn whole(
    hub: &Hub,
    signed: &Signed,
    ask: &Ask,
) -> Result<(Vec<Vec<String>>, String), super::trouble::Trouble> {
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), ask.clone());
    let (rules, listed, offered) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let filter = asked.filter(now, &rules.calendar);
            let order = Order::from_word(&asked.sort);
            let listed = cases::list(tx, &sees, &filter, order, now, (0, EXPORT))?;
            Ok((rules, listed, cases::offered(tx, &sees)?))
        })
        .await?;
    let chosen: Vec<String> = ask.chosen(&offered, &rules).into_iter().map(|c| c.label).collect();
    let said = if chosen.is_empty() {
        "条件：全部".to_owned()
    } else {
        format!("条件：{}", chosen.join("、"))
    };
    let rows = (1..).zip(&listed.rows).map(|(nth, r)| case_columns(nth, r, &rules, now)).collect();
    Ok((rows, format!("{said} · 数据时间{}", format::table(now, &rules.calendar))))
}

/// `GET /ledger/export.xlsx`.
pub(super) async fn export(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    sheet::workbook(&hub, &signed, sheet::Book::Cases, rows, said).await
}

/// `GET /ledger/print`.
pub(super) async fn print(State(hub): State<Hub>, signed: Signed, Query(ask): Query<Ask>) -> Answer {
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    let back = address("/ledger", &ask.params());
    sheet::paper(&hub, &signed, sheet::Book::Cases, &rows, said, back).await
}
