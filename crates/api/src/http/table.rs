//! Routes as data. A handler's `#[utoipa::path]` and the limit class of its route give the router, the
//! `Allow` of a 405, the rate limits, the labels of metrics, and the OpenAPI document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use actix_web::dev::Handler;
use actix_web::guard;
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, Responder, Route, web};
use myashes_domain::limits::LimitClass;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

use super::guard::Guard;
use crate::error::{ApiError, TransportError};

/// A method and a path of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// `GET` stands for `HEAD` too.
    pub method: &'static str,
    /// With the names of its parameters: the label in metrics and logs.
    pub path: &'static str,
    /// `None` is never limited.
    pub class: Option<LimitClass>,
}

impl Endpoint {
    /// Whether its requests may have meaningful bodies.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        matches!(self.method, "POST" | "PUT" | "PATCH")
    }
}

/// An endpoint, its handler and its documentation.
pub struct RouteSpec {
    pub endpoint: Endpoint,
    /// `None` leaves it out of the OpenAPI document. Each worker makes the table, and the document is made when it is asked
    /// for.
    pub documentation: Option<fn() -> Documentation>,
    route: Route,
}

/// A route's part of the OpenAPI document.
pub struct Documentation {
    pub method: HttpMethod,
    pub operation: Operation,
    /// The schemas it refers to, by name.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Documentation {
    fn of<P: utoipa::Path + SchemaReferences + for<'t> Tags<'t>>() -> Self {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        let mut operation = P::operation();
        operation.tags.get_or_insert_default().extend(P::tags().into_iter().map(str::to_owned));
        Self { method: method_of::<P>(), operation, schemas }
    }
}

fn method_of<P: utoipa::Path>() -> HttpMethod {
    P::methods().into_iter().next().unwrap_or(HttpMethod::Get)
}

/// Declares a route by its class of limits and its handler, which has a `#[utoipa::path]`.
macro_rules! route {
    ($class:expr, $($module:ident ::)* [$handler:ident]) => {
        pastey::paste! {
            $crate::http::table::RouteSpec::of::<$($module ::)* [<__path_ $handler>], _, _>(
                $class,
                $($module ::)* $handler,
            )
        }
    };
    ($class:expr, $handler:ident) => { route!($class, [$handler]) };
    ($class:expr, $module:ident :: $handler:ident) => { route!($class, $module :: [$handler]) };
}
pub(crate) use route;

impl RouteSpec {
    /// See [`route!`].
    pub fn of<P, F, Args>(class: impl Into<Option<LimitClass>>, handler: F) -> Self
    where
        P: utoipa::Path + SchemaReferences + for<'t> Tags<'t>,
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let undocumented =
            Self::undocumented(name_of(&method_of::<P>()), interned(P::path()), class, handler);
        Self { documentation: Some(Documentation::of::<P>), ..undocumented }
    }

    /// A route that the OpenAPI document does not describe.
    pub fn undocumented<F, Args>(
        method: &'static str,
        path: &'static str,
        class: impl Into<Option<LimitClass>>,
        handler: F,
    ) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let endpoint = Endpoint { method, path, class: class.into() };
        let guard = guard::fn_guard(move |context| {
            let request = context.head().method.as_str();
            request == method || (request == "HEAD" && method == "GET")
        });
        let route = web::route().guard(guard).to(handler).wrap(Guard(endpoint));
        Self { endpoint, documentation: None, route }
    }
}

fn name_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Trace => "TRACE",
    }
}

/// The path as a static text. Each worker makes its own table, so each path is kept once.
fn interned(path: String) -> &'static str {
    static PATHS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut paths = PATHS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = paths.get(&*path) {
        return known;
    }
    let kept: &'static str = path.leak();
    paths.insert(kept);
    kept
}

/// Registers the table: one resource for each path, in nested scopes, so that a request is compared with few patterns.
pub fn configure(config: &mut web::ServiceConfig, table: Vec<RouteSpec>) {
    let mut by_path: Vec<(&str, Vec<RouteSpec>)> = Vec::new();
    for spec in table {
        let path = spec.endpoint.path;
        match by_path.iter_mut().find(|(known, _)| *known == path) {
            Some((_, specs)) => specs.push(spec),
            None => by_path.push((path, vec![spec])),
        }
    }
    nest(config, by_path);
}

/// The specs of one path, relative to the scope that they are in.
type SpecsOfPath = (&'static str, Vec<RouteSpec>);

fn nest(config: &mut web::ServiceConfig, paths: Vec<SpecsOfPath>) {
    let is_shared =
        |prefix: &&str| paths.iter().filter(|(path, _)| below(path, prefix).is_some()).count() > 1;
    let prefixes: Vec<&str> = paths.iter().filter_map(|(path, _)| scope_of(path)).filter(is_shared).collect();
    let (mut scopes, mut resources) = (BTreeMap::<&str, Vec<SpecsOfPath>>::new(), vec![]);
    for (path, specs) in paths {
        match prefixes.iter().find_map(|prefix| Some((*prefix, below(path, prefix)?))) {
            Some((prefix, rest)) => scopes.entry(prefix).or_default().push((rest, specs)),
            None => resources.push(resource(path, specs)),
        }
    }
    // A request that enters a scope does not leave it: what may also be the value of a parameter comes first.
    let (with_parameter, literal): (Vec<_>, Vec<_>) =
        scopes.into_iter().partition(|(prefix, _)| prefix.contains('{'));
    let scope = |(prefix, paths)| web::scope(prefix).configure(|config| nest(config, paths));
    for scope in literal.into_iter().map(scope) {
        config.service(scope);
    }
    for resource in resources {
        config.service(resource);
    }
    for scope in with_parameter.into_iter().map(scope) {
        config.service(scope);
    }
}

/// The scope that a path with a parameter may share with others: what is before the parameter, or else the parameter.
fn scope_of(path: &str) -> Option<&str> {
    match path.find("/{")? {
        0 => Some(&path[..path[1..].find('/').map_or(path.len(), |end| end + 1)]),
        start => Some(&path[..start]),
    }
}

/// The rest of a path that is in a scope.
fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn resource(path: &'static str, specs: Vec<RouteSpec>) -> Resource {
    let label = specs.first().map_or(path, |spec| spec.endpoint.path);
    let mut allow: Vec<&str> = Vec::new();
    for spec in &specs {
        allow.push(spec.endpoint.method);
        if spec.endpoint.method == "GET" {
            allow.push("HEAD");
        }
    }
    allow.push("OPTIONS");
    let allow = allow.join(", ");
    let other = Endpoint { method: "OTHER", path: label, class: Some(LimitClass::Reads) };
    let refuse = move |request: HttpRequest| {
        let allow = allow.clone();
        async move {
            if request.method() == Method::OPTIONS {
                return Ok(HttpResponse::NoContent().insert_header((ALLOW, allow)).finish());
            }
            Err(ApiError::from(TransportError::MethodNotAllowed { allow }))
        }
    };
    let resource = specs.into_iter().fold(web::resource(path), |resource, spec| resource.route(spec.route));
    resource.default_service(web::route().to(refuse).wrap(Guard(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_parameter_shares_the_scope_before_it() {
        assert_eq!(scope_of("/api/v1/builds/{id}/vote"), Some("/api/v1/builds"));
        assert_eq!(scope_of("/{id}/votes/{vote_id}"), Some("/{id}"));
        assert_eq!(scope_of("/{id}"), Some("/{id}"));
        assert_eq!(scope_of("/api/v1/builds/mine"), None);
    }

    #[test]
    fn a_scope_ends_with_a_segment() {
        assert_eq!(below("/builds/{id}", "/builds"), Some("/{id}"));
        assert_eq!(below("/builds", "/builds"), Some(""));
        assert_eq!(below("/buildings", "/builds"), None);
    }
}
