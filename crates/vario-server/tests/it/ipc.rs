//! A page's line to its plugin.

use serde_json::{Value as Json, json};
use tungstenite::Message;
use vario_server::{Server, Surface, page_host};

use crate::bus::{Headers, Socket, hear, open};
use crate::client::get;
use crate::site::{Fake, MAP, NOTES, TOKEN, start};

const LINE: &str = "ws://com.example.map.localhost:PORT/v1/ipc";

fn origin(server: &Server, id: &str) -> String {
    format!("http://{}:{}", page_host(id), server.port(Surface::Main).unwrap())
}

fn page(server: &Server, site: &Fake) -> Socket {
    let socket = open(server, Surface::Main, LINE, &[("origin", &origin(server, MAP))]).unwrap();
    let mut pages = site.pages.lock();
    while pages.is_empty() {
        site.pages_changed.wait(&mut pages);
    }
    drop(pages);
    socket
}

#[test]
fn calls_are_answered_with_their_ids() {
    let (server, site) = start();
    let mut page = page(&server, &site);
    let rows = [
        (
            json!({ "id": 1, "channel": "load", "args": [1, "x"] }),
            json!({ "id": 1, "result": { "plugin": MAP, "channel": "load", "args": [1, "x"] } }),
        ),
        (
            json!({ "id": "b", "channel": "load" }),
            json!({ "id": "b", "result": { "plugin": MAP, "channel": "load", "args": [] } }),
        ),
        (json!({ "id": 2, "channel": "fail" }), json!({ "id": 2, "error": "no such thing" })),
        (json!({ "id": 3, "channel": "gone" }), json!({ "id": 3, "error": "the plugin has gone" })),
    ];
    for (call, answer) in rows {
        page.send(Message::text(call.to_string())).unwrap();
        assert_eq!(hear(&mut page), answer);
    }
    let nonsense = [
        "",
        "{}",
        "[]",
        r#"{"id":1}"#,
        r#"{"channel":"load"}"#,
        r#"{"id":1,"channel":1}"#,
        r#"{"id":1,"channel":"x","args":{}}"#,
    ];
    for text in nonsense {
        page.send(Message::text(text)).unwrap();
    }
    page.send(Message::text(r#"{"id":9,"channel":"load"}"#)).unwrap();
    assert_eq!(hear(&mut page)["id"], 9);
}

#[test]
fn a_plugin_pushes_to_its_page() {
    let (server, site) = start();
    let mut page = page(&server, &site);
    let (plugin, listener) = site.pages.lock().pop().unwrap();
    assert_eq!(plugin, MAP);
    listener("tick", &json!({ "n": 1 }));
    assert_eq!(hear(&mut page), json!({ "channel": "tick", "payload": { "n": 1 } }));
    page.close(None).unwrap();
    while page.read().is_ok() {}
    // The server forgets a page that has gone before it hears the next push, or at it.
    while listener("tick", &Json::Null) == vario_background::Keep::Yes {
        std::thread::yield_now();
    }
}

#[test]
fn only_the_pages_own_origin_opens_it() {
    let (server, _site) = start();
    let (own, other) = (origin(&server, MAP), origin(&server, NOTES));
    let bearer = format!("Bearer {TOKEN}");
    let rows: &[(&str, Headers, u16)] = &[
        (LINE, &[], 403),
        (LINE, &[("origin", &other)], 403),
        (LINE, &[("origin", "https://example.com")], 403),
        (LINE, &[("origin", "null"), ("authorization", &bearer)], 403),
        (LINE, &[("authorization", &bearer)], 403),
        ("ws://localhost:PORT/v1/ipc", &[("origin", &own)], 404),
        ("ws://localhost:PORT/v1/ipc", &[("authorization", &bearer)], 404),
        ("ws://org.example.notes.localhost:PORT/v1/ipc", &[("origin", &own)], 403),
        ("ws://nobody.localhost:PORT/v1/ipc", &[("origin", "http://nobody.localhost:PORT")], 403),
    ];
    for (address, headers, status) in rows {
        let opened = open(&server, Surface::Main, address, headers);
        assert_eq!(opened.err(), Some(*status), "{address} {headers:?}");
    }
    let plain = get(&server, "/v1/ipc").host(&page_host(MAP)).origin(&own).status();
    assert_eq!(plain, 426);
}
