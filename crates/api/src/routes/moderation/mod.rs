//! Routes of admins, and the one with which callers report a build.
//!
//! Every handler but `report` asks for an [`RequireAdmin`](crate::http::caller::RequireAdmin) first.

pub mod builds;
pub mod dto;
pub mod export;
pub mod feedback;
mod formulas;
pub mod hidden;
mod limited;
mod older_dashboard;
pub mod parameters;
pub mod queries;
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
        route!(Lists, feedback::list_feedback),
        route!(Lists, older_dashboard::list_negative_feedback),
        route!(Lists, older_dashboard::feedback_stats),
        route!(Lists, feedback::feedback_summary),
        route!(Lists, feedback::feedback_patterns),
        route!(Lists, feedback::feedback_trends),
        route!(Lists, export::export_feedback),
        route!(Reads, feedback::get_feedback),
        route!(Writes, older_dashboard::update_feedback),
        route!(Writes, older_dashboard::flag_feedback),
        route!(Writes, feedback::review_feedback),
        route!(Writes, feedback::unreview_feedback),
        route!(Lists, queries::search_trends),
        route!(Lists, queries::zero_result_queries),
        route!(Lists, queries::hidden_queries),
        route!(Writes, queries::hide_query),
        route!(Writes, queries::unhide_query),
        route!(Lists, builds::list_all_builds),
        route!(Writes, builds::remove_build),
        route!(Writes, hidden::hide_build),
        route!(Writes, hidden::restore_build),
        route!(Lists, votes::list_votes),
        route!(Writes, votes::remove_votes),
        route!(Writes, votes::remove_vote),
        route!(Lists, reports::list_reports),
        route!(Writes, reports::resolve_report),
        route!(Lists, reports::list_audit),
        route!(Reads, limited::limited_networks),
    ]
}
