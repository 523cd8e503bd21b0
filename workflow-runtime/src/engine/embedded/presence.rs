//! Which processes work on a store, and which have died: a file each, locked as long as they live.
//!
//! The operating system lets go of a lock when its process ends, however it ends; so there is
//! nothing to renew and no clock to trust. It holds on one machine, as the store's own log does.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::failure;
use crate::engine::EngineError;

/// A process that works on a store, as the others see it
pub(super) struct Presence {
    id: String,
    /// Where each process has its file
    folder: PathBuf,
    /// Locked while the others are to know that it lives
    file: Mutex<Option<File>>,
}

impl Presence {
    /// A process of which the others know nothing yet
    pub(super) fn new(store: &Path) -> Self {
        let mut folder = store.as_os_str().to_owned();
        folder.push("-processes");
        // The number is for people; another process may have it one day.
        let id = format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple());
        Self { id, folder: folder.into(), file: Mutex::default() }
    }

    /// One of this name, which no other ever has
    #[cfg(test)]
    pub(super) fn named(store: &Path, id: String) -> Self {
        let mut presence = Self::new(store);
        presence.id = id;
        presence
    }

    /// The name by which the others know it; no process ever has another's
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Lets the others see that it lives; from here on it may own calls
    pub(super) fn announce(&self) -> Result<(), EngineError> {
        let file = self.lock().map_err(|error| failure::no_presence(&self.folder, &error))?;
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        self.tidy();
        Ok(())
    }

    /// Under its name the file is never seen without its lock
    fn lock(&self) -> std::io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        let unseen = self.folder.join(format!("{}.new", self.id));
        let file = File::create(&unseen)?;
        file.lock()?;
        fs::rename(&unseen, self.folder.join(&self.id))?;
        Ok(file)
    }

    /// Whether a process has died; once dead, always dead
    pub(super) fn is_gone(&self, id: &str) -> bool {
        if id == self.id {
            return false;
        }
        if !id.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-') {
            // No name of a process: nobody lives by it.
            return true;
        }
        let path = self.folder.join(id);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) => return error.kind() == ErrorKind::NotFound,
        };
        match file.try_lock() {
            Ok(()) => {
                // Whoever asks next finds no file, which says the same.
                let _ = fs::remove_file(&path);
                true
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        }
    }

    /// Removes what dead processes have left
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if let Some(id) = entry.file_name().to_str() {
                self.is_gone(id);
            }
        }
    }

    /// The process dies, as far as the others can see
    #[cfg(test)]
    pub(super) fn die(&self) {
        self.file.lock().unwrap().take();
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        if file.take().is_some() {
            // Left behind it does no harm.
            let _ = fs::remove_file(self.folder.join(&self.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_seen_until_it_dies() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("runs.sqlite");
        let (one, other) = (Presence::new(&store), Presence::new(&store));
        assert!(other.is_gone(one.id()), "nobody has seen it yet");
        one.announce().unwrap();
        assert!(!other.is_gone(one.id()) && !other.is_gone(one.id()));
        one.die();
        assert!(other.is_gone(one.id()) && other.is_gone(one.id()));
        assert!(!one.is_gone(one.id()), "to itself it lives");
    }

    #[test]
    fn what_the_dead_leave_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("runs.sqlite");
        let (dead, done, alive) =
            (Presence::new(&store), Presence::new(&store), Presence::new(&store));
        dead.announce().unwrap();
        done.announce().unwrap();
        drop(done);
        dead.die();
        alive.announce().unwrap();
        let left = fs::read_dir(folder.path().join("runs.sqlite-processes")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [alive.id()]);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_process() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        fs::write(&note, "keep me").unwrap();
        let presence = Presence::new(&folder.path().join("runs.sqlite"));
        presence.announce().unwrap();
        assert!(presence.is_gone("../note"));
        assert!(note.exists());
    }
}
