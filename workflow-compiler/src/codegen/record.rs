//! Structs whose values have a form in JSON.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::literal::doc;

/// A field of a struct
pub(super) struct Member {
    pub doc: String,
    /// Its name in JSON
    pub key: String,
    pub ident: Ident,
    pub rust: TokenStream,
}

/// A public struct that a run keeps, and how it is read and written; the types of its fields are
/// what another build of the workflow knows of them
pub(super) fn variables(
    head: &TokenStream,
    name: &Ident,
    members: &[Member],
    types: &[String],
) -> TokenStream {
    let rows = members
        .iter()
        .zip(types)
        .map(|(Member { key, ident, .. }, ty)| quote!(#key => #ident: #ty));
    let fields = fields(members);
    quote! {
        #head
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name { #fields }
        variables!(#name { #(#rows),* });
    }
}

/// A public struct, and how it is read and written
pub(super) fn item(head: &TokenStream, name: &Ident, members: &[Member]) -> TokenStream {
    let fields = fields(members);
    let keys = members.iter().map(|Member { key, ident, .. }| quote!(#key => #ident));
    quote! {
        #head
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #name { #fields }
        record!(#name { #(#keys),* });
    }
}

fn fields(members: &[Member]) -> TokenStream {
    let fields = members.iter().map(|Member { doc: text, ident, rust, .. }| {
        let text = doc(text);
        quote!(#text pub #ident: #rust)
    });
    quote!(#(#fields,)*)
}
