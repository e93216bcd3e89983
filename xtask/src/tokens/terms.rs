//! The term table: one JSON file, the same words for the core and the hub, Compose and SwiftUI.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use super::compose::capital;
use crate::ground::Failure;

/// The source, below the repository's root.
pub(super) const SOURCE: &str = "content/design/terms.json";

/// All of terms.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    #[serde(rename = "about")]
    _about: String,
    terms: Vec<Term>,
    instead: Vec<Instead>,
    never: Vec<String>,
}

/// A term; icon and tone where it is a mark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    id: String,
    zh: String,
    en: String,
    icon: Option<String>,
    tone: Option<String>,
}

/// A word that is not ours, and the id of the term that is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Instead {
    not: String,
    say: String,
}

impl Term {
    /// `role.inspector` as `roleInspector`.
    fn name(&self) -> String {
        let parts = self.id.split(['.', '_']);
        parts.enumerate().map(|(at, part)| if at == 0 { part.to_owned() } else { capital(part) }).collect()
    }
}

/// The generated files by their place below the root.
pub(super) fn generate(source: &str) -> Result<[(&'static str, String); 3], Failure> {
    let wrong = |what: String| Failure::new(format!("{SOURCE}: {what}"));
    let table: Terms = serde_json::from_str(source).map_err(|error| wrong(error.to_string()))?;
    let mut ids = BTreeSet::new();
    for term in &table.terms {
        if !ids.insert(term.id.as_str()) {
            return Err(wrong(format!("{} stands there twice", term.id)));
        }
        if term.icon.is_some() != term.tone.is_some() || term.zh.is_empty() || term.en.is_empty() {
            return Err(wrong(format!("{} lacks a word, icon or tone", term.id)));
        }
        let banned = table.never.iter().chain(table.instead.iter().map(|i| &i.not));
        if let Some(word) = banned.into_iter().find(|word| term.zh.contains(word.as_str())) {
            return Err(wrong(format!("{} says {word}", term.id)));
        }
    }
    if let Some(stray) = table.instead.iter().find(|i| !ids.contains(i.say.as_str())) {
        return Err(wrong(format!("there is no term {}", stray.say)));
    }
    Ok([
        ("core/casework/src/terms/table.rs", rust(&table)),
        ("android/ui/src/main/kotlin/org/xuncha/ui/Terms.kt", kotlin(&table)),
        ("ios/App/Sources/Terms.swift", swift(&table)),
    ])
}

const HEAD: &str = "// Made by `cargo xtask tokens` from content/design/terms.json: change it there.\n";

fn rust(table: &Terms) -> String {
    let mut rust = format!("{HEAD}\nterms! {{\n");
    for term in &table.terms {
        let look = match (&term.icon, &term.tone) {
            (Some(icon), Some(tone)) => format!(" [{} {}]", camel(icon), camel(tone)),
            _ => String::new(),
        };
        let name = capital(&term.name());
        let _ = writeln!(rust, "    {name} {:?} {:?} {:?}{look}", term.id, term.zh, term.en);
    }
    rust.push_str("}\n");
    rust
}

fn camel(word: &str) -> String {
    word.split('_').map(capital).collect()
}

fn kotlin(table: &Terms) -> String {
    let mut kotlin = format!(
        "{HEAD}package org.xuncha.ui\n\n/** A word in both languages; `{{n}}` in it stands for a number. Icon and tone \
         where it is a mark. */\ndata class Term(val zh: String, val en: String, val icon: String = \"\", val tone: \
         String = \"\")\n\n/** The words that phone, console, paper and export share. */\nobject Terms {{\n"
    );
    for term in &table.terms {
        let _ = writeln!(kotlin, "    val {} = Term({})", term.name(), values(term, ""));
    }
    kotlin.push_str("}\n");
    kotlin
}

fn swift(table: &Terms) -> String {
    let mut swift = format!(
        "{HEAD}/// A word in both languages; `{{n}}` in it stands for a number. Icon and tone where it is a mark.\n\
         struct Term: Sendable {{\n    let zh: String\n    let en: String\n    var icon = \"\"\n    var tone = \"\"\n}}\n\n\
         /// The words that phone, console, paper and export share.\nenum Terms {{\n"
    );
    for term in &table.terms {
        let _ = writeln!(swift, "    static let {} = Term({})", term.name(), values(term, "zh: "));
    }
    swift.push_str("}\n");
    swift
}

/// The arguments of a term; `named` for a language whose calls name the first two.
fn values(term: &Term, named: &str) -> String {
    let en = if named.is_empty() { "" } else { "en: " };
    let mut values = format!("{named}{:?}, {en}{:?}", term.zh, term.en);
    if let (Some(icon), Some(tone)) = (&term.icon, &term.tone) {
        let equals = if named.is_empty() { " =" } else { ":" };
        let _ = write!(values, ", icon{equals} {icon:?}, tone{equals} {tone:?}");
    }
    values
}
