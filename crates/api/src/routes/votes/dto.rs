//! Votes as they are sent and shown.

use myashes_domain::Faults;
use myashes_domain::ids::BuildId;
use myashes_domain::votes::{Rating, VoteView};
use myashes_domain::{Error, Fault};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::fields::{Checked, Field, Whole, required};
use crate::parameters;

/// A vote to cast.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewVote)]
pub struct VoteBody {
    /// Stars.
    #[serde(default)]
    #[validate(custom(function = required), range(min = 1, max = 5))]
    #[schema(value_type = i32, minimum = 1, maximum = 5, required)]
    rating: Field<Whole>,
}

impl VoteBody {
    /// # Errors
    /// Every fault of the body.
    pub fn rating(self) -> Result<Rating, Faults> {
        let mut checked = Checked::of(&self);
        let rating = checked.gate(&self.rating, |raw| Rating::parse(raw.0));
        checked.finish(rating)
    }
}

/// A build's votes in sum, and the caller's own.
#[derive(Serialize, ToSchema)]
#[schema(as = Vote)]
pub struct VoteAnswer<'a> {
    build_id: &'a str,
    #[schema(required)]
    your_rating: Option<i64>,
    #[schema(required)]
    avg_rating: Option<f64>,
    vote_count: i64,
}

impl<'a> From<&'a VoteView> for VoteAnswer<'a> {
    fn from(view: &'a VoteView) -> Self {
        Self {
            build_id: view.build.as_str(),
            your_rating: view.your_rating.map(Rating::stars),
            avg_rating: view.tally.rating(),
            vote_count: view.tally.vote_count(),
        }
    }
}

const MOST_IDS: usize = 100;

/// Which of the caller's votes to tell.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MyVotesParameters {
    /// Up to 100 ids, with commas between.
    #[serde(default)]
    #[validate(custom(function = required))]
    #[param(value_type = String, required = true)]
    build_ids: Field<String>,
}

parameters!(MyVotesParameters: "build_ids");

impl MyVotesParameters {
    /// The ids that a build can have; others have no votes.
    ///
    /// # Errors
    /// A fault without the parameter and for too many ids.
    pub fn ids(self) -> Result<Vec<BuildId>, Error> {
        let mut checked = Checked::of(&self);
        let ids = checked.gate(&self.build_ids, |raw| {
            let ids: Vec<&str> = raw.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
            if ids.len() > MOST_IDS {
                let message = format!("must be at most {MOST_IDS} ids");
                return Err(Fault::new("build_ids", "too_many", message));
            }
            Ok(ids.into_iter().filter_map(BuildId::parse).collect())
        });
        checked.finish(ids).map_err(Error::Invalid)
    }
}

/// The caller's votes.
#[derive(Serialize, ToSchema)]
#[schema(as = MyVotes)]
pub struct MyVotesBody<'a> {
    pub votes: Vec<MyVote<'a>>,
    pub count: usize,
}

#[derive(Serialize, ToSchema)]
pub struct MyVote<'a> {
    pub build_id: &'a str,
    pub your_rating: i64,
}
