//! Checked programs as Rust that a person can read.
//!
//! One module a program: the inputs, the state and the shapes of its values as structs, the
//! places where it waits and goes on as enums, a function for each block, and `Machine`, which
//! ties them together for the runtime. What a step may read is a struct of its own (`view.rs`), so
//! that rustc, too, refuses the rest.
//!
//! Nothing is decided here: a [`Program`] says of each expression what type it has and how it is
//! converted. The same program gives the same tokens, always.

mod action;
mod askama;
mod block;
mod call;
mod code;
mod convert;
mod each;
mod expr;
mod file;
mod handles;
mod layout;
mod literal;
mod machine;
mod module;
mod names;
mod operators;
mod record;
mod scope;
mod shapes;
mod text;
mod uses;
mod view;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::typed::Program;
use crate::types::Ty;
use literal::{code, doc, prose};
use module::Module;
use record::Member;
use shapes::Hint;

pub use file::file;
pub use layout::layout;

/// How templates are shown
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As `#[derive(Template)] #[template(…)]`: for people
    Readable,
    /// Expanded already, which spares each build that includes them most of the work
    Expanded,
}

/// How code is generated
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// How templates are shown
    pub mode: Mode,
    /// The module of the host functions: `crate::functions`
    pub functions: &'a str,
    /// All programs, among them those that are started as children
    pub programs: &'a [Program],
}

impl Options<'_> {
    /// The path of a host function
    fn function(&self, name: &str) -> TokenStream {
        format!("{}::{name}", self.functions).parse().unwrap_or_default()
    }
}

/// The module of a program: `pub mod interactive_planning { … }`
pub fn module(program: &Program, options: &Options<'_>) -> TokenStream {
    let module = Module::new(program, options);
    let name = Ident::new(&names::snake(&program.module), Span::call_site());
    let about = doc(&about(program));
    let (inputs, state) = (inputs(&module), state(&module));
    let types = item_and_output(&module);
    let positions = machine::positions(&module);
    let blocks = machine::blocks(&module);
    let workflow = machine::workflow(&module);
    let handles = handles::items(&module);
    let texts = machine::texts(program);
    let steps: TokenStream =
        (0..program.steps.len()).map(|step| step_items(&module, step)).collect();
    // Last, because expressions may have met new shapes.
    let structs = module.structs();
    quote! {
        #about
        #[allow(dead_code, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated: no crate uses every part of it")]
        pub mod #name {
            use ::workflow_runtime::generated::*;

            /// The compiled workflow
            #[derive(Clone, Copy, Debug)]
            pub struct Machine;

            #inputs
            #state
            #types
            #structs
            #positions
            #blocks
            #workflow
            #handles
            #steps
            #texts
        }
    }
}

/// `registry()`: all programs, for the server
pub fn registry(programs: &[Program]) -> TokenStream {
    let lines = programs.iter().map(|program| {
        let module = Ident::new(&names::snake(&program.module), Span::call_site());
        quote!(registry.register(Arc::new(Compiled::new(&#module::Machine)));)
    });
    let locked: BTreeMap<_, _> = programs.iter().flat_map(|program| &program.locked).collect();
    let locks = locked.into_iter().map(|(tool, listed)| {
        let listed = listed.to_string();
        quote!(registry.lock(#tool, #listed);)
    });
    quote! {
        /// The compiled workflows
        #[allow(clippy::too_many_lines, reason = "generated: a line for each workflow")]
        pub fn registry() -> ::workflow_runtime::registry::Registry {
            use ::std::sync::Arc;
            use ::workflow_runtime::machine::Compiled;
            let mut registry = ::workflow_runtime::registry::Registry::default();
            #(#lines)*
            #(#locks)*
            registry
        }
    }
}

fn about(program: &Program) -> String {
    let head = format!("{} {} ({})", code(&program.name), program.version, code(&program.file));
    match prose(&program.description) {
        text if text.is_empty() => head,
        text => format!("{head}\n\n{text}"),
    }
}

fn inputs(module: &Module<'_>) -> TokenStream {
    let members = module.program.inputs.iter().zip(&module.inputs).map(|(input, ident)| {
        let ty = code(&input.ty.to_string());
        let text = match prose(&input.description) {
            text if text.is_empty() => ty,
            text => format!("{text}: {ty}"),
        };
        let hint = Hint::new(&input.name, format!("inputs.{}", input.name));
        let rust = module.rust(&input.ty, &hint);
        Member { doc: text, key: input.name.clone(), ident: ident.clone(), rust }
    });
    let name = Ident::new("Inputs", Span::call_site());
    let types: Vec<_> = module.program.inputs.iter().map(|input| input.ty.to_string()).collect();
    let about = doc("What a run is given, read-only");
    record::variables(&about, &name, &members.collect::<Vec<_>>(), &types)
}

fn state(module: &Module<'_>) -> TokenStream {
    let program = module.program;
    let members = program.state.iter().zip(&module.state).map(|(field, ident)| {
        let text = format!("{}, {}:{}", code(&field.ty.to_string()), program.file, field.line);
        let hint = Hint::new(&field.name, format!("state.{}", field.name));
        let rust = module.rust(&field.ty, &hint);
        Member { doc: text, key: field.name.clone(), ident: ident.clone(), rust }
    });
    let text = format!("The author's variables, {}:{}", program.file, program.state_line);
    let name = Ident::new("State", Span::call_site());
    let types: Vec<_> = program.state.iter().map(|field| field.ty.to_string()).collect();
    record::variables(&doc(&text), &name, &members.collect::<Vec<_>>(), &types)
}

fn item_and_output(module: &Module<'_>) -> TokenStream {
    let item = module.program.item.as_ref().unwrap_or(&Ty::Null);
    let item = module.rust(item, &Hint::new("task_item", "item"));
    let output = module.rust(&module.program.result, &Hint::new("returned", "result"));
    let about = if module.program.item.is_some() {
        "The item that a run is for"
    } else {
        "Runs have no item"
    };
    let about = doc(about);
    quote! {
        #about
        pub type Item = #item;

        /// What a run returns
        pub type Output = #output;
    }
}

/// What a step may read, then its blocks
fn step_items(module: &Module<'_>, step: usize) -> TokenStream {
    let blocks = module.program.blocks.iter().enumerate().filter(|(_, block)| block.step == step);
    let functions = blocks.map(|(at, _)| block::function(module, at));
    let functions: Vec<_> = functions.collect();
    let view = view::item(module, step);
    quote!(#view #(#functions)*)
}
