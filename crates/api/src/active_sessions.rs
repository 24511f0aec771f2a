//! The approximate number of recently active sessions, without storing any of them.
//!
//! Linear counting (Whang, Vander-Zanden and Taylor, 1990): every session sets one of 2¹⁶ bits, and the
//! number of clear bits gives the number of sessions: `n ≈ −m·ln(clear / m)`. Within a percent up to some 100,000.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use myashes_domain::session::SessionHash;

const WORDS: usize = 1024;
const BITS: f64 = (WORDS * 64) as f64;

/// A session counts for one to two windows.
const WINDOW: Duration = Duration::from_secs(300);

/// Two windows: the one that is filling, and the one before it.
pub struct ActiveSessionCounter {
    windows: [Box<[AtomicU64]>; 2],
    turned: Mutex<(usize, Instant)>,
    filling: AtomicU64,
}

impl Default for ActiveSessionCounter {
    fn default() -> Self {
        let window = || (0..WORDS).map(|_| AtomicU64::new(0)).collect();
        Self {
            windows: [window(), window()],
            turned: Mutex::new((0, Instant::now())),
            filling: AtomicU64::new(0),
        }
    }
}

impl ActiveSessionCounter {
    /// A session made a request.
    pub fn record(&self, session: &SessionHash) {
        let [low, high, ..] = session.0;
        let bit = usize::from(u16::from_be_bytes([low, high]));
        let word = &self.windows[self.filling.load(Ordering::Relaxed) as usize & 1][bit / 64];
        let mask = 1 << (bit % 64);
        // Most are set already, and reading does not take the line from other cores.
        if word.load(Ordering::Relaxed) & mask == 0 {
            word.fetch_or(mask, Ordering::Relaxed);
        }
    }

    /// How many sessions made a request within the last five to ten minutes. Must be called about every second, since
    /// it also rotates the windows.
    pub fn count(&self) -> u64 {
        let mut turned = self.turned.lock().unwrap_or_else(PoisonError::into_inner);
        if turned.1.elapsed() >= WINDOW {
            *turned = (1 - turned.0, Instant::now());
            for word in &self.windows[turned.0] {
                word.store(0, Ordering::Relaxed);
            }
            self.filling.store(turned.0 as u64, Ordering::Relaxed);
        }
        let [one, two] = &self.windows;
        let set = |(a, b): (&AtomicU64, &AtomicU64)| {
            (a.load(Ordering::Relaxed) | b.load(Ordering::Relaxed)).count_ones()
        };
        let set: u32 = one.iter().zip(two.iter()).map(set).sum();
        let clear = (BITS - f64::from(set)).max(1.0);
        (-BITS * (clear / BITS).ln()).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_within_two_percent() {
        let active_sessions = ActiveSessionCounter::default();
        for n in 0..20_000_u32 {
            for _ in 0..2 {
                active_sessions.record(&SessionHash::of(&n.to_string()));
            }
        }
        let count = active_sessions.count();
        assert!((19_600..20_400).contains(&count), "{count}");
        assert_eq!(ActiveSessionCounter::default().count(), 0);
    }
}
