//! Searches as they are sent and counted.

use myashes_domain::analytics::{PopularQuery, SearchQuery};
use myashes_domain::feedback::SearchMode;
use myashes_domain::{Error, FieldErrors};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional, required};
use crate::http::one_of::{OneOf, SearchModeName, one_of};

/// A search to count.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewSearch)]
pub struct SearchBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 500))]
    #[schema(value_type = String, min_length = 1, max_length = 500, required)]
    query: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = SearchModeName, required)]
    search_mode: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required), range(min = 0, max = 2_147_483_647))]
    #[schema(value_type = i32, minimum = 0, required)]
    result_count: Field<Integer>,
}

impl SearchBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn read(self) -> Result<(SearchQuery, SearchMode, i32), FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let query = checked.parse(&self.query, |raw| SearchQuery::parse(raw));
        let mode = checked.parse(&self.search_mode, |raw| one_of("search_mode", raw));
        let results = self.result_count.value().and_then(|it| i32::try_from(it.0).ok());
        checked.finish(query.zip(mode).zip(results).map(|((query, mode), results)| (query, mode, results)))
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = SearchRecorded)]
pub struct Recorded {
    pub recorded: bool,
}

/// Which popular queries to show.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PopularQueriesParameters {
    /// UTC days, today included; 7 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 90))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 90)]
    days: Field<Integer>,
    /// 10 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 50))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 50)]
    limit: Field<Integer>,
    /// All without it.
    #[serde(default)]
    #[param(value_type = Option<SearchModeName>, inline)]
    search_mode: Field<String>,
}

impl PopularQueriesParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self) -> Result<(u32, u32, Option<SearchMode>), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let mode = checked.parse(&self.search_mode, |raw| one_of("search_mode", raw));
        let number =
            |field: &Field<Integer>, or| field.value().map_or(or, |it| u32::try_from(it.0).unwrap_or(or));
        let read = (number(&self.days, 7), number(&self.limit, 10), mode);
        checked.finish(Some(read)).map_err(Error::Invalid)
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularQueries)]
pub struct PopularQueriesBody<'a> {
    pub queries: Vec<PopularQueryItem<'a>>,
    pub period_days: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularQuery)]
pub struct PopularQueryItem<'a> {
    query: &'a str,
    count: u64,
    search_mode: SearchModeName,
}

impl<'a> From<&'a PopularQuery> for PopularQueryItem<'a> {
    fn from(it: &'a PopularQuery) -> Self {
        Self { query: &it.query, count: it.count, search_mode: OneOf(it.search_mode) }
    }
}
