//! The machine: where it waits, where it goes on, and what runs there.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::block::Needs;
use super::literal::{self, doc};
use super::module::Module;
use super::scope::{Roots, Scope, Within};
use super::uses::Uses;
use crate::positions::Position;
use crate::typed::{Block, End, Program};
use crate::types::Ty;

/// `Position`: a variant for each block that waits
pub(super) fn positions(module: &Module<'_>) -> TokenStream {
    let variants = waiting(module).map(|(at, next)| {
        let (text, fields) =
            (doc(&module.place(module.program.blocks[at].step)), kept(module, next));
        let variant = &module.blocks[at].variant;
        quote!(#text #variant { #(#fields),* })
    });
    let lines = crate::positions::positions(module.program);
    let lines = waiting(module).zip(&lines).map(|((at, next), position)| {
        let (name, variant) = (&position.name, &module.blocks[at].variant);
        let (fields, live) = (module.kept_fields(next), live(module, next, position));
        quote!(#name => #variant { #(#fields),* }: #live)
    });
    quote! {
        /// Where a run waits, with what is kept for afterwards
        #[derive(Clone, Debug)]
        pub enum Position { #(#variants),* }
        positions!(Position { #(#lines),* });
    }
}

/// What a run that waits needs of its past, for other builds to compare
fn live(module: &Module<'_>, next: usize, position: &Position) -> TokenStream {
    let Position { action, answer, schema, kept, state, inputs, item, .. } = position;
    let (program, answer) = (module.program, answer.to_string());
    let schema: TokenStream = format!("0x{schema:08x}").parse().unwrap_or_default();
    let list = |method: TokenStream, rows: Vec<TokenStream>| {
        (!rows.is_empty()).then(|| quote!(.#method(&[#(#rows),*])))
    };
    let kept = kept.iter().zip(module.kept_fields(next)).map(|((temp, origin), field)| {
        let (field, ty) = (field.to_string(), program.temps[*temp].ty.to_string());
        quote!((#field, #ty, #origin))
    });
    let fields = state.iter().map(|needed| {
        let (name, ty) = (&program.state[needed.field].name, needed.ty.to_string());
        quote!((#name, #ty))
    });
    let untouched = state.iter().filter(|needed| needed.untouched).map(|needed| {
        let name = &program.state[needed.field].name;
        quote!(#name)
    });
    let inputs = inputs.iter().map(|input| {
        let name = &program.inputs[*input].name;
        quote!(#name)
    });
    let kept = list(quote!(kept), kept.collect());
    let fields = list(quote!(state), fields.collect());
    let untouched = list(quote!(untouched), untouched.collect());
    let inputs = list(quote!(inputs), inputs.collect());
    let item = item.then(|| quote!(.item()));
    quote!(live(#action, #answer, #schema) #kept #fields #untouched #inputs #item)
}

/// `Block`: a variant for each block that another one goes to
pub(super) fn blocks(module: &Module<'_>) -> TokenStream {
    let variants = targets(module).map(|at| {
        let (text, fields) = (doc(&module.block_title(at)), kept(module, at));
        let variant = &module.blocks[at].variant;
        if fields.is_empty() {
            quote!(#text #variant)
        } else {
            quote!(#text #variant { #(#fields),* })
        }
    });
    quote! {
        /// Where a run goes on, with what is kept for it
        pub enum Block { #(#variants),* }
    }
}

/// `impl Workflow for Machine`
pub(super) fn workflow(module: &Module<'_>) -> TokenStream {
    let info = info(module);
    let (templates, initial) = initial(module);
    let entry = &module.blocks[0].variant;
    let step_of = steps_by(&quote!(block), module, targets(module), |at| {
        let variant = &module.blocks[at].variant;
        let fields = (!module.program.blocks[at].live.is_empty()).then(|| quote!({ .. }));
        quote!(Block::#variant #fields)
    });
    let waiting_step =
        steps_by(&quote!(position), module, waiting(module).map(|(at, _)| at), |at| {
            let variant = &module.blocks[at].variant;
            quote!(Position::#variant { .. })
        });
    let (run, resume) = (run(module), resume(module));
    let (caught, failed) = (caught(module), failed(module));
    quote! {
        #templates

        impl Workflow for Machine {
            type Inputs = Inputs;
            type State = State;
            type Item = Item;
            type Block = Block;
            type Position = Position;

            const INFO: &'static Info = &#info;

            #initial

            fn entry() -> Block { Block::#entry }

            fn step_of(block: &Block) -> usize { #step_of }

            fn waiting_step(position: &Position) -> usize { #waiting_step }

            #run

            #resume

            #caught

            #failed
        }
    }
}

/// Where a block that fails leads, if any block says so
fn caught(module: &Module<'_>) -> Option<TokenStream> {
    let handled: Vec<_> = targets(module).filter(|at| handler(module, *at).is_some()).collect();
    let all = handled.len() == targets(module).count();
    let arms = handled.iter().map(|at| {
        let variant = &module.blocks[*at].variant;
        arm(module, &quote!(Block::#variant), *at, handler(module, *at))
    });
    let arms: Vec<_> = arms.collect();
    let rest = (!all).then(|| quote!(_ => None));
    (!arms.is_empty()).then(
        || quote!(fn caught(block: &Block) -> Option<Block> { match block { #(#arms,)* #rest } }),
    )
}

/// Where an action that fails leads, if any step that waits says so
fn failed(module: &Module<'_>) -> Option<TokenStream> {
    let handled: Vec<_> =
        waiting(module).filter(|(at, _)| handler(module, *at).is_some()).collect();
    let all = handled.len() == waiting(module).count();
    let arms = handled.iter().map(|(at, next)| {
        let variant = &module.blocks[*at].variant;
        arm(module, &quote!(Position::#variant), *next, handler(module, *at))
    });
    let arms: Vec<_> = arms.collect();
    let rest = (!all).then(|| quote!(_ => None));
    (!arms.is_empty()).then(|| {
        quote! {
            fn failed(position: &Position) -> Option<Block> {
                match position { #(#arms,)* #rest }
            }
        }
    })
}

fn handler(module: &Module<'_>, at: usize) -> Option<usize> {
    module.program.blocks[at].caught
}

/// From what is kept for one block to the handler, which keeps some of it
fn arm(
    module: &Module<'_>,
    from: &TokenStream,
    kept: usize,
    handler: Option<usize>,
) -> TokenStream {
    let Some(handler) = handler else { return quote!(#from => None) };
    let (live, names) = (&module.program.blocks[kept].live, module.kept_fields(kept));
    let wanted = &module.program.blocks[handler].live;
    let taken: Vec<_> = live.iter().zip(&names).filter(|(temp, _)| wanted.contains(temp)).collect();
    let pattern = taken.iter().map(|(_, name)| name);
    // `{ .. }` goes with variants that keep nothing as well.
    let rest = (taken.is_empty() || taken.len() < live.len()).then(|| quote!(..));
    let pattern = quote!({ #(#pattern,)* #rest });
    let given = wanted.iter().zip(module.kept_fields(handler)).filter_map(|(temp, field)| {
        let (_, name) = taken.iter().find(|(kept, _)| *kept == temp)?;
        Some(quote!(#field: #name.clone()))
    });
    let given: Vec<_> = given.collect();
    let variant = &module.blocks[handler].variant;
    let given = (!given.is_empty()).then(|| quote!({ #(#given),* }));
    quote!(#from #pattern => Some(Block::#variant #given))
}

fn info(module: &Module<'_>) -> TokenStream {
    let program = module.program;
    let (name, version, description) =
        (&program.name, &program.version, literal::string(&program.description));
    let (file, fingerprint, inline_task) =
        (&program.file, &program.fingerprint, program.inline_task);
    let tags = &program.tags;
    let input_schema = literal::string(&program.input_schema.to_string());
    let item = program.item.as_ref().unwrap_or(&Ty::Null).to_string();
    let result = program.result.to_string();
    let top_level_steps = Literal::usize_unsuffixed(program.top_level_steps);
    let steps = program.steps.iter().map(|step| {
        let (id, kind) = (&step.id, &step.kind);
        let (line, top) =
            (Literal::usize_unsuffixed(step.line), Literal::usize_unsuffixed(step.top));
        quote!(step(#id, #kind, #line, #top))
    });
    let (source, diagram, picture) = match program.inline_task {
        true => (quote!(""), quote!(""), quote!("")),
        false => (quote!(SOURCE), quote!(DIAGRAM), quote!(PICTURE)),
    };
    quote! {
        Info {
            name: #name,
            version: #version,
            description: #description,
            tags: &[#(#tags),*],
            file: #file,
            fingerprint: #fingerprint,
            input_schema: #input_schema,
            steps: &[#(#steps),*],
            top_level_steps: #top_level_steps,
            inline_task: #inline_task,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: #item,
            result: #result,
            positions: Position::LIVE,
            source: #source,
            diagram: #diagram,
            picture: #picture,
        }
    }
}

/// The texts that people look a workflow up by; an inline task stands in those of its workflow
pub(super) fn texts(program: &Program) -> TokenStream {
    if program.inline_task {
        return TokenStream::new();
    }
    let [source, diagram, picture] =
        [&program.source, &program.diagram, &program.picture].map(|text| literal::string(text));
    quote! {
        /// The YAML that this is
        const SOURCE: &str = #source;

        /// Its steps, as a Mermaid flowchart
        const DIAGRAM: &str = #diagram;

        /// The same, as SVG for a page
        const PICTURE: &str = #picture;
    }
}

/// The templates of the initial state, and the method that makes it
fn initial(module: &Module<'_>) -> (TokenStream, TokenStream) {
    let mut uses = Uses::default();
    let items = RefCell::default();
    let fields: Vec<_> = module
        .program
        .state
        .iter()
        .zip(&module.state)
        .map(|(field, name)| {
            uses.expr(&field.initial);
            let value = initial_scope(module, &items).expr(&field.initial).value();
            super::expr::field_init(name, &value)
        })
        .collect();
    let unused =
        |used: bool, name: &str| quote::format_ident!("{}{name}", if used { "" } else { "_" });
    let inputs = unused(uses.inputs, "inputs");
    let item = unused(uses.item, "item");
    let cx = unused(uses.place || uses.ambient, "cx");
    let method = quote! {
        fn initial(#inputs: &Inputs, #item: &Item, #cx: &mut Context) -> Result<State, Fault> {
            Ok(State { #(#fields),* })
        }
    };
    let items = items.into_inner();
    (quote!(#(#items)*), method)
}

fn initial_scope<'m>(module: &'m Module<'m>, items: &'m RefCell<Vec<TokenStream>>) -> Scope<'m> {
    Scope {
        module,
        step: None,
        what: "text",
        roots: Roots { prefix: TokenStream::new(), within: Within::Initial },
        temps: BTreeMap::new(),
        spent: RefCell::default(),
        locals: BTreeMap::new(),
        loops: BTreeMap::new(),
        closures: RefCell::default(),
        fallible: Cell::new(false),
        items,
    }
}

/// A match that gives the step of each variant
fn steps_by(
    value: &TokenStream,
    module: &Module<'_>,
    blocks: impl Iterator<Item = usize>,
    pattern: impl Fn(usize) -> TokenStream,
) -> TokenStream {
    let mut by_step: IndexMap<usize, Vec<TokenStream>> = IndexMap::new();
    for at in blocks {
        by_step.entry(module.program.blocks[at].step).or_default().push(pattern(at));
    }
    if by_step.is_empty() {
        return quote!(match *#value {});
    }
    let arms = by_step.iter().map(|(step, patterns)| {
        let step = Literal::usize_unsuffixed(*step);
        quote!(#(#patterns)|* => #step)
    });
    quote!(match #value { #(#arms),* })
}

fn run(module: &Module<'_>) -> TokenStream {
    let arms = targets(module).map(|at| {
        let (variant, fields) = (&module.blocks[at].variant, module.kept_fields(at));
        let call = call(module, at, &fields.iter().map(|field| quote!(#field)).collect::<Vec<_>>());
        let fields = (!fields.is_empty()).then(|| quote!({ #(#fields),* }));
        quote!(Block::#variant #fields => #call)
    });
    let needs = targets(module).map(|at| Needs::of(&module.program.blocks[at]));
    let (run, cx) = arguments(needs);
    quote! {
        fn run(
            block: Block,
            #run: &mut Run<Self>,
            #cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block { #(#arms),* }
        }
    }
}

fn resume(module: &Module<'_>) -> TokenStream {
    let blocks = &module.program.blocks;
    let arms = waiting(module).map(|(at, next)| {
        let (variant, fields) = (&module.blocks[at].variant, module.kept_fields(next));
        let mut given: Vec<_> = fields.iter().map(|field| quote!(#field)).collect();
        let answer = blocks[next].answer.map(|answer| {
            let rust = module.rust_in(&module.program.temps[answer].ty, Some(blocks[next].step));
            given.push(quote!(answer));
            quote!(let answer: #rust = Data::from_json(answer)?;)
        });
        let call = call(module, next, &given);
        quote!(Position::#variant { #(#fields),* } => { #answer Ok(#call?) })
    });
    let arms: Vec<_> = arms.collect();
    let takes = waiting(module).any(|(_, next)| blocks[next].answer.is_some());
    let answer = quote::format_ident!("{}", if takes { "answer" } else { "_answer" });
    let (run, cx) = arguments(waiting(module).map(|(_, next)| Needs::of(&blocks[next])));
    quote! {
        fn resume(
            position: Position,
            #answer: &Value,
            #run: &mut Run<Self>,
            #cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position { #(#arms),* }
        }
    }
}

/// The names of `run` and `cx` where blocks with these needs are called
fn arguments(needs: impl Iterator<Item = Needs>) -> (proc_macro2::Ident, proc_macro2::Ident) {
    let (mut run, mut cx) = (false, false);
    for needs in needs {
        run |= needs.run || needs.view;
        cx |= needs.cx;
    }
    let name = |used, name| quote::format_ident!("{}{name}", if used { "" } else { "_" });
    (name(run, "run"), name(cx, "cx"))
}

/// A call of a block's function
fn call(module: &Module<'_>, at: usize, kept: &[TokenStream]) -> TokenStream {
    let block = &module.program.blocks[at];
    let needs = Needs::of(block);
    let mut args = Vec::new();
    if needs.view {
        let view = module.build_view(block.step);
        args.push(quote!(&#view));
    }
    if needs.run {
        args.push(quote!(run));
    }
    args.extend(kept.iter().cloned());
    if needs.cx {
        args.push(quote!(cx));
    }
    let function = &module.blocks[at].function;
    quote!(#function(#(#args),*))
}

/// The fields that a block's kept values travel in, with their types
fn kept(module: &Module<'_>, block: usize) -> Vec<TokenStream> {
    let Block { live, step, .. } = &module.program.blocks[block];
    let fields = live.iter().zip(module.kept_fields(block)).map(|(temp, field)| {
        let temp = &module.program.temps[*temp];
        let rust = module.rust_in(&temp.ty, Some(*step));
        let text = doc(&literal::code(&temp.ty.to_string()));
        quote!(#text #field: #rust)
    });
    fields.collect()
}

/// The blocks that wait, each with the one that takes the answer
pub(super) fn waiting(module: &Module<'_>) -> impl Iterator<Item = (usize, usize)> {
    module.program.blocks.iter().enumerate().filter_map(|(at, block)| match block.end {
        End::Wait { next, .. } => Some((at, next)),
        _ => None,
    })
}

fn targets(module: &Module<'_>) -> impl Iterator<Item = usize> {
    (0..module.blocks.len()).filter(|at| module.blocks[*at].target)
}
