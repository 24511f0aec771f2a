//! The parameters of lists of builds.

use myashes_domain::builds::{BuildFilter, BuildQuery, Period, Scope, Sort, Tags};
use myashes_domain::page::{PageRequest, Position, decode_cursor};
use myashes_domain::text::SearchTerm;
use myashes_domain::{Error, FieldError};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Whole, optional, parsed};
use crate::http::one_of::{PeriodName, SortName, one_of};
use crate::parameters;

/// Filters, sort and place of a list.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Over name, description, class and race name; empty is none. `%` and `_` match themselves. At most 100 characters, also
    /// after case and compatibility folding.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    search: Field<String>,
    /// A part of the class name, in any case.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    class_name: Field<String>,
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    primary_archetype: Field<String>,
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    secondary_archetype: Field<String>,
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    race: Field<String>,
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    tag: Field<String>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    is_template: Field<bool>,
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    game_version: Field<String>,
    /// `newest` by default; `relevance` needs a search.
    #[serde(default)]
    #[param(value_type = Option<SortName>, inline)]
    sort: Field<String>,
    /// 20 by default.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Whole>,
    /// From 1; reaches 10,000 items deep. Not with `cursor`.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1))]
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Field<Whole>,
    /// `next_cursor` of the page before, with the same filters and sort.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    cursor: Field<String>,
}

parameters!(ListParameters:
    "search", "class_name", "primary_archetype", "secondary_archetype", "race", "tag", "is_template",
    "game_version", "sort", "limit", "page", "cursor");

impl ListParameters {
    /// A search without a sort is sorted by relevance, as people expect of a page.
    #[must_use]
    pub fn searched_by_relevance(mut self) -> Self {
        let is_search = self.search.value().is_some_and(|raw| matches!(SearchTerm::parse(raw), Ok(Some(_))));
        if is_search && self.sort.value().is_none() {
            self.sort = Field::Value(Sort::Relevance.into_str().to_owned());
        }
        self
    }

    /// # Errors
    /// Every fault of the parameters, or an unusable cursor.
    pub fn query(self, scope: Scope) -> Result<BuildQuery, Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let text = |field: &Field<String>| {
            field.value().map(|raw| raw.trim().to_owned()).filter(|it| !it.is_empty())
        };
        let lower = |field: &Field<String>| text(field).map(|it| it.to_lowercase());
        let mut filter = BuildFilter::all(scope);
        filter.search = checked.gate(&self.search, |raw| SearchTerm::parse(raw)).flatten();
        filter.class_name = checked.gate(&self.class_name, |raw| BuildFilter::class_part(raw)).flatten();
        filter.primary_archetype = lower(&self.primary_archetype);
        filter.secondary_archetype = lower(&self.secondary_archetype);
        filter.race = lower(&self.race);
        // A tag that none can be is one that no build has.
        filter.tag = text(&self.tag).map(|raw| Tags::one(&raw).unwrap_or(raw));
        filter.is_template = self.is_template.value().copied();
        filter.game_version = text(&self.game_version);
        let sort = match self.sort.value() {
            None => Sort::Newest,
            Some(_) => checked.gate(&self.sort, |raw| one_of("sort", raw)).unwrap_or(Sort::Newest),
        };
        if sort == Sort::Relevance && text(&self.search).is_none() {
            checked.push(FieldError::new("sort", "needs_search", "relevance needs a search term"));
        }
        let limit = self.limit.value().map_or(20, |it| u32::try_from(it.0).unwrap_or(0));
        let page = match (self.page.value(), self.cursor.value()) {
            (Some(_), Some(_)) => {
                checked.push(FieldError::new(
                    "cursor",
                    "contradiction",
                    "must not be given together with page",
                ));
                None
            }
            (_, Some(_)) => Some(PageRequest { position: Position::Page(1), limit }),
            (page, None) => numbered(&mut checked, page.map_or(1, |it| it.0), limit),
        };
        let query = page.map(|page| BuildQuery { filter, sort, page });
        let mut query = checked.finish(query).map_err(Error::Invalid)?;
        if let Some(cursor) = self.cursor.value() {
            query.page.position = Position::After(decode_cursor(cursor, &query.binding())?);
        }
        Ok(query)
    }
}

/// A numbered page, at most 10,000 items deep.
pub fn numbered(checked: &mut FieldErrorCollector, page: i64, limit: u32) -> Option<PageRequest> {
    match PageRequest::numbered(u32::try_from(page).unwrap_or(u32::MAX), limit) {
        Ok(page) => Some(page),
        Err(fault) => {
            checked.push(fault);
            None
        }
    }
}

/// What the widget shows.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PopularParameters {
    /// `week` by default; `day` is today and yesterday.
    #[serde(default)]
    #[param(value_type = Option<PeriodName>, inline)]
    period: Field<String>,
    /// 5 by default.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 20))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 20)]
    limit: Field<Whole>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    include_templates: Field<bool>,
}

parameters!(PopularParameters: "period", "limit", "include_templates");

impl PopularParameters {
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self) -> Result<(Period, u32, bool), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let period = match self.period.value() {
            None => Some(Period::Week),
            Some(_) => checked.gate(&self.period, |raw| one_of("period", raw)),
        };
        let limit = self.limit.value().map_or(5, |it| u32::try_from(it.0).unwrap_or(5));
        let templates = self.include_templates.value().copied().unwrap_or(false);
        checked.finish(period.map(|period| (period, limit, templates))).map_err(Error::Invalid)
    }
}

/// What a single build is shown with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewerParameters {
    /// Adds `can_edit` and `your_rating`.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    viewer: Field<bool>,
}

parameters!(ViewerParameters: "viewer");

impl ViewerParameters {
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self) -> Result<bool, Error> {
        let checked = FieldErrorCollector::of(&self);
        checked.finish(Some(self.viewer.value().copied().unwrap_or(false))).map_err(Error::Invalid)
    }
}
