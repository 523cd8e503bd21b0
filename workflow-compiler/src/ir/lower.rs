//! Builds a [`Program`]: what a step type lowers with.
//!
//! A cursor stands at the block that is being filled. Waiting, branching and returning end that
//! block and move the cursor on, so that a step type reads top to bottom like the step runs.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::names::Names;
use crate::source::{Span, Spanned};
use crate::template::ast::{Expr, ExprKind, LogicOp, UnaryOp};
use crate::yaml::Document;

use super::jumps::Jump;
use super::{
    Action, AnswerType, Block, BlockId, Caught, Decision, End, Expected, Field, FieldId, Op,
    Origin, Patience, Program, Question, Step, StepId, Temp, TempId,
};

/// A program being built
pub struct Lowering<'a> {
    /// The file's tree
    pub doc: &'a Document,
    /// What can be called and started
    pub names: &'a Names,
    /// What is wrong so far
    pub diagnostics: &'a mut Diagnostics,
    /// The program so far
    pub program: Program,
    /// The block being filled
    pub(super) block: BlockId,
    /// The step being lowered
    pub(super) step: StepId,
    /// The first block of the step being lowered
    entry: Option<BlockId>,
    /// How deep in nested lists
    depth: usize,
    /// How many lists of steps there were so far
    lists: usize,
    /// The lists around the cursor, outermost first
    around: Vec<usize>,
    /// How long and how often the step being lowered waits
    pub patience: Patience,
    /// Where a failure of the step being lowered leads
    pub(super) caught: Option<Caught>,
    /// How often the step being lowered has called an agent function so far
    pub(super) calls: usize,
    /// The jumps so far
    pub(super) jumps: Vec<Jump>,
}

impl<'a> Lowering<'a> {
    /// Begins with an empty entry block
    pub fn new(
        doc: &'a Document,
        names: &'a Names,
        diagnostics: &'a mut Diagnostics,
        program: Program,
    ) -> Self {
        let mut lowering = Self {
            doc,
            names,
            diagnostics,
            program,
            block: 0,
            step: 0,
            entry: None,
            depth: 0,
            lists: 1,
            around: vec![0],
            patience: Patience::default(),
            caught: None,
            calls: 0,
            jumps: Vec::new(),
        };
        // Before the first step there is a place for what jumps need.
        lowering.new_block();
        let first = lowering.new_block();
        lowering.end(End::Jump(first));
        lowering.block = first;
        lowering
    }

    /// Ends the program: where its steps just end, the run returns null
    pub fn finish(mut self) -> Program {
        let span = self.program.name.span;
        self.end(End::Return { value: None, span });
        self.resolve_jumps();
        self.program
    }

    /// Begins a step: its code stands in blocks of its own
    pub fn begin_step(&mut self, step: Step) -> StepId {
        (self.caught, self.calls) = (None, 0);
        self.program.steps.push(step);
        self.step = self.program.steps.len() - 1;
        // A step without code keeps its block all the same: it is reached like any other.
        if self.is_fresh() && self.entry != Some(self.block) {
            let block = &mut self.program.blocks[self.block];
            (block.step, block.caught) = (self.step, None);
        } else {
            let block = self.new_block();
            self.end(End::Jump(block));
            self.block = block;
        }
        self.entry = Some(self.block);
        let begun = &mut self.program.steps[self.step];
        (begun.entry, begun.lists) = (self.block, self.around.clone());
        self.step
    }

    /// Lowers a list of steps below the current one
    pub fn nested(&mut self, lower: impl FnOnce(&mut Self)) {
        let outer = (self.step, self.patience, self.caught.take(), self.calls);
        self.depth += 1;
        self.around.push(self.lists);
        self.lists += 1;
        lower(self);
        self.around.pop();
        self.depth -= 1;
        (self.step, self.patience, self.caught, self.calls) = outer;
    }

    /// The top-level index that the next step has
    pub fn top(&self) -> usize {
        if self.depth == 0 {
            self.program.top_level_steps
        } else {
            self.program.steps[self.step].top
        }
    }

    /// Whether the cursor stands in the top-level list
    pub fn at_top_level(&self) -> bool {
        self.depth == 0
    }

    /// Keeps a value; `expect` is what it must fit
    pub fn keep(&mut self, hint: &str, value: Expr, expect: Option<Expected>) -> TempId {
        let temp = self.new_temp(hint);
        self.op(Op::Let { temp, value, expect });
        temp
    }

    /// Keeps a value in a place that exists, as the branches of one value do
    pub fn keep_in(&mut self, temp: TempId, value: Expr) {
        self.op(Op::Let { temp, value, expect: None });
    }

    /// A new kept value
    pub fn new_temp(&mut self, hint: &str) -> TempId {
        self.new_temp_of(hint, Origin::Step, self.step)
    }

    pub(super) fn new_temp_of(&mut self, hint: &str, origin: Origin, step: StepId) -> TempId {
        self.program.temps.push(Temp { hint: hint.to_owned(), origin, step });
        self.program.temps.len() - 1
    }

    /// Writes a kept value to a state field, which is declared by being written
    pub fn write(&mut self, field: &Spanned<String>, temp: TempId) {
        let id = self.field(field);
        self.op(Op::Write { field: id, temp, span: field.span });
    }

    /// Waits for an action; gives the kept answer
    pub fn wait(&mut self, action: Action, answer: AnswerType) -> TempId {
        let temp = self.new_temp("answer");
        let next = self.new_block();
        self.program.blocks[next].answer = Some(temp);
        self.end(End::Wait { action, answer, patience: self.patience.into(), next });
        self.block = next;
        temp
    }

    /// Does something only if a test holds: the `when` of a step
    pub fn gate(&mut self, test: Expr, then: impl FnOnce(&mut Self)) {
        self.decision(Question::Gate, test, then, |_| ());
    }

    /// Branches by the truth of a test, in which agents may be asked; both ways meet again behind
    /// it, unless one returned
    pub fn branch(
        &mut self,
        test: Expr,
        then: impl FnOnce(&mut Self),
        otherwise: impl FnOnce(&mut Self),
    ) {
        self.decision(Question::Fork, test, then, otherwise);
    }

    pub(super) fn decision(
        &mut self,
        asks: Question,
        test: Expr,
        then: impl FnOnce(&mut Self),
        otherwise: impl FnOnce(&mut Self),
    ) {
        let (begins, yes, no) = (self.block, self.new_block(), self.new_block());
        let decision = Decision { asks, begins, test: test.span, then: yes, otherwise: no };
        self.program.decisions.push(decision);
        self.branch_to(test, yes, no, then, otherwise);
    }

    /// As [`branch`](Self::branch), inside an expression: nobody would call it a decision
    pub(super) fn choose(
        &mut self,
        test: Expr,
        then: impl FnOnce(&mut Self),
        otherwise: impl FnOnce(&mut Self),
    ) {
        let (yes, no) = (self.new_block(), self.new_block());
        self.branch_to(test, yes, no, then, otherwise);
    }

    fn branch_to(
        &mut self,
        test: Expr,
        yes: BlockId,
        no: BlockId,
        then: impl FnOnce(&mut Self),
        otherwise: impl FnOnce(&mut Self),
    ) {
        self.decide(test, yes, no);
        self.block = yes;
        then(self);
        let after_then = self.block;
        self.block = no;
        otherwise(self);
        let after_otherwise = self.block;
        let join = self.new_block();
        for block in [after_then, after_otherwise] {
            self.block = block;
            self.end(End::Jump(join));
        }
        self.block = join;
    }

    /// Goes on at one of two blocks. What stands behind an `and` or `or` gets blocks of its own where
    /// it waits, so that what was tested before it is known there.
    fn decide(&mut self, mut test: Expr, yes: BlockId, no: BlockId) {
        if self.waits(&test) {
            match test.kind {
                ExprKind::Unary { op, operand } if op.value == UnaryOp::Not => {
                    return self.decide(*operand, no, yes);
                }
                ExprKind::Logic { op, left, right } => {
                    let between = self.new_block();
                    match op.value {
                        LogicOp::And => self.decide(*left, between, no),
                        LogicOp::Or => self.decide(*left, yes, between),
                    }
                    self.block = between;
                    return self.decide(*right, yes, no);
                }
                _ => test = self.hoist(test),
            }
        }
        self.end(End::Branch { test, then: yes, otherwise: no });
    }

    /// Ends the run; what comes behind is not reached
    pub fn give_back(&mut self, value: Option<Expr>, span: Span) {
        self.end(End::Return { value, span });
        self.block = self.new_block();
    }

    /// Notes a mistake
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An expression in whose place nothing more is said
    pub fn broken(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Broken, span }
    }

    fn op(&mut self, op: Op) {
        self.program.blocks[self.block].ops.push(op);
    }

    pub(super) fn end(&mut self, end: End) {
        let block = &mut self.program.blocks[self.block];
        if matches!(block.end, End::Open) {
            block.end = end;
        }
    }

    fn is_fresh(&self) -> bool {
        let block = &self.program.blocks[self.block];
        block.ops.is_empty() && block.answer.is_none() && matches!(block.end, End::Open)
    }

    pub(super) fn new_block(&mut self) -> BlockId {
        self.program.blocks.push(Block {
            step: self.step,
            answer: None,
            ops: Vec::new(),
            end: End::Open,
            caught: self.caught,
        });
        self.program.blocks.len() - 1
    }

    fn field(&mut self, name: &Spanned<String>) -> FieldId {
        let fields = &mut self.program.fields;
        fields.iter().position(|field| field.name == name.value).unwrap_or_else(|| {
            fields.push(Field { name: name.value.clone(), span: name.span, initial: None });
            fields.len() - 1
        })
    }
}

/// That an agent function cannot be called at a place
pub fn agent_function_here(name: &Spanned<String>, place: &str) -> Diagnostic {
    Diagnostic::new(
        Code::AgentFunctionHere,
        name.span,
        format!("agent function `{}` cannot be called {place}", name.value),
    )
    .label("the run would have to wait for an answer here")
    .help(match place {
        "in instructions" => "hand its result over as a parameter",
        _ => "call it in a `set_state` step before, and read the field here",
    })
}
