use std::sync::Barrier;

use serde_json::{Value as Json, json};
use vario_background::{Account, AccountKind};
use vario_test_support::{Received, Reply, Server};

use super::{call, running};
use crate::rig::Rig;

/// A plugin that asks its airline what it is told to ask, several things at once.
const ASKS: &str = r#"
    const client = ctx.airline.createClient();
    const ask = async ([method, url, body, config]) => {
        try {
            const { status, data } = await client.request({ method, url, data: body ?? undefined, ...config });
            return [status, data];
        } catch (error) {
            return [error.response?.status ?? 0, error.response?.data ?? error.message];
        }
    };
    ctx.ipc.handle("ask", (...all) => Promise.all(all.map(ask)));
    ctx.ipc.handle("auth", () => {
        let readOnly = true;
        try { ctx.auth.token = "mine"; readOnly = ctx.auth.token !== "mine"; } catch {}
        return [ctx.auth.getToken(), ctx.auth.isAuthenticated(), ctx.auth.token, readOnly];
    });
    ctx.ipc.handle("current", async () => [ctx.airline.getCurrent(), await ctx.airline.getCurrent()]);
"#;

/// Somebody who is signed in, with these tokens.
fn sign_in(rig: &Rig, base: &str, token: Option<&str>, refresh: Option<(&str, &str)>) {
    let Json::Object(document) =
        json!({ "id": "va", "name": "VA", "icao": "TVA", "baseUrl": base })
    else {
        unreachable!()
    };
    let account = Account {
        name: "va".to_owned(),
        document,
        token: token.map(str::to_owned),
        refresh_token: refresh.map(|(token, _)| token.to_owned()),
        refresh_url: refresh.map(|(_, url)| url.to_owned()),
    };
    rig.user.accounts.lock().expect("nothing panics").insert(AccountKind::Stratos, account);
    rig.supervisor.account_changed();
}

/// Takes one token only, and answers with what it was sent.
fn taking(token: &'static str) -> Server {
    Server::answering(move |asked| answer(token, asked))
}

fn answer(token: &str, asked: &Received) -> Reply {
    let is_right = asked.header("authorization") == Some(&bearer(token));
    Reply::new(if is_right { 200 } else { 401 }, &asked.body)
}

fn bearers(server: &Server) -> Vec<Option<String>> {
    let all = server.received();
    all.iter().map(|asked| asked.header("authorization").map(str::to_owned)).collect()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn ask(rig: &Rig, url: &str) -> Json {
    call(rig, "ask", &[json!(["get", url])])[0].clone()
}

#[test]
fn st_15_the_signed_in_state_is_read_only() {
    let rig = running(ASKS);
    assert_eq!(call(&rig, "auth", &[]), json!([null, false, null, true]));
    sign_in(&rig, "http://127.0.0.1:9", Some("t1"), None);
    assert_eq!(call(&rig, "auth", &[]), json!(["t1", true, "t1", true]));
    sign_in(&rig, "http://127.0.0.1:9", Some("t2"), None);
    assert_eq!(call(&rig, "auth", &[]), json!(["t2", true, "t2", true]));
    rig.sign_out(AccountKind::Stratos);
    assert_eq!(call(&rig, "auth", &[]), json!([null, false, null, true]));
}

#[test]
fn st_16_the_airline_is_that_of_the_moment() {
    let rig = running(ASKS);
    let pid = rig.info("demo").unwrap().pid;
    assert_eq!(call(&rig, "current", &[]), json!([null, null]));
    for base in ["https://one.example", "https://two.example"] {
        sign_in(&rig, base, Some("t"), Some(("r", "https://one.example/token")));
        let airline = json!({ "id": "va", "name": "VA", "icao": "TVA", "baseUrl": base });
        assert_eq!(call(&rig, "current", &[]), json!([airline, airline]), "and no secret");
    }
    assert_eq!(rig.info("demo").unwrap().pid, pid, "it goes on meanwhile");
}

#[test]
fn st_17_base_and_token_are_those_of_each_request() {
    let rig = running(ASKS);
    let (one, two) = (taking("t1"), taking("t2"));
    assert_eq!(ask(&rig, "/x")[0], json!(0), "nobody is signed in");
    sign_in(&rig, &one.url("/api"), Some("t1"), None);
    assert_eq!(ask(&rig, "/pireps?a=1")[0], json!(200));
    sign_in(&rig, &two.url("/"), Some("t2"), None);
    let posted = json!(["post", "pireps", { "flight": "VA1" }, { "params": { "b": 2 } }]);
    assert_eq!(call(&rig, "ask", &[posted])[0], json!([200, { "flight": "VA1" }]));
    assert_eq!(call(&rig, "ask", &[json!(["patch", "/pireps/5", [1]])])[0][0], json!(200));
    assert_eq!(one.received()[0].target, "/api/pireps?a=1");
    let (first, second) = (&two.received()[0], &two.received()[1]);
    assert_eq!((first.method.as_str(), first.target.as_str()), ("POST", "/pireps?b=2"));
    assert_eq!(first.header("content-type"), Some("application/json"));
    assert_eq!((second.method.as_str(), second.target.as_str()), ("PATCH", "/pireps/5"));

    // The whole address of another is no request to the airline.
    assert_eq!(ask(&rig, &one.url("/else"))[0], json!(401));
    assert_eq!(bearers(&one), [Some(bearer("t1")), None]);
    // Nor is where the airline sends it on to.
    let elsewhere = one.url("/moved");
    let sends_on =
        Server::answering(move |_| Reply::with(302, &[("Location", elsewhere.as_str())], ""));
    sign_in(&rig, &sends_on.url("/"), Some("t1"), Some(("r", &two.url("/token"))));
    assert_eq!(ask(&rig, "/x")[0], json!(401));
    assert_eq!(bearers(&sends_on), [Some(bearer("t1"))]);
    assert_eq!(bearers(&one)[2..], [None]);
    assert_eq!(two.received().len(), 2, "its 401 is no reason to renew a token");
}

#[test]
fn st_18_a_401_renews_the_token_and_repeats_once() {
    let rig = running(ASKS);
    let renews = Server::start([Reply::new(
        200,
        r#"{"access_token":"t2","refresh_token":"r2","token_type":"bearer"}"#,
    )]);
    let airline = taking("t2");
    sign_in(&rig, &airline.url("/"), Some("t1"), Some(("r 1&+", &renews.url("/oauth/token"))));
    let posted = json!(["post", "/pireps", { "flight": "VA1" }]);
    assert_eq!(call(&rig, "ask", &[posted])[0], json!([200, { "flight": "VA1" }]));
    assert_eq!(bearers(&airline), [Some(bearer("t1")), Some(bearer("t2"))], "exactly once");
    assert!(airline.received().iter().all(|asked| asked.body == br#"{"flight":"VA1"}"#));
    let [refresh] = &renews.received()[..] else { panic!("{:?}", renews.received()) };
    assert_eq!((refresh.method.as_str(), refresh.target.as_str()), ("POST", "/oauth/token"));
    assert_eq!(refresh.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(refresh.header("authorization"), None);
    assert_eq!(refresh.body, b"grant_type=refresh_token&refresh_token=r%201%26%2B");
    let renewed = [("t2".to_owned(), Some("r2".to_owned()))];
    assert_eq!(*rig.user.renewed.lock().unwrap(), renewed, "the rotated one is kept");
    assert_eq!(call(&rig, "auth", &[])[0], json!("t2"));
    assert_eq!(ask(&rig, "/x")[0], json!(200));
    assert_eq!(renews.received().len(), 1);
}

#[test]
fn st_18_requests_at_one_time_share_one_refresh() {
    let rig = running(ASKS);
    let renews = Server::start([Reply::new(200, r#"{"access_token":"t2"}"#)]);
    // None is answered before all three were asked.
    let together = Barrier::new(3);
    let airline = Server::answering(move |asked| {
        if asked.header("authorization") == Some("Bearer t1") {
            together.wait();
        }
        answer("t2", asked)
    });
    sign_in(&rig, &airline.url("/"), Some("t1"), Some(("r1", &renews.url("/"))));
    let all: Vec<Json> = (1..=3).map(|n| json!(["post", format!("/{n}"), { "n": n }])).collect();
    let answers = call(&rig, "ask", &all);
    assert_eq!(answers, json!([[200, { "n": 1 }], [200, { "n": 2 }], [200, { "n": 3 }]]));
    assert_eq!(renews.received().len(), 1);
    assert_eq!(airline.received().len(), 6);
    let account = rig.user.accounts.lock().unwrap()[&AccountKind::Stratos].clone();
    assert_eq!(account.refresh_token.as_deref(), Some("r1"), "one that is not rotated stays");
}

#[test]
fn st_19_a_401_is_passed_on_when_nothing_can_be_renewed() {
    let rig = running(ASKS);
    let airline = taking("never");
    let refuses = Server::start([Reply::new(400, r#"{"error":"invalid_grant"}"#)]);
    let nonsense = Server::start([Reply::new(200, "no JSON"), Reply::new(503, "")]);
    let counted = |token: Option<&str>, refresh: Option<(&str, &str)>, requests: usize| {
        let before = airline.received().len();
        sign_in(&rig, &airline.url("/"), token, refresh);
        let answer = call(&rig, "ask", &[json!(["post", "/x", { "a": 1 }])]);
        assert_eq!(answer[0], json!([401, { "a": 1 }]), "the airline's own answer");
        assert_eq!(airline.received().len() - before, requests);
    };
    // No address, no refresh token, no token that could be stale.
    counted(Some("t1"), None, 1);
    let mut account = rig.user.accounts.lock().unwrap()[&AccountKind::Stratos].clone();
    account.refresh_url = Some(refuses.url("/"));
    rig.user.accounts.lock().unwrap().insert(AccountKind::Stratos, account);
    assert_eq!(ask(&rig, "/x")[0], json!(401));
    counted(None, Some(("r1", &refuses.url("/"))), 1);
    assert_eq!(refuses.received().len(), 0);
    // It is refused, and not asked for again.
    counted(Some("t1"), Some(("r1", &refuses.url("/"))), 1);
    counted(Some("t1"), Some(("r1", &refuses.url("/"))), 1);
    assert_eq!(refuses.received().len(), 1);
    // Answers that are none, and nobody there; later it may go better.
    counted(Some("t1"), Some(("r2", &nonsense.url("/"))), 1);
    counted(Some("t1"), Some(("r2", &nonsense.url("/"))), 1);
    counted(Some("t1"), Some(("r2", "http://127.0.0.1:1/")), 1);
    let renews = Server::start([Reply::new(200, r#"{"access_token":"t2"}"#)]);
    // The new token is refused, too.
    counted(Some("t1"), Some(("r2", &renews.url("/"))), 2);
    assert_eq!(renews.received().len(), 1);
    assert_eq!(bearers(&airline).last(), Some(&Some(bearer("t2"))));
    assert!(rig.has_logged("demo", "sign in again"));
}

#[test]
fn st_19_requests_at_one_time_share_one_refusal() {
    let rig = running(ASKS);
    let unreachable = Server::start([]);
    let together = Barrier::new(3);
    let airline = Server::answering(move |_| {
        together.wait();
        Reply::new(401, "")
    });
    sign_in(&rig, &airline.url("/"), Some("t1"), Some(("r1", &unreachable.url("/"))));
    let all: Vec<Json> = (1..=3).map(|n| json!(["get", format!("/{n}")])).collect();
    assert_eq!(call(&rig, "ask", &all), json!([[401, ""], [401, ""], [401, ""]]));
    assert_eq!(unreachable.received().len(), 1);
}
