//! A rating as five stars, the last one filled in part.

/// A mean rating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stars {
    rating: f64,
}

impl Stars {
    /// Stars of a mean rating, which is kept between 0 and 5.
    #[must_use]
    pub fn new(rating: f64) -> Self {
        Self { rating: if rating.is_finite() { rating.clamp(0.0, 5.0) } else { 0.0 } }
    }

    /// Five empty stars.
    #[must_use]
    pub fn none() -> Self {
        Self { rating: 0.0 }
    }

    /// The mean with one decimal.
    #[must_use]
    pub fn label(self) -> String {
        format!("{:.1}", self.rating)
    }

    /// The width of the filled part in a drawing of five stars that is 120 units wide.
    #[must_use]
    pub fn width(self) -> String {
        format!("{:.1}", self.rating * 24.0)
    }
}

/// The votes of one number of stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub stars: u8,
    pub votes: u64,
    /// The share of all votes in whole percent.
    pub percent: u64,
}

impl Bar {
    /// The number of votes with thousands separators.
    #[must_use]
    pub fn count(self) -> String {
        crate::text::number(self.votes)
    }
}

/// The distribution of votes of 1 to 5 stars, five stars first.
#[must_use]
pub fn bars(distribution: [u64; 5]) -> Vec<Bar> {
    let total: u64 = distribution.iter().sum();
    (1..=5u8)
        .rev()
        .map(|stars| {
            let votes = distribution[usize::from(stars) - 1];
            let percent = if total == 0 { 0 } else { (votes * 200 + total) / (total * 2) };
            Bar { stars, votes, percent }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_their_drawing() {
        assert_eq!(Stars::new(4.3).label(), "4.3");
        assert_eq!(Stars::new(4.3).width(), "103.2");
        assert_eq!(Stars::new(f64::NAN).width(), "0.0");
        assert_eq!(Stars::new(9.0).width(), "120.0");
    }

    #[test]
    fn a_distribution_is_in_percent() {
        let percents: Vec<_> = bars([0, 1, 2, 4, 5]).iter().map(|it| it.percent).collect();
        assert_eq!(percents, [42, 33, 17, 8, 0]);
        assert!(bars([0; 5]).iter().all(|it| it.percent == 0));
    }
}
