//! 问题台账: filters as a GET form, chips, sorting by head, pages, export, print.

mod ask;
mod beside;
mod columns;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use xuncha_casework::terms::marks;
use xuncha_casework::{Calendar, Rules, format};

use super::frame::{Choice, Chosen, Frame, MarkView, Pager, Select, address, rows_a_page, rows_before};
use super::session::Signed;
use super::sheet;
use super::trouble::{Answer, Trouble, html};
use crate::Hub;
use crate::ledger::cases::{self, CaseFilter, CaseRow, Order};
use crate::ledger::sheet::case_columns;
use crate::ledger::{EXPORT, districts, words};
use ask::Ask;
pub(super) use beside::{Beside, Came};

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
    kept_columns: Vec<(String, String)>,
    kept_marks: Vec<(String, String)>,
    columns: Vec<Choice>,
    columns_chosen: usize,
    none_marked: bool,
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

struct Row {
    nth: usize,
    id: String,
    href: String,
    number: String,
    marks: Vec<MarkView>,
    due: String,
    source: String,
    category: String,
    place: String,
    who: String,
    dispatched: String,
    /// Head and cell of each further column.
    more: Vec<(&'static str, String)>,
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
fn row(nth: usize, found: &CaseRow, ask: &Ask, now: i64, rules: &Rules) -> Row {
    let cols = &ask.cols;
    let case = &found.case;
    let mut cells = if cols.is_empty() { Vec::new() } else { case_columns(nth, found, rules, now) };
    let more = columns::chosen(cols).map(|column| {
        let cell = cells.get_mut(column.at).map(std::mem::take).filter(|text| !text.is_empty());
        (column.head(), cell.unwrap_or_else(|| "—".to_owned()))
    });
    let due = case.deadline.as_ref().filter(|_| !case.state.is_over());
    Row {
        nth,
        href: Came::at(nth, ask).case(case.id.as_str()),
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
        more: more.collect(),
    }
}

type Params = Vec<(String, String)>;

/// `GET /ledger`.
pub(super) async fn page(State(hub): State<Hub>, signed: Signed, Query(params): Query<Params>) -> Answer {
    let ask = Ask::of(params);
    let now = hub.now_ms();
    let (sees, cache, asked) = (signed.sees(), hub.rules().clone(), ask.clone());
    let (page, rows) = (ask.page.parse().unwrap_or(1), rows_a_page(&ask.rows));
    let (rules, listed, offered) = hub
        .db()
        .read(move |tx| {
            let rules = cache.load(tx, &sees.tenant)?;
            let filter = asked.filter(now, &rules.calendar);
            let skip = rows_before(cases::count(tx, &sees, &filter, now)?, (page, rows));
            let order = Order::from_word(&asked.sort);
            let listed = cases::list(tx, &sees, &filter, order, now, (skip, rows))?;
            Ok((rules, listed, cases::offered(tx, &sees)?))
        })
        .await?;
    let pager = Pager::of(listed.total, "件", (page, rows), "/ledger", ask.params());
    let pager = pager.of_any_length(listed.total);
    let chosen = ask.chosen(&offered, &rules);
    let (empty, drops) = match listed.total {
        0 => nothing(&hub, &signed, &ask, &chosen).await?,
        _ => (String::new(), Vec::new()),
    };
    let in_form = ["q", "time", "district", "category", "unit", "state", "sort"];
    let column = |c: &columns::Column| Choice {
        value: c.word.to_owned(),
        label: c.head().to_owned(),
        on: ask.cols.iter().any(|word| word == c.word),
    };
    html(&LedgerPage {
        frame: Frame::of(&hub, &signed, "台账", "/ledger").await?,
        said: format!("共{}件", format::count(listed.total)),
        export: address("/ledger/export.xlsx", &ask.params()),
        print: address("/ledger/print", &ask.params()),
        q: ask.q.clone(),
        sort: ask.sort.clone(),
        selects: ask.selects(&offered, &rules),
        kept: ask.kept(&in_form),
        kept_columns: ask.kept(&["cols"]),
        kept_marks: ask.kept(&[]),
        columns: columns::MORE.iter().map(column).collect(),
        columns_chosen: columns::chosen(&ask.cols).count(),
        none_marked: ask.marked == NONE,
        chosen,
        heads: ask.heads(),
        rows: (pager.skip + 1..).zip(&listed.rows).map(|(nth, r)| row(nth, r, &ask, now, &rules)).collect(),
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
) -> Result<(String, Vec<Chosen>), Trouble> {
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
async fn whole(hub: &Hub, signed: &Signed, ask: &Ask) -> Result<(Vec<Vec<String>>, String), Trouble> {
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
    let said = if ask.marked.is_empty() {
        said
    } else {
        format!("{said} · 只有勾选的{}件", listed.rows.len())
    };
    let rows = (1..).zip(&listed.rows).map(|(nth, r)| case_columns(nth, r, &rules, now)).collect();
    Ok((rows, format!("{said} · 数据时间{}", format::table(now, &rules.calendar))))
}

/// Marked rows were asked for and none was marked.
const NONE: &str = "none";

/// The way back if marked rows were asked for and none is: never all of them instead.
fn unmarked(ask: &Ask) -> Option<Redirect> {
    let none = !ask.marked.is_empty() && ask.mark.is_empty();
    none.then(|| Redirect::to(&ask.with("marked", NONE)))
}

/// `GET /ledger/export.xlsx`.
pub(super) async fn export(State(hub): State<Hub>, signed: Signed, Query(params): Query<Params>) -> Answer {
    let ask = Ask::of(params);
    if let Some(back) = unmarked(&ask) {
        return Ok(back.into_response());
    }
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    sheet::workbook(&hub, &signed, sheet::Book::Cases, rows, said).await
}

/// `GET /ledger/print`.
pub(super) async fn print(State(hub): State<Hub>, signed: Signed, Query(params): Query<Params>) -> Answer {
    let ask = Ask::of(params);
    if let Some(back) = unmarked(&ask) {
        return Ok(back.into_response());
    }
    let (rows, said) = whole(&hub, &signed, &ask).await?;
    let back = address("/ledger", &ask.params());
    sheet::paper(&hub, &signed, sheet::Book::Cases, &rows, said, back).await
}
