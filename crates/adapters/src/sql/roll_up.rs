//! What a batch of searches adds to the roll-ups. It is counted before it is sent: however often a query is among
//! them, its row is changed once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use myashes_domain::analytics::{CALLERS_KEPT, SearchRecord};

use crate::sql::types::text_key;

/// What was asked for: the day, the mode, the key of the folded query.
pub type Asked = (i32, &'static str, Vec<u8>);

/// By what was asked for and the key of its spelling: the order in which rows are changed, so that two batches never
/// wait for each other in a circle.
type Days<'a> = BTreeMap<(Asked, Vec<u8>), DayCount<'a>>;

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
    /// Who asked for what may have room for more callers.
    pub callers: BTreeMap<Asked, BTreeSet<&'a [u8; 32]>>,
}

impl<'a> RollUp<'a> {
    pub fn of(records: &'a [SearchRecord], settled: &Settled) -> Self {
        let mut roll_up = Self::default();
        let known = settled.known();
        for record in records {
            let (folded, spelling) = (record.query.folded(), record.query.text());
            let asked = (record.at.day().0, record.search_mode.name(), text_key(folded));
            if !known.asked.contains(&asked) {
                let callers = roll_up.callers.entry(asked.clone()).or_default();
                if callers.len() < CALLERS_KEPT as usize {
                    callers.insert(&record.caller);
                }
            }
            let fresh = DayCount { folded, spelling, searches: 0, zero_results: 0 };
            let count = roll_up.days.entry((asked, text_key(spelling))).or_insert(fresh);
            count.searches += 1;
            count.zero_results += i64::from(record.result_count == 0);
        }
        roll_up
    }
}

/// What was asked for by as many callers as are kept: nobody looks for more of them. Forgotten after a minute, since
/// an account that is erased takes its searches with it.
#[derive(Clone)]
pub struct Settled(Arc<Mutex<Known>>);

struct Known {
    since: Instant,
    asked: HashSet<Asked>,
}

impl Settled {
    const MOST: usize = 10_000;
    const LIFETIME: Duration = Duration::from_secs(60);

    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Known { since: Instant::now(), asked: HashSet::new() })))
    }

    /// To be told once what was found is committed.
    pub fn note(&self, found: Vec<Asked>) {
        self.known().asked.extend(found);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.since.elapsed() > Self::LIFETIME || known.asked.len() > Self::MOST {
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
        }
    }

    #[test]
    fn a_query_is_one_row_for_each_spelling_and_settled_ones_ask_for_no_callers() {
        let records = [search("Tank", 0, 1), search("tank", 3, 1), search("tank", 0, 2), search("bow", 1, 3)];
        let settled = Settled::new();
        let roll_up = RollUp::of(&records, &settled);
        let counts: Vec<_> =
            roll_up.days.values().map(|it| (it.spelling, it.searches, it.zero_results)).collect();
        assert_eq!(counts.len(), 3);
        for expected in [("Tank", 1, 1), ("tank", 2, 1), ("bow", 1, 0)] {
            assert!(counts.contains(&expected), "{expected:?}");
        }
        let tank = (0, SearchMode::Quick.name(), text_key("tank"));
        assert_eq!(roll_up.callers[&tank].len(), 2);
        settled.note(vec![tank]);
        assert_eq!(RollUp::of(&records, &settled).callers.len(), 1);
    }
}
