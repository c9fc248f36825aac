//! Plugins' pages.

use vario_server::{Server, Surface, page_address, page_host};

use crate::client::{Ask, ask, get};
use crate::site::{MAP, start};

fn page<'a>(server: &'a Server, rest: &str) -> Ask<'a> {
    get(server, &format!("/plugins/{MAP}/{rest}")).host(&page_host(MAP))
}

#[test]
fn sc_27_files_icons_and_made_up_paths() {
    let (server, _site) = start();
    let rows = [
        ("", "<title>page</title>", "text/html; charset=utf-8"),
        ("index.html", "<title>page</title>", "text/html; charset=utf-8"),
        ("?darkmode=true&forecolor=fff", "<title>page</title>", "text/html; charset=utf-8"),
        ("menu_icon_dark.png", "png", "image/png"),
        ("assets/app.js", "export {}", "text/javascript; charset=utf-8"),
        ("assets/app.css", "a{}", "text/css; charset=utf-8"),
        ("assets/app.wasm", "wasm", "application/wasm"),
        ("assets/a%20b+%C3%A9.svg", "<svg/>", "image/svg+xml"),
        ("in.js", "export {}", "text/javascript; charset=utf-8"),
        ("flights/12/edit", "<title>page</title>", "text/html; charset=utf-8"),
        ("assets/missing.js", "<title>page</title>", "text/html; charset=utf-8"),
        ("assets/", "<title>page</title>", "text/html; charset=utf-8"),
    ];
    for (path, text, kind) in rows {
        let own = page(&server, path).send();
        let port = ask(&server, Surface::Smartcars, "GET", &format!("/plugins/{MAP}/{path}"));
        for answer in [own, port.send()] {
            assert_eq!((answer.status, answer.text().as_str()), (200, text), "{path}");
            assert_eq!(answer.header("content-type"), Some(kind), "{path}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        }
    }
    // A browser that asks for a script has no use for a page.
    for (wanted, status) in [("script", 404), ("image", 404), ("document", 200), ("iframe", 200)] {
        let request = page(&server, "assets/missing.js").header("Sec-Fetch-Dest", wanted);
        assert_eq!(request.status(), status, "{wanted}");
    }
}

#[test]
fn nothing_outside_the_folder_is_sent() {
    let (server, _site) = start();
    let paths = [
        "../secret.txt",
        "..%2fsecret.txt",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "%2E%2e%2fsecret.txt",
        ".%2e/secret.txt",
        "%252e%252e/secret.txt",
        "%252e%252e%252fsecret.txt",
        "..%5csecret.txt",
        "..\\secret.txt",
        "assets/../../secret.txt",
        "assets/..%2f..%2fsecret.txt",
        "./../secret.txt",
        "/secret.txt",
        "//secret.txt",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "..;/secret.txt",
        "....//secret.txt",
        "%c0%ae%c0%ae/secret.txt",
        "%uff0e%uff0e/secret.txt",
        "%ff",
        "index.html%00.js",
        "%00",
        "C:/secret.txt",
        "C:%5csecret.txt",
        "index.html:stream",
        "index.html::$DATA",
        ".secret",
        "%2esecret",
        "assets/.%2f.secret",
        "out.txt",
        "up/secret.txt",
        "up/",
        "%",
        "%zz",
        "a%0d%0aset-cookie:x",
    ];
    for path in paths {
        for surface in [Surface::Main, Surface::Smartcars] {
            let mut request = ask(&server, surface, "GET", &format!("/plugins/{MAP}/{path}"));
            if surface == Surface::Main {
                request = request.host(&page_host(MAP));
            }
            let answer = request.send();
            let text = answer.text();
            assert!(!text.contains("outside") && !text.contains("hidden"), "{path}");
            assert!(!text.contains("root:"), "{path}");
            // What cannot be a file's name is refused; any other is a made-up path of the page.
            let is_page = answer.status == 200 && text == "<title>page</title>";
            assert!(is_page || matches!(answer.status, 400 | 404), "{path}: {answer:?}");
            assert_eq!(answer.header("set-cookie"), None);
        }
    }
}

#[test]
fn ids_that_are_no_plugin_have_no_page() {
    let (server, _site) = start();
    let rows = [
        ("/plugins/", 404),
        ("/plugins", 404),
        ("/plugins/nobody/", 404),
        ("/plugins/plain/", 404),
        ("/plugins/..%2fcom.example.map/", 404),
        ("/plugins//index.html", 404),
        ("/plugins/%ff/", 404),
    ];
    for (path, status) in rows {
        for surface in [Surface::Main, Surface::Smartcars] {
            assert_eq!(ask(&server, surface, "GET", path).status(), status, "{surface:?} {path}");
        }
    }
    let answer = ask(&server, Surface::Smartcars, "GET", "/plugins/strat/").send();
    assert_eq!(answer.error(), "it needs the modules of Stratos' own window");
    assert_eq!(page(&server, "").header("x", "y").status(), 200);
    let post = ask(&server, Surface::Main, "POST", &format!("/plugins/{MAP}/"));
    assert_eq!(post.host(&page_host(MAP)).status(), 405);
}

#[test]
fn the_main_port_sends_people_to_the_pages_own_origin() {
    let (server, _site) = start();
    let port = server.port(Surface::Main).unwrap();
    let rows = [
        (MAP, format!("http://com.example.map.localhost:{port}")),
        ("Mixed.Case", format!("http://{}:{port}", page_host("Mixed.Case"))),
    ];
    for (id, origin) in rows {
        assert_eq!(page_address(port, id), format!("{origin}/plugins/{id}/"));
        let path = format!("/plugins/{id}/a?darkmode=true");
        let answer = get(&server, &path).send();
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), Some(format!("{origin}{path}").as_str()));
    }
    let foreign = get(&server, "/plugins/com.example.map/").origin("https://example.com").status();
    assert_eq!(foreign, 403);
    let root = get(&server, "/").host(&page_host(MAP)).send();
    assert_eq!(root.header("location"), Some("/plugins/com.example.map/"));
    let slash = get(&server, "/plugins/com.example.map?a=1").host(&page_host(MAP)).send();
    assert_eq!(slash.header("location"), Some("/plugins/com.example.map/?a=1"));
}

#[test]
fn conditions_and_ranges() {
    let (server, _site) = start();
    let first = page(&server, "assets/app.js").send();
    let mark = first.header("etag").unwrap();
    assert_eq!(page(&server, "assets/app.js").header("If-None-Match", mark).status(), 304);
    assert_eq!(page(&server, "assets/app.js").header("If-None-Match", "\"x\"").status(), 200);
    let part = page(&server, "assets/app.js").header("Range", "bytes=0-5").send();
    assert_eq!((part.status, part.text().as_str()), (206, "export"));
    let stale = page(&server, "assets/app.js")
        .header("Range", "bytes=0-5")
        .header("If-Range", "\"x\"")
        .send();
    assert_eq!(stale.text(), "export {}");
    let fresh =
        page(&server, "assets/app.js").header("Range", "bytes=0-5").header("If-Range", mark).send();
    assert_eq!((fresh.status, fresh.text().as_str()), (206, "export"));
    let head = ask(&server, Surface::Main, "HEAD", &format!("/plugins/{MAP}/assets/app.js"));
    assert_eq!(head.host(&page_host(MAP)).send().header("content-length"), Some("9"));
}

#[test]
fn a_page_reaches_its_own_origin_and_our_ports_only() {
    let (server, _site) = start();
    let port = |surface| server.port(surface).unwrap();
    let (main, cars) = (port(Surface::Main), port(Surface::Smartcars));
    let (bus, stratos) = (port(Surface::SmartcarsBus), port(Surface::Stratos));
    let answer = page(&server, "").send();
    let policy = answer.header("content-security-policy").unwrap();
    let connect = format!(
        "connect-src 'self' http://localhost:{main} http://127.0.0.1:{main} \
         http://localhost:{cars} http://127.0.0.1:{cars} \
         http://localhost:{stratos} http://127.0.0.1:{stratos} \
         ws://localhost:{bus} ws://127.0.0.1:{bus} ws://com.example.map.localhost:{main}"
    );
    let parts: Vec<_> = policy.split("; ").collect();
    for part in ["default-src 'none'", "frame-ancestors 'self'", "base-uri 'self'", &connect] {
        assert!(parts.contains(&part), "{part} is missing in {policy}");
    }
    // There is no place outside that any directive names.
    for word in policy.split([' ', ';']) {
        let is_wide = word == "*" || word == "http:" || word == "https:" || word == "ws:";
        assert!(!is_wide && !word.contains("*."), "{word}");
    }
    let old = ask(&server, Surface::Smartcars, "GET", &format!("/plugins/{MAP}/")).send();
    let policy = old.header("content-security-policy").unwrap();
    assert!(!policy.contains(&format!(":{main}")), "{policy}");
}
