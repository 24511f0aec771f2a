//! Stars: those of one vote, and those of all votes on a build.

use crate::error::FieldError;
use crate::ranking::shown_rating;

/// 1 to 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rating(u8);

impl Rating {
    /// Parses a number of stars.
    ///
    /// # Errors
    /// A validation error on `rating` for anything but 1 to 5.
    pub fn parse(raw: i64) -> Result<Self, FieldError> {
        match u8::try_from(raw) {
            Ok(stars @ 1..=5) => Ok(Self(stars)),
            _ => Err(FieldError::new("rating", "range", "must be between 1 and 5")),
        }
    }

    /// Returns the number of stars, 1 to 5.
    #[must_use]
    pub fn stars(self) -> i64 {
        i64::from(self.0)
    }

    /// The position in a list by stars: 0 for one star.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0) - 1
    }
}

/// The votes on a build, counted by their stars. Everything else that is shown of them in sum follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Votes of one to five stars, in this order.
    pub stars: [i64; 5],
}

impl Tally {
    /// The number of votes.
    #[must_use]
    pub fn vote_count(&self) -> i64 {
        self.stars.iter().sum()
    }

    /// The stars of all votes together.
    #[must_use]
    pub fn rating_sum(&self) -> i64 {
        (1..).zip(self.stars).map(|(stars, votes)| stars * votes).sum()
    }

    /// Counts one more vote.
    pub fn increment(&mut self, rating: Rating) {
        self.stars[rating.index()] += 1;
    }

    /// Counts one vote less.
    pub fn decrement(&mut self, rating: Rating) {
        self.stars[rating.index()] -= 1;
    }

    /// The mean to show; see [`shown_rating`].
    #[must_use]
    pub fn rating(&self) -> Option<f64> {
        shown_rating(self.rating_sum(), self.vote_count())
    }
}
