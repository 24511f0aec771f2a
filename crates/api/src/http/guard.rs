//! Checks before a route's body is read: the address's limit, the token, the caller's limit, and admission control. It
//! enforces the request's deadline, and stores a refusal for its `Idempotency-Key`.

use std::future::{Ready, ready};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::AUTHORIZATION;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use myashes_domain::Error;
use myashes_domain::ids::BuildId;
use myashes_domain::limits::LimitClass;
use myashes_domain::session::{Caller, Player};
use myashes_domain::write_options::RecordSubject;

use super::client_address::ClientAddress;
use super::context::RequestContext;
use super::limits;
use super::table::Endpoint;
use crate::error::{ApiError, TransportError};
use crate::http::services::Services;
use crate::settings::LimitSettings;

/// The middleware of one route.
pub struct Guard(pub Endpoint);

impl<S, B> Transform<S, ServiceRequest> for Guard
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type InitError = ();
    type Transform = Guarded<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(Guarded { inner: Rc::new(inner), endpoint: self.0 }))
    }
}

pub struct Guarded<S> {
    inner: Rc<S>,
    endpoint: Endpoint,
}

impl<S, B> Service<ServiceRequest> for Guarded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let (inner, endpoint) = (Rc::clone(&self.inner), self.endpoint);
        Box::pin(async move {
            let context = RequestContext::of(request.request());
            let services = Services::of(request.request()).clone();
            context.endpoint.set(Some(endpoint));
            let around = request.request().clone();
            let work = async {
                admit(&request, &services, &context, endpoint).await?;
                let response = match AssertUnwindSafe(inner.call(request)).catch_unwind().await {
                    Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
                    // The panic hook has logged the panic; the caller gets an internal error.
                    Err(_) => return Err(Error::internal("a handler panicked").into()),
                };
                if let Ok(response) = &response {
                    keep_refusal(response, &services, &context).await;
                }
                Ok::<_, ApiError>(response)
            };
            let error = match context.deadline.hold(work, || context.hand_on_place()).await {
                Some(Ok(response)) => return response,
                Some(Err(error)) => error,
                None => TransportError::DeadlinePassed.into(),
            };
            Ok(ServiceResponse::from_err(error, around).map_into_boxed_body())
        })
    }
}

async fn admit(
    request: &ServiceRequest,
    services: &Services,
    context: &RequestContext,
    endpoint: Endpoint,
) -> Result<(), ApiError> {
    let limited = services.rules.limits.as_ref().zip(endpoint.class);
    if let Some((_, class)) = limited {
        admit_address(request.head(), services, context, class).await?;
    }
    if context.in_api {
        admit_caller(request, services, context, limited).await?;
    }
    // Where there may be a body, it is awaited first: see the body's extractors. Probes and metrics never wait.
    if endpoint.class.is_some() && !endpoint.takes_body() {
        context.take_place(&services.admission).await?;
    }
    Ok(())
}

async fn admit_caller(
    request: &ServiceRequest,
    services: &Services,
    context: &RequestContext,
    limited: Option<(&LimitSettings, LimitClass)>,
) -> Result<(), Error> {
    let player = authenticate(request, services, context).await?;
    let session = context.session.hash();
    if !context.minted {
        services.monitor.active_sessions.record(&session);
    }
    let _ = context.caller.set(Caller { session, player });
    if let Some((limits, class)) = limited {
        limits::charge_caller(&*services.limiter, limits, class, context).await?;
    }
    Ok(())
}

/// Charges the address that a request comes from, where limits are on.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn admit_address(
    head: &RequestHead,
    services: &Services,
    context: &RequestContext,
    class: LimitClass,
) -> Result<(), Error> {
    let Some(limits) = &services.rules.limits else { return Ok(()) };
    let trusted_proxies = &services.rules.trusted_proxies;
    services.forwarding.check(head, trusted_proxies, &*services.clock);
    let client = *context.client.get_or_init(|| ClientAddress::from_request(head, trusted_proxies));
    limits::charge_address(&*services.limiter, limits, class, client, context).await
}

/// The player whom the bearer token stands for. A caller with invalid credentials is refused, never treated as
/// anonymous.
async fn authenticate(
    request: &ServiceRequest,
    services: &Services,
    context: &RequestContext,
) -> Result<Option<Player>, Error> {
    let mut sent = request.headers().get_all(AUTHORIZATION);
    let Some(header) = sent.next() else { return Ok(None) };
    if sent.next().is_some() {
        return Err(Error::AuthenticationFailed);
    }
    let text = header.to_str().map_err(|_| Error::AuthenticationFailed)?;
    let (scheme, token) = text.split_once(' ').ok_or(Error::AuthenticationFailed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Error::AuthenticationFailed);
    }
    let client = services.rules.limits.as_ref().zip(context.client.get());
    let address = client.filter(|(limits, client)| !client.is_within(&limits.trusted_clients));
    services.identity.verify(token, address.map(|(_, client)| client.counted())).await.map(Some)
}

async fn keep_refusal(response: &ServiceResponse<BoxBody>, services: &Services, context: &RequestContext) {
    let Some(key) = context.idempotency_key.borrow_mut().take() else { return };
    let refusal = response.response().error().and_then(|error| error.as_error::<ApiError>());
    let Some(mut answer) = refusal.and_then(ApiError::kept_answer) else { return };
    let id = response.request().match_info().get("id");
    answer.subject = id.and_then(BuildId::parse).map(RecordSubject::Build);
    if let Err(error) = services.idempotency.keep(&key, &answer).await {
        // The caller has their answer all the same; a second try is then judged anew.
        tracing::warn!("a refusal could not be kept for its Idempotency-Key: {error}");
    }
}
