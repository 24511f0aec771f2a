//! Votes as they are sent and shown.

use myashes_domain::FieldErrors;
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{PageRequest, Position, decode_cursor};
use myashes_domain::votes::{OwnVote, Rating, VoteView, own_votes_binding};
use myashes_domain::{Error, FieldError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional, required};

/// A vote to cast.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewVote)]
pub struct VoteBody {
    /// Stars.
    #[serde(default)]
    #[validate(custom(function = required), range(min = 1, max = 5))]
    #[schema(value_type = i32, minimum = 1, maximum = 5, required)]
    rating: Field<Integer>,
}

impl VoteBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn rating(self) -> Result<Rating, FieldErrors> {
        if matches!(self.rating, Field::Wrong) {
            let message = "must be a whole number of stars from 1 to 5, not `up` or `down`";
            return Err(FieldErrors(vec![FieldError::new("rating", "type", message)]));
        }
        let mut checked = FieldErrorCollector::of(&self);
        let rating = checked.parse(&self.rating, |raw| Rating::parse(raw.0));
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

/// Which of the caller's votes to tell: those on some builds, or a page of all.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MyVotesParameters {
    /// Up to 100 ids, with commas between. Without any, all votes are listed, newest first.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    build_ids: Field<String>,
    /// Of the list of all: 20 by default.
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1, max = 100))]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Field<Integer>,
    /// Of the list of all: `next_cursor` of the page before. Not with `build_ids`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    cursor: Field<String>,
}

/// What [`MyVotesParameters`] ask for.
pub enum MyVotesQuery {
    /// The well-formed ids; others have no votes.
    Of(Vec<BuildId>),
    All(PageRequest),
}

impl MyVotesParameters {
    /// # Errors
    /// All validation errors of the parameters, or an unusable cursor.
    pub fn read(self) -> Result<MyVotesQuery, Error> {
        let mut checked = FieldErrorCollector::of(&self);
        let given = |field: &Field<String>| field.value().cloned().filter(|it| !it.is_empty());
        let (ids, cursor) = (given(&self.build_ids), given(&self.cursor));
        if ids.is_some() && cursor.is_some() {
            checked.push(FieldError::new(
                "cursor",
                "contradiction",
                "must not be given together with build_ids",
            ));
        }
        let ids = ids.map(|raw| {
            let ids: Vec<&str> = raw.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
            if ids.len() > MOST_IDS {
                let message = format!("must be at most {MOST_IDS} ids");
                checked.push(FieldError::new("build_ids", "too_many", message));
            }
            ids.into_iter().filter_map(BuildId::parse).collect()
        });
        let limit = self.limit.value().map_or(20, |it| u32::try_from(it.0).unwrap_or(0));
        let page = PageRequest { position: Position::Page(1), limit };
        let query = ids.map_or(MyVotesQuery::All(page), MyVotesQuery::Of);
        match (checked.finish(Some(query)).map_err(Error::Invalid)?, cursor) {
            (MyVotesQuery::All(page), Some(cursor)) => {
                let position = Position::After(decode_cursor(&cursor, &own_votes_binding())?);
                Ok(MyVotesQuery::All(PageRequest { position, ..page }))
            }
            (query, _) => Ok(query),
        }
    }
}

/// The caller's votes.
#[derive(Serialize, ToSchema)]
#[schema(as = MyVotes)]
pub struct MyVotesBody<'a> {
    votes: Vec<MyVote<'a>>,
    count: usize,
    /// Only of the list of all votes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    has_more: Option<bool>,
    /// Only of the list of all votes; null at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    next_cursor: Option<Option<&'a str>>,
}

#[derive(Serialize, ToSchema)]
pub struct MyVote<'a> {
    build_id: &'a str,
    your_rating: i64,
    /// Only in the list of all votes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    cast_at: Option<Timestamp>,
}

impl<'a> MyVotesBody<'a> {
    pub fn of(ratings: &'a [(BuildId, Rating)]) -> Self {
        let vote = |(id, rating): &'a (BuildId, Rating)| MyVote {
            build_id: id.as_str(),
            your_rating: rating.stars(),
            cast_at: None,
        };
        let votes: Vec<_> = ratings.iter().map(vote).collect();
        Self { count: votes.len(), votes, has_more: None, next_cursor: None }
    }

    pub fn page(votes: &'a [OwnVote], next_cursor: Option<&'a str>) -> Self {
        let vote = |it: &'a OwnVote| MyVote {
            build_id: it.build.as_str(),
            your_rating: it.vote.rating.stars(),
            cast_at: Some(it.vote.cast_at),
        };
        let votes: Vec<_> = votes.iter().map(vote).collect();
        let has_more = Some(next_cursor.is_some());
        Self { count: votes.len(), votes, has_more, next_cursor: Some(next_cursor) }
    }
}
