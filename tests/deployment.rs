//! The files that deploy the server say what is so: the example of the environment knows the settings
//! that there are, the image is built from all of the workspace, by its own compiler.
//!
//! Other programs check the files' form: `tests/deploy/run`, run by `.ci/run`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");

/// Secrets, which have no flag: others could see it
const SECRETS: [&str; 3] = ["TEMPORAL_API_KEY", "WORKFLOW_DATABASE_URL", "WORKFLOW_TOKEN"];

/// What only a server with the feature `temporal` takes, beside those
const OF_TEMPORAL: [&str; 6] = [
    "TEMPORAL_HOST",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_TASK_QUEUE",
    "TEMPORAL_TLS_CA",
    "TEMPORAL_TLS_CERT",
    "TEMPORAL_TLS_KEY",
];

/// What the users' specification names
const SPECIFIED: [&str; 11] = [
    "CACHE_SIZE",
    "CACHE_TTL",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAX_CONCURRENT_WORKFLOWS",
    "MCP_FILE_ROOT",
    "TEMPORAL_HOST",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_TASK_QUEUE",
    "WORKER_THREADS",
    "WORKFLOW_DEFINITIONS_PATH",
];

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The settings of the example, each with its value
fn example() -> BTreeMap<String, String> {
    let text = read(".env.example");
    let settings = text.lines().filter_map(|line| {
        let (name, value) = line.trim_start_matches('#').split_once('=')?;
        let is_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        (!name.is_empty() && name.chars().all(is_name)).then_some((name.into(), value.into()))
    });
    settings.collect()
}

/// What a command says of itself, and those below it of themselves
fn help(command: &[&str]) -> String {
    let output = Command::new(SERVER).args(command).arg("--help").output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    let listed = text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    let listed = listed.split("\n\n").next().unwrap_or_default().to_owned();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for name in
        names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help")
    {
        text += &help(&[command, &[name]].concat());
    }
    text
}

/// The variables that the server reads, as its help names them
fn settings() -> BTreeSet<String> {
    let help = help(&[]);
    let named = help.match_indices("[env: ").filter_map(|(at, marker)| {
        let name = help[at + marker.len()..].split('=').next()?;
        Some(name.to_owned())
    });
    named.chain(SECRETS.map(str::to_owned)).collect()
}

/// The variables that docker-compose.yml takes from the environment
fn of_compose() -> BTreeSet<String> {
    let text = read("docker-compose.yml");
    let is_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    let taken = text.match_indices("${").map(|(at, _)| {
        text[at + 2..].chars().take_while(|letter| is_name(*letter)).collect::<String>()
    });
    taken.collect()
}

#[test]
fn the_example_has_every_setting_and_no_other() {
    let mut known = settings();
    known.extend(of_compose());
    if cfg!(not(feature = "temporal")) {
        known.extend(OF_TEMPORAL.map(str::to_owned));
    }
    let shown: BTreeSet<String> = example().into_keys().collect();
    let difference = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect();
    let missing: Vec<String> = difference(&known, &shown);
    let extra: Vec<String> = difference(&shown, &known);
    assert!(missing.is_empty() && extra.is_empty(), "missing: {missing:?}, extra: {extra:?}");
    for name in SPECIFIED {
        assert!(shown.contains(name), "{name} is not in .env.example");
    }
}

#[test]
fn every_value_of_the_example_is_one_that_the_server_takes() {
    let set = example().into_iter().filter(|(_, value)| !value.is_empty());
    let known = settings();
    let set: BTreeMap<String, String> = set.filter(|(name, _)| known.contains(name)).collect();
    assert!(set.len() > 15, "{set:?}");
    doctor(&set);
    let unset = doctor(&BTreeMap::new());
    let limits = set.iter().filter(|(name, _)| unset.contains(&format!("{name} ")));
    let limits: Vec<_> = limits.collect();
    assert!(limits.len() >= 8, "{limits:?}");
    for (name, value) in limits {
        assert!(unset.contains(&format!("{name} {value}")), "{name} is not {value} by itself");
    }
}

/// What `doctor` says on a new store, which has to be that all is well
fn doctor(set: &BTreeMap<String, String>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(SERVER);
    command.args(["doctor", "--store"]).arg(folder.path().join("runs.sqlite")).envs(set);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    said.into_owned()
}

/// What is said of a setting has to stand before it
#[test]
fn every_setting_of_the_example_has_its_meaning() {
    for paragraph in read(".env.example").split("\n\n") {
        let is_setting = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
        if paragraph.lines().any(|line| is_setting(&line)) {
            let said = paragraph.lines().take_while(|line| !is_setting(line)).count();
            assert!(said > 0, "nothing is said of {paragraph}");
        }
    }
}

#[test]
fn the_image_is_built_from_the_whole_workspace_by_its_own_compiler() {
    let (dockerfile, workspace) = (read("Dockerfile"), read("Cargo.toml"));
    let members = workspace.lines().find_map(|line| line.strip_prefix("members = [")).unwrap();
    for member in members.trim_end_matches(']').split(", ") {
        let top = member.trim_matches('"').split('/').next().unwrap();
        assert!(dockerfile.contains(&format!("COPY {top} {top}\n")), "{top} is not copied");
    }
    let toolchain = read("rust-toolchain.toml");
    let channel = toolchain.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap();
    let channel = channel.trim_matches('"');
    assert!(dockerfile.contains(&format!("FROM rust:{channel}-slim-bookworm ")), "{channel}");
    assert!(dockerfile.contains(&format!("RUSTUP_TOOLCHAIN={channel}\n")), "{channel}");
}

/// What an image is named by has a version, so that tomorrow's is today's
#[test]
fn every_image_is_pinned() {
    let compose = read("docker-compose.yml");
    let kubernetes = std::fs::read_dir("deploy/kubernetes").unwrap();
    let manifests = kubernetes.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let texts = [compose].into_iter().chain(manifests).collect::<Vec<_>>();
    let lines = texts.iter().flat_map(|text| text.lines());
    let images: Vec<&str> = lines
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("image: "))
        .collect();
    assert!(images.len() >= 6, "{images:?}");
    for image in images {
        let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
        assert!(!tag.is_empty() && tag != "latest", "{image}");
    }
}

/// The blocks of commands of a page
fn commands(page: &str) -> Vec<String> {
    let text = read(page);
    let blocks = text.split("```sh\n").skip(1);
    blocks.filter_map(|block| Some(block.split_once("```")?.0.replace("\\\n", " "))).collect()
}

const PAGES: [&str; 2] = ["docs/deployment.md", "docs/production.md"];

#[test]
fn the_commands_of_the_pages_are_ones_that_there_are() {
    let (mut called, mut named) = (0, 0);
    let blocks = PAGES.into_iter().flat_map(commands).collect::<Vec<_>>();
    for line in blocks.iter().flat_map(|block| block.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ours = words.iter().rposition(|word| *word == "workflow-server");
        if let Some(at) = ours.filter(|at| words.get(at + 1).is_some_and(|word| *word == "doctor"))
        {
            let status =
                Command::new(SERVER).args(&words[at + 1..]).arg("--help").output().unwrap();
            assert!(status.status.success(), "{line}");
            called += 1;
        }
        for path in words.iter().filter(|word| word.starts_with("deploy/") && !word.contains('*')) {
            assert!(std::path::Path::new(path).exists(), "{line}");
            named += 1;
        }
        if let ["deploy/local", command, ..] = words[..] {
            let script = read("deploy/local");
            assert!(script.contains(&format!("#     deploy/local {command} ")), "{line}");
        }
    }
    assert!(called >= 3 && named >= 6, "{called} calls, {named} paths");
}

/// The steps before the first start make what docker-compose.yml reads
#[test]
fn the_files_that_compose_needs_are_made_as_the_page_says() {
    let prepare = commands("docs/deployment.md");
    let prepare = prepare.iter().find(|block| block.contains("cp .env.example .env")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(".env.example", folder.path().join(".env.example")).unwrap();
    let shell =
        Command::new("sh").args(["-e", "-c", prepare]).current_dir(&folder).output().unwrap();
    assert!(shell.status.success(), "{}", String::from_utf8_lossy(&shell.stderr));
    let compose = read("docker-compose.yml");
    assert!(compose.contains("env_file: [.env]") && folder.path().join(".env").is_file());
    let token = std::fs::read_to_string(folder.path().join("secrets/workflow-token")).unwrap();
    assert!(
        compose.contains("file: secrets/workflow-token") && token.trim().len() == 64,
        "{token}"
    );
}
