//! Where a store stands: on what kind of disk, with how much room, and who else can read it.

use std::path::Path;

use crate::engine::{Check, Phase};

/// Less room than this, in bytes, and a run's next event may be refused
const FULL: u64 = 256 << 20;

/// Less room than this, in bytes, and somebody should see to it
const SCARCE: u64 = 2 << 30;

/// Where the system lists what is mounted
const MOUNTS: &str = "/proc/self/mountinfo";

/// What a disk is, for a file that several processes share by locks and mapped memory
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disk {
    /// Of this machine
    Local,
    /// Of another machine: its locks and its mapped memory cannot be relied on
    Remote,
    /// Behind a program or a hypervisor, which may or may not keep locks
    Passed,
    /// Gone with the machine's next start
    Memory,
    /// The writable layer of a container, gone with it
    Layer,
}

impl Disk {
    /// By the system's word for the kind of file system
    fn of(kind: &str) -> Self {
        match kind {
            "afs" | "beegfs" | "ceph" | "cifs" | "fuse.ceph" | "fuse.glusterfs" | "fuse.sshfs"
            | "glusterfs" | "lustre" | "nfs" | "nfs4" | "smb3" | "smbfs" => Self::Remote,
            "9p" | "virtiofs" => Self::Passed,
            "ramfs" | "tmpfs" => Self::Memory,
            "overlay" => Self::Layer,
            // One of a disk by itself; the others are programs that pass on to something.
            "fuseblk" => Self::Local,
            kind if kind.starts_with("fuse") => Self::Passed,
            _ => Self::Local,
        }
    }
}

/// Whether the place of a store can be relied on
pub(super) fn checks(store: &Path) -> Vec<Check> {
    let folder = store.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = std::fs::read_to_string(MOUNTS).unwrap_or_default();
    let bytes = std::fs::metadata(store).map_or(0, |file| file.len());
    [
        kind(&mounts, &folder).map(|kind| disk(&kind, &folder)),
        system::room(&folder).map(|left| room(left, bytes, &folder)),
        system::shown_to_others(&folder).map(|shown| privacy(shown, &folder)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The kind of file system that a folder stands on, by the system's list of what is mounted
fn kind(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let (of_mount, of_system) = line.split_once(" - ")?;
        let at = unescaped(of_mount.split(' ').nth(4)?);
        let kind = of_system.split(' ').next()?;
        folder.starts_with(&at).then_some((at.len(), kind))
    });
    // Of two at one place the later hides the earlier.
    mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind.to_owned())
}

/// A path of that list: what would break its lines is written in octal, `\040` for a space
fn unescaped(path: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.into_iter().fold(path.to_owned(), |path, (escape, letter)| path.replace(escape, letter))
}

fn disk(kind: &str, folder: &Path) -> Check {
    let (phase, name, folder) = (Phase::During, "disk", folder.display());
    let elsewhere = "move the store to a disk of this machine: `workflow-server backup`, `restore`";
    match Disk::of(kind) {
        Disk::Local => Check::ok(phase, name, format!("`{folder}` is on a local disk ({kind})")),
        Disk::Remote => Check::fail(
            phase,
            name,
            format!("`{folder}` is on another machine ({kind}), where locks do not hold"),
            elsewhere,
        ),
        Disk::Passed => Check::warn(
            phase,
            name,
            format!("`{folder}` is passed on ({kind}), and may not keep locks"),
            elsewhere,
        ),
        Disk::Memory => Check::fail(
            phase,
            name,
            format!("`{folder}` is in memory ({kind}), and gone with the next start"),
            elsewhere,
        ),
        Disk::Layer => Check::warn(
            phase,
            name,
            format!("`{folder}` is in a container's own layer ({kind}), and gone with it"),
            "mount a volume there",
        ),
    }
}

/// `left` bytes can still be written, and the store has so many
fn room(left: u64, store: u64, folder: &Path) -> Check {
    let (phase, name, folder) = (Phase::During, "room", folder.display());
    let found = format!(
        "{} MiB left in `{folder}`, of which the store has {} MiB",
        left >> 20,
        store >> 20
    );
    let to_do = "make room, or move the store to a larger disk";
    match left {
        _ if left < FULL => Check::fail(phase, name, found, to_do),
        _ if left < SCARCE.max(store) => Check::warn(phase, name, found, to_do),
        _ => Check::ok(phase, name, found),
    }
}

fn privacy(shown: bool, folder: &Path) -> Check {
    let (phase, name, folder) = (Phase::During, "privacy", folder.display());
    match shown {
        false => Check::ok(phase, name, format!("only its user can look into `{folder}`")),
        true => Check::warn(
            phase,
            name,
            format!("others than its user can look into `{folder}`"),
            format!(
                "chmod 700 '{folder}': the store holds inputs, answers, and the key of the seal"
            ),
        ),
    }
}

#[cfg(unix)]
mod system {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// How many bytes can still be written, by who is not root
    pub(super) fn room(folder: &Path) -> Option<u64> {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether others than its owner may open what is in a folder
    pub(super) fn shown_to_others(folder: &Path) -> Option<bool> {
        let folder = std::fs::metadata(folder).ok()?;
        Some(folder.permissions().mode() & 0o011 != 0)
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    /// Not asked for here
    pub(super) fn room(_: &Path) -> Option<u64> {
        None
    }

    /// Not asked for here
    pub(super) fn shown_to_others(_: &Path) -> Option<bool> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Verdict;

    const LISTED: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 22 0:26 / /dev/shm rw,nosuid shared:4 - tmpfs tmpfs rw
40 22 0:50 / /srv rw,relatime shared:9 - xfs /dev/sdb rw
41 40 0:51 / /srv/team\\040share rw,relatime shared:10 - nfs4 files.example:/team rw
42 40 0:52 / /srv/data rw,relatime - ext4 /dev/sdc rw
43 42 0:53 / /srv/data rw,relatime - fuse.sshfs ada@files.example: rw
";

    #[test]
    fn the_mount_that_is_nearest_and_latest_says_what_a_folder_stands_on() {
        let kind = |folder: &str| kind(LISTED, Path::new(folder)).unwrap();
        assert_eq!(kind("/home/ada"), "ext4");
        assert_eq!(kind("/srv/workflows"), "xfs");
        assert_eq!(kind("/srv/team share/workflows"), "nfs4");
        assert_eq!(kind("/srv/team"), "xfs");
        assert_eq!(kind("/srv/data/workflows"), "fuse.sshfs");
        assert_eq!(super::kind("", Path::new("/")), None);
    }

    #[test]
    fn a_store_belongs_on_a_disk_of_the_machine() {
        let verdict = |kind: &str| disk(kind, Path::new("/srv")).verdict;
        for kind in ["ext4", "xfs", "btrfs", "zfs", "fuseblk", "apfs"] {
            assert_eq!(verdict(kind), Verdict::Ok, "{kind}");
        }
        for kind in ["overlay", "9p", "virtiofs", "fuse.mergerfs"] {
            assert_eq!(verdict(kind), Verdict::Warn, "{kind}");
        }
        for kind in ["nfs4", "cifs", "fuse.sshfs", "tmpfs"] {
            assert_eq!(verdict(kind), Verdict::Fail, "{kind}");
        }
    }

    #[test]
    fn there_has_to_be_room_for_another_of_its_size() {
        let verdict = |left, store| room(left, store, Path::new("/srv")).verdict;
        assert_eq!(verdict(3 << 30, 1 << 30), Verdict::Ok);
        assert_eq!(verdict(3 << 30, 4 << 30), Verdict::Warn);
        assert_eq!(verdict(1 << 30, 0), Verdict::Warn);
        assert_eq!(verdict(FULL - 1, 0), Verdict::Fail);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_look_into_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("runs.sqlite");
        let verdict = |mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), mode).unwrap();
            let checks = checks(&store);
            let found = checks.iter().find(|check| check.name == "privacy").unwrap().verdict;
            assert!(checks.iter().any(|check| check.name == "room"), "{checks:?}");
            found
        };
        assert_eq!(verdict(0o700), Verdict::Ok);
        assert_eq!(verdict(0o755), Verdict::Warn);
    }
}
