//! Converts a workbook: `cargo run -p xuncha-xlsform --example convert -- FORM.xlsx > FORM.xml`.
//! Errors and warnings go to standard error, one a line.

use std::io::{self, Write};
use std::process::ExitCode;

use xuncha_xlsform::{Limits, convert};

fn main() -> io::Result<ExitCode> {
    let Some(path) = std::env::args().nth(1) else {
        writeln!(io::stderr(), "usage: convert FORM.xlsx")?;
        return Ok(ExitCode::from(2));
    };
    match convert(&std::fs::read(path)?, &Limits::default()) {
        Ok(form) => {
            for warning in &form.warnings {
                writeln!(io::stderr(), "{warning}")?;
            }
            io::stdout().write_all(form.xml.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(notices) => {
            for notice in &notices {
                writeln!(io::stderr(), "{notice}")?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
