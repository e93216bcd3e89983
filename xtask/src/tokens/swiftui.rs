//! The phone's tokens for SwiftUI.

use std::fmt::Write as _;

use super::compose::capital;
use super::{Colour, Tokens, colour_names};

const HEAD: &str = "\
// Made by `cargo xtask tokens` from content/design/tokens.json: change it there.
import SwiftUI

";

pub(super) fn write(tokens: &Tokens) -> String {
    let mut swift = String::from(HEAD);
    swift.push_str("/// Colours by role.\nstruct Palette: Sendable {\n");
    for name in colour_names(tokens) {
        let _ = writeln!(swift, "    let {name}: Color");
    }
    for (scheme, colours) in tokens.schemes.named() {
        let _ = writeln!(swift, "\n    static let {scheme} = Palette(");
        let lines: Vec<_> =
            colours.iter().map(|(name, colour)| format!("        {name}: {}", rgb(*colour))).collect();
        let _ = writeln!(swift, "{}\n    )", lines.join(",\n"));
    }
    let _ = write!(
        swift,
        "\n    /// Under text on a photo, and that text.\n    static let scrim = {}.opacity({})\n    static let \
         onScrim = {}\n}}\n\n",
        rgb(tokens.scrim.colour),
        tokens.scrim.opacity,
        rgb(tokens.scrim.on)
    );
    types(&mut swift, tokens);
    swift.push_str("/// Distances and sizes in points.\nenum Dimens {\n");
    for space in &tokens.spacing {
        let _ = writeln!(swift, "    static let space{space}: CGFloat = {space}");
    }
    for (name, value) in &tokens.phone {
        let _ = writeln!(swift, "    static let {name}: CGFloat = {value}");
    }
    for (group, values) in [("corner", &tokens.corner), ("focus", &tokens.focus)] {
        for (name, value) in values {
            let _ = writeln!(swift, "    static let {group}{}: CGFloat = {value}", capital(name));
        }
    }
    swift.push_str("}\n\n/// Times in milliseconds.\nenum Motion {\n");
    for (name, value) in &tokens.motion {
        let _ = writeln!(swift, "    static let {name} = {value}");
    }
    swift.push_str("}\n");
    swift
}

fn types(swift: &mut String, tokens: &Tokens) {
    let phone = || tokens.types.iter().filter_map(|(name, style)| Some((name, style, style.phone?)));
    swift.push_str(
        "/// A text style: size and line height in points before the user's font scale.\nstruct TypeStyle: \
         Sendable {\n    let size: CGFloat\n    let line: CGFloat\n    let weight: Font.Weight\n}\n\n/// Text \
         styles.\nstruct TypeScale: Sendable {\n",
    );
    for (name, _, _) in phone() {
        let _ = writeln!(swift, "    let {name}: TypeStyle");
    }
    for scheme in ["normal", "sunlight"] {
        let lines: Vec<_> = phone()
            .map(|(name, style, size)| {
                let ([size, line], weight) = match style.sunlight {
                    Some(sunlight) if scheme == "sunlight" => (sunlight, tokens.sunlight_weight),
                    _ => (size, style.weight),
                };
                let weight = if weight >= 600 { "semibold" } else { "regular" };
                format!("        {name}: TypeStyle(size: {size}, line: {line}, weight: .{weight})")
            })
            .collect();
        let _ = write!(swift, "\n    static let {scheme} = TypeScale(\n{}\n    )\n", lines.join(",\n"));
    }
    swift.push_str("}\n\n");
}

fn rgb(colour: Colour) -> String {
    let [red, green, blue] = colour.0.map(|channel| format!("0x{channel:02X} / 255.0"));
    format!("Color(red: {red}, green: {green}, blue: {blue})")
}
