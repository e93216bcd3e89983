//! Design tokens and the term table: a JSON file each, three generated files each, and the contrast rules that the
//! colours must meet.

mod compose;
mod contrast;
mod css;
mod swiftui;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::ground::{Failure, Ground};

/// The source, below the repository's root.
const SOURCE: &str = "content/design/tokens.json";

/// Options of `cargo xtask tokens`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Writes nothing; fails if a generated file is not current.
    #[arg(long)]
    check: bool,
}

/// All of tokens.json.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Tokens {
    #[serde(rename = "about")]
    _about: String,
    schemes: Schemes,
    scrim: Scrim,
    #[serde(rename = "type")]
    types: BTreeMap<String, Type>,
    sunlight_weight: u16,
    console_font: String,
    spacing: Vec<u16>,
    phone: BTreeMap<String, u16>,
    console: BTreeMap<String, u16>,
    corner: BTreeMap<String, u16>,
    focus: BTreeMap<String, u16>,
    motion: BTreeMap<String, u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schemes {
    light: BTreeMap<String, Colour>,
    dark: BTreeMap<String, Colour>,
    sunlight: BTreeMap<String, Colour>,
}

impl Schemes {
    fn named(&self) -> [(&'static str, &BTreeMap<String, Colour>); 3] {
        [("light", &self.light), ("dark", &self.dark), ("sunlight", &self.sunlight)]
    }
}

/// What lies under white text on a photo.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scrim {
    colour: Colour,
    opacity: f64,
    on: Colour,
}

/// Font size and line height, in sp on the phone and px in the console.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    phone: Option<[u16; 2]>,
    sunlight: Option<[u16; 2]>,
    console: [u16; 2],
    weight: u16,
}

/// An opaque colour, written `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Colour([u8; 3]);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = value.ok_or_else(|| format!("{text} is not #RRGGBB"))?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl Colour {
    fn hex(self) -> String {
        let Self([red, green, blue]) = self;
        format!("{red:02X}{green:02X}{blue:02X}")
    }
}

/// Writes the generated files, or checks that they are current.
pub(crate) fn run(ground: &Ground, args: &Args) -> Result<(), Failure> {
    let read = |source: &str| {
        fs::read_to_string(ground.path(source)).map_err(|error| Failure::new(format!("{source}: {error}")))
    };
    let files = generate(&read(SOURCE)?)?.into_iter().chain(terms::generate(&read(terms::SOURCE)?)?);
    let mut stale = Vec::new();
    for (place, text) in files {
        let path = ground.path(place);
        if fs::read_to_string(&path).is_ok_and(|now| now == text) {
            continue;
        }
        if args.check {
            stale.push(place);
            continue;
        }
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| Failure::new(format!("{place}: {error}")))?;
        println!("wrote {place}");
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("not current: {}; run `cargo xtask tokens`", stale.join(", "))))
}

/// The generated files by their place below the root. Colours that break a contrast rule are refused.
fn generate(source: &str) -> Result<[(&'static str, String); 3], Failure> {
    let tokens: Tokens =
        serde_json::from_str(source).map_err(|error| Failure::new(format!("{SOURCE}: {error}")))?;
    let broken = contrast::broken_rules(&tokens);
    if !broken.is_empty() {
        return Err(Failure::new(format!("{SOURCE}: contrast too low\n  {}", broken.join("\n  "))));
    }
    Ok([
        ("android/ui/src/main/kotlin/org/xuncha/ui/Tokens.kt", compose::write(&tokens)),
        ("ios/App/Sources/Tokens.swift", swiftui::write(&tokens)),
        ("hub/assets/tokens.css", css::write(&tokens)),
    ])
}

/// The names of all colours, as the light scheme lists them.
fn colour_names(tokens: &Tokens) -> impl Iterator<Item = &str> {
    tokens.schemes.light.keys().map(String::as_str)
}
