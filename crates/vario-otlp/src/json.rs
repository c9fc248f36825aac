//! The same messages as JSON (OTLP 1.x, "JSON Protobuf Encoding"): names in camel case, 64-bit
//! numbers as text.

use serde_json::{Value as Json, json};

use crate::message::{KeyValue, Metric, Request};

pub(crate) fn encode(request: &Request) -> Vec<u8> {
    let resources = request.resource_metrics.iter().map(|of| {
        let resource = of.resource.iter().flat_map(|resource| &resource.attributes);
        let scopes = of.scope_metrics.iter().map(|scoped| {
            let scope = scoped.scope.clone().unwrap_or_default();
            json!({
                "scope": { "name": scope.name, "version": scope.version },
                "metrics": scoped.metrics.iter().map(metric).collect::<Vec<_>>(),
            })
        });
        json!({
            "resource": { "attributes": resource.map(attribute).collect::<Vec<_>>() },
            "scopeMetrics": scopes.collect::<Vec<_>>(),
        })
    });
    json!({ "resourceMetrics": resources.collect::<Vec<_>>() }).to_string().into_bytes()
}

fn metric(metric: &Metric) -> Json {
    let points = metric.gauge.iter().flat_map(|gauge| &gauge.data_points).map(|point| {
        json!({
            "attributes": point.attributes.iter().map(attribute).collect::<Vec<_>>(),
            "timeUnixNano": point.time_unix_nano.to_string(),
            "asDouble": point.as_double,
        })
    });
    json!({
        "name": metric.name,
        "description": metric.description,
        "unit": metric.unit,
        "gauge": { "dataPoints": points.collect::<Vec<_>>() },
    })
}

fn attribute(pair: &KeyValue) -> Json {
    let value = pair.value.as_ref().and_then(|value| value.string_value.as_deref());
    json!({ "key": pair.key, "value": { "stringValue": value.unwrap_or_default() } })
}
