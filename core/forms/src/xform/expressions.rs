//! Expressions of a form: parsed once however often they are said, compiled at the node that they belong to.

use super::*;
use crate::xpath::expr::compile::{Compiler, Refusal, Scope};
use crate::xpath::expr::{Expr, Reference};
use std::fmt::Display;

/// Expressions whose syntax is kept while a form is compiled.
const KEPT: usize = 4000;

/// An expression with what it reads.
pub(super) struct Compiled {
    pub(super) expr: Expr,
    pub(super) references: Vec<Reference>,
    pub(super) spoken: bool,
}

impl Form {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            defs: &self.defs,
            by_name: &self.by_name,
            names: &self.names,
            namespaces: &self.namespaces,
            secondary: &self.secondary_ids,
            primary_id: None,
            root_attributes: &self.root_attributes,
        }
    }
}

impl Build<'_> {
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope {
            defs: &self.defs,
            by_name: &self.by_name,
            names: &self.names,
            namespaces: &self.namespaces,
            secondary: &self.secondary_ids,
            primary_id: self.primary_id.as_deref(),
            root_attributes: &self.root_attributes,
        }
    }

    /// Compiles an expression of a node.
    pub(super) fn expression(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        expression: &str,
    ) -> Result<Compiled, FormError> {
        let ast = self.parse(id, what, expression)?;
        self.compile(id, what, own, &ast)
    }

    pub(super) fn compile(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        ast: &Ast,
    ) -> Result<Compiled, FormError> {
        let mut compiled = self.with_compiler(id, what, own, |compiler| compiler.compile(ast))?;
        compiled.expr = compiled.expr.settled(own, &self.defs);
        Ok(compiled)
    }

    /// Parses an expression; forms say the same one in many places.
    pub(super) fn parse(
        &self,
        id: XmlId,
        what: &dyn Display,
        expression: &str,
    ) -> Result<Rc<Ast>, FormError> {
        if let Some(known) = self.parsed.borrow().get(expression) {
            return Ok(Rc::clone(known));
        }
        if expression.len() > self.limits.expression_length {
            let allowed = self.limits.expression_length;
            return Err(FormError::Limit { what: "the length of an expression", allowed });
        }
        let ast = crate::xpath::parse(expression, self.limits.expression_depth);
        let ast = Rc::new(ast.map_err(|error| FormError::XPath {
            expression: expression.to_owned(),
            offset: error.offset,
            message: error.message,
            place: self.place(id, what),
        })?);
        // Long ones are hardly said twice, and all are kept until the form is made.
        let mut parsed = self.parsed.borrow_mut();
        if expression.len() <= 1000 && parsed.len() < KEPT {
            parsed.insert(expression.into(), Rc::clone(&ast));
        }
        Ok(ast)
    }

    pub(super) fn with_compiler(
        &mut self,
        id: XmlId,
        what: &dyn Display,
        own: DefId,
        run: impl FnOnce(&mut Compiler<'_>) -> Result<Expr, Refusal>,
    ) -> Result<Compiled, FormError> {
        let mut tables = std::mem::take(&mut self.tables);
        let mut compiler = Compiler::new(self.scope(), own, Some(&mut tables));
        let result = run(&mut compiler);
        let (references, spoken, nowhere) = (compiler.references, compiler.spoken, compiler.nowhere);
        self.tables = tables;
        for path in nowhere {
            self.warn(id, what, format!("the path {path} leads to no node of the form"));
        }
        let expr = result.map_err(|refusal| self.refused(id, what, refusal))?;
        Ok(Compiled { expr, references, spoken })
    }

    pub(super) fn refused(&self, id: XmlId, what: &dyn Display, refusal: Refusal) -> FormError {
        let place = self.place(id, what);
        match refusal {
            Refusal::Unsupported(feature) => FormError::Unsupported { feature, place },
            Refusal::MissingInstance(id) => FormError::MissingInstance { id, place },
            Refusal::Invalid(message) => FormError::Invalid { message, place },
        }
    }
}
