//! Who draws.
//!
//! `VARIO_VIEWER_RENDERER` says it to those who test or whose driver is broken: `gl` or `cpu`.
//! Otherwise the machine does. That it has no graphics card is seen from its devices, because asking
//! OpenGL would load what is to be spared.

/// Who draws the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renderer {
    /// OpenGL; where it cannot be started, we.
    Gl,
    Cpu,
}

const VARIABLE: &str = "VARIO_VIEWER_RENDERER";

/// Asks the environment and the machine.
pub(super) fn renderer() -> Renderer {
    let variable = |name: &str| std::env::var(name).ok();
    choose(variable, is_gpu_there)
}

fn choose(
    variable: impl Fn(&str) -> Option<String>,
    is_gpu_there: impl FnOnce() -> bool,
) -> Renderer {
    match variable(VARIABLE).as_deref() {
        Some("gl") => Renderer::Gl,
        Some("cpu") => Renderer::Cpu,
        _ if cfg!(target_os = "linux")
            && (is_software_wanted(&variable) || is_display_remote(&variable)) =>
        {
            Renderer::Cpu
        }
        _ if is_gpu_there() => Renderer::Gl,
        _ => Renderer::Cpu,
    }
}

/// Mesa's own word for it.
fn is_software_wanted(variable: impl Fn(&str) -> Option<String>) -> bool {
    let value = variable("LIBGL_ALWAYS_SOFTWARE").unwrap_or_default();
    ["1", "true", "yes", "y"].contains(&value.to_ascii_lowercase().as_str())
}

/// Whether pictures go over a network, as with `ssh -X`: no graphics card of this machine helps.
fn is_display_remote(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") {
        return false;
    }
    let display = variable("DISPLAY").unwrap_or_default();
    // A path is a socket here.
    !display.starts_with('/')
        && display.split_once(':').is_some_and(|(host, _)| !host.is_empty() && host != "unix")
}

/// Whether there is a device that draws and that we may use. NVIDIA's own driver and WSL have
/// devices of their own.
#[cfg(target_os = "linux")]
fn is_gpu_there() -> bool {
    use rustix::fs::{Access, access};
    let may_use = |path: &std::path::Path| access(path, Access::READ_OK | Access::WRITE_OK).is_ok();
    let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    let is_node = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b"renderD");
    nodes.into_iter().any(|entry| is_node(&entry.file_name()) && may_use(&entry.path()))
        || ["/dev/nvidiactl", "/dev/dxg"].iter().any(|path| may_use(path.as_ref()))
}

/// Where the system brings an OpenGL of its own, that is tried first.
#[cfg(not(target_os = "linux"))]
fn is_gpu_there() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::{Renderer, choose};

    /// Variables, whether there is a graphics card, and who draws.
    type Case = (&'static [(&'static str, &'static str)], bool, Renderer);

    #[test]
    fn who_draws_is_said_or_seen() {
        let software = if cfg!(target_os = "linux") { Renderer::Cpu } else { Renderer::Gl };
        let cases: &[Case] = &[
            (&[], true, Renderer::Gl),
            (&[], false, Renderer::Cpu),
            (&[("VARIO_VIEWER_RENDERER", "gl")], false, Renderer::Gl),
            (&[("VARIO_VIEWER_RENDERER", "cpu")], true, Renderer::Cpu),
            (&[("VARIO_VIEWER_RENDERER", "vulkan")], true, Renderer::Gl),
            (&[("LIBGL_ALWAYS_SOFTWARE", "1")], true, software),
            (&[("LIBGL_ALWAYS_SOFTWARE", "0")], true, Renderer::Gl),
            (&[("DISPLAY", ":0")], true, Renderer::Gl),
            (&[("DISPLAY", "unix:0.0")], true, Renderer::Gl),
            (&[("DISPLAY", "/tmp/launch/org.xquartz:0")], true, Renderer::Gl),
            (&[("DISPLAY", "localhost:10.0")], true, software),
            (&[("DISPLAY", "far:0"), ("WAYLAND_DISPLAY", "wayland-0")], true, Renderer::Gl),
        ];
        for (variables, gpu, expected) in cases {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(choose(variable, || *gpu), *expected, "{variables:?}, {gpu}");
        }
    }
}
