use super::{Args, Colour, SOURCE, contrast, generate, run, terms};
use crate::ground::Ground;

fn colour(text: &str) -> Colour {
    Colour::try_from(text.to_owned()).unwrap()
}

fn source() -> String {
    std::fs::read_to_string(Ground::find().unwrap().path(SOURCE)).unwrap()
}

#[test]
fn the_generated_files_are_current() {
    run(&Ground::find().unwrap(), &Args { check: true }).unwrap();
}

#[test]
fn contrast_follows_the_wcag_formula() {
    let ratio = |one, other| (contrast::contrast(colour(one), colour(other)) * 10.0).round() / 10.0;
    assert_eq!(ratio("#000000", "#FFFFFF"), 21.0);
    assert_eq!(ratio("#FFFFFF", "#FFFFFF"), 1.0);
    // The figures that the screens' design gives.
    assert_eq!(ratio("#1A1D21", "#FFFFFF"), 16.9);
    assert_eq!(ratio("#B3261E", "#EDF1F6"), 5.8);
    assert_eq!(ratio("#0A3560", "#DCE9F8"), 10.1);
    assert_eq!(ratio("#2B1600", "#FFE08A"), 13.4);
    assert_eq!(ratio("#002E59", "#8FC3FF"), 7.4);
}

#[test]
fn a_colour_that_cannot_be_read_is_refused() {
    let pale = source().replacen("\"text2\": \"#434B55\"", "\"text2\": \"#9AA3AD\"", 1);
    let refused = generate(&pale).unwrap_err().to_string();
    assert!(refused.contains("light: text2 on page is"), "{refused}");
    let thin = source().replace("\"opacity\": 0.72", "\"opacity\": 0.4");
    assert!(generate(&thin).is_err());
}

#[test]
fn a_scheme_without_a_colour_is_refused() {
    let missing = source().replacen("\"okFill\": \"#0E4222\", ", "", 1);
    assert!(generate(&missing).unwrap_err().to_string().contains("dark has no colour okFill"));
}

#[test]
fn a_mistyped_colour_or_token_is_refused() {
    assert!(generate(&source().replacen("#F5F7FA", "#F5F7F", 1)).is_err());
    assert!(generate(&source().replacen("\"focus\"", "\"focos\"", 1)).is_err());
}

#[test]
fn a_term_that_is_there_twice_or_says_a_banned_word_is_refused() {
    let table = std::fs::read_to_string(Ground::find().unwrap().path(terms::SOURCE)).unwrap();
    let refused =
        |from: &str, to: &str| terms::generate(&table.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(refused("role.leader", "role.inspector").contains("role.inspector stands there twice"));
    assert!(refused("平台已收", "已同步").contains("mark.held says 已同步"));
    assert!(
        refused("\"say\": \"mark.held\"", "\"say\": \"mark.hold\"").contains("there is no term mark.hold")
    );
    let [_, (_, kotlin), (_, swift)] = terms::generate(&table).unwrap();
    assert!(
        kotlin
            .contains("val markHeld = Term(\"平台已收\", \"held\", icon = \"shield_check\", tone = \"ok\")")
    );
    assert!(swift.contains("static let roleInspector = Term(zh: \"巡查员\", en: \"inspector\")"));
}

/// A number with a unit of length, or a colour, that a screen writes beside the tokens.
fn written_by_hand(line: &str) -> bool {
    let digit =
        |at: usize| line.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
    let sized = [".dp", ".sp"].iter().any(|unit| line.match_indices(unit).any(|(at, _)| digit(at)));
    sized || line.contains("Color(0x") || line.contains("Color.")
}

#[test]
fn no_screen_writes_a_colour_or_a_size_beside_the_tokens() {
    let screens = Ground::find().unwrap().path("android/ui/src/main/kotlin/org/xuncha/ui");
    let mut found = Vec::new();
    for file in std::fs::read_dir(screens).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let by_hand = |line: &&str| !line.starts_with("import ") && written_by_hand(line);
        if name != "Tokens.kt" {
            found.extend(text.lines().filter(by_hand).map(|line| format!("{name}: {}", line.trim())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(written_by_hand("Modifier.size(22.dp)") && !written_by_hand("Modifier.size(Dimens.icon)"));
}
