//! What admins see of builds, votes, reports and the audit log. No session, not even its hash, is ever among it.

use myashes_domain::clock::Timestamp;
use myashes_domain::moderation::{AdminBuild, Report};
use myashes_domain::votes::{Vote, VoterId};
use myashes_domain::write_options::AuditEntry;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::one_of::{OneOf, VisibilityName};

#[derive(Serialize, ToSchema)]
#[schema(as = Report)]
pub struct ReportItem<'a> {
    report_id: &'a str,
    build_id: &'a str,
    reason: &'a str,
    #[schema(value_type = String, format = DateTime)]
    reported_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    resolved_at: Option<Timestamp>,
}

impl<'a> From<&'a Report> for ReportItem<'a> {
    fn from(it: &'a Report) -> Self {
        Self {
            report_id: it.id.as_str(),
            build_id: it.build.as_str(),
            reason: &it.reason,
            reported_at: it.reported_at,
            resolved_at: it.resolved_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = AdminBuild)]
pub struct BuildItem<'a> {
    build_id: &'a str,
    name: &'a str,
    class_name: &'a str,
    race: &'a str,
    visibility: VisibilityName,
    hidden: bool,
    is_template: bool,
    created_by: &'a str,
    #[schema(required)]
    player_id: Option<&'a str>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(required)]
    rating: Option<f64>,
    vote_count: i64,
    open_reports: u64,
}

impl<'a> From<&'a AdminBuild> for BuildItem<'a> {
    fn from(it: &'a AdminBuild) -> Self {
        let build = &it.build;
        Self {
            build_id: build.id.as_str(),
            name: &build.content.name,
            class_name: &build.content.class_name,
            race: &build.content.race,
            visibility: OneOf(build.content.visibility),
            hidden: build.hidden,
            is_template: build.is_template,
            created_by: build.created_by(),
            player_id: build.owner.player_id.as_deref(),
            created_at: build.created_at,
            updated_at: build.updated_at,
            rating: build.tally.rating(),
            vote_count: build.tally.vote_count(),
            open_reports: it.open_reports,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = AdminVote)]
pub struct VoteItem<'a> {
    vote_id: i64,
    rating: i64,
    /// An opaque id, the same for all votes of one player, else of one session.
    voter: String,
    #[schema(required)]
    player_id: Option<&'a str>,
    #[schema(value_type = String, format = DateTime)]
    cast_at: Timestamp,
}

impl<'a> From<&'a Vote> for VoteItem<'a> {
    fn from(it: &'a Vote) -> Self {
        Self {
            vote_id: it.id,
            rating: it.rating.stars(),
            voter: VoterId::of(it).as_str().to_owned(),
            player_id: it.player_id.as_deref(),
            cast_at: it.cast_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = AuditLine)]
pub struct AuditItem<'a> {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: &'a str,
    action: &'a str,
    target: &'a str,
    #[schema(value_type = Object)]
    details: &'a Value,
}

impl<'a> From<&'a AuditEntry> for AuditItem<'a> {
    fn from(it: &'a AuditEntry) -> Self {
        Self { at: it.at, actor: &it.actor, action: &it.action, target: &it.target, details: &it.details }
    }
}
