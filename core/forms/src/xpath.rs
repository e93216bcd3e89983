//! XPath 1.0 as the ODK XForms specification keeps and extends it: lexer, parser, syntax tree.
//!
//! Public because a converter and a linter need it too; running expressions is the engine's own.

mod ast;
mod lexer;
mod parser;

pub(crate) mod eval;
pub(crate) mod expr;
pub(crate) mod functions;

pub use ast::{Ast, Axis, Name, Operator, Step, Test};
pub use parser::{ParseError, parse};

#[cfg(test)]
mod tests;
