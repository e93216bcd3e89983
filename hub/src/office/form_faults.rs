//! What the forms engine says of a form, for the person who wrote the workbook: the cell, what is wrong, what to do.

use xuncha_forms::{FormError, Place};
use xuncha_xlsform::{Limits, cell_naming, cells_of};

use crate::HubError;

/// The refusal of a form that the engine does not take.
pub(super) fn refused(fault: &FormError, workbook: &[u8]) -> HubError {
    let (zh, en) = said(fault, workbook);
    HubError::invalid(
        format!("表单用不了，没有导入。现有的表单照常使用。{zh}改好后再导入。"),
        format!(
            "The form can't be used and was not imported. The present one stays in use. {en} Correct it and import it again."
        ),
    )
}

/// The fault in Chinese and English. A form that came from a workbook is spoken of by its cells.
fn said(fault: &FormError, workbook: &[u8]) -> (String, String) {
    let (zh, place) = match fault {
        FormError::XPath { expression, place, .. } => {
            let written = Written::of(place, workbook);
            let text = written.text.clone().unwrap_or_else(|| expression.trim().to_owned());
            let zh = format!("公式“{text}”读不懂。看看括号、引号是不是成对，=、and、or两边是不是都有内容。");
            (zh, written)
        }
        FormError::Unsupported { feature, place } => {
            let zh = format!("“{}”手机上还不能用。换一种写法，或删掉这一格。", named(feature));
            (zh, Written::of(place, workbook))
        }
        FormError::MissingInstance { id, place } => {
            let zh = format!("没有名为“{id}”的选项表或数据表。改正名字，或把它加进工作簿。");
            (zh, Written::of(place, workbook))
        }
        FormError::External { src, message } => {
            (format!("文件“{}”{}", last(src), unreadable(message)), Written::naming(last(src), workbook))
        }
        FormError::MissingColumn { src, column, .. } => {
            let zh = format!(
                "选项要用文件“{}”里的“{column}”列，可是没有这一列。补上这一列，或改正列名。",
                last(src)
            );
            (zh, Written::naming(last(src), workbook))
        }
        FormError::Invalid { place, .. } => {
            let written = Written::of(place, workbook);
            let about = written.text.as_ref().map(|text| format!("“{text}”")).unwrap_or_default();
            (format!("{about}这里的写法不对。对照XLSForm的写法看看。"), written)
        }
        FormError::Cycle { nodes } => {
            let names: Vec<&str> = nodes.iter().map(|node| last(node)).collect();
            let zh =
                format!("这几道题互相等对方的结果，算不出来：{}。改掉其中一道的公式。", names.join(" → "));
            (zh, Written::default())
        }
        FormError::Limit { allowed, .. } => {
            (format!("表单太大或嵌套太深，超过了{allowed}。拆成几张表单。"), Written::default())
        }
        FormError::NotAForm { missing } => {
            (format!("这不是表单：缺少{missing}。选对文件。"), Written::default())
        }
        FormError::Encoding { .. } => ("文件不是UTF-8编码。另存为UTF-8。".to_owned(), Written::default()),
        _ => ("文件读不完整，或者不是表单。从原来的地方再取一份。".to_owned(), Written::default()),
    };
    let english = format!("{fault}");
    let Some(cell) = &place.cell else { return (format!("{}{zh}", place.near), english) };
    (cell.sentence_zh(&zh), cell.sentence_en(&english))
}

/// What is wrong with a file, by what the engine says of it.
fn unreadable(message: &str) -> &'static str {
    match message {
        m if m.contains("UTF-8") => "不是UTF-8编码。在Excel里另存为“CSV UTF-8（逗号分隔）”。",
        m if m.contains("header") => "没有表头。第一行写列名，如name、label。",
        m if m.contains("quoted") => "里有一个引号没有配对。把它补上或删掉。",
        m if m.contains("XML") => "不是完整的XML。从原来的地方再取一份。",
        _ => "读不了。从原来的地方再取一份。",
    }
}

/// Where a fault was written.
#[derive(Default)]
struct Written {
    cell: Option<xuncha_xlsform::Cell>,
    text: Option<String>,
    /// The question, where no cell was found.
    near: String,
}

impl Written {
    /// The cell that names a file.
    fn naming(file: &str, workbook: &[u8]) -> Self {
        Self { cell: cell_naming(workbook, &Limits::default(), file), ..Self::default() }
    }

    /// From `/data/group/question attribute`, or the question's path alone.
    fn of(place: &Place, workbook: &[u8]) -> Self {
        let mut words = place.what.split_whitespace().filter(|word| *word != "bind");
        let Some(path) = words.next().filter(|word| word.starts_with('/')) else {
            return Self::default();
        };
        let question = last(path);
        let attributes = match words.next() {
            Some(one) => vec![one],
            None => vec!["relevant", "constraint", "calculate", "required", "readonly"],
        };
        // Without the attribute's name the cell is known only if the question has a single formula.
        let mut cells = cells_of(workbook, &Limits::default(), question, &attributes).into_iter();
        let cell = cells.next().filter(|_| cells.next().is_none());
        let text = cell.as_ref().map(|cell| cell.text.clone());
        Self { cell, text, near: format!("题目“{question}”：") }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The name in the engine's words for a feature: `function pulldata()` is about `pulldata()`.
fn named(feature: &str) -> &str {
    feature.strip_prefix("function ").or_else(|| feature.strip_prefix("the ")).unwrap_or(feature)
}
