//! What an expression can name where it stands, and how Rust names it there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code::Code;
use super::literal::code;
use super::module::Module;
use super::shapes::is_copy;
use crate::types::Ty;

/// Where an expression stands
pub(super) struct Scope<'m> {
    pub module: &'m Module<'m>,
    /// The step it belongs to; none in the initial state
    pub step: Option<usize>,
    /// What a text is here: `instructions`
    pub what: &'static str,
    pub roots: Roots,
    /// The variable of each kept value
    pub temps: BTreeMap<usize, Ident>,
    /// Kept values that are not needed after this expression
    pub spent: RefCell<BTreeSet<usize>>,
    /// Variables of the template
    pub locals: BTreeMap<usize, Variable>,
    /// Places of the template's loops
    pub loops: BTreeMap<usize, Variable>,
    /// What closures take and what is kept for them, with whether it is a reference
    pub closures: RefCell<BTreeMap<usize, (Ident, bool)>>,
    /// Whether a `?` was written
    pub fallible: Cell<bool>,
    /// Items that go before the function
    pub items: &'m RefCell<Vec<TokenStream>>,
}

/// A variable of a template
#[derive(Clone)]
pub(super) struct Variable {
    /// Its name in Rust
    pub name: Ident,
    /// The type that it is a reference to; of a loop's place, the type of an item
    pub rust: TokenStream,
    /// Whether it may be null
    pub nullable: bool,
    /// Whether it is a field of the template that it is read in: set in the one around
    pub captured: bool,
}

impl Variable {
    /// As a method takes it
    pub(super) fn reference(&self) -> TokenStream {
        let rust = &self.rust;
        quote!(&#rust)
    }

    /// The place of a loop, as a method takes it
    pub(super) fn place(&self) -> TokenStream {
        let rust = &self.rust;
        quote!(&Loop<'_, #rust>)
    }
}

/// Where the parts of the run are found
#[derive(Clone, Debug)]
pub(super) struct Roots {
    /// What goes before variables: `self.` in a method of a template
    pub prefix: TokenStream,
    /// The function that it all stands in
    pub within: Within,
}

/// The kinds of functions that expressions stand in
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// A block: the run is read through the step's view
    Block,
    /// `initial`: inputs, item and place are arguments
    Initial,
}

impl Scope<'_> {
    pub(super) fn input(&self, at: usize) -> Code {
        let (inputs, field) = (self.inputs(), &self.module.inputs[at]);
        Code::place(quote!(#inputs.#field), is_copy(&self.module.program.inputs[at].ty))
    }

    pub(super) fn inputs(&self) -> TokenStream {
        self.root("inputs")
    }

    pub(super) fn item(&self) -> Code {
        let copy = self.module.program.item.as_ref().is_none_or(is_copy);
        Code::reference(self.root("item"), copy)
    }

    pub(super) fn place(&self) -> TokenStream {
        let in_initial = self.roots.within == Within::Initial && self.roots.prefix.is_empty();
        if in_initial { quote!(cx.place()) } else { self.root("place") }
    }

    /// A state field, by the type that a read of it has in this step
    pub(super) fn state(&self, field: usize) -> Code {
        let name = &self.module.view_fields[field];
        let prefix = &self.roots.prefix;
        let tokens = quote!(#prefix view.#name);
        match self.read_type(field) {
            Some(ty) if is_copy(ty) => Code::place(tokens, true),
            _ => Code::reference(tokens, false),
        }
    }

    fn read_type(&self, field: usize) -> Option<&Ty> {
        let step = &self.module.program.steps[self.step?];
        step.needs.iter().find(|need| need.field == field).map(|need| &need.ty)
    }

    pub(super) fn temp(&self, temp: usize) -> Code {
        let copy = is_copy(&self.module.program.temps[temp].ty);
        let prefix = &self.roots.prefix;
        let Some(name) = self.temps.get(&temp) else {
            // The checker keeps nothing that is not in scope.
            return Code::owned(quote!(compile_error!("a value is not kept")));
        };
        let tokens = quote!(#prefix #name);
        if !prefix.is_empty() && !copy {
            return Code::reference(tokens, copy);
        }
        if self.spent.borrow_mut().remove(&temp) {
            Code::owned(tokens)
        } else {
            Code::place(tokens, copy)
        }
    }

    pub(super) fn local(&self, local: usize, copy: bool) -> Code {
        if let Some((name, borrowed)) = self.closures.borrow().get(&local) {
            let of = if *borrowed { Code::reference } else { Code::place };
            return of(quote!(#name), copy);
        }
        Code::reference(self.variable(self.locals.get(&local)), copy)
    }

    pub(super) fn loop_place(&self, of: usize) -> TokenStream {
        self.variable(self.loops.get(&of))
    }

    /// A variable of the template, by reference
    pub(super) fn variable(&self, variable: Option<&Variable>) -> TokenStream {
        let prefix = &self.roots.prefix;
        match variable {
            Some(Variable { name, captured: true, .. }) => quote!(#prefix #name),
            Some(Variable { name, .. }) => quote!(#name),
            // The checker knows no variable that is not in scope.
            None => quote!(compile_error!("a variable is not set")),
        }
    }

    pub(super) fn ambient(&self, method: &str) -> Code {
        let method = Ident::new(method, proc_macro2::Span::call_site());
        if self.roots.prefix.is_empty() {
            return Code::owned(quote!(cx.#method()));
        }
        // Methods of a template have no `&mut self`.
        Code::owned(quote!(self.cx.borrow_mut().#method()))
    }

    fn root(&self, name: &str) -> TokenStream {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        let prefix = &self.roots.prefix;
        match self.roots.within {
            Within::Block => quote!(#prefix view.#name),
            Within::Initial => quote!(#prefix #name),
        }
    }

    /// What a template is called: `CreatePlanInstructions`
    pub(super) fn text_name(&self) -> Ident {
        let step = self.step.map_or("initial", |step| self.module.program.steps[step].id.as_str());
        self.module.type_name(&format!("{step}-{}", self.what))
    }

    /// What a template is, in words
    pub(super) fn about_text(&self) -> String {
        match self.step {
            Some(step) => {
                let id = code(&self.module.program.steps[step].id);
                format!("The {} of {id}", self.what)
            }
            None => format!("A {} of the initial state", self.what),
        }
    }

    /// The Rust type of a value here
    pub(super) fn rust(&self, ty: &Ty) -> TokenStream {
        self.module.rust_in(ty, self.step)
    }
}
