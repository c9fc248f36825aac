use serde_json::json;
use vario_model::BackgroundState::Active;

use super::{running, starting, write};
use crate::rig::{Rig, request};

/// Hosts the fixture whose router does what Express 4 and 5 do.
fn with_router() -> Rig {
    let rig = Rig::new();
    rig.fixture("stratos-router");
    rig.rescan();
    rig.until_active("demo-router");
    rig
}

#[test]
fn st_21_a_router_is_at_the_path_it_was_given() {
    let rig = running(
        "const router = (req, res) => res.json([req.method, req.baseUrl, req.url, req.originalUrl]);
         for (const prefix of ['/loadsheet', '/api/demo', '/with/slash/']) ctx.server.registerRouter(prefix, router);
         ctx.server.registerRouter('/again', () => { throw new Error('replaced'); });
         ctx.server.registerRouter('/again', router);
         for (const prefix of ['/', '/socket.io', '/socket.io/x', 'relative', '', '/a/../b', 5]) {
            try { ctx.server.registerRouter(prefix, router); ctx.logger.error(`took ${prefix}`); } catch {}
         }
         try { ctx.server.registerRouter('/object', {}); ctx.logger.error('took an object'); } catch {}",
    );
    for (target, seen) in [
        ("/loadsheet", json!(["GET", "/loadsheet", "/", "/loadsheet"])),
        ("/loadsheet/", json!(["GET", "/loadsheet", "/", "/loadsheet/"])),
        ("/loadsheet?a=1", json!(["GET", "/loadsheet", "/?a=1", "/loadsheet?a=1"])),
        ("/loadsheet/ofp?id=5", json!(["GET", "/loadsheet", "/ofp?id=5", "/loadsheet/ofp?id=5"])),
        ("/api/demo/a%20b", json!(["GET", "/api/demo", "/a%20b", "/api/demo/a%20b"])),
        ("/with/slash/x", json!(["GET", "/with/slash", "/x", "/with/slash/x"])),
        ("/again/", json!(["GET", "/again", "/", "/again/"])),
    ] {
        let answer = rig.get(target);
        assert_eq!((answer.status(), answer.json()), (200, seen), "{target}");
    }
    for target in ["/loadsheets", "/load", "/api/loadsheet/ofp", "/object", "/socket.io/", "/"] {
        let answer = rig.get(target);
        assert_eq!(answer.status(), 404, "{target}");
        assert!(answer.json()["error"].is_string());
    }
    assert!(!rig.has_logged("demo", "took"), "{}", rig.log_text());
    let answer = rig.ask(&request("OPTIONS", "/loadsheet/ofp", &[], b""));
    assert_eq!((answer.status(), answer.header("access-control-allow-origin")), (204, Some("*")));
    assert_eq!(rig.get("/loadsheet/").header("access-control-allow-origin"), Some("*"));
}

#[test]
fn st_21_the_first_has_a_path_and_the_second_goes_on() {
    let rig = Rig::new();
    let code = |id: &str| {
        starting(&format!(
            "ctx.server.registerRouter('/shared', (q, s) => s.json('{id}'));
             ctx.server.registerRouter('/{id}', (q, s) => s.json('{id}'));"
        ))
    };
    write(&rig, "one", &code("one"));
    rig.rescan();
    rig.until_active("one");
    write(&rig, "two", &code("two"));
    rig.rescan();
    rig.until_active("two");
    rig.until_logged("two", "`/shared` is served by plugin `one` already");
    assert_eq!(rig.get("/shared/").json(), json!("one"));
    assert_eq!(rig.get("/two/").json(), json!("two"));
}

#[test]
fn st_22_a_router_of_express_4_sees_the_query() {
    let rig = with_router();
    let answer = rig.get("/demo-router/state?id=5");
    assert_eq!(answer.status(), 200, "{}", answer.text());
    let full = "/demo-router/state?id=5";
    assert_eq!(
        answer.json(),
        json!({ "isReady": true, "played": 0, "base": "/demo-router", "full": full, "id": "5" })
    );
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert_eq!(rig.get("/demo-router/state?id=5&id=6").json()["id"], json!(null), "two are a list");
    assert_eq!(rig.get("/demo-router/state").json()["id"], json!(null));
}

#[test]
fn st_23_a_router_of_express_5_reads_bodies_and_parameters() {
    let rig = with_router();
    let answer = rig.post("/demo-router/play/c1", &json!({ "times": 2 }));
    assert_eq!((answer.status(), answer.json()), (201, json!({ "clip": "c1", "played": 2 })));
    let answer = rig.ask(&request("POST", "/demo-router/play/c2", &[], b""));
    assert_eq!(answer.json(), json!({ "clip": "c2", "played": 3 }), "no body is an empty object");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = rig.ask(&request("POST", "/demo-router/play/c3", &form, b"times="));
    assert_eq!(answer.json()["played"], json!(4));
    let broken = [("content-type", "application/json")];
    assert_eq!(rig.ask(&request("POST", "/demo-router/play/c4", &broken, b"{")).status(), 400);
    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(rig.ask(&request("POST", "/demo-router/play/c4", &broken, &large)).status(), 413);
    assert_eq!(rig.get("/demo-router/play/c1").status(), 404, "another method");
    assert_eq!(rig.get("/demo-router/none").status(), 404);
    assert_eq!(rig.get("/demo-router/state").json()["played"], json!(4));
}

#[test]
fn st_24_next_is_404_and_a_failure_500() {
    let rig = with_router();
    for (rest, status) in [("nothing", 404), ("thrown", 500), ("rejected", 503), ("state", 200)] {
        let answer = rig.get(&format!("/demo-router/{rest}"));
        assert_eq!(answer.status(), status, "{rest}");
        assert_eq!(answer.json()["error"].is_string(), status != 200);
    }
    rig.until_logged("demo-router", "thrown");
    assert_eq!(rig.info("demo-router").unwrap().state, Active);

    let rig = running(
        "const routes = {
            '/next': (req, res, next) => next(), '/error': (req, res, next) => next(Object.assign(new Error('teapot'), { status: 418 })),
            '/text': (req, res, next) => next('a text'), '/none': () => { throw null; }, '/undefined': () => Promise.reject(),
            '/after': (req, res) => { res.json(1); throw new Error('after the answer'); },
            '/late': (req, res) => { setTimeout(() => { throw new Error('in a timer'); }, 1); setTimeout(() => res.json('late'), 5); },
            '/twice': (req, res) => { res.json(1); res.json(2); },
         };
         ctx.server.registerRouter('/r', (req, res, next) => routes[req.url](req, res, next));",
    );
    for (rest, status) in [
        ("/next", 404),
        ("/error", 418),
        ("/text", 500),
        ("/none", 500),
        ("/undefined", 500),
        ("/after", 200),
        ("/twice", 200),
        ("/unknown", 500),
        ("/late", 200),
    ] {
        assert_eq!(rig.get(&format!("/r{rest}")).status(), status, "{rest}\n{}", rig.log_text());
    }
    rig.until_logged("demo", "after the answer");
    rig.until_logged("demo", "in a timer");
    assert_eq!(rig.get("/r/twice").json(), json!(1), "the plugin goes on");
}
