//! The parameters of a removal of many votes.

use myashes_domain::votes::{Rating, VoteFilter, VoterId};
use myashes_domain::{Error, FieldError, FieldErrors};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional};
use crate::http::paging::instant;

/// Which votes on a build to remove.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemovalParameters {
    /// Cast on this day, or at this instant (RFC 3339), or later.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    from: Field<String>,
    /// Cast on this day, or at this instant (RFC 3339), or earlier.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    to: Field<String>,
    /// The `voter` of a listed vote.
    #[serde(default)]
    #[param(value_type = Option<String>, pattern = "^v_[0-9a-f]{24}$")]
    voter: Field<String>,
    /// Stars.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 5))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 5)]
    rating: Field<Integer>,
    /// Only count them. False by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional))]
    #[param(value_type = Option<bool>)]
    dry_run: Field<bool>,
}

impl RemovalParameters {
    /// The condition, and whether votes are only to be counted.
    ///
    /// # Errors
    /// All validation errors of the parameters with those of `unknown` ones, and one when there is no condition.
    pub fn read(self, unknown: FieldErrors) -> Result<(VoteFilter, bool), Error> {
        let mut checked = FieldErrorCollector::of(&self);
        unknown.0.into_iter().for_each(|fault| checked.push(fault));
        let filter = VoteFilter {
            from: checked.parse(&self.from, |raw| instant("from", raw)).map(|(from, _)| from),
            until: checked.parse(&self.to, |raw| instant("to", raw)).map(|(_, until)| until),
            voter: checked.parse(&self.voter, |raw| VoterId::parse(raw)),
            rating: checked.parse(&self.rating, |raw| Rating::parse(raw.0)),
        };
        let texts = [&self.from, &self.to, &self.voter];
        if texts.into_iter().all(Field::is_absent) && self.rating.is_absent() {
            let message = "at least one of from, to, voter and rating is required";
            checked.push(FieldError::new("from", "required", message));
        }
        let dry_run = self.dry_run.value().copied().unwrap_or(false);
        checked.finish(Some((filter, dry_run))).map_err(Error::Invalid)
    }
}
