//! How the cells of a row become fields, worked out once for a table: a row of a thousand languages finds the place of
//! each without looking at the others.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::field::{Field, Fields};

/// A word of a column's meaning.
#[derive(Debug, Clone)]
struct Step {
    word: Rc<str>,
    /// The number of the words up to here, which other columns may have in common.
    node: usize,
    /// Do cells stand at these words, and words of other columns below them? Then one is laid over the other.
    mixed: bool,
}

/// The columns of a table.
#[derive(Debug, Default)]
pub(super) struct Layout {
    columns: Vec<Vec<Step>>,
    default_language: String,
    met: RefCell<Met>,
}

/// Where the words were put that were met last.
#[derive(Debug, Default)]
struct Met {
    /// Counts rows.
    row: u64,
    /// For each number of words the row in which they were met last, and their place there.
    places: Vec<(u64, usize)>,
}

impl Met {
    /// The place of the words in this row; none if they are new, which are then at `next`.
    fn place(&mut self, node: usize, next: usize) -> Option<usize> {
        let row = self.row;
        let place = self.places.get_mut(node)?;
        if place.0 == row {
            return Some(place.1);
        }
        *place = (row, next);
        None
    }
}

/// The fields of a row that is being read.
pub(super) struct RowFields<'a> {
    layout: &'a Layout,
    fields: Fields,
}

impl Layout {
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a [String]>, default_language: &str) -> Self {
        let mut nodes: HashMap<(usize, &str), usize> = HashMap::new();
        let (mut ends, mut goes_on) = (vec![false], vec![false]);
        let mut columns: Vec<Vec<Step>> = Vec::new();
        for path in paths {
            let (mut above, mut steps) = (0, Vec::with_capacity(path.len()));
            for (nth, word) in path.iter().enumerate() {
                let node = *nodes.entry((above, word)).or_insert(ends.len());
                if node == ends.len() {
                    ends.push(false);
                    goes_on.push(false);
                }
                let of = if nth + 1 == path.len() { &mut ends } else { &mut goes_on };
                if let Some(is) = of.get_mut(node) {
                    *is = true;
                }
                steps.push(Step { word: Rc::from(word.as_str()), node, mixed: false });
                above = node;
            }
            columns.push(steps);
        }
        let is = |of: &[bool], node: usize| of.get(node).copied().unwrap_or_default();
        for step in columns.iter_mut().flatten() {
            step.mixed = is(&ends, step.node) && is(&goes_on, step.node);
        }
        let met = RefCell::new(Met { row: 0, places: vec![(0, 0); ends.len()] });
        Self { columns, default_language: default_language.to_owned(), met }
    }

    /// A row without fields.
    pub(super) fn row(&self) -> RowFields<'_> {
        self.met.borrow_mut().row += 1;
        RowFields { layout: self, fields: Fields::default() }
    }
}

impl RowFields<'_> {
    /// Puts a cell of a column.
    pub(super) fn put(&mut self, column: usize, text: String) {
        let mut met = self.layout.met.borrow_mut();
        let mut fields = &mut self.fields;
        let mut steps = self.layout.columns.get(column).map(Vec::as_slice).unwrap_or_default();
        let mut first = true;
        while let [step, rest @ ..] = steps {
            let Some(at) = met.place(step.node, fields.0.len()) else {
                // What is below is new, too, and stands alone.
                rest.iter().for_each(|below| _ = met.place(below.node, 0));
                fields.0.push((Rc::clone(&step.word), nested(rest, text)));
                return;
            };
            if step.mixed || rest.is_empty() {
                match (fields.0.get_mut(at), rest) {
                    (Some((_, field)), []) if first => *field = Field::Text(text),
                    // Only the default language may be there already, of the column without one.
                    (Some((_, Field::Map(map))), [last]) if *last.word != *self.layout.default_language => {
                        map.0.push((Rc::clone(&last.word), Field::Text(text)));
                    }
                    _ => fields.merge_at(at, nested(rest, text), &self.layout.default_language),
                }
                return;
            }
            let Some((_, Field::Map(below))) = fields.0.get_mut(at) else { return };
            (fields, steps, first) = (below, rest, false);
        }
    }

    pub(super) fn done(self) -> Fields {
        self.fields
    }
}

/// A text under words within each other.
fn nested(words: &[Step], text: String) -> Field {
    let under = |inner, step: &Step| Field::Map(Fields(vec![(Rc::clone(&step.word), inner)]));
    words.iter().rev().fold(Field::Text(text), under)
}
