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
        "<a>< /></a>",
        "<a><></></a>",
        "<a><1/></a>",
        "<a><b c:d:e='1'/></a>",
        "<a 1='x'/>",
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
fn what_is_taken_aside_leaves_no_trace_in_the_tree() {
    struct Taker(Vec<String>);
    impl Aside for Taker {
        fn content(&mut self, tree: &Tree, id: XmlId, depth: usize) -> Content {
            match (depth, tree.local(id).map(|name| name.0)) {
                (2, Some(1)) => Content::Piece,
                (2, Some(2)) => Content::Rows,
                _ => Content::Stays,
            }
        }
        fn rows(&mut self, id: XmlId, rows: Rows) {
            self.0.push(format!("{id}: {}", rows.string(0)));
        }
        fn piece(&mut self, tree: &Tree, id: XmlId) -> bool {
            self.0.push(tree.string(id).into_owned());
            tree.attribute(id, &Names::default(), "").is_none() && tree.elements(id).next().is_none()
        }
    }
    let mut names = Names::default();
    let [p, r] = ["p", "r"].map(|name| names.intern(name));
    assert_eq!((p.0, r.0), (1, 2));
    let source = "<a>\n<p>x</p>\n<p>y<k/></p>\n<p/>\n<r><i>1</i><i>2</i></r><p>z</p>\n<b n='1'>w</b></a>";
    let mut taker = Taker(Vec::new());
    let tree = parse_aside(source, &mut names, 50, &mut taker).unwrap();
    assert_eq!(taker.0, ["x", "y", "", "6: 1", "z"]);
    let left: Vec<_> = tree.elements(0).map(|id| names.name(tree.local(id).unwrap()).to_owned()).collect();
    assert_eq!(left, ["p", "r", "b"]);
    assert_eq!(tree.string(0), "\ny\n\nw");
    let b = tree.elements(0).last().unwrap();
    assert_eq!((tree.attribute(b, &names, "n"), tree.string(b).as_ref()), (Some("1"), "w"));
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
