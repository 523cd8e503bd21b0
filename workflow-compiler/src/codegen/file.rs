//! Generated code as a file.

use quote::quote;

use super::layout::layout;
use super::{Options, module, registry};
use crate::typed::Program;

/// The modules of all programs and their registry, laid out as rustfmt would
pub fn file(programs: &[Program], options: &Options<'_>) -> String {
    let modules = programs.iter().map(|program| module(program, options));
    let registry = registry(programs);
    layout(&quote!(#(#modules)* #registry))
}
