//! Tallies as answers show them: what cannot be the sum of any votes is wrong, whenever it was read.

use serde_json::Value;

/// Checks `avg_rating` against `vote_count` in an answer about votes.
///
/// # Errors
/// What is wrong.
pub fn of_vote(answer: &Value) -> Result<(), String> {
    fits(answer["vote_count"].as_i64(), answer["avg_rating"].as_f64())
}

/// Checks a build's `rating` against its `vote_count`, and `rating_distribution` against both where it is shown.
///
/// # Errors
/// What is wrong.
pub fn of_build(build: &Value) -> Result<(), String> {
    let (count, rating) = (build["vote_count"].as_i64(), build["rating"].as_f64());
    fits(count, rating)?;
    let Some(stars) = build["rating_distribution"].as_array() else { return Ok(()) };
    let stars: Vec<i64> = stars.iter().map(|it| it.as_i64().unwrap_or(-1)).collect();
    if stars.len() != 5 || stars.iter().any(|it| *it < 0) {
        return Err(format!("a distribution {stars:?}"));
    }
    let sum: i64 = stars.iter().zip(1..).map(|(votes, rating)| votes * rating).sum();
    let votes: i64 = stars.iter().sum();
    let mean = rating.unwrap_or(0.0) * votes as f64;
    let is_mean = (sum as f64 - mean).abs() <= 0.05 * votes as f64 + 1e-6;
    if Some(votes) != count || !is_mean {
        return Err(format!("distribution {stars:?} of {count:?} votes with the mean {rating:?}"));
    }
    Ok(())
}

fn fits(count: Option<i64>, mean: Option<f64>) -> Result<(), String> {
    let right = match (count, mean) {
        (Some(0), None) => true,
        (Some(count @ 1..), Some(mean)) => {
            let sum = (mean * count as f64).round().clamp(count as f64, 5.0 * count as f64);
            (sum / count as f64 - mean).abs() <= 0.05 + 1e-6
        }
        _ => false,
    };
    if right { Ok(()) } else { Err(format!("{count:?} votes with the mean {mean:?}")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_build, of_vote};

    #[test]
    fn means_that_no_votes_have_are_wrong() {
        for (count, mean, right) in [
            (json!(0), json!(null), true),
            (json!(1), json!(5.0), true),
            (json!(3), json!(3.7), true),
            (json!(0), json!(3.0), false),
            (json!(1), json!(null), false),
            (json!(1), json!(405.0), false),
            (json!(2), json!(4.7), false),
            (json!(-1), json!(3.0), false),
        ] {
            let answer = json!({"vote_count": count, "avg_rating": mean});
            assert_eq!(of_vote(&answer).is_ok(), right, "{answer}");
        }
    }

    #[test]
    fn a_distribution_has_the_count_and_the_mean() {
        let build = |stars: [i64; 5]| json!({"vote_count": 2, "rating": 4.5, "rating_distribution": stars});
        assert!(of_build(&build([0, 0, 0, 1, 1])).is_ok());
        assert!(of_build(&build([0, 0, 0, 2, 0])).is_err());
        assert!(of_build(&build([0, 0, 0, 2, 1])).is_err());
    }
}
