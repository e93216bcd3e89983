//! What every sentence about trouble must say: what happened, what is safe, what to do.

/// Words by which a sentence says that something is safe.
const SAFE: [&str; 9] =
    ["都在", "都还在", "完好", "没有丢", "保留", "不受影响", "照常使用", "没有做任何事", "在本机"];

/// Words by which it says what to do, or that nothing need be done.
const DO: [&str; 13] =
    ["请", "再试", "再传", "再拍", "再导入", "重新", "自动", "可以", "改用", "腾出", "打开", "告诉", "更新"];

/// Fails unless the Chinese sentence has the three parts, in an order that begins with what happened.
pub(crate) fn has_three_parts(zh: &str) {
    let clauses: Vec<&str> =
        zh.split(['。', '，', '；', '：', '\n']).filter(|clause| !clause.is_empty()).collect();
    let says =
        |words: &[&str]| clauses.iter().position(|clause| words.iter().any(|word| clause.contains(word)));
    let what = clauses.first().is_some_and(|clause| !clause.is_ascii() && clause.chars().count() >= 4);
    assert!(what, "it does not begin with what happened: {zh}");
    let (safe, to_do) = (says(&SAFE), says(&DO));
    assert!(safe.is_some_and(|at| at > 0), "it does not say what is safe: {zh}");
    assert!(to_do.is_some_and(|at| at > 0), "it does not say what to do: {zh}");
    assert!(zh.ends_with('。') || zh.ends_with('）'), "it has no end: {zh}");
}
