//! A workflow as a picture: which step follows which, and why.
//!
//! [`Graph::of`] reads the control flow of the lowered program, so that whatever a step type lowers
//! to is drawn: branches, skipped steps, jumps back, handlers of errors, children. [`mermaid`]
//! writes a graph as text for others to draw, [`svg`] draws it.

mod build;
pub mod layout;
pub mod mermaid;
pub mod svg;
mod text;
mod words;

#[cfg(test)]
mod tests;

use crate::ir::ProgramId;

/// Names a node of a [`Graph`]
pub type NodeId = usize;

/// The steps of a program and how they follow each other
#[derive(Clone, Debug)]
pub struct Graph {
    /// `planning:interactive 1.0.0`; the task's name for an inline task
    pub title: String,
    /// The author's words, may be empty
    pub description: String,
    /// The start first, then the steps in the order written, then the end
    pub nodes: Vec<Node>,
    /// What follows what
    pub edges: Vec<Edge>,
}

/// Something that happens, or is decided
#[derive(Clone, Debug)]
pub struct Node {
    /// How it is drawn
    pub shape: Shape,
    /// Who has to do something here
    pub who: Who,
    /// What is written in it: a step's id first, then its type, then more about it
    pub lines: Vec<String>,
    /// Where it stands in the file: its line, from 1
    pub line: Option<usize>,
    /// Which step it is, or decides about
    pub step: Option<StepName>,
    /// The runs that it starts
    pub child: Option<Child>,
}

/// A step of one of the programs in a picture
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepName {
    /// The program: a workflow, or `workflow/task` for an inline task
    pub program: String,
    /// The step's id
    pub id: String,
}

/// How a node is drawn
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Where a run begins
    Start,
    /// A step
    Step,
    /// A question with two answers
    Decision,
    /// A step that ends the run
    Return,
    /// Where the steps just end
    End,
}

/// Who has to do something at a node
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The server, by itself
    Server,
    /// Somebody who is asked
    Asked,
    /// An agent
    Agent,
    /// A tool
    Tool,
}

/// The runs that a step starts
#[derive(Clone, Debug)]
pub struct Child {
    /// What the line to it says: `each item`
    pub label: String,
    /// What is run: `research_task`
    pub name: String,
    /// Its own steps, if it is an inline task that is not drawn elsewhere in the picture
    pub graph: Option<Graph>,
    /// Which program it is
    pub program: ProgramId,
}

/// That one node can follow another
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From which
    pub from: NodeId,
    /// To which
    pub to: NodeId,
    /// Why, where there is more than one way: `yes`, `at most 3 times`
    pub label: Option<String>,
    /// What kind of way it is
    pub kind: EdgeKind,
}

/// What kind of way an edge is
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// Where the run goes on
    Next,
    /// Where it goes on without what was asked about
    Skip,
    /// Where it goes on after a failure
    Error,
}
