use super::*;

#[test]
fn columns_are_lettered_as_excel_does() {
    let letters = |index| Column { index, header: String::new() }.letters();
    assert_eq!(
        [letters(0), letters(25), letters(26), letters(701), letters(702)],
        ["A", "Z", "AA", "ZZ", "AAA"]
    );
}

#[test]
fn the_nearest_word_is_guessed_only_when_near() {
    let known = ["integer", "decimal", "select_one"];
    assert_eq!(nearest("interger", known).as_deref(), Some("integer"));
    assert_eq!(nearest("photo", known), None);
    assert_eq!(nearest("imgae", ["image"]).as_deref(), Some("image"));
    assert_eq!(nearest("lable", ["label", "table"]).as_deref(), Some("label"));
    assert_eq!(nearest("a", ["b"]), None);
}
