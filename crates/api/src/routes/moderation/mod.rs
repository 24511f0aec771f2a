//! Moderation of builds and votes, and the route with which callers report a build.
//!
//! Every handler but `report_build` asks for an [`RequireAdmin`](crate::http::caller::RequireAdmin) first.

pub mod builds;
pub mod dto;
mod limited;
pub mod parameters;
mod removal_parameters;
pub mod reports;
pub mod view;
pub mod votes;

use myashes_domain::limits::LimitClass;

use crate::http::table::{RouteSpec, route};

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Lists, Reads, Writes};
    vec![
        route!(Writes, reports::report_build),
        route!(Lists, builds::list_all_builds),
        route!(Writes, builds::remove_build),
        route!(Writes, builds::hide_build),
        route!(Writes, builds::restore_build),
        route!(Lists, votes::list_votes),
        route!(Writes, votes::remove_votes),
        route!(Writes, votes::remove_vote),
        route!(Lists, reports::list_reports),
        route!(Writes, reports::resolve_report),
        route!(Lists, reports::list_audit),
        route!(Reads, limited::limited_networks),
    ]
}
