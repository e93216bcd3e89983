use super::paths;

fn found(text: &str) -> Vec<&str> {
    paths(text).filter_map(|(start, end)| text.get(start..end)).collect()
}

#[test]
fn a_path_ends_at_a_blank_or_mark_outside_its_predicates() {
    let path = "instance('l')/root/item[name = ${a} and x != ')]' ]/label";
    assert_eq!(found(&format!("You chose {path}.")), [path]);
    assert_eq!(found(&format!("选了{path}。然后（{path}）")), [path, path]);
    assert_eq!(found(&format!("({path}) and {path}")), [path, path]);
}

#[test]
fn what_is_no_path_stays_text() {
    for text in [
        "instance('l')",
        "instance(l)/root",
        "instance('l",
        "my-instance('l')/root",
        "instance('l')/root[",
        "instance(",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}
