//! The state of a request that the parts of the HTTP layer share.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use actix_web::{HttpMessage, HttpRequest};
use myashes_domain::limits::{LimitClass, RateLimitStatus};
use myashes_domain::session::{Caller, SessionId};
use myashes_domain::write_options::IdempotencyKey;

use super::admission::{Admission, Place};
use super::client_address::ClientAddress;
use super::deadline::Deadline;
use super::table::Endpoint;
use crate::error::TransportError;
use crate::trace::Trace;

/// The state of a request's buckets, for the headers of its response.
#[derive(Debug, Clone, Copy)]
pub struct ReportedLimit {
    pub class: LimitClass,
    pub caller: Option<RateLimitStatus>,
    /// The tighter one of the address's own and its site's.
    pub address: Option<RateLimitStatus>,
}

impl ReportedLimit {
    pub fn note_caller(&mut self, class: LimitClass, status: RateLimitStatus) {
        self.class = class;
        self.caller = Some(status);
    }

    pub fn note_address(&mut self, class: LimitClass, status: RateLimitStatus) {
        self.class = class;
        self.address = tighter(self.address, Some(status));
    }

    /// The bucket with the least left in it.
    #[must_use]
    pub fn tighter(&self) -> Option<RateLimitStatus> {
        tighter(self.caller, self.address)
    }
}

fn tighter(one: Option<RateLimitStatus>, other: Option<RateLimitStatus>) -> Option<RateLimitStatus> {
    let left = |it: &RateLimitStatus| (it.retry_after.is_none(), it.remaining);
    one.into_iter().chain(other).min_by_key(left)
}

/// The context of one request, made by the middleware. It stays on one worker's thread.
pub struct RequestContext {
    pub request_id: String,
    pub trace: Trace,
    pub began: Instant,
    pub deadline: Deadline,
    /// Held from when the work can begin until it is done.
    pub place: RefCell<Option<Place>>,
    /// Under `/api/v1`, where sessions and tokens are known; see [`is_api`].
    pub in_api: bool,
    /// Outside of the API a random one that is never sent.
    pub session: SessionId,
    /// The session was made here, since the client sent none.
    pub minted: bool,
    /// The route that answers, once one was found.
    pub endpoint: Cell<Option<Endpoint>>,
    /// The address that was charged, once it was.
    pub client: OnceCell<ClientAddress>,
    pub charged: Cell<Option<ReportedLimit>>,
    /// Set by the guard once the token was checked.
    pub caller: OnceCell<Caller>,
    /// The key under which a refusal is stored, once an `Idempotency-Key` was read.
    pub idempotency_key: RefCell<Option<IdempotencyKey>>,
}

impl RequestContext {
    /// The context that the middleware has stored in a request.
    pub fn of(request: &HttpRequest) -> Rc<Self> {
        request.extensions().get::<Rc<Self>>().cloned().expect("the middleware is around every route")
    }

    /// Acquires a place of admission control, unless the request has one.
    ///
    /// # Errors
    /// [`TransportError::Overloaded`].
    pub async fn take_place(&self, admission: &Admission) -> Result<(), TransportError> {
        if self.place.borrow().is_none() {
            let place = admission.enter().await?;
            self.place.replace(Some(place));
        }
        Ok(())
    }

    /// Releases the place of a request that takes very long.
    pub fn hand_on_place(&self) {
        if self.place.borrow().as_ref().is_some_and(Place::is_overdue) {
            drop(self.place.take());
        }
    }

    /// Records the state of a bucket.
    pub fn note(&self, note: impl FnOnce(&mut ReportedLimit)) {
        let none = ReportedLimit { class: LimitClass::Reads, caller: None, address: None };
        let mut charged = self.charged.get().unwrap_or(none);
        note(&mut charged);
        self.charged.set(Some(charged));
    }

    /// The caller that the guard has authenticated.
    pub fn caller(&self) -> Caller {
        match self.caller.get() {
            Some(caller) => caller.clone(),
            None => Caller { session: self.session.hash(), player: None },
        }
    }
}

/// Whether a path, percent-decoded as routes are, is one with sessions and tokens: those under `/api/v1`
/// but the documents and the health of the service.
#[must_use]
pub fn is_api(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/api/v1") else { return false };
    let name = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
    (rest.is_empty() || rest.starts_with('/')) && !matches!(name, "openapi.json" | "docs" | "health")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_health_are_around_the_api() {
        for path in
            ["/api/v1", "/api/v1/", "/api/v1/builds", "/api/v1/builds/health/status", "/api/v1/nowhere"]
        {
            assert!(is_api(path), "{path}");
        }
        for path in [
            "/",
            "/docs",
            "/api/v10/builds",
            "/api/v1/openapi.json",
            "/api/v1/openapi.json/",
            "/api/v1/docs/x.css",
            "/api/v1/health/db",
            "/builds",
        ] {
            assert!(!is_api(path), "{path}");
        }
    }
}
