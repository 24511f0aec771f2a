//! What admins see. No session, not even its hash, is ever among it.

use myashes_domain::analytics::{HiddenQuery, ZeroResult};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{Feedback, ModeCount, SearchMode};
use myashes_domain::moderation::{AdminBuild, Report};
use myashes_domain::page::ListPage;
use myashes_domain::votes::{Vote, VoterId};
use myashes_domain::write_options::AuditEntry;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::parameters::Paging;
use crate::http::one_of::{OneOf, SearchModeName, ThumbName, VisibilityName};

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct PageOf<T> {
    items: Vec<T>,
    total: u64,
    /// 1 behind a cursor.
    page: u32,
    limit: u32,
    pages: u64,
    #[schema(required)]
    next_cursor: Option<String>,
}

impl<T> PageOf<T> {
    pub fn new<'a, I>(list: &'a ListPage<I>, paging: &Paging) -> Self
    where
        T: From<&'a I>,
    {
        let page = paging.request.page;
        Self {
            items: list.items.iter().map(T::from).collect(),
            total: list.total,
            page: page.number(),
            limit: page.limit,
            pages: pages(list.total, page.limit),
            next_cursor: paging.cursor(list.next),
        }
    }
}

/// How many pages of `limit` items there are.
pub fn pages(total: u64, limit: u32) -> u64 {
    total.div_ceil(u64::from(limit.max(1)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = AdminFeedback)]
pub struct FeedbackItem<'a> {
    feedback_id: &'a str,
    query: &'a str,
    response_snippet: &'a str,
    rating: ThumbName,
    search_mode: SearchModeName,
    #[schema(required)]
    comment: Option<&'a str>,
    #[schema(required)]
    player_id: Option<&'a str>,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The same instant under its older name.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    reviewed: bool,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    reviewed_at: Option<Timestamp>,
    #[schema(required)]
    reviewed_by: Option<&'a str>,
    flagged_for_cleanup: bool,
    #[schema(required)]
    cleanup_issue_url: Option<&'a str>,
}

impl<'a> From<&'a Feedback> for FeedbackItem<'a> {
    fn from(it: &'a Feedback) -> Self {
        let review = it.review.as_ref();
        Self {
            feedback_id: it.id.as_str(),
            query: &it.draft.query,
            response_snippet: &it.draft.response_snippet,
            rating: OneOf(it.draft.rating),
            search_mode: OneOf(it.draft.search_mode),
            comment: it.draft.comment.as_deref(),
            player_id: it.player_id.as_deref(),
            received_at: it.received_at,
            created_at: it.received_at,
            reviewed: review.is_some(),
            reviewed_at: review.map(|it| it.reviewed_at),
            reviewed_by: review.map(|it| it.reviewed_by.as_str()),
            flagged_for_cleanup: it.cleanup.flagged,
            cleanup_issue_url: it.cleanup.issue_url.as_deref(),
        }
    }
}

/// A value for each search mode.
#[derive(Serialize, ToSchema)]
pub struct BySearchMode<T> {
    quick: T,
    smart: T,
    deep: T,
}

impl<T> BySearchMode<T> {
    /// `of` makes the value of a mode from its counts, which are 0 for a mode without any.
    pub fn new(counts: &[ModeCount], of: impl Fn(ModeCount) -> T) -> Self {
        let value = |search_mode| {
            let none = ModeCount { search_mode, positive: 0, negative: 0 };
            of(counts.iter().find(|it| it.search_mode == search_mode).copied().unwrap_or(none))
        };
        Self {
            quick: value(SearchMode::Quick),
            smart: value(SearchMode::Smart),
            deep: value(SearchMode::Deep),
        }
    }
}

/// Thumbs of one search mode.
#[derive(Serialize, ToSchema)]
pub struct ModeThumbs {
    positive: u64,
    negative: u64,
}

impl From<ModeCount> for ModeThumbs {
    fn from(it: ModeCount) -> Self {
        Self { positive: it.positive, negative: it.negative }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = HiddenQuery)]
pub struct HiddenItem<'a> {
    query: &'a str,
    #[schema(value_type = String, format = DateTime)]
    hidden_at: Timestamp,
}

impl<'a> From<&'a HiddenQuery> for HiddenItem<'a> {
    fn from(it: &'a HiddenQuery) -> Self {
        Self { query: &it.query, hidden_at: it.hidden_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ZeroResult)]
pub struct ZeroItem<'a> {
    query: &'a str,
    search_mode: SearchModeName,
    zero_count: u64,
    count: u64,
    last_day: String,
}

impl<'a> From<&'a ZeroResult> for ZeroItem<'a> {
    fn from(it: &'a ZeroResult) -> Self {
        Self {
            query: &it.query,
            search_mode: OneOf(it.search_mode),
            zero_count: it.zero_count,
            count: it.count,
            last_day: it.last_day.to_string(),
        }
    }
}

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
