//! What admins do, and the one door through which anybody calls on them: reports.
//!
//! Every handler but `report` asks for an [`AdminOf`](crate::http::caller::AdminOf) first.

pub mod builds;
pub mod dto;
pub mod export;
pub mod feedback;
mod formulas;
pub mod hidden;
pub mod parameters;
pub mod queries;
pub mod reports;
pub mod view;
pub mod votes;

use myashes_domain::limits::LimitClass;

use crate::http::table::{At, at};

pub fn routes() -> Vec<At> {
    use LimitClass::{Lists, Reads, Writes};
    vec![
        at("/api/v1/builds/{id}/report").post(Writes, reports::report),
        at("/api/v1/admin/feedback").get(Lists, feedback::list),
        at("/api/v1/admin/feedback/summary").get(Lists, feedback::summary),
        at("/api/v1/admin/feedback/patterns").get(Lists, feedback::patterns),
        at("/api/v1/admin/feedback/trends").get(Lists, feedback::trends),
        at("/api/v1/admin/feedback/export").get(Lists, export::export),
        at("/api/v1/admin/feedback/{id}").get(Reads, feedback::read),
        at("/api/v1/admin/feedback/{id}/review")
            .post(Writes, feedback::review)
            .delete(Writes, feedback::unreview),
        at("/api/v1/admin/analytics/zero-results").get(Lists, queries::zero_results),
        at("/api/v1/admin/analytics/hidden-queries")
            .get(Lists, queries::hidden)
            .post(Writes, queries::hide)
            .delete(Writes, queries::unhide),
        at("/api/v1/admin/builds").get(Lists, builds::list),
        at("/api/v1/admin/builds/{id}").delete(Writes, builds::delete),
        at("/api/v1/admin/builds/{id}/hide").post(Writes, hidden::hide),
        at("/api/v1/admin/builds/{id}/restore").post(Writes, hidden::restore),
        at("/api/v1/admin/builds/{id}/votes").get(Lists, votes::list).delete(Writes, votes::delete_many),
        at("/api/v1/admin/builds/{id}/votes/{vote_id}").delete(Writes, votes::delete),
        at("/api/v1/admin/reports").get(Lists, reports::list),
        at("/api/v1/admin/reports/{id}/resolve").post(Writes, reports::resolve),
        at("/api/v1/admin/audit").get(Lists, reports::audit),
    ]
}
