//! What the macros expand to. The macro crate only passes tokens on.

mod inline;
mod one_file;
mod report;

pub use one_file::{OneFile, workflow};

use std::path::Path;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ItemFn;

use crate::build_script::DIAGNOSTICS;
use crate::host;
use report::Report;

/// What `include_workflows!()` expands to: what the build script has made of the workflows
///
/// Diagnostics of the build script are shown now, each time, by rustc's own way. If one is an
/// error, the code is a `compile_error!` and an empty `registry()`, so that a `main` which uses it
/// gets no errors of its own.
pub fn include_workflows() -> TokenStream {
    let lines = std::env::var_os("OUT_DIR")
        .and_then(|out| std::fs::read_to_string(Path::new(&out).join(DIAGNOSTICS)).ok());
    let Some(report) = lines.and_then(|lines| Report::parse(&lines)) else {
        return without_build_script();
    };
    report.show();
    if report.has_errors() {
        let stop = report.stop(Span::call_site());
        let skeleton = skeleton();
        return quote!(#stop #skeleton);
    }
    quote!(::core::include! { ::core::concat!(::core::env!("OUT_DIR"), "/workflows.rs") })
}

fn without_build_script() -> TokenStream {
    let text = "`include_workflows!` includes what the build script makes, and there is none; \
                add a `build.rs` beside `Cargo.toml`:\n\n    \
                fn main() {\n        workflow_compiler::build(\"workflows\");\n    }\n\n\
                and to `Cargo.toml`:\n\n    \
                [build-dependencies]\n    \
                workflow-compiler = { version = \"0.1\", default-features = false }";
    let skeleton = skeleton();
    quote!(::core::compile_error! { #text } #skeleton)
}

/// A registry of nothing
fn skeleton() -> TokenStream {
    crate::codegen::registry(&[])
}

/// What `#[workflow_fn]` makes of a function: the same, and errors where expressions could not
/// call it
pub fn workflow_fn(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    if !arguments.is_empty() {
        errors.push(syn::Error::new_spanned(arguments, "`#[workflow_fn]` takes no arguments"));
    }
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        errors.extend(host::check_signature(&function).err());
    } else {
        let message = "`#[workflow_fn]` stands over functions: `pub fn f(text: &str) -> u64`";
        errors.push(syn::Error::new_spanned(item, message));
    }
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_function_stays_as_it_is() {
        let item = quote!(
            pub fn word_count(text: &str) -> u64 {
                0
            }
        );
        let expanded = workflow_fn(&TokenStream::new(), &item);
        assert_eq!(expanded.to_string(), item.to_string());
    }

    #[test]
    fn what_cannot_be_called_is_refused_beside_the_item() {
        let refused = |arguments, item: TokenStream| {
            let expanded = workflow_fn(&arguments, &item).to_string();
            assert!(expanded.contains("compile_error"), "{expanded}");
            assert!(expanded.ends_with(&item.to_string()), "{expanded}");
            expanded
        };
        let none = TokenStream::new;
        let text = refused(
            none(),
            quote!(
                fn private(text: &str) -> u64 {
                    0
                }
            ),
        );
        assert!(text.contains("must be `pub`"), "{text}");
        refused(
            quote!(name = "x"),
            quote!(
                pub fn f() -> u64 {
                    0
                }
            ),
        );
        refused(
            none(),
            quote!(
                pub struct NoFunction;
            ),
        );
    }
}
