//! Converts a workbook: `cargo run -p xuncha-xlsform --example convert -- FORM.xlsx > FORM.xml`.
//! Errors and warnings go to standard error, one a line.
//!
//! With a count after the file it converts so often, warmed up by a third as many before, and prints the
//! milliseconds of each conversion, one a line (`tests/pyxform/speed.py` holds them beside pyxform's).

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use xuncha_xlsform::{Limits, convert};

fn main() -> io::Result<ExitCode> {
    let Some(path) = std::env::args().nth(1) else {
        writeln!(io::stderr(), "usage: convert FORM.xlsx [TIMES]")?;
        return Ok(ExitCode::from(2));
    };
    let workbook = std::fs::read(path)?;
    if let Some(times) = std::env::args().nth(2).and_then(|text| text.parse::<usize>().ok()) {
        return time(&workbook, times);
    }
    match convert(&workbook, &Limits::default()) {
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

#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn time(workbook: &[u8], times: usize) -> io::Result<ExitCode> {
    let warming = times / 3 + 1;
    for nth in 0..warming + times {
        let start = Instant::now();
        let made = convert(workbook, &Limits::default());
        let spent = start.elapsed();
        if made.is_err() {
            return Ok(ExitCode::FAILURE);
        }
        if nth >= warming {
            writeln!(io::stdout(), "{:.4}", spent.as_secs_f64() * 1000.0)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
