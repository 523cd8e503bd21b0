//! Backups of the store: how old the latest is, and whether it can be read.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::super::args::Options;
use super::super::set_up;
use crate::engine::embedded::upkeep;
use crate::engine::{Check, Phase};
use crate::plural::count;

/// A day, and an hour for the backup to be made in
const DAY: Duration = Duration::from_hours(25);

/// Without a backup for so long, something does not work
const WEEK: Duration = Duration::from_hours(8 * 24);

/// How old the latest backup is, and whether it can be read
pub(super) fn check(options: &Options, backups: Option<&Path>) -> Check {
    let (phase, name) = (Phase::After, "backup");
    let make = "`workflow-server backup FILE`, every day and to another disk";
    let Some(folder) = backups else {
        let to_do = format!("name the folder with --backups or WORKFLOW_BACKUPS; {make}");
        return Check::warn(phase, name, "nobody has said where backups are", to_do);
    };
    let latest = match latest(folder) {
        Ok(Some(latest)) => latest,
        Ok(None) => {
            return Check::fail(phase, name, format!("none in `{}`", folder.display()), make);
        }
        Err(error) => {
            let found = format!("`{}` cannot be read: {error}", folder.display());
            return Check::fail(phase, name, found, make);
        }
    };
    let shown = latest.file.display();
    match upkeep::check(&latest.file) {
        Ok(found) if found.file_is_sound => {}
        _ => {
            let found = format!("the latest, `{shown}`, is not a store that can be read");
            return Check::fail(phase, name, found, make);
        }
    }
    let age = SystemTime::now().duration_since(latest.made).unwrap_or_default();
    let found = format!("`{shown}`, {} old, can be read", in_words(age));
    match age {
        // Nothing has been written since then.
        _ if written(options).is_some_and(|written| written <= latest.made) => {
            Check::ok(phase, name, format!("{found}, and nothing is newer"))
        }
        _ if age > WEEK => Check::fail(phase, name, found, make),
        _ if age > DAY => Check::warn(phase, name, found, make),
        _ => Check::ok(phase, name, found),
    }
}

/// A file of a folder of backups
struct Backup {
    file: PathBuf,
    made: SystemTime,
}

/// The file in a folder that was written last
fn latest(folder: &Path) -> std::io::Result<Option<Backup>> {
    let mut latest: Option<Backup> = None;
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        let metadata = std::fs::metadata(&file)?;
        let made = metadata.modified()?;
        if metadata.is_file() && latest.as_ref().is_none_or(|latest| latest.made < made) {
            latest = Some(Backup { file, made });
        }
    }
    Ok(latest)
}

/// When the store was last written to
fn written(options: &Options) -> Option<SystemTime> {
    let store = set_up::store(options).ok()?.path;
    let mut log = store.clone().into_os_string();
    log.push("-wal");
    let modified = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    modified(&store).max(modified(Path::new(&log)))
}

/// An age, in its largest unit
fn in_words(age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    match minutes {
        0..120 => count(minutes, "minute"),
        120..2880 => count(minutes / 60, "hour"),
        _ => count(minutes / 1440, "day"),
    }
}
