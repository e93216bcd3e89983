use xuncha_forms::{Form, FormError, Limits, NoExternals};

use super::*;

const ODK: &str = "http://www.opendatakit.org/xforms";
const ENTITIES: &str = "http://www.opendatakit.org/xforms/entities";

/// A form with these attributes at its model, this in it, and this formula.
fn form(attributes: &str, model: &str, formula: &str) -> String {
    format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="{ODK}" xmlns:entities="{ENTITIES}">
<h:head><h:title>表</h:title><model {attributes}>
<instance><data id="f" version="1"><a/><b/><r><c/></r><meta><instanceID/></meta></data></instance>
<instance id="list"><root><item><name>n</name></item></root></instance>
<bind nodeset="/data/b" calculate="{}"/>{model}</model></h:head>
<h:body><input ref="/data/a"><label>甲</label></input>
<repeat nodeset="/data/r"><input ref="/data/r/c"><label>丙</label></input></repeat></h:body></h:html>"#,
        formula.replace('<', "&lt;")
    )
}

fn refusal(xml: &str) -> AppError {
    let refused = Form::compile(xml.as_bytes(), &NoExternals, &Limits::default());
    crate::fill::form::form_error(&refused.err().unwrap_or(FormError::NotAForm { missing: "a refusal" }))
}

#[test]
fn whatever_the_engine_refuses_a_form_for_has_words() {
    let in_formula = |formula: &str| refusal(&form("", "", formula));
    let ways = format!("//*{}", "/../*".repeat(10));
    let cases = [
        (in_formula("gone()"), "函数gone()", "the function gone()"),
        (
            in_formula("jr:choice-name('a', concat('/data', '/a'))"),
            "函数jr:choice-name()",
            "jr:choice-name()",
        ),
        (in_formula("/data/a/following::b"), "公式里的following轴", "the axis following"),
        (in_formula("./text()[1]"), "公式里“.”后面的条件", "a condition behind “.”"),
        (
            in_formula("/data/descendant::c[1]"),
            "公式里descendant轴上的条件",
            "a condition on the axis descendant",
        ),
        (in_formula("instance('list')/root/item/@*"), "公式里对选项表用的这种通配符", "such a wildcard"),
        (in_formula(&format!("count({ways})")), "岔路太多的公式", "so many ways"),
        (refusal(&form("", r#"<send ref="/data/a" event="xforms-ready"/>"#, "1")), "动作<send>", "<send>"),
        (
            refusal(&form("", r#"<setvalue ref="/data/a" event="focus-in"/>"#, "1")),
            "由事件focus-in触发的动作<setvalue>",
            "an event focus-in here, for the action <setvalue>",
        ),
        (
            refusal(&form(r#"entities:entities-version="2099.1.0""#, "", "1")),
            "实体规范第2099.1.0版",
            "version 2099.1.0 of the entities specification",
        ),
    ];
    let wordless = cases.into_iter().filter(|(error, zh, en)| {
        let unsupported = matches!(error, AppError::Unsupported { .. });
        !unsupported || !error.sentence("zh").contains(zh) || !error.sentence("en").contains(en)
    });
    assert_eq!(wordless.collect::<Vec<_>>(), []);
}

#[test]
fn what_phones_do_not_do_yet_has_words() {
    for (feature, zh, en) in [
        ("base64RsaPublicKey", "加密提交", "encrypted submission"),
        ("odk:recordaudio", "后台录音", "recording sound"),
    ] {
        let error = AppError::Unsupported { feature: feature.into(), place: String::new() };
        assert!(error.sentence("zh").contains(zh) && error.sentence("en").contains(en));
        assert!(!error.sentence("zh").contains(feature) && !error.sentence("en").contains(feature));
    }
    // A newer engine's own feature has no words yet: its name still says nothing to a person.
    let newer = AppError::Unsupported { feature: "odk:teleport".into(), place: String::new() };
    assert!(newer.sentence("zh").contains("一项新功能") && newer.sentence("en").contains("a newer feature"));
}

#[test]
fn what_is_not_there_is_called_by_its_name() {
    let missing = |what: &str| AppError::NotFound { what: what.into(), id: "x".into() };
    assert!(missing("case").sentence("zh").contains("（案卷）"));
    assert!(missing("refused op").sentence("zh").contains("（未采纳的内容）"));
    assert!(missing("case").sentence("en").contains("(case)"));
    assert!(missing("tomorrow's thing").sentence("zh").contains("（内容）"));
}
