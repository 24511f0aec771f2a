//! Requests to places outside: one client with kept connections, bounded in time and size.

use std::future::Future;
use std::time::Duration;

use opentelemetry::global;
use opentelemetry_http::HeaderInjector;
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, Response, redirect};
use tokio::runtime::Handle;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::OpenError;

const LARGEST_BODY: usize = 1 << 20;

/// A client and the runtime it runs on. Kept connections belong to a runtime, and workers have short-lived
/// ones of their own.
#[derive(Clone)]
pub(super) struct Remote {
    pub client: Client,
    runtime: Handle,
}

impl Remote {
    pub(super) fn new(timeout: Duration) -> Result<Self, OpenError> {
        let client = Client::builder()
            .timeout(timeout)
            .connect_timeout(timeout)
            // A redirect could lead a token out of the cluster or into plain text. So could a proxy that
            // happens to be named in the environment.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("myashes/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                OpenError(format!("no HTTP client for IDENTITY_URL or JWT_JWKS_URL: {error}"))
            })?;
        Ok(Self { client, runtime: Handle::current() })
    }

    /// Sends a request, as a part of the trace that it is made for, and reads its body. The error is for the
    /// log and holds neither URL nor body.
    pub(super) async fn fetch(&self, request: RequestBuilder) -> Result<Vec<u8>, String> {
        let span = tracing::info_span!(target: "myashes::trace", "identity", otel.kind = "client");
        let mut headers = HeaderMap::new();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&span.context(), &mut HeaderInjector(&mut headers));
        });
        let request = request.headers(headers);
        self.run(async move { read(request.send().await.map_err(told)?).await }.instrument(span)).await
    }

    /// Starts something that nobody waits for.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, String>> + Send + 'static,
    ) -> Result<T, String> {
        self.runtime.spawn(work).await.unwrap_or_else(|error| Err(error.to_string()))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    if !response.status().is_success() {
        return Err(format!("status {}", response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(format!("a body of more than {LARGEST_BODY} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        told = format!("{told}: {inner}");
        source = inner.source();
    }
    told
}
