//! The HTTP server: its listeners, limits and shutdown.

use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::dev::{AppConfig, Server};
use actix_web::{App, HttpServer, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use tokio::net::TcpStream;

use crate::connections::socket::WatchedSocket;
use crate::connections::watch::Watch;
use crate::connections::{HEAD_TIMEOUT, KEEP_ALIVE, descriptors};
use crate::error::ApiError;
use crate::http::guard::Guard;
use crate::http::request_middleware::RequestMiddleware;
use crate::http::services::Services;
use crate::http::table::{Endpoint, RouteSpec, configure};
use crate::metrics;

const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Open connections of each worker, where there are descriptors for them; further ones wait in the listener's queue.
const CONNECTIONS_PER_WORKER: usize = 8192;

/// The most time, and a tenth of the grace, for which the service still accepts requests after a stop signal, so that
/// load balancers see that it is not ready.
const MAX_DRAIN_DELAY: Duration = Duration::from_secs(5);

/// How long the service still accepts requests after a stop signal.
#[must_use]
pub fn drain_delay(grace: Duration) -> Duration {
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
    let drain = grace.saturating_sub(drain_delay(grace)).as_secs();
    let workers = available_parallelism().map_or(1, usize::from);
    let most_connections = CONNECTIONS_PER_WORKER.min(descriptors::most_connections() / workers).max(1);
    let server = Server::build()
        .workers(workers)
        .max_concurrent_connections(most_connections)
        .shutdown_timeout(drain)
        .disable_signals();
    let draining = server.graceful_shutdown_signal();
    let worker = move || {
        let unmatched = Endpoint { method: "OTHER", path: "unmatched", class: Some(LimitClass::Reads) };
        let nothing = || async { Err::<actix_web::HttpResponse, _>(ApiError::from(Error::NotFound)) };
        let app = App::new()
            .app_data(services.clone())
            .default_service(web::route().to(nothing).wrap(Guard(unmatched)))
            .configure(|config| configure(config, table()))
            .wrap(RequestMiddleware(services.clone()))
            .into_factory();
        let app = app.map_err(|error: actix_web::Error| error.error_response());
        let draining = draining.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let draining = draining.clone();
                async move { draining.notified().await }
            })
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .keep_alive(KEEP_ALIVE)
            .on_connect_ext(|socket: &WatchedSocket, data| drop(data.insert(socket.connection())))
            .finish(map_config(app, |()| AppConfig::default()));
        let watch = Watch::start(most_connections);
        let accept = fn_service(move |socket: TcpStream| {
            let peer = socket.peer_addr().ok();
            ready(Ok::<_, DispatchError>((watch.accept(socket), Protocol::Http1, peer)))
        });
        accept.and_then(http)
    };
    Ok(server.listen("http", listener, worker)?.run())
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
