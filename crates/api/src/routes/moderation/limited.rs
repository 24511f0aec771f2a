//! The networks that the rate limits refuse.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::caller::RequireAdmin;
use crate::http::services::Services;

#[derive(Serialize, ToSchema)]
struct LimitedNetworks {
    networks: Vec<LimitedNetwork>,
}

#[derive(Serialize, ToSchema)]
struct LimitedNetwork {
    /// The /24 of an IPv4 address, or the /48 of an IPv6 address.
    network: String,
    /// Requests that were answered 429; it may be too high where very many networks are refused.
    refused: u64,
}

/// Networks that the rate limits refuse
///
/// As the process that answers has seen it within the last 10 to 20 minutes; other replicas have lists of their own.
/// Kept in memory only.
#[utoipa::path(get, path = "/api/v1/admin/limited-networks", tag = "admin",
    responses((status = 200, description = "At most 20, the most refused first", body = LimitedNetworks)))]
pub(super) async fn limited_networks(
    RequireAdmin(_admin): RequireAdmin,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let networks = services.refused.networks().into_iter();
    let networks =
        networks.map(|(network, refused)| LimitedNetwork { network: network.to_string(), refused }).collect();
    Ok(ok(&LimitedNetworks { networks }))
}
