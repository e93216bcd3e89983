//! Lists what a library built with UniFFI exports, one line an item, for `bindings/api.txt`.
//!
//! Read from the metadata that the macros leave in the library, so that the list is what the bindings are
//! generated from.

use std::fmt::Write as _;

use camino::Utf8Path;
use uniffi_bindgen::macro_metadata::extract_from_library;
use uniffi_meta::{
    ConstructorMetadata, EnumShape, FieldMetadata, FnParamMetadata, Metadata, MethodMetadata, Type,
    VariantMetadata,
};

/// Why a library could not be listed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnreadableLibrary(String);

/// The exported items of `library` (a cdylib), sorted.
///
/// # Errors
/// [`UnreadableLibrary`] if it is none, or has no UniFFI metadata.
pub fn surface(library: &Utf8Path) -> Result<Vec<String>, UnreadableLibrary> {
    let items =
        extract_from_library(library).map_err(|error| UnreadableLibrary(format!("{library}: {error}")))?;
    let mut lines: Vec<String> = items.iter().flat_map(lines).collect();
    lines.sort();
    lines.dedup();
    Ok(lines)
}

fn lines(item: &Metadata) -> Vec<String> {
    match item {
        Metadata::Func(it) => {
            vec![format!(
                "fn {}",
                call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref())
            )]
        }
        Metadata::Object(it) if it.imp.is_trait_interface() => vec![format!("trait {}", it.name)],
        Metadata::Object(it) => vec![format!("object {}", it.name)],
        Metadata::CallbackInterface(it) => vec![format!("trait {}", it.name)],
        Metadata::Constructor(it) => vec![constructor(it)],
        Metadata::Method(it) => vec![method(it)],
        Metadata::TraitMethod(it) => vec![format!(
            "trait {}.{}",
            it.trait_name,
            call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref())
        )],
        Metadata::Record(it) => {
            it.fields.iter().map(|field| format!("record {}.{}", it.name, field_line(field))).collect()
        }
        Metadata::Enum(it) => {
            let kind = if matches!(it.shape, EnumShape::Enum) { "enum" } else { "error" };
            it.variants
                .iter()
                .map(|variant| format!("{kind} {}.{}", it.name, variant_line(variant)))
                .collect()
        }
        Metadata::CustomType(it) => vec![format!("type {} = {}", it.name, type_name(&it.builtin))],
        Metadata::Namespace(_)
        | Metadata::UdlFile(_)
        | Metadata::UniffiTrait(_)
        | Metadata::ObjectTraitImpl(_) => Vec::new(),
    }
}

fn constructor(it: &ConstructorMetadata) -> String {
    let made = call(&it.name, it.is_async, &it.inputs, None, it.throws.as_ref());
    format!("object {}.new {made}", it.self_name)
}

fn method(it: &MethodMetadata) -> String {
    let called = call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref());
    format!("object {}.{called}", it.self_name)
}

fn call(
    name: &str,
    is_async: bool,
    inputs: &[FnParamMetadata],
    returns: Option<&Type>,
    throws: Option<&Type>,
) -> String {
    let inputs: Vec<String> = inputs.iter().map(|it| format!("{}: {}", it.name, type_name(&it.ty))).collect();
    let mut line = format!("{name}({})", inputs.join(", "));
    if let Some(returns) = returns {
        let _ = write!(line, " -> {}", type_name(returns));
    }
    if is_async {
        line.push_str(" async");
    }
    if let Some(throws) = throws {
        let _ = write!(line, " throws {}", type_name(throws));
    }
    line
}

fn field_line(field: &FieldMetadata) -> String {
    format!("{}: {}", field.name, type_name(&field.ty))
}

fn variant_line(variant: &VariantMetadata) -> String {
    if variant.fields.is_empty() {
        return variant.name.clone();
    }
    let fields: Vec<String> = variant.fields.iter().map(field_line).collect();
    format!("{}({})", variant.name, fields.join(", "))
}

fn type_name(of: &Type) -> String {
    match of {
        Type::Object { name, .. }
        | Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::CallbackInterface { name, .. }
        | Type::Custom { name, .. } => name.clone(),
        Type::Box { inner_type } => type_name(inner_type),
        Type::Optional { inner_type } => format!("{}?", type_name(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", type_name(inner_type)),
        Type::Set { inner_type } => format!("{{{}}}", type_name(inner_type)),
        Type::Map { key_type, value_type } => format!("[{}: {}]", type_name(key_type), type_name(value_type)),
        plain => format!("{plain:?}"),
    }
}
