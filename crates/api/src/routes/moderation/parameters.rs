//! The parameters of moderation.

use myashes_domain::Error;
use myashes_domain::moderation::{AdminBuildFilter, Reason};
use myashes_domain::page::Binding;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional};
use crate::http::paging::{Paging, list_parameters};

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
