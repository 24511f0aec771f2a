//! Every route of the service, one folder for each aggregate, each with its limit class.

pub mod accounts;
pub mod analytics;
pub mod builds;
pub mod feedback;
pub mod game;
pub mod meta;
pub mod moderation;
pub mod pages;
pub mod votes;

use crate::http::table::{Endpoint, RouteSpec};

/// The whole table. The most frequent routes come first, since the paths of a scope are tried in this order.
#[must_use]
pub fn table() -> Vec<RouteSpec> {
    let mut table = Vec::new();
    table.extend(builds::routes());
    table.extend(votes::routes());
    table.extend(feedback::routes());
    table.extend(analytics::routes());
    table.extend(accounts::routes());
    table.extend(game::routes());
    table.extend(pages::routes());
    table.extend(moderation::routes());
    table.extend(meta::routes());
    table
}

/// All endpoints of the service.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    table().iter().map(|spec| spec.endpoint).collect()
}
