//! What is known while a workflow is being made: what may be read here, and what was read.

use crate::marks::Mark;
use crate::random::Random;
use crate::ty::Ty;
use crate::yaml::Node;

/// A function that may be called
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Ty],
    pub(crate) gives: Ty,
    /// Whether an agent answers it, which it cannot do everywhere
    pub(crate) agent: bool,
}

/// A workflow or task that others may run
#[derive(Clone, Debug)]
pub(crate) struct Child {
    /// How it is named there
    pub(crate) name: String,
    /// Its only required input, if it has one
    pub(crate) takes: Option<Ty>,
    /// What that input is called, where it is given by name
    pub(crate) input: Option<&'static str>,
    pub(crate) gives: Ty,
    /// Whether it asks the user
    pub(crate) prompts: bool,
}

/// Something that can be read: an input, a variable of a loop or a task
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) text: String,
    pub(crate) ty: Ty,
}

/// A state field
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) initial: Option<Node>,
    /// Whether it is certainly written here
    pub(crate) assigned: bool,
    pub(crate) read: bool,
}

/// One list of steps under way, and all that it may use
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Flow<'p> {
    pub(crate) random: &'p mut Random,
    pub(crate) functions: &'p [Function],
    pub(crate) children: &'p [Child],
    /// Inputs, variables of the task and of loops
    pub(crate) variables: Vec<Variable>,
    pub(crate) fields: Vec<Field>,
    /// Ids of the steps above, in this list and those around it
    pub(crate) earlier: Vec<String>,
    /// Inline tasks made so far
    pub(crate) tasks: Vec<(String, Node)>,
    /// Whether the file has keys to be merged into its steps
    pub(crate) has_defaults: bool,
    /// Whether inline tasks can still be added
    pub(crate) may_have_tasks: bool,
    /// Whether an agent function may stand in the expression that is being made
    pub(crate) may_ask: bool,
    pub(crate) may_prompt: bool,
    pub(crate) prompts: bool,
    /// What every `return` gives
    pub(crate) returns: Ty,
    /// How many steps may still be made
    pub(crate) budget: usize,
    pub(crate) named: usize,
    pub(crate) depth: usize,
}

impl Flow<'_> {
    /// A name that nothing has yet
    pub(crate) fn name(&mut self, stem: &str) -> String {
        self.named += 1;
        let between = self.random.pick(&["_", "", "__"]);
        format!("{stem}{between}{}", self.named)
    }

    /// Everything that can be read here, with its type
    pub(crate) fn readable(&self) -> Vec<Variable> {
        let fields = self.fields.iter().filter(|field| field.assigned).map(|field| Variable {
            text: format!("state.{}", Mark::State.on(&field.name)),
            ty: field.ty.clone(),
        });
        let mut all: Vec<Variable> = fields.chain(self.variables.iter().cloned()).collect();
        let mut at = 0;
        while at < all.len() {
            let inside = match &all[at].ty {
                Ty::Object(fields) => fields.clone(),
                _ => Vec::new(),
            };
            for (name, ty) in inside {
                let text = format!("{}.{}", all[at].text, Mark::Field.on(name));
                all.push(Variable { text, ty });
            }
            at += 1;
        }
        all
    }

    /// Something to read that fits, if there is something
    pub(crate) fn read(&mut self, fits: impl Fn(&Ty) -> bool) -> Option<(String, Ty)> {
        let mut all = self.readable();
        all.retain(|readable| fits(&readable.ty));
        if all.is_empty() {
            return None;
        }
        let found = self.random.pick(&all);
        Some((found.text, found.ty))
    }

    /// A new field; without a value at first it can be read once it is written
    ///
    /// What is stored is a text, though only some words are written: none of them is demanded.
    pub(crate) fn field(&mut self, ty: Ty, initial: Option<Node>) -> usize {
        let ty = ty.without_words();
        let stem = self.random.pick(&["plan", "found", "notes", "answer", "state_of", "type", "x"]);
        let name = self.name(stem);
        let assigned = initial.is_some();
        self.fields.push(Field { name, ty, initial, assigned, read: false });
        self.fields.len() - 1
    }

    /// A field that takes a value of that type; what is written is certain behind the step unless
    /// the step may be skipped
    pub(crate) fn target(&mut self, ty: &Ty, skipped: bool) -> (usize, bool) {
        let fits = |field: &Field| field.assigned && field.ty == *ty;
        let old: Vec<usize> = (0..self.fields.len()).filter(|at| fits(&self.fields[*at])).collect();
        if !old.is_empty() && self.random.percent(30) {
            return (self.random.pick(&old), false);
        }
        if !skipped {
            return (self.field(ty.clone(), None), true);
        }
        if matches!(ty, Ty::Maybe(_) | Ty::Any) || self.random.percent(50) {
            return (self.field(Ty::maybe(ty.clone()), Some(Node::raw("null"))), false);
        }
        let initial = ty.literal(self.random);
        (self.field(ty.clone(), Some(initial)), false)
    }
}
