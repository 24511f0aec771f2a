//! What a batch of searches adds to the roll-ups: only ranked searches count. A batch is summed up before it is sent:
//! however often it contains a query, the query's row is changed once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use myashes_domain::analytics::{CountedAddress, SPARE_CALLERS, SearchRecord};

use crate::sql::types::text_key;

/// The key of a roll-up: the day, the mode, the key of the folded query.
pub type SearchRollupKey = (i32, &'static str, Vec<u8>);

/// By roll-up key and the key of the spelling. Rows are changed in this order, so that two batches never deadlock.
type Days<'a> = BTreeMap<(SearchRollupKey, Vec<u8>), DayCount<'a>>;

#[derive(Debug, PartialEq, Eq)]
pub struct DayCount<'a> {
    pub folded: &'a str,
    pub spelling: &'a str,
    pub searches: i64,
    pub zero_results: i64,
}

#[derive(Debug, Default)]
pub struct RollUp<'a> {
    pub days: Days<'a>,
    /// The callers of queries that may not have reached the limits on stored callers and addresses.
    pub callers: BTreeMap<SearchRollupKey, Callers<'a>>,
    /// How many callers of a query are kept for each day.
    pub callers_kept: u32,
    /// How many of them with an address.
    pub addresses_kept: u32,
}

/// Those that the threshold asks for, and some to spare.
fn callers_kept(min_callers: u32) -> u32 {
    min_callers + SPARE_CALLERS
}

/// Callers are not distinguished by addresses where one is enough.
fn addresses_kept(min_callers: u32) -> u32 {
    if min_callers > 1 { min_callers } else { 0 }
}

/// The callers of a query in a batch, each with the address it brings: `None` for one of its own, an empty one for none
/// that counts.
#[derive(Debug, Default)]
pub struct Callers<'a> {
    pub addresses: BTreeMap<&'a [u8; 32], Option<&'a [u8]>>,
    hashes: BTreeSet<[u8; 16]>,
    brought: u32,
}

impl<'a> Callers<'a> {
    /// Adds the caller of a search, while more callers or addresses are of use.
    fn add(&mut self, record: &'a SearchRecord) {
        if self.addresses.contains_key(&record.caller) {
            return;
        }
        let address: Option<&[u8]> = match &record.address {
            CountedAddress::Own => None,
            CountedAddress::Hashed(hash) if self.hashes.insert(*hash) => Some(hash),
            CountedAddress::Hashed(_) | CountedAddress::NotKept => Some(&[]),
        };
        let brings_one = address.is_none_or(|address| !address.is_empty());
        let is_needed = brings_one && self.brought < addresses_kept(record.min_callers);
        if is_needed || self.addresses.len() < callers_kept(record.min_callers) as usize {
            self.brought += u32::from(brings_one);
            self.addresses.insert(&record.caller, address);
        }
    }
}

impl<'a> RollUp<'a> {
    pub fn of(records: &'a [SearchRecord], settled: &SaturatedKeys) -> Self {
        let mut roll_up = Self::default();
        let known = settled.known();
        for record in records.iter().filter(|record| record.ranked) {
            roll_up.callers_kept = roll_up.callers_kept.max(callers_kept(record.min_callers));
            roll_up.addresses_kept = roll_up.addresses_kept.max(addresses_kept(record.min_callers));
            let (folded, spelling) = (record.query.folded(), record.query.text());
            let asked = (record.at.day().0, record.search_mode.into_str(), text_key(folded));
            if !known.asked.contains(&asked) {
                roll_up.callers.entry(asked.clone()).or_default().add(record);
            }
            let fresh = DayCount { folded, spelling, searches: 0, zero_results: 0 };
            let count = roll_up.days.entry((asked, text_key(spelling))).or_insert(fresh);
            count.searches += 1;
            count.zero_results += i64::from(record.result_count == 0);
        }
        roll_up
    }
}

/// Roll-up keys that have as many callers and addresses as are stored, so that no more are looked up. The erasure
/// of an account removes callers: by this process it invalidates them, by another one they expire.
#[derive(Clone)]
pub struct SaturatedKeys(Arc<Mutex<Known>>);

struct Known {
    since: Instant,
    asked: HashSet<SearchRollupKey>,
}

impl SaturatedKeys {
    const MAX_KEYS: usize = 10_000;
    const LIFETIME: Duration = Duration::from_secs(60);

    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Known { since: Instant::now(), asked: HashSet::new() })))
    }

    /// Adds keys. Called once the transaction that found them has committed.
    pub fn note(&self, found: Vec<SearchRollupKey>) {
        self.known().asked.extend(found);
    }

    /// Drops all keys.
    pub fn invalidate(&self) {
        self.known().asked.clear();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.since.elapsed() > Self::LIFETIME || known.asked.len() > Self::MAX_KEYS {
            *known = Known { since: Instant::now(), asked: HashSet::new() };
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use myashes_domain::analytics::SearchQuery;
    use myashes_domain::clock::Timestamp;
    use myashes_domain::feedback::SearchMode;
    use myashes_domain::session::SessionHash;

    use super::*;

    fn search(query: &str, results: i32, caller: u8) -> SearchRecord {
        SearchRecord {
            query: SearchQuery::parse(query).unwrap(),
            search_mode: SearchMode::Quick,
            result_count: results,
            session: SessionHash([caller; 32]),
            player_id: None,
            caller: [caller; 32],
            at: Timestamp::from_micros(0).unwrap(),
            ranked: true,
            address: CountedAddress::Own,
            min_callers: 3,
        }
    }

    fn from(address: u8, search: SearchRecord) -> SearchRecord {
        SearchRecord { address: CountedAddress::Hashed([address; 16]), ..search }
    }

    #[test]
    fn a_query_is_one_row_for_each_spelling_and_settled_ones_ask_for_no_callers() {
        let records = [search("Tank", 0, 1), search("tank", 3, 1), search("tank", 0, 2), search("bow", 1, 3)];
        let settled = SaturatedKeys::new();
        let roll_up = RollUp::of(&records, &settled);
        let counts: Vec<_> =
            roll_up.days.values().map(|it| (it.spelling, it.searches, it.zero_results)).collect();
        assert_eq!(counts.len(), 3);
        for expected in [("Tank", 1, 1), ("tank", 2, 1), ("bow", 1, 0)] {
            assert!(counts.contains(&expected), "{expected:?}");
        }
        let tank = (0, SearchMode::Quick.into_str(), text_key("tank"));
        assert_eq!(roll_up.callers[&tank].addresses.len(), 2);
        settled.note(vec![tank]);
        assert_eq!(RollUp::of(&records, &settled).callers.len(), 1);
    }

    #[test]
    fn where_one_caller_is_enough_no_address_is_looked_for() {
        let not_kept = |caller| SearchRecord {
            address: CountedAddress::NotKept,
            min_callers: 1,
            ..search("tank", 1, caller)
        };
        let records: Vec<_> = (0..30).map(not_kept).collect();
        let roll_up = RollUp::of(&records, &SaturatedKeys::new());
        assert_eq!((roll_up.callers_kept, roll_up.addresses_kept), (1 + SPARE_CALLERS, 0));
        assert_eq!(roll_up.callers.into_values().next().unwrap().addresses.len(), 8);
    }

    #[test]
    fn unranked_searches_are_not_rolled_up() {
        let records = [SearchRecord { ranked: false, ..search("tank", 0, 1) }];
        let roll_up = RollUp::of(&records, &SaturatedKeys::new());
        assert!(roll_up.days.is_empty() && roll_up.callers.is_empty());
    }

    #[test]
    fn an_address_counts_once_and_many_callers_of_one_do_not_crowd_out_others() {
        let mut records: Vec<_> = (0..30).map(|caller| from(1, search("tank", 1, caller))).collect();
        records.extend((30..40).map(|caller| from(caller, search("tank", 1, caller))));
        let roll_up = RollUp::of(&records, &SaturatedKeys::new());
        let callers = roll_up.callers.into_values().next().unwrap();
        let brought: Vec<_> = callers.addresses.values().flatten().filter(|it| !it.is_empty()).collect();
        assert_eq!((callers.addresses.len(), brought.len()), (3 + SPARE_CALLERS as usize + 2, 3));
    }
}
