//! xbar and SwiftBar run on macOS only: here it is what they start that is tried.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::{HEADLINE, consumer, pasted, rig};

#[test]
fn the_script_in_its_folder_of_plugins_works() {
    let rig = rig();
    rig.home.write("vario.1m.sh", pasted("--format xbar"));
    let script = rig.home.path().join("vario.1m.sh");
    std::fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("it is ours");
    let ran = rig.finish(consumer(&rig, &script.to_string_lossy(), &[])).exits(0);
    let mut lines = ran.stdout.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with(HEADLINE)), "{ran}");
    assert_eq!(lines.next(), Some("---"), "{ran}");
}
