//! Workbooks that want to take all time or memory: each is converted in a process of its own, which tells both.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what broke by breaking"
)]
#![cfg(target_os = "linux")]

mod biff;

use std::fmt::Write as _;
use std::process::Command;

use xuncha_xlsform::{Code, Limits, convert};

/// A survey and its choices as CSV.
fn csv(heads: &str, rows: impl Iterator<Item = String>, choices: &str) -> Vec<u8> {
    let mut text = format!("survey\n,{heads}\n");
    for row in rows {
        writeln!(text, ",{row}").unwrap();
    }
    write!(text, "{choices}settings\n,form_id\n,x\n").unwrap();
    text.into_bytes()
}

fn list(count: usize) -> String {
    let mut text = "choices\n,list_name,name,label\n".to_owned();
    for nth in 0..count {
        writeln!(text, ",l,c{nth},Choice {nth}").unwrap();
    }
    text
}

/// An .xlsx of one survey sheet.
fn excel(rows: u32, columns: u16, cell: impl Fn(u32, u16) -> String) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    for row in 0..rows {
        for column in 0..columns {
            sheet.write_string(row, column, cell(row, column)).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Name and bytes of each.
fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let heads = "type,name,label";
    let many = |count: usize| (0..count).map(|nth| format!("text,q{nth},Q"));
    let wide = |row: u32, column: u16| match (row, column) {
        (0, 0) => "type".to_owned(),
        (0, 1) => "name".to_owned(),
        (0, n) => format!("h{n}"),
        (_, 0) => "text".to_owned(),
        (row, 1) => format!("q{row}"),
        _ => "v".to_owned(),
    };
    let string = "长".repeat(10_000);
    let deep = |depth: usize, name: usize| {
        (0..depth)
            .map(move |nth| format!("begin_group,{}{nth},G", "g".repeat(name)))
            .chain(std::iter::once("text,q,Q".to_owned()))
            .chain((0..depth).map(|_| "end_group,,".to_owned()))
    };
    let references = |count: usize, depth: usize| {
        (0..depth)
            .map(|nth| format!("begin_group,{}{nth},G", "g".repeat(200)))
            .chain(std::iter::once("text,q,Q".to_owned()))
            .chain((0..depth).map(|_| "end_group,,".to_owned()))
            .chain(std::iter::once(format!("note,n,\"{}\"", "${q} ".repeat(count))))
            .collect::<Vec<_>>()
            .into_iter()
    };
    let languages = |count: usize, media: usize| {
        let heads: Vec<String> = (0..count)
            .flat_map(|nth| {
                (0..media)
                    .map(move |m| format!("{}::L{nth} (l{nth})", ["label", "hint", "image", "audio"][m]))
            })
            .collect();
        let cells = vec!["x"; count * media].join(",");
        csv(
            &format!("type,name,{}", heads.join(",")),
            (0..(1 << 18) / (count * media * 2)).map(|nth| format!("text,q{nth},{cells}")),
            "",
        )
    };
    vec![
        ("a small form", csv(heads, many(1), "")),
        ("20,000 questions", csv(heads, many(20_000), "")),
        ("100,000 choices", csv(heads, std::iter::once("select_one l,a,A".to_owned()), &list(100_000))),
        (
            "a thousand or_other over ten thousand choices",
            csv(heads, (0..1000).map(|n| format!("select_one l or_other,a{n},A")), &list(10_000)),
        ),
        ("a thousand or_other over as many lists", {
            let lists: String = (0..10_000).map(|n| format!(",l{n},c,C\n")).collect();
            csv(
                heads,
                (0..10_000).map(|n| format!("select_one l{n} or_other,a{n},A")),
                &format!("choices\n,list_name,name,label\n{lists}"),
            )
        }),
        ("10,000 groups within each other", csv(heads, deep(10_000, 1), "")),
        ("1,000 groups with long names within each other", csv(heads, deep(1_000, 500), "")),
        ("100,000 references to a long path", csv(heads, references(100_000, 50), "")),
        (
            "a loop of loops",
            csv(
                heads,
                (0..6)
                    .map(|n| format!("begin_loop over l,p{n},L"))
                    .chain(many(1))
                    .chain((0..6).map(|_| "end_loop,,".to_owned())),
                &list(100),
            ),
        ),
        (
            "a loop of 10,000 choices over 1,000 questions",
            csv(
                heads,
                std::iter::once("begin_loop over l,p,L".to_owned())
                    .chain(many(1000))
                    .chain(["end_loop,,".to_owned()]),
                &list(10_000),
            ),
        ),
        ("1,000 languages of four texts", languages(1000, 4)),
        ("30 languages of four texts", languages(30, 4)),
        ("16,000 columns", excel(5, 16_000, wide)),
        ("1,000 columns", excel(100, 1_000, wide)),
        (
            "one string in 40,000 cells",
            excel(20_000, 4, |row, column| match (row, column) {
                (0, column) => ["type", "name", "label", "hint"][usize::from(column)].to_owned(),
                (row, 0..2) => format!("q{row}"),
                _ => string.clone(),
            }),
        ),
        ("10,000 mistakes", csv(heads, (0..10_000).map(|n| format!("interger,q{n},Q")), "")),
        ("10,000 references to nothing", csv(heads, (0..10_000).map(|n| format!("note,q{n},${{p{n}}}")), "")),
        (
            "40,000 triggers",
            csv(
                "type,name,label,trigger,calculation",
                (0..20_000).map(|n| format!("text,q{n},Q,${{q0}},1")),
                "",
            ),
        ),
        (
            "1,000 repeats within each other",
            csv(
                heads,
                (0..1000)
                    .map(|n| format!("begin_repeat,r{n},R"))
                    .chain(many(1))
                    .chain((0..1000).map(|_| "end_repeat,,".to_owned())),
                "",
            ),
        ),
        (
            "20,000 pulldata files",
            csv(
                "type,name,calculation",
                (0..20_000).map(|n| format!("calculate,q{n},\"pulldata('f{n}', 'a', 'b', 'c')\"")),
                "",
            ),
        ),
        (
            "a cell of a megabyte of dollar signs",
            csv(heads, std::iter::once(format!("note,n,{}", "$".repeat(1 << 20))), ""),
        ),
        (
            "a cell of a megabyte of open references",
            csv(heads, std::iter::once(format!("note,n,{}", "${".repeat(1 << 19))), ""),
        ),
        (
            "a cell of a megabyte of paths",
            csv(heads, std::iter::once(format!("note,n,\"{}\"", "instance('".repeat(100_000))), ""),
        ),
        (
            "a cell of a megabyte of whole paths",
            csv(
                heads,
                std::iter::once(format!(
                    "note,n,\"{}\"",
                    "instance('a')/root/item[name = ${n}]/label ".repeat(20_000)
                )),
                "",
            ),
        ),
        (
            "a megabyte of percent signs in a loop",
            csv(
                heads,
                [
                    "begin_loop over l,p,L".to_owned(),
                    format!("note,n,{}", "%(label)s".repeat(100_000)),
                    "end_loop,,".to_owned(),
                ]
                .into_iter(),
                &list(100),
            ),
        ),
        (
            "a megabyte of parameters",
            csv(
                "type,name,label,parameters",
                std::iter::once(format!("text,n,N,\"{}\"", "a=b ".repeat(1 << 18))),
                "",
            ),
        ),
        (
            "a megabyte of different parameters",
            csv(
                "type,name,label,parameters",
                std::iter::once(format!(
                    "text,n,N,\"{}\"",
                    (0..100_000).map(|n| format!("a{n}=b ")).collect::<String>()
                )),
                "",
            ),
        ),
        ("a megabyte of namespaces", {
            let pairs: String = (0..50_000).map(|n| format!("n{n}=http://x ")).collect();
            format!("survey\n,type,name,label\n,text,a,A\nsettings\n,form_id,namespaces\n,x,{pairs}\n")
                .into_bytes()
        }),
        ("an old workbook of two cells far apart", {
            let far = |row: u16, column: u16| biff::cell(0x0204, row, column, &biff::wide("x"));
            let sheet = [far(0, 0), far(65_535, 255)].concat();
            biff::container("Workbook", &biff::stream(&[], &[("survey", sheet)]))
        }),
        ("an old workbook of empty strings", {
            let mut globals = biff::record(
                0x00fc,
                &[&[0, 0, 0, 0][..], &200_000_u32.to_le_bytes(), &[0; 8000 / 3 * 3]].concat(),
            );
            for _ in 0..80 {
                globals.extend(biff::record(0x003c, &[0; 7500]));
            }
            biff::container("Workbook", &biff::stream(&globals, &[("survey", Vec::new())]))
        }),
    ]
}

/// Milliseconds of work a mebibyte that are too many: a second, and more in a build that is not optimised.
const SLOW: usize = if cfg!(debug_assertions) { 10_000 } else { 1_000 };

/// Kibibytes that the process held at most.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Milliseconds that the process has worked, in steps of ten.
fn spent() -> usize {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<usize>().unwrap() * 10).sum()
}

#[test]
fn no_workbook_takes_more_than_its_share() {
    if let Ok(path) = std::env::var("XUNCHA_HOSTILE") {
        let bytes = std::fs::read(path).unwrap();
        let begun = spent();
        let made = convert(&bytes, &Limits::default());
        let spent = spent() - begun;
        // What is refused for its size was made up to there.
        let xform = match &made {
            Ok(form) => form.xml.len(),
            Err(notices) if notices.iter().any(|n| n.code == Code::TooLarge && n.en.contains("MiB")) => {
                Limits::default().xform
            }
            Err(_) => 0,
        };
        println!("\nHOSTILE {spent} {} {xform}", peak());
        return;
    }
    let folder = std::env::temp_dir().join(format!("xuncha-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut base, mut faults) = (None, Vec::new());
    for (name, bytes) in workbooks() {
        let path = folder.join("workbook");
        std::fs::write(&path, &bytes).unwrap();
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["no_workbook_takes_more_than_its_share", "--exact", "--nocapture"])
            .env("XUNCHA_HOSTILE", &path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        let Some(line) = text.lines().find_map(|line| line.strip_prefix("HOSTILE ")) else {
            faults.push(format!("{name}: died"));
            continue;
        };
        let numbers: Vec<usize> = line.split(' ').take(3).map(|number| number.parse().unwrap()).collect();
        let [spent, held, xform] = numbers[..] else { panic!("{line}") };
        let base = *base.get_or_insert(held);
        let size = unpacked(&bytes) + xform + (1 << 20);
        let (times, per_mib) = (held.saturating_sub(base) * 1024 / size, spent * (1 << 20) / size);
        println!("{name}: {spent} ms, {} KiB, {times} times, {per_mib} ms a MiB", held.saturating_sub(base));
        if times > 20 || per_mib > SLOW {
            faults.push(format!("{name}: {times} times its size, {per_mib} ms a MiB"));
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The size of a workbook, that of an .xlsx unpacked.
fn unpacked(bytes: &[u8]) -> usize {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return bytes.len() };
    (0..archive.len()).map(|nth| usize::try_from(archive.by_index(nth).unwrap().size()).unwrap()).sum()
}
