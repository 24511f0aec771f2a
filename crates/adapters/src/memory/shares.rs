//! Shares of a UTC day held in the process, in bounded memory.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use myashes_domain::clock::Day;
use myashes_domain::limits::DayShare;

/// Counts that are kept at most: about 8 MiB. Holders who have taken more than this in one day are past what a share
/// per holder can stop.
const MAX_COUNTS: usize = 200_000;

/// What was taken on one day. Keys are keyed hashes: small, of one size, and not to be made to collide from outside.
#[derive(Default)]
struct TakenShares {
    day: Option<Day>,
    /// How often a holder has taken an item.
    per_item: HashMap<u64, u32>,
    /// How many items a holder has taken.
    items: HashMap<u64, u32>,
}

/// What was taken of the shares of a day, in this process.
pub struct LocalShares {
    hasher: RandomState,
    max_counts: usize,
    taken: Mutex<TakenShares>,
}

impl Default for LocalShares {
    fn default() -> Self {
        Self { hasher: RandomState::new(), max_counts: MAX_COUNTS, taken: Mutex::default() }
    }
}

impl LocalShares {
    /// See [`myashes_domain::limits::RateLimiter::take_share`].
    pub fn take(&self, share: &DayShare) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // A request that was on its way at midnight does not bring yesterday back.
        if taken.day.is_none_or(|day| day < share.day) {
            *taken = TakenShares { day: Some(share.day), ..TakenShares::default() };
        }
        if taken.per_item.len() + taken.items.len() >= self.max_counts {
            tracing::warn!("too many shares of popular queries are held in this process; starting them anew");
            *taken = TakenShares { day: Some(share.day), ..TakenShares::default() };
        }
        let keys = share.holders.iter().map(|holder| {
            (self.hasher.hash_one(&holder.bucket), self.hasher.hash_one((&holder.bucket, share.item)))
        });
        let keys: Vec<(u64, u64)> = keys.collect();
        let count = |counts: &HashMap<u64, u32>, key: &u64| counts.get(key).copied().unwrap_or_default();
        let has_capacity = share.holders.iter().zip(&keys).all(|(holder, (of_holder, of_item))| {
            let times = count(&taken.per_item, of_item);
            let is_new = times == 0;
            times < holder.per_item
                && holder.items.is_none_or(|most| !is_new || count(&taken.items, of_holder) < most)
        });
        if has_capacity {
            for (holder, (of_holder, of_item)) in share.holders.iter().zip(keys) {
                let times = taken.per_item.entry(of_item).or_default();
                *times += 1;
                if *times == 1 && holder.items.is_some() {
                    *taken.items.entry(of_holder).or_default() += 1;
                }
            }
        }
        has_capacity
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use myashes_domain::limits::ShareHolder;

    use super::*;

    fn share(day: i32, item: u64, holders: &[(&str, u32, Option<u32>)]) -> DayShare {
        let holder = |(bucket, per_item, items): &(&str, u32, Option<u32>)| ShareHolder {
            bucket: (*bucket).to_owned(),
            per_item: *per_item,
            items: *items,
        };
        let holders = holders.iter().map(holder).collect();
        DayShare { day: Day(day), remaining: Duration::from_secs(60), item, holders }
    }

    #[test]
    fn an_item_is_taken_a_number_of_times_a_day() {
        let shares = LocalShares::default();
        let one = share(1, 7, &[("a", 2, None)]);
        assert_eq!([0; 3].map(|_| shares.take(&one)), [true, true, false]);
        assert!(shares.take(&share(1, 8, &[("a", 2, None)])), "another item");
        assert!(shares.take(&share(2, 7, &[("a", 2, None)])), "another day");
        assert!(shares.take(&one), "yesterday's counts expired, and today's are kept");
    }

    #[test]
    fn a_holder_takes_a_number_of_items_a_day_and_goes_on_with_those() {
        let shares = LocalShares::default();
        let of = |item| share(1, item, &[("a", 10, Some(2))]);
        assert_eq!([1, 2, 3, 3, 1].map(|item| shares.take(&of(item))), [true, true, false, false, true]);
    }

    #[test]
    fn nothing_is_taken_from_one_holder_where_another_has_none_left() {
        let shares = LocalShares::default();
        let both = share(1, 7, &[("caller", 2, None), ("address", 1, Some(9))]);
        assert_eq!([0; 3].map(|_| shares.take(&both)), [true, false, false]);
        assert!(shares.take(&share(1, 7, &[("caller", 2, None)])), "its second one is still there");
    }

    #[test]
    fn memory_is_bounded_whatever_is_taken() {
        let shares = LocalShares { max_counts: 10, ..LocalShares::default() };
        for item in 0..1_000 {
            shares.take(&share(1, item, &[("a", 1, Some(1_000_000)), ("b", 1, None)]));
        }
        let taken = shares.taken.lock().unwrap();
        assert!(taken.per_item.len() + taken.items.len() <= 12);
    }
}
