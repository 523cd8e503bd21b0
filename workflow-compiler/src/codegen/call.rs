//! Calls of the runtime's functions and of host functions as Rust.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::code::{Bind, Code};
use super::scope::Scope;
use crate::typed::{Arg, Expr, HostType};
use crate::types::Ty;

impl Scope<'_> {
    pub(super) fn builtin(&self, path: &str, args: &[Arg], fallible: bool) -> Code {
        // The path is one of the compiler's own table.
        let function: TokenStream = path.parse().unwrap_or_default();
        let args = args.iter().enumerate().map(|(at, arg)| match arg {
            Arg::Given(value) => self.argument(path, at, value),
            Arg::Optional(None) => quote!(None),
            Arg::Optional(Some(value)) => {
                let value = self.argument(path, at, value);
                quote!(Some(#value))
            }
        });
        let call = quote!(#function(#(#args),*));
        Code::owned(if fallible { self.attempt(&call) } else { call })
    }

    /// An argument as the runtime's functions take them: strings as `&str`, numbers, truth values
    /// and times by value, all else by reference, and so what may be of any type
    fn argument(&self, path: &str, at: usize, value: &Expr) -> TokenStream {
        let code = self.expr(value);
        match &value.ty {
            ty if ty.is_text() && !is_generic(path, at) => code.by_str(),
            Ty::Bool | Ty::Int | Ty::Float | Ty::Number | Ty::DateTime if !is_generic(path, at) => {
                code.value()
            }
            _ => code.by_ref(),
        }
    }

    pub(super) fn host(&self, name: &str, args: &[(Expr, HostType)]) -> Code {
        let function = self.module.options.function(name);
        let before = self.fallible.replace(false);
        let mut lets = TokenStream::new();
        let mut given = Vec::new();
        for (at, (value, ty)) in args.iter().enumerate() {
            self.fallible.set(false);
            let arg = self.host_argument(value, ty);
            if !self.fallible.get() {
                given.push(arg);
                continue;
            }
            // A `?` inside of the closure would not leave this function.
            let variable = format_ident!("argument{at}");
            lets.extend(quote!(let #variable = #arg;));
            given.push(quote!(#variable));
        }
        self.fallible.set(before);
        let call = self.attempt(&quote!(host::call(#name, || #function(#(#given),*))));
        if lets.is_empty() {
            return Code::owned(call);
        }
        Code::owned(quote!({ #lets #call })).binding(Bind::Loose)
    }

    fn host_argument(&self, value: &Expr, ty: &HostType) -> TokenStream {
        let code = self.expr(value);
        match ty {
            HostType::Str => code.by_str(),
            HostType::Reference => code.by_ref(),
            HostType::Value => code.value(),
            HostType::Integer(_) => {
                let value = code.value();
                self.attempt(&quote!(host::fit(#value)))
            }
        }
    }
}

/// The parameters of runtime functions that take values of every type, and so a reference even to
/// what is copied elsewhere; a test holds this against the runtime
const GENERIC: &[(&str, &[usize])] = &[
    ("filters::batch", &[2]),
    ("filters::default", &[0, 1]),
    ("filters::default_known", &[0, 1]),
    ("filters::hash", &[0]),
    ("filters::slices", &[2]),
    ("filters::string", &[0]),
    ("filters::sum", &[1]),
    ("filters::tojson", &[0]),
    ("methods::count", &[1]),
    ("methods::index", &[1]),
];

fn is_generic(path: &str, at: usize) -> bool {
    GENERIC.iter().any(|(name, params)| *name == path && params.contains(&at))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Each function of the runtime's filters and methods has the conventions that calls are
    /// written by
    #[test]
    fn arguments_are_passed_as_the_runtime_takes_them() {
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflow-runtime/src");
        let filters = std::fs::read_dir(runtime.join("filters")).unwrap();
        let mut seen = 0;
        for file in filters {
            seen += check_file("filters", &file.unwrap().path());
        }
        seen += check_file("methods", &runtime.join("methods.rs"));
        seen += check_file("functions", &runtime.join("functions.rs"));
        assert!(seen > 100);
    }

    fn check_file(module: &str, file: &Path) -> usize {
        let text = std::fs::read_to_string(file).unwrap();
        let public = |item| match item {
            syn::Item::Fn(function) => {
                matches!(function.vis, syn::Visibility::Public(_)).then_some(function.sig)
            }
            _ => None,
        };
        let found: Vec<_> =
            syn::parse_file(&text).unwrap().items.into_iter().filter_map(public).collect();
        found.iter().for_each(|signature| check(module, signature));
        found.len()
    }

    fn check(module: &str, signature: &syn::Signature) {
        let path = format!("{module}::{}", signature.ident);
        let generics: Vec<_> =
            signature.generics.type_params().map(|param| param.ident.to_string()).collect();
        for (at, input) in signature.inputs.iter().enumerate() {
            let syn::FnArg::Typed(input) = input else { continue };
            let ty = &input.ty;
            let written = quote!(#ty).to_string();
            let given = written.strip_prefix("Option < ").and_then(|rest| rest.strip_suffix(" >"));
            let Some(inner) = given.unwrap_or(&written).strip_prefix("& ") else { continue };
            let bare = inner.strip_prefix("Option < ").and_then(|rest| rest.strip_suffix(" >"));
            let generic = generics.iter().any(|name| name == bare.unwrap_or(inner));
            assert_eq!(is_generic(&path, at), generic, "parameter {at} of `{path}`: {written}");
            assert_ne!(inner, "String", "parameter {at} of `{path}`: strings go as `&str`");
        }
    }
}
