//! What reporters send.

use myashes_domain::FieldErrors;
use myashes_domain::moderation::Reason;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, required};

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
