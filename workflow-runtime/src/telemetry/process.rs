//! What the system tells of this process; not every system does.

use std::fs;

/// Ticks a second in which Linux tells a process's time, on every architecture that Rust has
const TICKS: f64 = 100.0;

/// What this process has taken so far, and has
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Process {
    /// Time on a processor, in seconds
    pub(super) cpu_seconds: Option<f64>,
    /// Memory in use, in bytes
    pub(super) memory: Option<u64>,
    /// Open files, sockets too
    pub(super) open_files: Option<u64>,
}

impl Process {
    /// As it is now
    pub(super) fn now() -> Self {
        let files = fs::read_dir("/proc/self/fd").ok().map(Iterator::count);
        Self {
            cpu_seconds: fs::read_to_string("/proc/self/stat").ok().and_then(|stat| cpu(&stat)),
            memory: crate::engine::memory(),
            open_files: files.and_then(|files| files.try_into().ok()),
        }
    }
}

/// Time on a processor, of the program and of the system for it
fn cpu(stat: &str) -> Option<f64> {
    // The program's name comes before, in parentheses, and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok().map(f64::from);
    Some((ticks()? + ticks()?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_on_a_processor_is_read_behind_the_name() {
        let stat = "42 (a) b 1 2) S 1 42 42 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 3 0 99 1 1";
        assert_eq!(cpu(stat), Some(3.0));
        assert_eq!(cpu("42 (a) S 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_memory_time_and_files() {
        let process = Process::now();
        assert!(process.memory > Some(1 << 20) && process.open_files > Some(2), "{process:?}");
        assert!(process.cpu_seconds.is_some());
    }
}
