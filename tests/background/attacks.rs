//! What plugins without a right, or with a wrong one, try.

use serde_json::json;
use vario_background::AccountKind;

use crate::rig::{Rig, request};

const PLAIN: &str = r#""schemaVersion": 1, "dialect": "vario", "name": "P", "version": "1.0.0""#;

fn plugin(rig: &Rig, id: &str, more: &str, code: &str) {
    let manifest = format!(r#"{{ {PLAIN}, "id": "{id}", "background": "main.mjs"{more} }}"#);
    rig.plugin(id, &[("plugin.json", &manifest), ("main.mjs", code)]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_description_leads_nowhere() {
    let rig = Rig::new();
    plugin(&rig, "evil", "", "export default { start() {} };");
    let secret = rig.home.write("secret.txt", "the secret");
    let folder = rig.plugins().join("evil/background");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(secret, folder.join("openapi.json")).unwrap();
    rig.rescan();
    rig.until_active("evil");
    let answer = rig.get("/api/evil/openapi.json");
    assert_eq!(answer.status(), 403);
    assert!(!answer.text().contains("the secret"));
}

#[test]
fn an_id_that_is_the_hosts_own_is_refused() {
    let rig = Rig::new();
    for id in ["identity", "settings", "plugins-config", "core", "api"] {
        plugin(&rig, id, "", "export default { start() {} };");
    }
    rig.rescan();
    rig.until("all are refused", || {
        rig.supervisor
            .list()
            .iter()
            .all(|info| info.reason.as_deref().is_some_and(|reason| reason.contains("reserved")))
    });
}

#[test]
fn nobody_takes_the_routes_of_others() {
    let rig = Rig::new();
    plugin(
        &rig,
        "thief",
        "",
        "export default { async start(ctx) {
            for (const path of ['/api/victim', '/api/identity', '/api', '/v1', '/metrics', '/api/thief/own']) {
                try {
                    const router = ctx.server.Router();
                    router.use((req, res) => res.send('stolen'));
                    await ctx.server.mount(path, router);
                    ctx.log.info('has ' + path);
                } catch (error) { ctx.log.info('refused ' + path); }
            }
        } };",
    );
    plugin(
        &rig,
        "victim",
        "",
        "export default { start() {}, routes: { get: { hello: (req, res) => res.send('genuine') } } };",
    );
    rig.rescan();
    rig.until_active("thief");
    rig.until_active("victim");
    assert_eq!(rig.get("/api/victim/hello").text(), "genuine");
    assert_eq!(rig.get("/api/thief/own/x").text(), "stolen");
    assert_eq!(rig.get("/api/identity").status(), 404);
    assert!(!rig.has_logged("thief", "has /api/victim"));
}

#[test]
fn tokens_are_for_those_who_may_know_them() {
    const CODE: &str = "export default { start(ctx) {
        ctx.log.info('token ' + JSON.stringify(ctx.account.token()));
    } };";
    for (may_nothing, expected) in [(true, "token null"), (false, "token \"s3cret\"")] {
        let rig = Rig::new();
        *rig.user.may_nothing.lock().unwrap() = may_nothing;
        rig.account(
            AccountKind::Stratos,
            json!({ "baseUrl": "https://va.example" }),
            Some("s3cret"),
        );
        plugin(&rig, "curious", "", CODE);
        rig.rescan();
        rig.until_logged("curious", expected);
    }
}

#[test]
fn the_identity_has_tokens_for_those_who_may_know_them() {
    for (may_nothing, expected) in [(true, ""), (false, "s3cret")] {
        let rig = Rig::new();
        *rig.user.may_nothing.lock().unwrap() = may_nothing;
        rig.sign_in(1);
        rig.account(
            AccountKind::Stratos,
            json!({ "baseUrl": "https://va.example" }),
            Some("other"),
        );
        plugin(&rig, "curious", "", "export default { start() {} };");
        rig.rescan();
        rig.until_active("curious");
        let session = |page: Option<&str>| {
            let asked = request("GET", "/api/%69dentity", &[], b"");
            let identity = rig.ask_of(page, &asked).json();
            assert_eq!(identity["va_user"]["pilotID"], "VA7", "{page:?}");
            identity["va_user"]["session"].clone()
        };
        assert_eq!(session(Some("curious")), expected);
        // Nothing is known of a plugin that does not run.
        assert_eq!(session(Some("elsewhere")), "");
        assert_eq!(session(None), "s3cret");
    }
}

#[test]
fn what_holds_secrets_does_so_in_every_spelling() {
    for (path, holds) in [
        ("/api/identity", true),
        ("/api/%69dentity", true),
        ("/api/settings/x", true),
        ("/api/s%65ttings/x", true),
        ("/api/plugins%2Dconfig/x/airline", true),
        ("/api/config", false),
        ("/api/curious/identity", false),
        ("/other", false),
    ] {
        assert_eq!(vario_background::holds_secrets(path), holds, "{path}");
    }
}

#[test]
fn what_is_taken_back_is_gone_at_once() {
    let rig = Rig::new();
    plugin(
        &rig,
        "keeps",
        "",
        "export default {
            start(ctx) { ctx.bus.subscribe('news', () => ctx.log.info('heard')); },
            routes: { get: { hello: (req, res) => res.send('here') } },
        };",
    );
    rig.rescan();
    rig.until_active("keeps");
    assert_eq!(rig.get("/api/keeps/hello").status(), 200);
    *rig.user.may_nothing.lock().unwrap() = true;
    rig.supervisor.grants_changed();
    rig.until("the route is gone", || rig.get("/api/keeps/hello").status() == 404);
    rig.supervisor.publish("news", json!(1));
    assert!(!rig.has_logged("keeps", "heard"));
}

#[test]
fn a_plugin_in_lua_hears_the_bus() {
    let rig = Rig::new();
    let manifest = format!(r#"{{ {PLAIN}, "id": "ears", "background": "main.lua" }}"#);
    let code = "return { start = function(ctx)
        ctx.bus.subscribe('door:*', function(payload) ctx.log.info('rang ' .. payload.who) end)
    end }";
    rig.plugin("ears", &[("plugin.json", &manifest), ("main.lua", code)]);
    rig.rescan();
    rig.until_active("ears");
    rig.supervisor.publish("door:front", json!({ "who": "Ada" }));
    rig.until_logged("ears", "rang Ada");
}
