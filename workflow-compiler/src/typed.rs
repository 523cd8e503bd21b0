//! The checked program: every expression with its type, every conversion spelt out. Code
//! generation reads this and decides nothing.

mod walk;

use std::collections::BTreeMap;
use std::fmt;

use semver::Version;
use serde_json::Value;

use crate::ir::{Origin, Patience};
use crate::source::Span;
use crate::template::ast::{BinaryOp, CompareOp, LogicOp, UnaryOp};
use crate::types::Ty;

/// A workflow or an inline task, checked
#[derive(Clone, Debug)]
pub struct Program {
    /// `planning:interactive`; `workflow/task` for an inline task
    pub name: String,
    /// Name of the generated module: `interactive_planning`, `interactive_planning_analyze_file`
    pub module: String,
    /// `1.0.0`
    pub version: String,
    /// The author's words, may be empty
    pub description: String,
    /// The words it is found by; an inline task has none
    pub tags: Vec<String>,
    /// The file as it is shown: `workflows/interactive-planning.yaml`
    pub file: String,
    /// Whether it is an inline task
    pub inline_task: bool,
    /// Changes whenever the program means something else
    pub fingerprint: String,
    /// The inputs in the order written
    pub inputs: Vec<Input>,
    /// JSON Schema of the inputs
    pub input_schema: Value,
    /// Type of `item` for an inline task that its parent starts
    pub item: Option<Ty>,
    /// The state fields: those of `initial_state` in the order written, then those written by steps
    pub state: Vec<Field>,
    /// Line of `initial_state:`, or of the file's first
    pub state_line: usize,
    /// All steps, nested ones too, in the order written
    pub steps: Vec<Step>,
    /// How many steps stand at the top level
    pub top_level_steps: usize,
    /// The blocks; the first is the entry
    pub blocks: Vec<Block>,
    /// The kept values ([`ExprKind::Temp`])
    pub temps: Vec<Temp>,
    /// What the run returns
    pub result: Ty,
    /// The text of its file; empty for an inline task
    pub source: String,
    /// Its steps as a Mermaid flowchart; empty for an inline task
    pub diagram: String,
    /// The same, as SVG for a page; empty for an inline task
    pub picture: String,
    /// The locked tools that it calls, by name, with what the lock says of each
    pub locked: BTreeMap<String, Value>,
}

impl Program {
    /// The programs that it starts as child runs; one may come twice
    ///
    /// Of several versions of a workflow it is the highest, as new runs have it; an inline task is
    /// that of its own file.
    pub fn children<'p>(&self, programs: &'p [Program]) -> impl Iterator<Item = &'p Program> {
        let names = self.blocks.iter().filter_map(|block| match &block.end {
            End::Wait { action: Action::Fork { program, .. }, .. } => Some(program),
            _ => None,
        });
        names.filter_map(move |name| {
            let named = programs.iter().filter(|other| other.name == *name);
            let mine = |other: &&Program| !other.inline_task || other.file == self.file;
            named.filter(mine).max_by_key(|other| Version::parse(&other.version).ok())
        })
    }
}

/// A kept value
#[derive(Clone, Debug)]
pub struct Temp {
    /// What a person would call it: `answer`, or the field it goes to; not unique
    pub hint: String,
    /// Its type
    pub ty: Ty,
    /// Where it comes from
    pub origin: Origin,
    /// The step that keeps it; that is told, for an error
    pub step: usize,
}

/// An input
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name
    pub name: String,
    /// Its type; `T?` where it is neither required nor defaulted
    pub ty: Ty,
    /// The author's words, may be empty
    pub description: String,
}

/// A state field
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name
    pub name: String,
    /// How it is stored: a field that has no value at first is `T?` here
    pub ty: Ty,
    /// What it begins with, already of type `ty`; null where nothing is said
    pub initial: Expr,
    /// Its line in the file
    pub line: usize,
}

/// A step
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id
    pub id: String,
    /// Its `type`
    pub kind: String,
    /// Its line
    pub line: usize,
    /// Which step of the top level it is or lies in
    pub top: usize,
    /// What it may read, with the type that a read of it has (a view's field)
    pub needs: Vec<Need>,
}

/// A state field that a step may read
#[derive(Clone, Debug)]
pub struct Need {
    /// Index into [`Program::state`]
    pub field: usize,
    /// The type at the read: the stored type, or `T` where a `T?` is certainly assigned
    pub ty: Ty,
}

/// Code that runs without waiting
#[derive(Clone, Debug)]
pub struct Block {
    /// Unique in the program: the step's id, `id.2` for its second block, and so on
    pub name: String,
    /// Index into [`Program::steps`]
    pub step: usize,
    /// The kept values that live when it is entered, without the answer
    pub live: Vec<usize>,
    /// If it is entered with an answer: the kept value that takes it
    pub answer: Option<usize>,
    /// The state fields that may be null when it is entered, as far as is known
    pub null: Vec<usize>,
    /// What is done, in order
    pub ops: Vec<Op>,
    /// Where it goes
    pub end: End,
    /// Where a failure leads, its own or that of what it waits for; nowhere if it ends the run.
    /// What lives there lives where the block is entered, and where it waits
    pub caught: Option<usize>,
}

/// A piece of a block
#[derive(Clone, Debug)]
pub enum Op {
    /// Computes a value and keeps it
    Let {
        /// Index into [`Program::temps`]
        temp: usize,
        /// The value, of the temp's type
        value: Expr,
    },
    /// Writes a state field
    Write {
        /// Index into [`Program::state`]
        field: usize,
        /// The value, of the field's stored type; reads no state (a temp or a constant)
        value: Expr,
    },
}

/// How a block ends
#[derive(Clone, Debug)]
pub enum End {
    /// Another block follows
    Jump(usize),
    /// One of two blocks follows
    Branch {
        /// What decides, of type bool
        test: Expr,
        /// If true
        then: usize,
        /// If false
        otherwise: usize,
    },
    /// The run waits; `next` is entered with the answer
    Wait {
        /// For what
        action: Action,
        /// JSON Schema of the answer
        result_schema: Value,
        /// How long, and how often
        patience: Box<Patience>,
        /// What follows, its `answer` set
        next: usize,
    },
    /// The run is done
    Return(Expr),
}

/// What is waited for
#[derive(Clone, Debug)]
pub enum Action {
    /// Somebody is asked
    Prompt {
        /// `text`, `confirm`, `choice`, `info`
        kind: &'static str,
        /// A string
        message: Expr,
        /// A list of strings, for `choice`
        options: Option<Expr>,
        /// Whether only the user may answer
        user_only: bool,
    },
    /// A tool is called
    McpCall {
        /// Its name
        tool: String,
        /// An object; its fields by name, each of type any
        parameters: Vec<(String, Expr)>,
    },
    /// The agent runs a command
    Shell {
        /// A string
        command: Expr,
    },
    /// Time passes
    Pause {
        /// A number of seconds
        seconds: Expr,
        /// A string
        message: Option<Expr>,
    },
    /// Work is handed to an agent
    Delegate {
        /// A string
        instructions: Expr,
        /// `@name`
        agent: Option<String>,
    },
    /// The agent answers a function call
    Call {
        /// The function
        function: String,
        /// A string: the function's own template with its arguments in it
        instructions: Expr,
        /// `@name`
        agent: Option<String>,
    },
    /// Child runs
    Fork {
        /// Name of the child's program
        program: String,
        /// Which children there are
        start: Children,
        /// `@name`
        agent: Option<String>,
        /// How many at once
        concurrency: usize,
        /// Whether a failed child leaves null
        keep_errors: bool,
    },
}

/// The children of a fork
#[derive(Clone, Debug)]
pub enum Children {
    /// One for each item
    Items {
        /// A list
        items: Box<Expr>,
        /// How an item becomes the child's inputs
        binding: Binding,
        /// What all children are given beside, each of the type that the child declares
        inputs: Vec<(String, Expr)>,
    },
    /// One, with these inputs, each of the type that the child declares
    One(Vec<(String, Expr)>),
}

/// How an item becomes a child's inputs
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The child declares no input
    None,
    /// One input takes the item whole
    Whole(String),
    /// An object's fields are these inputs; what else it has is left out
    Fields(Vec<String>),
    /// An object's fields where the item is an object with no other than the child's inputs, else
    /// one input takes it whole: decided when the run gets there
    Either {
        /// That input
        whole: String,
        /// All inputs of the child
        inputs: Vec<String>,
    },
}

/// An expression with its type
#[derive(Clone)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// Its type
    pub ty: Ty,
    /// Where it was written
    pub span: Span,
}

/// Says what is meant, not where it was written: the same text for the same meaning
impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.ty)
    }
}

/// What an expression is; operands are converted already, so that each node's Rust is plain
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`; of type null or `T?`
    Null,
    /// A truth value
    Bool(bool),
    /// An integer
    Int(i64),
    /// A fraction
    Float(f64),
    /// A text
    Str(String),
    /// A list whose items are all of the item type
    List(Vec<Expr>),
    /// An object: of type object (fields in the order of the type) or open (any values)
    Object(Vec<(String, Expr)>),
    /// An input: index into [`Program::inputs`]
    Input(usize),
    /// A state field, of the type that the step's [`Need`] has: index into [`Program::state`]
    State(usize),
    /// `item` of an inline task
    Item,
    /// `index`, `total`, `is_first`, `is_last`
    Place(PlaceVar),
    /// A kept value
    Temp(usize),
    /// A variable of a template, by the number that its `for` or `set` gives it
    Local(usize),
    /// `loop.…` of the `for` whose variable has this number
    Loop {
        /// Which `for`
        of: usize,
        /// Which property
        var: LoopVar,
    },
    /// `loop.cycle(…)`, `loop.changed(…)`
    LoopCall {
        /// Which `for`
        of: usize,
        /// Which method
        method: LoopMethod,
        /// What it is called with
        values: Vec<Expr>,
    },
    /// A field of a known object
    Field(Box<Expr>, String),
    /// A key of an open object or of an `any`; gives any
    Key(Box<Expr>, String),
    /// `of[index]`: a list with an int, a string with an int, or any with any
    Index(Box<Expr>, Box<Expr>),
    /// A slice of a list, a string or an any; bounds are ints
    Slice {
        /// What is cut
        of: Box<Expr>,
        /// First element taken
        start: Option<Box<Expr>>,
        /// First element no longer taken
        stop: Option<Box<Expr>>,
        /// Stride
        step: Option<Box<Expr>>,
    },
    /// Minus or plus a number or an any; `not` a bool
    Unary(UnaryOp, Box<Expr>),
    /// Both operands of one type: int, float, number, string, list or any. `/` of ints gives float
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Operands of one type for each comparison; a chain was cut into `and`s
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Both of the node's type; gives the operand that decided
    Logic(LogicOp, Box<Expr>, Box<Expr>),
    /// `then if test else otherwise`: test is bool, both values of the node's type
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The truth of a value: gives bool
    Truth(Box<Expr>),
    /// How a value prints: gives string
    Show(Box<Expr>),
    /// `value is none`, `is not none`: gives bool
    IsNull(Box<Expr>, bool),
    /// A filter or function of the runtime
    Builtin {
        /// Path below the runtime crate: `filters::upper`
        path: &'static str,
        /// Its arguments, of its parameters' types
        args: Vec<Arg>,
        /// Whether it can fail
        fallible: bool,
    },
    /// A list gone through with an expression over its items
    Each(Box<Each>),
    /// The error that led to a block which catches one
    Caught,
    /// `now()`, `uuid()`, `random()`: a method of the context
    Ambient(&'static str),
    /// A host function
    Host {
        /// Its name
        name: String,
        /// Its arguments with the Rust type that each parameter has
        args: Vec<(Expr, HostType)>,
    },
    /// A text with templates in it: gives string
    Template(Box<Template>),
    /// The same value as a wider type (int to number, T to `T?`, anything to any, …): cannot fail
    Widen(Box<Expr>),
    /// The value as a narrower type (any to T, number to int): checked when the run gets there
    Cast(Box<Expr>),
    /// A `T?` that is certainly there, as T
    Present(Box<Expr>),
}

/// A list gone through with an expression over its items: `map`, `select`, `sort`, …
#[derive(Clone, Debug)]
pub struct Each {
    /// Path below the runtime crate: `filters::map`; takes the list, the arguments, a closure
    pub path: &'static str,
    /// What is computed once before: numbers of [`ExprKind::Local`] with their values
    pub once: Vec<(usize, Expr)>,
    /// A list
    pub items: Expr,
    /// Further arguments, truth values
    pub args: Vec<Expr>,
    /// Whether the function also takes how to make an object of a value and the items it is of
    pub grouped: bool,
    /// The number of the [`ExprKind::Local`] that stands for the item
    pub local: usize,
    /// The expression
    pub body: Expr,
}

/// An argument of a builtin
#[derive(Clone, Debug)]
pub enum Arg {
    /// A value
    Given(Expr),
    /// An optional parameter: `Some(value)` or `None`
    Optional(Option<Expr>),
}

/// Where a child stands among its siblings
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceVar {
    /// From 0
    Index,
    /// How many
    Total,
    /// Whether `index` is 0
    IsFirst,
    /// Whether `index` is `total - 1`
    IsLast,
}

/// A property of `loop`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopVar {
    /// From 1
    Index,
    /// From 0
    Index0,
    /// From the end, to 1
    Revindex,
    /// From the end, to 0
    Revindex0,
    /// Whether it is the first
    First,
    /// Whether it is the last
    Last,
    /// How many
    Length,
    /// The item before, or null
    Previtem,
    /// The item after, or null
    Nextitem,
}

/// A method of `loop`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopMethod {
    /// One value after the other, of the node's type
    Cycle,
    /// Whether the values, each of type any, are not those of the round before: gives bool
    Changed,
}

/// The Rust type of a host function's parameter
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostType {
    /// `&str`
    Str,
    /// `&[T]` or `&Vec<T>`, `&Value`, `&T`: by reference
    Reference,
    /// `String`, `Vec<T>`, `Value`, `bool`, `f64`, `i64`, `Option<T>`: by value
    Value,
    /// An integer that is not `i64`, by its name
    Integer(String),
}

/// A text with templates in it, checked
#[derive(Clone, Debug)]
pub struct Template {
    /// What it is made of
    pub parts: Vec<Part>,
}

/// A piece of a template
#[derive(Clone, Debug)]
pub enum Part {
    /// Text
    Text(String),
    /// A string that is put in
    Output(Expr),
    /// Tests are bools
    If {
        /// Each test with its parts
        branches: Vec<(Expr, Vec<Part>)>,
        /// The rest
        otherwise: Vec<Part>,
        /// Variables that live on behind it: each branch and the rest end with setting them
        sets: Vec<(usize, String)>,
    },
    /// Goes through a list
    For(Box<For>),
    /// Sets a variable, until the end of the parts that it stands among
    Set {
        /// Its number and name
        target: (usize, String),
        /// The value
        value: Expr,
    },
}

/// A `{% for %}`
#[derive(Clone, Debug)]
pub struct For {
    /// Number and name of its variable
    pub target: (usize, String),
    /// Variables that are made of each item, before the filter and the body
    pub unpack: Vec<((usize, String), Expr)>,
    /// A list
    pub items: Expr,
    /// Type of an item
    pub item: Ty,
    /// A bool: items for which it is false are left out, and not counted
    pub filter: Option<Expr>,
    /// Parts for each
    pub body: Vec<Part>,
    /// Parts if there is none
    pub otherwise: Vec<Part>,
}
