//! Workbooks of few things, each of which asks for very much.

use std::fmt::Write as _;

use crate::biff;

/// A survey and its choices as CSV.
pub(crate) fn csv(heads: &str, rows: impl Iterator<Item = String>, choices: &str) -> Vec<u8> {
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
pub(crate) fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
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
        ("a megabyte of triggers in one cell", {
            let names = "${a},".repeat(190_000);
            let rows = ["text,a,A,".to_owned(), format!("text,b,B,\"{names}\"")];
            csv("type,name,label,trigger", rows.into_iter(), "")
        }),
        ("a loop of 20,000 choices over mistakes", {
            let rows = std::iter::once("begin_loop over l,p,L".to_owned())
                .chain((0..100).map(|n| format!("interger,q{n},Q")))
                .chain(["end_loop,,".to_owned()]);
            csv(heads, rows, &list(20_000))
        }),
        ("a megabyte of references of an entity", {
            let names: String = (0..150_000).map(|n| format!("${{q{n}}}")).collect();
            csv(heads, many(1), &format!("entities\n,list_name,label\n,e,\"{names}\"\n"))
        }),
        ("a megabyte of lookups without an end", {
            let calls = "pulldata(".repeat(100_000);
            csv("type,name,calculation", std::iter::once(format!("calculate,n,\"{calls},\"")), "")
        }),
        ("a megabyte of predicates without an end", {
            csv(heads, std::iter::once(format!("note,n,{}", "instance('a')/x[".repeat(60_000))), "")
        }),
        ("a megabyte of references in one call", {
            let inside = "${n} ".repeat(200_000);
            let row = format!("calculate,m,\"indexed-repeat({inside})\"");
            csv("type,name,calculation", ["calculate,n,1".to_owned(), row].into_iter(), "")
        }),
        ("a thousand maps of a thousand tags", {
            let tags: String = (0..1000).map(|n| format!(",l,k{n},K\n")).collect();
            let end = format!("osm\n,list_name,name,label\n{tags}");
            csv(heads, (0..1000).map(|n| format!("osm l,q{n},Q")), &end)
        }),
        ("5,000 ranges over a thousand ticks", {
            let rows = (0..5000).map(|n| format!("range,q{n},Q,start=0 end=1000 tick_labelset=l"));
            let ticks: String = (0..1000).map(|n| format!(",l,{n},T\n")).collect();
            let end = format!("choices\n,list_name,name,label\n{ticks}");
            csv("type,name,label,parameters", rows, &end)
        }),
        ("a megabyte of appearances", {
            let words: String = (0..100_000).map(|n| format!("minimul{n} ")).collect();
            csv("type,name,label,appearance", std::iter::once(format!("text,n,N,{words}")), "")
        }),
        ("a loop of a loop over 10,000 questions", {
            let rows = (0..2)
                .map(|n| format!("begin_loop over l,p{n},L"))
                .chain(many(10_000))
                .chain((0..2).map(|_| "end_loop,,".to_owned()));
            csv(heads, rows, &list(2))
        }),
        ("a thousand columns of external choices", {
            let heads_of = (0..1000).fold(String::new(), |text, n| text + &format!(",c{n}"));
            let rows = ",l,a\n".repeat(20_000);
            let end = format!("external_choices\n,list_name,name{heads_of}\n{rows}");
            let row = "select_one_external l,a,A,true()".to_owned();
            csv("type,name,label,choice_filter", std::iter::once(row), &end)
        }),
        ("500 lists of entities in as many groups", {
            let rows = (0..500).map(|n| format!("begin_group,g{n},G\n,text,q{n},Q,e{n}#p\n,end_group,"));
            let lists: String = (0..500).map(|n| format!(",e{n},${{q{n}}}\n")).collect();
            csv("type,name,label,save_to", rows, &format!("entities\n,list_name,label\n{lists}"))
        }),
        ("an old workbook of numbers", {
            let numbers = [[0, 0].as_slice(), &((1_u32 << 2) | 2).to_le_bytes()].concat().repeat(250);
            let row = |row: u16| {
                let place = [row.to_le_bytes(), 0_u16.to_le_bytes()].concat();
                biff::record(0x00bd, &[place, numbers.clone(), 249_u16.to_le_bytes().to_vec()].concat())
            };
            let sheet: Vec<u8> = (0..700).flat_map(row).collect();
            biff::container("Workbook", &biff::stream(&[], &[("survey", sheet)]))
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
