use std::fs;
use std::io::Read as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use tempfile::TempDir;
use vario_permissions::{Reason, Refusal};

use super::{Kind, Place, Stop, resolve};

/// A folder `in` that may be entered and a folder `out` that may not.
struct Tree {
    _folder: TempDir,
    root: PathBuf,
}

impl Tree {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let tree = Self { _folder: folder, root };
        fs::create_dir_all(tree.path("in/folder")).unwrap();
        fs::create_dir_all(tree.path("out/folder")).unwrap();
        for name in ["in/file", "in/folder/inner", "out/secret", "out/folder/inner"] {
            fs::write(tree.path(name), name).unwrap();
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn link(&self, name: &str, target: impl AsRef<Path>) {
        symlink(target, self.path(name)).unwrap();
    }

    /// Only what is in `in` may be looked at; the list gets everything that was asked for.
    fn judge(&self, path: &Path, asked: &mut Vec<PathBuf>) -> Result<(), Refusal> {
        asked.push(path.to_owned());
        if path.starts_with(self.path("in")) {
            return Ok(());
        }
        let permission = format!("read:{}", path.display()).parse().unwrap();
        Err(Refusal { permission, reason: Reason::NotGranted })
    }

    fn resolve(&self, name: &str) -> (Result<Place, Stop>, Vec<PathBuf>) {
        let mut asked = Vec::new();
        let place = resolve(&self.path(name), true, &mut |path| self.judge(path, &mut asked));
        (place, asked)
    }

    #[track_caller]
    fn place(&self, name: &str) -> Place {
        self.resolve(name).0.unwrap()
    }
}

#[derive(Debug, PartialEq)]
enum End {
    /// The real path below the root, and what is there.
    At(&'static str, Option<Kind>),
    /// Where the plugin may not go.
    Refused(&'static str),
    Failed(Errno),
}

fn end(tree: &Tree, found: Result<Place, Stop>, asked: &[PathBuf]) -> End {
    let below = |path: &Path| -> &'static str {
        let rest = path.strip_prefix(&tree.root).unwrap_or(path);
        Box::leak(rest.display().to_string().into_boxed_str())
    };
    match found {
        Ok(place) => End::At(below(place.real()), place.kind()),
        Err(Stop::Refused(_)) => End::Refused(below(asked.last().unwrap())),
        Err(Stop::Failed(error)) => End::Failed(Errno::from_io_error(&error).unwrap()),
    }
}

#[test]
fn links_are_followed_as_far_as_they_may_be() {
    const FILE: Option<Kind> = Some(Kind::File);
    const FOLDER: Option<Kind> = Some(Kind::Folder);
    let tree = Tree::new();
    tree.link("in/to_file", "file");
    tree.link("in/to_folder", "folder");
    tree.link("in/absolute", tree.path("in/folder"));
    tree.link("in/a", "./b");
    tree.link("in/b", "folder/../a_");
    tree.link("in/a_", "to_file");
    tree.link("in/folder/up", "..");
    tree.link("in/around", "../in/folder");
    tree.link("in/dangling", "none");
    tree.link("in/loop", "loop");
    tree.link("in/ping", "pong");
    tree.link("in/pong", "ping");
    tree.link("in/secret", "../out/secret");
    tree.link("in/out", "../out");
    tree.link("in/absolute_out", tree.path("out"));
    tree.link("in/through_out", "../out/back");
    tree.link("out/back", "../in/file");
    tree.link("in/dangling_out", "../out/none");
    tree.link("in/root", "/");
    tree.link("in/far_up", "../../../../../../../../..");
    tree.link("in/home", "~");
    tree.link("in/process", "/proc/self/root");
    let cases = [
        ("in", End::At("in", FOLDER)),
        ("in/", End::At("in", FOLDER)),
        ("in/file", End::At("in/file", FILE)),
        ("in/folder/inner", End::At("in/folder/inner", FILE)),
        ("in/none", End::At("in/none", None)),
        ("in/folder/../file", End::At("in/file", FILE)),
        ("in/to_file", End::At("in/file", FILE)),
        ("in/to_folder", End::At("in/folder", FOLDER)),
        ("in/to_folder/inner", End::At("in/folder/inner", FILE)),
        ("in/to_folder/none", End::At("in/folder/none", None)),
        ("in/absolute/inner", End::At("in/folder/inner", FILE)),
        ("in/a", End::At("in/file", FILE)),
        ("in/folder/up/file", End::At("in/file", FILE)),
        ("in/around/inner", End::At("in/folder/inner", FILE)),
        ("in/dangling", End::At("in/none", None)),
        // A name that only looks like a home.
        ("in/home", End::At("in/~", None)),
        ("in/none/below", End::Failed(Errno::NOENT)),
        ("in/dangling/below", End::Failed(Errno::NOENT)),
        ("in/file/below", End::Failed(Errno::NOTDIR)),
        ("in/to_file/below", End::Failed(Errno::NOTDIR)),
        ("in/loop", End::Failed(Errno::LOOP)),
        ("in/loop/below", End::Failed(Errno::LOOP)),
        ("in/ping", End::Failed(Errno::LOOP)),
        ("out", End::Refused("out")),
        ("in/../out/secret", End::Refused("out/secret")),
        ("in2", End::Refused("in2")),
        ("in/secret", End::Refused("out/secret")),
        ("in/out", End::Refused("out")),
        ("in/out/folder/inner", End::Refused("out/folder/inner")),
        ("in/absolute_out/secret", End::Refused("out/secret")),
        ("in/through_out", End::Refused("out/back")),
        ("in/dangling_out", End::Refused("out/none")),
        ("in/root", End::Refused("/")),
        ("in/root/etc/hostname", End::Refused("/etc/hostname")),
        ("in/far_up/etc/hostname", End::Refused("/etc/hostname")),
        // The kernel's own links are read like any other, never jumped through.
        ("in/process/etc/hostname", End::Refused("/proc/self/root/etc/hostname")),
    ];
    for (path, expected) in cases {
        let (found, asked) = tree.resolve(path);
        assert_eq!(end(&tree, found, &asked), expected, "of {path}; asked {asked:?}");
    }
}

#[test]
fn what_is_judged_has_no_parents_in_it() {
    let tree = Tree::new();
    tree.link("in/up", "folder/./../../in/file");
    let (_, asked) = tree.resolve("in//folder/../up");
    assert_eq!(asked, [tree.path("in/up"), tree.path("in/file")]);
}

#[test]
fn a_chain_of_links_has_an_end() {
    let tree = Tree::new();
    for number in 1..=41 {
        tree.link(&format!("in/{number}"), format!("{}", number - 1));
    }
    fs::write(tree.path("in/0"), "").unwrap();
    assert!(tree.resolve("in/40").0.is_ok());
    let (found, asked) = tree.resolve("in/41");
    assert_eq!(end(&tree, found, &asked), End::Failed(Errno::LOOP));
}

#[test]
fn without_rights_to_keep_parents_are_the_systems() {
    let tree = Tree::new();
    tree.link("in/out", "../out/folder");
    let cases = [
        ("in/out/../secret", End::At("out/secret", Some(Kind::File))),
        ("in/out/..", End::At("out", Some(Kind::Folder))),
        ("in/out/.", End::At("out/folder", Some(Kind::Folder))),
        ("in/file/", End::Failed(Errno::NOTDIR)),
        ("in/file/.", End::Failed(Errno::NOTDIR)),
        ("in/file/..", End::Failed(Errno::NOTDIR)),
        ("in/none/..", End::Failed(Errno::NOENT)),
        ("in/./folder//inner", End::At("in/folder/inner", Some(Kind::File))),
    ];
    for (path, expected) in cases {
        // Joining as text keeps what a path type would tidy up.
        let path = format!("{}/{path}", tree.root.display());
        let found = resolve(Path::new(&path), false, &mut |_| Ok(()));
        assert_eq!(end(&tree, found, &[]), expected, "of {path}");
    }
    for root in ["/", "//", "/.", "/..", "/../.."] {
        let place = resolve(Path::new(root), false, &mut |_| Ok(())).unwrap();
        assert_eq!((place.real(), place.kind()), (Path::new("/"), Some(Kind::Folder)), "{root}");
    }
}

fn content(place: &Place) -> std::io::Result<String> {
    let mut text = String::new();
    place.open_to_read()?.read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn a_file_that_becomes_a_link_is_not_opened() {
    let tree = Tree::new();
    let place = tree.place("in/file");
    assert_eq!(content(&place).unwrap(), "in/file");
    fs::remove_file(tree.path("in/file")).unwrap();
    tree.link("in/file", "../out/secret");
    let error = content(&place).unwrap_err();
    assert_eq!(Errno::from_io_error(&error), Some(Errno::LOOP));
}

#[test]
fn a_folder_that_becomes_a_link_leads_where_it_led() {
    let tree = Tree::new();
    let inner = tree.place("in/folder/inner");
    let folder = tree.place("in/folder");
    fs::rename(tree.path("in/folder"), tree.path("in/moved")).unwrap();
    tree.link("in/folder", "../out/folder");
    assert_eq!(content(&inner).unwrap(), "in/folder/inner");
    let mut names = Vec::new();
    let listed = folder.entries(&mut |name| {
        names.push(name);
        Ok(())
    });
    assert!(listed.is_err() && names.is_empty(), "the link was listed: {names:?}");
}

#[test]
fn a_link_that_comes_while_the_way_is_judged_is_judged_too() {
    for (name, swapped) in [("in/folder/inner", "in/folder"), ("in/file", "in/file")] {
        let tree = Tree::new();
        let mut asked = Vec::new();
        let mut is_swapped = false;
        let found = resolve(&tree.path(name), true, &mut |path| {
            if !std::mem::replace(&mut is_swapped, true) {
                fs::rename(tree.path(swapped), tree.path("in/away")).unwrap();
                tree.link(swapped, "../out/folder");
            }
            tree.judge(path, &mut asked)
        });
        let Err(Stop::Refused(_)) = found else { panic!("{name} led to {found:?}") };
        assert!(asked.last().unwrap().starts_with(tree.path("out/folder")));
    }
}

#[test]
fn the_folder_of_a_new_file_stays_where_it_was() {
    use rustix::fs::{Mode, OFlags};
    let tree = Tree::new();
    let place = tree.place("in/folder/new");
    assert_eq!(place.kind(), None);
    fs::rename(tree.path("in/folder"), tree.path("in/moved")).unwrap();
    tree.link("in/folder", "../out/folder");
    let flags = OFlags::WRONLY | OFlags::CREATE;
    rustix::fs::openat(place.folder(), place.name(), flags, Mode::from_raw_mode(0o600)).unwrap();
    assert!(tree.path("in/moved/new").exists() && !tree.path("out/folder/new").exists());
}
