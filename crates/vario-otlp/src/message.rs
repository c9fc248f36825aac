//! The part of OTLP's messages (opentelemetry-proto 1.x, `metrics.proto`) that gauges need.

use prost::Message;
use vario_model::Snapshot;
use vario_output::{Line, ProgressLine};

/// `ExportMetricsServiceRequest`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Request {
    #[prost(message, repeated, tag = "1")]
    pub(crate) resource_metrics: Vec<ResourceMetrics>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ResourceMetrics {
    #[prost(message, optional, tag = "1")]
    pub(crate) resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) scope_metrics: Vec<ScopeMetrics>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Resource {
    #[prost(message, repeated, tag = "1")]
    pub(crate) attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ScopeMetrics {
    #[prost(message, optional, tag = "1")]
    pub(crate) scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) metrics: Vec<Metric>,
}

/// `InstrumentationScope`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Scope {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) version: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Metric {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) description: String,
    #[prost(string, tag = "3")]
    pub(crate) unit: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) gauge: Option<Gauge>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Gauge {
    #[prost(message, repeated, tag = "1")]
    pub(crate) data_points: Vec<Point>,
}

/// `NumberDataPoint`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Point {
    #[prost(fixed64, tag = "3")]
    pub(crate) time_unix_nano: u64,
    #[prost(double, optional, tag = "4")]
    pub(crate) as_double: Option<f64>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct KeyValue {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<AnyValue>,
}

/// Of its kinds the text.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AnyValue {
    #[prost(string, optional, tag = "1")]
    pub(crate) string_value: Option<String>,
}

/// A number that a quota may have.
type ValueOf = fn(&ProgressLine) -> Option<f64>;

/// The quotas of results, each at the time of its run. Nothing if there is no quota.
pub(crate) fn request(snapshots: &[Snapshot], resource: &[(String, String)]) -> Option<Request> {
    let gauges: [(&str, &str, &str, ValueOf); 3] = [
        ("vario.quota.used", "How much of a quota is used.", "1", |line| Some(line.used)),
        ("vario.quota.limit", "How large a quota is.", "1", |line| Some(line.limit)),
        ("vario.quota.reset_time", "When a quota begins anew, since the epoch.", "s", |line| {
            line.reset_seconds()
        }),
    ];
    let metrics: Vec<Metric> = gauges
        .into_iter()
        .filter_map(|(name, description, unit, value)| {
            let points = snapshots.iter().flat_map(|snapshot| points(snapshot, value));
            let data_points: Vec<Point> = points.collect();
            (!data_points.is_empty()).then(|| Metric {
                name: name.to_owned(),
                description: description.to_owned(),
                unit: unit.to_owned(),
                gauge: Some(Gauge { data_points }),
            })
        })
        .collect();
    if metrics.is_empty() {
        return None;
    }
    let scope = Scope { name: "vario".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let attributes = resource.iter().map(|(key, value)| text(key, value)).collect();
    Some(Request {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource { attributes }),
            scope_metrics: vec![ScopeMetrics { scope: Some(scope), metrics }],
        }],
    })
}

fn points(snapshot: &Snapshot, value: ValueOf) -> Vec<Point> {
    let Some(at_ms) = snapshot.fetched_at_ms().and_then(|ms| u64::try_from(ms).ok()) else {
        return Vec::new();
    };
    let lines = snapshot.output.lines.iter().filter_map(Line::as_progress);
    let point = |line: &ProgressLine| {
        Some(Point {
            time_unix_nano: at_ms.saturating_mul(1_000_000),
            as_double: Some(value(line)?),
            attributes: vec![
                text("vario.provider", &snapshot.provider_id),
                text("vario.line", &line.label),
                text("vario.unit", line.format.unit()),
            ],
        })
    };
    lines.filter_map(point).collect()
}

fn text(key: &str, value: &str) -> KeyValue {
    let value = AnyValue { string_value: Some(value.to_owned()) };
    KeyValue { key: key.to_owned(), value: Some(value) }
}
