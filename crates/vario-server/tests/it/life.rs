//! Starting and stopping.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;

use vario_server::{Config, Error, Server, Surface};

use crate::client::{connect, get, read_all};
use crate::site::{Fake, config, start};

#[test]
fn it_listens_on_loopback_only() {
    let (server, _site) = start();
    assert_eq!(server.addresses().len(), 4);
    for (surface, addresses) in server.addresses() {
        assert!(addresses.iter().all(|address| address.ip().is_loopback()));
        assert_eq!(addresses[0].ip(), Ipv4Addr::LOCALHOST);
        assert!(addresses.iter().all(|address| address.port() == server.port(*surface).unwrap()));
    }
}

#[test]
fn sc_30_both_kinds_of_loopback_answer() {
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        return;
    }
    let (server, _site) = start();
    let port = server.port(Surface::Smartcars).unwrap();
    for address in server.addresses().iter().flat_map(|(_, addresses)| addresses) {
        TcpStream::connect(address).unwrap();
    }
    let mut stream = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
    let text = format!("GET /api/plain/echo HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n");
    std::io::Write::write_all(&mut stream, text.as_bytes()).unwrap();
    assert_eq!(crate::client::read_answer(&mut stream, false).unwrap().status, 200);
}

#[test]
fn a_taken_port_is_named_with_what_needs_it() {
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = other.local_addr().unwrap().port();
    let free = Config { port: 0, ..Config::default() };
    let rows = [
        (Config { port, ..free.clone() }, "Vario's own", "another port"),
        (
            Config { smartcars: Some(port), ..free.clone() },
            "smartCARS routes",
            "pages need exactly",
        ),
        (Config { smartcars_bus: Some(port), ..free.clone() }, "smartCARS event bus", "exactly"),
        (
            Config { stratos: Some(port), ..free.clone() },
            "Stratos routes",
            "Stratos plugins' pages",
        ),
    ];
    for (config, what, help) in rows {
        let error = Server::start(&config, Fake::new()).unwrap_err();
        assert!(matches!(error, Error::Taken { port: taken, .. } if taken == port));
        let text = error.to_string();
        let start = format!("port {port} ({what}");
        assert!(text.starts_with(&start) && text.contains(help), "{text}");
    }
}

#[test]
fn half_of_loopback_is_not_enough() {
    let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return;
    };
    let port = other.local_addr().unwrap().port();
    let error = Server::start(&Config { port, ..Config::default() }, Fake::new()).unwrap_err();
    assert!(matches!(error, Error::Taken { .. }));
    // What was opened before that was closed.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
}

#[test]
fn stopping_closes_ports_and_connections() {
    let (server, site) = start();
    let mut idle = connect(&server, Surface::Main);
    let mut waiting = connect(&server, Surface::Main);
    let text = get(&server, "/api/plain/never").bytes();
    std::io::Write::write_all(&mut waiting, &text).unwrap();
    site.wait_held(1);
    let ports: Vec<SocketAddr> =
        server.addresses().iter().flat_map(|(_, addresses)| addresses.clone()).collect();
    server.stop();
    server.stop();
    assert!(read_all(&mut idle).is_empty());
    assert!(read_all(&mut waiting).is_empty());
    let calls = site.calls.load(Ordering::SeqCst);
    for address in ports {
        // Whoever has the port now, it is not this server.
        if let Ok(mut stream) = TcpStream::connect(address) {
            let text = format!("GET /api/plain/echo HTTP/1.1\r\nHost: {address}\r\n\r\n");
            let _sent = std::io::Write::write_all(&mut stream, text.as_bytes());
        }
    }
    assert_eq!(site.calls.load(Ordering::SeqCst), calls);
    // Nobody is told any more.
    assert_eq!(site.tell(&crate::site::snapshot("claude")), 0);
}

#[test]
fn commands_that_hang_hold_up_nothing() {
    let (server, site) = start();
    let command = || {
        let command = crate::client::ask(&server, Surface::Main, "POST", "/v1/manage");
        command.token(crate::site::TOKEN).body(b"{\"do\":\"hang\"}")
    };
    let mut waiting: Vec<TcpStream> = Vec::new();
    for count in 1..=4 {
        let mut stream = connect(&server, Surface::Main);
        std::io::Write::write_all(&mut stream, &command().bytes()).unwrap();
        waiting.push(stream);
        site.wait_hanging(count);
    }
    assert_eq!(command().send().error(), "server_busy");
    assert_eq!(get(&server, "/v1/usage").status(), 200);
    assert_eq!(get(&server, "/plugins/plain/").status(), 404);
    server.stop();
    for stream in &mut waiting {
        assert!(read_all(stream).is_empty());
    }
    site.end_hanging();
}

#[test]
fn dropping_stops_it() {
    let (server, site) = start();
    let mut idle = connect(&server, Surface::Main);
    drop(server);
    assert!(read_all(&mut idle).is_empty());
    let again = Server::start(&config(), site).unwrap();
    assert_eq!(get(&again, "/v1/usage").status(), 200);
}
