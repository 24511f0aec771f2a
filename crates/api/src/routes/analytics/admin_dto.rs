//! What admins send and see of searches. No session, not even its hash, is ever among it.

use myashes_domain::analytics::{HiddenQuery, SearchQuery, ZeroResult};
use myashes_domain::clock::Timestamp;
use myashes_domain::page::Binding;
use myashes_domain::{Error, FieldErrors};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional, required};
use crate::http::one_of::{OneOf, SearchModeName};
use crate::http::paging::{Paging, days_or, list_parameters};

const ZERO_RESULT_DAYS: u32 = 7;

list_parameters! {
    /// Which searches without results to list.
    ZeroResultParameters {
        /// UTC days up to `date_to` or today, when `date_from` is not given; 7 by default.
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional), range(min = 1, max = 365))]
        #[param(value_type = Option<u32>, minimum = 1, maximum = 365)]
        days: Field<Integer>,
    }
}

impl ZeroResultParameters {
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self) -> Result<(u32, Paging), Error> {
        let days = days_or(&self.days, ZERO_RESULT_DAYS);
        let list = Binding::to_list("zero-results").with("days", Some(days));
        Ok((days, self.paging().finish(FieldErrorCollector::of(&self), list)?))
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
