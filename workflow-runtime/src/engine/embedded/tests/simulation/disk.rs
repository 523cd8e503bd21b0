//! The disk under the servers, and what a power cut leaves on it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use tempfile::TempDir;

use super::super::super::tables;

/// A store that nothing has been written to; making one takes longer than most seeds
static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = folder();
    let path = folder.path().join("empty.sqlite");
    drop(tables::open(&path, Duration::ZERO).unwrap());
    fs::read(path).unwrap()
});

/// A folder in memory where the system has such a place
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let in_memory = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
    in_memory.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

/// What stands where a write was cut off
#[derive(Clone, Copy, Debug)]
pub(super) enum Torn {
    Nothing,
    Zeros,
    Noise,
}

/// The files of one store
pub(super) struct Disk {
    folder: TempDir,
    /// Power cuts so far: after each, the servers go on with a copy
    cuts: u32,
}

impl Disk {
    pub(super) fn new() -> Self {
        let disk = Self { folder: folder(), cuts: 0 };
        fs::write(disk.store(), &*EMPTY).unwrap();
        disk
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite", self.cuts))
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite-wal", self.cuts))
    }

    /// Bytes of the write-ahead log
    pub(super) fn log_length(&self) -> u64 {
        fs::metadata(self.log()).map_or(0, |file| file.len())
    }

    /// The power goes: of the log, `kept` bytes are sure to have reached the disk
    ///
    /// From now on [`Disk::store`] is what is left. Servers that run have to be started again.
    pub(super) fn cut_power(&mut self, kept: u64, torn: Torn) {
        let before = [self.store(), self.log()];
        let length = self.log_length();
        self.cuts += 1;
        // The dead servers' connections still have the old files, and tidy up as they are closed.
        fs::copy(&before[0], self.store()).unwrap();
        if length == 0 {
            return;
        }
        let mut log = fs::read(&before[1]).unwrap();
        let lost = log.split_off(usize::try_from(kept.min(length)).unwrap());
        let mut file = File::create(self.log()).unwrap();
        file.write_all(&log).unwrap();
        let tail: Vec<u8> = match torn {
            Torn::Nothing => vec![],
            Torn::Zeros => vec![0; lost.len()],
            Torn::Noise => lost.iter().map(|byte| byte ^ 0x55).collect(),
        };
        file.write_all(&tail).unwrap();
    }
}
