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

/// A public struct, and how it is read and written
pub(super) fn item(head: &TokenStream, name: &Ident, members: &[Member]) -> TokenStream {
    let fields = members.iter().map(|Member { doc: text, ident, rust, .. }| {
        let text = doc(text);
        quote!(#text pub #ident: #rust)
    });
    let keys = members.iter().map(|Member { key, ident, .. }| quote!(#key => #ident));
    quote! {
        #head
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name { #(#fields,)* }
        record!(#name { #(#keys),* });
    }
}
