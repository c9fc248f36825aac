//! The bus over WebSocket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Error, Message, WebSocket};
use vario_server::{Config, Limits, Server, Site as _, Surface, page_host};

use crate::client::{ask, connect, get};
use crate::site::{MAP, TOKEN, config, start, start_with};

pub(crate) type Socket = WebSocket<TcpStream>;

/// Headers in the words of a table.
pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

/// Opens a WebSocket, or tells the status of the refusal.
pub(crate) fn open(
    server: &Server,
    surface: Surface,
    address: &str,
    headers: Headers,
) -> Result<Socket, u16> {
    let port = server.port(surface).unwrap();
    let mut request = address.replace("PORT", &port.to_string()).into_client_request().unwrap();
    for (name, value) in headers {
        let name = tungstenite::http::HeaderName::try_from(*name).unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    match tungstenite::client(request, connect(server, surface)) {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::HandshakeError::Failure(Error::Http(answer))) => {
            Err(answer.status().as_u16())
        }
        Err(other) => panic!("{other}"),
    }
}

fn client(server: &Server) -> Socket {
    open(server, Surface::SmartcarsBus, "ws://localhost:PORT/", &[]).unwrap()
}

pub(crate) fn hear(socket: &mut Socket) -> Json {
    loop {
        if let Message::Text(text) = socket.read().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

/// Reads until the server ends the connection.
fn end(socket: &mut Socket) -> Option<u16> {
    loop {
        match socket.read() {
            Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
            Ok(_) => {}
            Err(_ended) => return None,
        }
    }
}

#[test]
fn sc_21_clients_hear_what_plugins_publish() {
    let (server, site) = start();
    let mut clients = [client(&server), client(&server)];
    site.bus().publish("flight:phase", MAP, json!({ "phase": "TAXI" }), 1234);
    site.bus().publish("other", "core", Json::Null, 1235);
    for client in &mut clients {
        let frame = client.read().unwrap().into_text().unwrap();
        let expected = "{\"type\":\"flight:phase\",\"source\":\"com.example.map\",\
            \"data\":{\"phase\":\"TAXI\"},\"timestamp\":1234}";
        assert_eq!(frame.as_str(), expected);
        assert_eq!(hear(client)["source"], "core");
    }
    // It goes and comes again.
    clients[0].close(None).unwrap();
    end(&mut clients[0]);
    let mut again = client(&server);
    site.bus().publish("again", "core", json!(1), 1);
    assert_eq!(hear(&mut again)["type"], "again");
}

#[test]
fn what_a_client_publishes_reaches_the_others() {
    let (server, site) = start();
    let (mut sender, mut other) = (client(&server), client(&server));
    sender.send(Message::text(r#"{"type":"a","data":[1],"source":"core"}"#)).unwrap();
    let heard = hear(&mut other);
    assert_eq!(heard, json!({ "type": "a", "source": "external", "data": [1], "timestamp": 7 }));
    site.bus().publish("b", "core", Json::Null, 1);
    // Not its own before it.
    assert_eq!(hear(&mut sender)["type"], "b");
    assert_eq!(hear(&mut other)["type"], "b");
    sender.send(Message::text(r#"{"type":"no data"}"#)).unwrap();
    assert_eq!(hear(&mut other)["data"], Json::Null);
}

#[test]
fn what_is_no_event_is_ignored() {
    let (server, site) = start();
    let (mut sender, mut other) = (client(&server), client(&server));
    let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(257));
    let deep = "[".repeat(100_000);
    let texts = [
        "",
        "x",
        "1",
        "null",
        "[]",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":""}"#,
        r#"{"type":null}"#,
        r#"[{"type":"a"}]"#,
        r#"{"type":"a"}x"#,
        &long,
        &deep,
        "\u{0}",
    ];
    for text in texts {
        sender.send(Message::text(text)).unwrap();
    }
    sender.send(Message::binary(br#"{"type":"a"}"#.to_vec())).unwrap();
    sender.send(Message::text(r#"{"type":"refused"}"#)).unwrap();
    sender.send(Message::text(r#"{"type":"last"}"#)).unwrap();
    assert_eq!(hear(&mut other)["type"], "last");
    assert_eq!(site.calls.load(Ordering::SeqCst), 2);
}

#[test]
fn messages_that_are_too_long_or_no_text_end_the_connection() {
    let (server, site) = start();
    let mut long = client(&server);
    let text = format!(r#"{{"type":"a","data":"{}"}}"#, "x".repeat(1024 * 1024));
    // The server may end it while this is written.
    let _sent = long.send(Message::text(text));
    end(&mut long);
    let mut broken = client(&server);
    // A masked text frame of one byte that is no UTF-8.
    broken.get_mut().write_all(&[0x81, 0x81, 0, 0, 0, 0, 0xff]).unwrap();
    end(&mut broken);
    let mut bare = client(&server);
    // Clients must mask.
    bare.get_mut().write_all(&[0x81, 0x01, b'x']).unwrap();
    end(&mut bare);
    let mut huge = client(&server);
    // A frame that says it is 2^62 bytes long.
    huge.get_mut().write_all(&[0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    end(&mut huge);
    assert_eq!(site.calls.load(Ordering::SeqCst), 0);
    let fits = format!(r#"{{"type":"a","data":"{}"}}"#, "x".repeat(1024 * 1024 - 100));
    let mut other = client(&server);
    client(&server).send(Message::text(fits)).unwrap();
    assert_eq!(hear(&mut other)["type"], "a");
}

#[test]
fn who_may_open_it() {
    let (server, _site) = start();
    let main = server.port(Surface::Main).unwrap();
    let cars = server.port(Surface::Smartcars).unwrap();
    let own = format!("http://{}:{main}", page_host(MAP));
    let local = format!("http://localhost:{cars}");
    let bearer = format!("Bearer {TOKEN}");
    let on_bus: &[(Headers, Option<u16>)] = &[
        (&[], None),
        (&[("origin", &own)], None),
        (&[("origin", &local)], None),
        (&[("origin", "http://127.0.0.1:5173")], None),
        (&[("origin", "https://example.com")], Some(403)),
        (&[("origin", "null")], Some(403)),
        (&[("sec-fetch-site", "cross-site")], Some(403)),
    ];
    for (headers, refusal) in on_bus {
        let opened = open(&server, Surface::SmartcarsBus, "ws://localhost:PORT/?x=1", headers);
        assert_eq!(opened.err(), *refusal, "{headers:?}");
    }
    let on_main: &[(Headers, Option<u16>)] = &[
        (&[], Some(403)),
        (&[("authorization", &bearer)], None),
        (&[("authorization", "Bearer wrong")], Some(403)),
        (&[("origin", &own)], None),
        (&[("origin", &local)], Some(403)),
        (&[("origin", "https://example.com"), ("authorization", &bearer)], Some(403)),
    ];
    for (headers, refusal) in on_main {
        let opened = open(&server, Surface::Main, "ws://localhost:PORT/v1/bus", headers);
        assert_eq!(opened.err(), *refusal, "{headers:?}");
    }
    let page = "ws://com.example.map.localhost:PORT/v1/bus";
    assert!(open(&server, Surface::Main, page, &[("origin", &own)]).is_ok());
    let rebound = open(&server, Surface::SmartcarsBus, "ws://evil.example:PORT/", &[]);
    assert_eq!(rebound.err(), Some(403));
    let elsewhere = open(&server, Surface::SmartcarsBus, "ws://localhost:PORT/v1/bus", &[]);
    assert_eq!(elsewhere.err(), Some(404));
    let plain = ask(&server, Surface::SmartcarsBus, "GET", "/").send();
    assert_eq!((plain.status, plain.error().as_str()), (426, "websocket_needed"));
}

#[test]
fn who_does_not_keep_up_is_dropped_and_nobody_else() {
    let by_count = Limits { queue: 16, queue_bytes: usize::MAX, ..Limits::default() };
    let by_bytes = Limits { queue: 100_000, queue_bytes: 1 << 20, ..Limits::default() };
    for limits in [by_count, by_bytes] {
        let (server, site) = start_with(&Config { limits, ..config() });
        let mut slow = client(&server);
        let mut quick = client(&server);
        // Far more than the system keeps for a connection by itself.
        let data = json!("x".repeat(64 * 1024));
        for number in 0..600 {
            site.bus().publish("n", "core", data.clone(), number);
            assert_eq!(hear(&mut quick)["timestamp"], number);
        }
        assert_eq!(get(&server, "/v1/usage/claude").status(), 200);
        let mut heard = 0;
        while slow.read().is_ok_and(|message| message.is_text()) {
            heard += 1;
        }
        assert!(heard < 600, "{heard}");
    }
}

#[test]
fn a_flood_of_one_client_leaves_the_others_hearing() {
    let (server, site) = start();
    let mut other = client(&server);
    let mut flooder = client(&server);
    let flood = std::thread::spawn(move || {
        for number in 0..3000 {
            flooder.send(Message::text(format!(r#"{{"type":"f","data":{number}}}"#))).unwrap();
        }
        flooder
    });
    for number in 0..3000 {
        assert_eq!(hear(&mut other)["data"], number);
        if number % 500 == 0 {
            assert_eq!(get(&server, "/api/plain/echo").status(), 200);
        }
    }
    let mut flooder = flood.join().unwrap();
    site.bus().publish("after", "core", Json::Null, 0);
    assert_eq!(hear(&mut flooder)["type"], "after");
}

#[test]
fn clients_are_pinged_and_the_silent_ones_dropped() {
    let ping_time = Duration::from_millis(150);
    let limits = Limits { ping_time, ..Limits::default() };
    let (server, site) = start_with(&Config { limits, ..config() });
    let mut lively = client(&server);
    for _ in 0..4 {
        assert!(matches!(lively.read().unwrap(), Message::Ping(_)));
    }
    site.bus().publish("still", "core", Json::Null, 0);
    assert_eq!(hear(&mut lively)["type"], "still");
    // This one reads and never answers.
    let mut silent = client(&server);
    let mut bytes = Vec::new();
    let _reset = silent.get_mut().read_to_end(&mut bytes);
    assert!(bytes.len() < 100, "{bytes:?}");
}

#[test]
fn stopping_says_good_bye() {
    let (server, _site) = start();
    let mut socket = client(&server);
    server.stop();
    assert_eq!(end(&mut socket), Some(1001));
}
