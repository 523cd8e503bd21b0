//! Build scripts: workflows in, `OUT_DIR/workflows.rs` and `OUT_DIR/workflows.diagnostics` out.
//!
//! A build script never fails over a mistake in a workflow: cargo would show its whole output,
//! each line with a prefix. What is wrong is written down, and `include_workflows!` shows it by
//! rustc's own way.

mod modules;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::codegen::{self, Mode, Options};
use crate::diagnostic::rustc::to_rustc_json_lines;
use crate::stack::on_large_stack;
use crate::{Compilation, Input, compile};

/// The file of the diagnostics in `OUT_DIR`: one JSON object a line, as rustc gives its own
pub(crate) const DIAGNOSTICS: &str = "workflows.diagnostics";

/// The file in `OUT_DIR` that includes the modules, and has the registry
const CODE: &str = "workflows.rs";

/// The environment variable that names another folder of workflows
const FOLDER: &str = "WORKFLOW_DEFINITIONS_PATH";

/// Where host functions are looked for unless something else is said
const FUNCTIONS: &str = "src/functions.rs";

/// Compiles the workflows of a folder for `include_workflows!()`: all that the `main` of a
/// `build.rs` has to do
///
/// The path counts from the package's `Cargo.toml`. Host functions are those of
/// `src/functions.rs`, if it is there. The environment variable `WORKFLOW_DEFINITIONS_PATH` names
/// another folder. [`Build`] can say more.
///
/// ```no_run
/// workflow_compiler::build("workflows");
/// ```
pub fn build(workflows: impl Into<PathBuf>) {
    Build::new().workflows(workflows).run();
}

/// What a build script compiles
///
/// ```no_run
/// workflow_compiler::Build::new().workflows("flows").functions("src/steps/host.rs").run();
/// ```
#[derive(Clone, Debug)]
pub struct Build {
    workflows: PathBuf,
    functions: Option<PathBuf>,
    shipped: bool,
}

impl Default for Build {
    fn default() -> Self {
        Self { workflows: PathBuf::from("workflows"), functions: None, shipped: false }
    }
}

impl Build {
    /// The folder `workflows`, with the host functions of `src/functions.rs` if it is there
    pub fn new() -> Self {
        Self::default()
    }

    /// Another folder of workflows, from the package's `Cargo.toml`
    #[must_use]
    pub fn workflows(mut self, folder: impl Into<PathBuf>) -> Self {
        self.workflows = folder.into();
        self
    }

    /// Another file of host functions, from the package's `Cargo.toml`; it must be there
    ///
    /// The generated code calls them in the module that a file of this path is: `src/a/b.rs` is
    /// `crate::a::b`.
    #[must_use]
    pub fn functions(mut self, file: impl Into<PathBuf>) -> Self {
        self.functions = Some(file.into());
        self
    }

    /// Of a crate whose workflows others include: they stay what they are, whatever
    /// `WORKFLOW_DEFINITIONS_PATH` names
    ///
    /// The variable reaches the build scripts of all packages that are built. It is meant for that of
    /// the server, not for what that includes.
    #[must_use]
    pub fn shipped(mut self) -> Self {
        self.shipped = true;
        self
    }

    /// Compiles, and tells cargo when to do so again
    ///
    /// Stops the build, with a message, only where it is no build script that calls, or where
    /// `OUT_DIR` cannot be written to.
    pub fn run(&self) {
        on_large_stack(|| self.compile());
    }

    fn compile(&self) {
        let Some(out) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
            println!("cargo::error=workflows are compiled by a build script: there is no OUT_DIR");
            return;
        };
        let input = self.input(std::env::var_os(FOLDER));
        let compiled = compile(&input);
        for line in self.watch(&input, &compiled) {
            println!("{line}");
        }
        if let Err(error) = self.write(&compiled, &out) {
            println!("cargo::error=cannot write to {}: {error}", out.display());
        }
    }

    /// What is compiled, where the environment names another folder or none
    fn input(&self, named: Option<OsString>) -> Input {
        let folder = named.filter(|folder| !folder.is_empty() && !self.shipped);
        let folder = folder.map_or_else(|| self.workflows.clone(), PathBuf::from);
        let base = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let input = Input { base, ..Input::folder(folder) };
        match &self.functions {
            Some(file) => Input { functions: Some(file.clone()), ..input },
            None => input.functions(FUNCTIONS),
        }
    }

    fn write(&self, compiled: &Compilation, out: &Path) -> io::Result<()> {
        let lines = to_rustc_json_lines(&compiled.diagnostics, &compiled.sources);
        write_if_changed(&out.join(DIAGNOSTICS), &lines.join("\n"))?;
        if compiled.errors() > 0 {
            return Ok(());
        }
        let functions = module_path(self.functions.as_deref().unwrap_or(Path::new(FUNCTIONS)));
        let programs = &compiled.programs;
        let options = Options { mode: Mode::Expanded, functions: &functions, programs };
        let modules = modules::includes(&options, out)?;
        let registry = codegen::layout(&codegen::registry(programs));
        write_if_changed(&out.join(CODE), &format!("{modules}\n{registry}"))
    }

    /// The lines that tell cargo what the outcome depends on
    fn watch(&self, input: &Input, compiled: &Compilation) -> Vec<String> {
        let base = input.base.clone().unwrap_or_default();
        let files = compiled.files.iter().map(|file| base.join(compiled.sources.path(*file)));
        // A file that is not there would be waited for in each build; its folder tells when it comes.
        let functions = input.functions.clone().unwrap_or_else(|| PathBuf::from("src"));
        let paths = input.folder.clone().into_iter().chain(files).chain([functions]);
        let paths = paths.map(|path| format!("cargo::rerun-if-changed={}", path.display()));
        let variable = (!self.shipped).then(|| format!("cargo::rerun-if-env-changed={FOLDER}"));
        paths.chain(variable).collect()
    }
}

/// The module that a Rust file is: `src/a/b.rs` is `crate::a::b`
fn module_path(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap_or(file).with_extension("");
    let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
    let names = match names.split_last() {
        Some((last, parents)) if matches!(&**last, "mod" | "lib" | "main") => parents,
        _ => &names,
    };
    names.iter().fold(String::from("crate"), |path, name| format!("{path}::{name}"))
}

/// Leaves a file with that text alone, so that its age tells when it last changed
fn write_if_changed(file: &Path, text: &str) -> io::Result<()> {
    match fs::read(file) {
        Ok(old) if old == text.as_bytes() => Ok(()),
        _ => fs::write(file, text),
    }
}

#[cfg(test)]
mod tests;
