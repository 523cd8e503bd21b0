//! How long the compiler takes: `workflowc check` of many workflows, and a build after one edit.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use workflow_samples::{host_functions, project};

use crate::Outcome;

/// Seed of the workflows, the same on each machine
const SEED: u64 = 5;

/// How often each thing is measured; the best counts, because all else is other work
const TIMES: usize = 3;

/// Workflows of a crate, where many are dealt to several
const PART: usize = 10;

/// `check` of so many workflows of about so many steps, as a process of its own
pub(crate) fn check(count: usize, steps: usize) -> Outcome<String> {
    let folder = tempfile::TempDir::new()?;
    let bytes = write_samples(folder.path(), count, steps)?;
    let mut best = Duration::MAX;
    let mut peak = 0;
    for _ in 0..TIMES {
        let began = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("check")
            .arg(folder.path())
            .arg("--functions")
            .arg(host_functions())
            .stdout(Stdio::null())
            .spawn()?;
        let (status, memory) = watched(&mut child)?;
        if !status {
            return Err("the samples are not right".into());
        }
        best = best.min(began.elapsed());
        peak = peak.max(memory);
    }
    let each = best.as_secs_f64() * 1e6 / f64::from(u32::try_from(count * steps)?);
    Ok(format!(
        "check of {count} workflows, about {steps} steps each, {} KiB: {:.2} s, {each:.0} us a step, at most {} MiB\n",
        bytes / 1024,
        best.as_secs_f64(),
        peak / 1024
    ))
}

/// A build after an edit of one workflow among `count`, beside the same edit of that workflow alone, and
/// of one among as many in crates of ten
///
/// Each build is of a crate of its own in a temporary folder, a library and the server that it is
/// for; dependencies are built first.
pub(crate) fn edit(count: usize, steps: usize) -> Outcome<String> {
    let target = tempfile::TempDir::new()?;
    let mut report = String::new();
    let (many, of_many) = in_one_crate(count, steps, target.path(), &mut report)?;
    let (alone, of_one) = in_one_crate(1, steps, target.path(), &mut report)?;
    let each = (many - alone) * 1e6 / (of_many - of_one).max(1.0);
    writeln!(
        report,
        "{:.2} times that of one alone; {each:.0} us for each other step",
        many / alone
    )?;
    let parts = in_parts(count, steps, target.path())?;
    writeln!(
        report,
        "build after an edit of one of {count} in crates of {PART}: {parts:.2} s, {:.2} times that of one alone",
        parts / alone
    )?;
    Ok(report)
}

/// The seconds of a build after an edit, where all workflows are the server's; how many steps those have
fn in_one_crate(
    count: usize,
    steps: usize,
    target: &Path,
    report: &mut String,
) -> Outcome<(f64, f64)> {
    let package = tempfile::TempDir::new()?;
    let package = package.path();
    write_library(package, "edited", count, steps)?;
    write_server(package, &["edited".to_owned()])?;
    let took = after_edits(package, package, target)?;
    let Generated { lines, steps } = take_generated(target)?;
    writeln!(
        report,
        "build after an edit of one of {count}: {took:.2} s; {lines} generated lines, {:.0} a step",
        lines / steps
    )?;
    Ok((took, steps))
}

/// The same where they stand in crates of [`PART`] each, which the server's depends on
fn in_parts(count: usize, steps: usize, target: &Path) -> Outcome<f64> {
    let package = tempfile::TempDir::new()?;
    let package = package.path();
    let parts: Vec<_> = (0..count.div_ceil(PART)).map(|part| format!("part{part}")).collect();
    let mut manifest = manifest("edited", "[workspace]\n")?;
    for part in &parts {
        write_library(&package.join(part), part, PART, steps)?;
        writeln!(manifest, "{part} = {{ path = \"{part}\" }}")?;
    }
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::create_dir_all(package.join("src"))?;
    write_server(package, &parts)?;
    after_edits(package, &package.join("part0"), target)
}

/// The seconds of the quickest build after one more edit of the first workflow of a library
fn after_edits(package: &Path, library: &Path, target: &Path) -> Outcome<f64> {
    build(package, target)?;
    let mut best = Duration::MAX;
    for turn in 0..TIMES {
        edit_first(library, turn)?;
        best = best.min(build(package, target)?);
    }
    Ok(best.as_secs_f64())
}

/// What a build script has generated
struct Generated {
    lines: f64,
    steps: f64,
}

/// Counts what has been generated for the package, and removes it: the next one has its name
fn take_generated(target: &Path) -> Outcome<Generated> {
    let mut generated = Generated { lines: 0.0, steps: 0.0 };
    for package in fs::read_dir(target.join("debug/build"))?.flatten() {
        if !package.file_name().to_string_lossy().starts_with("edited-") {
            continue;
        }
        for module in fs::read_dir(package.path().join("out/workflows")).into_iter().flatten() {
            for line in fs::read_to_string(module?.path())?.lines() {
                generated.lines += 1.0;
                generated.steps += f64::from(u8::from(line.trim_start().starts_with("step(\"")));
            }
        }
        fs::remove_dir_all(package.path())?;
    }
    Ok(generated)
}

/// Whether a process ended well, and the most that it had in memory, in KiB, where that is told
fn watched(child: &mut Child) -> Outcome<(bool, u64)> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let memory = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(memory.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            return Ok((status.success(), peak));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Writes samples; gives how many bytes they have
fn write_samples(folder: &Path, count: usize, steps: usize) -> Outcome<usize> {
    let files = project(SEED, count, steps.saturating_sub(2));
    for file in &files {
        fs::write(folder.join(&file.path), &file.text)?;
    }
    Ok(files.iter().map(|file| file.text.len()).sum())
}

/// A crate like those of users, with samples as its workflows
fn write_library(package: &Path, name: &str, count: usize, steps: usize) -> Outcome<()> {
    fs::create_dir_all(package.join("src"))?;
    fs::create_dir_all(package.join("workflows"))?;
    write_samples(&package.join("workflows"), count, steps)?;
    for file in fs::read_dir(package.join("workflows"))? {
        // No two workflows of a server have one name.
        let path = file?.path();
        fs::write(&path, fs::read_to_string(&path)?.replace("sample:", &format!("{name}:")))?;
    }
    let root = root()?;
    // The server's package is the workspace, wherever it stands.
    let workspace = if name == "edited" { "[workspace]\n" } else { "" };
    let dependencies = format!(
        "workflow-macros = {{ path = \"{root}/workflow-macros\" }}\n\n\
             [build-dependencies]\n\
             workflow-compiler = {{ path = \"{root}/workflow-compiler\", default-features = false }}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest(name, workspace)? + &dependencies)?;
    fs::copy(host_functions(), package.join("src/functions.rs"))?;
    let build = "fn main() {\n    workflow_compiler::build(\"workflows\");\n}\n";
    fs::write(package.join("build.rs"), build)?;
    let lib = "pub mod functions;\n\nworkflow_macros::include_workflows!();\n";
    Ok(fs::write(package.join("src/lib.rs"), lib)?)
}

/// The program that serves the workflows of some crates
fn write_server(package: &Path, libraries: &[String]) -> Outcome<()> {
    fs::copy(format!("{}/Cargo.lock", root()?), package.join("Cargo.lock"))?;
    let (first, others) = libraries.split_first().ok_or("there is no library")?;
    let others = others.iter().map(|name| format!(".with({name}::registry())"));
    let all = format!("{first}::registry()") + &others.collect::<String>();
    let main =
        format!("fn main() -> std::process::ExitCode {{\n    workflow_runtime::main({all})\n}}\n");
    Ok(fs::write(package.join("src/main.rs"), main)?)
}

/// The manifest of a package up to its dependencies, of which there is one
fn manifest(name: &str, workspace: &str) -> Outcome<String> {
    let root = root()?;
    Ok(format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{workspace}\n\
         [dependencies]\nworkflow-runtime = {{ path = \"{root}/workflow-runtime\" }}\n"
    ))
}

/// The folder of this workspace
fn root() -> Outcome<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    Ok(root.display().to_string())
}

/// Adds a step to the first workflow
fn edit_first(package: &Path, turn: usize) -> Outcome<()> {
    let path = package.join("workflows/flow_0.yaml");
    let text = fs::read_to_string(&path)?;
    let step =
        format!("steps:\n  - {{ id: new-{turn}, type: delegate, instructions: Again {turn} }}\n");
    // The list may stand no deeper than its key.
    let indented = text.contains("\nsteps:\n  -");
    let step = if indented { step } else { step.replace("\n  -", "\n-") };
    let edited = text.replacen("\nsteps:\n", &format!("\n{step}"), 1);
    if edited == text {
        return Err("the first workflow has no list of steps to be edited".into());
    }
    Ok(fs::write(path, edited)?)
}

fn build(package: &Path, target: &Path) -> Outcome<Duration> {
    let began = Instant::now();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", target)
        .status()?;
    if status.success() { Ok(began.elapsed()) } else { Err("the samples do not build".into()) }
}
