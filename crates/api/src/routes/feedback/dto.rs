//! Feedback as it is sent and acknowledged.

use myashes_domain::FieldErrors;
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::FeedbackDraft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, nullable, required};
use crate::http::one_of::{SearchModeName, ThumbName, one_of};

/// Feedback to store.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewFeedback)]
pub struct FeedbackBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 1000))]
    #[schema(value_type = String, min_length = 1, max_length = 1000, required)]
    query: Field<String>,
    /// Cut to 500 characters.
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1))]
    #[schema(value_type = String, min_length = 1, required)]
    response_snippet: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = ThumbName, required)]
    rating: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = SearchModeName, required)]
    search_mode: Field<String>,
    #[serde(default)]
    #[validate(custom(function = nullable), length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    comment: Field<String>,
}

impl FeedbackBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn draft(self) -> Result<FeedbackDraft, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let query = checked.parse(&self.query, |raw| FeedbackDraft::query(raw));
        let snippet = checked.parse(&self.response_snippet, |raw| FeedbackDraft::response_snippet(raw));
        let rating = checked.parse(&self.rating, |raw| one_of("rating", raw));
        let mode = checked.parse(&self.search_mode, |raw| one_of("search_mode", raw));
        let comment = checked.parse(&self.comment, |raw| FeedbackDraft::comment(raw)).flatten();
        let texts = query.zip(snippet);
        let draft = texts.zip(rating.zip(mode)).map(|((query, response_snippet), (rating, search_mode))| {
            FeedbackDraft { query, response_snippet, rating, search_mode, comment }
        });
        checked.finish(draft)
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackReceipt)]
pub struct FeedbackAnswer<'a> {
    pub feedback_id: &'a str,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
}
