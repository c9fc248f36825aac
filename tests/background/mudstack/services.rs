//! Rows 21 to 26: requests, log, configuration, assets, thumbnails, programs.

use serde_json::{Value as Json, json};
use vario_value::LogLevel;

use super::{asked, hosted, impatient_rig, plugin};
use crate::rig::{Options, Rig};

#[test]
fn ms_21_requests_are_answered_or_rejected() {
    let rig = impatient_rig();
    plugin(&rig, "answers", json!({}), "
        async activate() {
            await super.activate();
            this.api.onRequest('double', async (n, message) => ({ n: n * 2, from: message.source }));
            this.api.onRequest('throws', () => { throw new Error('not today'); });
            this.api.onRequest('silent', () => new Promise(() => {}));
        }
        method(payload) { return `method ${payload}`; }
        later(_payload, message) { setTimeout(() => this.api.respond(message.id, 'later'), 1); }
    ");
    asked(
        &rig,
        "asks",
        json!({ "dependencies": ["answers", { "id": "off", "optional": true }] }),
        "
        const [target, type, value, options] = payload;
        try { return { ok: await api.requestFromPlugin(target, type, value, options) }; }
        catch (error) { return { failed: error.message, isError: error instanceof Error }; }
    ",
    );
    plugin(&rig, "off", json!({}), "");
    rig.user.disabled.lock().unwrap().push("off".to_owned());
    rig.rescan();
    rig.until_active("asks");
    let ask = |given: Json| rig.request("asks", "go", &given).unwrap();
    assert_eq!(ask(json!(["answers", "double", 21])), json!({ "ok": { "n": 42, "from": "asks" } }));
    assert_eq!(ask(json!(["answers", "method", "m"])), json!({ "ok": "method m" }));
    assert_eq!(ask(json!(["answers", "later"])), json!({ "ok": "later" }));
    for (given, words) in [
        (json!(["answers", "throws"]), "not today"),
        (json!(["answers", "silent", null, { "timeout": 50 }]), "did not answer in time"),
        (json!(["answers", "activate"]), "answers no requests of type"),
        (json!(["answers", "nothing"]), "answers no requests of type"),
        (json!(["nobody", "double", 1]), "not running"),
        (json!(["off", "double", 1]), "not running"),
    ] {
        let answer = ask(given.clone());
        let failed = answer["failed"].as_str().unwrap_or_else(|| panic!("{given}: {answer}"));
        assert!(failed.contains(words) && answer["isError"] == json!(true), "{given}: {answer}");
    }
}

#[test]
fn ms_22_log_lines_carry_plugin_and_level() {
    let rig = hosted(&[("com.x.one", json!({}), "
        activate() {
            const { api } = this;
            for (const level of ['debug', 'info', 'warn', 'error', 'loud']) {
                if (api.log(level, `as ${level}`, { a: [1] }, 'more') !== undefined) throw new Error('void');
            }
            console.warn('console', 1);
        }
    ")]);
    rig.until_logged("com.x.one", "console 1");
    let lines = rig.user.lines.lock().unwrap();
    let own: Vec<(LogLevel, &str)> = lines
        .iter()
        .filter(|line| line.plugin_id == "com.x.one")
        .map(|line| (line.level, line.message.as_str()))
        .collect();
    assert_eq!(
        own,
        [
            (LogLevel::Debug, "as debug { a: [ 1 ] } more"),
            (LogLevel::Info, "as info { a: [ 1 ] } more"),
            (LogLevel::Warn, "as warn { a: [ 1 ] } more"),
            (LogLevel::Error, "as error { a: [ 1 ] } more"),
            (LogLevel::Info, "as loud { a: [ 1 ] } more"),
            (LogLevel::Warn, "console 1"),
        ]
    );
}

#[test]
fn ms_23_configuration_is_kept_per_plugin() {
    let schema = json!({ "configSchema": {
        "type": "object",
        "required": ["size"],
        "properties": { "size": { "type": "integer", "minimum": 1 } },
    } });
    let body = "
        const { config } = api;
        if (payload.set) for (const [key, value] of Object.entries(payload.set)) await config.set(key, value);
        return { one: await config.get('size'), other: await config.get('gone', 'fallback'), all: await config.get(), valid: await config.validate(payload.check) };
    ";
    let rig = Rig::new();
    asked(&rig, "com.x.one", schema.clone(), body);
    asked(&rig, "com.x.two", json!({}), body);
    rig.rescan();
    rig.until_active("com.x.one");
    rig.until_active("com.x.two");
    let answer =
        rig.request("com.x.one", "go", &json!({ "set": { "size": 3, "deep": { "a": [null] } } }));
    let all = json!({ "size": 3, "deep": { "a": [null] } });
    let valid = json!({ "valid": true, "errors": [] });
    let expected = json!({ "one": 3, "other": "fallback", "all": all, "valid": valid });
    assert_eq!(answer.unwrap(), expected);
    let answer = rig.request("com.x.two", "go", &json!({})).unwrap();
    assert_eq!((&answer["all"], &answer["one"]), (&json!({}), &Json::Null));
    let answer = rig.request("com.x.one", "go", &json!({ "check": { "size": 0 } })).unwrap();
    assert_eq!(answer["valid"]["valid"], json!(false));
    assert_eq!(answer["valid"]["errors"].as_array().unwrap().len(), 1);
    // It outlives the plugin's process and the host.
    let (home, user) = rig.shut_down();
    let rig = Rig::of(home, user, Options::default());
    rig.rescan();
    rig.until_active("com.x.one");
    assert_eq!(rig.request("com.x.one", "go", &json!({})).unwrap(), expected);
}

#[test]
fn ms_24_assets_come_from_the_host() {
    let rig = Rig::new();
    asked(&rig, "com.x.one", json!({}), "
        const { assetAPI, tagAPI } = api.db;
        const made = await assetAPI.create({ id: 'a1', name: 'rock', file_name: 'rock.fbx' });
        await assetAPI.addTags('a1', ['stone', 'grey']);
        await assetAPI.addTags('a1', ['grey', 'big']);
        await assetAPI.update('a1', { name: 'Rock' });
        await tagAPI.create({ name: 'stone' });
        const found = await assetAPI.getAsset('a1');
        const listed = await assetAPI.list({ name: 'Rock' });
        const gone = await assetAPI.getAsset('none');
        const tags = await tagAPI.list();
        return { made: made.id, found, listed: listed.length, gone, tags: tags.map((tag) => tag.name), deleted: await assetAPI.delete('a1'), after: await assetAPI.get('a1') };
    ");
    rig.rescan();
    rig.until_active("com.x.one");
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    let asset = json!({ "id": "a1", "name": "Rock", "file_name": "rock.fbx", "tags": ["stone", "grey", "big"] });
    assert_eq!(
        answer,
        json!({ "made": "a1", "found": asset, "listed": 1, "gone": null, "tags": ["stone"], "deleted": true, "after": null })
    );
    assert_eq!(rig.until_event("asset:created")["id"], json!("a1"));
    assert_eq!(rig.until_event("asset:deleted"), json!({ "id": "a1" }));
}

#[test]
fn ms_25_a_thumbnailer_does_its_work() {
    let more = json!({
        "subscriptions": [{ "event": "thumbnail:request", "handler": "make" }],
        "registrations": [{ "event": "thumbnailer.register", "payload": { "extensions": [".txt"] } }],
    });
    let rig = Rig::new();
    let source = rig.home.write("assets/rock.txt", "grey");
    plugin(&rig, "com.x.thumbs", more, "
        async activate() {
            await super.activate();
            await this.api.db.versionAPI.create({ id: 'v1', localPath: process.env.SOURCE ?? this.api.manifest.source });
        }
        async make({ payload }) {
            const fs = require('fs');
            const path = require('path');
            const from = await this.api.getVersionLocalPath(payload.versionId);
            const to = path.join(this.api.pluginPath, 'thumb.png');
            fs.writeFileSync(to, `thumbnail of ${fs.readFileSync(from, 'utf8')}`);
            const none = await this.api.getVersionLocalPath('none');
            await this.api.updateThumbnail(payload.versionId, to);
            this.api.log('info', `made ${none}`);
        }
    ");
    let file = rig.plugins().join("com.x.thumbs/manifest.json");
    let mut manifest: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    manifest["source"] = json!(source);
    std::fs::write(&file, manifest.to_string()).unwrap();
    rig.rescan();
    rig.until_active("com.x.thumbs");
    assert_eq!(rig.until_event("thumbnailer.register"), json!({ "extensions": [".txt"] }));
    rig.supervisor.publish("thumbnail:request", json!({ "versionId": "v1" }));
    rig.until_logged("com.x.thumbs", "made null");
    let thumb = rig.plugins().join("com.x.thumbs/thumb.png");
    assert_eq!(std::fs::read_to_string(&thumb).unwrap(), "thumbnail of grey");
    assert_eq!(rig.until_event("version:updated")["thumbnailPath"], json!(thumb));
}

#[cfg(unix)]
#[test]
fn ms_26_programs_run_only_where_that_is_granted() {
    let rig = Rig::new();
    asked(&rig, "com.x.one", json!({}), "
        const tried = async (run) => {
            try { const { code, stdout, stderr } = await run(); return { code, stdout, stderr }; }
            catch (error) { return { failed: error.message }; }
        };
        return {
            command: await tried(() => api.executeCommand('printf', ['%s|', 'a b', '$HOME'])),
            both: await tried(() => api.execute({ type: 'command', command: 'sh', args: ['-c', 'pwd; echo no >&2; exit 3'] })),
            gone: await tried(() => api.executeCommand('vario-no-such-program')),
            late: await tried(() => api.executeCommand('sleep', ['60'], { timeout: 50 })),
            script: typeof api.executeNodeScript, python: typeof api.executePythonScript,
        };
    ");
    rig.rescan();
    rig.until_active("com.x.one");
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    assert_eq!(answer["command"], json!({ "code": 0, "stdout": "a b|$HOME|", "stderr": "" }));
    let folder = rig.plugins().join("com.x.one");
    let pwd = format!("{}\n", folder.display());
    assert_eq!(answer["both"], json!({ "code": 3, "stdout": pwd, "stderr": "no\n" }));
    assert!(answer["gone"]["failed"].is_string(), "{answer}");
    assert!(answer["late"]["failed"].is_string(), "{answer}");
    assert_eq!((&answer["script"], &answer["python"]), (&json!("function"), &json!("function")));
    // Nothing is granted any more: not even by a plugin that runs.
    *rig.user.may_nothing.lock().unwrap() = true;
    rig.supervisor.grants_changed();
    rig.supervisor.restart("com.x.one", crate::rig::LONG).unwrap();
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    for key in ["command", "both", "gone", "late"] {
        let words = answer[key]["failed"].as_str().unwrap_or_default();
        assert!(words.contains("permission denied"), "{key}: {answer}");
    }
}
