//! What the system tells of a process.

use std::fs;

use crate::Outcome;

/// What a process has in memory, in bytes: its pages that no other process shares count, and those
/// of files that it has mapped
pub(crate) fn resident(pid: u32) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.ok_or("the system does not tell a process's memory")?;
    Ok(kib.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}
