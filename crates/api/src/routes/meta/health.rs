//! The health of the service, for orchestrators and people.

use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, web};
use myashes_domain::accounts::VerifierStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::health::DependencyStatus;
use crate::http::answer::ok;
use crate::http::services::Services;

#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
struct HealthBody {
    /// `healthy`, `degraded` (without its cache) or `unhealthy` (without its database).
    status: HealthStatus,
    version: &'static str,
    uptime_seconds: u64,
    dependencies: Dependencies,
    /// Whether tokens can be checked: `configured`, `not configured` or `unreachable`. Never a reason to restart.
    identity: IdentityStatus,
}

/// How the service is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HealthStatus {
    Healthy,
    /// Without its cache.
    Degraded,
    /// Without its database.
    Unhealthy,
}

/// How a dependency is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DependencyState {
    Healthy,
    Unhealthy,
}

/// How tokens can be checked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum IdentityStatus {
    Configured,
    /// Every token is refused.
    #[serde(rename = "not configured")]
    NotConfigured,
    Unreachable,
}

#[derive(Serialize, ToSchema)]
struct Dependencies {
    database: DependencyBody,
    cache: DependencyBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Dependency)]
struct DependencyBody {
    status: DependencyState,
    /// Milliseconds; null while it does not answer.
    #[schema(required)]
    latency_ms: Option<f64>,
}

impl From<DependencyStatus> for DependencyBody {
    fn from(reading: DependencyStatus) -> Self {
        Self {
            status: if reading.up { DependencyState::Healthy } else { DependencyState::Unhealthy },
            latency_ms: reading.latency_ms.map(|ms| (ms * 1e3).round() / 1e3),
        }
    }
}

/// Liveness
///
/// 200 whenever the process can answer; what it says is at most a second old.
#[utoipa::path(get, path = "/health", tag = "around the API",
    responses((status = 200, description = "It is alive", body = HealthBody)))]
pub(super) async fn health(services: web::Data<Services>) -> HttpResponse {
    let (database, cache) = (services.monitor.database(), services.monitor.cache());
    // A cache inside the process is there whenever the process is.
    let cache = cache.unwrap_or(DependencyStatus { up: true, latency_ms: Some(0.0) });
    let status = match (database.up, cache.up) {
        (true, true) => HealthStatus::Healthy,
        (true, false) => HealthStatus::Degraded,
        (false, _) => HealthStatus::Unhealthy,
    };
    ok(&HealthBody {
        status,
        version: crate::VERSION,
        uptime_seconds: services.monitor.uptime().as_secs(),
        dependencies: Dependencies { database: database.into(), cache: cache.into() },
        identity: match services.identity.status() {
            VerifierStatus::Configured => IdentityStatus::Configured,
            VerifierStatus::NotConfigured => IdentityStatus::NotConfigured,
            VerifierStatus::Unreachable => IdentityStatus::Unreachable,
        },
    })
}

/// Whether the database answers
#[utoipa::path(get, path = "/health/db", tag = "around the API",
    responses((status = 200, description = "It answers", body = DependencyBody),
        (status = 503, description = "It does not", body = DependencyBody)))]
pub(super) async fn database_health(services: web::Data<Services>) -> HttpResponse {
    let reading = services.monitor.database();
    with_status(reading.up, &DependencyBody::from(reading))
}

#[derive(Serialize, ToSchema)]
struct Operational {
    status: OperationalStatus,
    auth_required_for_writes: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OperationalStatus {
    Operational,
}

/// Status for monitors of the older service
#[utoipa::path(get, path = "/api/v1/builds/health/status", tag = "around the API",
    responses((status = 200, description = "The process can answer", body = Operational)))]
pub(super) async fn builds_health_status(services: web::Data<Services>) -> HttpResponse {
    let auth_required_for_writes = services.rules.auth_required_for_writes;
    ok(&Operational { status: OperationalStatus::Operational, auth_required_for_writes })
}

#[derive(Serialize, ToSchema)]
struct Ready {
    ready: bool,
}

/// Readiness
///
/// 200 when the database answers with a schema that this version knows, 503 otherwise and as soon as a
/// shutdown begins.
#[utoipa::path(get, path = "/ready", tag = "around the API",
    responses((status = 200, description = "Send traffic", body = Ready),
        (status = 503, description = "Send none", body = Ready)))]
pub(super) async fn ready(services: web::Data<Services>) -> HttpResponse {
    let ready = services.monitor.ready();
    with_status(ready, &Ready { ready })
}

fn with_status(good: bool, body: &impl Serialize) -> HttpResponse {
    let mut response = ok(body);
    if !good {
        *response.status_mut() = actix_web::http::StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    response
}
