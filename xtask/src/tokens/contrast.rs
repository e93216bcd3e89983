//! Contrast by the formula of WCAG 2.2, and the rules that every scheme must meet.

use std::collections::BTreeMap;

use super::{Colour, Tokens};

const TEXT: [&str; 8] = ["text", "text2", "primary", "danger", "warn", "ok", "hint", "neutral"];
const GROUNDS: [&str; 3] = ["page", "surface", "raised"];
const PAIRS: [(&str, &str); 7] = [
    ("onPrimary", "primary"),
    ("onPrimaryFill", "primaryFill"),
    ("onDangerFill", "dangerFill"),
    ("onWarnFill", "warnFill"),
    ("onOkFill", "okFill"),
    ("onHintFill", "hintFill"),
    ("onNeutralFill", "neutralFill"),
];

/// Each rule that the colours break, as a sentence; none if they are good.
pub(super) fn broken_rules(tokens: &Tokens) -> Vec<String> {
    let mut broken = Vec::new();
    for (scheme, colours) in tokens.schemes.named() {
        let missing = tokens.schemes.light.keys().filter(|name| !colours.contains_key(*name));
        broken.extend(missing.map(|name| format!("{scheme} has no colour {name}")));
        // Text is read in sunlight at 7:1, elsewhere at AA.
        let text_least = if scheme == "sunlight" { 7.0 } else { 4.5 };
        let chart_least = if scheme == "dark" { 8.0 } else { 5.0 };
        let on_grounds = |names: &[&'static str], grounds: &[&'static str], least: f64| -> Vec<_> {
            names.iter().flat_map(|name| grounds.iter().map(move |ground| (*name, *ground, least))).collect()
        };
        let charts = ["chart1", "chart2", "chart3", "chart4", "chart5", "chart6"];
        let rules = [
            on_grounds(&TEXT, &GROUNDS, text_least),
            on_grounds(&["edge"], &GROUNDS, 3.0),
            on_grounds(&charts, &["surface"], chart_least),
            PAIRS.iter().map(|(over, under)| (*over, *under, text_least)).collect(),
        ];
        for (over, under, least) in rules.into_iter().flatten() {
            match between(colours, over, under) {
                Some(ratio) if ratio >= least => {}
                Some(ratio) => {
                    broken.push(format!("{scheme}: {over} on {under} is {ratio:.2}, must be {least}"));
                }
                None => broken.push(format!("{scheme}: {over} or {under} is missing")),
            }
        }
    }
    let worst = over_white(tokens.scrim.colour, tokens.scrim.opacity);
    let ratio = ratio(luminance(tokens.scrim.on.0.map(f64::from)), luminance(worst));
    if ratio < 7.0 {
        broken.push(format!("text on the scrim over a white wall is {ratio:.2}, must be 7"));
    }
    broken
}

fn between(colours: &BTreeMap<String, Colour>, over: &str, under: &str) -> Option<f64> {
    Some(contrast(*colours.get(over)?, *colours.get(under)?))
}

/// Contrast ratio of two colours, 1 to 21.
pub(super) fn contrast(one: Colour, other: Colour) -> f64 {
    ratio(luminance(one.0.map(f64::from)), luminance(other.0.map(f64::from)))
}

fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What a scrim makes of a white picture, channel by channel.
fn over_white(scrim: Colour, opacity: f64) -> [f64; 3] {
    scrim.0.map(|channel| f64::from(channel) * opacity + 255.0 * (1.0 - opacity))
}

/// Relative luminance of channels from 0 to 255.
fn luminance(channels: [f64; 3]) -> f64 {
    let [red, green, blue] = channels.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
