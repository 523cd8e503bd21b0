//! `workflowc new`: the first file of a workflow.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};

use super::args::New;
use super::{Failure, Outcome};
use crate::syntax::decode::NameKind;

pub(super) fn new(args: &New, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let name = args.name.as_str();
    if let Err(rule) = NameKind::Workflow.check(name) {
        let message = format!("`{name}` cannot be a workflow name");
        return Err(Failure::Usage(message, format!("a workflow name has {rule}")));
    }
    let stem = name.rsplit(':').next().unwrap_or(name);
    let taken = ["yaml", "yml"].map(|ending| args.dir.join(format!("{stem}.{ending}")));
    if let Some(taken) = taken.iter().find(|path| path.exists()) {
        return Err(exists(taken));
    }
    if stem == crate::project::FUNCTIONS {
        let message = format!("`{stem}.yaml` is where functions are declared");
        return Err(Failure::Usage(message, "choose another name".to_owned()));
    }
    fs::create_dir_all(&args.dir)?;
    let path = &taken[0];
    match File::create_new(path) {
        Ok(mut file) => {
            let file_name = path.display().to_string();
            file.write_all(text(name, stem, &file_name).as_bytes())?;
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(exists(path)),
        Err(error) => return Err(error.into()),
    }
    let path = path.display();
    writeln!(out, "wrote {path}\nnow change it, and see what is wrong: workflowc check {path}")?;
    Ok(Outcome::Clean)
}

fn exists(path: &std::path::Path) -> Failure {
    Failure::Usage(
        format!("there is a `{}` already", path.display()),
        "choose another name, or remove it first".to_owned(),
    )
}

fn text(name: &str, stem: &str, file: &str) -> String {
    let text = include_str!("new/starter.yaml").replace("NAME", name);
    text.replace("STEM", stem).replace("FILE", file)
}
