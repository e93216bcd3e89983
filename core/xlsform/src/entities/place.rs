//! Which section an entity is declared in: the nearest that holds all that is saved to it, one entity a section.
//! The rules are pyxform's; what they call a scope is the nearest repeat, or the form.

use std::collections::{HashMap, HashSet};

use super::{Entities, Mention};
use crate::error::{Code, Notice};
use crate::headers::Table;
use crate::tree::{Id, Kind, Tree};

/// Where one entity wants to be. A section stands for the sections around it, too.
struct Request {
    entity: usize,
    scope: Id,
    wanted: Id,
    /// The sections of all that is saved to it, each once.
    lineages: Vec<Id>,
}

/// The section of every entity, in the order in which they were placed.
pub(super) fn places(
    entities: &Entities,
    tree: &Tree,
    survey: &Table,
) -> Result<Vec<(Id, usize)>, Box<Notice>> {
    let mut order: Vec<usize> = Vec::new();
    let mut mentions: HashMap<usize, Vec<Mention>> = HashMap::new();
    for mention in &entities.mentions {
        let of = mentions.entry(mention.entity).or_insert_with(|| {
            order.push(mention.entity);
            Vec::new()
        });
        of.push(*mention);
    }
    let mut requests = Vec::new();
    for entity in &order {
        let of = mentions.get(entity).map(Vec::as_slice).unwrap_or_default();
        requests.push(request(entities, *entity, of, tree, survey)?);
    }
    for entity in (0..entities.all.len()).filter(|at| !mentions.contains_key(at)) {
        requests.push(Request { entity, scope: Tree::ROOT, wanted: Tree::ROOT, lineages: Vec::new() });
    }
    if let [only] = requests.as_slice()
        && only.scope == Tree::ROOT
    {
        return Ok(vec![(Tree::ROOT, only.entity)]);
    }
    let mut scopes: Vec<Id> = Vec::new();
    for request in &requests {
        if !scopes.contains(&request.scope) {
            scopes.push(request.scope);
        }
    }
    let mut placed = Vec::new();
    let mut taken = Taken::default();
    for scope in scopes {
        let mut here: Vec<&Request> = requests.iter().filter(|r| r.scope == scope).collect();
        here.sort_by_key(|request| entities.all.get(request.entity).map(|e| e.row));
        for request in here {
            match taken.put(request, tree) {
                Ok(section) => placed.extend(section.map(|section| (section, request.entity))),
                Err(other) => return Err(no_room(entities, request.entity, other)),
            }
        }
    }
    Ok(placed)
}

/// The section and those around it, the nearest first, down to the scope.
fn up_to(tree: &Tree, section: Id, scope: Id) -> impl Iterator<Item = Id> {
    let mut ended = false;
    std::iter::once(section).chain(tree.ancestors(section)).take_while(move |id| {
        let go_on = !ended;
        ended = *id == scope;
        go_on
    })
}

/// How many sections stand around it.
fn depth(tree: &Tree, section: Id) -> usize {
    tree.ancestors(section).count()
}

/// Which entity stands in a section, and which keeps it free.
#[derive(Default)]
struct Taken {
    placed: HashMap<Id, usize>,
    reserved: HashMap<Id, usize>,
}

impl Taken {
    /// Places a request as deep as it wants, or further up to its scope; nowhere if it wants to be above that. The
    /// entity in its way if there is no room.
    fn put(&mut self, request: &Request, tree: &Tree) -> Result<Option<Id>, usize> {
        if !within(tree, request.wanted, request.scope) {
            return Ok(None);
        }
        let mut conflict = None;
        for here in up_to(tree, request.wanted, request.scope) {
            conflict = self.placed.get(&here).or_else(|| self.reserved.get(&here)).copied();
            if conflict.is_some() {
                if let Some(saved) = request.lineages.first().and_then(|lineage| self.reserved.get(lineage)) {
                    conflict = Some(*saved);
                    break;
                }
                continue;
            }
            self.placed.insert(here, request.entity);
            self.reserved.insert(here, request.entity);
            for lineage in &request.lineages {
                let deeper = (depth(tree, *lineage) + 1).saturating_sub(depth(tree, here));
                let sections = up_to(tree, *lineage, Tree::ROOT).take(deeper);
                self.reserved.extend(sections.map(|section| (section, request.entity)));
            }
            return Ok(Some(here));
        }
        Err(conflict.unwrap_or(request.entity))
    }
}

/// The nearest repeat around, or the form.
fn scope(tree: &Tree, section: Id) -> Id {
    let mut around = std::iter::once(section).chain(tree.ancestors(section));
    around.find(|id| matches!(tree.kind(*id), Kind::Repeat | Kind::Survey)).unwrap_or(Tree::ROOT)
}

fn repeats(tree: &Tree, section: Id) -> usize {
    std::iter::once(section).chain(tree.ancestors(section)).filter(|id| tree.is_repeat(*id)).count()
}

/// How many groups below its scope.
fn groups(tree: &Tree, section: Id) -> usize {
    up_to(tree, section, scope(tree, section)).count() - 1
}

/// Does the section stand within the other, or is it that?
fn within(tree: &Tree, section: Id, other: Id) -> bool {
    section == other || tree.ancestors(section).any(|up| up == other)
}

fn request(
    entities: &Entities,
    entity: usize,
    mentions: &[Mention],
    tree: &Tree,
    survey: &Table,
) -> Result<Request, Box<Notice>> {
    let mut deepest: Option<(Id, usize, Mention)> = None;
    let mut container: Option<(Mention, usize)> = None;
    let mut saved: Option<(Mention, usize)> = None;
    let mut lineages: Vec<Id> = Vec::new();
    let mut known = HashSet::new();
    for mention in mentions {
        let below = groups(tree, mention.section);
        let boundary = scope(tree, mention.section);
        let depth = repeats(tree, boundary);
        if deepest.as_ref().is_none_or(|(_, known, _)| depth > *known) {
            container = Some((*mention, below));
            if mention.property.is_some() {
                saved = Some((*mention, below));
            }
            deepest = Some((boundary, depth, *mention));
        }
        let here = deepest.as_ref().is_some_and(|(section, _, _)| *section == boundary);
        if container.is_none_or(|(_, known)| here && below > known) {
            container = Some((*mention, below));
        }
        if mention.property.is_some() {
            if known.insert(mention.section) {
                lineages.push(mention.section);
            }
            if saved.is_none_or(|(_, known)| here && below > known) {
                saved = Some((*mention, below));
            }
        }
    }
    let mut wanted = saved.or(container).map_or(Tree::ROOT, |(m, _)| m.section);
    if let Some(common) = common(tree, &lineages) {
        let bound = saved.map(|(m, _)| scope(tree, m.section)).unwrap_or(Tree::ROOT);
        let key = |section: Id| (repeats(tree, section), groups(tree, section));
        wanted = if lineages.len() > 1 && key(bound) >= key(common) { bound } else { common };
    }
    let Some((boundary, _, deepest)) = deepest else {
        return Ok(Request { entity, scope: Tree::ROOT, wanted, lineages });
    };
    let wanted_scope = scope(tree, wanted);
    for mention in mentions {
        let own = scope(tree, mention.section);
        let apart_from = !within(tree, boundary, own);
        if apart_from || mention.property.is_some() && wanted_scope != own {
            return Err(apart(entities, mention, tree, &deepest, survey));
        }
    }
    Ok(Request { entity, scope: boundary, wanted, lineages })
}

/// The innermost section that all begin with, as pyxform finds it: it compares by name and kind, and the last
/// difference counts.
fn common(tree: &Tree, lineages: &[Id]) -> Option<Id> {
    let path = |section: Id| {
        let mut path: Vec<Id> = up_to(tree, section, Tree::ROOT).collect();
        path.reverse();
        path
    };
    let first = path(*lineages.first()?);
    let shortest = lineages.iter().map(|section| depth(tree, *section) + 1).min()?;
    let alike = |a: Id, b: Id| tree.name(a) == tree.name(b) && tree.kind(a) == tree.kind(b);
    let difference = |section: &Id| {
        let other = path(*section);
        let pairs: Vec<(&Id, &Id)> = other.iter().zip(&first).take(shortest).collect();
        pairs.iter().rposition(|(a, b)| !alike(**a, **b))
    };
    let length = lineages.iter().filter_map(difference).max().unwrap_or(shortest);
    first.get(length.checked_sub(1)?).copied()
}

fn name(tree: &Tree, section: Id) -> String {
    tree.name(section).to_owned()
}

/// Two mentions in repeats that do not lie one within the other.
fn apart(
    entities: &Entities,
    mention: &Mention,
    tree: &Tree,
    other: &Mention,
    survey: &Table,
) -> Box<Notice> {
    let dataset = entities.all.get(mention.entity).map(|e| e.dataset.as_str()).unwrap_or_default();
    let row = entities.all.get(mention.entity).map_or(0, |e| e.row);
    let place = match mention.property {
        Some(_) => survey.place(mention.row, &["bind", "entities:saveto"]),
        None => entities.table.place(row, &["label"]),
    };
    let (here, there) = (name(tree, mention.section), name(tree, other.section));
    let (question, at) = (entities.words.get(mention.question), other.row);
    Box::new(Notice::error(
        Code::BadEntity,
        place,
        format!(
            "实体“{dataset}”用到的“{question}”在“{here}”里，第{at}行的却在“{there}”里，不在同一层重复组。用calculate把值取到同一层。"
        ),
        format!(
            "'{question}', which the entity '{dataset}' uses, lies in '{here}', but that of row {at} lies in '{there}', another repeat. Bring the value into one repeat with a calculate."
        ),
    ))
}

fn no_room(entities: &Entities, entity: usize, other: usize) -> Box<Notice> {
    let of = |at: usize| entities.all.get(at).map(|e| (e.dataset.as_str(), e.row)).unwrap_or_default();
    let ((dataset, row), (_, taken)) = (of(entity), of(other));
    Box::new(Notice::error(
        Code::BadEntity,
        entities.table.place(row, &["dataset"]),
        format!(
            "实体“{dataset}”没有地方放：一个组只能放一个实体，第{taken}行的实体占了。把题目分到不同的组。"
        ),
        format!(
            "there is no room for the entity '{dataset}': a group holds one, and that of row {taken} is there. Put the questions into groups of their own."
        ),
    ))
}
