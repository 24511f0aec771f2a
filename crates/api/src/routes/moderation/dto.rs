//! What admins and reporters send.

use myashes_domain::FieldErrors;
use myashes_domain::analytics::SearchQuery;
use myashes_domain::feedback::{Cleanup, Priority, Review};
use myashes_domain::moderation::Reason;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, nullable, optional, required};
use crate::http::one_of::{PriorityName, one_of};

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

/// A query to hide, or to show again.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = QueryToHide)]
pub struct QueryBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 500))]
    #[schema(value_type = String, min_length = 1, max_length = 500, required)]
    query: Field<String>,
}

impl QueryBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn read(self) -> Result<SearchQuery, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let query = checked.parse(&self.query, |raw| SearchQuery::parse(raw));
        checked.finish(query)
    }
}

/// A report to file.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewReport)]
pub struct ReportBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 500))]
    #[schema(value_type = String, min_length = 1, max_length = 500, required)]
    reason: Field<String>,
}

impl ReportBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn reason(self) -> Result<Reason, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let reason = checked.parse(&self.reason, |raw| Reason::parse(raw));
        checked.finish(reason)
    }
}
