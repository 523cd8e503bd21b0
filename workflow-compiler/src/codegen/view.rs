//! What a step may read: a struct that borrows it from the run, and nothing else.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{code, doc};
use super::module::Module;
use super::shapes::{is_copy, same};
use crate::typed::Need;
use crate::types::Ty;

/// The view of a step, if it reads anything of the run
pub(super) fn item(module: &Module<'_>, step: usize) -> TokenStream {
    let uses = module.uses_of_step(step);
    if !uses.run() {
        return TokenStream::new();
    }
    let parts = [
        (uses.inputs, quote!(inputs), quote!(&'a Inputs), quote!(&run.inputs)),
        (uses.item, quote!(item), quote!(&'a Item), quote!(&run.item)),
        (uses.place, quote!(place), quote!(Place), quote!(run.place)),
    ];
    let parts = parts.into_iter().filter(|(used, ..)| *used);
    let (mut fields, mut values): (Vec<_>, Vec<_>) =
        parts.map(|(_, name, rust, value)| (quote!(#name: #rust), quote!(#name: #value))).unzip();
    for need in &module.program.steps[step].needs {
        let field = &module.view_fields[need.field];
        let rust = module.rust_in(&need.ty, Some(step));
        let rust = if is_copy(&need.ty) { rust } else { quote!(&'a #rust) };
        fields.push(quote!(#field: #rust));
        let value = read(module, need);
        values.push(quote!(#field: #value));
    }
    let text = doc(&format!("What {} may read", code(&module.program.steps[step].id)));
    let rust = module.view_type(step, &quote!('a));
    let (generics, lifetime) =
        if borrows(module, step) { (quote!(<'a>), quote!('a)) } else { (quote!(), quote!()) };
    let (result, view) = if fallible(module, step) {
        (quote!(Result<Self, Fault>), quote!(Ok(Self { #(#values),* })))
    } else {
        (quote!(Self), quote!(Self { #(#values),* }))
    };
    quote! {
        #text
        struct #rust { #(#fields),* }

        impl #generics #rust {
            fn of(run: &#lifetime Run<Machine>) -> #result { #view }
        }
    }
}

/// How a field is read; one that was stored as `T?` but is certainly there, as `T`
fn read(module: &Module<'_>, need: &Need) -> TokenStream {
    let (field, stored) = (&module.state[need.field], &module.program.state[need.field]);
    let copy = is_copy(&need.ty);
    if !narrowed(&stored.ty, &need.ty) {
        return if copy { quote!(run.state.#field) } else { quote!(&run.state.#field) };
    }
    let name = &stored.name;
    let star = copy.then(|| quote!(*));
    quote!(#star ops::required(&run.state.#field, #name)?)
}

fn narrowed(stored: &Ty, read: &Ty) -> bool {
    matches!(stored, Ty::Optional(some) if same(some, read))
}

fn fallible(module: &Module<'_>, step: usize) -> bool {
    let stored = |need: &Need| &module.program.state[need.field].ty;
    module.program.steps[step].needs.iter().any(|need| narrowed(stored(need), &need.ty))
}

fn borrows(module: &Module<'_>, step: usize) -> bool {
    let uses = module.uses_of_step(step);
    uses.inputs
        || uses.item
        || module.program.steps[step].needs.iter().any(|need| !is_copy(&need.ty))
}

impl Module<'_> {
    /// The view of a step, built from `run`
    pub(super) fn build_view(&self, step: usize) -> TokenStream {
        let (name, question) = (&self.views[step], fallible(self, step).then(|| quote!(?)));
        quote!(#name::of(run) #question)
    }

    /// The type of a step's view, with any lifetime
    pub(super) fn view_type(&self, step: usize, lifetime: &TokenStream) -> TokenStream {
        let name = &self.views[step];
        if borrows(self, step) { quote!(#name<#lifetime>) } else { quote!(#name) }
    }
}
