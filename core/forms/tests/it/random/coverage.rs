//! The grammars reach what the specification has: every function of the README and every feature of
//! `docs/xforms-support.md` occurs in the pairs that CI compares, or stands here with the reason why not.

use super::frame::folder;
use super::{CI, Case, Dice, EXPRESSIONS, FORMS, expressions, runner, tree};
use crate::support::FEATURES;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeSet;
use std::ops::Range;

/// Features of forms and scripts, each with what it is known by; `+` joins what must stand in one form.
const REACHED: &[(&str, &[&str])] = &[
    (
        "form id, version (`version`, `orx:version`), title; ids by namespace of older forms",
        &["version=\"7\""],
    ),
    ("primary instance with defaults", &[">2024-02-29</q", ">4</q"]),
    ("`jr:template`, instances written in the form", &["jr:template=\"\""]),
    ("secondary instances inside the form", &["<instance id=\"streets\"><root>"]),
    ("attributes in secondary instances, also in predicates", &["and @side = 'west'"]),
    (
        "external instances: XML, CSV, GeoJSON",
        &["jr://file/trees.xml", "jr://file-csv/houses.csv", "jr://file/wells.geojson"],
    ),
    ("`jr://instance/last-saved`", &["jr://instance/last-saved"]),
    ("namespaces, foreign attributes", &["own:kind=\"k\""]),
    (
        "`meta` and `orx:meta`: userID, deviceID, timeStart, timeEnd, instanceName",
        &["<userID/>", "<deviceID/>", "<timeStart/>", "<timeEnd/>", "<instanceName/>"],
    ),
    ("instanceID", &["<instanceID/>"]),
    (
        "`jr:preload` uid, timestamp, date, property",
        &["jr:preload=\"uid\"", "jr:preload=\"timestamp\"", "jr:preload=\"date\"", "jr:preload=\"property\""],
    ),
    (
        "types: string, int, decimal, boolean, date, time, dateTime, geopoint, geotrace, geoshape, binary, barcode, intent, unknown",
        &[
            "type=\"string\"",
            "type=\"int\"",
            "type=\"decimal\"",
            "type=\"boolean\"",
            "type=\"date\"",
            "type=\"time\"",
            "type=\"dateTime\"",
            "type=\"geopoint\"",
            "type=\"geotrace\"",
            "type=\"geoshape\"",
            "type=\"binary\"",
            "type=\"barcode\"",
            "type=\"intent\"",
            "type=\"own\"",
        ],
    ),
    ("`relevant`, inherited", &["\" relevant=\""]),
    ("`readonly`, inherited", &["\" readonly=\""]),
    ("`required` and `jr:requiredMsg`", &["jr:requiredMsg=\"Needed.\"", "jr:requiredMsg=\"jr:itext("]),
    (
        "`constraint` and `jr:constraintMsg`, translated",
        &["jr:constraintMsg=\"Not so.\"", "jr:constraintMsg=\"jr:itext(", "\"op\":\"message\""],
    ),
    ("`calculate`", &[" calculate=\""]),
    ("`saveIncomplete`, `orx:max-pixels` and others as data", &["saveIncomplete=", "orx:max-pixels="]),
    (
        "input, select1, select, odk:rank, range, upload, trigger by type",
        &[
            "<input ",
            "<select1 ",
            "<select ",
            "<odk:rank ",
            "<range ",
            "<upload ",
            "<trigger ",
            "image/*",
            "audio/*",
            "application/*",
        ],
    ),
    ("odk:rank", &["<odk:rank "]),
    ("range: start, end, step, decimals, downwards", &["step=\"0.5\"", "start=\"9\" end=\"1\""]),
    ("trigger", &["\"value\":\"OK\""]),
    (
        "`rows`, `mediatype`, `accept`, `autoplay`, `accuracyThreshold`, `intent`",
        &["rows=\"3\"", "mediatype="],
    ),
    ("appearances and form-wide style", &["appearance=\"multiline\"", "class=\"pages\""]),
    ("groups, relative `ref`, `field-list`", &["appearance=\"field-list\"", "ref=\"q"]),
    ("`bind` in place of `ref`", &[" bind=\"bind-"]),
    ("unknown elements do nothing", &["<odd>"]),
    ("itemsets with predicates that react", &["/item[town = ", " and size > 2]", " or name = 's1']"]),
    ("a choice that leaves the list", &["/item[town = "]),
    ("itemsets over a repeat", &[" != '']\"><value ref="]),
    ("several choices, of a number type too", &["<value>1</value>"]),
    ("`randomize()` with a seed", &["randomize(instance('streets')/root/item, 42)"]),
    ("added and removed by people", &["\"op\":\"add_repeat\"", "\"op\":\"remove_repeat\""]),
    ("`jr:count`, a number or an expression", &["jr:count=\"/data/"]),
    ("a lowered count hides", &["jr:count=\"/data/"]),
    ("`jr:noAddRemove`", &["jr:noAddRemove=\"true()\""]),
    ("nested", &["</repeat></group></repeat>"]),
    ("label of the group around", &["<label>Part</label><repeat"]),
    ("relevance of an empty repeat", &["\" relevant=\""]),
    ("itext, switched while filling", &["\"op\":\"language\""]),
    ("fallback to the default language", &["(English only)"]),
    ("outputs, in repeats too", &["<output value="]),
    ("guidance hints", &["form=\"guidance\""]),
    (
        "short, image, big-image, audio, video",
        &["form=\"short\"", "form=\"image\"", "form=\"big-image\"", "form=\"audio\"", "form=\"video\""],
    ),
    ("markdown as data", &["**closely**"]),
    (
        "`setvalue` on odk-instance-first-load, xforms-value-changed",
        &[
            "<setvalue event=\"odk-instance-first-load\"",
            "<setvalue event=\"xforms-value-changed\"",
            "event=\"xforms-ready\"",
            "<setvalue event=\"odk-instance-load\"",
        ],
    ),
    (
        "`setvalue` on odk-new-repeat, before calculations",
        &["<setvalue event=\"odk-new-repeat\"", "<setvalue event=\"jr-insert\""],
    ),
    (
        "several events of one action",
        &["odk-new-repeat odk-instance-first-load", "odk-instance-first-load odk-instance-load"],
    ),
    ("actions set off actions; text content as value", &["\">in turn</setvalue>", "\">text</setvalue>"]),
    ("xforms-revalidate", &["event=\"xforms-revalidate\""]),
    (
        "`odk:setgeopoint`",
        &[
            "<odk:setgeopoint event=\"odk-instance-first-load\"",
            "<odk:setgeopoint event=\"xforms-value-changed\"",
            "\"op\":\"deliver\"",
        ],
    ),
    ("`odk:setgeopoint` on odk-new-repeat", &["<odk:setgeopoint event=\"odk-new-repeat\""]),
    (
        "`odk:recordaudio` on odk-instance-load",
        &["<odk:recordaudio event=\"odk-instance-load\"", "\"op\":\"requests\""],
    ),
    ("absolute and relative paths, `.`, `..`", &["\"../", "current()/../", ". != ", "/data/g"]),
    ("absolute paths in repeats", &["/data/r"]),
    (
        "predicates, operators, `|`, `//`",
        &[
            "count(//n)",
            "/data/r/n | /data/a",
            " div ",
            " mod ",
            " * ",
            " and ",
            " or ",
            "[position() &lt; 3]",
        ],
    ),
    ("dates and times as numbers and text", &["date('1999-12-31') - date("]),
    ("relevant nodes only, attachments", &["\"value\":\"file.jpg\""]),
    ("saved and restored byte for byte", &["\"op\":\"reopen\""]),
    ("creation, `entities:saveto`", &["entities:saveto=", "<entity dataset="]),
];

/// Features that are no matter of two engines and one form, with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "`jr:count` with a relative path",
        "held beside the engines on Enketo's forms, which have nested counts",
    ),
    (
        "actions of a change see what follows from it",
        "held beside the engines on the forms of Web Forms' tests",
    ),
    ("predicates in `ref`", "held beside the engines on CommCare's forms"),
    ("names in every script", "what a name is is XML's rule, and no engine's"),
    ("attributes of the instance, calculated and sent", "the comparison is of elements"),
    ("deprecatedID of a revision", "of the server's protocol"),
    ("audit log: events and times", "Collect's own, not JavaRosa's"),
    ("audit log: `odk:track-changes`", "Collect's own, not JavaRosa's"),
    ("audit log: `odk:location-priority`, `-min-interval`, `-max-age`", "Collect's own, not JavaRosa's"),
    ("audit log: `odk:identify-user`, `odk:track-changes-reasons`", "Collect's own, not JavaRosa's"),
    ("cycles refused at load, nodes named", "such a form is refused"),
    (
        "a count that reads its own instances",
        "JavaRosa adds one a walk: `consistent` has counts that are expressions",
    ),
    (
        "months and weekdays of `format-date()` in the form's language (Chinese, English)",
        "JavaRosa's are of the machine, not of the form",
    ),
    (
        "axes besides child, parent, self, attribute, descendant: refused by name (not in the specification)",
        "refused",
    ),
    ("functions that the specification does not have: refused by name", "refused"),
    ("`setaudio` and XForms' other actions: refused by name (not in the specification)", "refused"),
    ("`action`, `method`, `orx:auto-send`, `orx:auto-delete`", "of sending"),
    ("`base64RsaPublicKey`: files encrypted", "of sending"),
    ("submission manifest and signature", "of sending"),
    ("compact representation (SMS)", "JavaRosa no longer has it"),
    ("opened in a newer version, misfits reported", "of two forms"),
    ("choices that left their list meanwhile, as misfits", "of two lists"),
    ("what does not fit stays with the draft, and comes back", "of two forms"),
    ("`select_one_external`: `query` of an input, over itemsets.csv", "Collect's own, not JavaRosa's"),
    ("creation in repeats (2025.1)", "ODK Validate's JavaRosa has no entities"),
    ("`baseVersion`, `trunkVersion`, `branchId` of an update", "ODK Validate's JavaRosa has no entities"),
    ("the lists that a form writes, for importing it", "our own"),
    ("lists carried on offline: versions, trunk and branch", "Collect's own, not JavaRosa's"),
    ("lists as secondary instances", "Collect's own, not JavaRosa's"),
    ("a newer list of the server", "Collect's own, not JavaRosa's"),
    ("newer specification versions refused", "refused"),
];

/// Every pair of CI as text.
fn pairs() -> Vec<String> {
    let folder = folder("coverage");
    let made = |rolls: Range<usize>, case: &dyn Fn(Dice<'_>) -> Case| -> Vec<String> {
        let mut runner = runner();
        let strategy = prop::collection::vec(any::<u32>(), rolls);
        let mut text = || {
            let rolls = strategy.new_tree(&mut runner).unwrap().current();
            let case = case(Dice { left: rolls.iter() });
            format!("{}{}", case.xml, case.steps)
        };
        (0..CI).map(|_| text()).collect()
    };
    let mut all = made(EXPRESSIONS, &expressions::case);
    all.extend(made(FORMS, &|dice| tree(dice, &folder)));
    all
}

/// The functions of the README, as they are called.
fn functions() -> Vec<String> {
    let readme = include_str!("../../../README.md");
    let row = readme.lines().find(|line| line.starts_with("| functions (")).unwrap();
    let count: usize = row.split(['(', ')']).nth(1).unwrap().parse().unwrap();
    let cell = row.split('|').nth(2).unwrap().replace("digest(MD5, SHA-1, -256, -384, -512)", "digest");
    let all: Vec<String> = cell.split_whitespace().map(str::to_owned).collect();
    assert_eq!(all.len(), count, "the README counts its functions");
    all
}

fn calls(text: &str, function: &str) -> bool {
    let call = format!("{function}(");
    text.match_indices(&call).any(|(at, _)| {
        !text[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '-' | ':'))
    })
}

#[test]
fn every_function_and_feature_occurs_in_the_pairs_of_ci() {
    let pairs = pairs();
    let mut missing: Vec<String> =
        functions().into_iter().filter(|function| !pairs.iter().any(|pair| calls(pair, function))).collect();
    for digest in ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"] {
        if !pairs.iter().any(|pair| pair.contains(&format!("'{digest}'"))) {
            missing.push(digest.to_owned());
        }
    }
    for (feature, known_by) in REACHED {
        let absent = known_by.iter().filter(|known| !pairs.iter().any(|pair| pair.contains(**known)));
        missing.extend(absent.map(|known| format!("{feature}: {known}")));
    }
    assert!(missing.is_empty(), "the grammars do not reach {missing:#?}");
}

#[test]
fn every_feature_is_reached_or_has_a_reason() {
    let listed: BTreeSet<&str> = FEATURES.iter().map(|(_, feature, _)| *feature).collect();
    let here: Vec<&str> = REACHED
        .iter()
        .map(|(feature, _)| *feature)
        .chain(ELSEWHERE.iter().map(|(feature, _)| *feature))
        .collect();
    let known: BTreeSet<&str> = here.iter().copied().collect();
    assert_eq!(known, listed);
    assert_eq!(here.len(), known.len(), "one is there twice");
    assert!(ELSEWHERE.iter().all(|(_, why)| !why.is_empty()));
}
