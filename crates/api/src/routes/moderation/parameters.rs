//! The parameters of admins' lists.

use chrono::{DateTime, NaiveDate, Utc};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::FeedbackFilter;
use myashes_domain::moderation::{AdminBuildFilter, Reason};
use myashes_domain::page::{
    Binding, DEEPEST, ListRequest, PageRequest, Position, SortKey, decode_cursor, encode_cursor,
};
use myashes_domain::text::fold_term;
use myashes_domain::{Error, FieldError};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional};
use crate::http::one_of::{SearchModeName, ThumbName, one_of};

const PER_PAGE: i64 = 20;
const ZERO_RESULT_DAYS: u32 = 7;
const DAY: i64 = 86_400;

/// Which part of a list was asked for, and what its cursors are bound to.
#[derive(Debug, Clone)]
pub struct Paging {
    pub request: ListRequest,
    binding: Binding,
}

impl Paging {
    /// The cursor of the page after `next`.
    pub fn cursor(&self, next: Option<SortKey>) -> Option<String> {
        next.map(|key| encode_cursor(&key, &self.binding))
    }
}

/// The parameters that all lists have.
struct PagingFields<'a> {
    date_from: &'a Field<String>,
    date_to: &'a Field<String>,
    page: &'a Field<Integer>,
    limit: &'a Field<Integer>,
    cursor: &'a Field<String>,
}

impl PagingFields<'_> {
    /// Ends the check of a list's parameters. Cursors are bound to the list with its filters, and to the dates.
    fn finish(&self, mut checked: FieldErrorCollector, list: Binding) -> Result<Paging, Error> {
        let from = checked.parse(self.date_from, |raw| instant("date_from", raw)).map(|(from, _)| from);
        let until = checked.parse(self.date_to, |raw| instant("date_to", raw)).map(|(_, until)| until);
        let limit = self.limit.value().map_or(PER_PAGE, |it| it.0);
        let number = self.page.value().map_or(Ok(1), |it| u32::try_from(it.0)).unwrap_or(u32::MAX);
        let page = checked.take(PageRequest::numbered(DEEPEST, number, u32::try_from(limit).unwrap_or(0)));
        if self.page.value().is_some() && self.cursor.value().is_some() {
            checked.push(FieldError::new("cursor", "contradiction", "must not be given together with page"));
        }
        let mut page = checked.finish(page).map_err(Error::Invalid)?;
        let binding = list.with("from", from).with("until", until);
        if let Some(cursor) = self.cursor.value() {
            page.position = Position::After(decode_cursor(cursor, &binding)?);
        }
        Ok(Paging { request: ListRequest { page, from, until }, binding })
    }
}

/// Declares the parameters of a list: its filters, and what all lists have.
macro_rules! list_parameters {
    ($(#[$($doc:tt)*])* $name:ident {
        $($(#[$($attribute:tt)*])* $field:ident: $type:ty,)*
    }) => {
        $(#[$($doc)*])*
        #[derive(Deserialize, Validate, IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$($attribute)*])* $field: $type,)*
            /// A day, or an instant (RFC 3339); included.
            #[serde(default)]
            #[param(value_type = Option<String>, format = Date)]
            date_from: Field<String>,
            /// A day, or an instant (RFC 3339); included.
            #[serde(default)]
            #[param(value_type = Option<String>, format = Date)]
            date_to: Field<String>,
            /// From 1; reaches 10,000 items deep. Not with `cursor`.
            #[serde(default, deserialize_with = "deserialize_from_str")]
            #[validate(custom(function = optional), range(min = 1))]
            #[param(value_type = Option<u32>, minimum = 1)]
            page: Field<Integer>,
            /// 20 by default.
            #[serde(default, deserialize_with = "deserialize_from_str")]
            #[validate(custom(function = optional), range(min = 1, max = 100))]
            #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
            limit: Field<Integer>,
            /// `next_cursor` of the page before, with the same filters.
            #[serde(default)]
            #[param(value_type = Option<String>)]
            cursor: Field<String>,
        }

        impl $name {
            fn paging(&self) -> PagingFields<'_> {
                PagingFields {
                    date_from: &self.date_from,
                    date_to: &self.date_to,
                    page: &self.page,
                    limit: &self.limit,
                    cursor: &self.cursor,
                }
            }
        }
    };
}

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

/// A day or an instant: where it begins, and the first instant after it.
pub(super) fn instant(field: &'static str, raw: &str) -> Result<(Timestamp, Timestamp), FieldError> {
    let raw = raw.trim();
    let fault = || FieldError::new(field, "format", "must be a day (2026-01-14) or an instant (RFC 3339)");
    if let Ok(day) = raw.parse::<NaiveDate>() {
        let start = day.and_hms_opt(0, 0, 0).ok_or_else(fault)?.and_utc();
        let start = checked_instant(start).ok_or_else(fault)?;
        return Ok((start, start.plus_seconds(DAY)));
    }
    let at = DateTime::parse_from_rfc3339(raw).map_err(|_| fault())?.with_timezone(&Utc);
    let at = checked_instant(at).ok_or_else(fault)?;
    Ok((at, Timestamp::from_micros(at.micros() + 1).ok_or_else(fault)?))
}

/// An instant that both databases can compare with: up to the year 9999, and none before 1970, when there was
/// no feedback yet.
fn checked_instant(at: DateTime<Utc>) -> Option<Timestamp> {
    Some(Timestamp::new(at.max(DateTime::UNIX_EPOCH))).filter(|at| at.is_storable())
}

/// How many days a report covers.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DaysParameters {
    /// UTC days, today included.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 365))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365)]
    days: Field<Integer>,
}

impl DaysParameters {
    /// # Errors
    /// All validation errors of the parameters.
    pub fn read(self, default_days: u32) -> Result<u32, Error> {
        let checked = FieldErrorCollector::of(&self);
        checked.finish(Some(days_or(&self.days, default_days))).map_err(Error::Invalid)
    }
}

fn days_or(days: &Field<Integer>, default_days: u32) -> u32 {
    days.value().map_or(default_days, |it| u32::try_from(it.0).unwrap_or(default_days))
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

list_parameters! {
    /// Which builds to list.
    BuildParameters {
        /// With, or without, an open report.
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        reported: Field<bool>,
    }
}

impl BuildParameters {
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self) -> Result<(AdminBuildFilter, Paging), Error> {
        let filter = AdminBuildFilter { reported: self.reported.value().copied() };
        let list = Binding::to_list("all builds").with("reported", filter.reported);
        let paging = self.paging().finish(FieldErrorCollector::of(&self), list)?;
        Ok((filter, paging))
    }
}

list_parameters! {
    /// Which reports to list.
    ReportParameters {
        /// Only resolved, or only open ones.
        #[serde(default, deserialize_with = "deserialize_from_str")]
        #[validate(custom(function = optional))]
        #[param(value_type = Option<bool>)]
        resolved: Field<bool>,
    }
}

impl ReportParameters {
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self) -> Result<(Option<bool>, Paging), Error> {
        let resolved = self.resolved.value().copied();
        let list = Binding::to_list("reports").with("resolved", resolved);
        Ok((resolved, self.paging().finish(FieldErrorCollector::of(&self), list)?))
    }
}

list_parameters! {
    /// Which part of a list without filters.
    PageParameters {}
}

impl PageParameters {
    /// Cursors are bound to `list`.
    ///
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self, list: &str) -> Result<Paging, Error> {
        self.paging().finish(FieldErrorCollector::of(&self), Binding::to_list(list))
    }
}

/// Why an admin does something to a build.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReasonParameters {
    /// Why. Kept in the audit log's details.
    #[serde(default)]
    #[param(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Field<String>,
}

impl ReasonParameters {
    /// # Errors
    /// All errors of the parameters.
    pub fn read(self) -> Result<Option<Reason>, Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let reason = checked.parse(&self.reason, |raw| Reason::parse(raw));
        checked.finish(Some(reason)).map_err(Error::Invalid)
    }
}
