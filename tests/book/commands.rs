//! The commands of the book that are not run, because they deploy, or need what is not here: a shell takes
//! them apart, and each of ours is read by the program's own command line, up to a `--help` at its end. So no
//! page can name a command or a flag that there is not.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::kinds::{Kind, of_kind};
use crate::pages::{Page, all};
use crate::reference::{commands, said};
use crate::scratch::{ROOT, run};
use crate::session::workflowc;
use crate::{SERVER, SETTINGS};

/// The programs of others: which arguments they take is theirs to say
const OTHERS: [&str; 12] = [
    "cat",
    "chmod",
    "cp",
    "install",
    "kubectl",
    "mkdir",
    "npx",
    "openssl",
    "psql",
    "systemctl",
    "systemd-sysusers",
    "true",
];

/// What has a meaning of its own here
const OURS: [&str; 9] = [
    "cargo",
    "claude",
    "docker",
    "env",
    "minutes",
    "runuser",
    "sudo",
    "workflow-server",
    "workflowc",
];

/// Programs that are called by where they are
const PLACES: [&str; 3] =
    ["deploy/local", "target/debug/minutes", "target/release/workflow-server"];

/// Flags of others that pages tell of by themselves
const FLAGS_OF_OTHERS: [&str; 2] = ["--features", "--profile"];

/// What the command line has only with the feature `temporal`, and the file and the text that say so
const OF_TEMPORAL: [(&str, &str, &str); 4] = [
    ("worker", "args.rs", "\n    Worker(Seen),\n"),
    ("temporal", "args.rs", "\n    Temporal,\n"),
    ("--no-worker", "args.rs", " no_worker: bool,\n"),
    ("--temporal-api-key-file", "cluster.rs", " \"temporal-api-key-file\","),
];

/// Writes down what it is called with: the number of words, then the words
const STAND_IN: &str = "#!/bin/sh\nprintf '%s\\0' \"$#\" \"$0\" \"$@\" >> \"$CALLS\"\n";

/// A folder in which a shell runs commands that do nothing but say that they were called
struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Self {
        let shell = Self { folder: tempfile::tempdir().unwrap() };
        for name in OTHERS.iter().chain(&OURS) {
            shell.stand_in(&format!("bin/{name}"));
        }
        PLACES.iter().for_each(|place| shell.stand_in(place));
        shell
    }

    fn stand_in(&self, path: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, STAND_IN).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What is called by this text, in its order
    fn calls(&self, text: &str) -> Result<Vec<Vec<String>>, String> {
        let calls = self.folder.path().join("calls");
        fs::write(&calls, "").unwrap();
        let mut bash = Command::new("/bin/bash");
        bash.args(["--norc", "-euc", &kept_here(text)]).current_dir(self.folder.path()).env_clear();
        bash.env("PATH", self.folder.path().join("bin")).env("CALLS", &calls);
        let said = run(bash.env("HOME", self.folder.path()).env("PWD", self.folder.path()));
        if !said.ok || !said.stderr.is_empty() {
            return Err(said.stderr);
        }
        let written = fs::read_to_string(&calls).unwrap();
        let mut words = written.split_terminator('\0').map(str::to_owned);
        let mut called = Vec::new();
        while let Some(count) = words.next() {
            let count: usize = count.parse().unwrap();
            called.push(words.by_ref().take(count + 1).collect());
        }
        Ok(called)
    }
}

/// A text that writes to no file: what is behind `>` may be one of the system's
fn kept_here(text: &str) -> String {
    let mut parts = text.split(" > ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.find(char::is_whitespace).map_or("", |end| &part[end..]);
        kept.extend([" > /dev/null", rest]);
    }
    kept
}

/// Whether a call is one that there is; else why not
fn check(call: &[String]) -> Result<(), String> {
    let words: Vec<&str> = call.iter().map(String::as_str).collect();
    let (program, args) = words.split_first().ok_or("nothing is called")?;
    let behind = |word: &str| args.iter().position(|arg| *arg == word).map(|at| &call[at + 2..]);
    let program = Path::new(program);
    match program.file_name().and_then(|name| name.to_str()).unwrap_or_default() {
        "workflow-server" | "minutes" => takes(Path::new(SERVER), args),
        "workflowc" => takes(workflowc(), args),
        "env" => {
            let set = args.iter().take_while(|arg| arg.contains('=')).count();
            check(&call[set + 1..])
        }
        "sudo" => check(&call[3..]),
        "runuser" => check(behind("--").unwrap_or_default()),
        "docker" => match args {
            ["compose", "exec", "postgresql", ..] => Ok(()),
            ["compose", "exec", _, ..] => check(&call[4..]),
            ["exec", _, ..] => check(&call[3..]),
            _ => Ok(()),
        },
        // A server of any name is one of ours.
        "claude" => match behind("--") {
            Some([_, args @ ..]) => {
                takes(Path::new(SERVER), &args.iter().map(String::as_str).collect::<Vec<_>>())
            }
            _ => Ok(()),
        },
        "cargo" => cargo(args),
        "local" => local(args),
        name if OTHERS.contains(&name) => args.iter().try_for_each(|arg| is_there(arg)),
        name => Err(format!("`{name}` is not known here")),
    }
}

/// Whether a program's command line takes these words
fn takes(program: &Path, args: &[&str]) -> Result<(), String> {
    let args = without_temporal(args)?;
    let said = run(Command::new(program).args(args).arg("--help").env_clear());
    if said.ok { Ok(()) } else { Err(said.stderr) }
}

/// The words without those of the feature `temporal`, which its source has to have, where this test is built
/// without it
fn without_temporal<'a>(args: &[&'a str]) -> Result<Vec<&'a str>, String> {
    if cfg!(feature = "temporal") {
        return Ok(args.to_vec());
    }
    let mut others = Vec::new();
    for arg in args {
        match OF_TEMPORAL.iter().find(|(word, _, _)| word == arg) {
            Some((_, file, text)) => is_in(&format!("workflow-runtime/src/cli/{file}"), text)?,
            None => others.push(*arg),
        }
        if *arg == "temporal" {
            // Of which it is the value
            others.pop_if(|flag| *flag == "--engine");
        }
    }
    Ok(others)
}

fn cargo(args: &[&str]) -> Result<(), String> {
    let behind = |flag: &str| {
        args.iter().position(|arg| *arg == flag).and_then(|at| args.get(at + 1).copied())
    };
    if let Some(feature) = behind("--features") {
        is_in("Cargo.toml", &format!("\n{feature} = ["))?;
    }
    if let Some(package) = behind("-p") {
        let folder = package.strip_prefix("workflow-").unwrap_or(package);
        let manifest = [package, folder].map(|folder| format!("{folder}/Cargo.toml"));
        let manifest = manifest.iter().find(|path| Path::new(ROOT).join(path).is_file());
        let manifest = manifest.ok_or_else(|| format!("there is no package `{package}`"))?;
        is_in(manifest, &format!("\nname = \"{package}\"\n"))?;
        if package == "workflow-bench" {
            let own = args.iter().skip_while(|arg| **arg != "--").skip(1);
            for name in own.take_while(|arg| !arg.starts_with('-')) {
                let variant = name[..1].to_uppercase() + &name[1..];
                is_in("bench/src/main.rs", &format!("\n    {variant},\n"))?;
            }
        }
    }
    match behind("--path") {
        // A clone is called so.
        Some(path) => is_there(&path.replace("workflow-server/", "deploy/../")),
        None => Ok(()),
    }
}

/// Whether `deploy/local` has a case for this word
fn local(args: &[&str]) -> Result<(), String> {
    let script = fs::read_to_string(Path::new(ROOT).join("deploy/local")).unwrap();
    let cases = script.lines().filter_map(|line| line.trim().split_once(") "));
    let mut cases = cases.flat_map(|(cases, _)| cases.split(" | "));
    let word = args.first().copied().unwrap_or_default();
    if cases.any(|case| case == word) { Ok(()) } else { Err(format!("there is no `{word}`")) }
}

/// Whether a file of the repository that an argument names is there
fn is_there(arg: &str) -> Result<(), String> {
    let path = Path::new(arg);
    let named = if arg.contains('*') { path.parent().unwrap_or(path) } else { path };
    let of_ours =
        arg.starts_with("deploy/") || arg.starts_with("examples/") || arg == ".env.example";
    if of_ours && !Path::new(ROOT).join(named).exists() {
        return Err(format!("there is no {arg}"));
    }
    Ok(())
}

/// Whether a text stands in a file of the repository
fn is_in(file: &str, text: &str) -> Result<(), String> {
    let held = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
    if held.contains(text) { Ok(()) } else { Err(format!("{file} has no `{}`", text.trim())) }
}

#[test]
fn every_command_is_one_that_there_is() {
    let shell = Shell::new();
    let mut checked = 0;
    for page in all() {
        for fence in of_kind(&page, Kind::Commands) {
            let calls = shell.calls(&fence.text);
            let calls = calls.unwrap_or_else(|error| panic!("docs/{}: {error}", page.path));
            for call in &calls {
                checked += 1;
                check(call).unwrap_or_else(|error| panic!("docs/{}: {call:?}: {error}", page.path));
            }
        }
    }
    assert!(checked > 40, "only {checked} commands");
}

/// The pages with what people read beside them
fn with_the_readme() -> Vec<Page> {
    let readme = Page::read("../README.md");
    std::iter::once(readme).chain(all()).collect()
}

#[test]
fn every_command_within_a_sentence_is_one_that_there_is() {
    let shell = Shell::new();
    let mut checked = 0;
    for page in with_the_readme() {
        for code in page.code() {
            if !["workflow-server ", "workflowc ", "docker "]
                .iter()
                .any(|ours| code.starts_with(ours))
            {
                continue;
            }
            // What may be left out, or repeated
            let whole = code.replace(['[', ']'], "").replace('…', "");
            let calls =
                shell.calls(&whole).unwrap_or_else(|error| panic!("{}: {error}", page.path));
            checked += 1;
            for call in &calls {
                check(call).unwrap_or_else(|error| panic!("{}: `{code}`: {error}", page.path));
            }
        }
    }
    assert!(checked > 15, "only {checked} commands");
}

#[test]
fn every_flag_within_a_sentence_is_one_that_there_is() {
    let mut known = flags(Path::new(SERVER), &[]);
    known.extend(flags(workflowc(), &[]));
    known.extend(FLAGS_OF_OTHERS.map(str::to_owned));
    let mut checked = 0;
    for page in with_the_readme() {
        for code in page.code() {
            let Some(flag) = code.split([' ', '=']).next().filter(|word| word.starts_with("--"))
            else {
                continue;
            };
            checked += 1;
            let is_there = match without_temporal(&[flag]) {
                Ok(others) => others.iter().all(|flag| known.contains(*flag)),
                Err(_) => false,
            };
            assert!(is_there, "{}: there is no flag `{flag}`", page.path);
        }
    }
    assert!(checked > 40, "only {checked} flags");
}

/// The flags of a program and of its commands, as its help names them
fn flags(program: &Path, command: &[String]) -> BTreeSet<String> {
    let help = said(program, command);
    let named = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let named = named.filter_map(|line| line.split(' ').find(|word| word.starts_with("--")));
    let mut found: BTreeSet<String> =
        named.map(|word| word.trim_end_matches(',').to_owned()).collect();
    for own in commands(&help) {
        found.extend(flags(program, &[command, &[own]].concat()));
    }
    found
}

#[test]
fn every_setting_of_a_page_is_one_that_there_is() {
    let example = fs::read_to_string(Path::new(ROOT).join(".env.example")).unwrap();
    let known: BTreeSet<&str> = example.split(|letter| !is_of_a_name(letter)).collect();
    let mut checked = 0;
    for page in with_the_readme() {
        for word in page.text.split(|letter| !is_of_a_name(letter)) {
            // `WIKI_TOKEN` is the reader's own.
            if SETTINGS.iter().any(|begins| word.starts_with(begins)) && !word.ends_with('_') {
                checked += 1;
                assert!(known.contains(word), "{}: there is no setting {word}", page.path);
            }
        }
    }
    assert!(checked > 40, "only {checked} settings");
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
}

#[test]
fn a_shell_takes_commands_apart_and_writes_nothing() {
    let shell = Shell::new();
    let text = "export A=b\ncp one \"$(cat two)\" > /etc/three && \\\n  chmod 1 '4 5' # six\n";
    let calls = shell.calls(text).unwrap();
    let words: Vec<Vec<&str>> = calls
        .iter()
        .map(|call| call.iter().map(|word| word.rsplit('/').next().unwrap()).collect())
        .collect();
    assert_eq!(words, [vec!["cat", "two"], vec!["cp", "one", ""], vec!["chmod", "1", "4 5"]]);
    assert!(shell.calls("rm all").unwrap_err().contains("rm: command not found"));
}

#[test]
fn what_there_is_not_is_found() {
    let said = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        check(&words).err().unwrap_or_default()
    };
    assert_eq!(said("sudo -u workflows workflow-server runs list --status failed"), "");
    assert!(said("workflow-server runs lst").contains("unrecognized subcommand"));
    assert!(said("docker exec x workflow-server health --jsn").contains("unexpected argument"));
    assert!(said("claude mcp add x -- y serv").contains("unrecognized subcommand"));
    assert!(said("workflowc check --mend").contains("unexpected argument"));
    assert!(said("cargo run -p workflow-bench -- stepz").contains("has no `Stepz,`"));
    assert!(said("cargo build --features clouds").contains("has no `clouds = [`"));
    assert!(said("deploy/local sideways").contains("there is no `sideways`"));
    assert!(said("cp deploy/systemd/none.service x").contains("there is no"));
}
