use std::ffi::OsStr;
use std::path::Path;

use sysinfo::{DiskRefreshKind, Disks};
use vario_value::Value;

use super::integer;

/// File systems that hold no files of their own, beyond those that the library leaves out.
const PSEUDO: &[&str] = &[
    "autofs",
    "binfmt_misc",
    "bpf",
    "configfs",
    "debugfs",
    "devfs",
    "efivarfs",
    "fusectl",
    "nsfs",
    "ramfs",
    "securityfs",
    "tmpfs",
    "tracefs",
];

/// One mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) name: String,
    pub(super) mount: String,
    pub(super) file_system: String,
    pub(super) total: u64,
    pub(super) available: u64,
    pub(super) is_removable: bool,
}

/// The disks, as the plugin gets them.
pub(super) fn read() -> Value {
    let kind = DiskRefreshKind::nothing().with_storage();
    let Ok(disks) = Disks::new_with_refreshed_list_specifics(kind) else {
        return Value::List(Vec::new());
    };
    let lossy = |text: &OsStr| text.to_string_lossy().into_owned();
    let mounted = disks
        .iter()
        // Containers mount single files from the disk of their host.
        .filter(|disk| disk.mount_point().is_dir())
        .map(|disk| Disk {
            name: lossy(disk.name()),
            mount: lossy(disk.mount_point().as_os_str()),
            file_system: lossy(disk.file_system()),
            total: disk.total_space(),
            available: disk.available_space(),
            is_removable: disk.is_removable(),
        })
        .collect();
    Value::List(telling(mounted).into_iter().map(value).collect())
}

/// Those worth telling: one per device, the one mounted nearest to the root.
pub(super) fn telling(mut disks: Vec<Disk>) -> Vec<Disk> {
    disks.retain(|disk| {
        let kind = disk.file_system.to_lowercase();
        let is_layer = kind == "overlay" && disk.mount != "/";
        // A desktop's portals and sandboxes are files of other file systems shown again.
        let is_view = kind.starts_with("fuse.") && Path::new(&disk.mount).starts_with("/run");
        disk.total > 0 && !is_layer && !is_view && !PSEUDO.contains(&kind.as_str())
    });
    disks.sort_by(|a, b| {
        let depth = |disk: &Disk| Path::new(&disk.mount).components().count();
        depth(a).cmp(&depth(b)).then_with(|| a.mount.cmp(&b.mount))
    });
    let mut kept: Vec<Disk> = Vec::new();
    for disk in disks {
        // On macOS the name is a label, and two volumes may have the same one.
        if !kept.iter().any(|other| other.name == disk.name && other.total == disk.total) {
            kept.push(disk);
        }
    }
    kept
}

fn value(disk: Disk) -> Value {
    Value::from([
        ("name", Value::Str(disk.name)),
        ("mount", Value::Str(disk.mount)),
        ("fileSystem", Value::Str(disk.file_system)),
        ("total", integer(disk.total)),
        ("available", integer(disk.available)),
        ("removable", Value::Bool(disk.is_removable)),
    ])
}
