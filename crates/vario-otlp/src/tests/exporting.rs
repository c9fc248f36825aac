use std::path::PathBuf;
use std::time::Duration;

use flate2::read::GzDecoder;
use prost::Message as _;
use vario_http::{Certificates, ProxyConfig};
use vario_model::Snapshot;
use vario_output::{Format, Line, Output, ProgressLine};
use vario_test_support::{Reply, Server, TempHome};

use crate::message::Request;
use crate::{Exported, Exporter, Protocol, Settings};

const NOW_MS: i64 = 1_767_268_800_000;

fn snapshot(id: &str, used: f64, at_ms: i64) -> Snapshot {
    let line = ProgressLine {
        label: "Session".to_owned(),
        used,
        limit: 100.0,
        format: Format::Percent,
        resets_at: Some("2026-01-01T14:30:00Z".to_owned()),
        period_duration_ms: None,
        color: None,
    };
    let output = Output { plan: None, lines: vec![Line::Progress(line), Line::error("x")] };
    Snapshot::new(id, "Name of a person", output, at_ms, 1)
}

fn exporter(server: &Server, home: &TempHome, protocol: Protocol) -> Exporter {
    Exporter::new(settings(server, protocol), folder(home), ProxyConfig::none(), 0xabc)
}

fn settings(server: &Server, protocol: Protocol) -> Settings {
    Settings {
        url: server.url("/v1/metrics"),
        protocol,
        gzip: false,
        headers: vec![("api-key".to_owned(), "secret".to_owned())],
        certificates: Certificates::default(),
        timeout: Duration::from_secs(20),
        interval: Duration::from_mins(1),
        resource: vec![("service.name".to_owned(), "vario".to_owned())],
    }
}

fn folder(home: &TempHome) -> PathBuf {
    home.path().join("otlp")
}

fn taken(delivered: usize) -> Exported {
    Exported { delivered, ..Exported::default() }
}

#[test]
fn gauges_as_json() {
    let (server, home) = (Server::start([Reply::new(200, "{}")]), TempHome::new());
    let mut sender = exporter(&server, &home, Protocol::Json);
    assert_eq!(sender.export(&[snapshot("claude", 42.0, NOW_MS)]), taken(1));
    let received = server.received();
    let [request] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v1/metrics"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("api-key"), Some("secret"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
    assert!(!body.to_string().contains("person"), "it is pseudonymous");
    insta::with_settings!({ filters => [(r#""version": "[^"]+""#, r#""version": "[version]""#)] }, {
        insta::assert_json_snapshot!(body);
    });
}

#[test]
fn the_same_as_protobuf() {
    let (server, home) = (Server::start([Reply::new(200, "")]), TempHome::new());
    let mut sender = exporter(&server, &home, Protocol::Protobuf);
    assert_eq!(sender.export(&[snapshot("claude", 42.0, NOW_MS)]), taken(1));
    let received = server.received();
    assert_eq!(received[0].header("content-type"), Some("application/x-protobuf"));
    let request = Request::decode(received[0].body.as_slice()).expect("protobuf");
    let metrics = &request.resource_metrics[0].scope_metrics[0].metrics;
    let values = metrics.iter().map(|metric| {
        let points = &metric.gauge.as_ref().expect("a gauge").data_points;
        (metric.name.as_str(), points[0].as_double, points[0].time_unix_nano)
    });
    let at = 1_767_268_800_000_000_000;
    assert_eq!(
        values.collect::<Vec<_>>(),
        [
            ("vario.quota.used", Some(42.0), at),
            ("vario.quota.limit", Some(100.0), at),
            ("vario.quota.reset_time", Some(1_767_277_800.0), at),
        ]
    );
}

#[test]
fn each_result_is_sent_once() {
    let (server, home) = (Server::answering(|_| Reply::new(200, "")), TempHome::new());
    let mut sender = exporter(&server, &home, Protocol::Protobuf);
    let (first, second) = (snapshot("a", 1.0, NOW_MS), snapshot("b", 1.0, NOW_MS));
    assert_eq!(sender.export(std::slice::from_ref(&first)), taken(1));
    assert_eq!(sender.export(std::slice::from_ref(&first)), taken(0));
    assert_eq!(sender.export(&[first, second]), taken(1));
    assert_eq!(sender.export(&[snapshot("a", 2.0, NOW_MS + 1000)]), taken(1));
    assert_eq!(server.received().len(), 3);
    let nothing = Snapshot::new("c", "C", Output { plan: None, lines: vec![] }, NOW_MS, 1);
    assert_eq!(sender.export(&[nothing]), taken(0), "there is no quota");
}

#[test]
fn what_is_not_taken_waits_and_goes_first() {
    let home = TempHome::new();
    let away = Server::start([Reply::new(503, ""), Reply::new(502, "")]);
    let mut one = exporter(&away, &home, Protocol::Protobuf);
    for (waiting, used) in [(1, 1.0), (2, 2.0)] {
        let exported = one.export(&[snapshot("a", used, NOW_MS + waiting)]);
        assert_eq!((exported.delivered, exported.waiting), (0, usize::try_from(waiting).unwrap()));
        assert!(exported.problems[0].contains("answered with status 50"), "{exported:?}");
        assert!(!format!("{exported:?}").contains("secret"));
    }
    // Another process, once the collector is there again.
    let back = Server::answering(|_| Reply::new(200, ""));
    let mut other = exporter(&back, &home, Protocol::Json);
    assert_eq!(other.export(&[snapshot("a", 3.0, NOW_MS + 3)]), taken(3));
    let received = back.received();
    let kinds: Vec<_> =
        received.iter().map(|request| request.header("content-type").expect("a type")).collect();
    assert_eq!(kinds, ["application/x-protobuf", "application/x-protobuf", "application/json"]);
    let used = |body: &[u8]| {
        let request = Request::decode(body).expect("protobuf");
        let metric = &request.resource_metrics[0].scope_metrics[0].metrics[0];
        metric.gauge.as_ref().expect("a gauge").data_points[0].as_double
    };
    assert_eq!((used(&received[0].body), used(&received[1].body)), (Some(1.0), Some(2.0)));
    assert_eq!(home.names("otlp"), ["instance"]);
}

#[test]
fn compressed() {
    let (server, home) = (Server::start([Reply::new(200, "")]), TempHome::new());
    let settings = Settings { gzip: true, ..settings(&server, Protocol::Json) };
    let mut sender = Exporter::new(settings, folder(&home), ProxyConfig::none(), 0xabc);
    assert_eq!(sender.export(&[snapshot("claude", 42.0, NOW_MS)]), taken(1));
    let received = server.received();
    assert_eq!(received[0].header("content-encoding"), Some("gzip"));
    let body = GzDecoder::new(received[0].body.as_slice());
    let body: serde_json::Value = serde_json::from_reader(body).expect("JSON");
    assert!(body.to_string().contains("vario.quota.used"), "{body}");
}

#[test]
fn a_collector_that_wants_to_be_left_alone_is() {
    let replies = [Reply::with(429, &[("Retry-After", "600")], "")];
    let (server, home) = (Server::start(replies), TempHome::new());
    let mut sender = exporter(&server, &home, Protocol::Protobuf);
    assert_eq!(sender.export(&[snapshot("a", 1.0, NOW_MS)]).waiting, 1);
    let again = sender.export(&[snapshot("a", 2.0, NOW_MS + 1)]);
    assert_eq!((again.delivered, again.waiting, again.problems), (0, 2, vec![]));
    assert_eq!(server.received().len(), 1);
}

/// A key that has ended costs nothing that waits.
#[test]
fn what_the_user_can_mend_waits() {
    for status in [301, 401, 403, 404] {
        let replies = [Reply::new(status, ""), Reply::new(200, "")];
        let (server, home) = (Server::start(replies), TempHome::new());
        let mut sender = exporter(&server, &home, Protocol::Protobuf);
        assert_eq!(sender.export(&[snapshot("a", 1.0, NOW_MS)]).waiting, 1, "{status}");
        assert_eq!(sender.export(&[]), taken(1), "{status}");
    }
}

#[test]
fn what_is_refused_does_not_hold_up_the_rest() {
    let replies = [Reply::new(503, ""), Reply::new(400, ""), Reply::new(200, "")];
    let (server, home) = (Server::start(replies), TempHome::new());
    let mut sender = exporter(&server, &home, Protocol::Protobuf);
    sender.export(&[snapshot("a", 1.0, NOW_MS)]);
    let exported = sender.export(&[snapshot("a", 2.0, NOW_MS + 1)]);
    assert_eq!((exported.delivered, exported.waiting, exported.lost), (1, 0, 1));
    assert!(exported.problems[0].ends_with("the message is given up"), "{exported:?}");
}

#[test]
fn no_collector_and_no_room() {
    let home = TempHome::new();
    // Where a folder should be is a file.
    home.write("otlp", "");
    let server = Server::answering(|_| Reply::new(500, ""));
    let mut sender = exporter(&server, &home, Protocol::Json);
    let exported = sender.export(&[snapshot("a", 1.0, NOW_MS)]);
    assert_eq!((exported.delivered, exported.waiting, exported.lost), (0, 0, 1));
    assert!(exported.problems[0].contains("cannot be kept"), "{exported:?}");
}

/// What a user sees of a collector that is not there: where, why, and no secret.
#[test]
fn a_failure_is_told_without_secrets() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let home = TempHome::new();
    let server = Server::answering(|_| Reply::new(200, ""));
    let settings = Settings {
        url: format!("http://user:secret@{address}/v1/metrics?key=secret"),
        ..settings(&server, Protocol::Json)
    };
    let mut sender = Exporter::new(settings, folder(&home), ProxyConfig::none(), 0xabc);
    let exported = sender.export(&[snapshot("a", 1.0, NOW_MS)]);
    let [problem] = exported.problems.as_slice() else { panic!("{exported:?}") };
    assert!(problem.starts_with(&format!("http://{address}/v1/metrics: ")), "{problem}");
    assert!(problem.to_lowercase().contains("refused"), "{problem}");
    assert!(!problem.contains("secret"), "{problem}");
}

#[test]
fn what_is_not_ours_in_its_folder_is_left_alone() {
    let home = TempHome::new();
    home.write(&format!("otlp/{}.pb", u64::MAX), "x");
    std::fs::create_dir(home.path().join("otlp/00000000000000000001.pb")).expect("it is ours");
    let server = Server::answering(|_| Reply::new(200, ""));
    let mut sender = exporter(&server, &home, Protocol::Protobuf);
    assert_eq!(sender.export(&[snapshot("a", 1.0, NOW_MS)]), taken(1));
}

#[test]
fn the_oldest_of_too_many_are_given_up() {
    let home = TempHome::new();
    for number in 0..1000 {
        home.write(&format!("otlp/{number:020}.pb"), "x");
    }
    home.write("otlp/not-ours.txt", "");
    let away = Server::answering(|_| Reply::new(503, ""));
    let mut sender = exporter(&away, &home, Protocol::Json);
    let exported = sender.export(&[snapshot("a", 1.0, NOW_MS)]);
    assert_eq!((exported.waiting, exported.lost), (1000, 1));
    assert!(exported.problems[0].starts_with("1 old messages were given up"), "{exported:?}");
    assert!(!folder(&home).join(format!("{:020}.pb", 0)).exists());
    assert!(folder(&home).join(format!("{:020}.json", 1000)).exists());
}
