use super::*;
use proptest::prelude::*;

fn again(source: &str) -> String {
    parse(source, 50).unwrap_or_else(|error| panic!("{source}: {error}")).to_string()
}

#[test]
fn what_forms_write_prints_as_it_was() {
    for source in [
        "/data/a + 1",
        "selected(../topics, 'fire') and not(. = '')",
        "instance('cities')/root/item[country = current()/../country and name != '']/label",
        "-2 * (3 - 1) div 4 mod 5",
        "jr:choice-name(/data/x, '/data/x')",
        "../@id | /data/*/b[position() < last()]",
        "div div mod or and",
        "if(a, \"it's\", 'x')",
        "/",
        "(a | b)[2]/c",
    ] {
        assert_eq!(again(source), source);
    }
}

#[test]
fn a_star_is_a_name_or_an_operator_by_what_stands_before() {
    assert_eq!(again("*[* * *]"), "*[* * *]");
    assert_eq!(again("2*3"), "2 * 3");
}

#[test]
fn errors_say_where() {
    for (source, offset) in
        [("", 0), ("1 +", 3), ("a b", 2), ("'open", 0), ("f(1,", 4), ("a[1", 3), ("#", 0), ("foo::a", 0)]
    {
        assert_eq!(parse(source, 50).unwrap_err().offset, offset, "{source}");
    }
}

#[test]
fn depth_is_bounded_and_long_chains_are_flat() {
    assert!(parse(&("(".repeat(5_000) + "1" + &")".repeat(5_000)), 50).is_err());
    assert!(parse(&"-".repeat(5_000), 50).is_err());
    let long = "1".to_owned() + &" + 1".repeat(5_000);
    assert!(matches!(parse(&long, 50).unwrap(), Ast::Chain(_, rest) if rest.len() == 5_000));
}

fn name() -> impl Strategy<Value = Name> {
    "[a-z][a-z0-9_.-]{0,4}"
        .prop_filter("operator and node test names print the same, keep it simple", |n| {
            !matches!(n.as_str(), "and" | "or" | "div" | "mod" | "node" | "text")
        })
        .prop_map(|local| Name { prefix: String::new(), local })
}

fn tree() -> impl Strategy<Value = Ast> {
    let leaf = prop_oneof![
        (0u32..9999).prop_map(|n| Ast::Number(f64::from(n) / 4.0)),
        "[a-z '巡]{0,5}".prop_map(Ast::Literal),
        (any::<bool>(), name()).prop_map(|(absolute, name)| Ast::Path {
            absolute,
            steps: vec![Step { axis: Axis::Child, test: Test::Name(name), predicates: vec![] }],
        }),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let operators = prop_oneof![
            Just(Operator::Or),
            Just(Operator::And),
            Just(Operator::Equal),
            Just(Operator::Less),
            Just(Operator::Subtract),
            Just(Operator::Modulo),
            Just(Operator::Union)
        ];
        prop_oneof![
            (inner.clone(), operators, inner.clone())
                .prop_filter("a chain's first is no chain of its level", |(left, op, _)| left
                    .level_is_not(*op))
                .prop_map(|(left, op, right)| Ast::Chain(Box::new(left), vec![(op, right)])),
            inner.clone().prop_map(|inner| Ast::Negate(Box::new(inner))),
            (name(), prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(name, arguments)| Ast::Call { name, arguments }),
            (name(), inner.clone()).prop_map(|(name, predicate)| Ast::Path {
                absolute: false,
                steps: vec![
                    Step { axis: Axis::Parent, test: Test::Node, predicates: vec![] },
                    Step { axis: Axis::Child, test: Test::Name(name), predicates: vec![predicate] }
                ],
            }),
        ]
    })
}

impl Ast {
    fn level_is_not(&self, operator: Operator) -> bool {
        !matches!(self, Ast::Chain(_, rest) if rest.iter().any(|(own, _)| own.level() == operator.level()))
    }
}

#[test]
fn the_root_by_itself_prints_so_that_it_stays_by_itself() {
    for source in ["/daTo div (/)  div (/rs div Q) +1+1", "-(/) mod 2", "(/) | a", "(/) and b"] {
        let tree = parse(source, 50).unwrap();
        assert_eq!(parse(&tree.to_string(), 50).unwrap(), tree, "{tree}");
    }
}

proptest! {
    #[test]
    fn a_tree_prints_to_xpath_that_parses_to_it(tree in tree()) {
        let printed = tree.to_string();
        prop_assert_eq!(parse(&printed, 200).map_err(|e| format!("{printed}: {e}")), Ok(tree));
    }
    #[test]
    fn arbitrary_text_never_panics(source in ".{0,100}") {
        let _ = parse(&source, 50);
    }
    #[test]
    fn symbol_soup_never_panics(source in "[a-b0-9 ()\\[\\]/@.,:*|+<>=!'\"-]{0,80}") {
        if let Ok(tree) = parse(&source, 50) {
            prop_assert!(parse(&tree.to_string(), 100).is_ok(), "{}", tree);
        }
    }
}
