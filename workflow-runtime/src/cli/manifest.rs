//! `manifest`: the files by which clients and registries learn of this server, made from what it is:
//! this very program, with the workflows that are compiled into it.

use std::fmt::Write as _;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::args::{Bundle, Listing, Manifest};
use super::failure::Failure;
use crate::mcp;
use crate::registry::Registry;

/// The revision of the format of bundles that clients read today
const BUNDLE_FORMAT: &str = "0.3";

/// The format of the entries of the MCP registry
const LISTING_FORMAT: &str =
    "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/// How long a description may be in the MCP registry, in characters
const LISTING_DESCRIPTION: usize = 100;

/// Prints a manifest
pub(crate) fn manifest(
    command: &Manifest,
    registry: &Registry,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let program = Program::this()?;
    let made = match command {
        Manifest::Client => client(&program),
        Manifest::Bundle(args) => bundle(&program, args, registry),
        Manifest::Listing(args) => listing(args, registry)?,
    };
    writeln!(out, "{made:#}").map_err(|error| Failure::writing(&error))?;
    Ok(ExitCode::SUCCESS)
}

/// The program that is asked
struct Program {
    path: PathBuf,
    /// What its file is called
    file: String,
    /// The same without `.exe`
    name: String,
}

impl Program {
    fn this() -> Result<Self, Failure> {
        let path = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot tell where this program is: {error}")))?;
        let text =
            |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let (file, name) = (text(path.file_name()), text(path.file_stem()));
        Ok(Self { file: file.unwrap_or_default(), name: name.unwrap_or_default(), path })
    }
}

/// What goes into the `.mcp.json` of a client that starts servers
fn client(program: &Program) -> Value {
    let entry = json!({"command": program.path, "args": ["serve"]});
    json!({"mcpServers": {&program.name: entry}})
}

/// The `manifest.json` of a bundle in which the program is `server/NAME`
fn bundle(program: &Program, args: &Bundle, registry: &Registry) -> Value {
    let entry_point = format!("server/{}", program.file);
    let tools = mcp::tools::all().iter().map(|tool| {
        json!({"name": tool.name, "description": tool.description.as_deref().unwrap_or_default()})
    });
    json!({
        "manifest_version": BUNDLE_FORMAT,
        "name": program.name,
        "version": args.release.to_string(),
        "description": description(registry, usize::MAX),
        "author": {"name": args.author},
        "server": {
            "type": "binary",
            "entry_point": entry_point,
            "mcp_config": {
                "command": format!("${{__dirname}}/{entry_point}"),
                "args": ["serve"],
                "env": {},
            },
        },
        "tools": tools.collect::<Vec<_>>(),
        // Each workflow is one; what they say depends on their inputs.
        "prompts_generated": true,
        "compatibility": {"platforms": [platform()]},
    })
}

/// The name of the system that this program is built for, as Node.js has it
fn platform() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        system => system,
    }
}

/// The `server.json` of the MCP registry, for a bundle that can be downloaded
fn listing(args: &Listing, registry: &Registry) -> Result<Value, Failure> {
    if !is_name(&args.name) {
        return Err(Failure::usage(format!("`{}` is no name in the MCP registry", args.name))
            .help("it is a domain of yours backwards, and a name: io.github.ada/workflows"));
    }
    if !args.url.starts_with("https://") {
        return Err(Failure::usage(format!("`{}` is no address to download from", args.url))
            .help("name the bundle's address in a release, with https://"));
    }
    Ok(json!({
        "$schema": LISTING_FORMAT,
        "name": args.name,
        "description": description(registry, LISTING_DESCRIPTION),
        "version": args.release.to_string(),
        "packages": [{
            "registryType": "mcpb",
            "identifier": args.url,
            "fileSha256": digest(&args.bundle)?,
            "transport": {"type": "stdio"},
        }],
    }))
}

fn is_name(text: &str) -> bool {
    let (domain, name) = text.split_once('/').unwrap_or_default();
    let is = |part: &str, others: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    domain.contains('.') && is(domain, ".-") && is(name, "._-")
}

/// What the server is for, in at most so many characters where there is a limit
fn description(registry: &Registry, limit: usize) -> String {
    let mut names: Vec<&str> = registry.workflows().map(|program| program.info().name).collect();
    names.sort_unstable();
    describe(&names, limit)
}

/// Names as many workflows as there is room for
fn describe(names: &[&str], limit: usize) -> String {
    const PURPOSE: &str = "Takes an agent through workflows";
    let told = |many: usize| match &names[..many] {
        [] => PURPOSE.to_owned(),
        some if some.len() == names.len() => format!("{PURPOSE}: {}", some.join(", ")),
        some => format!("{PURPOSE}: {}, …", some.join(", ")),
    };
    let fits = |text: &String| text.chars().count() <= limit;
    (0..=names.len()).rev().map(told).find(fits).unwrap_or_else(|| PURPOSE.to_owned())
}

/// The SHA-256 of a file, in hexadecimal
fn digest(path: &Path) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot read the bundle `{}`: {error}", path.display()))
            .help("make it first: see docs/packaging.md")
    };
    let mut file = std::fs::File::open(path).map_err(cannot)?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece).map_err(cannot)? {
            0 => break,
            read => hasher.update(&piece[..read]),
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_registry_takes() {
        for name in ["io.github.ada/workflows", "org.example/a_b.c-d"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["workflows", "ada/workflows", "io.github.ada/", "io.github.ada/a b", "a.b/c/d"]
        {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_description_has_as_many_names_as_there_is_room_for() {
        let names = ["one", "two", "three"];
        for (limit, told) in [
            (usize::MAX, "Takes an agent through workflows: one, two, three"),
            (49, "Takes an agent through workflows: one, two, three"),
            (48, "Takes an agent through workflows: one, two, …"),
            (40, "Takes an agent through workflows: one, …"),
            (39, "Takes an agent through workflows"),
        ] {
            assert_eq!(describe(&names, limit), told);
        }
        assert_eq!(describe(&[], 100), "Takes an agent through workflows");
    }
}
