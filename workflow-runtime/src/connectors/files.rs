//! `files.*`: what stands in one folder, and nothing beyond it.
//!
//! | tool | parameters | result |
//! |---|---|---|
//! | `files.read` | `path`, `offset?`, `limit?` | `{success, content, size, next_offset}` |
//! | `files.write` | `path`, `content` | `{success, created, size}` |
//! | `files.list` | `path?`, `limit?` | `{success, items: [{path, kind, size}], more}`, by name |
//!
//! Paths count from the folder. The folder is held open, and each part of a path is looked up from
//! there by `cap-std`: neither `..`, nor an absolute path, nor a link, nor one that changes meanwhile,
//! leads out of it. Files are UTF-8; `offset`, `limit` and `size` count bytes. `write` puts a whole
//! file in the place of the old one, so to call it once more does no harm.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use serde_json::{Map, Value, json};

use super::args::Args;
use super::{Connector, Hints, Reach, Standing, Tool, Working, failed};
use crate::machine::RunError;

/// What is read at once unless `limit` says otherwise, in bytes
const READ: i64 = 256 << 10;

/// What `limit` may say at most, in bytes
const MAX_READ: i64 = 1 << 20;

/// How much is written at most, in bytes
const MAX_WRITE: usize = 8 << 20;

/// Items of a list unless `limit` says otherwise
const LIST: i64 = 1_000;

/// How many `limit` may say at most
const MAX_LIST: i64 = 10_000;

/// The tools, each with whether it only reads
const TOOLS: [(&str, bool); 3] = [("read", true), ("write", false), ("list", true)];

/// Why there is no folder of files
#[derive(Debug, thiserror::Error)]
#[error("the folder of files `{path}` cannot be opened: {cause}")]
pub(crate) struct NoFolder {
    path: String,
    cause: io::Error,
}

/// The tools of one folder
pub(crate) struct Files {
    folder: Arc<Dir>,
}

impl Files {
    /// The tools of a folder, which must be there
    pub(crate) fn open(folder: &Path) -> Result<Self, NoFolder> {
        let opened = Dir::open_ambient_dir(folder, ambient_authority());
        let opened =
            opened.map_err(|cause| NoFolder { path: folder.display().to_string(), cause })?;
        Ok(Self { folder: Arc::new(opened) })
    }
}

impl Connector for Files {
    fn find<'a>(&'a self, tool: &'a str) -> Working<'a, Arc<Tool>> {
        Box::pin(std::future::ready(self.known(tool).ok_or_else(|| {
            let message = format!("there is no tool `files.{tool}`");
            failed(
                "tool-unknown",
                message,
                "there are `files.read`, `files.write` and `files.list`",
            )
        })))
    }

    fn call<'a>(&'a self, tool: &'a str, arguments: Map<String, Value>) -> Working<'a, Value> {
        let (folder, tool) = (self.folder.clone(), format!("files.{tool}"));
        Box::pin(async move {
            let working = tokio::task::spawn_blocking(move || call(&folder, &tool, &arguments));
            working.await.unwrap_or_else(|_| Err(wrong("the work on a file broke off")))
        })
    }

    fn list(&self) -> Working<'_, Vec<Arc<Tool>>> {
        let tools = TOOLS.iter().filter_map(|(name, _)| self.known(name)).collect();
        Box::pin(std::future::ready(Ok(tools)))
    }

    fn known(&self, tool: &str) -> Option<Arc<Tool>> {
        let (name, reads) = TOOLS.into_iter().find(|(name, _)| *name == tool)?;
        let annotations =
            Hints { read_only_hint: Some(reads), idempotent_hint: Some(true), ..Hints::default() };
        Some(Arc::new(Tool { name: name.to_owned(), annotations, ..Tool::default() }))
    }

    fn standing(&self) -> Standing {
        Standing { reach: Reach::Connected, last_error: None }
    }
}

/// The failure of a step whose call of `files.*` reaches a server that has no folder
pub(crate) fn off(tool: &str) -> RunError {
    failed(
        "files-off",
        format!("`{tool}` is built in, and this server has no folder of files"),
        "start it with `--file-root FOLDER` (MCP_FILE_ROOT); the step can be tried again then",
    )
}

fn call(folder: &Dir, tool: &str, parameters: &Map<String, Value>) -> Result<Value, RunError> {
    let args = Args { tool, parameters };
    let done = match tool {
        "files.read" => read(folder, &args),
        "files.write" => write(folder, &args),
        _ => list(folder, &args),
    };
    done.map_err(|why| wrong(&why))
}

fn wrong(why: &str) -> RunError {
    failed("tool-failed", why.to_owned(), "see `files` in the documentation of connectors")
}

fn read(folder: &Dir, args: &Args<'_>) -> Result<Value, String> {
    args.only(&["path", "offset", "limit"])?;
    let path = path(args.text("path")?)?;
    let offset = args.integer_or_none("offset")?.unwrap_or(0);
    let offset = u64::try_from(offset).map_err(|_| args.wrong("needs an `offset` of 0 or more"))?;
    let limit = args.bounded("limit", READ, 4..=MAX_READ)?.unsigned_abs();
    let failed = |cause: io::Error| cannot("read", path, &cause);
    // Whoever opens a pipe waits for its other end.
    if !folder.metadata(path).map_err(failed)?.is_file() {
        return Err(format!("`{path}` is no file"));
    }
    let mut file = folder.open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    let end = offset + bytes.len() as u64;
    let content = text(&mut bytes, end < size)
        .ok_or_else(|| format!("`{path}` is no text in UTF-8, from byte {offset} on"))?;
    let end = offset + content.len() as u64;
    let next = (end < size && !content.is_empty()).then_some(end);
    Ok(json!({"success": true, "content": content, "size": size, "next_offset": next}))
}

/// Bytes as text, without the part of a character at the end where more follows
fn text(bytes: &mut Vec<u8>, more: bool) -> Option<String> {
    if let Err(error) = std::str::from_utf8(bytes)
        && more
        && error.error_len().is_none()
    {
        bytes.truncate(error.valid_up_to());
    }
    String::from_utf8(std::mem::take(bytes)).ok()
}

fn write(folder: &Dir, args: &Args<'_>) -> Result<Value, String> {
    args.only(&["path", "content"])?;
    let (path, content) = (path(args.text("path")?)?, plain(args.value("content")?));
    if content.len() > MAX_WRITE {
        let (length, most) = (content.len(), MAX_WRITE);
        return Err(format!("`{path}` would have {length} bytes, and a file may have {most}"));
    }
    let failed = |cause: io::Error| cannot("written", path, &cause);
    let whole = Path::new(path);
    let name = whole.file_name().ok_or_else(|| format!("`{path}` does not name a file"))?;
    let above = whole.parent().filter(|above| !above.as_os_str().is_empty());
    let inside = match above {
        Some(above) => {
            folder.create_dir_all(above).map_err(failed)?;
            folder.open_dir(above).map_err(failed)?
        }
        None => folder.try_clone().map_err(failed)?,
    };
    let before = inside.symlink_metadata(name).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return Err(format!("`{path}` is there, and no file: it is left as it is"));
    }
    // Beside it first, under a name of its own, so that the file is there as a whole or not at all.
    let draft = format!(".{}.draft", uuid::Uuid::new_v4().simple());
    let written = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = inside.open_with(&draft, options.write(true).create_new(true))?;
        if let Some(before) = &before {
            file.set_permissions(before.permissions())?;
        }
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        inside.rename(&draft, &inside, name)
    };
    if let Err(cause) = written() {
        // It may not have got so far.
        let _ = inside.remove_file(&draft);
        return Err(failed(cause));
    }
    Ok(json!({"success": true, "created": before.is_none(), "size": content.len()}))
}

fn list(folder: &Dir, args: &Args<'_>) -> Result<Value, String> {
    args.only(&["path", "limit"])?;
    let at = args.text_or_none("path")?.unwrap_or(".");
    let (at, limit) = (path(at)?, args.bounded("limit", LIST, 0..=MAX_LIST)?);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let failed = |cause: io::Error| cannot("listed", at, &cause);
    // The first by name, and no more, however many there are.
    let (mut names, mut more) = (BTreeMap::new(), false);
    for entry in folder.read_dir(at).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // What cannot be said cannot be asked for; what is gone by now is gone.
        let (Ok(name), Ok(metadata)) = (entry.file_name().into_string(), entry.metadata()) else {
            continue;
        };
        names.insert(name, metadata);
        if names.len() > limit {
            names.pop_last();
            more = true;
        }
    }
    let above = if at == "." { String::new() } else { format!("{}/", at.trim_end_matches('/')) };
    let items = names.into_iter().map(|(name, metadata)| {
        let kind = match metadata.file_type() {
            kind if kind.is_file() => "file",
            kind if kind.is_dir() => "folder",
            _ => "other",
        };
        json!({"path": format!("{above}{name}"), "kind": kind, "size": metadata.len()})
    });
    Ok(json!({"success": true, "items": items.collect::<Vec<_>>(), "more": more}))
}

/// A path that may be one within the folder; whether it is, shows when it is opened
fn path(path: &str) -> Result<&str, String> {
    let rooted = |part| matches!(part, Component::RootDir | Component::Prefix(_));
    if path.is_empty() || Path::new(path).components().any(rooted) {
        return Err(format!(
            "`{path}` is no path within the folder of files: it counts from there, as `notes/a.md`"
        ));
    }
    Ok(path)
}

fn cannot(done: &str, path: &str, cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => format!("`{path}` cannot be {done}: there is no such file"),
        io::ErrorKind::NotADirectory => {
            format!("`{path}` cannot be {done}: what is before the last `/` is no folder")
        }
        _ => format!("`{path}` cannot be {done}: {cause}"),
    }
}

/// A value as it stands in a file: strings as they are, the rest as JSON
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// A folder `inside`, beside which there is a secret
    struct Place {
        around: TempDir,
        files: Files,
    }

    impl Place {
        fn new() -> Self {
            let around = tempfile::tempdir().unwrap();
            fs::create_dir(around.path().join("inside")).unwrap();
            fs::write(around.path().join("secret"), "not yours").unwrap();
            let files = Files::open(&around.path().join("inside")).unwrap();
            Self { around, files }
        }

        fn inside(&self, name: &str) -> std::path::PathBuf {
            self.around.path().join("inside").join(name)
        }

        fn call(&self, tool: &str, parameters: &Value) -> Result<Value, String> {
            let parameters = parameters.as_object().unwrap();
            super::call(&self.files.folder, tool, parameters).map_err(|error| error.message)
        }
    }

    #[test]
    fn what_is_written_is_read_and_listed() {
        let place = Place::new();
        let write = |path: &str, content: Value| {
            place.call("files.write", &json!({"path": path, "content": content})).unwrap()
        };
        let wrote = write("notes/a.md", json!("Grüße"));
        assert_eq!(wrote, json!({"success": true, "created": true, "size": 7}));
        assert_eq!(write("notes/a.md", json!("ä b"))["created"], false);
        write("b.json", json!({"n": 1}));
        let read = |parameters: Value| place.call("files.read", &parameters).unwrap();
        let whole = json!({"success": true, "content": "ä b", "size": 4, "next_offset": null});
        assert_eq!(read(json!({"path": "notes/../notes/./a.md"})), whole);
        assert_eq!(read(json!({"path": "b.json"}))["content"], r#"{"n":1}"#);
        // A character is not cut in two, and the longest one is still read.
        fs::write(place.inside("c"), "abcä🍵").unwrap();
        let part = read(json!({"path": "c", "limit": 4}));
        assert_eq!((&part["content"], &part["next_offset"]), (&json!("abc"), &json!(3)));
        let part = read(json!({"path": "c", "offset": 3, "limit": 4}));
        assert_eq!((&part["content"], &part["next_offset"]), (&json!("ä"), &json!(5)));
        let part = read(json!({"path": "c", "offset": 5, "limit": 1}));
        assert_eq!((&part["content"], &part["next_offset"]), (&json!("🍵"), &json!(null)));

        let list = |parameters: Value| place.call("files.list", &parameters).unwrap();
        let items = json!([
            {"path": "b.json", "kind": "file", "size": 7},
            {"path": "c", "kind": "file", "size": 9},
        ]);
        let listed = list(json!({"limit": 2}));
        assert_eq!((&listed["items"], &listed["more"]), (&items, &json!(true)));
        let listed = list(json!({"path": "notes/"}));
        assert_eq!(listed["items"], json!([{"path": "notes/a.md", "kind": "file", "size": 4}]));
    }

    #[test]
    fn mistakes_are_told() {
        let place = Place::new();
        fs::write(place.inside("binary"), [0xff, 0xfe]).unwrap();
        fs::create_dir(place.inside("folder")).unwrap();
        let said = |tool: &str, parameters: Value| place.call(tool, &parameters).unwrap_err();
        let cases = [
            (said("files.read", json!({"path": "gone"})), "there is no such file"),
            (said("files.read", json!({"path": "binary"})), "no text in UTF-8"),
            (said("files.read", json!({"path": "folder"})), "`folder` is no file"),
            (said("files.read", json!({"path": "binary", "offset": -1})), "`offset` of 0 or more"),
            (said("files.read", json!({})), "`files.read` needs `path`"),
            (said("files.write", json!({"path": "folder", "content": ""})), "left as it is"),
            (said("files.write", json!({"path": "binary/x", "content": ""})), "cannot be written"),
            (said("files.write", json!({"path": "x"})), "needs `content`"),
            (said("files.list", json!({"path": "binary"})), "`binary` cannot be listed"),
            (said("files.list", json!({"folder": "x"})), "no parameter `folder`"),
        ];
        for (said, expected) in cases {
            assert!(said.contains(expected), "`{expected}` is not in: {said}");
        }
        let large = "x".repeat(MAX_WRITE + 1);
        let refused = said("files.write", json!({"path": "x", "content": large}));
        assert!(refused.contains("8388609 bytes") && !place.inside("x").exists(), "{refused}");
        // No draft is left behind.
        assert_eq!(fs::read_dir(place.inside("")).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_leads_out_of_the_folder() {
        use std::os::unix::fs::symlink;
        let place = Place::new();
        symlink("../secret", place.inside("link")).unwrap();
        symlink("..", place.inside("up")).unwrap();
        symlink(place.around.path(), place.inside("absolute")).unwrap();
        let secret = place.around.path().join("secret");
        let paths = [
            "../secret",
            "x/../../secret",
            "link",
            "up/secret",
            "absolute/secret",
            secret.to_str().unwrap(),
        ];
        for path in paths {
            let read = place.call("files.read", &json!({ "path": path }));
            let written = place.call("files.write", &json!({"path": path, "content": "mine"}));
            assert!(read.is_err() && written.is_err(), "{path}: {read:?} {written:?}");
        }
        for path in ["..", "up", "absolute", "/"] {
            let listed = place.call("files.list", &json!({ "path": path }));
            assert!(listed.is_err(), "{path}: {listed:?}");
        }
        assert_eq!(fs::read_to_string(secret).unwrap(), "not yours");
        assert_eq!(fs::read_dir(place.around.path()).unwrap().count(), 2);
    }

    /// A link that is changed all the while is one that leads out at some look and in at another
    #[cfg(unix)]
    #[test]
    fn nor_does_a_race() {
        use std::os::unix::fs::symlink;
        use std::sync::atomic::{AtomicBool, Ordering};
        let place = Place::new();
        fs::create_dir(place.inside("good")).unwrap();
        fs::write(place.inside("good/secret"), "yours").unwrap();
        let (flips, stop) = (place.inside("flips"), AtomicBool::new(false));
        symlink("good", &flips).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for outside in [true, false].into_iter().cycle() {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let next = place.inside("next");
                    symlink(if outside { ".." } else { "good" }, &next).unwrap();
                    fs::rename(next, &flips).unwrap();
                }
            });
            for _ in 0..2_000 {
                if let Ok(read) = place.call("files.read", &json!({"path": "flips/secret"})) {
                    assert_eq!(read["content"], "yours");
                }
            }
            stop.store(true, Ordering::Relaxed);
        });
    }
}
