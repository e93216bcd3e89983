//! GeoJSON as a secondary instance: each feature an `item` with its properties and a `geometry` in
//! ODK's notation (points of `lat lon 0 0`, semicolons between them).

use crate::xml::{Names, Rows, rows::Writer};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;

enum Json<'a> {
    Null,
    Bool(bool),
    /// As written: ids must not change by a round trip through floating point.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    fn get(&self, key: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
    fn text(&self) -> Option<&str> {
        match self {
            Json::Null | Json::List(_) | Json::Object(_) => None,
            Json::Bool(true) => Some("true"),
            Json::Bool(false) => Some("false"),
            Json::Number(text) => Some(text),
            Json::Text(text) => Some(text),
        }
    }
    fn list(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::List(list) => Some(list),
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }
    fn take(&mut self, c: char) -> bool {
        self.space();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
    fn word(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
    fn value(&mut self) -> Result<Json<'a>, String> {
        self.depth += 1;
        if self.depth > 64 {
            return Err("JSON nests too deep".to_owned());
        }
        self.space();
        let value = if self.take('{') {
            self.object()?
        } else if self.take('[') {
            let mut list = Vec::new();
            if !self.take(']') {
                loop {
                    list.push(self.value()?);
                    if self.take(']') {
                        break;
                    }
                    if !self.take(',') {
                        return Err("expected ',' or ']' in JSON".to_owned());
                    }
                }
            }
            Json::List(list)
        } else if self.rest.starts_with('"') {
            Json::Text(self.string()?)
        } else if self.word("true") {
            Json::Bool(true)
        } else if self.word("false") {
            Json::Bool(false)
        } else if self.word("null") {
            Json::Null
        } else {
            let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
            let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
            let (number, rest) = self.rest.split_at(end);
            if number.parse::<f64>().is_err() {
                return Err("expected a JSON value".to_owned());
            }
            self.rest = rest;
            Json::Number(number)
        };
        self.depth -= 1;
        Ok(value)
    }
    fn object(&mut self) -> Result<Json<'a>, String> {
        let mut pairs = Vec::new();
        if self.take('}') {
            return Ok(Json::Object(pairs));
        }
        loop {
            self.space();
            let key = self.string()?;
            if !self.take(':') {
                return Err("expected ':' in JSON".to_owned());
            }
            pairs.push((key, self.value()?));
            if self.take('}') {
                return Ok(Json::Object(pairs));
            }
            if !self.take(',') {
                return Err("expected ',' or '}' in JSON".to_owned());
            }
        }
    }
    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        let wrong = || "a JSON string that does not end".to_owned();
        let inside = self.rest.strip_prefix('"').ok_or("expected a JSON string")?;
        let end = inside.find(['"', '\\']).ok_or_else(wrong)?;
        let (plain, after) = inside.split_at(end);
        if let Some(rest) = after.strip_prefix('"') {
            self.rest = rest;
            return Ok(Cow::Borrowed(plain));
        }
        let mut characters = inside.chars();
        let mut out = String::new();
        loop {
            match characters.next().ok_or_else(wrong)? {
                '"' => break,
                '\\' => match characters.next().ok_or_else(wrong)? {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    'u' => {
                        let mut unit = || {
                            let hex: String = characters.by_ref().take(4).collect();
                            u16::from_str_radix(&hex, 16).map_err(|_| "a bad \\u in JSON".to_owned())
                        };
                        let first = unit()?;
                        let mut units = vec![first];
                        if (0xd800..0xdc00).contains(&first) {
                            let mut ahead = characters.clone();
                            if ahead.next() == Some('\\') && ahead.next() == Some('u') {
                                characters = ahead;
                                let hex: String = characters.by_ref().take(4).collect();
                                units.push(
                                    u16::from_str_radix(&hex, 16)
                                        .map_err(|_| "a bad \\u in JSON".to_owned())?,
                                );
                            }
                        }
                        out.extend(
                            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)),
                        );
                    }
                    other => out.push(other),
                },
                other => out.push(other),
            }
        }
        self.rest = characters.as_str();
        Ok(Cow::Owned(out))
    }
}

fn point(json: &Json<'_>) -> Option<String> {
    let [lon, lat, ..] = json.list()? else { return None };
    Some(format!("{} {} 0 0", lat.text()?, lon.text()?))
}

fn geometry(json: &Json<'_>) -> Result<String, String> {
    let kind = json.get("type").and_then(Json::text).unwrap_or_default();
    let at = json.get("coordinates").ok_or("a geometry without coordinates")?;
    let line = |list: &Json<'_>| Some(list.list()?.iter().map(point).collect::<Option<Vec<_>>>()?.join("; "));
    let text = match kind {
        "Point" => point(at),
        "LineString" => line(at),
        "Polygon" => at.list().and_then(<[Json<'_>]>::first).and_then(line),
        _ => return Err(format!("the geometry {kind} is not supported")),
    };
    text.ok_or_else(|| "coordinates that are none".to_owned())
}

/// Reads a feature collection.
pub(crate) fn read(text: &str, names: &mut Names) -> Result<Rows, String> {
    let mut reader = Reader { rest: text, depth: 0 };
    let json = reader.value()?;
    reader.space();
    if !reader.rest.is_empty() {
        return Err("text after the JSON value".to_owned());
    }
    if json.get("type").and_then(Json::text) != Some("FeatureCollection") {
        return Err("not a GeoJSON FeatureCollection".to_owned());
    }
    let features = json.get("features").and_then(Json::list).ok_or("a FeatureCollection without features")?;
    let (root, item) = (names.intern("root"), names.intern("item"));
    let mut rows = Writer::default();
    rows.open(root);
    for feature in features {
        rows.open(item);
        let mut cells: Vec<(&str, Cow<'_, str>)> = Vec::new();
        if let Some(place) = feature.get("geometry") {
            cells.push(("geometry", geometry(place)?.into()));
        }
        if let Some(id) = feature.get("id").and_then(Json::text) {
            cells.push(("id", id.into()));
        }
        if let Some(Json::Object(pairs)) = feature.get("properties") {
            cells.extend(pairs.iter().filter_map(|(name, value)| Some((&**name, value.text()?.into()))));
        }
        // Of two of a name the later one holds.
        let mut last = HashMap::new();
        last.extend(cells.iter().enumerate().map(|(at, (name, _))| (*name, at)));
        for (at, (name, value)) in cells.iter().enumerate() {
            if last.get(name) == Some(&at) {
                rows.leaf(names.intern(name), value);
            }
        }
        rows.close();
    }
    Ok(rows.finish())
}
