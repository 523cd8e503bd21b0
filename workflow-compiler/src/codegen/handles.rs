//! `Waiting`: typed handles for those who drive a run from Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::doc;
use super::machine::waiting;
use super::module::Module;

/// The enum of handles, and how a run becomes one
pub(super) fn items(module: &Module<'_>) -> TokenStream {
    let blocks = &module.program.blocks;
    let variants = waiting(module).map(|(at, next)| {
        let answer = blocks[next].answer.map_or_else(
            || quote!(Value),
            |answer| module.rust_in(&module.program.temps[answer].ty, Some(blocks[next].step)),
        );
        let text = doc(&module.place(blocks[at].step));
        let variant = &module.blocks[at].variant;
        quote!(#text #variant(Handle<Machine, #answer>))
    });
    let arms = waiting(module).map(|(at, _)| {
        let variant = &module.blocks[at].variant;
        quote!(Position::#variant { .. } => Waiting::#variant(paused.handle()))
    });
    let arms: Vec<_> = arms.collect();
    let matched = if arms.is_empty() {
        quote!(match *paused.position() {})
    } else {
        quote!(match paused.position() { #(#arms),* })
    };
    quote! {
        /// Where a run stands, for those who drive it from Rust
        #[derive(Clone, Debug)]
        pub enum Waiting {
            #(#variants,)*
            /// It has returned
            Returned(Output),
        }

        impl Typed for Machine {
            type Output = Output;
            type Waiting = Waiting;

            fn waiting(paused: Paused<Self>) -> Waiting { #matched }

            fn returned(output: Output) -> Waiting { Waiting::Returned(output) }
        }
    }
}
