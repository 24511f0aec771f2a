//! Requests to places outside: one client with kept connections, bounded in time and size.

use std::fmt;
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

/// Why a request brought no body. It is for the log and holds neither URL nor body.
#[derive(Debug)]
pub(super) enum FetchError {
    /// Not connected, broken off, or too late.
    Transport(String),
    /// A status other than 2xx.
    Status(u16),
    TooLarge,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(why) => f.write_str(why),
            Self::Status(status) => write!(f, "status {status}"),
            Self::TooLarge => write!(f, "a body of more than {LARGEST_BODY} bytes"),
        }
    }
}

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

    /// Sends a request, as a part of the trace that it is made for, and reads its body.
    pub(super) async fn fetch(&self, request: RequestBuilder) -> Result<Vec<u8>, FetchError> {
        let span = tracing::info_span!(target: "myashes::trace", "identity", otel.kind = "client");
        let mut headers = HeaderMap::new();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&span.context(), &mut HeaderInjector(&mut headers));
        });
        let request = request.headers(headers);
        self.run(async move { read(request.send().await.map_err(transport_error)?).await }.instrument(span))
            .await
    }

    /// Starts a background task.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, FetchError>> + Send + 'static,
    ) -> Result<T, FetchError> {
        let done = self.runtime.spawn(work).await;
        done.unwrap_or_else(|error| Err(FetchError::Transport(error.to_string())))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, FetchError> {
    if !response.status().is_success() {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn transport_error(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut causes = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        causes = format!("{causes}: {inner}");
        source = inner.source();
    }
    FetchError::Transport(causes)
}
