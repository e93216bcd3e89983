use super::*;
use proptest::prelude::*;

fn read(source: &str) -> Result<Tree, FormError> {
    parse(source, &mut Names::default(), 50)
}

#[test]
fn text_with_references_and_cdata_is_one_text() {
    let tree = read("<a>x &lt; <![CDATA[y & z]]>&#x5DE1;<b>in</b>out</a>").unwrap();
    assert_eq!(tree.string(0), "x < y & z巡inout");
}

#[test]
fn places_count_lines_and_characters() {
    let error = read("<a>\n  <b>巡<c></b></a>").unwrap_err();
    let FormError::Xml { place, .. } = error else { panic!("{error}") };
    assert_eq!((place.line, place.column > 5), (2, true));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for bad in [
        "",
        "   ",
        "text",
        "<a>",
        "<a/><b/>",
        "<a></b>",
        "<a x='1' x='2'/>",
        "<p:a/>",
        "<a>&nope;</a>",
        "<a/>x",
    ] {
        assert!(matches!(read(bad), Err(FormError::Xml { .. })), "{bad:?}: {:?}", read(bad).err());
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
    assert!(matches!(read(bomb), Err(FormError::Doctype { .. })));
}

#[test]
fn depth_is_bounded() {
    let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
    assert!(matches!(read(&deep), Err(FormError::Limit { allowed: 50, .. })));
}

#[test]
fn an_extract_is_the_element_and_all_below_it() {
    let mut names = Names::default();
    let tree = parse("<a><b n='1'>x<c>y</c></b><d>z</d></a>", &mut names, 50).unwrap();
    let b = tree.elements(0).next().unwrap();
    let extract = tree.extract(b);
    assert_eq!(extract.string(0), "xy");
    assert_eq!(extract.attribute(0, &names, "n"), Some("1"));
    assert_eq!(extract.elements(0).count(), 1);
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(source in ".{0,200}") {
        let _ = read(&source);
    }
    #[test]
    fn tag_soup_never_panics(source in "[<>/a-c ='\"&;!\\[\\]:x#-]{0,120}") {
        let _ = read(&source);
    }
    #[test]
    fn written_text_comes_back(text in "[ -~巡查\n]{1,40}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let tree = read(&format!("<a>{escaped}</a>")).unwrap();
        prop_assert_eq!(tree.string(0).into_owned(), text);
    }
}
