//! `cargo xtask screenshots [--check]`: pictures of the real window, on a display of its own.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::Usage;
use crate::desktop::home::Home;
use crate::desktop::picture::{Picture, Rgb};
use crate::desktop::viewer::{Program, Viewer};
use crate::desktop::x11::{CONTROL, Key, Screen};

/// The README's pictures.
const PICTURES: &str = "docs/pictures";

/// Where `--check` puts them.
const CHECKED: &str = "target/screenshots";

/// Plugins that need no account and no network.
const DEMO: &str = "xtask/demo";

/// How long the window may take until it shows something and comes to rest.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it may take to close.
const GRACE: Duration = Duration::from_secs(5);

/// A window that draws text and icons has hundreds of colours; one that failed has a few.
const FEWEST_COLORS: usize = 64;

/// A look, and the accent of that look in `vario-ui`'s theme, which is somewhere in every picture.
struct Look {
    name: &'static str,
    accent: Rgb,
}

const LIGHT: Look = Look { name: "light", accent: [0x4a, 0x55, 0xd8] };
const DARK: Look = Look { name: "dark", accent: [0x7c, 0x88, 0xff] };

/// What is done before the picture is taken.
enum Step {
    /// Presses keys together.
    Press(&'static [Key]),
    /// Clicks this far from the window's top left corner.
    Click(i16, i16),
}

/// One picture.
struct Shot {
    file: &'static str,
    look: Look,
    /// Width and height in pixels.
    size: (u16, u16),
    /// The page to begin with, as `vario-viewer --page` takes it.
    page: &'static str,
    steps: &'static [Step],
}

const SHOTS: &[Shot] = &[
    Shot { file: "light.png", look: LIGHT, size: (1000, 720), page: "home", steps: &[] },
    Shot { file: "dark.png", look: DARK, size: (1000, 720), page: "home", steps: &[] },
    Shot { file: "narrow.png", look: DARK, size: (360, 800), page: "home", steps: &[] },
    Shot { file: "plugin.png", look: LIGHT, size: (1000, 720), page: "demo-team", steps: &[] },
    Shot {
        file: "palette.png",
        look: DARK,
        size: (1000, 720),
        page: "home",
        // As a person does: first into the window, where there is nothing, then the keys.
        steps: &[Step::Click(990, 600), Step::Press(&[CONTROL, 'k' as Key])],
    },
];

/// What the task was asked to do.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    check: bool,
    program: Program,
}

/// Takes every picture; with `--check` they go elsewhere and must look like a window that draws.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let options = options(arguments)?;
    let program = options.program.path(root)?;
    let folder = root.join(if options.check { CHECKED } else { PICTURES });
    for shot in SHOTS {
        let picture = take(root, &program, shot).with_context(|| String::from(shot.file))?;
        let path = folder.join(shot.file);
        picture.save(&path)?;
        let found = sound(&picture, shot).with_context(|| path.display().to_string());
        if options.check {
            found?;
        } else if let Err(error) = found {
            eprintln!("warning: {error:#}");
        }
        let shown = path.strip_prefix(root).unwrap_or(&path);
        println!(
            "{}: {} × {}, {} colours",
            shown.display(),
            picture.width,
            picture.height,
            picture.colors()
        );
    }
    Ok(())
}

/// Starts the viewer for one picture. Each has a display and a home of its own, so none depends
/// on what another left behind.
fn take(root: &Path, program: &Path, shot: &Shot) -> Result<Picture> {
    let home = Home::new()?;
    copy(&root.join(DEMO), &home.plugins()).context("cannot copy the demo plugins")?;
    let mut screen = Screen::start(&home)?;
    let size = format!("{}x{}", shot.size.0, shot.size.1);
    let arguments = ["--size", &size, "--theme", shot.look.name, "--page", shot.page];
    let mut viewer = Viewer::start(&home, program, &screen.variables(), &arguments, false)?;
    let window = screen.window(&mut viewer, PATIENCE)?;
    let first = screen.settled(window, &mut viewer, PATIENCE)?;
    let mut picture = first.clone();
    for step in shot.steps {
        match step {
            Step::Press(keys) => screen.press(keys)?,
            Step::Click(x, y) => {
                screen.click(window, *x, *y)?;
                screen.park_pointer()?;
            }
        }
        picture = screen.settled(window, &mut viewer, PATIENCE)?;
    }
    ensure!(
        shot.steps.is_empty() || !picture.is_like(&first),
        "the window does not answer keys and clicks{}",
        viewer.running.said()
    );
    screen.close(window)?;
    match viewer.running.wait(GRACE)? {
        Some(status) if status.success() => Ok(picture),
        Some(status) => bail!("the viewer ended with {status}{}", viewer.running.said()),
        None => bail!("the viewer did not end when its window was closed{}", viewer.running.said()),
    }
}

/// Whether a picture shows a window that draws what it should.
fn sound(picture: &Picture, shot: &Shot) -> Result<()> {
    let size = (picture.width, picture.height);
    ensure!(size == shot.size, "the window is {} × {}, not as it was asked", size.0, size.1);
    ensure!(!picture.is_one_color(), "the window shows one colour");
    let colors = picture.colors();
    ensure!(colors >= FEWEST_COLORS, "the window shows {colors} colours, not {FEWEST_COLORS}");
    let [red, green, blue] = shot.look.accent;
    ensure!(
        picture.contains(shot.look.accent),
        "the accent #{red:02x}{green:02x}{blue:02x} is nowhere"
    );
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut found = Options { check: false, program: Program::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => found.check = true,
            name if found.program.takes(name, &mut rest)? => {}
            other => {
                let known = "`--check`, `--profile NAME` and `--program PATH`";
                let message = format!("`screenshots` takes {known}, not `{other}`");
                return Err(Usage(message).into());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{DARK, FEWEST_COLORS, LIGHT, Options, Picture, Program, SHOTS, options, sound};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn the_accents_are_those_of_the_theme() {
        let root = crate::root();
        let theme = std::fs::read_to_string(root.join("crates/vario-ui/src/theme.rs")).unwrap();
        for look in [LIGHT, DARK] {
            let [red, green, blue] = look.accent;
            let line = format!("accent: hex(0x{red:02x}{green:02x}{blue:02x}),");
            assert!(theme.contains(&line), "{}: {line}", look.name);
        }
    }

    #[test]
    fn a_window_that_failed_is_told_from_one_that_draws() {
        let shot = &SHOTS[0];
        let (width, height) = shot.size;
        let count = usize::from(width) * usize::from(height);
        let mut picture = Picture { width, height, pixels: vec![[9, 9, 9]; count] };
        let error = |picture: &Picture| sound(picture, shot).expect_err("unsound").to_string();

        assert_eq!(error(&picture), "the window shows one colour");
        picture.pixels[0] = [1, 1, 1];
        assert_eq!(error(&picture), format!("the window shows 2 colours, not {FEWEST_COLORS}"));
        for (pixel, step) in picture.pixels.iter_mut().zip(0..=u8::MAX) {
            *pixel = [0, step, 0];
        }
        assert_eq!(error(&picture), "the accent #4a55d8 is nowhere");
        picture.pixels[500] = LIGHT.accent;
        sound(&picture, shot).unwrap();
        picture.width -= 1;
        assert_eq!(error(&picture), "the window is 999 × 720, not as it was asked");
    }

    #[test]
    fn a_profile_or_a_program_may_be_named() {
        let expected = Options { check: true, program: Program::Built { profile: "dev".into() } };
        assert_eq!(options(&words("--profile dev --check")).unwrap(), expected);
        let ready = Options { check: false, program: Program::Ready("bin/viewer".into()) };
        assert_eq!(options(&words("--program bin/viewer")).unwrap(), ready);
        for (call, message) in [
            ("--profile", "`--profile` needs a value"),
            (
                "-v",
                "`screenshots` takes `--check`, `--profile NAME` and `--program PATH`, not `-v`",
            ),
        ] {
            let error = options(&words(call)).expect_err(call);
            assert!(error.is::<crate::Usage>());
            assert_eq!(error.to_string(), message);
        }
    }
}
