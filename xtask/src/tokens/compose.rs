//! The phone's tokens for Compose.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Colour, Tokens, colour_names};

const HEAD: &str = "\
// Made by `cargo xtask tokens` from content/design/tokens.json: change it there.
package org.xuncha.ui

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

";

pub(super) fn write(tokens: &Tokens) -> String {
    let mut kotlin = String::from(HEAD);
    kotlin.push_str("/** Colours by role. */\n@Immutable\ndata class Palette(\n");
    for name in colour_names(tokens) {
        let _ = writeln!(kotlin, "    val {name}: Color,");
    }
    kotlin.push_str(") {\n    companion object {\n");
    for (scheme, colours) in tokens.schemes.named() {
        kotlin.push_str(&palette(scheme, colours));
    }
    let alpha = (tokens.scrim.opacity * 255.0).round();
    let _ = write!(
        kotlin,
        "\n        /** Under text on a photo, and that text. */\n        val scrim = Color(0x{:02X}{}L)\n        \
         val onScrim = Color(0xFF{}L)\n    }}\n}}\n\n",
        alpha as u8,
        tokens.scrim.colour.hex(),
        tokens.scrim.on.hex()
    );
    types(&mut kotlin, tokens);
    kotlin.push_str("/** Distances and sizes. */\nobject Dimens {\n");
    for space in &tokens.spacing {
        let _ = writeln!(kotlin, "    val space{space} = {space}.dp");
    }
    for (name, value) in &tokens.phone {
        let _ = writeln!(kotlin, "    val {name} = {value}.dp");
    }
    for (group, values) in [("corner", &tokens.corner), ("focus", &tokens.focus)] {
        for (name, value) in values {
            let _ = writeln!(kotlin, "    val {group}{} = {value}.dp", capital(name));
        }
    }
    kotlin.push_str("}\n\n/** Times in milliseconds. */\nobject Motion {\n");
    for (name, value) in &tokens.motion {
        let _ = writeln!(kotlin, "    const val {name} = {value}");
    }
    kotlin.push_str("}\n");
    kotlin
}

fn palette(scheme: &str, colours: &BTreeMap<String, Colour>) -> String {
    let mut kotlin = format!("        val {scheme} = Palette(\n");
    for (name, colour) in colours {
        let _ = writeln!(kotlin, "            {name} = Color(0xFF{}L),", colour.hex());
    }
    kotlin.push_str("        )\n");
    kotlin
}

fn types(kotlin: &mut String, tokens: &Tokens) {
    let phone = || tokens.types.iter().filter_map(|(name, style)| Some((name, style, style.phone?)));
    kotlin.push_str("/** Text styles. */\n@Immutable\ndata class TypeScale(\n");
    for (name, _, _) in phone() {
        let _ = writeln!(kotlin, "    val {name}: TextStyle,");
    }
    kotlin.push_str(") {\n    companion object {\n");
    for scheme in ["normal", "sunlight"] {
        let _ = writeln!(kotlin, "        val {scheme} = TypeScale(");
        for (name, style, size) in phone() {
            let ([size, line], weight) = match style.sunlight {
                Some(sunlight) if scheme == "sunlight" => (sunlight, tokens.sunlight_weight),
                _ => (size, style.weight),
            };
            let _ = writeln!(
                kotlin,
                "            {name} = TextStyle(fontSize = {size}.sp, lineHeight = {line}.sp, fontWeight = \
                 FontWeight({weight})),"
            );
        }
        kotlin.push_str("        )\n");
    }
    kotlin.push_str("    }\n}\n\n");
}

pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
