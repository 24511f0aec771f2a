//! What admins send and see of feedback.

use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{Cleanup, Feedback, FeedbackFilter, ModeCount, Priority, Review, SearchMode};
use myashes_domain::text::fold_term;
use myashes_domain::{Error, FieldErrors};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::fields::{
    Field, FieldErrorCollector, Integer, deserialize_from_str, nullable, optional, required,
};
use crate::http::one_of::{OneOf, PriorityName, SearchModeName, ThumbName, one_of};
use crate::http::paging::{Paging, days_or, list_parameters};

list_parameters! {
    /// Which feedback to list.
    FeedbackParameters {
        #[serde(default)]
        #[param(value_type = Option<ThumbName>, inline)]
        rating: Field<String>,
        #[serde(default)]
        #[param(value_type = Option<SearchModeName>, inline)]
        search_mode: Field<String>,
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        reviewed: Field<bool>,
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        flagged: Field<bool>,
        /// A part of the query, in any case.
        #[serde(default)]
        #[validate(length(max = 100))]
        #[param(value_type = Option<String>, max_length = 100)]
        query_search: Field<String>,
    }
}

impl FeedbackParameters {
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self) -> Result<(FeedbackFilter, Paging), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let filter = FeedbackFilter {
            rating: checked.parse(&self.rating, |raw| one_of("rating", raw)),
            search_mode: checked.parse(&self.search_mode, |raw| one_of("search_mode", raw)),
            reviewed: self.reviewed.value().copied(),
            flagged: self.flagged.value().copied(),
            query_part: checked.parse(&self.query_search, |raw| fold_term("query_search", raw)).flatten(),
            ..FeedbackFilter::default()
        };
        let paging = self.paging().finish(checked, filter.binding())?;
        let (from, until) = (paging.request.from, paging.request.until);
        Ok((FeedbackFilter { from, until, ..filter }, paging))
    }
}

list_parameters! {
    /// Which negative feedback to list.
    NegativeFeedbackParameters {
        #[serde(default)]
        #[param(value_type = Option<SearchModeName>, inline)]
        search_mode: Field<String>,
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        reviewed: Field<bool>,
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        flagged: Field<bool>,
        /// A part of the query, in any case.
        #[serde(default)]
        #[validate(length(max = 100))]
        #[param(value_type = Option<String>, max_length = 100)]
        query_search: Field<String>,
    }
}

impl NegativeFeedbackParameters {
    /// `base` with the filters of the parameters.
    ///
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self, base: FeedbackFilter) -> Result<(FeedbackFilter, Paging), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let filter = FeedbackFilter {
            search_mode: checked.parse(&self.search_mode, |raw| one_of("search_mode", raw)),
            reviewed: self.reviewed.value().copied(),
            flagged: self.flagged.value().copied(),
            query_part: checked.parse(&self.query_search, |raw| fold_term("query_search", raw)).flatten(),
            ..base
        };
        let paging = self.paging().finish(checked, filter.binding())?;
        let (from, until) = (paging.request.from, paging.request.until);
        Ok((FeedbackFilter { from, until, ..filter }, paging))
    }
}

/// How many days an export covers, and how it begins.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportParameters {
    /// UTC days, today included; 30 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 365))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365)]
    days: Field<Integer>,
    /// Begin with a byte order mark, by which spreadsheets know UTF-8; `false` by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    bom: Field<bool>,
}

impl ExportParameters {
    /// Days, and whether a byte order mark comes first.
    ///
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self, default_days: u32) -> Result<(u32, bool), Error> {
        let checked = FieldErrorCollector::of(&self);
        let days = days_or(&self.days, default_days);
        let bom = self.bom.value().copied().unwrap_or(false);
        checked.finish(Some((days, bom))).map_err(Error::Invalid)
    }
}

/// A review to set.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewReview)]
pub struct ReviewBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 100))]
    #[schema(value_type = String, min_length = 1, max_length = 100, required)]
    reviewed_by: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = bool)]
    flagged_for_cleanup: Field<bool>,
    /// An http or https URL.
    #[serde(default)]
    #[validate(custom(function = nullable), length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    cleanup_issue_url: Field<String>,
}

impl ReviewBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn read(self) -> Result<(String, Cleanup), FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let by = checked.parse(&self.reviewed_by, |raw| Review::reviewed_by(raw));
        let issue_url = checked.parse(&self.cleanup_issue_url, |raw| Cleanup::issue_url(raw)).flatten();
        let flagged = self.flagged_for_cleanup.value().copied().unwrap_or(false);
        checked.finish(by.map(|by| (by, Cleanup { flagged, issue_url })))
    }
}

/// Whether feedback is reviewed.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = FeedbackChanges)]
pub struct ReviewedBody {
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = bool, required)]
    reviewed: Field<bool>,
}

impl ReviewedBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn read(self) -> Result<bool, FieldErrors> {
        let reviewed = self.reviewed.value().copied();
        FieldErrorCollector::of(&self).finish(reviewed)
    }
}

/// Why feedback is flagged for cleanup.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewFlag)]
pub struct FlagBody {
    /// Not stored; the audit log gets its length.
    #[serde(default)]
    #[validate(custom(function = required), length(min = 10, max = 500))]
    #[schema(value_type = String, min_length = 10, max_length = 500, required)]
    reason: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = PriorityName, inline, required)]
    priority: Field<String>,
}

impl FlagBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn read(self) -> Result<(String, Priority), FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let reason = checked.parse(&self.reason, |raw| Cleanup::reason(raw));
        let priority = checked.parse(&self.priority, |raw| one_of("priority", raw));
        checked.finish(reason.zip(priority))
    }
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
