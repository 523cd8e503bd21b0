//! One workflow with what it starts: `workflow!`, and `workflowc expand`.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use super::report::Report;
use crate::codegen::{self, Mode, Options};
use crate::context;
use crate::diagnostic::rustc::to_rustc_json_lines;
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::{FUNCTIONS, shown};
use crate::source::FileId;
use crate::typed::Program;
use crate::{Compilation, Input, compile};

/// A workflow file, compiled with its folder for context
#[derive(Debug)]
pub struct OneFile {
    compiled: Compilation,
    file: Option<FileId>,
    base: PathBuf,
}

impl OneFile {
    /// Compiles a file that is there
    pub fn compile(file: &Path, input: &Input) -> Self {
        let compiled = compile(input);
        Self::of(shown(file, input.base.as_deref()), input, compiled)
    }

    /// The file that is shown by this path, in a compilation of the input
    pub(super) fn of(path: &Path, input: &Input, compiled: Compilation) -> Self {
        let found = compiled.sources.iter().find(|(_, source)| source.path == path);
        let base = input.base.clone().unwrap_or_default();
        Self { file: found.map(|(id, _)| id), base, compiled }
    }

    /// The compilation of the whole folder
    pub fn compilation(&self) -> &Compilation {
        &self.compiled
    }

    /// What is to be said: all about the file; where that is no error and the file still does not
    /// compile, all errors there are
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let all = self.compiled.diagnostics.iter();
        let own = all.clone().filter(|each| Some(each.span.file) == self.file);
        let own: Vec<_> = own.cloned().collect();
        let stopped = own.iter().any(|each| each.severity == Severity::Error);
        if stopped || !self.own().is_empty() {
            return own;
        }
        let errors = all.filter(|each| each.severity == Severity::Error).cloned();
        own.into_iter().chain(errors).collect()
    }

    /// The programs of the file: the workflow, then its inline tasks; none if it does not compile
    pub fn own(&self) -> Vec<&Program> {
        let shown = self.file.map(|file| self.compiled.sources.path(file).display().to_string());
        let programs = self.compiled.programs.iter();
        programs.filter(|program| Some(&program.file) == shown.as_ref()).collect()
    }

    /// The programs of the file and all that they start, each once
    pub fn reached(&self) -> Vec<&Program> {
        let mut reached = self.own();
        let mut next = 0;
        while let Some(program) = reached.get(next) {
            for child in program.children(&self.compiled.programs) {
                if reached.iter().all(|known| known.module != child.module) {
                    reached.push(child);
                }
            }
            next += 1;
        }
        reached
    }

    /// The modules of programs
    pub fn modules(&self, programs: &[&Program], mode: Mode) -> TokenStream {
        let options =
            Options { mode, functions: "crate::functions", programs: &self.compiled.programs };
        programs.iter().map(|program| codegen::module(program, &options)).collect()
    }

    /// The files that the code depends on: those of the programs, and the functions
    fn watched(&self) -> Vec<PathBuf> {
        let reached = self.reached();
        let depends = |path: &Path| {
            let shown = path.display().to_string();
            let functions = path.file_stem().is_some_and(|stem| stem == FUNCTIONS);
            functions || is_yaml(path) && reached.iter().any(|program| program.file == shown)
        };
        let named = self.file.map(|file| self.compiled.sources.path(file));
        // A Rust file that holds the workflow itself is watched anyway.
        let named = named.filter(|path| is_yaml(path));
        let paths = self.compiled.sources.iter().map(|(_, source)| source.path.as_path());
        let paths = paths.filter(|path| depends(path) || Some(*path) == named);
        paths.map(|path| self.base.join(path)).collect()
    }
}

/// What `workflow!` expands to: that of a file's path, or of a workflow that stands in the macro
pub fn workflow(path_or_yaml: &LitStr) -> TokenStream {
    if path_or_yaml.value().contains('\n') {
        super::inline::workflow(path_or_yaml)
    } else {
        workflow_file(path_or_yaml)
    }
}

/// What `workflow!("path.yaml")` expands to: the modules of that workflow and of all that it can
/// start
///
/// The path counts from the package's `Cargo.toml`; one that begins with `./` or `../` from the
/// Rust file in which the macro stands.
fn workflow_file(path: &LitStr) -> TokenStream {
    // Both in the one form that has no `..`, so that what lies in the package is seen to.
    let package = package();
    let file = locate(&path.value(), path.span(), &package);
    let Some(file) = file.canonicalize().ok().filter(|file| file.is_file()) else {
        let text = format!("there is no file `{}`", shown(&file, Some(&package)).display());
        return quote_spanned!(path.span()=> ::core::compile_error! { #text });
    };
    let functions = package.join("src").join("functions.rs");
    let input = context::of_file(&file).functions(functions);
    let one = OneFile::compile(&file, &Input { base: Some(package), ..input });
    expand(&one, path.span())
}

/// The folder of the package that is compiled
pub(super) fn package() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    package.canonicalize().unwrap_or(package)
}

fn locate(path: &str, at: Span, package: &Path) -> PathBuf {
    let beside = path.starts_with("./") || path.starts_with("../");
    let rust_file = beside.then(|| at.local_file()).flatten();
    match rust_file.as_deref().and_then(Path::parent) {
        Some(folder) => folder.join(path.strip_prefix("./").unwrap_or(path)),
        None => package.join(path),
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending != "rs")
}

pub(super) fn expand(one: &OneFile, at: Span) -> TokenStream {
    let lines = to_rustc_json_lines(&one.diagnostics(), &one.compiled.sources);
    // The lines were made just now; that they are a report has a test.
    let report = Report::new(lines).unwrap_or_default();
    report.show();
    let watched = one.watched().into_iter().filter_map(|path| {
        let path = path.to_str()?;
        Some(quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        ))
    });
    let code = if report.has_errors() {
        report.stop(at)
    } else {
        one.modules(&one.reached(), Mode::Expanded)
    };
    quote!(#code #(#watched)*)
}
