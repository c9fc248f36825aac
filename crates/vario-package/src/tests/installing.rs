use std::fs;
use std::time::Duration;

use vario_store::{Config, Grants, RunLock, Store};

use super::rig::{Rig, manifest, plugin_zip};
use super::zip::{Entry, zip};
use crate::Error;
use crate::installer::without_exchange;
use crate::steps::for_tests::at_each;

#[test]
fn an_update_keeps_the_version_before_and_can_be_taken_back() {
    for exchanges in [true, false] {
        if !exchanges {
            without_exchange();
        }
        let rig = Rig::new();
        assert!(!rig.install("1.0.0").has_previous);
        assert!(rig.install("2.0.0").has_previous);
        assert_eq!((rig.version(), rig.kept()), (Some("2.0.0".into()), Some("1.0.0".into())));
        rig.install("3.0.0");
        assert_eq!((rig.version(), rig.kept()), (Some("3.0.0".into()), Some("2.0.0".into())));
        let installer = rig.installer();
        assert_eq!(installer.previous("demo").unwrap().version, "2.0.0");
        assert_eq!(installer.rollback("demo").unwrap().plugin.version, "2.0.0");
        assert_eq!((rig.version(), rig.kept()), (Some("2.0.0".into()), Some("3.0.0".into())));
        assert_eq!(installer.rollback("demo").unwrap().plugin.version, "3.0.0");
        assert_eq!(installer.remove("demo").unwrap().unwrap().version, "3.0.0");
        assert_eq!(rig.tree(), [".previous/"]);
    }
}

#[test]
fn what_is_not_there_cannot_be_removed_or_brought_back() {
    let rig = Rig::new();
    let installer = rig.installer();
    assert!(matches!(installer.remove("demo"), Err(Error::NotInstalled { .. })));
    assert!(matches!(installer.rollback("demo"), Err(Error::NoPrevious { .. })));
    for id in ["", ".", "..", "../x", "a/b", "a\\b", ".previous", ".installing", "C:", "nul"] {
        assert!(installer.remove(id).is_err(), "{id}");
        assert!(installer.rollback(id).is_err(), "{id}");
        assert_eq!(installer.current(id), None, "{id}");
    }
}

#[test]
fn whatever_is_in_the_way_stays() {
    let rig = Rig::new();
    let bytes = plugin_zip("1.0.0");
    let refused = |words: &str| {
        let error = rig.installer().install(&mut rig.inspect(&bytes).unwrap()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    };
    let demo = rig.plugins().join("demo");
    fs::create_dir_all(&demo).unwrap();
    refused("holds no plugin");
    let other = manifest("1.0.0", "").replace("demo", "other");
    fs::write(demo.join("plugin.json"), other).unwrap();
    fs::write(demo.join("plugin.lua"), "").unwrap();
    refused("holds the plugin `other`");
    fs::remove_dir_all(&demo).unwrap();
    fs::write(&demo, "a file").unwrap();
    refused("no folder");
    fs::remove_file(&demo).unwrap();

    let elsewhere = rig.plugins().join("Demo");
    fs::create_dir(&elsewhere).unwrap();
    refused("its name is the same");
    fs::remove_dir(&elsewhere).unwrap();

    let mine = rig.plugins().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("plugin.json"), manifest("0.1.0", "")).unwrap();
    fs::write(mine.join("plugin.lua"), "").unwrap();
    refused("holds the plugin `demo` already");
    assert_eq!(rig.installer().current("demo").unwrap().plugin.version, "0.1.0");
    rig.installer().remove("demo").unwrap();
    assert!(!mine.exists());
    rig.install("1.0.0");
}

#[cfg(unix)]
#[test]
fn a_linked_plugin_is_left_alone() {
    let rig = Rig::new();
    let mine = rig.home.write("mine/plugin.json", manifest("0.1.0", ""));
    rig.home.write("mine/plugin.lua", "");
    fs::create_dir_all(rig.plugins()).unwrap();
    std::os::unix::fs::symlink(mine.parent().unwrap(), rig.plugins().join("demo")).unwrap();
    let installer = rig.installer();
    let mut candidate = rig.inspect(&plugin_zip("1.0.0")).unwrap();
    for error in
        [installer.install(&mut candidate).unwrap_err(), installer.remove("demo").unwrap_err()]
    {
        assert!(error.to_string().contains("it is a link"), "{error}");
    }
    assert!(mine.exists());
}

#[test]
fn a_broken_plugin_is_replaced() {
    let rig = Rig::new();
    rig.home.write("data/plugins/demo/plugin.json", "{");
    let installed = rig.install("1.0.0");
    assert!(!installed.has_previous, "what is kept cannot be brought back");
    assert!(matches!(rig.installer().rollback("demo"), Err(Error::Manifest { .. })));
    assert_eq!(rig.version().as_deref(), Some("1.0.0"));
}

#[test]
fn what_changes_after_it_was_looked_at_is_not_installed() {
    let rig = Rig::new();
    rig.install("1.0.0");
    let source = rig.home.write("source/plugin.json", manifest("2.0.0", ""));
    let code = rig.home.write("source/plugin.lua", "return 1");
    let mut candidate = rig.installer().inspect(source.parent().unwrap()).unwrap();
    fs::write(&code, "return 2").unwrap();
    let error = rig.installer().install(&mut candidate).unwrap_err();
    assert!(matches!(error, Error::Changed), "{error}");

    let mut candidate = rig.inspect(&plugin_zip("2.0.0")).unwrap();
    // The same file, with other bytes in it.
    let newer = plugin_zip("3.0.0");
    rig.home.write("plugin.zip", newer);
    assert!(rig.installer().install(&mut candidate).is_err());
    assert_eq!(rig.version().as_deref(), Some("1.0.0"));
    assert_eq!(rig.tree().iter().filter(|path| path.starts_with(".installing")).count(), 0);
}

#[test]
fn one_installs_at_a_time_and_no_plugin_that_runs_is_replaced() {
    let rig = Rig::new();
    rig.install("1.0.0");
    let run = RunLock::try_acquire(&rig.paths(), "demo").unwrap();
    let mut candidate = rig.inspect(&plugin_zip("2.0.0")).unwrap();
    let error = rig.installer().install(&mut candidate).unwrap_err();
    assert!(error.to_string().contains("is running"), "{error}");
    assert!(matches!(rig.installer().remove("demo"), Err(Error::Busy { .. })));
    drop(run);
    assert_eq!(rig.version().as_deref(), Some("1.0.0"));

    let lock =
        fs::File::options().write(true).open(rig.plugins().join(".installing/lock")).unwrap();
    lock.try_lock().unwrap();
    let error = rig.installer().install(&mut candidate).unwrap_err();
    assert!(error.to_string().contains("being installed"), "{error}");
    rig.installer().recover();
    drop(lock);
    rig.installer().install(&mut candidate).unwrap();
    assert_eq!(rig.version().as_deref(), Some("2.0.0"));
}

#[test]
fn many_that_install_at_once_leave_one_whole_plugin() {
    let rig = Rig::new();
    let archives: Vec<_> = (1..=6)
        .map(|number| {
            rig.home.write(&format!("{number}.zip"), plugin_zip(&format!("{number}.0.0")))
        })
        .collect();
    std::thread::scope(|scope| {
        for archive in &archives {
            let installer = rig.installer().with_wait(Duration::from_mins(1));
            scope.spawn(move || {
                let mut candidate = installer.inspect(archive).unwrap();
                installer.install(&mut candidate).unwrap();
            });
        }
    });
    let (version, kept) = (rig.version().unwrap(), rig.kept().unwrap());
    assert_ne!(version, kept);
}

#[test]
fn a_failure_at_any_file_leaves_the_old_version() {
    let rig = Rig::new();
    rig.install("1.0.0");
    let mut candidate = rig.inspect(&plugin_zip("2.0.0")).unwrap();
    let bench = rig.plugins().join(".installing/demo/new/plugin.lua");
    // Something is in the way of a file, as a full disk would be.
    at_each(move |step| {
        if step == crate::steps::Step::FileWritten {
            fs::create_dir_all(&bench).unwrap();
        }
    });
    let error = rig.installer().install(&mut candidate).unwrap_err();
    at_each(|_step| ());
    assert!(matches!(error, Error::Io { .. }), "{error}");
    assert_eq!((rig.version(), rig.kept()), (Some("1.0.0".into()), None));
    assert!(rig.tree().iter().all(|path| !path.starts_with(".installing")), "{:?}", rig.tree());
}

#[test]
fn a_purge_leaves_nothing_but_secrets() {
    let rig = Rig::new();
    let paths = rig.paths();
    rig.install("1.0.0");
    rig.home.write("data/plugins_data/demo/state.json", "{}");
    let mut config = Config::load(&paths);
    config.set_setting("demo", "a", &serde_json::json!(1)).unwrap();
    config.disable("demo").unwrap();
    let mut grants = Grants::load(&paths);
    let grant = |entry: &mut vario_store::PluginGrants| {
        entry.allow.insert("system".parse().unwrap());
    };
    grants.update("demo", grant).unwrap();
    let store = Store::open(&paths).unwrap();
    rig.installer().remove("demo").unwrap();
    assert!(paths.plugin_data_dir("demo").exists(), "removing keeps what is kept about it");
    assert_eq!(
        crate::purge(&paths, &mut config, &mut grants, &store, "demo"),
        Vec::<String>::new()
    );
    assert!(!paths.plugin_data_dir("demo").exists());
    assert!(Grants::load(&paths).get("demo").is_none());
    let config = Config::load(&paths);
    assert!(config.setting("demo", "a").is_none() && config.is_enabled("demo"));
    assert_eq!(
        crate::purge(&paths, &mut Config::load(&paths), &mut grants, &store, "demo"),
        Vec::<String>::new()
    );
}

#[test]
fn an_id_that_is_no_folder_name_is_refused() {
    let rig = Rig::new();
    for id in ["con", "nul.x", "a."] {
        let manifest = manifest("1.0.0", "").replace("\"demo\"", &format!("{id:?}"));
        let bytes =
            zip(&[Entry::new("plugin.json", manifest), Entry::new("plugin.lua", "return 1")]);
        let error = rig.inspect(&bytes).unwrap_err();
        assert!(error.to_string().contains("Windows"), "{error}");
    }
}
