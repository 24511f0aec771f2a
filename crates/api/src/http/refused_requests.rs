//! Requests that the rate limits refuse: how many each limit has refused, for the log, and the networks they come from,
//! for administrators. Networks are held in memory only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ipnet::IpNet;

use super::client_address::ClientAddress;

/// How long networks are counted before the counts of the time before are dropped.
pub const WINDOW: Duration = Duration::from_secs(600);

/// The networks that are counted at once. Among them is each one with more than its share (1/256) of the refusals.
const MAX_COUNTED: usize = 256;

/// The most networks that a report lists.
const MAX_LISTED: usize = 20;

/// Requests that the limits of this process have refused.
#[derive(Clone, Default)]
pub struct RefusedRequests(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By the name of the limit, since the last line of the log.
    unlogged: BTreeMap<&'static str, u64>,
    current: HashMap<IpNet, u64>,
    previous: HashMap<IpNet, u64>,
}

impl RefusedRequests {
    /// Counts one that `limit` has refused.
    pub fn record(&self, limit: &'static str, client: Option<&ClientAddress>) {
        let mut state = self.lock();
        *state.unlogged.entry(limit).or_default() += 1;
        if let Some(client) = client {
            count(&mut state.current, client.network());
        }
    }

    /// The counts by limit since the last call.
    #[must_use]
    pub fn take_unlogged(&self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.lock().unlogged)
    }

    /// Begins to count networks anew; to be called every [`WINDOW`].
    pub fn begin_window(&self) {
        let mut state = self.lock();
        state.previous = std::mem::take(&mut state.current);
    }

    /// The networks with the most refusals in this window and the one before.
    #[must_use]
    pub fn networks(&self) -> Vec<(IpNet, u64)> {
        let state = self.lock();
        let mut sums = state.previous.clone();
        for (network, refused) in &state.current {
            *sums.entry(*network).or_default() += refused;
        }
        drop(state);
        let mut networks: Vec<(IpNet, u64)> = sums.into_iter().collect();
        networks.sort_unstable_by_key(|(network, refused)| (std::cmp::Reverse(*refused), *network));
        networks.truncate(MAX_LISTED);
        networks
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a network. When the map is full, a new one takes the place and the count of the least (the Space-Saving
/// algorithm): a count may be too high, never too low.
fn count(counts: &mut HashMap<IpNet, u64>, network: IpNet) {
    if let Some(refused) = counts.get_mut(&network) {
        *refused += 1;
        return;
    }
    let mut inherited = 0;
    if counts.len() >= MAX_COUNTED
        && let Some((least, refused)) = counts.iter().min_by_key(|(_, refused)| **refused)
    {
        let least = *least;
        inherited = *refused;
        counts.remove(&least);
    }
    counts.insert(network, inherited + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(number: u32) -> IpNet {
        IpNet::new_assert(std::net::IpAddr::V4((number << 8).into()), 24)
    }

    #[test]
    fn a_network_that_floods_is_listed_among_any_number_of_others() {
        let refused = RefusedRequests::default();
        for other in 0..20_000 {
            let mut state = refused.lock();
            count(&mut state.current, network(1 + other));
            if other % 50 == 0 {
                count(&mut state.current, network(0));
            }
            assert!(state.current.len() <= MAX_COUNTED);
        }
        let networks = refused.networks();
        assert_eq!(networks.len(), MAX_LISTED);
        assert_eq!(networks[0].0, network(0));
        assert!(networks[0].1 >= 400, "{networks:?}");
    }

    #[test]
    fn counts_are_dropped_after_the_next_window() {
        let refused = RefusedRequests::default();
        count(&mut refused.lock().current, network(7));
        refused.begin_window();
        assert_eq!(refused.networks(), [(network(7), 1)]);
        refused.begin_window();
        assert!(refused.networks().is_empty());
    }
}
