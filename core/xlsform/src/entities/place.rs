//! Which section an entity is declared in: the nearest that holds all that is saved to it, one entity a section.
//! The rules are pyxform's; what they call a scope is the nearest repeat, or the form.

use super::{Entities, Mention};
use crate::error::{Code, Notice};
use crate::headers::Table;
use crate::tree::{Id, Kind, Tree};

type Path = Vec<Id>;

/// Where one entity wants to be.
struct Request {
    entity: usize,
    scope: Path,
    wanted: Path,
    /// The paths of all that is saved to it, each once.
    lineages: Vec<Path>,
}

/// The section of every entity, in the order in which they were placed.
pub(super) fn places(
    entities: &Entities,
    tree: &Tree,
    survey: &Table,
) -> Result<Vec<(Id, usize)>, Box<Notice>> {
    let root = vec![Tree::ROOT];
    let mut order: Vec<usize> = Vec::new();
    for mention in &entities.mentions {
        if !order.contains(&mention.entity) {
            order.push(mention.entity);
        }
    }
    let mut requests = Vec::new();
    for entity in &order {
        requests.push(request(entities, *entity, tree, survey)?);
    }
    for entity in (0..entities.all.len()).filter(|at| !order.contains(at)) {
        requests.push(Request { entity, scope: root.clone(), wanted: root.clone(), lineages: Vec::new() });
    }
    if let [only] = requests.as_slice()
        && only.scope == root
    {
        return Ok(vec![(Tree::ROOT, only.entity)]);
    }
    let mut scopes: Vec<Path> = Vec::new();
    for request in &requests {
        if !scopes.contains(&request.scope) {
            scopes.push(request.scope.clone());
        }
    }
    let mut placed: Vec<(Path, usize)> = Vec::new();
    let mut reserved: Vec<(Path, usize)> = Vec::new();
    for scope in &scopes {
        let mut here: Vec<&Request> = requests.iter().filter(|r| r.scope == *scope).collect();
        here.sort_by_key(|request| entities.all.get(request.entity).map(|e| e.row));
        for request in here {
            if let Err(other) = put(request, scope.len(), &mut placed, &mut reserved) {
                return Err(no_room(entities, request.entity, other));
            }
        }
    }
    Ok(placed.into_iter().filter_map(|(path, entity)| Some((*path.last()?, entity))).collect())
}

fn find(paths: &[(Path, usize)], path: &[Id]) -> Option<usize> {
    paths.iter().rev().find(|(known, _)| known == path).map(|(_, entity)| *entity)
}

/// Places a request as deep as it wants, or further up to its scope. The entity in its way if there is no room.
fn put(
    request: &Request,
    scope: usize,
    placed: &mut Vec<(Path, usize)>,
    reserved: &mut Vec<(Path, usize)>,
) -> Result<(), usize> {
    let mut conflict = None;
    for depth in (scope..=request.wanted.len()).rev() {
        let here: Path = request.wanted.iter().take(depth).copied().collect();
        conflict = find(placed, &here).or_else(|| find(reserved, &here));
        if conflict.is_some() {
            if let Some(saved) = request.lineages.first().and_then(|lineage| find(reserved, lineage)) {
                conflict = Some(saved);
                break;
            }
            continue;
        }
        placed.push((here.clone(), request.entity));
        reserved.push((here, request.entity));
        for lineage in &request.lineages {
            for length in (depth..=lineage.len()).rev() {
                reserved.push((lineage.iter().take(length).copied().collect(), request.entity));
            }
        }
        break;
    }
    conflict.map_or(Ok(()), Err)
}

/// The nearest repeat around, or the form.
fn scope(tree: &Tree, path: &[Id]) -> Path {
    let last = path.iter().rposition(|id| matches!(tree.at(*id).kind, Kind::Repeat | Kind::Survey));
    path.iter().take(last.unwrap_or(0) + 1).copied().collect()
}

fn repeats(tree: &Tree, path: &[Id]) -> usize {
    path.iter().skip(1).filter(|id| tree.at(**id).is_repeat()).count()
}

/// How many groups below its scope.
fn groups(tree: &Tree, path: &[Id]) -> usize {
    path.len() - scope(tree, path).len()
}

fn request(entities: &Entities, entity: usize, tree: &Tree, survey: &Table) -> Result<Request, Box<Notice>> {
    let mentions: Vec<&Mention> = entities.mentions.iter().filter(|m| m.entity == entity).collect();
    let mut deepest: Option<(Path, usize, &Mention)> = None;
    let mut container: Option<(&Mention, usize)> = None;
    let mut saved: Option<(&Mention, usize)> = None;
    let mut lineages: Vec<Path> = Vec::new();
    for mention in &mentions {
        let below = groups(tree, &mention.path);
        let boundary = scope(tree, &mention.path);
        let depth = repeats(tree, &boundary);
        if deepest.as_ref().is_none_or(|(_, known, _)| depth > *known) {
            container = Some((mention, below));
            if mention.property.is_some() {
                saved = Some((mention, below));
            }
            deepest = Some((boundary.clone(), depth, mention));
        }
        let here = deepest.as_ref().is_some_and(|(path, _, _)| *path == boundary);
        if container.is_none_or(|(_, known)| here && below > known) {
            container = Some((mention, below));
        }
        if mention.property.is_some() {
            if !lineages.contains(&mention.path) {
                lineages.push(mention.path.clone());
            }
            if saved.is_none_or(|(_, known)| here && below > known) {
                saved = Some((mention, below));
            }
        }
    }
    let mut wanted = saved.or(container).map(|(m, _)| m.path.clone()).unwrap_or_else(|| vec![Tree::ROOT]);
    if let Some(common) = common(tree, &lineages) {
        let bound = saved.map(|(m, _)| scope(tree, &m.path)).unwrap_or_default();
        let key = |path: &Path| (repeats(tree, path), groups(tree, path));
        wanted = if lineages.len() > 1 && key(&bound) >= key(&common) { bound } else { common };
    }
    let Some((boundary, _, deepest)) = deepest else {
        return Ok(Request { entity, scope: vec![Tree::ROOT], wanted, lineages });
    };
    let wanted_scope = scope(tree, &wanted);
    for mention in mentions {
        let own = scope(tree, &mention.path);
        if boundary.get(..own.len()) != Some(own.as_slice()) {
            return Err(apart(entities, mention, tree, deepest, survey));
        }
        if mention.property.is_some() && wanted_scope != own {
            return Err(apart(entities, mention, tree, deepest, survey));
        }
    }
    Ok(Request { entity, scope: boundary, wanted, lineages })
}

/// The sections that all paths begin with, as pyxform finds them: it compares by name and kind, and the last
/// difference counts.
fn common(tree: &Tree, lineages: &[Path]) -> Option<Path> {
    let first = lineages.first()?;
    let shortest = lineages.iter().map(Vec::len).min()?;
    let mut length = shortest;
    let alike = |a: Option<&Id>, b: Option<&Id>| match (a, b) {
        (Some(a), Some(b)) => tree.at(*a).name == tree.at(*b).name && tree.at(*a).kind == tree.at(*b).kind,
        _ => false,
    };
    for at in 0..shortest {
        if lineages.iter().any(|other| !alike(other.get(at), first.get(at))) {
            length = at;
        }
    }
    Some(first.iter().take(length).copied().collect())
}

fn name(tree: &Tree, path: &[Id]) -> String {
    path.last().map(|id| tree.at(*id).name.clone()).unwrap_or_default()
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
    let (here, there) = (name(tree, &mention.path), name(tree, &other.path));
    let (question, at) = (&mention.question, other.row);
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
