use std::time::Duration;

use vario_test_support::TempHome;

use crate::{Protocol, Settings};

fn of(variables: &[(&str, &str)]) -> Result<Option<Settings>, String> {
    let known: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let lookup = |name: &str| known.iter().find(|(known, _)| known == name).map(|it| it.1.clone());
    Settings::from_env(lookup).map_err(|error| error.to_string())
}

const ALL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

#[test]
fn nothing_is_sent_unasked() {
    for variables in [
        &[][..],
        &[(ALL, "")],
        &[(ALL, "http://c"), ("OTEL_SDK_DISABLED", "TRUE")],
        &[(ALL, "http://c"), ("OTEL_METRICS_EXPORTER", "none")],
    ] {
        assert!(of(variables).expect("it can be used").is_none(), "{variables:?}");
    }
}

#[test]
fn where_to() {
    for (variables, expected) in [
        (&[(ALL, "http://c:4318")][..], "http://c:4318/v1/metrics"),
        (&[(ALL, "https://c/otlp/")], "https://c/otlp/v1/metrics"),
        (&[(METRICS, "http://c/as/it/is"), (ALL, "http://other")], "http://c/as/it/is"),
    ] {
        let settings = of(variables).expect("it can be used").expect("an endpoint");
        assert_eq!(settings.url, expected);
    }
}

#[test]
fn a_key_in_the_address_is_not_shown() {
    let url = "https://me:secret@c:1/a/b?key=secret#secret";
    let settings = of(&[(METRICS, url)]).expect("it can be used").expect("an endpoint");
    assert_eq!((settings.url.as_str(), settings.shown().as_str()), (url, "https://c:1/a/b"));
    assert!(!format!("{settings:?}").contains("secret"));
}

#[test]
fn how() {
    let settings = of(&[
        (ALL, "http://c"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b%3D, x = y,"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "250"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
        ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=a,service.name=b"),
    ]);
    let settings = settings.expect("it can be used").expect("an endpoint");
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!((settings.protocol, settings.gzip), (Protocol::Json, true));
    assert_eq!(settings.headers, [pair("api-key", "a b="), pair("x", "y")]);
    assert_eq!(settings.timeout, Duration::from_millis(250));
    assert_eq!(settings.interval, Duration::from_secs(5));
    assert_eq!(settings.resource, [pair("team", "a"), pair("service.name", "b")]);
    assert!(!format!("{settings:?}").contains("a b="), "headers are secrets");
    let named = [
        ("OTEL_SERVICE_NAME", "c"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=b"),
        (ALL, "http://c"),
    ];
    let settings = of(&named).expect("it can be used").expect("an endpoint");
    assert_eq!(settings.resource, [pair("service.name", "c")]);
    let settings = of(&[(ALL, "http://c")]).expect("it can be used").expect("an endpoint");
    assert_eq!(settings.resource, [pair("service.name", "vario")]);
}

#[test]
fn what_cannot_be_used_is_named_and_not_told() {
    for (name, value, words) in [
        (ALL, "collector", "no address of a collector"),
        (ALL, "http://", "no address of a collector"),
        (ALL, "http://c/?key=secret", "may have no `?`"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "expected `http/protobuf` or `http/json`"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "secret", "expected `key=value,…`"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1s", "expected a number of milliseconds"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0", "expected a number of milliseconds"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "expected `gzip` or `none`"),
        ("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "/secret/a", "the file cannot be read"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/", "it is not an ordinary file"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization: Bearer secret==", "names and values"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "host=secret", "names and values"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=secret%0Ab", "names and values"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/secret/a", "it needs its certificate"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/secret/a", "it needs its key"),
    ] {
        let variables = [(name, value), (METRICS, if name == ALL { "" } else { "http://c" })];
        let error = of(&variables).expect_err(name);
        assert!(error.starts_with(&format!("{name}: ")) && error.contains(words), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn certificates_come_from_files() {
    let home = TempHome::new();
    let made = rcgen::generate_simple_self_signed(["c".to_owned()]).expect("a certificate");
    home.write("certificate.pem", made.cert.pem());
    home.write("key.pem", made.signing_key.serialize_pem());
    let path = |name: &str| home.path().join(name).to_string_lossy().into_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let with = |own: &str, key: &str| {
        of(&[
            (ALL, "https://c"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", &certificate),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", own),
            ("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", key),
        ])
    };
    assert!(with(&certificate, &key).is_ok_and(|settings| settings.is_some()));
    let swapped = with(&key, &certificate).expect_err("a key is no certificate");
    assert!(swapped.ends_with("there is no certificate in it"), "{swapped}");
}
