//! The two scores that lists are sorted by, as pure functions of votes and time.

use crate::clock::{Day, Timestamp};

/// The score of a build without votes: below every real trend, and a finite number both databases sort alike.
pub const NO_TREND: f64 = -1.0;

/// The rating score of a build without votes: below every real one, which is at least one star.
pub const NO_RATING: f64 = -1.0;

/// Trends count from 2000-01-01T00:00:00Z, before any vote, so that every trend is above [`NO_TREND`].
pub const EPOCH_SECONDS: f64 = 946_684_800.0;

/// The constants behind the stored scores. They are recorded in the database, since scores made with others
/// cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// The mean a build is assumed to have without votes, 1 to 5 stars.
    pub prior_mean: f64,
    /// The weight of that assumption, in votes.
    pub prior_weight: f64,
    /// Seconds after which a vote counts half in the trend.
    pub half_life: f64,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { prior_mean: 3.5, prior_weight: 8.0, half_life: 3.0 * 86_400.0 }
    }
}

impl Ranking {
    /// The Bayesian mean `(w·m + Σ) / (w + n)`, [`NO_RATING`] without votes.
    #[must_use]
    pub fn bayesian(&self, rating_sum: i64, vote_count: i64) -> f64 {
        if vote_count <= 0 {
            return NO_RATING;
        }
        (self.prior_weight * self.prior_mean + rating_sum as f64) / (self.prior_weight + vote_count as f64)
    }

    /// A vote's weight within its UTC day: 1 at midnight, doubling every half-life.
    #[must_use]
    pub fn weight_in_day(&self, cast_at: Timestamp) -> f64 {
        ((cast_at.seconds() - cast_at.day().start().seconds()) / self.half_life).exp2()
    }

    /// `log₂ Σ 2^((t − epoch) / half-life)`, from each day's sum of [`Self::weight_in_day`]. Worked out
    /// relative to the newest day, so that nothing overflows.
    #[must_use]
    pub fn trend(&self, days: impl Iterator<Item = (Day, f64)> + Clone) -> f64 {
        let exponent = |day: Day| (day.start().seconds() - EPOCH_SECONDS) / self.half_life;
        let Some(top) = days.clone().filter(|(_, weight)| *weight > 0.0).map(|(day, _)| day).max() else {
            return NO_TREND;
        };
        let top = exponent(top);
        let sum: f64 = days.map(|(day, weight)| weight * (exponent(day) - top).exp2()).sum();
        (top + sum.log2()).max(0.0)
    }

    /// The trend after one more vote at `cast_at`.
    #[must_use]
    pub fn trend_with(&self, trend: f64, cast_at: Timestamp) -> f64 {
        let new = (cast_at.seconds() - EPOCH_SECONDS) / self.half_life;
        if trend < 0.0 {
            return new.max(0.0);
        }
        let (high, low) = if new > trend { (new, trend) } else { (trend, new) };
        (high + (1.0 + (low - high).exp2()).log2()).max(0.0)
    }
}

/// The mean to show: rounded half to even to one decimal, `None` without votes. In whole numbers, so that
/// 4.25 is exactly a tie.
#[must_use]
pub fn shown_rating(rating_sum: i64, vote_count: i64) -> Option<f64> {
    if vote_count <= 0 {
        return None;
    }
    let tenths = rating_sum * 10;
    let (quotient, remainder) = (tenths / vote_count, tenths % vote_count);
    let up = match (remainder * 2).cmp(&vote_count) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => quotient & 1,
    };
    Some((quotient + up) as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_five_does_not_outrank_many_near_fives() {
        let ranking = Ranking::default();
        assert!(ranking.bayesian(5, 1) < ranking.bayesian(2450, 500));
    }

    #[test]
    fn a_build_without_votes_scores_below_every_other() {
        let ranking = Ranking { prior_mean: 1.0, prior_weight: 10_000.0, ..Ranking::default() };
        assert!(ranking.bayesian(0, 0) < ranking.bayesian(1_000_000, 1_000_000));
    }

    #[test]
    fn shown_ratings_round_half_to_even() {
        assert_eq!(shown_rating(17, 4), Some(4.2));
        assert_eq!(shown_rating(87, 20), Some(4.4));
        assert_eq!(shown_rating(13, 3), Some(4.3));
        assert_eq!(shown_rating(0, 0), None);
    }

    #[test]
    fn the_trend_by_days_equals_the_trend_vote_by_vote() {
        let ranking = Ranking::default();
        let base = 1_768_000_000_000_000;
        let times: Vec<_> =
            (0..50).map(|i| Timestamp::from_micros(base + i * 7_654_321_000).unwrap()).collect();
        let mut trend = NO_TREND;
        let mut days = std::collections::BTreeMap::new();
        for at in &times {
            trend = ranking.trend_with(trend, *at);
            *days.entry(at.day()).or_insert(0.0) += ranking.weight_in_day(*at);
        }
        let by_days = ranking.trend(days.iter().map(|(day, weight)| (*day, *weight)));
        assert!((trend - by_days).abs() < 1e-9, "{trend} {by_days}");
    }

    #[test]
    fn without_votes_there_is_no_trend() {
        assert_eq!(Ranking::default().trend(std::iter::empty()), NO_TREND);
    }
}
