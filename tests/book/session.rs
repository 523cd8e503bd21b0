//! What the book has its reader do is done as a reader would: page by page, in a folder that is empty at first.
//!
//! - A fence with `file=PATH` is written to that file.
//! - Of a fence `console` the lines behind `$ ` are run, and print what stands below them.
//! - A fence `json call=TOOL` is sent to the page's own server, else to `workflow-server`; what comes
//!   back stands in the fence `json reply` behind it.
//!
//! Ids of runs and times differ from run to run: where the page shows one, any other will do, and from
//! there on it stands for that one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::client::Client;
use crate::kinds::{Kind, of_kind};
use crate::pages::{Fence, Page, all, updates};
use crate::scratch::{ROOT, Scratch, run};
use crate::{SERVER, SETTINGS};

/// What the book calls the clone that its reader has
const CLONE: &str = "../workflow-server";

/// The pages that a reader goes through at a stretch, each from where the one before has ended
const SESSIONS: [&[&str]; 1] = [&["first-hour.md", "embedding.md", "library.md"]];

#[test]
fn what_the_reader_is_told_to_do_gives_what_is_shown() {
    for pages in SESSIONS {
        let mut session = Session::new(pages[0]);
        for path in pages {
            let mut page = Page::read(path);
            let told = session.go_through(&page);
            if updates() {
                page.rewrite(told.into_iter().map(|(fence, told)| (fence.range, told)).collect());
            } else {
                for (fence, told) in told {
                    assert_eq!(told, fence.text, "docs/{path}");
                }
            }
        }
    }
}

#[test]
fn every_page_with_something_to_do_is_gone_through() {
    let there = all().into_iter().filter(|page| !of_kind(page, Kind::Session).is_empty());
    let there: BTreeSet<String> = there.map(|page| page.path).collect();
    let done = SESSIONS.iter().flat_map(|pages| pages.iter().map(|page| (*page).to_owned()));
    assert_eq!(done.collect::<BTreeSet<_>>(), there);
}

/// What is behind the backticks is not shown to the reader.
#[test]
fn every_file_is_named_above_it() {
    for page in all() {
        for fence in of_kind(&page, Kind::Session) {
            let Some(file) = fence.says("file") else { continue };
            let named = fence.before.contains(&format!("`{file}`"));
            assert!(named, "docs/{}: nobody can see that a file is `{file}`", page.path);
        }
    }
}

/// The authors' command, which this test builds, because it is of another package
pub fn workflowc() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("scratch");
        let mut compiler = Command::new(env!("CARGO"));
        compiler.args(["build", "--quiet", "--offline", "-p", "workflow-compiler"]);
        compiler.args(["--bin", "workflowc", "--target-dir"]).arg(&target).current_dir(ROOT);
        let built = run(&mut compiler);
        assert!(built.ok, "{}", built.stderr);
        target.join("debug/workflowc")
    })
}

/// Where a shell finds what the reader has installed
pub fn path() -> String {
    let folders = [workflowc(), Path::new(SERVER)].map(|program| program.parent().unwrap());
    let folders = folders.map(|folder| folder.to_str().unwrap());
    format!("{}:{}", folders.join(":"), std::env::var("PATH").unwrap())
}

/// Takes from a command what whoever runs this test has set for the programs
pub fn unset(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| SETTINGS.iter().any(|begin| name.starts_with(begin))) {
            command.env_remove(name);
        }
    }
    command
}

/// A reader at work
struct Session {
    package: Scratch,
    /// The server of the reader's own crate, or ours
    server: PathBuf,
    client: Option<Client>,
    /// What stands in the page for what was printed
    shown: BTreeMap<String, String>,
}

impl Session {
    fn new(page: &str) -> Self {
        let package = Scratch::new(&format!("book-{}", page.replace(['/', '.'], "-")));
        let target = package.target().to_owned();
        std::os::unix::fs::symlink(&target, package.path("target")).unwrap();
        let server = PathBuf::from(SERVER);
        Self { package, server, client: None, shown: BTreeMap::new() }
    }

    /// Does what a page says; gives the fences of what is printed, with what was
    fn go_through(&mut self, page: &Page) -> Vec<(Fence, String)> {
        let (mut told, mut reply) = (Vec::new(), None);
        // The one that serves may have been built anew.
        self.client = None;
        for fence in of_kind(page, Kind::Session) {
            if let Some(file) = fence.says("file") {
                self.write(file, &fence.text);
            } else if fence.is("console") {
                let printed = self.console(&fence.text);
                told.push((fence, printed));
            } else if let Some(tool) = fence.says("call") {
                reply = Some(self.call(tool, &fence.text));
            } else {
                let given = reply.take().expect("a reply stands behind its call");
                let given = self.as_shown(&fence.text, &format!("{given:#}\n"));
                told.push((fence, given));
            }
        }
        told
    }

    fn write(&mut self, file: &str, text: &str) {
        let mut text = text.replace(CLONE, ROOT);
        if file == "Cargo.toml" {
            let name = text.lines().find_map(|line| line.strip_prefix("name = ")).unwrap();
            self.server = self.package.path("target/debug").join(name.trim_matches('"'));
            // This crate stands within the clone, the reader's beside it.
            text.push_str("\n[workspace]\n");
        }
        self.package.write(file, &text);
    }

    /// Runs the commands of a fence; gives it as it should be
    fn console(&mut self, text: &str) -> String {
        let mut whole = String::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let mut command =
                line.strip_prefix("$ ").expect("a command begins with `$ `").to_owned();
            while command.ends_with('\\') {
                command = format!("{command}\n{}", lines.next().expect("the command goes on"));
            }
            let mut shown = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown.extend([line, "\n"]);
            }
            let printed = self.run(&command);
            whole.extend(["$ ", &command, "\n", &self.as_shown(&shown, &printed)]);
        }
        whole
    }

    /// What a command prints, in its order
    fn run(&self, command: &str) -> String {
        let mut command = command.to_owned();
        for (printed, shown) in &self.shown {
            command = command.replace(shown, printed);
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(self.package.path(""));
        shell.env("PATH", path()).env("XDG_DATA_HOME", self.package.path("data"));
        shell.env("CARGO_NET_OFFLINE", "true").env("CARGO_PROFILE_DEV_DEBUG", "0");
        shell.env("CARGO_TERM_COLOR", "never");
        let said = run(unset(shell.env_remove("CARGO_TARGET_DIR"))).stdout;
        let lines = said.lines().map(str::trim_end);
        lines.flat_map(|line| [line, "\n"]).collect::<String>().replace(ROOT, CLONE)
    }

    fn call(&mut self, tool: &str, arguments: &str) -> Value {
        let mut arguments = arguments.to_owned();
        for (printed, shown) in &self.shown {
            arguments = arguments.replace(shown, printed);
        }
        let client = self.client.get_or_insert_with(|| {
            let mut server = Command::new(&self.server);
            let store = self.package.path("mcp.sqlite");
            Client::of(unset(server.args(["serve", "--store"]).arg(store)))
        });
        let id = client.ask(tool, &serde_json::from_str(arguments.as_str()).unwrap());
        let result = client.result(id);
        result["structuredContent"].clone()
    }

    /// What was printed, with the ids and times that the page shows in the place of those that it shows
    /// for the first time
    fn as_shown(&mut self, shown: &str, printed: &str) -> String {
        let (there, here) = (changing(shown), changing(printed));
        if there.len() == here.len() {
            for (there, here) in there.iter().zip(&here) {
                self.shown.entry((*here).to_owned()).or_insert_with(|| (*there).to_owned());
            }
        }
        let mut text = printed.to_owned();
        for (printed, shown) in &self.shown {
            text = text.replace(printed, shown);
        }
        text
    }
}

/// The ids and times in a text: words of 32 hexadecimal digits, and such as `2026-11-26T00:14:49Z` and `0.05s`
fn changing(text: &str) -> Vec<&str> {
    let id = |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let time = |word: &str| {
        let mut bytes = word.bytes();
        word.len() >= 19
            && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
            && word.as_bytes()[4] == b'-'
            && word.contains(':')
    };
    let took = |word: &str| {
        let seconds = word.strip_suffix('s').and_then(|word| word.split_once('.'));
        seconds.is_some_and(|(whole, part)| {
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            !whole.is_empty() && digits(whole) && part.len() == 2 && digits(part)
        })
    };
    let parts =
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-:.".contains(letter));
    let parts = parts.map(|word| word.trim_end_matches(['.', ':', ',']));
    parts.filter(|word| id(word) || time(word) || took(word)).collect()
}

#[test]
fn ids_and_times_are_known() {
    let text =
        "run 01a20616678c7244b3105df39758ba45: since 2026-11-26T00:14:49Z. 12:30, 0.05s, 1.4.0s";
    let found = changing(text);
    assert_eq!(found, ["01a20616678c7244b3105df39758ba45", "2026-11-26T00:14:49Z", "0.05s"]);
}
