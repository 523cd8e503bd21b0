//! A process that ends with ours, however that ends.
//!
//! A shell stands between. It holds the end of a pipe whose other end we hold; signals for the program
//! go through it by name. When it breaks, because our process has ended without a word, the shell kills
//! the program and removes its folder.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

/// `$1` is a folder that is removed in the end, or empty; then comes the program.
const KEEPER: &str = r#"
folder=$1; shift
exec 3<&0
"$@" < /dev/null 3<&- &
program=$!
(
    # Those are for our process and the program; what they leave is seen to here.
    trap '' HUP INT TERM
    while read -r word; do
        if [ "$word" = done ]; then folder=; break; fi
        kill -s "$word" "$program"
    done
    kill -s KILL "$program" 2> /dev/null
    [ -z "$folder" ] || rm -rf "$folder"
) <&3 > /dev/null 2>&1 &
exec 3<&-
wait "$program"
"#;

/// A program that runs
#[derive(Debug)]
pub struct Process {
    keeper: Child,
    lines: Mutex<Receiver<String>>,
    /// What it has said so far
    said: Arc<Mutex<Vec<String>>>,
}

/// What a program is started with
#[derive(Debug)]
pub struct Start<'a> {
    /// Where it is
    pub program: &'a Path,
    /// What comes after its name
    pub arguments: &'a [&'a str],
    /// Variables beside those of our process
    pub environment: &'a [(&'a str, String)],
    /// Removed with all that is in it, where our process ends without doing so
    pub folder: Option<&'a Path>,
    /// Another user, where ours may do too much
    pub user: Option<u32>,
}

impl<'a> Start<'a> {
    /// A program with its arguments, and nothing further
    pub fn of(program: &'a Path, arguments: &'a [&'a str]) -> Self {
        Self { program, arguments, environment: &[], folder: None, user: None }
    }
}

impl Process {
    /// Starts a program
    pub fn start(start: &Start<'_>) -> Self {
        let folder = start.folder.map_or_else(PathBuf::new, Path::to_path_buf);
        let mut command = Command::new("/bin/sh");
        command.args(["-c", KEEPER, "keeper"]).arg(folder).arg(start.program);
        command.args(start.arguments).envs(start.environment.iter().cloned());
        // Both streams on one, in the order of what is said.
        let (reader, writer) = std::io::pipe().expect("there are pipes");
        command.stdin(Stdio::piped()).stderr(writer.try_clone().expect("there are pipes"));
        command.stdout(writer);
        as_user(&mut command, start.user);
        let keeper = command.spawn().expect("there is a shell");
        // Its copies of the stream's end would keep the stream open.
        drop(command);
        let (sender, lines) = channel();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                heard.lock().expect("nobody panics with it").push(line.clone());
                // Nobody may listen any more; it is read all the same, so that the program goes on.
                let _ = sender.send(line);
            }
        });
        Self { keeper, lines: Mutex::new(lines), said }
    }

    /// Waits for a line; false where the program ends without one
    pub fn says(&self, words: &str) -> bool {
        let lines = self.lines.lock().expect("nobody panics with it");
        lines.iter().any(|line| line.contains(words))
    }

    /// What it has said so far, for messages
    pub fn said(&self) -> String {
        self.said.lock().expect("nobody panics with it").join("\n")
    }

    /// Whether it runs
    pub fn runs(&mut self) -> bool {
        matches!(self.keeper.try_wait(), Ok(None))
    }

    /// Sends a signal (`TERM`, `KILL`) and waits for the end
    pub fn end(&mut self, signal: &str) -> ExitStatus {
        // Fails where it has ended, which is as well.
        let _ = self.say(signal);
        self.wait()
    }

    fn say(&mut self, word: &str) -> std::io::Result<()> {
        match &mut self.keeper.stdin {
            Some(pipe) => writeln!(pipe, "{word}"),
            None => Ok(()),
        }
    }

    /// Waits for its end
    pub fn wait(&mut self) -> ExitStatus {
        // `Child::wait` would close the pipe first, and the program be killed before the signal.
        let pipe = self.keeper.stdin.take();
        let status = self.keeper.wait().expect("nobody else waits for it");
        self.keeper.stdin = pipe;
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails where it has ended, which is as well.
        let _ = self.say("done");
        let _ = self.keeper.wait();
    }
}

#[cfg(unix)]
fn as_user(command: &mut Command, user: Option<u32>) {
    use std::os::unix::process::CommandExt;
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
}

#[cfg(not(unix))]
fn as_user(_: &mut Command, _: Option<u32>) {}
