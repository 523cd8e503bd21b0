//! From Rust's types to those of the language.

use syn::{Error, GenericArgument, PathArguments, PathSegment, Type, TypePath, TypeReference};

use super::signature::written;
use crate::typed::HostType;
use crate::types::Ty;

/// The integers that are converted, and checked, when a value is handed over
const INTEGERS: &[&str] =
    &["i8", "i16", "i32", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];

/// Types of a parameter
pub(super) fn parameter(ty: &Type) -> Result<(Ty, HostType), Error> {
    match bare(ty) {
        Type::Reference(reference) => behind_reference(reference),
        ty => by_value(ty),
    }
}

/// Types of what is returned, and whether it comes in a `Result`
pub(super) fn result(ty: &Type) -> Result<(Ty, HostType, bool), Error> {
    let ty = bare(ty);
    if let Some(("Result", arguments)) = path(ty)
        && let [value, ..] = arguments.as_slice()
    {
        let (ty, host) = returned_value(value)?;
        return Ok((ty, host, true));
    }
    let (ty, host) = returned_value(ty)?;
    Ok((ty, host, false))
}

fn returned_value(ty: &Type) -> Result<(Ty, HostType), Error> {
    match bare(ty) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Ok((Ty::Null, HostType::Value)),
        Type::Reference(reference) if is_str(&reference.elem) => Ok((Ty::String, HostType::Str)),
        ty => by_value(ty),
    }
}

fn behind_reference(reference: &TypeReference) -> Result<(Ty, HostType), Error> {
    if reference.mutability.is_some() {
        let message = "an expression changes nothing: take `&`, or the value itself";
        return Err(Error::new_spanned(reference, message));
    }
    match bare(&reference.elem) {
        ty if is_str(ty) => Ok((Ty::String, HostType::Str)),
        Type::Slice(slice) => Ok((Ty::list(owned(&slice.elem)?), HostType::Reference)),
        ty => Ok((owned(ty)?, HostType::Reference)),
    }
}

fn by_value(ty: &Type) -> Result<(Ty, HostType), Error> {
    match path(ty) {
        Some((name, arguments)) if arguments.is_empty() && INTEGERS.contains(&name) => {
            Ok((Ty::Int, HostType::Integer(name.to_owned())))
        }
        _ => Ok((owned(ty)?, HostType::Value)),
    }
}

/// A type that values of the language have themselves, so that nothing is converted
fn owned(ty: &Type) -> Result<Ty, Error> {
    let ty = bare(ty);
    let Some((name, arguments)) = path(ty) else { return Err(no_type(ty)) };
    match (name, arguments.as_slice()) {
        ("String", []) => Ok(Ty::String),
        ("bool", []) => Ok(Ty::Bool),
        ("i64", []) => Ok(Ty::Int),
        ("f64", []) => Ok(Ty::Float),
        ("Number", []) => Ok(Ty::Number),
        ("DateTime", []) => Ok(Ty::DateTime),
        ("Value", []) => Ok(Ty::Any),
        ("Object", []) => Ok(Ty::Open),
        ("Map", [key, value]) if is_word(key, "String") && is_word(value, "Value") => Ok(Ty::Open),
        ("Vec", [item]) => Ok(Ty::list(owned(item)?)),
        ("Option", [some]) => Ok(owned(some)?.optional()),
        ("f32", []) => Err(Error::new_spanned(ty, "`f32` would lose digits: use `f64`")),
        (integer, []) if INTEGERS.contains(&integer) => {
            let message = format!("inside another type an integer must be `i64`, not `{integer}`");
            Err(Error::new_spanned(ty, message))
        }
        _ => Err(no_type(ty)),
    }
}

fn no_type(ty: &Type) -> Error {
    let message = format!(
        "`{}` is no type of the language: use `&str`, `String`, an integer, `f64`, `bool`, \
         `Value`, `Object`, or `Vec` or `Option` of these",
        written(ty)
    );
    Error::new_spanned(ty, message)
}

/// The last name of a path with the types in its brackets
fn path(ty: &Type) -> Option<(&'static str, Vec<&Type>)> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    let segment: &PathSegment = path.segments.last()?;
    let name = KNOWN.iter().chain(INTEGERS).find(|known| segment.ident == **known)?;
    let arguments = match &segment.arguments {
        PathArguments::None => Vec::new(),
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().filter_map(type_argument).collect()
        }
        PathArguments::Parenthesized(_) => return None,
    };
    Some((name, arguments))
}

fn type_argument(argument: &GenericArgument) -> Option<&Type> {
    if let GenericArgument::Type(ty) = argument { Some(bare(ty)) } else { None }
}

/// The names that are looked for, integers aside
const KNOWN: &[&str] = &[
    "String", "bool", "i64", "f32", "f64", "Number", "DateTime", "Value", "Object", "Map", "Vec",
    "Option", "Result", "str",
];

fn is_word(ty: &Type, word: &str) -> bool {
    path(ty).is_some_and(|(name, arguments)| name == word && arguments.is_empty())
}

fn is_str(ty: &Type) -> bool {
    is_word(bare(ty), "str")
}

/// The type without brackets and invisible groups
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}
