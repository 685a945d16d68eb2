//! The room that there is: memory of the machine and of the control group in which the program runs, and space on the file system of the
//! results.

use std::path::Path;

use sysinfo::System;

use super::Size;

/// Room as it was asked for; none where what there is decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Most memory.
    pub memory: Option<Size>,
    /// Most space on disk.
    pub disk: Option<Size>,
}

/// So many bytes, and where the number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The bytes.
    pub bytes: Size,
    /// Where they come from, in words.
    pub of: &'static str,
}

/// Room for runs; none where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Memory.
    pub memory: Option<Bound>,
    /// Space on disk.
    pub disk: Option<Bound>,
}

impl Room {
    /// The room for runs with results in `folder`, which need not exist: what `limits` say, else what there is now.
    #[must_use]
    pub fn found(limits: Limits, folder: &Path) -> Room {
        let asked = |size: Option<Size>, of| size.map(|bytes| Bound { bytes, of });
        Room {
            memory: asked(limits.memory, "--max-memory").or_else(memory),
            disk: asked(limits.disk, "--max-disk").or_else(|| disk(folder)),
        }
    }
}

/// The smaller of the memory that the machine has left and the memory that the control group has left.
fn memory() -> Option<Bound> {
    let mut system = System::new();
    system.refresh_memory();
    let machine = Bound { bytes: Size(system.available_memory()), of: "free memory of the machine" };
    let group = system.cgroup_limits().map(|limits| Bound {
        bytes: Size(limits.free_memory),
        of: "memory that is left of the limit of this container or control group",
    });
    std::iter::once(machine).chain(group).filter(|bound| bound.bytes.0 > 0).min_by_key(|bound| bound.bytes)
}

/// Space on the file system of the nearest folder above that exists.
#[cfg(unix)]
fn disk(folder: &Path) -> Option<Bound> {
    let whole = std::path::absolute(folder).ok()?;
    let found = rustix::fs::statvfs(whole.ancestors().find(|place| place.exists())?).ok()?;
    Some(Bound {
        bytes: Size(found.f_bavail.saturating_mul(found.f_frsize)),
        of: "free on the file system of the results",
    })
}

/// Not known here.
#[cfg(not(unix))]
fn disk(_: &Path) -> Option<Bound> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_comes_before_what_is_there() {
        let limits = Limits { memory: Some(Size(5)), disk: Some(Size(6)) };
        let room = Room::found(limits, Path::new("nowhere"));
        assert_eq!(room.memory, Some(Bound { bytes: Size(5), of: "--max-memory" }));
        assert_eq!(room.disk, Some(Bound { bytes: Size(6), of: "--max-disk" }));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_machine_that_runs_this_has_some_memory_and_some_disk() {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::found(Limits::default(), &folder.path().join("not/yet/there"));
        assert!(room.memory.unwrap().bytes > Size(10_000_000));
        assert!(room.disk.unwrap().bytes > Size(1_000_000));
    }
}
