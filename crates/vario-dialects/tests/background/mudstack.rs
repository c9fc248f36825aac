use vario_dialects::BackgroundDialect;
use vario_sandbox::LogLevel::{Debug, Error, Info, Warn};
use vario_value::Value;

use crate::rig::{PLUGIN_DIR, Rig, Setup, json};

fn fixture(name: &str) -> Setup {
    Setup::fixture(BackgroundDialect::Mudstack, "index.js", name)
}

fn started(setup: Setup) -> Rig {
    let mut rig = setup.load();
    assert_eq!(rig.fatal(), None);
    rig.start();
    rig
}

fn event(handler: &str, payload: &str) -> Value {
    let event = Value::from([
        ("id", "r1".into()),
        ("type", "demo.event".into()),
        ("source", "app".into()),
        ("payload", json(payload)),
        ("timestamp", Value::Int(5)),
    ]);
    Value::from([("handler", handler.into()), ("event", event)])
}

fn request(ty: &str, payload: &str) -> Value {
    let message = json(r#"{"id":"q1","source":"other","timestamp":5}"#);
    Value::from([
        ("from", "other".into()),
        ("type", ty.into()),
        ("payload", json(payload)),
        ("message", message),
    ])
}

/// A plugin with these members.
fn plugin(members: &str) -> Setup {
    Setup::mudstack(&format!(
        "const {{ MudstackPlugin }} = require('@mudstack/plugins');
         module.exports = class Demo extends MudstackPlugin {{ {members} }};"
    ))
}

#[test]
fn ms_06_the_class_is_made_with_the_api() {
    started(plugin(
        "constructor(api) { super(api); if (this.api !== api) throw new Error('no api'); }
         async activate() { if (this.api.pluginId !== 'demo') throw new Error('id'); }",
    ));
    for text in [
        "module.exports.default = class { activate() { this.api.log('info', 'alone'); } };",
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = class { activate() { this.api.log('info', 'alone'); } };",
        "module.exports = class { constructor() {} activate() { this.api.log('info', 'alone'); } };",
    ] {
        let rig = started(Setup::mudstack(text));
        assert!(rig.has_logged(Info, "alone"), "{text}");
    }
    for text in [
        "module.exports = {}",
        "",
        "module.exports = class { constructor() { throw new Error('no') } }",
    ] {
        assert!(Setup::mudstack(text).load().fatal().is_some(), "{text}");
    }
}

#[test]
fn ms_07_ms_29_the_base_class_can_be_called() {
    let mut rig = started(fixture("mudstack-hello"));
    rig.ok("stop", json("{}"));
    let lines: Vec<String> = rig.log().into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["[Hello] here I am", "[Hello] there I go"]);
}

#[test]
fn ms_09_a_failing_activation_is_told() {
    let mut rig = plugin("async activate() { throw new Error('not today'); }").load();
    assert_eq!(rig.fails("start", json("{}")).get("message"), Some(&"not today".into()));
}

#[test]
fn ms_11_the_environment_names_the_plugin() {
    let rig = started(plugin(
        "async activate() { this.api.log('info', process.env.PLUGIN_ID, process.env.PLUGIN_PATH, __dirname); }",
    ));
    assert!(rig.has_logged(Info, &format!("demo {PLUGIN_DIR} {PLUGIN_DIR}")));
}

#[test]
fn ms_12_ms_13_subscriptions_of_the_manifest_call_methods() {
    let mut rig = started(plugin(
        "async heard(message) { this.api.log('info', this.constructor.name, message); }
         fails() { throw new Error('in a handler'); }
         async rejects() { throw new Error('in a promise'); }",
    ));
    rig.ok("event", event("heard", r#"{"a":1}"#));
    assert!(
        rig.has_logged(
            Info,
            "Demo { id: 'r1', event: 'demo.event', payload: { a: 1 }, source: 'app', timestamp: 5 }"
        ),
        "{:?}",
        rig.log()
    );
    rig.ok("event", event("nothing", "{}"));
    assert!(rig.has_logged(Warn, "no method nothing"));
    rig.ok("event", event("fails", "{}"));
    rig.ok("event", event("rejects", "{}"));
    assert!(rig.has_logged(Error, "in a handler") && rig.has_logged(Error, "in a promise"));
    assert_eq!(rig.calls("bus.subscribe").len(), 0, "the host knows them from the manifest");
}

#[test]
fn ms_14_events_go_out_and_come_in() {
    let mut rig = started(plugin(
        "async activate() {
            this.off = this.api.events.on('weather:*', (message) => this.api.log('info', message.event, message.payload));
            this.api.events.once('single', () => this.api.log('info', 'once'));
            await this.api.events.emit('ready', { n: 1 });
         }
         request() { this.off(); }",
    ));
    assert_eq!(rig.calls("bus.publish"), [[Value::from("ready"), json(r#"{"n":1}"#)]]);
    assert_eq!(rig.calls("bus.subscribe"), [[Value::from("weather:*")], [Value::from("single")]]);
    let heard = json(
        r#"{"sub":1,"event":{"id":"1","type":"weather:rain","payload":"wet","source":"x","timestamp":1}}"#,
    );
    rig.ok("event", heard.clone());
    assert!(rig.has_logged(Info, "weather:rain wet"));
    rig.ok(
        "event",
        json(r#"{"sub":2,"event":{"id":"2","type":"single","source":"x","timestamp":1}}"#),
    );
    assert_eq!(rig.calls("bus.unsubscribe"), [[Value::Int(2)]]);
    rig.ok("stop", json("{}"));
    assert_eq!(rig.calls("bus.unsubscribe").len(), 2);
    rig.ok("event", heard);
    assert_eq!(rig.log().iter().filter(|(_, line)| line.starts_with("weather")).count(), 1);
}

#[test]
fn ms_15_ms_25_ms_30_a_command_of_the_menu() {
    let mut rig = started(
        fixture("mudstack-menu")
            .answer("assets.call", |args| {
                Ok(format!("{} of {}", args[1].as_str().unwrap(), args[0].as_str().unwrap()).into())
            })
            .answer("process.run", |args| {
                assert_eq!(
                    args[0].get("args"),
                    Some(&json(r#"["--file","getVersionLocalPath of version"]"#))
                );
                assert_eq!(args[0].get("cwd"), Some(&PLUGIN_DIR.into()));
                Ok(Value::from([
                    ("code", Value::Int(0)),
                    ("stdout", Value::Bytes(b"/tmp/x.png\n".to_vec())),
                    ("stderr", Value::Bytes(vec![])),
                ]))
            }),
    );
    rig.ok("event", event("greet", r#"{"selection":[{"assetId":"a","versionId":"v"}]}"#));
    assert!(
        rig.has_logged(
            Info,
            "[Menu] greetings (r1) { selection: [ { assetId: 'a', versionId: 'v' } ] }"
        ),
        "{:?}",
        rig.log()
    );
    assert!(rig.has_logged(Debug, "[Menu] done with 0"));
    assert_eq!(
        rig.calls("assets.call")[1],
        ["version".into(), "updateThumbnail".into(), json(r#"["v","/tmp/x.png"]"#)]
    );
}

#[test]
fn ms_18_dependencies_are_asked_for_at_once() {
    let rig = started(
        plugin("async activate() { this.api.log('info', String(this.api.hasDependency('a')), String(this.api.hasDependency('b'))); }")
            .answer("plugins.has", |args| Ok(Value::Bool(args[0] == "a".into()))),
    );
    assert!(rig.has_logged(Info, "true false"));
}

#[test]
fn ms_21_requests_are_answered() {
    let mut rig = started(plugin(
        "async activate() { this.api.onRequest('sum', ({ a, b }, message) => ({ sum: a + b, from: message.source })); }
         thumbnail(payload) { return `thumb of ${payload}`; }
         async later(payload, message) { setTimeout(() => this.api.respond(message.id, payload * 2), 10); }
         fails() { throw new TypeError('cannot'); }
         _hidden() { return 1; }",
    ));
    assert_eq!(
        rig.ok("request", request("sum", r#"{"a":1,"b":2}"#)),
        json(r#"{"sum":3,"from":"other"}"#)
    );
    assert_eq!(rig.ok("request", request("thumbnail", "5")), "thumb of 5".into());
    let later = rig.begin("request", request("later", "21"));
    rig.advance(10);
    assert_eq!(rig.answer_to(later), Some(Ok(Value::Int(42))));
    assert_eq!(rig.fails("request", request("fails", "1")).get("name"), Some(&"TypeError".into()));
    for ty in ["unknown", "_hidden", "constructor", "toString", "activate"] {
        let error = rig.fails("request", request(ty, "1"));
        assert!(error.to_json().to_string().contains("answers no requests"), "{ty}");
    }
    let rig = started(
        plugin("async activate() { this.api.log('info', await this.api.requestFromPlugin('o', 't', { x: 1 }, { timeout: 5 }), await this.api.requestFromPlugin('none', 't').catch((error) => [error.code, error.message].join())); }")
            .answer("bus.request", |args| if args[0] == "o".into() { Ok(Value::from(format!("{}", args[3].to_json()))) } else { Err("UNKNOWN_PLUGIN|no such plugin".to_owned()) }),
    );
    assert!(rig.has_logged(Info, "5 UNKNOWN_PLUGIN,no such plugin"), "{:?}", rig.log());
}

#[test]
fn ms_22_the_log_keeps_levels_and_data() {
    let rig = started(plugin(
        "async activate() { for (const level of ['debug', 'info', 'warn', 'error', 'shout']) this.api.log(level, level, { deep: { er: [1] } }); this.api.log('error', 'with', new Error('inside')); }",
    ));
    for (level, line) in [
        (Debug, "debug { deep: { er: [ 1 ] } }"),
        (Info, "info { deep"),
        (Warn, "warn { deep"),
        (Error, "error { deep"),
        (Info, "shout { deep"),
        (Error, "with Error: inside\n    at activate (index.js:2:"),
    ] {
        assert!(rig.has_logged(level, line), "{line}: {:#?}", rig.log());
    }
}

#[test]
fn ms_23_config_lasts_and_is_validated() {
    let rig = started(
        plugin(
            "async activate() {
                const { config } = this.api;
                await config.set('size', 12);
                this.api.log('info', 'is', [await config.get('size'), await config.get('none', 'fallback'), await config.get(), await config.validate(), await config.validate({ size: 'big', more: 1 })]);
             }",
        )
        .manifest(r#"{"configSchema":{"type":"object","required":["size"],"properties":{"size":{"type":"number","maximum":20}},"additionalProperties":false}}"#),
    );
    assert!(
        rig.log()[0].1.replace(['\n', ' '], "").contains(
            "[12,'fallback',{size:12},{valid:true,errors:[]},{valid:false,errors:['/sizemustbenumber','/moreisnotknown']}]"
        ),
        "{:?}",
        rig.log()
    );
    assert_eq!(rig.calls("config.set"), [[Value::from("size"), Value::Int(12)]]);
}

#[test]
fn ms_24_assets_come_from_the_store() {
    let rig = started(
        plugin("async activate() { const asset = await this.api.db.assetAPI.getAsset('a1'); this.api.log('info', asset.name); await this.api.db.assetAPI.addTags('a1', ['x']); await this.api.db.tagAPI.list(); await this.api.db.libraryAPI.somethingNew(1); }")
            .answer("assets.call", |_| Ok(json(r#"{"name":"rock.fbx"}"#))),
    );
    assert!(rig.has_logged(Info, "rock.fbx"));
    let calls: Vec<String> = rig
        .calls("assets.call")
        .iter()
        .map(|args| Value::List(args.clone()).to_json().to_string())
        .collect();
    assert_eq!(
        calls,
        [
            r#"["asset","getAsset",["a1"]]"#,
            r#"["asset","addTags",["a1",["x"]]]"#,
            r#"["tag","list",[]]"#,
            r#"["library","somethingNew",[1]]"#
        ]
    );
}

#[test]
fn ms_26_programs_go_through_the_host() {
    let rig = started(
        plugin(
            "async activate() {
                const refused = await this.api.executeCommand('rm', ['-r']).catch((error) => error.message);
                this.api.log('info', refused);
                await this.api.executeNodeScript('a.js', ['x'], { timeout: 5, env: { A: 1 } }).catch(() => {});
                await this.api.executePythonScript('b.py', { cwd: '/c' }).catch(() => {});
                await this.api.execute({ type: 'node', script: 'c.js' }).catch(() => {});
                this.api.log('info', await this.api.execute({ type: 'magic' }).catch((error) => error.message));
             }",
        )
        .answer("process.run", |_| Err("not allowed: running programs".to_owned())),
    );
    assert!(rig.has_logged(Info, "not allowed: running programs") && rig.has_logged(Info, "magic"));
    let calls = rig.calls("process.run");
    assert_eq!(
        calls[0][0],
        json(&format!(
            r#"{{"program":"rm","args":["-r"],"cwd":"{PLUGIN_DIR}","timeoutMs":60000}}"#
        ))
    );
    assert_eq!(
        calls[1][0],
        json(&format!(
            r#"{{"program":"node","args":["a.js","x"],"cwd":"{PLUGIN_DIR}","env":{{"A":"1"}},"timeoutMs":5}}"#
        ))
    );
    assert_eq!(calls[2][0].get("cwd"), Some(&"/c".into()));
    assert_eq!(calls.len(), 4);
}

#[test]
fn ms_31_the_least_a_plugin_can_be() {
    let mut rig = started(fixture("mudstack-template"));
    rig.ok("stop", json("{}"));
    assert_eq!(rig.log(), []);
}

#[test]
fn ms_32_the_module_of_the_host_wins() {
    let rig = started(
        plugin("async activate() { this.api.log('info', 'ours'); }")
            .file("node_modules/@mudstack/plugins/index.js", "throw new Error('theirs')")
            .file("node_modules/@mudstack/plugins/package.json", r#"{"main":"index.js"}"#),
    );
    assert!(rig.has_logged(Info, "ours"));
}

#[test]
fn ms_04_what_still_waits_at_the_end_is_given_up() {
    let mut rig = started(plugin(
        "async activate() { new Promise(() => {}); }
         async deactivate() { await super.deactivate(); }",
    ));
    rig.ok("stop", json("{}"));
    assert_eq!(rig.ok("ping", Value::Absent), Value::Absent);
}
