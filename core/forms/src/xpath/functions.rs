//! The function library: names, arities, and the dispatch to families.

use super::eval::{Eval, Here, Value};
use super::expr::Expr;
use std::borrow::Cow;

mod digest;
mod geo;
mod nodes;
mod number;
mod odk;
pub(crate) mod pattern;
mod text;

macro_rules! functions {
    ($($name:literal $function:ident $least:literal $most:expr;)*) => {
        /// A function of the library.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Function {
            $($function,)*
            /// `position()` without an argument.
            Place,
        }
        /// Name, function, fewest and most arguments.
        pub(crate) const TABLE: &[Entry] = &[
            $(Entry { name: $name, function: Function::$function, least: $least, most: $most },)*
        ];
    };
}

/// A row of the library's table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    pub(crate) least: usize,
    pub(crate) most: usize,
}

const ANY: usize = usize::MAX;

functions! {
    "string" String 0 1;
    "concat" Concat 0 ANY;
    "join" Join 1 ANY;
    "substr" Substr 2 3;
    "substring" Substring 2 3;
    "substring-before" SubstringBefore 2 2;
    "substring-after" SubstringAfter 2 2;
    "translate" Translate 3 3;
    "string-length" StringLength 0 1;
    "normalize-space" NormalizeSpace 0 1;
    "contains" Contains 2 2;
    "starts-with" StartsWith 2 2;
    "ends-with" EndsWith 2 2;
    "uuid" Uuid 0 1;
    "digest" Digest 2 3;
    "pulldata" PullData 4 4;
    "base64-decode" Base64Decode 1 1;
    "extract-signed" ExtractSigned 2 2;
    "version" Version 0 0;
    "if" If 3 3;
    "coalesce" Coalesce 1 ANY;
    "once" Once 1 1;
    "true" True 0 0;
    "false" False 0 0;
    "boolean" Boolean 1 1;
    "boolean-from-string" BooleanFromString 1 1;
    "not" Not 1 1;
    "regex" Regex 2 2;
    "checklist" Checklist 2 ANY;
    "weighted-checklist" WeightedChecklist 2 ANY;
    "number" Number 0 1;
    "random" Random 0 0;
    "int" Int 1 1;
    "sum" Sum 1 1;
    "max" Max 1 ANY;
    "min" Min 1 ANY;
    "round" Round 1 2;
    "floor" Floor 1 1;
    "ceiling" Ceiling 1 1;
    "pow" Pow 2 2;
    "log" Log 1 1;
    "log10" Log10 1 1;
    "abs" Abs 1 1;
    "sin" Sin 1 1;
    "cos" Cos 1 1;
    "tan" Tan 1 1;
    "asin" Asin 1 1;
    "acos" Acos 1 1;
    "atan" Atan 1 1;
    "atan2" Atan2 2 2;
    "sqrt" Sqrt 1 1;
    "exp" Exp 1 1;
    "exp10" Exp10 1 1;
    "pi" Pi 0 0;
    "count" Count 1 1;
    "count-non-empty" CountNonEmpty 1 1;
    "position" Position 0 1;
    "last" Last 0 0;
    "name" Name 0 1;
    "local-name" LocalName 0 1;
    "instance" Instance 1 1;
    "current" Current 0 0;
    "randomize" Randomize 1 2;
    "today" Today 0 0;
    "now" Now 0 0;
    "format-date" FormatDate 2 2;
    "format-date-time" FormatDateTime 2 2;
    "date" Date 1 1;
    "date-time" DateTime 1 1;
    "decimal-date-time" DecimalDateTime 1 1;
    "decimal-time" DecimalTime 1 1;
    "selected" Selected 2 2;
    "is-selected" IsSelected 2 2;
    "depend" Depend 1 ANY;
    "selected-at" SelectedAt 2 2;
    "count-selected" CountSelected 1 1;
    "jr:choice-name" ChoiceName 2 2;
    "jr:itext" Itext 1 1;
    "indexed-repeat" IndexedRepeat 3 11;
    "area" Area 1 ANY;
    "enclosed-area" EnclosedArea 1 ANY;
    "distance" Distance 1 ANY;
    "geofence" Geofence 2 2;
    "intersects" Intersects 1 1;
    "property" Property 1 1;
}

/// A function by its name.
pub(crate) fn lookup(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}

impl Function {
    /// Whether it reads the context without an argument for it.
    pub(crate) fn reads_context(self) -> bool {
        matches!(self, Function::Place | Function::Last)
    }
    /// Whether it gives true or false.
    pub(crate) fn gives_boolean(self) -> bool {
        matches!(
            self,
            Function::Not
                | Function::Boolean
                | Function::BooleanFromString
                | Function::Selected
                | Function::IsSelected
                | Function::Contains
                | Function::StartsWith
                | Function::EndsWith
                | Function::Regex
                | Function::Checklist
                | Function::WeightedChecklist
                | Function::Geofence
                | Function::Intersects
        )
    }
    /// Whether a missing argument means the context node.
    pub(crate) fn defaults_to_context(self) -> bool {
        matches!(
            self,
            Function::String
                | Function::Number
                | Function::StringLength
                | Function::NormalizeSpace
                | Function::Name
                | Function::LocalName
        )
    }
}

/// An operand as text; empty where it is not given, or where no more may be read.
fn operand<'a>(eval: &Eval<'a>, arguments: &'a [Expr], nth: usize, here: &Here) -> Cow<'a, str> {
    let text = arguments.get(nth).map_or(Cow::Borrowed(""), |argument| eval.text(argument, here));
    if eval.state.work.read(text.len()) { text } else { Cow::Borrowed("") }
}

fn borrowed<'a>(text: impl Into<Cow<'a, str>>) -> Value<'a> {
    Value::Text(text.into())
}

/// Calls a function. Arities were checked when the form was compiled.
pub(crate) fn call<'a>(eval: &Eval<'a>, function: Function, arguments: &'a [Expr], here: &Here) -> Value<'a> {
    text::call(eval, function, arguments, here)
        .or_else(|| number::call(eval, function, arguments, here))
        .or_else(|| nodes::call(eval, function, arguments, here))
        .or_else(|| odk::call(eval, function, arguments, here))
        .or_else(|| geo::call(eval, function, arguments, here))
        .or_else(|| digest::call(eval, function, arguments, here))
        .unwrap_or_else(|| borrowed(""))
}
