//! The whole way: a folder of YAML in, checked programs and everything that is wrong out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::assemble::assemble;
use crate::checks;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::host;
use crate::ir::{Program, ProgramId, lower_functions, lower_workflows, name_programs};
use crate::names::Names;
use crate::project::{FUNCTIONS, Project, Reading, shown};
use crate::source::{FileId, Sources, Span};
use crate::tools::LOCK;
use crate::typed;
use crate::types::{Tables, Typing, World, check_program, infer, infer_unsilenced};

/// What is compiled
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The workflows: every `*.yaml` below this folder
    pub folder: Option<PathBuf>,
    /// Workflows whose texts are at hand, with the paths by which they are shown
    pub files: Vec<(PathBuf, String)>,
    /// The Rust file of the host functions, if there is one
    pub functions: Option<PathBuf>,
    /// Paths below this one are shown without it
    pub base: Option<PathBuf>,
    /// Whether the folder's own folders are left out
    pub flat: bool,
    /// Whether only what is wrong is asked for, and no programs
    pub only_check: bool,
}

impl Input {
    /// A folder, without host functions
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..Self::default() }
    }

    /// With host functions, if the file is there
    #[must_use]
    pub fn functions(mut self, file: impl AsRef<Path>) -> Self {
        let file = file.as_ref();
        self.functions = file.is_file().then(|| file.to_owned());
        self
    }
}

/// What came of it
#[derive(Debug, Default)]
pub struct Compilation {
    /// All texts
    pub sources: Sources,
    /// All that is wrong, in the order of the places
    pub diagnostics: Vec<Diagnostic>,
    /// The programs; none for a file that has errors, or that names one that has
    pub programs: Vec<typed::Program>,
    /// The YAML files that were read
    pub files: Vec<FileId>,
}

impl Compilation {
    /// How many errors there are
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// Compiles a project; never stops at the first mistake
///
/// ```
/// use workflow_compiler::{Input, compile};
///
/// let text = "name: hi\nversion: 1.0.0\nsteps:\n  - { id: ask, type: prompt, mesage: Hi }\n";
/// let compiled = compile(&Input { files: vec![("hi.yaml".into(), text.into())], ..Input::default() });
/// assert_eq!(compiled.diagnostics[0].code.as_str(), "unknown-key");
/// ```
pub fn compile(input: &Input) -> Compilation {
    let Lowered { project, names, programs, sources, mut diagnostics } = lower(input);
    let documents =
        project.workflows.iter().map(|workflow| (workflow.file, &workflow.doc)).collect();
    let unread: Vec<Span> = diagnostics.all_errors().map(|error| error.span).collect();
    let world = World {
        programs: &programs,
        parents: &checks::parents(&programs),
        names: &names,
        tables: &Tables::new(&programs),
        documents: &documents,
        sources: &sources,
        unread: &unread,
    };
    let typing = check(world, input.only_check, &mut diagnostics);
    let sound = match input.only_check {
        true => Vec::new(),
        false => sound(&programs, &diagnostics, &sources),
    };
    let assembled = |id| assemble(&programs, &typing, id, &sources, &names.tools);
    let programs = sound.into_iter().map(assembled).collect();
    Compilation { diagnostics: diagnostics.into_sorted(), programs, files: project.files, sources }
}

/// A project that is read and lowered, and not yet typed
#[derive(Debug, Default)]
pub struct Lowered {
    /// The files, as they were decoded
    pub project: Project,
    /// What can be called and started
    pub names: Names,
    /// The programs, each workflow followed by its inline tasks
    pub programs: Vec<Program>,
    /// All texts
    pub sources: Sources,
    /// What is wrong so far
    pub diagnostics: Diagnostics,
}

/// The first half of [`compile`]: what the project says, whatever the types
pub fn lower(input: &Input) -> Lowered {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let mut project = match &input.folder {
        Some(folder) => {
            let (base, files) = (input.base.as_deref(), input.files.as_slice());
            let reading = Reading { base, flat: input.flat, files };
            Project::load_as(folder, reading, &mut sources, &mut diagnostics)
        }
        None => Project::of_files(&input.files, &mut sources, &mut diagnostics),
    };
    let mut names = Names { tools: std::mem::take(&mut project.tools), ..Names::default() };
    if let Some(file) = &input.functions {
        let shown = shown(file, input.base.as_deref());
        host_functions(file, shown, &mut names, &mut sources, &mut diagnostics);
    }
    names.incomplete |= project.broken.iter().any(|stem| stem == FUNCTIONS);
    for function in std::mem::take(&mut project.functions) {
        function.check(&names, &mut diagnostics);
        names.agent_functions.insert(function.name.value.clone(), function);
    }
    check_functions(&names, &sources, &mut diagnostics);
    name_programs(&project.workflows, &project.broken, &mut names);
    let programs = lower_workflows(&project.workflows, &names, &mut diagnostics);
    Lowered { project, names, programs, sources, diagnostics }
}

/// Types the programs, and reports what is wrong with them
///
/// A mistake in what is computed from itself silences itself as well: `x: "{{ state.x // true }}"`.
/// So where something is silenced and nothing is wrong that could be the reason, the programs are
/// checked with nothing silenced.
fn check(world: World<'_>, only_check: bool, diagnostics: &mut Diagnostics) -> Typing {
    let (typing, mut found) = check_as(world, infer(world), only_check);
    if typing.tables.are_silenced() && diagnostics.errors() + found.errors() == 0 {
        let (_, all) = check_as(world, infer_unsilenced(world), true);
        if all.errors() > 0 {
            found = all;
        }
    }
    diagnostics.extend(found.into_sorted());
    typing
}

/// Checks the programs with these types
///
/// One program after the other is written down and checked: where only what is wrong is asked for,
/// it is forgotten at once, which is much less than all of them.
fn check_as(world: World<'_>, tables: Tables, only_check: bool) -> (Typing, Diagnostics) {
    let world = World { tables: &tables, ..world };
    let (mut found, mut programs) = (Diagnostics::default(), Vec::new());
    for id in 0..world.programs.len() {
        let mut checked = check_program(world, id);
        for check in checks::ALL {
            check(world, &checked, id, &mut found);
        }
        found.extend(std::mem::take(&mut checked.notes.diagnostics).into_sorted());
        if !only_check {
            programs.push(checked);
        }
    }
    (Typing { tables, programs }, found)
}

/// Types the instructions of the functions; a call of one in a workflow finds the same again
fn check_functions(names: &Names, sources: &Sources, diagnostics: &mut Diagnostics) {
    let programs = &lower_functions(names);
    let (tables, documents) = (Tables::new(programs), &BTreeMap::new());
    let parents = &checks::parents(programs);
    let world =
        World { programs, parents, names, tables: &tables, documents, sources, unread: &[] };
    let tables = infer(world);
    for id in 0..programs.len() {
        let checked = check_program(World { tables: &tables, ..world }, id);
        diagnostics.extend(checked.notes.diagnostics.into_sorted());
    }
}

/// The programs that no error concerns: neither their file has one, nor that of a program they
/// start, nor the functions that all may call
fn sound(programs: &[Program], diagnostics: &Diagnostics, sources: &Sources) -> Vec<ProgramId> {
    let broken = diagnostics.broken_files();
    let shared = |file: &FileId| {
        let path = sources.path(*file);
        path.file_stem().is_some_and(|stem| stem == FUNCTIONS)
            || path.file_name().is_some_and(|name| name == LOCK)
            || path.extension().is_some_and(|ending| ending == "rs")
    };
    if broken.iter().any(shared) {
        return Vec::new();
    }
    let mut sound: Vec<bool> =
        programs.iter().map(|program| !broken.contains(&program.file)).collect();
    let starts_unsound = |id: ProgramId, sound: &[bool]| {
        let mut children = checks::forks(&programs[id]).map(|fork| fork.program);
        children.any(|child| child.is_none_or(|child| !sound[child]))
    };
    while let Some(id) = (0..sound.len()).find(|id| sound[*id] && starts_unsound(*id, &sound)) {
        sound[id] = false;
    }
    (0..sound.len()).filter(|id| sound[*id]).collect()
}

/// Reads the host functions; a signature that cannot be called is an error at its place
fn host_functions(
    file: &Path,
    shown: &Path,
    names: &mut Names,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            names.incomplete = true;
            let id = sources.add(shown, "");
            let message = format!("cannot read `{}`: {error}", shown.display());
            diagnostics.push(Diagnostic::new(
                Code::InvalidHostFunction,
                Span::new(id, 0..0),
                message,
            ));
            return;
        }
    };
    match host::read(&text) {
        Ok(functions) => {
            names
                .host_functions
                .extend(functions.into_iter().map(|function| (function.name.clone(), function)));
        }
        Err(problems) => {
            names.incomplete = true;
            let id = sources.add(shown, text);
            for problem in problems {
                let at = sources.file(id).offset(problem.line, problem.column);
                let span = Span::new(id, word_at(&sources.file(id).text, at));
                diagnostics.push(Diagnostic::new(Code::InvalidHostFunction, span, problem.message));
            }
        }
    }
}

/// The word that begins at a place, else the character
fn word_at(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let character = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
    at..at + word.max(character)
}
