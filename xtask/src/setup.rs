//! `cargo xtask setup [--check]`: what the tests and checks need beside Rust.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{check_flag, process};

/// How far the preparation goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What `cargo xtask test` cannot do without.
    Tests,
    /// That and the programs of `cargo xtask consumers`.
    Consumers,
    /// All that and the tools of `cargo xtask ci`.
    Everything,
}

/// One thing that is needed, and how to get it.
struct Need {
    name: &'static str,
    why: &'static str,
    scope: Scope,
    is_there: fn(&Path) -> bool,
    source: Source,
}

/// Where a missing thing comes from.
#[derive(Clone, Copy)]
enum Source {
    /// A Debian package; elsewhere only the reader knows how.
    System { debian: &'static str },
    /// A Debian package of which one program is wanted, and nothing that its installation does to
    /// the system: it is unpacked below the target folder.
    Unpacked { debian: &'static str },
    /// A program that Cargo builds.
    Cargo { package: &'static str, version: &'static str, args: &'static [&'static str] },
}

/// A library that the window loads when it opens.
macro_rules! library {
    ($file:literal, $debian:literal) => {
        Need {
            name: $file,
            why: "the window loads it",
            scope: Scope::Tests,
            is_there: |root| is_library(root, $file),
            source: Source::System { debian: $debian },
        }
    };
}

/// A program that reads what Vario prints.
macro_rules! consumer {
    ($program:literal, $debian:literal) => {
        Need {
            name: $program,
            why: "a consumer of what Vario prints",
            scope: Scope::Consumers,
            is_there: |_| is_program($program),
            source: Source::System { debian: $debian },
        }
    };
}

const NEEDS: &[Need] = &[
    Need {
        name: "a C compiler",
        why: "QuickJS-ng and SQLite are built from source",
        scope: Scope::Tests,
        is_there: |root| has_compiler(root, "CC", "cc"),
        source: Source::System { debian: "gcc" },
    },
    Need {
        name: "a C++ compiler",
        why: "Luau is built from source",
        scope: Scope::Tests,
        is_there: |root| has_compiler(root, "CXX", "c++"),
        source: Source::System { debian: "g++" },
    },
    Need {
        name: "strace",
        why: "a test looks at the system calls of a plugin without rights",
        scope: Scope::Tests,
        is_there: has_strace,
        source: Source::System { debian: "strace" },
    },
    Need {
        name: "dbus-run-session",
        why: "tests of the tray speak to a bus of their own",
        scope: Scope::Tests,
        is_there: |_| is_program("dbus-run-session"),
        source: Source::System { debian: "dbus" },
    },
    Need {
        name: "Xvfb",
        why: "tests open the window on it",
        scope: Scope::Tests,
        is_there: |_| is_program("Xvfb"),
        source: Source::System { debian: "xvfb" },
    },
    Need {
        name: "chromium",
        why: "tests open plugins' pages in it",
        scope: Scope::Tests,
        is_there: |_| is_program("chromium"),
        source: Source::System { debian: "chromium" },
    },
    consumer!("tmux", "tmux"),
    consumer!("waybar", "waybar"),
    consumer!("sway", "sway"),
    consumer!("grim", "grim"),
    consumer!("zsh", "zsh"),
    consumer!("fish", "fish"),
    Need {
        name: "prometheus_client",
        why: "a consumer of what Vario prints",
        scope: Scope::Consumers,
        is_there: has_prometheus_client,
        source: Source::System { debian: "python3-prometheus-client" },
    },
    Need {
        name: "promtool",
        why: "a consumer of what Vario prints",
        scope: Scope::Consumers,
        is_there: |root| is_program("promtool") || tools(root).join("promtool").is_file(),
        source: Source::Unpacked { debian: "prometheus" },
    },
    Need {
        name: "sensors/sensors.h",
        why: "i3status-rust is built with it",
        scope: Scope::Consumers,
        is_there: |_| has_i3status() || Path::new("/usr/include/sensors/sensors.h").is_file(),
        source: Source::System { debian: "libsensors-dev" },
    },
    Need {
        name: "libclang",
        why: "i3status-rust is built with it",
        scope: Scope::Consumers,
        is_there: |root| has_i3status() || is_library(root, "libclang"),
        source: Source::System { debian: "libclang-dev" },
    },
    // What the window loads when it opens. A desktop has all of it, a bare machine nothing.
    library!("libX11.so.6", "libx11-6"),
    library!("libX11-xcb.so.1", "libx11-xcb1"),
    library!("libXcursor.so.1", "libxcursor1"),
    library!("libXi.so.6", "libxi6"),
    library!("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    library!("libGL.so.1", "libgl1"),
    library!("libEGL.so.1", "libegl1"),
    library!("libwayland-client.so.0", "libwayland-client0"),
    library!("libwayland-egl.so.1", "libwayland-egl1"),
    Need {
        name: "i3status-rs",
        why: "a consumer of what Vario prints",
        scope: Scope::Consumers,
        is_there: |_| has_i3status(),
        // Later ones want CMake and build BoringSSL.
        source: Source::Cargo {
            package: "i3status-rs",
            version: "^0.33",
            args: &["--no-default-features"],
        },
    },
    Need {
        name: "starship",
        why: "a consumer of what Vario prints",
        scope: Scope::Consumers,
        is_there: |_| is_program("starship"),
        source: Source::Cargo {
            package: "starship",
            version: "^1.27",
            args: &["--no-default-features"],
        },
    },
    Need {
        name: "cargo-nextest",
        why: "`cargo xtask ci` runs tests with it",
        scope: Scope::Everything,
        is_there: has_nextest,
        source: Source::Cargo { package: "cargo-nextest", version: "^0.9", args: &[] },
    },
    Need {
        name: "cargo-deny",
        why: "`cargo xtask ci` checks licences and sources with it",
        scope: Scope::Everything,
        is_there: has_deny,
        source: Source::Cargo { package: "cargo-deny", version: "^0.20", args: &[] },
    },
];

/// Installs what is missing, or with `--check` only lists it and fails if there is something.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    if check_flag("setup", args)? {
        let missing = missing(root, Scope::Everything);
        if missing.is_empty() {
            println!("nothing is missing");
            return Ok(());
        }
        bail!("{}", report(&missing));
    }
    ensure(root, Scope::Everything)
}

/// Installs what the scope needs and is not there; silent when all of it is.
pub(crate) fn ensure(root: &Path, scope: Scope) -> Result<()> {
    let wanted = missing(root, scope);
    if wanted.is_empty() {
        return Ok(());
    }
    let debian: Vec<&str> = wanted.iter().filter_map(|need| need.debian()).collect();
    let needs_lists = wanted.iter().any(|need| !matches!(need.source, Source::Cargo { .. }));
    if needs_lists && can_use_apt(root) {
        process::run(program_apt(root, &["update", "--quiet"]))?;
    }
    if !debian.is_empty() && can_use_apt(root) {
        let mut install =
            program_apt(root, &["install", "--quiet", "--yes", "--no-install-recommends"]);
        install.args(debian);
        process::run(install)?;
    }
    for need in &wanted {
        match need.source {
            Source::Unpacked { debian } if can_use_apt(root) => unpack(root, debian, need.name)?,
            Source::System { .. } | Source::Unpacked { .. } => {}
            Source::Cargo { package, version, args } => {
                println!("building {package}, once; this takes some minutes");
                let mut install = process::cargo(root, &["install", "--locked", "--debug"]);
                install.args([package, "--version", version]).args(args);
                // Nobody debugs it.
                install.env("CARGO_PROFILE_DEV_DEBUG", "0");
                process::run(install)?;
            }
        }
    }
    let still = missing(root, scope);
    if !still.is_empty() {
        bail!("{}", report(&still));
    }
    Ok(())
}

/// Whether `cargo nextest` can be used.
pub(crate) fn has_nextest(root: &Path) -> bool {
    process::succeeds(process::cargo(root, &["nextest", "--version"]))
}

/// Whether `cargo deny` can be used.
pub(crate) fn has_deny(root: &Path) -> bool {
    process::succeeds(process::cargo(root, &["deny", "--version"]))
}

fn missing(root: &Path, scope: Scope) -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| scope == Scope::Everything || [Scope::Tests, scope].contains(&need.scope))
        .filter(|need| !(need.is_there)(root))
        .collect()
}

/// On Windows Rust itself cannot link without the compiler, and finds it where no path points.
fn has_compiler(root: &Path, variable: &str, default: &str) -> bool {
    let name = std::env::var(variable).unwrap_or_else(|_| String::from(default));
    cfg!(windows) || process::succeeds(process::program(root, &name, &["--version"]))
}

/// Elsewhere than on Linux the test does not exist.
fn has_strace(root: &Path) -> bool {
    cfg!(not(target_os = "linux"))
        || process::succeeds(process::program(root, "strace", &["--version"]))
}

/// Whether a program is in a folder of `PATH`. What is asked for exists on Linux only.
pub(crate) fn is_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    cfg!(not(target_os = "linux"))
        || std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Whether the loader finds a library. `ldconfig` knows, and is in no user's `PATH` on Debian.
fn is_library(root: &Path, file: &str) -> bool {
    cfg!(not(target_os = "linux"))
        || ["ldconfig", "/sbin/ldconfig"].into_iter().any(|ldconfig| {
            let known = process::program(root, ldconfig, &["-p"]).output();
            known.is_ok_and(|known| lists(&String::from_utf8_lossy(&known.stdout), file))
        })
}

/// Whether a library is in what `ldconfig -p` prints, a line such as
/// `libGL.so.1 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libGL.so.1`. A name without an ending
/// stands for any version, of which some are part of the name (`libclang-14.so.1`).
fn lists(known: &str, file: &str) -> bool {
    let mut files = known.lines().filter_map(|line| line.split_whitespace().next());
    files.any(|known| {
        let name = known.split(['-', '.']).next();
        known == file || name == Some(file)
    })
}

fn has_i3status() -> bool {
    is_program("i3status-rs")
}

/// For the system's own Python, whatever else is in `PATH`.
fn has_prometheus_client(root: &Path) -> bool {
    let args = ["-c", "import prometheus_client.openmetrics"];
    cfg!(not(target_os = "linux"))
        || process::succeeds(process::program(root, "/usr/bin/python3", &args))
}

/// Where programs are kept that are not the system's.
fn tools(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root.join(target).join("tools")
}

/// `PATH` with these in it.
pub(crate) fn path_with_tools(root: &Path) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([tools(root)]);
    std::env::join_paths(folders).context("the target folder's name cannot be in PATH")
}

/// Takes one program out of a Debian package.
fn unpack(root: &Path, debian: &str, program: &str) -> Result<()> {
    let (tools, folder) = (tools(root), tools(root).join(debian));
    std::fs::create_dir_all(&folder).context("cannot make a folder for tools")?;
    // It saves the package where it runs.
    let mut download = program_apt(root, &["download", "--quiet", debian]);
    download.current_dir(&folder);
    process::run(download)?;
    for package in std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()? {
        let mut extract = process::program(root, "dpkg-deb", &["--extract"]);
        extract.arg(package.path()).arg(&folder);
        process::run(extract)?;
    }
    std::fs::copy(folder.join("usr/bin").join(program), tools.join(program))
        .with_context(|| format!("{debian} has no {program}"))?;
    std::fs::remove_dir_all(&folder).context("cannot remove what was unpacked")
}

fn can_use_apt(root: &Path) -> bool {
    let is_root = process::program(root, "id", &["-u"])
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    is_root && process::succeeds(process::program(root, "apt-get", &["--version"]))
}

fn program_apt(root: &Path, args: &[&str]) -> Command {
    let mut command = process::program(root, "apt-get", args);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

impl Need {
    fn debian(&self) -> Option<&'static str> {
        match self.source {
            Source::System { debian } => Some(debian),
            Source::Unpacked { .. } | Source::Cargo { .. } => None,
        }
    }

    /// The command that gets it, for a person.
    fn remedy(&self) -> String {
        match self.source {
            Source::System { debian } => {
                format!("on Debian and Ubuntu: `apt-get install {debian}` as root")
            }
            Source::Unpacked { debian } => {
                format!("on Debian and Ubuntu: `cargo xtask setup` as root takes it from {debian}")
            }
            Source::Cargo { package, .. } => {
                format!("`cargo xtask setup`, or `cargo install --locked {package}`")
            }
        }
    }
}

/// One line for each missing thing: what, why and how to get it.
fn report(missing: &[&Need]) -> String {
    let lines =
        missing.iter().map(|need| format!("\n  {} ({}); {}", need.name, need.why, need.remedy()));
    std::iter::once(String::from("missing:")).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, Scope, Source, lists, report};

    #[test]
    fn versions_are_ranges_that_cargo_install_takes() {
        for need in NEEDS {
            if let Source::Cargo { package, version, .. } = need.source {
                assert!(version.starts_with('^'), "{package}: `{version}` is no version to it");
            }
        }
    }

    #[test]
    fn the_report_says_what_why_and_how() {
        let missing: Vec<_> = NEEDS
            .iter()
            .filter(|need| matches!(need.name, "a C++ compiler" | "cargo-deny"))
            .collect();
        assert_eq!(
            report(&missing),
            "missing:\n  \
             a C++ compiler (Luau is built from source); \
             on Debian and Ubuntu: `apt-get install g++` as root\n  \
             cargo-deny (`cargo xtask ci` checks licences and sources with it); \
             `cargo xtask setup`, or `cargo install --locked cargo-deny`"
        );
    }

    #[test]
    fn tests_need_no_tool_that_takes_long_to_build() {
        for need in NEEDS.iter().filter(|need| need.scope == Scope::Tests) {
            assert!(need.debian().is_some(), "{}", need.name);
        }
    }

    #[test]
    fn a_library_is_found_by_its_whole_name() {
        let known = "2 libs found in cache\n\
                     \tlibGL.so.1 (libc6,x86-64) => /usr/lib/libGL.so.1\n\
                     \tlibGLX.so.0 (libc6,x86-64) => /usr/lib/libGLX.so.0\n";
        assert!(lists(known, "libGL.so.1") && lists(known, "libGLX.so.0"));
        assert!(!lists(known, "libGL.so") && !lists(known, "libX11.so.6"));
        assert!(lists("\tlibclang-14.so.1 (libc6,x86-64) => /usr/lib", "libclang"));
        assert!(!lists("\tlibclang-cpp.so.14 (libc6,x86-64) => /usr/lib", "libcl"));
    }
}
