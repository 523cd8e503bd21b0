//! Functions that are built in.

use super::{Default, Example, Kind, Param, example, param};
use crate::types::Ty;

/// A function
#[derive(Debug)]
pub struct Function {
    /// Its name
    pub name: &'static str,
    /// One line for the manual
    pub doc: &'static str,
    /// A call; those that depend on time or chance give something like it
    pub example: Example,
    /// Its parameters
    pub params: &'static [Param],
    /// What it gives
    pub yields: Yields,
}

/// What a function gives
#[derive(Debug)]
pub enum Yields {
    /// What comes with each input: a method of the context
    Ambient(Ty),
    /// `range`
    Range,
}

/// Every function that is built in
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "now",
        doc: "the time of the input that is being worked on",
        example: example("", "now()", "2026-01-31T12:00:00Z"),
        params: &[],
        yields: Yields::Ambient(Ty::DateTime),
    },
    Function {
        name: "uuid",
        doc: "a new random identifier",
        example: example("", "uuid()", "0b0f3a52-6a0c-4f0e-9d54-3c1f6a7f2e11"),
        params: &[],
        yields: Yields::Ambient(Ty::String),
    },
    Function {
        name: "random",
        doc: "a random fraction from 0 up to 1",
        example: example("", "random()", "0.3745401188473625"),
        params: &[],
        yields: Yields::Ambient(Ty::Float),
    },
    Function {
        name: "range",
        doc: "the integers from `start` up to `stop`, which is not among them; `range(stop)` begins at 0",
        example: example("", "range(2, 9, 3)", "[2, 5, 8]"),
        params: &[
            param("start", Kind::Int, Default::Int(0)),
            param("stop", Kind::Int, Default::Required),
            param("step", Kind::Int, Default::Int(1)),
        ],
        yields: Yields::Range,
    },
];
