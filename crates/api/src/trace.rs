//! Traces: one span for each request, a part of the caller's trace when it sends a `traceparent` (W3C Trace
//! Context). Spans carry the target `myashes::trace`, so that the log stays free of them, and hold methods,
//! routes and statuses: no ids, addresses or texts.
//!
//! Spans are made only while something exports them; the id of a caller's trace is known, and logged, always.

use std::collections::HashMap;

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{Status, TraceContextExt as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

const TARGET: &str = "myashes::trace";
const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// Sends spans to a collector, over OTLP with protobuf in HTTP, from a thread of its own. What the SDK reads
/// from the environment by itself holds: `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, the limits of the
/// batches.
///
/// # Errors
/// For an endpoint that is no URL.
pub fn exporter(endpoint: &str) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()?;
    global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = Resource::builder_empty()
        .with_service_name("myashes")
        .with_attribute(KeyValue::new("service.version", crate::VERSION))
        .with_detector(Box::new(EnvResourceDetector::new()))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// The layer that passes spans, and no events, to the exporter. Without one no span is made.
pub fn layer<S>(provider: Option<&SdkTracerProvider>) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let exporting = provider.is_some();
    let ours = filter_fn(move |metadata| exporting && metadata.is_span() && metadata.target() == TARGET);
    // Without the hint, every library would make its records of the lowest level for this layer to refuse them.
    let ours = ours.with_max_level_hint(if exporting { LevelFilter::INFO } else { LevelFilter::OFF });
    let hand_on = |it: &SdkTracerProvider| tracing_opentelemetry::layer().with_tracer(it.tracer("myashes"));
    provider.map(hand_on).with_filter(ours)
}

/// A request's place in a trace.
pub struct Trace {
    /// Disabled unless something exports it.
    pub span: Span,
    /// 32 hexadecimal digits.
    pub id: Option<String>,
}

impl Trace {
    /// As the head of the request has it, else a new one.
    #[must_use]
    pub fn begin(headers: &HeaderMap) -> Self {
        let span = tracing::info_span!(target: TARGET, "request", otel.kind = "server");
        let parent = headers.contains_key(PARENT).then(|| parent(headers));
        if span.is_disabled() {
            let id = parent.as_ref().and_then(id_of);
            return Self { span, id };
        }
        if let Some(parent) = parent {
            // It fails where no layer takes spans, and then there is nothing to be a part of.
            span.set_parent(parent).ok();
        }
        let id = id_of(&span.context());
        Self { span, id }
    }

    /// How the request ended.
    pub fn end(&self, method: &Method, route: &'static str, status: u16) {
        if self.span.is_disabled() {
            return;
        }
        let context = self.span.context();
        let span = context.span();
        span.update_name(format!("{method} {route}"));
        span.set_attribute(KeyValue::new("http.request.method", method.to_string()));
        span.set_attribute(KeyValue::new("http.route", route));
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
    }
}

fn parent(headers: &HeaderMap) -> Context {
    let carried: HashMap<String, String> = [PARENT, STATE]
        .iter()
        .filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())))
        .collect();
    TraceContextPropagator::new().extract_with_context(&Context::new(), &carried)
}

fn id_of(context: &Context) -> Option<String> {
    let span = context.span();
    let known = span.span_context();
    known.is_valid().then(|| known.trace_id().to_string())
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::{fmt, registry};

    use super::*;

    #[test]
    fn records_below_the_logs_level_are_made_for_no_layer() {
        let log = || fmt::layer().with_filter(LevelFilter::WARN);
        assert_eq!(registry().with(log()).with(layer(None)).max_level_hint(), Some(LevelFilter::WARN));
        let provider = SdkTracerProvider::builder().build();
        let exporting = registry().with(log()).with(layer(Some(&provider)));
        assert_eq!(exporting.max_level_hint(), Some(LevelFilter::INFO));
    }
}
