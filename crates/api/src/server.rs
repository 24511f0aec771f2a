//! The HTTP server: its listeners, its bounds, and how it ends.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;

use crate::error::ApiError;
use crate::http::guard::Guard;
use crate::http::request_middleware::RequestMiddleware;
use crate::http::table::{Endpoint, RouteSpec, resources};
use crate::metrics;
use crate::services::Services;

const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(75);
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Open connections of each worker; further ones wait in the listener's queue.
const CONNECTIONS_PER_WORKER: usize = 8192;

/// At most this long, and a tenth of the grace, the service goes on as before once it is to stop: until
/// whoever sends traffic has seen that it is not ready.
const MAX_DRAIN_DELAY: Duration = Duration::from_secs(5);

/// How long the service goes on as before once it is to stop.
#[must_use]
pub fn farewell(grace: Duration) -> Duration {
    (grace / 10).min(MAX_DRAIN_DELAY)
}

/// The service on `listener`; it runs once it is polled.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(
    listener: TcpListener,
    services: web::Data<Services>,
    grace: Duration,
    table: fn() -> Vec<RouteSpec>,
) -> io::Result<Server> {
    let drain = grace.saturating_sub(farewell(grace)).as_secs();
    let server = HttpServer::new(move || {
        let unmatched = Endpoint { method: "OTHER", path: "unmatched", class: Some(LimitClass::Reads) };
        let nothing = || async { Err::<actix_web::HttpResponse, _>(ApiError::from(Error::NotFound)) };
        let mut app = App::new()
            .app_data(services.clone())
            .default_service(web::route().to(nothing).wrap(Guard(unmatched)));
        for resource in resources(table()) {
            app = app.service(resource);
        }
        app.wrap(RequestMiddleware(services.clone()))
    });
    Ok(server
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .max_connections(CONNECTIONS_PER_WORKER)
        .shutdown_timeout(drain)
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Nothing but `/metrics`, on a listener of its own.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve_metrics(listener: TcpListener) -> io::Result<Server> {
    let text = || async {
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        actix_web::HttpResponse::Ok().content_type(kind).body(metrics::render())
    };
    let server = HttpServer::new(move || App::new().route("/metrics", web::get().to(text)));
    Ok(server.workers(1).client_request_timeout(HEAD_TIMEOUT).disable_signals().listen(listener)?.run())
}
