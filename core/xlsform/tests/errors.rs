//! Errors of a workbook: sheet, row, column, in both languages, with what was meant.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what broke by breaking")]

use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use xuncha_xlsform::{Code, Converted, Limits, Severity, convert};

type Rows<'a> = &'a [&'a [&'a str]];

fn workbook(sheets: &[(&str, Rows<'_>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const SETTINGS: (&str, Rows<'_>) = ("settings", &[&["form_id"], &["test"]]);
const CHOICES: (&str, Rows<'_>) =
    ("choices", &[&["list_name", "name", "label"], &["colour", "red", "红"], &["colour", "blue", "蓝"]]);

fn form(survey: Rows<'_>) -> Converted {
    let bytes = workbook(&[("survey", survey), CHOICES, SETTINGS]);
    convert(&bytes, &Limits::default()).unwrap()
}

fn errors(survey: Rows<'_>) -> Vec<String> {
    let bytes = workbook(&[("survey", survey), CHOICES, SETTINGS]);
    let notices = convert(&bytes, &Limits::default()).unwrap_err();
    notices.iter().filter(|n| n.severity == Severity::Error).map(ToString::to_string).collect()
}

const HEADS: &[&str] = &["type", "name", "label"];

#[test]
fn a_column_that_is_missing_is_named_with_the_cell_for_its_head() {
    assert_eq!(
        errors(&[HEADS, &["calculate", "a", "题"]]),
        ["“survey”第2行（calculation）：“a”没有写calculation。表里没有calculation列，在D1写上这个列名。 \
          Sheet 'survey', row 2 (calculation): 'a' has no calculation. The sheet has no column calculation; write that head into D1."]
    );
}

#[test]
fn a_mistyped_type_is_named_with_what_was_meant() {
    assert_eq!(
        errors(&[HEADS, &["interger", "a", "题"]]),
        ["“survey”第2行A列（type）：没有题型“interger”。是不是“integer”？ \
          Sheet 'survey', row 2, column A (type): there is no question type 'interger'. Did you mean 'integer'?"]
    );
}

#[test]
fn a_reference_to_nothing_is_named_with_its_cell() {
    let found = errors(&[
        &["type", "name", "label", "relevant"],
        &["integer", "height", "身高", ""],
        &["text", "why", "为什么", "${heigth} > 3"],
    ]);
    assert_eq!(
        found,
        ["“survey”第3行D列（relevant）：引用的题目“heigth”不存在。是不是“height”？ \
          Sheet 'survey', row 3, column D (relevant): there is no question 'heigth'. Did you mean 'height'?"]
    );
}

#[test]
fn a_reference_that_is_not_closed_and_one_that_two_questions_answer_are_found() {
    let found = errors(&[
        &["type", "name", "label", "relevant"],
        &["begin_group", "g", "组", ""],
        &["text", "a", "一", ""],
        &["end_group", "", "", ""],
        &["text", "a", "二", ""],
        &["text", "b", "三", "${a} = 1"],
        &["text", "c", "四", "${b = 1"],
    ]);
    assert_eq!(
        found,
        [
            "“survey”第6行D列（relevant）：有几道题都叫“a”，分不清引用的是哪一道。改成不同的名字。 \
             Sheet 'survey', row 6, column D (relevant): several questions are named 'a', so the reference is ambiguous. Give them different names.",
            "“survey”第7行D列（relevant）：“${b = 1”不是正确的引用。写成${题目名}。 \
             Sheet 'survey', row 7, column D (relevant): '${b = 1' is not a proper reference. Write ${question}.",
        ]
    );
}

#[test]
fn a_list_that_is_not_there_is_named() {
    assert_eq!(
        errors(&[HEADS, &["select_one color", "c", "颜色"]]),
        ["“survey”第2行A列（type）：choices表里没有列表“color”。是不是“colour”？ \
          Sheet 'survey', row 2, column A (type): the sheet choices has no list 'color'. Did you mean 'colour'?"]
    );
}

#[test]
fn a_group_without_end_and_an_end_without_group_are_both_found() {
    assert_eq!(
        errors(&[HEADS, &["end_repeat", "", ""], &["begin_group", "g", "组"]]),
        [
            "“survey”第2行A列（type）：前面没有开始过的组。删掉这一行。 \
             Sheet 'survey', row 2, column A (type): no group has begun before. Delete this row.",
            "“survey”第3行A列（type）：“g”没有结束。在它的最后一题后面加一行end_group或end_repeat。 \
             Sheet 'survey', row 3, column A (type): 'g' is never closed. Add a row end_group or end_repeat after its last question.",
        ]
    );
}

#[test]
fn names_that_cannot_be_and_names_that_are_taken_are_found() {
    assert_eq!(
        errors(&[
            HEADS,
            &["text", "a b", "一"],
            &["text", "c", "二"],
            &["text", "c", "三"],
            &["text", "", "四"]
        ]),
        [
            "“survey”第2行B列（name）：“a b”不能作名字。以字母或下划线开头，后面用字母、数字、下划线、连字符或点。 \
             Sheet 'survey', row 2, column B (name): 'a b' cannot be a name. Begin with a letter or underscore and go on with letters, digits, underscores, hyphens or dots.",
            "“survey”第4行B列（name）：名字“c”在这一组里已经用过。改成不同的名字。 \
             Sheet 'survey', row 4, column B (name): the name 'c' is already used in this group. Choose another.",
            "“survey”第5行B列（name）：没有名字。填上英文名，如visited_at。 \
             Sheet 'survey', row 5, column B (name): has no name. Write one such as visited_at.",
        ]
    );
}

#[test]
fn a_question_that_shows_nothing_and_a_calculation_that_is_missing_are_found() {
    assert_eq!(
        errors(&[HEADS, &["text", "a", ""], &["calculate", "b", ""]]),
        [
            "“survey”第2行C列（label）：题目“a”没有标签，也没有提示。 \
             Sheet 'survey', row 2, column C (label): the question 'a' has neither label nor hint.",
            "“survey”第3行（calculation）：“b”没有写calculation。表里没有calculation列，在D1写上这个列名。 Sheet 'survey', row 3 (calculation): 'b' has no calculation. The sheet has no column calculation; write that head into D1.",
        ]
    );
}

#[test]
fn parameters_are_checked_by_type() {
    let heads: &[&str] = &["type", "name", "label", "parameters"];
    assert_eq!(
        errors(&[
            heads,
            &["geopoint", "p", "位置", "capture-acuracy=5"],
            &["range", "r", "分", "start=1 end=5 step=9"]
        ]),
        [
            "“survey”第2行D列（parameters）：这种题型没有参数“capture-acuracy”。是不是“capture-accuracy”？ \
             Sheet 'survey', row 2, column D (parameters): this type has no parameter 'capture-acuracy'. Did you mean 'capture-accuracy'?",
            "“survey”第3行D列（parameters）：参数step的值“9”不行，要大于0、不超过首尾之差。 \
             Sheet 'survey', row 3, column D (parameters): the parameter step cannot be '9'; it must be above 0 and within the range.",
        ]
    );
}

#[test]
fn choices_twice_or_without_a_name_are_found_on_their_sheet() {
    let choices: Rows<'_> =
        &[&["list_name", "name", "label"], &["l", "a", "一"], &["l", "a", "二"], &["l", "", "三"]];
    let survey: Rows<'_> = &[HEADS, &["select_one l", "c", "颜色"]];
    let notices =
        convert(&workbook(&[("survey", survey), ("choices", choices), SETTINGS]), &Limits::default())
            .unwrap_err();
    let places: Vec<_> =
        notices.iter().map(|n| (n.sheet.as_str(), n.row, n.letters.as_str(), n.code)).collect();
    assert_eq!(places, [("choices", 3, "B", Code::BadChoice), ("choices", 4, "B", Code::BadChoice)]);
}

#[test]
fn a_misspelt_sheet_is_guessed() {
    let survey: Rows<'_> = &[HEADS, &["text", "a", "一"]];
    let notices = convert(&workbook(&[("surveys", survey), SETTINGS]), &Limits::default()).unwrap_err();
    assert_eq!(notices[0].suggestion.as_deref(), Some("surveys"));
    assert_eq!(
        notices[0].sentence_zh(),
        "工作簿：没有“survey”表，题目都写在这张表里。现有的表：surveys、settings。是不是“surveys”？"
    );
}

#[test]
fn a_form_without_id_is_refused() {
    let survey: Rows<'_> = &[HEADS, &["text", "a", "一"]];
    let notices = convert(&workbook(&[("survey", survey)]), &Limits::default()).unwrap_err();
    assert!(
        notices.iter().any(|n| n.to_string().starts_with("“settings”第2行：没有写form_id")),
        "{notices:?}"
    );
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_not_read() {
    let survey: Rows<'_> = &[HEADS, &["text", "a", "一"]];
    let bytes = workbook(&[("survey", survey), SETTINGS]);
    for tight in [
        Limits { unpacked: 100, ..Limits::default() },
        Limits { bytes: 100, ..Limits::default() },
        Limits { entries: 1, ..Limits::default() },
        Limits { cells: 1, ..Limits::default() },
    ] {
        assert_eq!(convert(&bytes, &tight).unwrap_err()[0].code, Code::TooLarge, "{tight:?}");
    }
}

/// 64 MiB of blanks in one cell pack into 64 KiB.
#[test]
fn a_zip_bomb_is_not_unpacked() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/workbook.xml", options).unwrap();
    for _ in 0..64 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 18, "{}", bomb.len());
    assert_eq!(convert(&bomb, &Limits::default()).unwrap_err()[0].code, Code::TooLarge);
}

#[test]
fn in_a_repeat_a_reference_is_relative_and_in_a_filter_it_begins_at_current() {
    let made = form(&[
        &["type", "name", "label", "calculation", "choice_filter"],
        &["begin_repeat", "person", "人", "", ""],
        &["integer", "age", "年龄", "", ""],
        &["begin_group", "more", "更多", "", ""],
        &["calculate", "twice", "", "${age} * 2", ""],
        &["select_one colour", "c", "颜色", "", "name = ${age}"],
        &["end_group", "", "", "", ""],
        &["end_repeat", "", "", "", ""],
        &["calculate", "sum", "", "sum(${age})", ""],
    ]);
    assert!(made.xml.contains("calculate=\" ../../age  * 2\""), "{}", made.xml);
    assert!(made.xml.contains("item[name =  current()/../../age ]"), "{}", made.xml);
    assert!(made.xml.contains("calculate=\"sum( /data/person/age )\""), "{}", made.xml);
}

#[test]
fn names_that_differ_only_in_case_are_worth_a_warning() {
    let made = form(&[HEADS, &["text", "c", "二"], &["text", "C", "三"]]);
    assert_eq!(made.warnings.len(), 1);
    assert_eq!((made.warnings[0].row, made.warnings[0].code), (3, Code::DuplicateName));
}

#[test]
fn a_language_that_lacks_a_column_is_worth_a_warning() {
    let made = form(&[
        &["type", "name", "label::中文 (zh)", "label::English (en)", "hint::中文 (zh)"],
        &["text", "a", "一", "one", "提示"],
    ]);
    let lines: Vec<String> = made.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["“survey”第1行：语言“English (en)”没有hint列，填表时那里显示“-”。加一列hint::English (en)。 \
          Sheet 'survey', row 1: the language 'English (en)' has no column hint, so '-' is shown there. Add a column hint::English (en)."]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_bytes_break_the_converter(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = convert(&bytes, &Limits::default());
    }

    #[test]
    fn a_damaged_workbook_does_not_break_the_converter(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let survey: Rows<'_> = &[HEADS, &["text", "a", "一"]];
        let mut bytes = workbook(&[("survey", survey), SETTINGS]);
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = convert(&bytes, &Limits::default());
    }

    #[test]
    fn no_cell_breaks_the_converter(kind in "(begin_|end_|select_)?.{0,10}", cell in "(\\$\\{|indexed-repeat\\(|instance\\(|\\[|=| |.){0,20}") {
        let heads: &[&str] = &["type", "name", "label", "relevant", "default", "parameters", "trigger", "choice_filter"];
        let survey: Rows<'_> = &[
            heads,
            &["text", "a", &cell, &cell, &cell, &cell, &cell, &cell],
            &["select_one colour", "b", &cell, &cell, &cell, &cell, &cell, &cell],
            &[&kind, &cell, &cell],
        ];
        let _ = convert(&workbook(&[("survey", survey), CHOICES, SETTINGS]), &Limits::default());
    }

    #[test]
    fn no_cell_of_the_other_sheets_breaks_the_converter(
        head in "(list_name|name|label|label::[a-z()]{0,6}|dataset|repeat|entity_id|create_if|update_if|.{0,6})",
        cell in "(\\$\\{a\\}|\\$\\{|r|l|yes|true\\(\\)|/data/r|_|__|\\.| |.){0,12}",
    ) {
        let survey: Rows<'_> = &[
            &["type", "name", "label", "save_to", "parameters"],
            &["begin_repeat", "r", "R", "", ""],
            &["text", "a", "一", &cell, ""],
            &["end_repeat", "", "", "", ""],
            &["osm l", "o", "图", "", ""],
            &["select_one_external l", "e", "外", "", &cell],
        ];
        let entities: Rows<'_> = &[
            &["dataset", "label", "repeat", "entity_id", "create_if", "update_if", &head],
            &[&cell, &cell, &cell, &cell, &cell, &cell, &cell],
            &["t", "${a}", &cell, "", &cell, "", ""],
        ];
        let osm: Rows<'_> = &[&["list_name", "name", "label", &head], &["l", &cell, &cell, &cell], &[&cell, "b", "B", ""]];
        let external: Rows<'_> = &[&["list_name", "name", &head], &["l", &cell, &cell], &[&cell, "x", ""]];
        let settings: Rows<'_> = &[&["form_id", &head], &["x", &cell]];
        for sheets in [
            &[("survey", survey), ("entities", entities), ("osm", osm), SETTINGS][..],
            &[("survey", survey), ("osm", osm), ("external_choices", external), ("settings", settings)][..],
        ] {
            let _ = convert(&workbook(sheets), &Limits::default());
        }
    }

    #[test]
    fn no_text_breaks_the_converter(text in "(survey|choices|settings|type|name|label|text|l|[,|\"\n #\\\\-]|.){0,60}") {
        let _ = convert(text.as_bytes(), &Limits::default());
    }
}

#[test]
fn settings_that_some_app_passes_over_are_noted_at_their_cells() {
    let survey: Rows<'_> = &[HEADS, &["text", "a", "题"]];
    let settings: Rows<'_> = &[&["form_id", "style", "auto_send"], &["x", "pages", "true"]];
    let bytes = workbook(&[("survey", survey), ("settings", settings)]);
    let made = convert(&bytes, &Limits::default()).unwrap();
    let places: Vec<_> =
        made.portability.iter().map(|n| (n.sheet.as_str(), n.row, n.letters.as_str())).collect();
    assert_eq!(places, [("settings", 2, "B"), ("settings", 2, "C")]);
}
