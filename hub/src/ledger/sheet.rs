//! Ledgers as offices keep them: columns, the Excel file, the printed table.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use xuncha_casework::terms::Term;
use xuncha_casework::{Outcome, Rules, State, format};

use super::cases::CaseRow;
use super::visits::VisitRow;
use super::words;
use crate::store::E;

/// A column: its head and its width in characters.
pub type Head = (&'static str, f64);

/// 问题台账, 24 columns.
pub const CASE_HEADS: [Head; 24] = [
    ("序号", 6.0),
    ("案卷编号", 16.0),
    ("问题来源", 9.0),
    ("上报时间", 17.0),
    ("上报人", 9.0),
    ("管理大类", 14.0),
    ("管理小类(代码)", 18.0),
    ("立案条件", 20.0),
    ("问题描述", 36.0),
    ("事发地点", 24.0),
    ("所属区(县)", 11.0),
    ("街道/社区", 11.0),
    ("单元网格", 11.0),
    ("责任单位", 14.0),
    ("责任人", 9.0),
    ("派遣时间", 17.0),
    ("处置时限", 12.0),
    ("截止时间", 17.0),
    ("整改措施", 36.0),
    ("办理结果", 11.0),
    ("反馈时间", 17.0),
    ("核查人及结论", 20.0),
    ("结案时间", 17.0),
    ("备注", 20.0),
];

/// What of it is printed: the head, and the columns that stand in the cell.
pub const CASE_PRINTED: [(&str, &[usize]); 12] = [
    ("序号", &[0]),
    ("案卷编号", &[1]),
    ("上报时间", &[3]),
    ("小类及立案条件", &[6, 7]),
    ("问题描述", &[8]),
    ("事发地点", &[9]),
    ("责任单位/责任人", &[13, 14]),
    ("截止时间", &[17]),
    ("整改措施", &[18]),
    ("办理结果", &[19]),
    ("核查及结案时间", &[21, 22]),
    ("备注", &[23]),
];

/// 涉企走访台账, 17 columns.
pub const VISIT_HEADS: [Head; 17] = [
    ("序号", 6.0),
    ("走访日期", 12.0),
    ("企业(项目)名称", 28.0),
    ("走访层级", 20.0),
    ("走访人", 12.0),
    ("企业联系人", 11.0),
    ("收集问题和建议", 40.0),
    ("类型", 8.0),
    ("主题", 10.0),
    ("责任单位", 14.0),
    ("责任人", 9.0),
    ("整改措施或答复", 36.0),
    ("完成时限", 17.0),
    ("办理结果", 11.0),
    ("完成日期", 12.0),
    ("企业满意度", 11.0),
    ("备注", 20.0),
];

/// What of it is printed.
pub const VISIT_PRINTED: [(&str, &[usize]); 12] = [
    ("序号", &[0]),
    ("走访日期", &[1]),
    ("企业(项目)名称", &[2]),
    ("走访层级、走访人", &[3, 4]),
    ("企业联系人", &[5]),
    ("收集问题和建议", &[6]),
    ("类型、主题", &[7, 8]),
    ("责任单位、责任人", &[9, 10]),
    ("整改措施或答复", &[11]),
    ("完成时限、完成日期", &[12, 14]),
    ("办理结果", &[13]),
    ("满意度及备注", &[15, 16]),
];

/// What the dispatcher sees of an outcome: the measure in words.
#[must_use]
pub fn measure(outcome: Option<&Outcome>, note: &str) -> String {
    match outcome {
        Some(Outcome::PhasedPlan { steps }) => {
            let steps: Vec<String> = steps.iter().map(|s| format!("{}{}", s.date, s.text)).collect();
            [note, &steps.join("；")].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join("；")
        }
        Some(Outcome::PolicyExplained { basis, explanation, .. }) => format!("依据{basis}：{explanation}"),
        Some(Outcome::Resolved) | None => note.to_owned(),
    }
}

/// The cells of a case, in the order of [`CASE_HEADS`].
#[must_use]
pub fn case_columns(nth: usize, row: &CaseRow, rules: &Rules, now_ms: i64) -> Vec<String> {
    let case = &row.case;
    let time = |ms: i64| format::table(ms, &rules.calendar);
    let catalogue = case.category.as_ref().and_then(|key| rules.catalogue_of(key));
    let category = case.category.as_ref().zip(catalogue).and_then(|(key, c)| c.category(key));
    let condition = case.category.as_ref().zip(catalogue).zip(case.condition.as_ref());
    let condition = condition.and_then(|((key, c), id)| c.condition(key, id));
    let small = match (category, &case.topic) {
        (Some(c), _) => format!("{}({})", c.zh, c.key.code),
        (None, Some(topic)) => words::topic(topic).to_owned(),
        (None, None) => String::new(),
    };
    let deadline = case.deadline.as_ref();
    let responsible = case.responsible.as_ref();
    let feedback = case.rectified.as_ref();
    let verified = case.verified.as_ref().map(|v| {
        let (how, result) = (v.what.mode.words().zh, v.what.result.words().zh);
        format!("{} {how}{}：{result}", v.by_name, Term::StepVerify.zh())
    });
    vec![
        nth.to_string(),
        row.number().to_owned(),
        words::source(&row.source_kind).to_owned(),
        time(case.reported_at_ms),
        row.reporter.clone(),
        category.map_or_else(String::new, |c| c.major_zh.clone()),
        small,
        condition.map_or_else(String::new, |c| c.zh.clone()),
        case.description.clone(),
        row.place().to_owned(),
        row.district.clone(),
        String::new(),
        String::new(),
        responsible.map_or_else(String::new, |r| r.unit_name.clone()),
        responsible.map_or_else(String::new, |r| r.person_name.clone()),
        deadline.map_or_else(String::new, |d| time(d.started_ms)),
        deadline.map_or_else(String::new, |d| format::limit(d.limit)),
        deadline.map_or_else(String::new, |d| time(d.due_ms)),
        measure(case.outcome.as_ref(), feedback.map_or("", |f| &f.what.note)),
        case.outcome
            .as_ref()
            .filter(|_| case.state == State::Closed)
            .map_or_else(String::new, |o| o.words().zh),
        feedback.map_or_else(String::new, |f| time(f.at_ms)),
        verified.unwrap_or_default(),
        case.closed_at_ms.map_or_else(String::new, time),
        remarks(case, now_ms),
    ]
}

/// 超期、延期、返工、挂账, and a state that is none of the usual.
#[must_use]
pub fn remarks(case: &xuncha_casework::Case, now_ms: i64) -> String {
    let mut said = Vec::new();
    if let Some(deadline) = &case.deadline {
        let late = deadline.stopped.as_ref().map_or(now_ms, |s| s.at_ms) > deadline.due_ms;
        if late {
            said.push(Term::MarkOverdue.zh().to_owned());
        }
        if !deadline.extensions.is_empty() {
            said.push(format!("{}{}次", Term::StepExtend.zh(), deadline.extensions.len()));
        }
    }
    if case.reworks > 0 {
        said.push(Term::MarkReworked.number(case.reworks).zh);
    }
    if matches!(case.state, State::Suspended | State::Rejected | State::SentBack) {
        said.push(case.state.words().zh);
    }
    said.join("、")
}

/// The cells of a visit and one of its problems, in the order of [`VISIT_HEADS`]; a visit without one has its own row.
#[must_use]
pub fn visit_columns(
    nth: usize,
    row: &VisitRow,
    case: Option<&CaseRow>,
    rules: &Rules,
    now_ms: i64,
) -> Vec<String> {
    let cells = case.map(|c| case_columns(nth, c, rules, now_ms)).unwrap_or_default();
    let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
    let kind = case.map_or_else(String::new, |c| c.case.kind.words().zh);
    let visitors = if row.fact("visitors").is_empty() { &row.person } else { row.fact("visitors") };
    vec![
        nth.to_string(),
        row.day.clone(),
        row.site_name.clone(),
        words::party(row.fact("party")).to_owned(),
        visitors.to_owned(),
        row.fact("contact").to_owned(),
        cell(8),
        kind,
        case.and_then(|c| c.case.topic.clone()).map_or_else(String::new, |t| words::topic(&t).to_owned()),
        cell(13),
        cell(14),
        cell(18),
        cell(17),
        cell(19),
        cell(22).chars().take(10).collect(),
        words::satisfaction(row.fact("satisfaction")),
        cell(23),
    ]
}

/// The printed table of these rows.
#[must_use]
pub fn printed(
    heads: &[Head],
    columns: &[(&str, &[usize])],
    rows: &[Vec<String>],
) -> (Vec<String>, Vec<Vec<String>>) {
    debug_assert!(columns.iter().all(|(_, at)| at.iter().all(|at| *at < heads.len())));
    let cell = |row: &Vec<String>, at: &[usize]| {
        let parts = at.iter().filter_map(|at| row.get(*at)).filter(|t| !t.is_empty());
        parts.cloned().collect::<Vec<_>>().join(" / ")
    };
    let lines = rows.iter().map(|row| columns.iter().map(|(_, at)| cell(row, at)).collect()).collect();
    (columns.iter().map(|(head, _)| (*head).to_owned()).collect(), lines)
}

/// The Excel file: title, filter and time of data, frozen head, fixed widths. Every cell is written as text (the
/// running number as a number), so that nothing in it is ever run as a formula.
///
/// # Errors
/// [`E::Other`] if the file can't be made.
pub fn write(title: &str, said: &str, heads: &[Head], rows: &[Vec<String>]) -> Result<Vec<u8>, E> {
    build(title, said, heads, rows).map_err(|e| E::Other(format!("workbook: {e}")))
}

fn build(title: &str, said: &str, heads: &[Head], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账")?;
    let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let big = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let bold = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    let plain = Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
        .set_num_format("@");
    let number = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_num_format("0");
    sheet.merge_range(0, 0, 0, last, title, &big)?;
    sheet.merge_range(1, 0, 1, last, said, &Format::new())?;
    for (at, (head, width)) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(2, at, *head, &bold)?;
        sheet.set_column_width(at, *width)?;
    }
    for (line, row) in (3_u32..).zip(rows) {
        for (at, cell) in (0_u16..).zip(row) {
            match (at, cell.parse::<f64>()) {
                (0, Ok(nth)) => sheet.write_number_with_format(line, at, nth, &number)?,
                // Excel takes 32,767 characters a cell.
                _ => sheet.write_string_with_format(
                    line,
                    at,
                    cell.chars().take(32_000).collect::<String>(),
                    &plain,
                )?,
            };
        }
    }
    sheet.set_freeze_panes(3, 2)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L制表人　　　　　　审核人&R第&P页 共&N页");
    book.save_to_buffer()
}
