//! Paths of the body and of binds to the definitions that they name, and back.

use super::*;
use crate::xpath::expr::compile::Compiler;

impl Build<'_> {
    /// The definition of an absolute or relative path in the body or in a bind.
    pub(super) fn target(&mut self, id: XmlId, path: &str, from: DefId) -> Result<Option<DefId>, FormError> {
        if let Some(found) = self.plain_target(path) {
            return Ok(Some(found));
        }
        let ast = self.parse(id, &path, path)?;
        let (absolute, steps) = match &*ast {
            Ast::Path { absolute, steps } => (absolute, steps),
            // `current()/a` is `a`, seen from the element around.
            Ast::Filter { base, predicates, steps }
                if predicates.is_empty()
                    && matches!(&**base, Ast::Call { name, .. } if name.to_string() == "current") =>
            {
                (&false, steps)
            }
            _ => return self.invalid(id, format!("{path} is not a path")),
        };
        let found = Compiler::new(self.scope(), from, None).target(*absolute, steps);
        found.map_err(|refusal| self.refused(id, &path, refusal))
    }

    /// The definition of a path of plain names from the root, as nearly all are.
    fn plain_target(&self, path: &str) -> Option<DefId> {
        let mut names = path.strip_prefix('/')?.split('/');
        let root = self.defs.first()?;
        let is_plain = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let mut at = ROOT;
        names.next().filter(|name| is_plain(name) && self.names.name(root.local) == *name)?;
        for name in names.map(str::trim_end) {
            let local = self.names.get(name).filter(|_| is_plain(name))?;
            let mut found = self.by_name.of(&self.defs, at, local);
            (at, _) = found.find(|(_, def)| !def.attribute)?;
        }
        Some(at)
    }

    /// A definition's path, for places.
    pub(super) fn path(&self, id: DefId) -> String {
        let mut parts = Vec::new();
        let mut next = Some(id);
        while let Some(def) = next.and_then(|id| self.defs.get(id as usize)) {
            parts.push(self.names.name(def.local));
            next = def.parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }
}
