//! Generated code as a file.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Options, module, registry};
use crate::typed::Program;

/// The modules of all programs and their registry, laid out as rustfmt would
pub fn file(programs: &[Program], options: &Options<'_>) -> String {
    let modules = programs.iter().map(|program| module(program, options));
    let registry = registry(programs);
    layout(quote!(#(#modules)* #registry))
}

/// Generated code as text, laid out as rustfmt would
pub fn layout(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // What rustc then says of it tells more than a panic here.
        Err(_) => tokens.to_string(),
    }
}
