//! The small closed language that step types lower to: assign, branch, wait for an action, fork
//! children, jump, return. Expressions are still the author's, with their places; types come
//! later.

mod hoist;
mod jumps;
mod lower;
mod project;
mod walk;

pub use hoist::for_free_names;
pub use jumps::OnError;
pub use lower::{Lowering, agent_function_here};
pub use project::{lower_functions, lower_workflows, name_programs};
pub use walk::{children, children_mut, expressions, is_broken, names_state};

use std::collections::BTreeMap;

use serde_json::Value;

use crate::source::{FileId, Span, Spanned};
use crate::syntax::schema::Schema;
use crate::template::ast::Expr;
use crate::types::Ty;
use crate::yaml::NodeId;

/// Names a program of a compilation
pub type ProgramId = usize;
/// Names a block of a [`Program`]
pub type BlockId = usize;
/// Names a kept value of a [`Program`]
pub type TempId = usize;
/// Names a state field of a [`Program`]
pub type FieldId = usize;
/// Names a step of a [`Program`]
pub type StepId = usize;

/// A workflow or an inline task, lowered
#[derive(Debug)]
pub struct Program {
    /// `planning:interactive`; `workflow/task` for an inline task
    pub name: Spanned<String>,
    /// The file's stem, or stem and task
    pub stem: String,
    /// `1.0.0`; `0.0.0` where it cannot be read, which was reported
    pub version: String,
    /// The author's words, may be empty
    pub description: String,
    /// The words it is found by; an inline task has none
    pub tags: Vec<String>,
    /// Its file
    pub file: FileId,
    /// The mapping that holds it: a file's top, or a task's own
    pub node: NodeId,
    /// Whether it is an inline task
    pub inline_task: bool,
    /// The declared inputs
    pub inputs: Vec<Input>,
    /// The state fields: declared ones first
    pub fields: Vec<Field>,
    /// Where `initial_state:` stands
    pub state_span: Span,
    /// What could not be read, so that nothing is said of what it lacks
    pub unread: Unread,
    /// What `return` must give
    pub output: Option<Schema>,
    /// All steps, nested ones too
    pub steps: Vec<Step>,
    /// How many stand at the top level
    pub top_level_steps: usize,
    /// The blocks; the first is the entry
    pub blocks: Vec<Block>,
    /// The kept values
    pub temps: Vec<Temp>,
    /// What `error` means in the steps that an `on_error` leads to
    pub errors: BTreeMap<StepId, TempId>,
    /// Where steps decide which way the run goes, for those who draw it
    pub decisions: Vec<Decision>,
}

/// A decision of a step, as its author wrote it: by then an agent's answers may have made several
/// branches of it
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// What it asks
    pub asks: Question,
    /// The block that begins with the test
    pub begins: BlockId,
    /// The expression
    pub test: Span,
    /// Where the run goes if it is true
    pub then: BlockId,
    /// Where it goes if it is false
    pub otherwise: BlockId,
}

/// What a decision asks
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether its step is done at all: a `when`
    Gate,
    /// Which of two ways the run goes
    Fork,
    /// Whether a jump was made fewer times than it may be
    Bound(u64),
}

/// Parts of a program that are there and could not be read, which was reported
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each part may be unread by itself")]
pub struct Unread {
    /// `inputs`
    pub inputs: bool,
    /// `initial_state`, or steps that may write fields
    pub state: bool,
    /// Where a step jumps to
    pub jumps: bool,
    /// `tasks`
    pub tasks: bool,
}

/// A declared input
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name
    pub name: Spanned<String>,
    /// What it takes
    pub schema: Schema,
}

/// A state field
#[derive(Debug)]
pub struct Field {
    /// Its name
    pub name: String,
    /// Where it was first named: in `initial_state`, else by a step that writes it
    pub span: Span,
    /// What it begins with, if `initial_state` says
    pub initial: Option<Expr>,
}

/// A step
#[derive(Debug)]
pub struct Step {
    /// Its id
    pub id: Spanned<String>,
    /// Its `type`
    pub kind: &'static str,
    /// Its mapping
    pub node: NodeId,
    /// The fields it lists in `needs_state`
    pub needs: Vec<Spanned<String>>,
    /// Whether its `needs_state` could not be read, so that nothing is said about what it lacks
    pub lists_all: bool,
    /// The list of `needs_state`, if it has one
    pub needs_node: Option<NodeId>,
    /// Which step of the top level it is or lies in
    pub top: usize,
    /// The lists of steps that it stands in, outermost first, each by a number of its own
    pub lists: Vec<usize>,
    /// Its first block, where jumps to it go
    pub entry: BlockId,
}

impl Step {
    /// The list that it stands in
    fn list(&self) -> &usize {
        self.lists.last().unwrap_or(&0)
    }
}

/// A kept value
#[derive(Debug)]
pub struct Temp {
    /// What a person would call it
    pub hint: String,
    /// Where it comes from
    pub origin: Origin,
    /// The step that keeps it; that is told, for an error
    pub step: StepId,
}

/// Where a kept value comes from
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A step computes it, or it is the answer to what the step waits for
    #[default]
    Step,
    /// How often a `goto` has jumped: 0 before the first step
    Jumps,
    /// The error that led to a step: null where none did
    Error,
}

/// Code that runs without waiting
#[derive(Debug)]
pub struct Block {
    /// The step it belongs to; a block before or behind all steps belongs to the nearest
    pub step: StepId,
    /// Takes the answer, if the block is entered with one
    pub answer: Option<TempId>,
    /// What is done, in order
    pub ops: Vec<Op>,
    /// Where it goes
    pub end: End,
    /// Where a failure leads: its own, or that of what it waits for; nowhere if it ends the run
    pub caught: Option<Caught>,
}

/// Where a failure leads
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caught {
    /// The block that goes on
    pub handler: BlockId,
    /// Where the step says so
    pub span: Span,
}

/// The blocks that can follow a block, where it fails too
pub fn successors(block: &Block) -> Vec<BlockId> {
    let mut next = match block.end {
        End::Jump(next) | End::Wait { next, .. } => vec![next],
        End::Branch { then, otherwise, .. } => vec![then, otherwise],
        End::Return { .. } | End::Open => Vec::new(),
    };
    next.extend(block.caught.filter(|_| can_fail(block)).map(|caught| caught.handler));
    next
}

/// Whether anything can go wrong in a block: not in one that only leads on
pub fn can_fail(block: &Block) -> bool {
    !block.ops.is_empty() || !matches!(block.end, End::Jump(_) | End::Open)
}

/// A piece of a block
#[derive(Debug)]
pub enum Op {
    /// Computes a value and keeps it
    Let {
        /// Where it is kept
        temp: TempId,
        /// The value
        value: Expr,
        /// The type it must fit, with what demands it, if anything does
        expect: Option<Expected>,
    },
    /// Keeps the error that led here
    Catch {
        /// Where it is kept
        temp: TempId,
        /// Where the author says so
        span: Span,
    },
    /// Writes a kept value to a state field
    Write {
        /// Which field
        field: FieldId,
        /// The kept value
        temp: TempId,
        /// Where the author says so
        span: Span,
    },
}

/// A type that a value must fit, and who says so
#[derive(Clone, Debug)]
pub struct Expected {
    /// The type
    pub ty: Ty,
    /// In words: "parameter `query` of `f`"
    pub by: String,
    /// Where that is written
    pub span: Option<Span>,
}

/// How a block ends
#[derive(Debug)]
pub enum End {
    /// Not yet known; never left in a finished program
    Open,
    /// Another block follows
    Jump(BlockId),
    /// One of two blocks follows
    Branch {
        /// What decides, by its truth
        test: Expr,
        /// If true
        then: BlockId,
        /// If false
        otherwise: BlockId,
    },
    /// The run waits; `next` is entered with the answer
    Wait {
        /// For what
        action: Action,
        /// What the answer is
        answer: AnswerType,
        /// How long, and how often
        patience: Box<Patience>,
        /// What follows
        next: BlockId,
    },
    /// The run is done
    Return {
        /// What it gives; nothing is null
        value: Option<Expr>,
        /// The step's `value`, or the whole program where its steps just end
        span: Span,
    },
}

/// How long an answer is waited for, and how often
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Patience {
    /// Seconds until an attempt fails
    pub timeout: Option<f64>,
    /// How often it is tried again
    pub retry: Option<Retry>,
}

/// How often what failed is tried again
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// Attempts in all, the first one too
    pub max_attempts: u32,
    /// Seconds before the second attempt
    pub backoff_seconds: f64,
    /// By what the pause grows with each further attempt
    pub backoff_factor: f64,
}

/// What is waited for
#[derive(Debug)]
pub enum Action {
    /// Somebody is asked
    Prompt {
        /// `text`, `confirm`, `choice`, `info`
        kind: &'static str,
        /// The words
        message: Expr,
        /// What can be chosen, for `choice`: a list of texts
        options: Option<Box<Expr>>,
        /// Whether only the user may answer
        user_only: bool,
    },
    /// A tool is called
    McpCall {
        /// Its name
        tool: Spanned<String>,
        /// An object
        parameters: Vec<(Spanned<String>, Expr)>,
    },
    /// The agent runs a command
    Shell {
        /// The command line
        command: Expr,
    },
    /// Time passes
    Pause {
        /// How long, in seconds
        seconds: Expr,
        /// What is waited for, in words
        message: Option<Box<Expr>>,
    },
    /// Work is handed to an agent
    Delegate {
        /// What to do
        instructions: Expr,
        /// `@name`
        agent: Option<String>,
    },
    /// The agent answers a function call
    Call {
        /// The function
        function: String,
        /// The function's own template, its parameters replaced by kept values
        instructions: Expr,
        /// `@name`
        agent: Option<String>,
    },
    /// Child runs
    Fork(Box<Fork>),
}

/// Child runs
#[derive(Debug)]
pub struct Fork {
    /// The child's program; `None` if there is none of that name, which is reported
    pub program: Option<ProgramId>,
    /// Where the task is named
    pub task: Spanned<String>,
    /// Which children there are
    pub start: Children,
    /// `@name`
    pub agent: Option<String>,
    /// How many at once
    pub concurrency: usize,
    /// Whether a failed child leaves null
    pub keep_errors: bool,
}

/// The children of a fork
#[derive(Debug)]
pub enum Children {
    /// One for each item of a list; all of them get what is given
    Items(Expr, Given),
    /// One, with what is given
    One(Given),
}

/// The inputs that a fork gives its children by name
#[derive(Debug)]
pub struct Given {
    /// Each input that is given
    pub inputs: Vec<(Spanned<String>, Expr)>,
    /// Where it is marked that one is missing
    pub span: Span,
    /// Whether there is more that could not be read, which was reported
    pub unread: bool,
}

impl Given {
    /// The values that are given
    pub fn values(&self) -> impl Iterator<Item = &Expr> {
        self.inputs.iter().map(|(_, value)| value)
    }
}

/// What the answer to an action is
#[derive(Clone, Debug)]
pub enum AnswerType {
    /// Known beforehand, with its JSON Schema
    Known(Ty, Value),
    /// Anything; what the workflow reads of it is demanded of the answer
    Any,
    /// The list of what the fork's children return
    Children,
}
