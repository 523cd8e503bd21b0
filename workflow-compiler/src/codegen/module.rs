//! What all parts of one module share: the program, its names, and the structs met so far.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};

use super::Options;
use super::literal::code;
use super::names::{CLOSURES, FUNCTIONS, Names, TYPES, VARIABLES};
use super::shapes::{Hint, Shapes};
use super::uses::Uses;
use crate::typed::{Block, End, Program};
use crate::types::{Shape, Ty};

/// A module in the making
pub(super) struct Module<'p> {
    pub program: &'p Program,
    pub options: &'p Options<'p>,
    /// Field of `Inputs` for each input
    pub inputs: Vec<Ident>,
    /// Field of `State` for each state field
    pub state: Vec<Ident>,
    /// Names for each block
    pub blocks: Vec<BlockNames>,
    /// Field of a view for each state field
    pub view_fields: Vec<Ident>,
    /// For each step, the struct of what it may read
    pub views: Vec<Ident>,
    shapes: RefCell<Shapes>,
    types: RefCell<Names>,
}

/// What a block is called
pub(super) struct BlockNames {
    /// Its function
    pub function: Ident,
    /// Its variant among the blocks, or among the positions if it waits
    pub variant: Ident,
    /// Whether another block goes on here
    pub target: bool,
}

impl<'p> Module<'p> {
    pub(super) fn new(program: &'p Program, options: &'p Options<'p>) -> Self {
        let fields = |names: &[&str], reserved| {
            let mut taken = Names::without(reserved);
            names.iter().map(|name| taken.snake(name)).collect::<Vec<_>>()
        };
        let inputs: Vec<_> = program.inputs.iter().map(|input| input.name.as_str()).collect();
        let state: Vec<_> = program.state.iter().map(|field| field.name.as_str()).collect();
        let mut types = Names::without(TYPES);
        let module = Self {
            program,
            options,
            inputs: fields(&inputs, &[]),
            state: fields(&state, &[]),
            view_fields: fields(&state, &["inputs", "item", "place"]),
            blocks: block_names(program),
            views: program.steps.iter().map(|step| types.pascal(&step.id)).collect(),
            shapes: RefCell::default(),
            types: RefCell::new(types),
        };
        module.name_shapes();
        module
    }

    /// Names what the program keeps in its own words before expressions are looked at
    fn name_shapes(&self) {
        let program = self.program;
        for input in &program.inputs {
            self.rust(&input.ty, &Hint::new(&input.name, format!("inputs.{}", input.name)));
        }
        for field in &program.state {
            self.rust(&field.ty, &Hint::new(&field.name, format!("state.{}", field.name)));
        }
        for block in &program.blocks {
            if let Some(answer) = block.answer {
                let step = &program.steps[block.step].id;
                let hint = Hint::new(format!("{step}_answer"), format!("{step}.answer"));
                self.rust(&program.temps[answer].ty, &hint);
            }
        }
    }

    /// The Rust type; an object that is new to the module is named after the hint
    pub(super) fn rust(&self, ty: &Ty, hint: &Hint) -> TokenStream {
        self.shapes.borrow_mut().rust(ty, hint, &mut self.types.borrow_mut())
    }

    /// The Rust type of a value that comes up in a step
    pub(super) fn rust_in(&self, ty: &Ty, step: Option<usize>) -> TokenStream {
        self.rust(ty, &self.hint_in(step))
    }

    /// The struct of a shape that comes up in a step
    pub(super) fn struct_in(&self, shape: &Shape, step: Option<usize>) -> Ident {
        let hint = self.hint_in(step);
        self.shapes.borrow_mut().of(shape, &hint, &mut self.types.borrow_mut())
    }

    fn hint_in(&self, step: Option<usize>) -> Hint {
        let id = step.map_or("initial_state", |step| self.program.steps[step].id.as_str());
        Hint::new(format!("{id}_value"), id)
    }

    /// The field of a struct that a key is kept in
    pub(super) fn field(&self, shape: &Shape, key: &str, step: Option<usize>) -> Ident {
        self.struct_in(shape, step);
        let found = self.shapes.borrow().field(shape, key);
        // The checker gives no key that the shape does not have.
        found.unwrap_or_else(|| Names::default().snake(key))
    }

    /// A type name that nothing else in the module has
    pub(super) fn type_name(&self, text: &str) -> Ident {
        self.types.borrow_mut().pascal(text)
    }

    /// The structs that the program's objects are
    pub(super) fn structs(&self) -> TokenStream {
        self.shapes.borrow_mut().items(&mut self.types.borrow_mut())
    }

    /// All that the blocks of a step read
    pub(super) fn uses_of_step(&self, step: usize) -> Uses {
        let mut uses = Uses::default();
        for block in self.program.blocks.iter().filter(|block| block.step == step) {
            uses.merge(&Uses::of_block(block));
        }
        uses
    }

    /// The fields that a block's kept values travel in, and its parameters for them
    pub(super) fn kept_fields(&self, block: usize) -> Vec<Ident> {
        // `answer` is what comes in beside them, `at` what a position begins with in JSON.
        let mut names = Names::without(VARIABLES).and(CLOSURES).and(["answer", "at"]);
        let live = self.program.blocks[block].live.iter();
        live.map(|temp| names.snake(&self.program.temps[*temp].hint)).collect()
    }

    /// What a block is, in words
    pub(super) fn block_title(&self, at: usize) -> String {
        let block = &self.program.blocks[at];
        let (step, place) = (&self.program.steps[block.step], self.place(block.step));
        if block.answer.is_some() {
            format!("{place}: goes on with the answer")
        } else if block.name == step.id {
            format!("{place}: {}", step.kind)
        } else {
            format!("{place}: {}, goes on", step.kind)
        }
    }

    /// Where a step stands in the file, as a description begins with it: `` `id`, x.yaml:77 ``
    pub(super) fn place(&self, step: usize) -> String {
        let step = &self.program.steps[step];
        format!("{}, {}:{}", code(&step.id), self.program.file, step.line)
    }
}

fn block_names(program: &Program) -> Vec<BlockNames> {
    let mut waiting = BTreeMap::new();
    let mut targets = BTreeSet::from([0]);
    for block in &program.blocks {
        targets.extend(block.caught);
        match block.end {
            End::Jump(to) => targets.extend([to]),
            End::Branch { then, otherwise, .. } => targets.extend([then, otherwise]),
            End::Wait { next, .. } => _ = waiting.insert(next, &block.name),
            End::Return(_) => {}
        }
    }
    let mut functions = Names::without(FUNCTIONS);
    let mut variants = Names::default();
    let name = |(at, block): (usize, &Block)| {
        let called = match waiting.get(&at) {
            Some(name) => format!("{name}_answered"),
            None => block.name.clone(),
        };
        let function = functions.snake(&called);
        BlockNames {
            function,
            variant: variants.pascal(&block.name),
            target: targets.contains(&at),
        }
    };
    program.blocks.iter().enumerate().map(name).collect()
}
