//! `workflowc new`: the first file of a workflow, or a copy of one of the library.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::args::New;
use super::library::{Library, stem};
use super::{Failure, Outcome};
use crate::project::FUNCTIONS;
use crate::syntax::decode::NameKind;
use crate::typed::Program;

pub(super) fn new(args: &New, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    match (&args.from, &args.name) {
        _ if args.list => list(out),
        (Some(from), name) => copy(from, name.as_deref(), &args.dir, out),
        (None, Some(name)) => begin(name, &args.dir, out),
        // clap asks for one of the three.
        (None, None) => Ok(Outcome::Clean),
    }
}

/// Writes a first workflow
fn begin(name: &str, dir: &Path, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let path = free(name, dir)?;
    let (stem, file) = (stem_of(name), path.display().to_string());
    let text = include_str!("new/starter.yaml").replace("NAME", name);
    write(&path, &text.replace("STEM", stem).replace("FILE", &file))?;
    writeln!(out, "wrote {file}")?;
    what_next(&file, out)
}

/// Copies a workflow of the library, under its own name or another, and those that it starts
fn copy(
    from: &str,
    name: Option<&str>,
    dir: &Path,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let library = Library::new();
    let Some(workflow) = library.get(from) else { return Err(unknown(from, &library)) };
    let name = name.unwrap_or(&workflow.name);
    let path = free(name, dir)?;
    write(&path, &renamed(workflow, name))?;
    let file = path.display().to_string();
    writeln!(out, "wrote {file}")?;
    for child in library.with_children(workflow).into_iter().skip(1) {
        let files = candidates(stem(child), dir);
        match files.iter().find(|file| file.exists()) {
            Some(there) => {
                writeln!(out, "kept {}, which {name} starts", there.display())?;
            }
            None => {
                write(&files[0], &child.source)?;
                writeln!(out, "wrote {}, which {name} starts", files[0].display())?;
            }
        }
    }
    what_next(&file, out)
}

/// Shows what there is to copy
fn list(out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    for workflow in Library::new().workflows() {
        let Program { name, description, tags, .. } = workflow;
        writeln!(out, "{name}\n    {description}\n    tags: {}", tags.join(", "))?;
    }
    Ok(Outcome::Clean)
}

fn what_next(file: &str, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    writeln!(out, "now change it, and see what is wrong: workflowc check {file}")?;
    Ok(Outcome::Clean)
}

/// The text of a workflow under another name
fn renamed(workflow: &Program, name: &str) -> String {
    workflow.source.replacen(
        &format!("\nname: {}\n", workflow.name),
        &format!("\nname: {name}\n"),
        1,
    )
}

/// The file of a new workflow of that name, which is not there yet
fn free(name: &str, dir: &Path) -> Result<PathBuf, Failure> {
    if let Err(rule) = NameKind::Workflow.check(name) {
        let message = format!("`{name}` cannot be a workflow name");
        return Err(Failure::Usage(message, format!("a workflow name has {rule}")));
    }
    let stem = stem_of(name);
    if stem == FUNCTIONS {
        let message = format!("`{stem}.yaml` is where functions are declared");
        return Err(Failure::Usage(message, "choose another name".to_owned()));
    }
    let [path, other] = candidates(stem, dir);
    for taken in [&path, &other] {
        if taken.exists() {
            return Err(exists(taken));
        }
    }
    Ok(path)
}

/// What stands behind the colon names the file
fn stem_of(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The files that a workflow of that stem may stand in, the usual one first
fn candidates(stem: &str, dir: &Path) -> [PathBuf; 2] {
    ["yaml", "yml"].map(|ending| dir.join(format!("{stem}.{ending}")))
}

/// Writes a new file, with the folders above it
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    match File::create_new(path) {
        Ok(mut file) => Ok(file.write_all(text.as_bytes())?),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(error.into()),
    }
}

fn exists(path: &Path) -> Failure {
    Failure::Usage(
        format!("there is a `{}` already", path.display()),
        "choose another name, or remove it first".to_owned(),
    )
}

fn unknown(from: &str, library: &Library) -> Failure {
    let message = format!("there is no workflow `{from}` in the library");
    let help = match library.suggest(from) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`workflowc new --list` shows what there is".to_owned(),
    };
    Failure::Usage(message, help)
}
