//! What the text of a form says of a node: enough to tell kinds of difference apart, and without the engine that is
//! compared.

use std::collections::HashSet;

/// A path without its positions and without prefixes.
pub fn plain(path: &str) -> String {
    let bare: String =
        path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
    let names = bare.split('/').map(|name| name.rsplit(':').next().unwrap_or_default());
    names.collect::<Vec<_>>().join("/")
}

/// The tags of a name, as they are written, with what comes after each; with any prefix or none.
fn tags_and_rest<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    xml.match_indices('<').filter_map(move |(at, _)| {
        let (tag, rest) = xml[at + 1..].split_once('>')?;
        let full = tag.split(char::is_whitespace).next()?;
        let local = full.rsplit(':').next()?;
        (local == name && tag.len() > full.len()).then(|| (&tag[full.len()..], rest))
    })
}

pub fn tags<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    tags_and_rest(xml, name).map(|(tag, _)| tag)
}

pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let wanted = format!("{name}=\"");
    let found = tag.match_indices(&wanted).find(|(at, _)| tag[..*at].ends_with(char::is_whitespace))?;
    tag[found.0 + wanted.len()..].split('"').next()
}

/// Whether a path as a form writes it is that of a node: a name alone is the root's child.
fn is_of(written: &str, node: &str) -> bool {
    let written = plain(written.trim());
    written == node
        || !written.contains('/') && node.split('/').count() == 3 && node.ends_with(&format!("/{written}"))
}

/// Paths in an expression of a node, from the root.
fn paths(expression: &str, node: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || "/._-:".contains(letter);
    let resolve = |word: &str| {
        let from_here = word.starts_with('.') || word.starts_with("/.");
        let mut out: Vec<&str> = if from_here { node.split('/').collect() } else { vec![""] };
        for step in word.split('/').filter(|step| !step.is_empty() && *step != ".") {
            match step {
                ".." => out.truncate(out.len().saturating_sub(1)),
                name => out.push(name),
            }
        }
        plain(&out.join("/"))
    };
    let words = expression.split(|letter| !is_part(letter)).filter(|word| word.contains('/'));
    words.map(resolve).collect()
}

/// A form as it is written.
pub struct Written {
    pub xml: String,
}

impl Written {
    /// The bind of a node.
    pub fn bind(&self, node: &str) -> Option<&str> {
        tags(&self.xml, "bind").find(|tag| attribute(tag, "nodeset").is_some_and(|path| is_of(path, node)))
    }

    fn of_bind(&self, node: &str, name: &str) -> &str {
        self.bind(node).and_then(|bind| attribute(bind, name)).unwrap_or_default()
    }

    pub fn calculation(&self, node: &str) -> &str {
        self.of_bind(node, "calculate")
    }

    pub fn kind(&self, node: &str) -> &str {
        self.of_bind(node, "type").rsplit(':').next().unwrap_or_default()
    }

    /// The control of one of these names that asks for a node.
    pub fn control(&self, names: &[&str], node: &str) -> Option<&str> {
        let asks = |tag: &&str| attribute(tag, "ref").is_some_and(|path| is_of(path, node));
        names.iter().find_map(|name| tags(&self.xml, name).find(asks))
    }

    /// Where the choices of a node come from.
    pub fn itemset(&self, node: &str) -> Option<&str> {
        ["select", "select1", "rank"].into_iter().find_map(|name| {
            let mut found = tags_and_rest(&self.xml, name);
            let (_, rest) =
                found.find(|(tag, _)| attribute(tag, "ref").is_some_and(|path| is_of(path, node)))?;
            let content = rest.split(&format!("</{name}")).next()?;
            let itemset = tags(content, "itemset").next()?;
            attribute(itemset, "nodeset")
        })
    }

    /// Whether an action of this name of event sets a node.
    pub fn is_set(&self, node: &str, event: &str) -> bool {
        let mut actions = tags(&self.xml, "setvalue");
        actions.any(|tag| {
            attribute(tag, "ref").is_some_and(|path| is_of(path, node))
                && attribute(tag, "event").is_some_and(|events| events.contains(event))
        })
    }

    /// Whether an action that sets a node stands in the body itself, neither in a control nor in a group.
    pub fn is_set_in_the_body(&self, node: &str) -> bool {
        let Some((_, body)) = tags_and_rest(&self.xml, "body").next().or_else(|| {
            let (_, rest) = self.xml.split_once("body>")?;
            Some(("", rest))
        }) else {
            return false;
        };
        let mut depth = 0usize;
        for piece in body.split('<').skip(1) {
            let Some((tag, _)) = piece.split_once('>') else { return false };
            let action = tag.strip_prefix("setvalue").filter(|_| depth == 0);
            if action.and_then(|tag| attribute(tag, "ref")).is_some_and(|path| is_of(path, node)) {
                return true;
            }
            depth = match tag {
                tag if tag.starts_with('/') => depth.saturating_sub(1),
                tag if tag.ends_with('/') || tag.starts_with(['!', '?']) => depth,
                _ => depth + 1,
            };
        }
        false
    }

    /// Whether a node has others below it.
    pub fn is_group(&self, node: &str) -> bool {
        let below = format!("{node}/");
        tags(&self.xml, "bind")
            .filter_map(|tag| attribute(tag, "nodeset"))
            .any(|path| plain(path).starts_with(&below))
    }

    /// What a node reads: by its calculation, and where its choices come from, and what that reads.
    pub fn read_by(&self, node: &str) -> HashSet<String> {
        let mut read = HashSet::new();
        let mut open = vec![node.to_owned()];
        while let Some(node) = open.pop() {
            let texts = [self.calculation(&node), self.itemset(&node).unwrap_or_default()];
            for path in texts.iter().flat_map(|text| paths(text, &node)) {
                if read.insert(path.clone()) {
                    open.push(path);
                }
            }
        }
        read
    }
}
