//! What stands in a row once its columns are understood: texts, and maps by language or attribute.

use std::rc::Rc;

/// A text, or a map of fields in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// One text.
    Text(String),
    /// By language (`label::中文 (zh)`), or by attribute (`bind::relevant`).
    Map(Fields),
}

/// Fields in order; a name stands once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fields(pub(crate) Vec<(Rc<str>, Field)>);

impl Field {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Map(_) => None,
        }
    }

    pub(crate) fn map(&self) -> Option<&Fields> {
        match self {
            Self::Text(_) => None,
            Self::Map(map) => Some(map),
        }
    }
}

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(key, _)| **key == *name).map(|(_, field)| field)
    }

    /// The text of a field that is one text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Field::text)
    }

    /// The text within a map, such as `bind` and `calculate`.
    pub(crate) fn inner(&self, name: &str, key: &str) -> Option<&str> {
        self.get(name)?.map()?.text(key)
    }

    pub(crate) fn set(&mut self, name: &str, field: Field) {
        match self.0.iter_mut().find(|(key, _)| **key == *name) {
            Some((_, place)) => *place = field,
            None => self.0.push((name.into(), field)),
        }
    }

    pub(crate) fn set_text(&mut self, name: &str, text: impl Into<String>) {
        self.set(name, Field::Text(text.into()));
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Field> {
        let at = self.0.iter().position(|(key, _)| **key == *name)?;
        Some(self.0.remove(at).1)
    }

    /// Bytes of all texts.
    pub(crate) fn size(&self) -> usize {
        let of = |field: &Field| match field {
            Field::Text(text) => text.len(),
            Field::Map(map) => map.size(),
        };
        self.0.iter().map(|(_, field)| of(field)).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.0.iter().map(|(key, field)| (&**key, field))
    }

    /// Lays a field over the one at a place. A column without a language beside columns with one counts as the
    /// default language's; the column of the default language wins over it.
    pub(crate) fn merge_at(&mut self, at: usize, field: Field, default_language: &str) {
        if let Some((_, place)) = self.0.get_mut(at) {
            let old = std::mem::replace(place, Field::Text(String::new()));
            *place = merge(old, field, default_language);
        }
    }
}

fn merge(a: Field, b: Field, default_language: &str) -> Field {
    match (a, b) {
        (Field::Text(a), b) if a.is_empty() => b,
        (a, Field::Text(b)) if b.is_empty() => a,
        // `label` and `label::…` of the default language; pyxform stops on these two.
        (Field::Text(_), Field::Text(b)) => Field::Text(b),
        (Field::Text(_), Field::Map(b)) if b.get(default_language).is_some() => Field::Map(b),
        (Field::Text(a), b) => {
            merge(Field::Map(Fields(vec![(default_language.into(), Field::Text(a))])), b, default_language)
        }
        (Field::Map(a), Field::Text(_)) if a.get(default_language).is_some() => Field::Map(a),
        (a, Field::Text(b)) => {
            merge(a, Field::Map(Fields(vec![(default_language.into(), Field::Text(b))])), default_language)
        }
        (Field::Map(mut a), Field::Map(b)) => {
            for (key, value) in b.0 {
                match a.0.iter().position(|(known, _)| *known == key) {
                    Some(at) => a.merge_at(at, value, default_language),
                    None => a.0.push((key, value)),
                }
            }
            Field::Map(a)
        }
    }
}
