//! The parameters of admins' lists.

use chrono::{DateTime, NaiveDate, Utc};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{FeedbackFilter, SearchMode, Thumb};
use myashes_domain::moderation::AdminBuildFilter;
use myashes_domain::page::PageRequest;
use myashes_domain::text::fold_term;
use myashes_domain::{Error, Fault};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Checked, Field, Whole, choice, optional, parsed};
use crate::http::vocabulary::{SearchModeName, ThumbName};
use crate::parameters;
use crate::routes::builds::query::numbered;
use crate::routes::feedback::dto::{MODES, THUMBS};

const PER_PAGE: i64 = 20;
const DAY: i64 = 86_400;

fn page_of(checked: &mut Checked, page: &Field<Whole>, limit: &Field<Whole>) -> Option<PageRequest> {
    let limit = limit.value().map_or(PER_PAGE, |it| it.0);
    numbered(checked, page.value().map_or(1, |it| it.0), u32::try_from(limit).unwrap_or(0))
}

/// Which feedback to list.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedbackParameters {
    /// `up` or `down`.
    #[serde(default)]
    #[param(value_type = Option<ThumbName>, inline)]
    rating: Field<String>,
    /// `quick`, `smart` or `deep`.
    #[serde(default)]
    #[param(value_type = Option<SearchModeName>, inline)]
    search_mode: Field<String>,
    /// A day, or an instant (RFC 3339); included.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    date_from: Field<String>,
    /// A day, or an instant (RFC 3339); included.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    date_to: Field<String>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    reviewed: Field<bool>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    flagged: Field<bool>,
    /// A part of the query, in any case.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[param(value_type = Option<String>, max_length = 100)]
    query_search: Field<String>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1))]
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Field<Whole>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Whole>,
}

parameters!(FeedbackParameters:
    "rating", "search_mode", "date_from", "date_to", "reviewed", "flagged", "query_search", "page", "limit");

impl FeedbackParameters {
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self) -> Result<(FeedbackFilter, PageRequest), Error> {
        let mut checked = Checked::of(&self);
        let filter = FeedbackFilter {
            rating: checked.gate(&self.rating, |raw| choice("rating", raw, Thumb::from_name, THUMBS)),
            search_mode: checked
                .gate(&self.search_mode, |raw| choice("search_mode", raw, SearchMode::from_name, MODES)),
            from: checked.gate(&self.date_from, |raw| instant("date_from", raw)).map(|(from, _)| from),
            until: checked.gate(&self.date_to, |raw| instant("date_to", raw)).map(|(_, until)| until),
            reviewed: self.reviewed.value().copied(),
            flagged: self.flagged.value().copied(),
            query_part: checked.gate(&self.query_search, |raw| fold_term("query_search", raw)).flatten(),
        };
        let page = page_of(&mut checked, &self.page, &self.limit);
        checked.finish(page.map(|page| (filter, page))).map_err(Error::Invalid)
    }
}

/// A day or an instant: where it begins, and the first instant behind it.
fn instant(field: &'static str, raw: &str) -> Result<(Timestamp, Timestamp), Fault> {
    let raw = raw.trim();
    let fault = || Fault::new(field, "format", "must be a day (2026-01-14) or an instant (RFC 3339)");
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
    const LAST: i64 = 253_402_300_799;
    let at = at.max(DateTime::UNIX_EPOCH);
    (at.timestamp() < LAST).then(|| Timestamp::new(at))
}

/// How many days a report covers.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DaysParameters {
    /// UTC days, today included.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 365))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365)]
    days: Field<Whole>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Whole>,
}

parameters!(DaysParameters: "days", "limit");

impl DaysParameters {
    /// Days and limit.
    ///
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self, default_days: u32) -> Result<(u32, u32), Error> {
        let checked = Checked::of(&self);
        let number =
            |field: &Field<Whole>, or| field.value().map_or(or, |it| u32::try_from(it.0).unwrap_or(or));
        let read = (number(&self.days, default_days), number(&self.limit, 20));
        checked.finish(Some(read)).map_err(Error::Invalid)
    }
}

/// How many days an export covers, and how it begins.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportParameters {
    /// UTC days, today included; 30 by default.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 365))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365)]
    days: Field<Whole>,
    /// Begin with a byte order mark, by which spreadsheets know UTF-8; `false` by default.
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    bom: Field<bool>,
}

parameters!(ExportParameters: "days", "bom");

impl ExportParameters {
    /// Days, and whether a byte order mark comes first.
    ///
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self, default_days: u32) -> Result<(u32, bool), Error> {
        let checked = Checked::of(&self);
        let days = self.days.value().map_or(default_days, |it| u32::try_from(it.0).unwrap_or(default_days));
        let bom = self.bom.value().copied().unwrap_or(false);
        checked.finish(Some((days, bom))).map_err(Error::Invalid)
    }
}

/// A numbered page, of builds perhaps only with (or without) an open report, of reports perhaps only
/// resolved (or open) ones.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    reported: Field<bool>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    resolved: Field<bool>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1))]
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Field<Whole>,
    #[serde(default, deserialize_with = "parsed")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Whole>,
}

parameters!(PageParameters: "reported", "resolved", "page", "limit");

impl PageParameters {
    /// # Errors
    /// Every fault of the parameters.
    pub fn read(self) -> Result<PageRequest, Error> {
        let mut checked = Checked::of(&self);
        let page = page_of(&mut checked, &self.page, &self.limit);
        checked.finish(page).map_err(Error::Invalid)
    }

    pub fn build_filter(&self) -> AdminBuildFilter {
        AdminBuildFilter { reported: self.reported.value().copied() }
    }

    pub fn resolved(&self) -> Option<bool> {
        self.resolved.value().copied()
    }
}
