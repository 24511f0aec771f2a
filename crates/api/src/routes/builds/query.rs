//! The parameters of lists of builds.

use myashes_domain::builds::{BuildFilter, BuildQuery, Period, Scope, Sort, Tags};
use myashes_domain::page::{PageRequest, Position, decode_cursor};
use myashes_domain::text::{SearchTerm, fold_term};
use myashes_domain::{Error, FieldError};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional, required};
use crate::http::one_of::{PeriodName, SortName, TagModeName, one_of};

/// The most characters of one value of a filter.
const MAX_VALUE: usize = 100;

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
    /// Parts of the class name, in any case: any of up to 20, separated by commas.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020)]
    class_name: Field<String>,
    /// Any of up to 20 ids, separated by commas.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020, example = "tank,cleric")]
    primary_archetype: Field<String>,
    /// Any of up to 20 ids, separated by commas.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020)]
    secondary_archetype: Field<String>,
    /// Any of up to 20 ids, separated by commas.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020)]
    race: Field<String>,
    /// Up to 20 tags, separated by commas: any of them, or with `tag_mode=all` all of them.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020)]
    tag: Field<String>,
    /// `any` by default.
    #[serde(default)]
    #[param(value_type = Option<TagModeName>, inline)]
    tag_mode: Field<String>,
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    is_template: Field<bool>,
    /// Any of up to 20, separated by commas.
    #[serde(default)]
    #[validate(length(max = 2020))]
    #[param(value_type = Option<String>, max_length = 2020)]
    game_version: Field<String>,
    /// The Steam id of the player whose builds are listed.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    creator: Field<String>,
    /// Adds the ten most frequent values of each field under the other filters; of public lists only.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    facets: Field<bool>,
    /// `newest` by default; `relevance` needs a search.
    #[serde(default)]
    #[param(value_type = Option<SortName>, inline)]
    sort: Field<String>,
    /// 20 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = i64::from(PageRequest::MAX_LIMIT)))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Integer>,
    /// From 1; reaches 10,000 items deep, with `search`, `tag` or `creator` 1,000. Not with `cursor`.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1))]
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Field<Integer>,
    /// `next_cursor` of the page before, with the same filters and sort.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    cursor: Field<String>,
}

impl ListParameters {
    /// A search without a sort is sorted by relevance, as users expect of a page.
    #[must_use]
    pub fn searched_by_relevance(mut self) -> Self {
        let is_search = self.search.value().is_some_and(|raw| matches!(SearchTerm::parse(raw), Ok(Some(_))));
        if is_search && self.sort.value().is_none() {
            self.sort = Field::Value(Sort::Relevance.into_str().to_owned());
        }
        self
    }

    /// Whether facets are asked for.
    #[must_use]
    pub fn facets(&self) -> bool {
        self.facets.value().copied().unwrap_or(false)
    }

    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn query(self, scope: Scope) -> Result<BuildQuery, Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let filter = self.filter(&mut checked, scope);
        let sort = checked.parse(&self.sort, |raw| one_of("sort", raw)).unwrap_or(Sort::Newest);
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
            (page, None) => {
                let number = page.map_or(Ok(1), |it| u32::try_from(it.0)).unwrap_or(u32::MAX);
                checked.take(PageRequest::numbered(filter.max_depth(), number, limit))
            }
        };
        let query = page.map(|page| BuildQuery { filter, sort, page });
        let mut query = checked.finish(query).map_err(Error::Invalid)?;
        if let Some(cursor) = self.cursor.value() {
            query.page.position = Position::After(decode_cursor(cursor, &query.binding())?);
        }
        Ok(query)
    }

    fn filter(&self, checked: &mut FieldErrorCollector, scope: Scope) -> BuildFilter {
        let lower = |raw: &str| raw.to_lowercase();
        let search = checked.parse(&self.search, |raw| SearchTerm::parse(raw)).flatten();
        let parts = |raw: &String| {
            let parts = values("class_name", raw)?.into_iter().map(|part| fold_term("class_name", part));
            Ok(parts.collect::<Result<Vec<_>, FieldError>>()?.into_iter().flatten().collect())
        };
        let class_name = checked.parse(&self.class_name, parts).unwrap_or_default();
        let mut list = |field: &'static str, raw: &Field<String>, stored: &dyn Fn(&str) -> String| {
            let stored = |raw: &String| Ok(values(field, raw)?.into_iter().map(stored).collect());
            checked.parse(raw, stored).unwrap_or_default()
        };
        let primary_archetype = list("primary_archetype", &self.primary_archetype, &lower);
        let secondary_archetype = list("secondary_archetype", &self.secondary_archetype, &lower);
        let race = list("race", &self.race, &lower);
        // A tag that none can be is one that no build has.
        let tag = list("tag", &self.tag, &|raw| Tags::one(raw).unwrap_or_else(|_| raw.to_owned()));
        let game_version = list("game_version", &self.game_version, &str::to_owned);
        let tag_mode = checked.parse(&self.tag_mode, |raw| one_of("tag_mode", raw)).unwrap_or_default();
        let filter = BuildFilter {
            scope,
            search,
            class_name,
            primary_archetype,
            secondary_archetype,
            race,
            tag,
            tag_mode,
            is_template: self.is_template.value().copied(),
            game_version,
            creator: text(&self.creator),
        };
        filter.normalized()
    }
}

/// The text of a parameter, trimmed; an empty one is none.
fn text(field: &Field<String>) -> Option<String> {
    field.value().map(|raw| raw.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The values of a list that is separated by commas.
fn values<'a>(field: &'static str, raw: &'a str) -> Result<Vec<&'a str>, FieldError> {
    let values: Vec<&str> = raw.split(',').map(str::trim).filter(|value| !value.is_empty()).collect();
    if values.len() > BuildFilter::MAX_VALUES {
        let message = format!("must have at most {} values", BuildFilter::MAX_VALUES);
        return Err(FieldError::new(field, "too_many", message));
    }
    if values.iter().any(|value| value.chars().count() > MAX_VALUE) {
        let message = format!("must have values of at most {MAX_VALUE} characters");
        return Err(FieldError::new(field, "length", message));
    }
    Ok(values)
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
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 20))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 20)]
    limit: Field<Integer>,
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    include_templates: Field<bool>,
}

impl PopularParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self) -> Result<(Period, u32, bool), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let period = checked.parse(&self.period, |raw| one_of("period", raw)).unwrap_or(Period::Week);
        let limit = self.limit.value().map_or(5, |it| u32::try_from(it.0).unwrap_or(5));
        let templates = self.include_templates.value().copied().unwrap_or(false);
        checked.finish(Some((period, limit, templates))).map_err(Error::Invalid)
    }
}

/// What a single build is shown with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewerParameters {
    /// Adds `can_edit` and `your_rating`.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    viewer: Field<bool>,
}

impl ViewerParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self) -> Result<bool, Error> {
        let checked = FieldErrorCollector::of(&self);
        checked.finish(Some(self.viewer.value().copied().unwrap_or(false))).map_err(Error::Invalid)
    }
}

/// Which tags to list.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TagParameters {
    /// What the tags begin with, in any case.
    #[serde(default)]
    #[validate(length(max = 30))]
    #[param(value_type = Option<String>, max_length = 30)]
    prefix: Field<String>,
    /// 30 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Integer>,
}

impl TagParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self) -> Result<(String, u32), Error> {
        let checked = FieldErrorCollector::of(&self);
        let limit = self.limit.value().map_or(30, |it| u32::try_from(it.0).unwrap_or(30));
        let prefix = self.prefix.value().cloned().unwrap_or_default();
        checked.finish(Some((prefix, limit))).map_err(Error::Invalid)
    }
}

/// What to suggest for.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestParameters {
    /// What was typed so far.
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 50))]
    #[param(value_type = String, min_length = 1, max_length = 50, required)]
    q: Field<String>,
    /// 8 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 10))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 10)]
    limit: Field<Integer>,
}

impl SuggestParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self) -> Result<(String, u32), Error> {
        let checked = FieldErrorCollector::of(&self);
        let limit = self.limit.value().map_or(8, |it| u32::try_from(it.0).unwrap_or(8));
        checked.finish(self.q.value().map(|text| (text.clone(), limit))).map_err(Error::Invalid)
    }
}
