//! The Rust types of values: a struct for each shape of object, however often it occurs.

use indexmap::IndexMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::literal::{code, doc};
use super::names::Names;
use super::record::{self, Member};
use crate::types::{Shape, Ty};

/// The structs of a module
#[derive(Debug, Default)]
pub(super) struct Shapes {
    structs: IndexMap<String, Struct>,
}

/// A struct that stands for a shape
#[derive(Debug)]
struct Struct {
    name: Ident,
    doc: String,
    /// Key and field, in the order of the shape that came first
    fields: Vec<(String, Ident, Ty)>,
}

/// What a type is called if it needs a name of its own
#[derive(Clone, Debug)]
pub(super) struct Hint {
    /// `approval_response`
    pub name: String,
    /// `state.approval_response`, for its description
    pub path: String,
}

impl Hint {
    pub(super) fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into() }
    }

    fn item(&self) -> Self {
        Self::new(format!("{}_item", self.name), format!("{}[]", self.path))
    }

    fn field(&self, name: &str) -> Self {
        Self::new(format!("{}_{name}", self.name), format!("{}.{name}", self.path))
    }
}

impl Shapes {
    /// The Rust type; shapes that are new are named after the hint
    pub(super) fn rust(&mut self, ty: &Ty, hint: &Hint, names: &mut Names) -> TokenStream {
        match ty {
            Ty::Never | Ty::Null => quote!(()),
            Ty::Bool => quote!(bool),
            Ty::Int => quote!(i64),
            Ty::Float => quote!(f64),
            Ty::Number => quote!(Number),
            Ty::String | Ty::Enum(_) => quote!(String),
            Ty::DateTime => quote!(DateTime),
            Ty::Open => quote!(Object),
            Ty::Any | Ty::Poison => quote!(Value),
            Ty::List(item) => {
                let item = self.rust(item, &hint.item(), names);
                quote!(Vec<#item>)
            }
            Ty::Optional(some) => {
                let some = self.rust(some, hint, names);
                quote!(Option<#some>)
            }
            Ty::Object(shape) => {
                let name = self.of(shape, hint, names);
                quote!(#name)
            }
        }
    }

    /// The struct of a shape
    pub(super) fn of(&mut self, shape: &Shape, hint: &Hint, names: &mut Names) -> Ident {
        let key = shape_key(shape);
        if let Some(found) = self.structs.get(&key) {
            return found.name.clone();
        }
        let name = names.pascal(&hint.name);
        let mut taken = Names::default();
        let fields = shape
            .fields
            .iter()
            .map(|(name, ty)| (name.clone(), taken.snake(name), ty.clone()))
            .collect();
        let doc = format!("The shape of {}", code(&hint.path));
        self.structs.insert(key, Struct { name: name.clone(), doc, fields });
        for (field, ty) in &shape.fields {
            self.rust(ty, &hint.field(field), names);
        }
        name
    }

    /// The field of a shape's struct that a key is kept in
    pub(super) fn field(&self, shape: &Shape, key: &str) -> Option<Ident> {
        let fields = &self.structs.get(&shape_key(shape))?.fields;
        fields.iter().find(|(name, ..)| name == key).map(|(_, field, _)| field.clone())
    }

    /// The structs, in the order they were met
    pub(super) fn items(&mut self, names: &mut Names) -> TokenStream {
        let mut items = TokenStream::new();
        for at in 0..self.structs.len() {
            let Struct { name, doc: text, fields } = &self.structs[at];
            let (name, text, fields) = (name.clone(), text.clone(), fields.clone());
            let members: Vec<_> = fields
                .into_iter()
                .map(|(key, ident, ty)| {
                    // Every shape inside was named along with the one around it.
                    let rust = self.rust(&ty, &Hint::new("value", ""), names);
                    Member { doc: code(&ty.to_string()), key, ident, rust }
                })
                .collect();
            items.extend(record::item(&doc(&text), &name, &members));
        }
        items
    }
}

/// Whether two types are one in Rust
pub(super) fn same(a: &Ty, b: &Ty) -> bool {
    key(a) == key(b)
}

/// Whether values of the Rust type are copied rather than cloned
pub(super) fn is_copy(ty: &Ty) -> bool {
    match ty {
        Ty::Never | Ty::Null | Ty::Bool | Ty::Int | Ty::Float | Ty::Number | Ty::DateTime => true,
        Ty::Optional(some) => is_copy(some),
        _ => false,
    }
}

/// What two types must have in common to be one in Rust
fn key(ty: &Ty) -> String {
    match ty {
        Ty::Never | Ty::Null => String::from("null"),
        Ty::String | Ty::Enum(_) => String::from("string"),
        Ty::Any | Ty::Poison => String::from("any"),
        Ty::List(item) => format!("[{}]", key(item)),
        Ty::Optional(some) => format!("{}?", key(some)),
        Ty::Object(shape) => shape_key(shape),
        plain => plain.to_string(),
    }
}

fn shape_key(shape: &Shape) -> String {
    let mut fields: Vec<_> =
        shape.fields.iter().map(|(name, ty)| format!("{name:?}: {}", key(ty))).collect();
    fields.sort();
    format!("{{{}}}", fields.join(", "))
}
