//! The lists that admins page through: their parameters, and a page of one.

use chrono::{DateTime, NaiveDate, Utc};
use myashes_domain::clock::Timestamp;
use myashes_domain::page::{
    Binding, DEEPEST, ListPage, ListRequest, PageRequest, Position, SortKey, decode_cursor, encode_cursor,
};
use myashes_domain::{Error, FieldError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional};

const PER_PAGE: i64 = 20;
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
pub struct PagingFields<'a> {
    pub date_from: &'a Field<String>,
    pub date_to: &'a Field<String>,
    pub page: &'a Field<Integer>,
    pub limit: &'a Field<Integer>,
    pub cursor: &'a Field<String>,
}

impl PagingFields<'_> {
    /// Ends the check of a list's parameters. Cursors are bound to the list with its filters, and to the dates.
    ///
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn finish(&self, mut checked: FieldErrorCollector, list: Binding) -> Result<Paging, Error> {
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
            #[validate(custom(function = optional), range(min = 1, max = i64::from(myashes_domain::page::PageRequest::MAX_LIMIT)))]
            #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
            limit: Field<Integer>,
            /// `next_cursor` of the page before, with the same filters.
            #[serde(default)]
            #[param(value_type = Option<String>)]
            cursor: Field<String>,
        }

        impl $name {
            fn paging(&self) -> $crate::http::paging::PagingFields<'_> {
                $crate::http::paging::PagingFields {
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
pub(crate) use list_parameters;

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

/// A day or an instant: where it begins, and the first instant after it.
///
/// # Errors
/// For any other text, and for one outside of the calendar.
pub fn instant(field: &'static str, raw: &str) -> Result<(Timestamp, Timestamp), FieldError> {
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

/// The value of a parameter `days`, or the default without one.
#[must_use]
pub fn days_or(days: &Field<Integer>, default_days: u32) -> u32 {
    days.value().map_or(default_days, |it| u32::try_from(it.0).unwrap_or(default_days))
}

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
