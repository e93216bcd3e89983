//! The console's stylesheet of custom properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Colour, Tokens};

pub(super) fn write(tokens: &Tokens) -> String {
    let mut css = String::from(
        "/* Made by `cargo xtask tokens` from content/design/tokens.json: change it there. */\n:root {\n  \
         color-scheme: light dark;\n",
    );
    css.push_str(&colours(&tokens.schemes.light, "  "));
    let mut number = |name: &str, value: String| {
        let _ = writeln!(css, "  --{name}: {value};");
    };
    let Colour([red, green, blue]) = tokens.scrim.colour;
    number("scrim", format!("rgb({red} {green} {blue} / {})", tokens.scrim.opacity));
    number("on-scrim", format!("#{}", tokens.scrim.on.hex()));
    number("font", tokens.console_font.clone());
    for (name, style) in &tokens.types {
        let [size, line] = style.console;
        // In rem, so that a reader's own font size and zoom hold.
        number(&format!("{name}-size"), format!("{}rem", f64::from(size) / 16.0));
        number(&format!("{name}-line"), format!("{}rem", f64::from(line) / 16.0));
        number(&format!("{name}-weight"), style.weight.to_string());
    }
    for space in &tokens.spacing {
        number(&format!("space-{space}"), format!("{space}px"));
    }
    for (group, values) in [("", &tokens.console), ("corner-", &tokens.corner), ("focus-", &tokens.focus)] {
        for (name, value) in values {
            number(&format!("{group}{}", kebab(name)), format!("{value}px"));
        }
    }
    for (name, value) in &tokens.motion {
        number(&format!("motion-{}", kebab(name.trim_end_matches("Ms"))), format!("{value}ms"));
    }
    number("line", "1px".to_owned());
    css.push_str("}\n");
    let dark = colours(&tokens.schemes.dark, "    ");
    let _ = write!(
        css,
        "@media screen and (prefers-color-scheme: dark) {{\n  :root:not([data-scheme]) {{\n{dark}  }}\n}}\n"
    );
    for (name, colour_scheme, values) in [
        ("light", "light", None),
        ("dark", "dark", Some(&tokens.schemes.dark)),
        ("sunlight", "light", Some(&tokens.schemes.sunlight)),
    ] {
        let _ = write!(css, ":root[data-scheme=\"{name}\"] {{\n  color-scheme: {colour_scheme};\n");
        if let Some(values) = values {
            css.push_str(&colours(values, "  "));
        }
        if name == "sunlight" {
            let line = tokens.phone.get("sunlightLine").copied().unwrap_or(2);
            let _ = writeln!(css, "  --line: {line}px;");
            for (name, _) in tokens.types.iter().filter(|(_, style)| style.weight < tokens.sunlight_weight) {
                let _ = writeln!(css, "  --{name}-weight: {};", tokens.sunlight_weight);
            }
        }
        css.push_str("}\n");
    }
    css.push_str("@media (prefers-reduced-motion: reduce) {\n  :root { --motion-fade: 0ms; }\n}\n");
    css
}

fn colours(colours: &BTreeMap<String, Colour>, indent: &str) -> String {
    colours.iter().fold(String::new(), |mut css, (name, colour)| {
        let _ = writeln!(css, "{indent}--{}: #{};", kebab(name), colour.hex());
        css
    })
}

/// `onWarnFill` as `on-warn-fill`.
fn kebab(name: &str) -> String {
    name.chars().fold(String::new(), |mut kebab, letter| {
        if letter.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
        kebab
    })
}
