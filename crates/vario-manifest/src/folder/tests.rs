#![expect(clippy::disallowed_methods, reason = "tests use real files, threads and clocks")]

use std::fs;

use crate::{DiskFolder, Entry, Error, Folder, MemoryFolder};

/// What both folders answer about the same content.
fn check_both(check: impl Fn(&str, &dyn Folder)) {
    let memory = MemoryFolder::new().with("a.js", "12345").with("sub/b.js", "");
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("sub")).unwrap();
    fs::write(place.path().join("a.js"), "12345").unwrap();
    fs::write(place.path().join("sub/b.js"), "").unwrap();
    check("memory", &memory);
    check("disk", &DiskFolder::open(place.path()).unwrap());
}

#[test]
fn both_folders_answer_alike() {
    let path = |path: &str| path.to_owned();
    check_both(|name, folder| {
        let rows: [(&str, Result<Entry, Error>); 12] = [
            ("a.js", Ok(Entry::File { size: 5 })),
            ("./sub/../a.js", Ok(Entry::File { size: 5 })),
            ("sub//b.js", Ok(Entry::File { size: 0 })),
            ("sub", Ok(Entry::Directory)),
            (".", Ok(Entry::Directory)),
            ("no.js", Err(Error::Missing { path: path("no.js") })),
            ("a.js/x", Err(Error::Missing { path: path("a.js/x") })),
            ("..", Err(Error::Outside { path: path("..") })),
            ("sub/../../a.js", Err(Error::Outside { path: path("sub/../../a.js") })),
            ("/etc/hosts", Err(Error::Outside { path: path("/etc/hosts") })),
            ("C:\\a.js", Err(Error::Outside { path: path("C:\\a.js") })),
            ("\\\\host\\a.js", Err(Error::Outside { path: path("\\\\host\\a.js") })),
        ];
        for (asked, expected) in rows {
            assert_eq!(folder.look_up(asked), expected, "{name} {asked}");
        }
        assert_eq!(folder.read("a.js", 5), Ok(b"12345".to_vec()), "{name}");
        let too_large = Error::TooLarge { path: path("a.js"), cap: 4 };
        assert_eq!(folder.read("a.js", 4), Err(too_large), "{name}");
        assert_eq!(folder.read("sub", 9), Err(Error::NotRegular { path: path("sub") }), "{name}");
        assert_eq!(folder.read("..", 9), Err(Error::Outside { path: path("..") }), "{name}");
    });
}

#[test]
fn a_folder_that_is_none_cannot_be_opened() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "").unwrap();
    let open = |name: &str| DiskFolder::open(&place.path().join(name)).map(drop);
    assert!(matches!(open("no"), Err(Error::Missing { .. })));
    assert!(matches!(open("file"), Err(Error::NotRegular { .. })));
}

#[test]
fn a_large_manifest_on_disk_is_not_read() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join("plugin.json")).unwrap();
    file.set_len(50_000_000).unwrap();
    let loaded = crate::load(&DiskFolder::open(place.path()).unwrap());
    let shown = loaded.diagnostics.to_string();
    assert!(shown.contains("more than 1048576 bytes"), "{shown}");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use crate::{DiskFolder, Entry, Error, Folder, check};

    const MANIFEST: &str = r#"{"schemaVersion": 1, "id": "p", "name": "P", "version": "1.0.0",
        "entry": "p.js", "icon": "p.svg", "lines": []}"#;

    fn plugin_at(place: &Path) {
        fs::create_dir_all(place).unwrap();
        fs::write(place.join("plugin.json"), MANIFEST).unwrap();
        fs::write(place.join("p.js"), "probe").unwrap();
        fs::write(place.join("p.svg"), "<svg/>").unwrap();
    }

    fn shown(place: &Path) -> String {
        check(&DiskFolder::open(place).unwrap()).diagnostics.to_string()
    }

    #[test]
    fn links_that_lead_out_are_reported() {
        for file in ["p.js", "p.svg", "plugin.json"] {
            let place = tempfile::tempdir().unwrap();
            let (inside, outside) = (place.path().join("in"), place.path().join("out"));
            plugin_at(&inside);
            plugin_at(&outside);
            assert_eq!(shown(&inside), "");
            fs::remove_file(inside.join(file)).unwrap();
            symlink(outside.join(file), inside.join(file)).unwrap();
            let shown = shown(&inside);
            let expected = format!("`{file}` leads outside of the plugin's folder");
            assert!(shown.contains(&expected), "{file}: {shown}");
        }
    }

    #[test]
    fn a_folder_whose_name_begins_alike_is_outside() {
        let place = tempfile::tempdir().unwrap();
        plugin_at(&place.path().join("in"));
        plugin_at(&place.path().join("in-other"));
        symlink("../in-other/p.js", place.path().join("in/q.js")).unwrap();
        let folder = DiskFolder::open(&place.path().join("in")).unwrap();
        assert_eq!(folder.look_up("q.js"), Err(Error::Outside { path: "q.js".into() }));
    }

    #[test]
    fn links_inside_and_a_linked_folder_are_fine() {
        let place = tempfile::tempdir().unwrap();
        let real = place.path().join("real");
        plugin_at(&real);
        fs::rename(real.join("p.js"), real.join("q.js")).unwrap();
        symlink("q.js", real.join("p.js")).unwrap();
        symlink(&real, place.path().join("link")).unwrap();
        assert_eq!(shown(&place.path().join("link")), "");
    }

    #[test]
    fn links_in_a_circle_are_reported() {
        let place = tempfile::tempdir().unwrap();
        plugin_at(place.path());
        fs::remove_file(place.path().join("p.js")).unwrap();
        symlink("p.js", place.path().join("p.js")).unwrap();
        let shown = shown(place.path());
        assert!(shown.contains("`p.js` cannot be read"), "{shown}");
    }

    #[test]
    fn a_socket_is_not_opened() {
        let place = tempfile::tempdir().unwrap();
        plugin_at(place.path());
        fs::remove_file(place.path().join("p.js")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(place.path().join("p.js")).unwrap();
        let folder = DiskFolder::open(place.path()).unwrap();
        let refused = Error::NotRegular { path: "p.js".into() };
        assert_eq!(folder.look_up("p.js"), Err(refused.clone()));
        assert_eq!(folder.read("p.js", 9), Err(refused));
        assert_eq!(folder.look_up("p.svg"), Ok(Entry::File { size: 6 }));
        assert!(shown(place.path()).contains("`p.js` is not a regular file"));
    }
}
