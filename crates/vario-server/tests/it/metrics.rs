//! Numbers for Prometheus.

use vario_server::Surface;

use crate::client::{ask, get};
use crate::site::{TOKEN, start};

const EXPECTED: &str = r#"# HELP vario_quota_used How much of a quota is used.
# TYPE vario_quota_used gauge
vario_quota_used{provider="claude",line="Week",unit="percent"} 42
vario_quota_used{provider="claude",line="Calls",unit="calls"} 42
vario_quota_used{provider="we\"ird\\",line="Week",unit="percent"} 42
vario_quota_used{provider="we\"ird\\",line="Calls",unit="calls"} 42
# HELP vario_quota_limit How large a quota is.
# TYPE vario_quota_limit gauge
vario_quota_limit{provider="claude",line="Week",unit="percent"} 100
vario_quota_limit{provider="claude",line="Calls",unit="calls"} 100
vario_quota_limit{provider="we\"ird\\",line="Week",unit="percent"} 100
vario_quota_limit{provider="we\"ird\\",line="Calls",unit="calls"} 100
# HELP vario_quota_reset_timestamp_seconds When a quota begins anew.
# TYPE vario_quota_reset_timestamp_seconds gauge
vario_quota_reset_timestamp_seconds{provider="claude",line="Week",unit="percent"} 1767312000
vario_quota_reset_timestamp_seconds{provider="claude",line="Calls",unit="calls"} 1767312000
vario_quota_reset_timestamp_seconds{provider="we\"ird\\",line="Week",unit="percent"} 1767312000
vario_quota_reset_timestamp_seconds{provider="we\"ird\\",line="Calls",unit="calls"} 1767312000
# HELP vario_snapshot_timestamp_seconds When a plugin ran last.
# TYPE vario_snapshot_timestamp_seconds gauge
vario_snapshot_timestamp_seconds{provider="claude"} 1767225600
vario_snapshot_timestamp_seconds{provider="we\"ird\\"} 1767225600
# HELP vario_snapshot_ok 1 if a plugin's last run went well, else 0.
# TYPE vario_snapshot_ok gauge
vario_snapshot_ok{provider="claude"} 1
vario_snapshot_ok{provider="we\"ird\\"} 1
"#;

#[test]
fn the_text_is_prometheus_format() {
    let (server, _site) = start();
    let answer = get(&server, "/metrics").send();
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.text(), EXPECTED);
}

#[test]
fn whoever_asks_for_openmetrics_gets_it() {
    let (server, _site) = start();
    let accept = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5";
    let answer = get(&server, "/metrics").header("Accept", accept).send();
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(kind));
    assert!(answer.text().ends_with("# EOF\n"), "{}", answer.text());
}

#[test]
fn only_programs_read_it() {
    let (server, _site) = start();
    assert_eq!(ask(&server, Surface::Main, "POST", "/metrics").status(), 405);
    assert_eq!(ask(&server, Surface::Main, "HEAD", "/metrics").status(), 200);
    assert_eq!(get(&server, "/metrics").origin("https://example.com").status(), 403);
    assert_eq!(get(&server, "/metrics").header("Sec-Fetch-Site", "cross-site").status(), 403);
    assert_eq!(get(&server, "/metrics").header("Sec-Fetch-Site", "none").status(), 200);
    assert_eq!(get(&server, "/metrics").origin("null").token(TOKEN).status(), 200);
}
