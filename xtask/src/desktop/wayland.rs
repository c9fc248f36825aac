//! A Wayland compositor of one's own: sway without a screen, drawing in software.
//!
//! sway rather than another, because it can be told to hide a window, and says over its socket
//! which process has which window.

mod ipc;

use std::fs::Permissions;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::home::Home;
use super::poll;
use super::server::Running;
use super::viewer::Viewer;
use ipc::Ipc;

/// The socket's name, the first that sway tries.
const SOCKET: &str = "wayland-1";

/// User and group of nobody.
const NOBODY: u32 = 65534;

/// sway refuses to run as root, which is what a container often has.
const AS_NOBODY: &[&str] = &["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/// Windows have the size they ask for; nothing else is started.
const CONFIGURATION: &str = "\
xwayland disable
output HEADLESS-1 resolution 1280x900
for_window [app_id=\".*\"] floating enable
";

/// The compositor and a connection to it.
pub(crate) struct Compositor {
    ipc: Ipc,
    display: PathBuf,
    server: Running,
}

impl Compositor {
    /// Starts it and waits until programs can connect.
    pub(crate) fn start(home: &Home) -> Result<Self> {
        let is_root = rustix::process::geteuid().is_root();
        let folder = folder(home, is_root).context("cannot make a folder for sway")?;
        let configuration = folder.join("config");
        std::fs::write(&configuration, CONFIGURATION).context("cannot write sway's settings")?;
        let configuration = configuration.to_string_lossy();
        let privileges = if is_root { AS_NOBODY } else { &[] };
        let mut command = Running::server(home, "sway", privileges, &["--config", &configuration])?;
        let socket = folder.join("sway.sock");
        command.env("SWAYSOCK", &socket).env("XDG_RUNTIME_DIR", &folder);
        command.envs([
            ("WLR_BACKENDS", "headless"),
            ("WLR_LIBINPUT_NO_DEVICES", "1"),
            ("WLR_RENDERER", "pixman"),
        ]);
        let mut server = Running::start(home, "sway", command)?;
        let display = folder.join(SOCKET);
        let is_there = poll(Duration::from_secs(20), Duration::from_millis(20), || {
            server.check()?;
            Ok((display.exists() && socket.exists()).then_some(()))
        })?;
        if is_there.is_none() {
            bail!("sway did not start{}", server.said());
        }
        Ok(Self { ipc: Ipc::connect(&socket)?, display, server })
    }

    /// What leads a program to this compositor: a path, because its folder is not the viewer's.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![("WAYLAND_DISPLAY", self.display.to_string_lossy().into_owned())]
    }

    /// Waits until sway has the viewer's window, which on Wayland is when it has drawn its first
    /// picture; how long that took since the viewer was started.
    pub(crate) fn first_picture(
        &mut self,
        viewer: &mut Viewer,
        limit: Duration,
    ) -> Result<Duration> {
        let process = viewer.running.id();
        let seen = poll(limit, Duration::from_millis(2), || {
            self.server.check()?;
            viewer.running.check()?;
            Ok(self.is_visible(process)?.map(|_| Instant::now()))
        })?;
        let seen = seen.with_context(|| {
            format!("no window appeared within {limit:?}{}", viewer.running.said())
        })?;
        Ok(seen - viewer.started)
    }

    /// Puts the viewer's window where sway keeps what is not shown.
    pub(crate) fn hide(&mut self, viewer: &Viewer) -> Result<()> {
        let process = viewer.running.id();
        self.ipc.run(&format!("[pid={process}] move scratchpad"))?;
        let hidden = poll(Duration::from_secs(5), Duration::from_millis(20), || {
            match self.is_visible(process)? {
                Some(false) => Ok(Some(())),
                Some(true) => Ok(None),
                None => bail!("the window is gone instead of hidden{}", viewer.running.said()),
            }
        })?;
        hidden.context("sway still shows the window that it should hide")
    }

    /// Asks the viewer's window to close.
    pub(crate) fn close(&mut self, viewer: &Viewer) -> Result<()> {
        self.ipc.run(&format!("[pid={}] kill", viewer.running.id()))
    }

    fn is_visible(&mut self, process: u32) -> Result<Option<bool>> {
        Ok(visibility(&self.ipc.tree()?, process))
    }
}

/// A folder for its sockets that it can use, whoever it runs as.
fn folder(home: &Home, is_root: bool) -> std::io::Result<PathBuf> {
    let folder = home.path().join("sway");
    std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
    if is_root {
        chown(&folder, Some(NOBODY), Some(NOBODY))?;
        // To go through, not to look around.
        std::fs::set_permissions(home.path(), Permissions::from_mode(0o711))?;
    }
    Ok(folder)
}

/// Whether a process's window can be seen; `None` if it has none.
fn visibility(node: &Value, process: u32) -> Option<bool> {
    if node["pid"] == process
        && let Some(visible) = node["visible"].as_bool()
    {
        return Some(visible);
    }
    let children = ["nodes", "floating_nodes"].into_iter();
    children
        .filter_map(|name| node[name].as_array())
        .flatten()
        .find_map(|child| visibility(child, process))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::visibility;

    #[test]
    fn a_window_is_found_wherever_it_is() {
        let tree = json!({
            "nodes": [{ "nodes": [{ "pid": 7, "visible": true }], "floating_nodes": [] }],
            "floating_nodes": [{ "nodes": [], "floating_nodes": [{ "pid": 8, "visible": false }] }],
        });
        assert_eq!(visibility(&tree, 7), Some(true));
        assert_eq!(visibility(&tree, 8), Some(false));
        assert_eq!(visibility(&tree, 9), None);
    }
}
