//! Results go to an OpenTelemetry collector: once by `--push`, always by whoever hosts.

use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value as Json;
use vario_test_support::{Reply, Server};

use crate::rig::{Ran, Rig};

fn rig() -> Rig {
    let rig = Rig::new();
    rig.uses("quota", 97);
    rig
}

fn push(rig: &Rig, endpoint: &str) -> Ran {
    let mut command = rig.command(&["probe", "--push", "--json", "--plugins", "plugins"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
    rig.finish(command)
}

fn used(body: &[u8]) -> Json {
    let body: Json = serde_json::from_slice(body).expect("JSON");
    let metric = &body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0];
    assert_eq!(metric["name"], "vario.quota.used");
    metric["gauge"]["dataPoints"][0]["asDouble"].clone()
}

#[test]
fn what_the_collector_does_not_take_is_sent_next_time() {
    let rig = rig();
    let away = Server::start([Reply::new(503, "")]);
    let ran = push(&rig, &away.url("")).exits(0);
    assert_eq!(ran.json()[0]["ok"], true);
    assert!(ran.stderr.contains("status 503") && ran.stderr.contains("1 message"), "{ran}");
    let back = Server::answering(|_| Reply::new(200, ""));
    assert_eq!(push(&rig, &back.url("")).exits(0).stderr, "");
    let received = back.received();
    assert_eq!(received.iter().map(|one| used(&one.body)).collect::<Vec<_>>(), [97.0, 97.0]);
    assert_eq!(received[0].target, "/v1/metrics");
    let ran = rig.run(&["probe", "--push"]).exits(2);
    assert!(ran.stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT names no collector"), "{ran}");
    push(&rig, "collector").exits(2);
    // What will never arrive is a failure.
    let refusing = Server::start([Reply::new(400, "")]);
    let ran = push(&rig, &refusing.url("")).exits(1);
    assert!(ran.stderr.contains("given up"), "{ran}");
}

#[test]
fn whoever_hosts_sends_what_is_new() {
    let rig = rig();
    let (send, told) = mpsc::channel();
    let collector = Server::answering(move |request| {
        let _nobody_waits_any_more = send.send(used(&request.body));
        Reply::new(200, "")
    });
    let mut command = rig.command(&["serve", "--port", "0", "--plugins"]);
    command.arg(rig.plugins()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", collector.url("/metrics"));
    command.env("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json");
    command.env("OTEL_METRIC_EXPORT_INTERVAL", "20");
    let mut serve = command.spawn().expect("the program starts");
    assert_eq!(told.recv_timeout(Duration::from_mins(1)).expect("it is sent"), 97.0);
    rig.run(&["probe"]).exits(0);
    assert_eq!(told.recv_timeout(Duration::from_mins(1)).expect("it is sent"), 97.0);
    serve.kill().expect("it runs");
    serve.wait().expect("it ends");
}
