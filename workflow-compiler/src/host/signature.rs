//! Reads a function's signature.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, GenericParam, ItemFn, Lit, Meta, Pat, PatType,
    ReturnType, Signature, Type, Visibility,
};

use super::types::{parameter, result};
use super::{HostFunction, HostParam};
use crate::typed::HostType;
use crate::types::Ty;

/// The host function that a signature declares
///
/// Fails with every reason why an expression could not call it, each at its place: it is not
/// `pub`, is `async`, `unsafe` or generic, or has a parameter or result that no value of the
/// language fits.
pub fn check_signature(function: &ItemFn) -> Result<HostFunction, Error> {
    let signature = &function.sig;
    let mut errors: Vec<Error> = unfit(function);
    let mut params = Vec::new();
    for input in &signature.inputs {
        match read(input) {
            Ok(param) => params.push(param),
            // That the function is generic is said once.
            Err(_) if names_generic(signature, &input.to_token_stream()) => {}
            Err(error) => errors.push(error),
        }
    }
    let returned = returned(&signature.output);
    let generic = names_generic(signature, &signature.output.to_token_stream());
    errors.extend(returned.as_ref().err().filter(|_| !generic).cloned());
    let all = errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    });
    if let Some(all) = all {
        return Err(all);
    }
    let (returns, returned, fallible) = returned?;
    Ok(HostFunction {
        name: signature.ident.unraw().to_string(),
        params,
        returns,
        returned,
        fallible,
        doc: doc(&function.attrs),
        line: signature.fn_token.span().start().line,
    })
}

/// What keeps a function from being called, its parameters and result aside
fn unfit(function: &ItemFn) -> Vec<Error> {
    let Signature { asyncness, safety, abi, generics, variadic, ident, .. } = &function.sig;
    let mut errors = Vec::new();
    let mut refuse = |place: &dyn quote::ToTokens, message: &str| {
        errors.push(Error::new_spanned(place.to_token_stream(), message));
    };
    if !matches!(function.vis, Visibility::Public(_)) {
        refuse(ident, "a `#[workflow_fn]` must be `pub`: the generated code calls it");
    }
    if let Some(asyncness) = asyncness {
        refuse(asyncness, "a `#[workflow_fn]` cannot be `async`: an expression does not wait");
    }
    if let syn::Safety::Unsafe(unsafety) = safety {
        refuse(unsafety, "a `#[workflow_fn]` cannot be `unsafe`");
    }
    if let Some(abi) = abi {
        refuse(abi, "a `#[workflow_fn]` must be a Rust function");
    }
    if let Some(variadic) = variadic {
        refuse(variadic, "a `#[workflow_fn]` has a fixed number of parameters");
    }
    for generic in &generics.params {
        if !matches!(generic, GenericParam::Lifetime(_)) {
            refuse(generic, "a `#[workflow_fn]` cannot be generic: take a `Value` for any value");
        }
    }
    errors
}

/// Whether a type names a generic parameter, which is reported as that
fn names_generic(signature: &Signature, ty: &TokenStream) -> bool {
    let named = |ident: &Ident| {
        signature.generics.params.iter().any(|generic| match generic {
            GenericParam::Type(generic) => generic.ident == *ident,
            GenericParam::Const(generic) => generic.ident == *ident,
            GenericParam::Lifetime(_) => false,
        })
    };
    ty.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => named(&ident),
        TokenTree::Group(group) => names_generic(signature, &group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn read(input: &FnArg) -> Result<HostParam, Error> {
    let FnArg::Typed(PatType { pat, ty, .. }) = input else {
        return Err(Error::new_spanned(input, "a `#[workflow_fn]` is no method"));
    };
    let name = match &**pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.unraw(),
        _ => return Err(Error::new_spanned(pat, "a parameter must have a plain name")),
    };
    let (ty, host) = parameter(ty)?;
    Ok(HostParam { name: name.to_string(), ty, host })
}

fn returned(output: &ReturnType) -> Result<(Ty, HostType, bool), Error> {
    match output {
        ReturnType::Default => Ok((Ty::Null, HostType::Value, false)),
        ReturnType::Type(_, ty) => result(ty),
    }
}

/// The doc comment, without the space that begins each line
fn doc(attributes: &[Attribute]) -> String {
    let line = |attribute: &Attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
        let text = text.value();
        pair.path.is_ident("doc").then(|| text.strip_prefix(' ').unwrap_or(&text).to_owned())
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    lines.join("\n").trim().to_owned()
}

/// A type as it is written, for messages
pub(super) fn written(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" < ", "<")
        .replace(" <", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace("& ", "&")
        .replace(" :: ", "::")
        .replace(" ,", ",")
}
