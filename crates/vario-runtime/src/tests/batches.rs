use vario_host::HostError;
use vario_model::RunEvent;
use vario_value::Value;

use super::rig::{GOOD, GOOD_LUA, NOW, Rig, options};
use crate::run_batch;

fn errors(rig: &Rig) -> Vec<(String, Option<String>)> {
    rig.run().into_iter().map(|snapshot| (snapshot.provider_id, snapshot.error)).collect()
}

#[test]
fn every_plugin_has_its_events_and_the_batch_ends_once() {
    let rig = Rig::new();
    for id in ["a", "b", "c", "d", "e", "f"] {
        rig.js(id, GOOD);
    }
    let (mut started, mut finished, mut completed) = (Vec::new(), Vec::new(), 0);
    let catalog = rig.catalog();
    run_batch(&rig.context, &catalog.plugins, &options(), &NOW, &mut |event| match event {
        RunEvent::Started { provider_id, .. } => started.push(provider_id),
        RunEvent::Finished { snapshot } => finished.push(snapshot.provider_id),
        RunEvent::Completed => completed += 1,
    });
    finished.sort();
    assert_eq!(started, ["a", "b", "c", "d", "e", "f"], "first in, first out");
    assert_eq!(finished, started);
    assert_eq!(completed, 1);
}

#[test]
fn an_empty_batch_still_ends() {
    let rig = Rig::new();
    let mut events = Vec::new();
    run_batch(&rig.context, &[], &options(), &NOW, &mut |event| events.push(event));
    assert_eq!(events, [RunEvent::Completed]);
}

#[test]
fn one_bad_plugin_leaves_the_others_alone() {
    let rig = Rig::with_host(|call, _| {
        assert!(call.name != "fs.exists", "the host breaks on purpose");
        Ok(Value::Null)
    });
    rig.js("good", GOOD);
    // Its own limit: the others may be slow on a busy machine.
    rig.lua("loop", "while true do end", r#", "limits": { "timeoutMs": 400 }"#);
    rig.js("panic", "ctx.host.fs.exists('x'); throw 'went on'");
    rig.js("rubbish", "return 5");
    rig.lua("throw", "error('no', 0)", "");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        errors(&rig),
        [
            ("good".to_owned(), None),
            ("loop".to_owned(), text("probe timed out after 400ms")),
            // The engine turns a panic into an ordinary error of the call.
            ("panic".to_owned(), text("The plugin failed, try again or contact plugin author.")),
            ("rubbish".to_owned(), text("probe() returned non-object")),
            ("throw".to_owned(), text("no")),
        ]
    );
}

#[test]
fn a_host_call_that_never_returns_is_given_up() {
    let rig = Rig::with_host(|_, scope| {
        // Blocks until the batch gives the run up and cancels it.
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let _guard = scope.cancel.on_cancel(move || {
            let _gone = sender.send(());
        });
        let _cancelled = receiver.recv();
        Err(HostError::failed("cancelled"))
    });
    rig.lua("hangs", "ctx.host.fs.exists('x')", r#", "limits": { "timeoutMs": 100 }"#);
    rig.js("waits", GOOD);
    let text = Some("probe timed out after 100ms".to_owned());
    assert_eq!(errors(&rig), [("hangs".to_owned(), text), ("waits".to_owned(), None)]);
}

#[test]
fn cancelling_ends_what_runs_and_starts_nothing_more() {
    let rig = Rig::new();
    rig.js("a", "for (;;) {}");
    rig.js("b", GOOD);
    let mut options = options();
    options.workers = 1;
    let cancel = options.cancel.clone();
    let mut finished = Vec::new();
    let catalog = rig.catalog();
    run_batch(&rig.context, &catalog.plugins, &options, &NOW, &mut |event| match event {
        RunEvent::Started { .. } => cancel.cancel(),
        RunEvent::Finished { snapshot } => finished.push((snapshot.provider_id, snapshot.error)),
        RunEvent::Completed => {}
    });
    let text = Some("probe was cancelled".to_owned());
    assert_eq!(finished, [("a".to_owned(), text)]);
}

#[test]
fn what_a_plugin_throws_is_bounded_as_what_it_returns() {
    let rig = Rig::new();
    rig.js("cause", "throw new Error('ä'.repeat(1 << 20))");
    rig.js("text", "throw 'x'.repeat((1 << 20) + 1)");
    rig.js("whole", "throw 'x'.repeat(1 << 20)");
    let snapshots = rig.run();
    let texts: Vec<usize> =
        snapshots.iter().map(|snapshot| snapshot.error.as_ref().map_or(0, String::len)).collect();
    let generic = "The plugin failed, try again or contact plugin author.";
    assert_eq!(texts, [generic.len(), "output exceeds 1 MiB".len(), 1 << 20]);
    assert_eq!(snapshots[1].error.as_deref(), Some("output exceeds 1 MiB"));
    for snapshot in &snapshots {
        let cause = snapshot.cause.as_ref().expect("it threw");
        assert!(cause.message.len() < 17 * 1024, "{}", snapshot.provider_id);
        assert!(cause.message.ends_with('…'));
    }
}

#[test]
fn a_manifest_lowers_limits() {
    let rig = Rig::new();
    rig.lua("slow", "while true do end", r#", "limits": { "timeoutMs": 120 }"#);
    let text = Some("probe timed out after 120ms".to_owned());
    assert_eq!(errors(&rig), [("slow".to_owned(), text)]);
}

#[test]
fn a_lua_plugin_requires_its_own_files_only() {
    let rig = Rig::new();
    let body = "return { lines = { ctx.line.text({ label = 'x', value = require('./lib/x') }) } }";
    rig.lua("modular", body, r#", "settings": []"#);
    let folder = rig.plugins_dir().join("modular");
    std::fs::create_dir(folder.join("lib")).expect("a folder");
    std::fs::write(folder.join("lib/x.lua"), "return 'from x'").expect("a module");
    rig.lua("escapes", "return require('../modular/lib/x')", r#", "settings": []"#);
    let snapshots = rig.run();
    assert_eq!(
        snapshots[0].error.as_deref(),
        Some("The plugin failed, try again or contact plugin author.")
    );
    let cause = snapshots[0].cause.as_ref().expect("a cause");
    assert!(cause.message.contains("outside the plugin's folder"), "{cause:?}");
    assert!(snapshots[1].ok, "{:?}", snapshots[1]);
}

#[test]
fn the_data_directory_is_there_before_the_script() {
    let rig = Rig::new();
    rig.lua("a", GOOD_LUA, "");
    rig.run();
    assert!(rig.context.app.plugin_data_dir("a").is_dir());
}

#[test]
fn a_build_without_the_engine_says_so() {
    let mut rig = Rig::new();
    rig.context.engines = crate::Engines::new();
    rig.js("a", GOOD);
    rig.lua("b", GOOD_LUA, "");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        errors(&rig),
        [
            ("a".to_owned(), text("this build has no JavaScript engine")),
            ("b".to_owned(), text("this build has no Lua engine")),
        ]
    );
}
