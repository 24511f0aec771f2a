//! How many exports each caller has running in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use myashes_domain::limits::EXPORTS;
use myashes_domain::session::Caller;
use myashes_domain::{Error, Result};

/// The most exports of one caller that run at once in this process.
const MAX_AT_ONCE: u32 = 2;

/// Seconds after which a refused export may be tried again.
const RETRY_AFTER: u64 = 5;

/// The exports that are running, by their caller.
#[derive(Clone, Default)]
pub struct RunningExports(Arc<Mutex<HashMap<[u8; 32], u32>>>);

/// One of a caller's exports, until it is dropped.
pub struct RunningExport {
    all: RunningExports,
    caller: [u8; 32],
}

impl RunningExports {
    /// Begins one.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when the caller has as many as are allowed.
    pub fn begin(&self, caller: &Caller) -> Result<RunningExport> {
        let caller = caller.fingerprint();
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(caller).or_default();
        if *count >= MAX_AT_ONCE {
            return Err(Error::RateLimited { limit: EXPORTS, retry_after: RETRY_AFTER });
        }
        *count += 1;
        Ok(RunningExport { all: self.clone(), caller })
    }
}

impl Drop for RunningExport {
    fn drop(&mut self) {
        let mut running = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use myashes_domain::session::SessionHash;

    use super::*;

    #[test]
    fn two_exports_of_a_caller_run_at_once() {
        let (all, caller) =
            (RunningExports::default(), Caller { session: SessionHash::of("s"), player: None });
        let first = all.begin(&caller).unwrap();
        let _second = all.begin(&caller).unwrap();
        assert!(matches!(all.begin(&caller), Err(Error::RateLimited { .. })));
        let other = Caller { session: SessionHash::of("x"), player: None };
        drop(all.begin(&other).unwrap());
        drop(first);
        drop(all.begin(&caller).unwrap());
        assert_eq!(all.0.lock().unwrap().len(), 1, "nothing is kept of those that are over");
    }
}
