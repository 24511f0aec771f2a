//! Routes as data: each path with its methods, and what each of them is charged as.
//!
//! From the same lines come the router, the `Allow` of a 405, the rate limits, the labels of the metrics and
//! the list that tests and the OpenAPI document are held against.

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::{FromRequest, HttpResponse, Resource, Responder, Route, guard, web};
use myashes_domain::limits::LimitClass;

use super::guard::Guard;
use crate::error::{ApiError, TransportError};

/// One way to call the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// `GET` stands for `HEAD` too.
    pub method: &'static str,
    /// With the names of its parameters: the label in metrics and logs.
    pub path: &'static str,
    /// `None` is never limited.
    pub class: Option<LimitClass>,
}

/// A path and its methods.
pub struct At {
    path: &'static str,
    endpoints: Vec<Endpoint>,
    routes: Vec<Route>,
}

/// Begins the entry of a path.
#[must_use]
pub fn at(path: &'static str) -> At {
    At { path, endpoints: Vec::new(), routes: Vec::new() }
}

macro_rules! method {
    ($name:ident, $method:literal) => {
        /// Answers this method, charged as `class`.
        #[must_use]
        pub fn $name<F, Args>(self, class: impl Into<Option<LimitClass>>, handler: F) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            self.route($method, class.into(), handler)
        }
    };
}

impl At {
    method!(get, "GET");
    method!(post, "POST");
    method!(put, "PUT");
    method!(patch, "PATCH");
    method!(delete, "DELETE");

    fn route<F, Args>(mut self, method: &'static str, class: Option<LimitClass>, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let endpoint = Endpoint { method, path: self.path, class };
        let route = match method {
            "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
            other => web::route()
                .guard(guard::Method(Method::from_bytes(other.as_bytes()).expect("a method's name"))),
        };
        self.routes.push(route.to(handler).wrap(Guard(endpoint)));
        self.endpoints.push(endpoint);
        self
    }

    /// The ways to call this path.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// What actix routes to.
    #[must_use]
    pub fn into_resource(self) -> Resource {
        let mut allow: Vec<&str> = Vec::new();
        for endpoint in &self.endpoints {
            allow.push(endpoint.method);
            if endpoint.method == "GET" {
                allow.push("HEAD");
            }
        }
        allow.push("OPTIONS");
        let allow = allow.join(", ");
        let other = Endpoint { method: "OTHER", path: self.path, class: Some(LimitClass::Reads) };
        let mut resource = web::resource(self.path);
        for route in self.routes {
            resource = resource.route(route);
        }
        resource.default_service(
            web::route()
                .to(move |request: actix_web::HttpRequest| {
                    let allow = allow.clone();
                    async move {
                        if request.method() == Method::OPTIONS {
                            return Ok(HttpResponse::NoContent().insert_header((ALLOW, allow)).finish());
                        }
                        Err(ApiError::from(TransportError::MethodNotAllowed { allow }))
                    }
                })
                .wrap(Guard(other)),
        )
    }
}
