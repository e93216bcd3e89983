//! `docs/xforms-support.md`: one row a feature of the specification, with the test that runs it. The table
//! is made here and compared with the file; a feature whose test does not run in this binary, or a function
//! that no test calls, is a failure. `XUNCHA_WRITE=1 cargo test -p xuncha-forms --test it support` writes
//! it anew.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Area, feature, test.
pub const FEATURES: &[(&str, &str, &str)] = &[
    (
        "Structure",
        "form id, version (`version`, `orx:version`), title; ids by namespace of older forms",
        "structure::a_form_is_known_by_its_id_version_and_title",
    ),
    ("Structure", "primary instance with defaults", "validity::a_default_is_kept_as_it_is_written"),
    (
        "Structure",
        "attributes of the instance, calculated and sent",
        "submit::attributes_of_nodes_are_calculated_and_sent",
    ),
    (
        "Structure",
        "`jr:template`, instances written in the form",
        "structure::instances_written_in_the_form_are_the_first_ones",
    ),
    ("Structure", "secondary instances inside the form", "choices::a_filter_follows_the_answer"),
    (
        "Structure",
        "attributes in secondary instances, also in predicates",
        "choices::attributes_of_a_list_are_read_like_its_columns",
    ),
    (
        "Structure",
        "external instances: XML, CSV, GeoJSON",
        "choices::choices_of_csv_xml_and_geojson_beside_the_form",
    ),
    ("Structure", "`jr://instance/last-saved`", "structure::the_last_saved_record_may_be_read"),
    (
        "Structure",
        "namespaces, foreign attributes",
        "submit::nodes_with_an_attribute_of_ones_own_are_found_with_their_instance",
    ),
    (
        "Metadata",
        "`meta` and `orx:meta`: userID, deviceID, timeStart, timeEnd, instanceName",
        "structure::metadata_stands_in_either_namespace",
    ),
    ("Metadata", "instanceID", "submit::every_record_has_an_id"),
    ("Metadata", "deprecatedID of a revision", "submit::a_revision_names_the_record_that_it_replaces"),
    (
        "Metadata",
        "`jr:preload` uid, timestamp, date, property",
        "submit::preloads_fill_at_the_start_and_at_the_end",
    ),
    ("Metadata", "audit log: events and times", "audit::events_are_rows_with_their_times"),
    (
        "Metadata",
        "audit log: `odk:track-changes`",
        "audit::answers_before_and_after_are_kept_where_the_form_asks",
    ),
    (
        "Metadata",
        "audit log: `odk:location-priority`, `-min-interval`, `-max-age`",
        "audit::the_most_accurate_place_that_still_holds_stands_with_the_event",
    ),
    (
        "Metadata",
        "audit log: `odk:identify-user`, `odk:track-changes-reasons`",
        "audit::people_and_their_reasons_are_named_and_a_log_goes_on",
    ),
    (
        "Binds",
        "types: string, int, decimal, boolean, date, time, dateTime, geopoint, geotrace, geoshape, binary, barcode, intent, unknown",
        "structure::every_type_keeps_what_fits_and_reports_what_does_not",
    ),
    ("Binds", "`relevant`, inherited", "calculate::hidden_answers_count_for_nothing_and_come_back"),
    ("Binds", "`readonly`, inherited", "validity::read_only_is_inherited_and_refuses"),
    ("Binds", "`required` and `jr:requiredMsg`", "validity::a_broken_constraint_is_kept_and_reported"),
    (
        "Binds",
        "`constraint` and `jr:constraintMsg`, translated",
        "texts::a_message_is_in_the_language_in_force",
    ),
    ("Binds", "`calculate`", "calculate::what_depends_on_an_answer_follows_and_nothing_else_runs"),
    (
        "Binds",
        "`saveIncomplete`, `orx:max-pixels` and others as data",
        "body::attributes_of_controls_and_binds_are_handed_on",
    ),
    ("Binds", "cycles refused at load, nodes named", "bad_input::a_circle_is_named_with_its_nodes"),
    (
        "Body",
        "input, select1, select, odk:rank, range, upload, trigger by type",
        "validity::every_kind_of_question_is_drawn_as_itself",
    ),
    ("Body", "odk:rank", "body::a_ranking_holds_all_choices_in_their_new_order"),
    (
        "Body",
        "range: start, end, step, decimals, downwards",
        "body::a_range_has_its_bounds_whichever_way_it_runs",
    ),
    ("Body", "trigger", "body::an_acknowledgement_is_ok_or_nothing"),
    (
        "Body",
        "`rows`, `mediatype`, `accept`, `autoplay`, `accuracyThreshold`, `intent`",
        "body::attributes_of_controls_and_binds_are_handed_on",
    ),
    (
        "Body",
        "appearances and form-wide style",
        "body::a_group_is_drawn_with_its_appearance_and_the_form_with_its_style",
    ),
    (
        "Body",
        "groups, relative `ref`, `field-list`",
        "structure::relative_paths_start_at_their_own_node_or_group",
    ),
    ("Body", "`bind` in place of `ref`", "structure::controls_may_name_their_bind"),
    (
        "Body",
        "unknown elements do nothing",
        "bad_input::an_element_that_nobody_knows_is_left_out_with_a_warning",
    ),
    ("Choices", "itemsets with predicates that react", "choices::a_filter_follows_the_answer"),
    (
        "Choices",
        "`select_one_external`: `query` of an input, over itemsets.csv",
        "choices::an_input_with_a_query_chooses_from_the_lists_beside_the_form",
    ),
    (
        "Choices",
        "a choice that leaves the list",
        "choices::a_choice_that_leaves_the_list_leaves_the_answer_and_its_dependants",
    ),
    ("Choices", "itemsets over a repeat", "choices::choices_may_come_from_a_repeat"),
    ("Choices", "several choices, of a number type too", "validity::each_of_several_choices_is_of_the_type"),
    ("Choices", "`randomize()` with a seed", "choices::a_seeded_shuffle_is_the_same_every_time"),
    ("Repeats", "added and removed by people", "repeats::instances_come_and_go_and_sums_follow"),
    (
        "Repeats",
        "`jr:count`, a number or an expression",
        "structure::a_count_may_be_a_number_or_follow_an_answer_anywhere",
    ),
    ("Repeats", "`jr:count` with a relative path", "structure::a_count_is_looked_for_beside_its_repeat"),
    ("Repeats", "a lowered count hides", "repeats::a_lower_count_hides_and_never_deletes"),
    (
        "Repeats",
        "a count that reads its own instances",
        "repeats::a_count_that_asks_for_one_more_grows_one_by_one",
    ),
    ("Repeats", "`jr:noAddRemove`", "repeats::a_form_may_fix_its_instances"),
    ("Repeats", "nested", "repeats::nested_repeats_keep_to_themselves"),
    ("Repeats", "label of the group around", "repeats::a_repeat_is_drawn_with_its_instances"),
    (
        "Repeats",
        "relevance of an empty repeat",
        "repeats::a_repeat_that_is_not_relevant_is_not_offered_though_it_is_empty",
    ),
    ("Languages", "itext, switched while filling", "texts::texts_follow_the_language_and_the_answers"),
    (
        "Languages",
        "fallback to the default language",
        "texts::what_a_text_lacks_in_one_language_is_shown_in_the_default_one",
    ),
    ("Languages", "outputs, in repeats too", "texts::an_output_in_a_repeat_speaks_of_its_own_instance"),
    ("Languages", "guidance hints", "texts::texts_follow_the_language_and_the_answers"),
    (
        "Languages",
        "short, image, big-image, audio, video",
        "body::a_label_carries_its_media_and_its_short_form",
    ),
    (
        "Languages",
        "months and weekdays of `format-date()` in the form's language (Chinese, English)",
        "texts::names_of_months_and_days_are_those_of_the_form_s_language",
    ),
    ("Languages", "markdown as data", "body::markdown_is_handed_on_as_it_is_written"),
    (
        "Actions",
        "actions of a change see what follows from it",
        "actions::an_action_of_a_change_sees_what_follows_from_it",
    ),
    ("Actions", "predicates in `ref`", "actions::an_action_sets_only_what_its_predicates_name"),
    (
        "Actions",
        "`setvalue` on odk-instance-first-load, xforms-value-changed",
        "calculate::actions_of_loading_and_of_a_changed_value",
    ),
    (
        "Actions",
        "`setvalue` on odk-new-repeat, before calculations",
        "repeats::a_new_instance_runs_its_actions_before_its_calculations",
    ),
    ("Actions", "several events of one action", "actions::one_action_may_hear_several_events"),
    (
        "Actions",
        "actions set off actions; text content as value",
        "actions::a_value_set_by_an_action_sets_off_the_next",
    ),
    ("Actions", "xforms-revalidate", "actions::revalidation_runs_its_actions_and_stamps_the_end"),
    ("Actions", "`odk:setgeopoint`", "actions::a_place_is_asked_for_and_delivered"),
    ("Actions", "`odk:setgeopoint` on odk-new-repeat", "actions::each_new_instance_asks_for_its_own_place"),
    (
        "Actions",
        "`odk:recordaudio` on odk-instance-load",
        "actions::a_recording_in_the_background_is_asked_for_at_every_load",
    ),
    (
        "Actions",
        "`setaudio` and XForms' other actions: refused by name (not in the specification)",
        "bad_input::what_is_not_supported_is_named",
    ),
    (
        "XPath",
        "absolute and relative paths, `.`, `..`",
        "structure::relative_paths_start_at_their_own_node_or_group",
    ),
    ("XPath", "names in every script", "calculate::names_are_those_of_xml_in_every_script"),
    ("XPath", "absolute paths in repeats", "repeats::an_absolute_path_inside_means_the_own_instance"),
    ("XPath", "predicates, operators, `|`, `//`", "calculate::functions_of_the_specification"),
    ("XPath", "dates and times as numbers and text", "calculate::dates_are_the_days_that_were_meant"),
    (
        "XPath",
        "axes besides child, parent, self, attribute, descendant: refused by name (not in the specification)",
        "bad_input::what_is_not_supported_is_named",
    ),
    (
        "XPath",
        "functions that the specification does not have: refused by name",
        "bad_input::what_is_not_supported_is_named",
    ),
    (
        "Submission",
        "relevant nodes only, attachments",
        "submit::a_submission_has_what_is_relevant_and_nothing_else",
    ),
    (
        "Submission",
        "`action`, `method`, `orx:auto-send`, `orx:auto-delete`",
        "encryption::a_form_says_how_its_records_are_sent",
    ),
    (
        "Submission",
        "`base64RsaPublicKey`: files encrypted",
        "encryption::only_the_holder_of_the_private_key_reads_a_record",
    ),
    (
        "Submission",
        "submission manifest and signature",
        "encryption::the_manifest_says_what_a_server_needs_and_is_signed",
    ),
    ("Submission", "compact representation (SMS)", "submit::a_record_as_one_line_for_sms"),
    (
        "Drafts",
        "saved and restored byte for byte",
        "submit::a_draft_comes_back_byte_for_byte_with_hidden_answers",
    ),
    (
        "Drafts",
        "opened in a newer version, misfits reported",
        "submit::a_draft_opens_in_a_newer_version_and_says_what_does_not_fit",
    ),
    (
        "Drafts",
        "choices that left their list meanwhile, as misfits",
        "submit::choices_that_left_their_list_meanwhile_are_misfits_and_come_back_with_it",
    ),
    (
        "Drafts",
        "what does not fit stays with the draft, and comes back",
        "submit::what_does_not_fit_stays_with_the_draft_and_comes_back",
    ),
    (
        "Entities",
        "the lists that a form writes, for importing it",
        "entities::a_form_says_which_lists_it_writes",
    ),
    (
        "Entities",
        "`baseVersion`, `trunkVersion`, `branchId` of an update",
        "entities::an_update_says_which_version_it_saw",
    ),
    ("Entities", "creation, `entities:saveto`", "entities::a_record_says_which_entity_it_makes"),
    (
        "Entities",
        "creation in repeats (2025.1)",
        "entities::each_instance_of_a_repeat_may_make_its_own_entity",
    ),
    (
        "Entities",
        "lists carried on offline: versions, trunk and branch",
        "entities::a_list_is_carried_on_offline",
    ),
    ("Entities", "lists as secondary instances", "entities::a_form_reads_the_list_that_was_carried_on"),
    (
        "Entities",
        "a newer list of the server",
        "entities::a_newer_list_of_the_server_keeps_what_is_not_there_yet",
    ),
    (
        "Entities",
        "newer specification versions refused",
        "entities::a_newer_version_of_the_entities_specification_is_refused",
    ),
];

/// The specification's functions, and Collect's own.
const FUNCTIONS: &[&str] = &[
    "string",
    "concat",
    "join",
    "substr",
    "substring-before",
    "substring-after",
    "translate",
    "string-length",
    "normalize-space",
    "contains",
    "starts-with",
    "ends-with",
    "uuid",
    "digest",
    "pulldata",
    "if",
    "coalesce",
    "once",
    "true",
    "false",
    "boolean",
    "boolean-from-string",
    "not",
    "regex",
    "checklist",
    "weighted-checklist",
    "number",
    "random",
    "int",
    "sum",
    "max",
    "min",
    "round",
    "pow",
    "log",
    "log10",
    "abs",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sqrt",
    "exp",
    "exp10",
    "pi",
    "count",
    "count-non-empty",
    "position",
    "instance",
    "current",
    "randomize",
    "today",
    "now",
    "format-date",
    "format-date-time",
    "date",
    "decimal-date-time",
    "decimal-time",
    "selected",
    "selected-at",
    "count-selected",
    "jr:choice-name",
    "jr:itext",
    "indexed-repeat",
    "area",
    "distance",
    "base64-decode",
    "geofence",
    "intersects",
    "extract-signed",
    "version",
    "property",
];

/// Test modules that call functions, with their text.
const SOURCES: &[(&str, &str)] = &[
    ("calculate", include_str!("calculate.rs")),
    ("choices", include_str!("choices.rs")),
    ("repeats", include_str!("repeats.rs")),
    ("texts", include_str!("texts.rs")),
    ("entities", include_str!("entities.rs")),
];

/// The first test whose text calls a function.
fn caller(function: &str) -> Option<String> {
    let call = format!("{function}(");
    for (module, source) in SOURCES {
        for (at, _) in source.match_indices(&call) {
            let before = source[..at].chars().next_back().unwrap_or(' ');
            // Not the end of a longer name, and not the test's own Rust.
            if before.is_alphanumeric() || matches!(before, '-' | ':' | '.' | '_' | '!') {
                continue;
            }
            let line = source[..at].rfind('\n').map_or("", |start| &source[start..at]);
            if !line.contains('"') {
                continue;
            }
            // What stands before the first test is the form that it fills.
            let test = source[..at].rfind("#[test]").or_else(|| source.find("#[test]"));
            let of = test.and_then(|test| source[test..].split("fn ").nth(1));
            if let Some(name) = of.and_then(|rest| rest.split('(').next()) {
                return Some(format!("{module}::{name}"));
            }
        }
    }
    None
}

/// The tests of this binary that run.
fn running() -> Vec<String> {
    let listed = |ignored: bool| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--list");
        if ignored {
            command.arg("--ignored");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let names = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
    };
    let ignored = names(&listed(true));
    names(&listed(false)).into_iter().filter(|name| !ignored.contains(name)).collect()
}

#[test]
fn the_table_of_support_is_that_of_the_tests_that_run() {
    let running = running();
    let mut out = String::from(
        "# XForms support\n\nMade by `core/forms/tests/it/support.rs` from tests that run; not written by hand. Every row's test is\n\
         of `cargo test -p xuncha-forms --test it`. Where engines differ: `core/forms/README.md`.\n",
    );
    let mut area = "";
    let mut missing = Vec::new();
    for (of, feature, test) in FEATURES {
        if *of != area {
            area = of;
            write!(out, "\n## {area}\n\n| feature | test |\n|---|---|\n").unwrap();
        }
        writeln!(out, "| {feature} | `{test}` |").unwrap();
        if !running.iter().any(|name| name == test) {
            missing.push((*test).to_owned());
        }
    }
    out += "\n## Functions\n\n| function | test |\n|---|---|\n";
    for function in FUNCTIONS {
        match caller(function) {
            Some(test) if running.contains(&test) => writeln!(out, "| `{function}()` | `{test}` |").unwrap(),
            _ => missing.push(format!("a test of {function}()")),
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/xforms-support.md");
    if std::env::var_os("XUNCHA_WRITE").is_some() {
        std::fs::write(&path, &out).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == out, "docs/xforms-support.md is stale: run with XUNCHA_WRITE=1");
}

#[test]
fn every_choice_of_the_readme_has_a_test_that_runs() {
    let running = running();
    let readme = include_str!("../../README.md");
    let table =
        readme.split("## Choices where engines differ").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = table.unwrap().lines().filter(|line| line.starts_with("| ") && !line.starts_with("| case"));
    let mut count = 0;
    for row in rows {
        let test = row.trim_end_matches(" |").rsplit("| ").next().unwrap().trim_matches('`');
        assert!(running.iter().any(|name| name == test), "{row}");
        count += 1;
    }
    assert!(count > 30, "{count}");
}
