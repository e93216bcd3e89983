//! Location paths resolved against the definitions of the primary instance, or kept as names for
//! secondary ones.
//!
//! An absolute path that runs through repeats around its reader means the reader's own instances
//! (`/data/r/a` read in `/data/r/b`), unless a predicate says otherwise or the repeat itself is asked for.

use super::super::ast::{Ast, Axis, Name, Step, Test};
use super::super::functions::Function;
use super::compile::{Compiler, Context, Refusal};
use super::ways::Way;
use super::*;
use crate::form::ROOT;

impl Compiler<'_> {
    /// Where relative paths start: the definitions down to there.
    fn base(&self) -> Option<Vec<DefId>> {
        match self.context {
            Context::Own => Some(self.lineage(self.own)),
            Context::Candidate(def) => Some(self.lineage(def)),
            Context::Foreign => None,
        }
    }

    /// The one definition that a path leads to.
    pub(crate) fn target(&mut self, absolute: bool, steps: &[Step]) -> Result<Option<DefId>, Refusal> {
        let start = if absolute { Vec::new() } else { self.base().unwrap_or_default() };
        let ways = self.ways(start, steps)?;
        Ok(ways.first().and_then(|way| way.links.last()).map(|link| link.def))
    }

    /// What an attribute of the form's root says, such as `/data/@version`: no answer, and never another.
    fn of_the_form(&self, absolute: bool, steps: &[Step]) -> Result<Option<Expr>, Refusal> {
        let Some((Step { axis: Axis::Attribute, test: Test::Name(name), predicates }, before)) =
            steps.split_last()
        else {
            return Ok(None);
        };
        let start = match self.base() {
            _ if absolute => Vec::new(),
            Some(start) => start,
            None => return Ok(None),
        };
        let ways = self.ways(start, before)?;
        let of_root = predicates.is_empty()
            && matches!(ways.as_slice(), [way] if way.links.last().is_some_and(|link| link.def == ROOT));
        let mut named = self.scope.root_attributes.iter().filter(|_| of_root);
        let found = named.find(|one| one.local == name.local && one.prefix == name.prefix);
        Ok(found.map(|one| Expr::Text(one.value.as_str().into())))
    }

    pub(super) fn path(&mut self, absolute: bool, steps: &[Step]) -> Result<Expr, Refusal> {
        if let Some(value) = self.of_the_form(absolute, steps)? {
            return Ok(value);
        }
        let narrowed =
            |step: &Step| !step.predicates.is_empty() && matches!(step.axis, Axis::SelfNode | Axis::Parent);
        if self.context != Context::Foreign
            && let Some(at) = steps.iter().position(narrowed)
        {
            return self.narrowed(absolute, steps, at);
        }
        if absolute {
            let ways = self.ways(Vec::new(), steps)?;
            return self.sets(ways, self.nested, self.own, true, steps);
        }
        let Some(start) = self.base() else {
            let steps = self.foreign(steps, None)?;
            return Ok(Expr::nodes(Start::Here, steps));
        };
        let reader = start.last().copied().unwrap_or(ROOT);
        let ways = self.ways(start, steps)?;
        self.sets(ways, false, reader, false, steps)
    }

    /// A path with a predicate on the step at `at`, a `.` or `..`: the nodes up to there, those that pass,
    /// and the rest of the path from each.
    fn narrowed(&mut self, absolute: bool, steps: &[Step], at: usize) -> Result<Expr, Refusal> {
        let plain = |steps: &[Step]| -> Vec<Step> {
            steps.iter().map(|step| Step { predicates: Vec::new(), ..step.clone() }).collect()
        };
        let (before, rest) = steps.split_at(at);
        let (Some(step), after) = (rest.first(), rest.get(1..).unwrap_or(&[])) else {
            return Err(Refusal::Invalid("a path without steps".to_owned()));
        };
        // What the whole path may read, whatever passes.
        self.path(absolute, &plain(steps))?;
        let mut base = before.to_vec();
        base.push(Step { predicates: Vec::new(), ..step.clone() });
        let target = self.target(absolute, &plain(&base))?;
        let base = self.path(absolute, &base)?;
        let Some(target) = target else { return Ok(base) };
        let predicates = self.predicates(&step.predicates, Context::Candidate(target), None, None)?;
        let mut walks = vec![Walk { to: To::Stay, predicates: predicates.into() }];
        walks.extend(self.foreign(after, None)?);
        Ok(Expr::nodes(Start::Value(Box::new(base)), walks))
    }

    fn sets(
        &mut self,
        mut ways: Vec<Way<'_>>,
        from_current: bool,
        reader: DefId,
        absolute: bool,
        written: &[Step],
    ) -> Result<Expr, Refusal> {
        let lineage = self.lineage(reader);
        if absolute {
            for way in &mut ways {
                way.bound = self.own_part(way, &lineage);
            }
        }
        let mut sets = Vec::new();
        for way in ways {
            let nodes = self.nodes(way, &lineage, from_current)?;
            sets.push(Expr::Nodes(Box::new(nodes)));
        }
        if sets.is_empty() {
            self.nowhere.push(Ast::Path { absolute, steps: written.to_vec() }.to_string());
            return Ok(Expr::nodes(Start::Nowhere, Vec::new()));
        }
        let first = sets.remove(0);
        Ok(Expr::chain(first, sets.into_iter().map(|set| (super::super::Operator::Union, set))))
    }

    /// How many links of an absolute path are the reader's own nodes.
    fn own_part(&self, way: &Way<'_>, lineage: &[DefId]) -> usize {
        let last = way.links.len().saturating_sub(1);
        let own = way.links.iter().zip(lineage).enumerate().take_while(|(at, (link, own))| {
            let asked_for = *at == last && self.def(link.def).is_some_and(|def| def.repeats);
            link.def == **own && link.is_plain() && !asked_for
        });
        own.count()
    }

    fn nodes(&mut self, way: Way<'_>, lineage: &[DefId], from_current: bool) -> Result<Nodes, Refusal> {
        let bound = way.bound.max(1);
        let up = u16::try_from(lineage.len().saturating_sub(bound)).unwrap_or(u16::MAX);
        let anchor = lineage.get(bound - 1).copied().unwrap_or(ROOT);
        let anchor = match (self.cap, self.context, from_current) {
            // Read from a candidate: not nearer to the reader than the candidate's own path is.
            (Some(cap), Context::Candidate(_), false) if self.depth(cap) < self.depth(anchor) => cap,
            _ => anchor,
        };
        let across = way
            .links
            .iter()
            .any(|link| !link.is_plain() && self.def(link.def).is_some_and(|def| def.repeats));
        let outer = std::mem::take(&mut self.references);
        if let Some(link) = way.links.last() {
            self.refer(link.def, anchor, across);
        }
        let mut repeats = 0;
        let mut steps = Vec::with_capacity(way.links.len().saturating_sub(bound));
        for link in way.links.iter().skip(bound) {
            let slot = self.def(link.def).map_or(0, |def| def.slot);
            let mut predicates = Vec::with_capacity(link.predicates.len() + usize::from(link.at.is_some()));
            let before = self.references.len();
            for ast in &link.predicates {
                let candidate = Context::Candidate(link.def);
                predicates.extend(self.predicates(
                    std::slice::from_ref(*ast),
                    candidate,
                    Some(anchor),
                    None,
                )?);
            }
            let in_place = predicates.is_empty();
            if let Some(index) = link.at {
                predicates.push(match self.compile(index)? {
                    Expr::Number(number) => Predicate::Nth(number),
                    place => Predicate::At(Box::new(place)),
                });
            }
            if self.def(link.def).is_some_and(|def| def.repeats) {
                repeats += 1;
                if repeats == 1 {
                    let reach = self.reach(link.def, &predicates, in_place);
                    self.limit(before, anchor, reach);
                }
            }
            steps.push(Walk { to: To::Slot(slot), predicates: predicates.into() });
        }
        let inner = std::mem::replace(&mut self.references, outer);
        inner.into_iter().for_each(|reference| self.note(reference));
        let from_own = from_current || self.context == Context::Own;
        let up = match (self.absent && from_own, up) {
            // The node that is not there has no content.
            (true, 0) => return Ok(Nodes::new(Start::Nowhere, Vec::new())),
            (true, up) => up - 1,
            (false, up) => up,
        };
        let start = if from_current { Start::CurrentUp(up) } else { Start::Up(up) };
        Ok(Nodes::new(start, steps))
    }

    fn depth(&self, id: DefId) -> u16 {
        self.def(id).map_or(0, |def| def.depth)
    }

    /// Steps over nodes whose definition is not known: by name.
    fn foreign(&mut self, steps: &[Step], instance: Option<u16>) -> Result<Vec<Walk>, Refusal> {
        let mut plain: Option<Vec<Sym>> = instance.map(|_| Vec::new());
        let mut out = Vec::new();
        for step in steps {
            let named = |name: &Name| self.scope.names.get(&name.local);
            let to = match (step.axis, &step.test) {
                (Axis::Child, Test::Name(name)) => named(name).map_or(To::Nothing, To::Named),
                (Axis::Attribute, Test::Name(name)) => named(name).map_or(To::Nothing, To::Attribute),
                (Axis::Child, Test::Any | Test::Node) => To::AnyElement,
                (Axis::Child, Test::Text) | (Axis::SelfNode, Test::Node) => To::Stay,
                (Axis::Parent, Test::Node) => To::Parent,
                (Axis::DescendantOrSelf, Test::Node) => To::Below,
                (Axis::Child | Axis::Attribute, _) => {
                    return Err(Refusal::Unsupported(
                        "a wildcard of that kind in a secondary instance".to_owned(),
                    ));
                }
                (axis, _) => return Err(Refusal::Unsupported(format!("the XPath axis {}", axis.name()))),
            };
            match (&mut plain, &to) {
                (Some(path), To::Named(name)) => path.push(*name),
                _ => plain = None,
            }
            let key = instance.zip(plain.clone());
            let predicates = self.predicates(&step.predicates, Context::Foreign, None, key)?;
            if !predicates.is_empty() {
                plain = None;
            }
            out.push(Walk { to, predicates: predicates.into() });
        }
        Ok(out)
    }

    pub(super) fn filter(&mut self, base: &Ast, predicates: &[Ast], steps: &[Step]) -> Result<Expr, Refusal> {
        if let (Ast::Call { name, arguments }, true) = (base, predicates.is_empty()) {
            match (name.to_string().as_str(), arguments.as_slice()) {
                ("current", []) => {
                    let ways = self.ways(self.lineage(self.own), steps)?;
                    return self.sets(ways, true, self.own, false, steps);
                }
                ("instance", [Ast::Literal(id)]) => {
                    return match self.scope.secondary.get(id).copied() {
                        Some(index) => {
                            let steps = self.foreign(steps, Some(index))?;
                            Ok(Expr::nodes(Start::Instance(index), steps))
                        }
                        None if self.scope.primary_id == Some(id) => self.path(true, steps),
                        None => Err(Refusal::MissingInstance(id.clone())),
                    };
                }
                ("instance", [_]) => {
                    let base = Expr::Call(Function::Instance, self.all(arguments)?);
                    let steps = self.foreign(steps, None)?;
                    return Ok(Expr::nodes(Start::Value(Box::new(base)), steps));
                }
                _ => {}
            }
        }
        let base = self.compile(base)?;
        let mut walks = Vec::new();
        if !predicates.is_empty() {
            let predicates = self.predicates(predicates, Context::Foreign, None, None)?;
            walks.push(Walk { to: To::Stay, predicates: predicates.into() });
        }
        walks.extend(self.foreign(steps, None)?);
        Ok(Expr::nodes(Start::Value(Box::new(base)), walks))
    }

    /// `indexed-repeat(node, repeat, index, …)` as a path with positions.
    pub(super) fn indexed_repeat(&mut self, node: &Ast, rest: &[Ast]) -> Result<Expr, Refusal> {
        let wrong =
            || Refusal::Invalid("indexed-repeat() takes a node and pairs of repeat and index".to_owned());
        let Ast::Path { absolute, steps } = node else { return Err(wrong()) };
        let start = if *absolute { Vec::new() } else { self.base().ok_or_else(wrong)? };
        let mut ways = self.ways(start, steps)?;
        if ways.is_empty() {
            return self.path(*absolute, steps);
        }
        let mut way = ways.swap_remove(0);
        for pair in rest.chunks(2) {
            let [Ast::Path { absolute, steps }, index] = pair else { return Err(wrong()) };
            let repeat = self.target(*absolute, steps)?.ok_or_else(wrong)?;
            let link = way.links.iter_mut().find(|link| link.def == repeat).ok_or_else(wrong)?;
            link.at = Some(index);
        }
        let reader = match self.context {
            Context::Candidate(def) => def,
            _ => self.own,
        };
        let lineage = self.lineage(reader);
        way.bound = self.own_part(&way, &lineage);
        Ok(Expr::Nodes(Box::new(self.nodes(way, &lineage, false)?)))
    }
}
