//! Node-sets: walking steps and applying predicates.

use super::*;
use crate::secondary::{Hits, Wanted};
use crate::xpath::expr::{CellIs, CellTest, Nodes, Plain, Single, Steps, Walk};

impl<'a> Eval<'a> {
    fn start(&self, start: &'a Start, here: &Here) -> Vec<Item> {
        let up = |node: NodeId, levels: u16| self.state.climb(node, levels).map(Item::Answer);
        match start {
            Start::Up(levels) => match here.item {
                Item::Answer(node) => up(node, *levels).into_iter().collect(),
                _ => Vec::new(),
            },
            Start::CurrentUp(levels) => up(here.current, *levels).into_iter().collect(),
            Start::Instance(instance) => vec![Item::Document(*instance)],
            Start::Here => vec![here.item],
            Start::Value(inner) => self.set(inner, here),
            Start::Nowhere => Vec::new(),
        }
    }

    /// The node of an expression that names one, the usual case; the outer `None` when it does not.
    pub(super) fn one(&self, expr: &'a Expr, here: &Here) -> Option<Option<NodeId>> {
        match expr {
            Expr::Single(single) => Some(self.leaf(single, here)),
            Expr::Nodes(nodes) => self.single(nodes, here),
            _ => None,
        }
    }

    /// The same for a plain path, of which only the answers say whether it leads to one node.
    fn single(&self, nodes: &'a Nodes, here: &Here) -> Option<Option<NodeId>> {
        let Steps::Plain(plain) = &nodes.steps else { return None };
        let at = match (&nodes.start, here.item) {
            (Start::Up(levels), Item::Answer(node)) => self.state.climb(node, *levels),
            (Start::CurrentUp(levels), _) => self.state.climb(here.current, *levels),
            _ => return None,
        };
        let at = self.down(at?, plain);
        let node = self.state.node(at?)?;
        // A group's text is that of all below it.
        if !node.kids.is_empty() {
            return None;
        }
        Some(at.filter(|_| node.relevant))
    }

    /// The node at the end of a few slots; none where one of them has several.
    fn down(&self, from: NodeId, plain: &Plain) -> Option<NodeId> {
        let mut at = from;
        for slot in plain.slots() {
            match self.state.node(at)?.kids.get(*slot as usize) {
                Some(Kid::One(kid)) => at = *kid,
                _ => return None,
            }
        }
        Some(at)
    }

    /// The node of a path that was known to be single; none where it is hidden.
    pub(super) fn leaf(&self, single: &Single, here: &Here) -> Option<NodeId> {
        let from = match (single.from_current, here.item) {
            (true, _) => here.current,
            (false, Item::Answer(node)) => node,
            (false, _) => return None,
        };
        let at = self.down(self.state.climb(from, single.up)?, &single.down)?;
        self.state.relevant(at).then_some(at)
    }

    /// The node that a path of nothing but `.` and `..` names, shown or not.
    pub(crate) fn around(&self, nodes: &Nodes, here: &Here) -> Option<NodeId> {
        match (&nodes.start, here.item) {
            _ if !nodes.steps.is_empty() => None,
            (Start::Up(levels), Item::Answer(node)) => self.state.climb(node, *levels),
            (Start::CurrentUp(levels), _) => self.state.climb(here.current, *levels),
            _ => None,
        }
    }

    pub(crate) fn nodes(&self, nodes: &'a Nodes, here: &Here) -> Vec<Item> {
        let mut items = self.start(&nodes.start, here);
        if matches!(nodes.start, Start::Up(_) | Start::CurrentUp(_)) && nodes.steps.is_empty() {
            items.retain(|item| matches!(item, Item::Answer(id) if self.state.relevant(*id)));
        }
        let walks = match &nodes.steps {
            Steps::Walks(walks) => walks,
            Steps::Plain(plain) => {
                for slot in plain.slots() {
                    let mut next = Vec::new();
                    items.into_iter().for_each(|item| self.step(item, To::Slot(*slot), &mut next));
                    items = self.within_work(next);
                }
                return items;
            }
        };
        for (at, step) in walks.iter().enumerate() {
            if let (To::Stay, true) = (&step.to, at == 0 && matches!(nodes.start, Start::Value(_))) {
                // Predicates on an expression's whole set: `(a | b)[2]`.
                items = self.filtered(items, &step.predicates, here);
                continue;
            }
            if let Some(found) = self.placed(&items, step, here).or_else(|| self.indexed(&items, step, here))
            {
                items = found;
                continue;
            }
            let several = items.len() > 1;
            let mut next: Vec<Item> = Vec::new();
            for item in items {
                let mut found = Vec::new();
                self.step(item, step.to, &mut found);
                found = self.within_work(found);
                if !step.predicates.is_empty() {
                    found = self.filtered(found, &step.predicates, here);
                }
                if several {
                    next.append(&mut found);
                } else {
                    next = found;
                }
            }
            if several && matches!(step.to, To::Parent | To::Below) {
                next = self.in_order(next);
            }
            items = next;
        }
        items
    }

    /// Nodes that were found, or none where no more may be done.
    fn within_work(&self, found: Vec<Item>) -> Vec<Item> {
        if found.len() <= 1 || self.state.work.evaluate(found.len()) { found } else { Vec::new() }
    }

    fn step(&self, item: Item, to: To, out: &mut Vec<Item>) {
        match (item, to) {
            (_, To::Nothing) => {}
            (_, To::Stay) => out.push(item),
            (Item::Answer(node), To::Slot(slot)) => {
                let kids = self.state.slot(node, slot).iter();
                out.extend(kids.filter(|kid| self.state.relevant(**kid)).map(|kid| Item::Answer(*kid)));
            }
            (Item::Answer(node), To::Named(_) | To::Attribute(_) | To::AnyElement) => {
                let Some(def) = self.state.node(node).and_then(|node| self.form.def(node.def)) else {
                    return;
                };
                for child in &def.children {
                    let Some(child) = self.form.def(*child) else { continue };
                    let fits = match to {
                        To::Named(name) => !child.attribute && child.local == name,
                        To::Attribute(name) => child.attribute && child.local == name,
                        _ => !child.attribute,
                    };
                    if fits {
                        self.step(item, To::Slot(child.slot), out);
                    }
                }
            }
            (Item::Answer(node), To::Parent) => out.extend(self.state.parent(node).map(Item::Answer)),
            (Item::Answer(node), To::Below) => {
                let mut all = Vec::new();
                self.state.subtree(node, &mut all);
                out.extend(all.into_iter().filter(|node| self.state.relevant(*node)).map(Item::Answer));
            }
            (Item::Document(instance), _) => {
                let Some(tree) = self.form.secondary.get(instance as usize).map(|one| &one.tree) else {
                    return;
                };
                let Some(root) = tree.root() else { return };
                match to {
                    To::Named(name) if tree.local(root) == Some(name) => out.push(Item::Row(instance, root)),
                    To::AnyElement => out.push(Item::Row(instance, root)),
                    To::Below => {
                        out.push(item);
                        self.below(instance, root, out);
                    }
                    _ => {}
                }
            }
            (Item::Row(instance, id), to) => {
                let Some(tree) = self.form.secondary.get(instance as usize).map(|one| &one.tree) else {
                    return;
                };
                match to {
                    To::Named(name) => {
                        out.extend(tree.named(id, name).map(|child| Item::Row(instance, child)))
                    }
                    To::Attribute(name) => {
                        out.extend(tree.attribute(id, name).map(|found| Item::Row(instance, found)))
                    }
                    To::AnyElement => out.extend(tree.elements(id).map(|child| Item::Row(instance, child))),
                    To::Parent => out
                        .push(tree.parent(id).map_or(Item::Document(instance), |id| Item::Row(instance, id))),
                    To::Below => self.below(instance, id, out),
                    _ => {}
                }
            }
        }
    }

    fn below(&self, instance: u16, id: XmlId, out: &mut Vec<Item>) {
        out.push(Item::Row(instance, id));
        if let Some(one) = self.form.secondary.get(instance as usize) {
            for child in one.tree.elements(id) {
                self.below(instance, child, out);
            }
        }
    }

    fn filtered(&self, items: Vec<Item>, predicates: &'a [Predicate], here: &Here) -> Vec<Item> {
        let mut items = items;
        for predicate in predicates {
            items = self.one_filter(items, predicate, here);
        }
        items
    }

    /// The place, from 0, that a predicate by position asks for.
    fn asked(&self, predicate: &'a Predicate, here: &Here) -> Option<usize> {
        match predicate {
            Predicate::Nth(number) => position(*number),
            Predicate::At(expr) => position(self.number(expr, here)),
            _ => None,
        }
    }

    /// Instances of a repeat that are asked for by position, without a look at the others.
    fn placed(&self, items: &[Item], step: &'a Walk, here: &Here) -> Option<Vec<Item>> {
        let ([Item::Answer(parent)], To::Slot(slot)) = (items, &step.to) else { return None };
        let (first, rest) = step.predicates.split_first()?;
        let found: Vec<Item> = match first {
            Predicate::Nth(_) | Predicate::At(_) => {
                let place = self.asked(first, here)?;
                self.state.shown_at(*parent, *slot, place).map(Item::Answer).into_iter().collect()
            }
            Predicate::First(bound, inclusive) => {
                let count = first_count(self.number(bound, here), *inclusive);
                let instances = self.state.slot(*parent, *slot).iter();
                let instances = instances.take_while(|_| self.state.work.evaluate(1));
                let shown = instances.filter(|id| self.state.relevant(**id));
                shown.take(count).map(|id| Item::Answer(*id)).collect()
            }
            _ => return None,
        };
        Some(self.filtered(found, rest, here))
    }

    fn one_filter(&self, items: Vec<Item>, predicate: &'a Predicate, here: &Here) -> Vec<Item> {
        match predicate {
            Predicate::Nth(_) | Predicate::At(_) => {
                let place = self.asked(predicate, here);
                place.and_then(|place| items.get(place).copied()).into_iter().collect()
            }
            Predicate::First(bound, inclusive) => {
                let mut items = items;
                items.truncate(first_count(self.number(bound, here), *inclusive));
                items
            }
            Predicate::Cell(is) => {
                let CellIs { column, test, value, .. } = &**is;
                let value = self.value(value, here);
                let text = self.wanted_text(&value);
                let wanted = self.wanted(*test, &value, text.as_deref());
                let fits = |item: &Item| match (item, wanted) {
                    (Item::Row(instance, id), Some(wanted)) => self.row_fits(*instance, *id, *column, wanted),
                    _ => self.cell_fits(*item, *column, *test, &value),
                };
                items.into_iter().filter(fits).collect()
            }
            Predicate::Test(expr) => {
                let size = items.len();
                let mut position = 0;
                let passes = |item: &Item| {
                    position += 1;
                    let inner = Here { item: *item, current: here.current, position, size };
                    match self.value(expr, &inner) {
                        #[allow(clippy::cast_precision_loss, reason = "no set has 2^53 nodes")]
                        Value::Number(number) => number == position as f64,
                        other => self.to_bool(&other),
                    }
                };
                items.into_iter().filter(passes).collect()
            }
        }
    }

    fn cell_fits(&self, item: Item, column: Sym, test: CellTest, value: &Value<'a>) -> bool {
        let mut cells = Vec::new();
        self.step(item, To::Named(column), &mut cells);
        match test {
            CellTest::Compare(operator) => self.compare(operator, &Value::Nodes(cells), value),
            CellTest::Start => {
                let start = self.to_text(value.clone());
                self.to_text(Value::Nodes(cells)).starts_with(&*start)
            }
        }
    }

    /// The text of a value that is one text.
    fn wanted_text(&self, value: &Value<'a>) -> Option<Cow<'a, str>> {
        match value {
            Value::Text(text) => Some(text.clone()),
            Value::Nodes(nodes) if nodes.len() <= 1 => Some(self.to_text(value.clone())),
            _ => None,
        }
    }

    /// What a test of cells asks for, where it can be said before the cells are seen. Rows without the
    /// column compare as empty, so that an empty text is not such a thing.
    fn wanted<'t>(&self, test: CellTest, value: &Value<'a>, text: Option<&'t str>) -> Option<Wanted<'t>> {
        let number = || match (value, text) {
            (Value::Number(number), _) => Some(*number),
            (_, Some(text)) => Some(self.text_number(text)),
            _ => None,
        };
        match (test, value) {
            (CellTest::Start, _) => text.filter(|text| !text.is_empty()).map(Wanted::Start),
            (CellTest::Compare(Operator::Equal), Value::Number(number)) => Some(Wanted::Number(*number)),
            (CellTest::Compare(Operator::Equal), _) => text.filter(|text| !text.is_empty()).map(Wanted::Text),
            (CellTest::Compare(Operator::Less), _) => Some(Wanted::Below(number()?, false)),
            (CellTest::Compare(Operator::LessOrEqual), _) => Some(Wanted::Below(number()?, true)),
            (CellTest::Compare(Operator::Greater), _) => Some(Wanted::Above(number()?, false)),
            (CellTest::Compare(Operator::GreaterOrEqual), _) => Some(Wanted::Above(number()?, true)),
            (CellTest::Compare(_), _) => None,
        }
    }

    fn row_fits(&self, instance: u16, row: XmlId, column: Sym, wanted: Wanted<'_>) -> bool {
        let Some(one) = self.form.secondary.get(instance as usize) else { return false };
        let mut cells = one.tree.named(row, column);
        match wanted {
            Wanted::Text(text) => cells.any(|cell| one.tree.string(cell) == text),
            Wanted::Start(start) => cells.next().is_some_and(|cell| one.tree.string(cell).starts_with(start)),
            wanted => cells.any(|cell| wanted.takes(self.text_number(&one.tree.string(cell)))),
        }
    }

    /// The text of a row's cell, the usual value of a choice; the outer `None` when the path is another.
    pub(super) fn cell(&self, nodes: &'a Nodes, here: &Here) -> Option<Cow<'a, str>> {
        let (Some(name), Item::Row(instance, row)) = (nodes.column(), here.item) else { return None };
        let tree = &self.form.secondary.get(instance as usize)?.tree;
        let found = tree.named(row, name).next();
        Some(found.map_or(Cow::Borrowed(""), |cell| tree.string(cell)))
    }

    /// Rows by the index of the column that leaves fewest, then the other predicates; none where no
    /// index serves.
    fn indexed(&self, items: &[Item], step: &'a Walk, here: &Here) -> Option<Vec<Item>> {
        let ([Item::Document(instance) | Item::Row(instance, _)], false) =
            (items, step.predicates.is_empty())
        else {
            return None;
        };
        let mut best: Option<(usize, Hits<'a>)> = None;
        for (at, predicate) in step.predicates.iter().enumerate() {
            let Predicate::Cell(is) = predicate else { continue };
            let CellIs { test, value, index: Some(index), .. } = &**is else { continue };
            let value = self.value(value, here);
            let text = self.wanted_text(&value);
            let Some(wanted) = self.wanted(*test, &value, text.as_deref()) else { continue };
            let index = self.form.indexes.get(*index as usize)?;
            let Some(hits) = index.hits(&self.form.secondary, wanted) else { continue };
            if best.is_none_or(|(_, known)| hits.len() < known.len()) {
                best = Some((at, hits));
            }
        }
        let (by, hits) = best?;
        if !self.state.work.evaluate(hits.len()) {
            return Some(Vec::new());
        }
        let mut found: Vec<Item> = hits.rows().into_iter().map(|row| Item::Row(*instance, row)).collect();
        for (at, predicate) in step.predicates.iter().enumerate() {
            if at != by {
                found = self.one_filter(found, predicate, here);
            }
        }
        Some(found)
    }
}

/// A position of XPath as a place from 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked; saturates")]
fn position(number: f64) -> Option<usize> {
    (number.fract() == 0.0 && number >= 1.0).then(|| number as usize - 1)
}

/// How many positions are at most, or below, a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; NaN is 0")]
pub(super) fn first_count(bound: f64, inclusive: bool) -> usize {
    if inclusive { bound.floor() as usize } else { (bound.ceil() - 1.0) as usize }
}
