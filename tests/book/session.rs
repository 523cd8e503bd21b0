//! What the book has its reader do is done, page by page, as a reader would: in an empty folder.
//!
//! - A fence with `file=PATH` is written to that file.
//! - Of a fence `console` the lines behind `$ ` are run, and print what stands below them.
//! - A fence `json call=TOOL` is sent to the page's own server, else to `workflow-server`; what comes
//!   back stands in the fence `json reply` behind it.
//!
//! Ids of runs and times differ from run to run: where the page shows one, any other will do, and from
//! there on it stands for that one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::SERVER;
use crate::client::Client;
use crate::pages::{Fence, Page, all, updates};
use crate::scratch::{ROOT, Scratch, run};

/// What the book calls the clone that its reader has
const CLONE: &str = "../workflow-server";

#[test]
fn what_the_reader_is_told_to_do_gives_what_is_shown() {
    let mut sessions = 0;
    for mut page in all() {
        if !page.fences().iter().any(|fence| fence.is("console")) {
            continue;
        }
        sessions += 1;
        let told = Session::new(&page.path).go_through(&page);
        if updates() {
            page.rewrite(told.into_iter().map(|(fence, told)| (fence.range, told)).collect());
        } else {
            for (fence, told) in told {
                assert_eq!(told, fence.text, "docs/{}", page.path);
            }
        }
    }
    assert!(sessions >= 1, "no page has something to do");
}

/// A reader at work
struct Session {
    package: Scratch,
    /// The commands that the reader has installed
    path: String,
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
        let mut compiler = Command::new(env!("CARGO"));
        compiler.args(["build", "--quiet", "--offline", "-p", "workflow-compiler"]);
        compiler.args(["--bin", "workflowc", "--target-dir"]).arg(&target).current_dir(ROOT);
        let built = run(&mut compiler);
        assert!(built.ok, "{}", built.stderr);
        let folders = [target.join("debug"), Path::new(SERVER).parent().unwrap().to_owned()];
        let folders = folders.map(|folder| folder.to_str().unwrap().to_owned());
        let path = format!("{}:{}", folders.join(":"), std::env::var("PATH").unwrap());
        let server = PathBuf::from(SERVER);
        Self { package, path, server, client: None, shown: BTreeMap::new() }
    }

    /// Does what a page says; gives the fences of what is printed, with what was
    fn go_through(&mut self, page: &Page) -> Vec<(Fence, String)> {
        let (mut told, mut reply) = (Vec::new(), None);
        for fence in page.fences() {
            if let Some(file) = fence.says("file") {
                self.write(file, &fence.text);
            } else if fence.is("console") {
                let printed = self.console(&fence.text);
                told.push((fence, printed));
            } else if let Some(tool) = fence.says("call") {
                reply = Some(self.call(tool, &fence.text));
            } else if fence.info == "json reply" {
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
        shell.env("PATH", &self.path).env("XDG_DATA_HOME", self.package.path("data"));
        shell.env("CARGO_NET_OFFLINE", "true").env("CARGO_PROFILE_DEV_DEBUG", "0");
        for variable in ["CARGO_TARGET_DIR", "WORKFLOW_STORE", "UPDATE_BOOK"] {
            shell.env_remove(variable);
        }
        let said = run(&mut shell).stdout;
        let lines = said.lines().map(str::trim_end);
        lines.map(|line| format!("{line}\n")).collect::<String>().replace(ROOT, CLONE)
    }

    fn call(&mut self, tool: &str, arguments: &str) -> Value {
        let mut arguments = arguments.to_owned();
        for (printed, shown) in &self.shown {
            arguments = arguments.replace(shown, printed);
        }
        let client = self.client.get_or_insert_with(|| {
            let mut server = Command::new(&self.server);
            Client::of(server.args(["serve", "--store"]).arg(self.package.path("mcp.sqlite")))
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

/// The ids and times in a text: words of 32 hexadecimal digits, and such as `2026-11-26T00:14:49Z`
fn changing(text: &str) -> Vec<&str> {
    let id = |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let time = |word: &str| {
        let mut bytes = word.bytes();
        word.len() >= 19
            && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
            && word.as_bytes()[4] == b'-'
            && word.contains(':')
    };
    let parts =
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-:.".contains(letter));
    let parts = parts.map(|word| word.trim_end_matches(['.', ':', ',']));
    parts.filter(|word| id(word) || time(word)).collect()
}

#[test]
fn ids_and_times_are_known() {
    let text = "run 01a20616678c7244b3105df39758ba45: since 2026-11-26T00:14:49Z. 12:30";
    let found = changing(text);
    assert_eq!(found, ["01a20616678c7244b3105df39758ba45", "2026-11-26T00:14:49Z"]);
}
