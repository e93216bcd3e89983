//! Writing CSV cells.

/// A cell as RFC 4180 has it: quoted where it must be, quotes doubled.
pub(crate) fn cell(text: &str, out: &mut String) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        *out += &text.replace('"', "\"\"");
        out.push('"');
    } else {
        *out += text;
    }
}
