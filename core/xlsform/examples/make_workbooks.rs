//! Makes the workbooks of `content/forms` from their tables: `cargo run -p xuncha-xlsform --example make_workbooks`.
//!
//! The tables (`survey.tsv`, `choices.tsv`, `settings.tsv`) are what is reviewed; the workbook is what authors open.

use std::error::Error;
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook};

fn main() -> Result<(), Box<dyn Error>> {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/forms");
    let mut folders: Vec<_> = std::fs::read_dir(&forms)?.collect::<Result<Vec<_>, _>>()?;
    folders.sort_by_key(std::fs::DirEntry::file_name);
    for folder in folders {
        if folder.path().join("survey.tsv").is_file() {
            let name = folder.file_name().to_string_lossy().into_owned();
            workbook(&folder.path())?.save(forms.join(format!("{name}.xlsx")))?;
        }
    }
    Ok(())
}

fn workbook(folder: &Path) -> Result<Workbook, Box<dyn Error>> {
    let mut book = Workbook::new();
    // A fixed date, so that the same tables make the same bytes.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let head = Format::new().set_bold().set_background_color("EDF1F6");
    for name in ["survey", "choices", "settings"] {
        let table = std::fs::read_to_string(folder.join(format!("{name}.tsv")))?;
        let sheet = book.add_worksheet().set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (row, line) in (0..).zip(table.lines()) {
            for (column, cell) in (0..).zip(line.split('\t')) {
                if row == 0 {
                    sheet.write_string_with_format(row, column, cell, &head)?;
                    sheet.set_column_width(column, if cell.contains("::") { 28 } else { 18 })?;
                } else if !cell.is_empty() {
                    sheet.write_string(row, column, cell)?;
                }
            }
        }
    }
    Ok(book)
}
