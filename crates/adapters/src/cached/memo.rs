//! Answers kept for a second. Who asks while an answer is being found waits for that one.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::future::Cache;
use myashes_domain::{Error, Result};

/// The longest an answer is given again.
const LIFETIME: Duration = Duration::from_secs(1);

/// The most answers kept.
const MOST: u64 = 2_000;

/// See the module. An answer that was begun before [`Memo::forget`] is never given to who asks after it: the
/// generation is part of the key.
pub struct Memo<K, V> {
    answers: Cache<(u64, K), V>,
    generation: AtomicU64,
}

impl<K, V> Memo<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub fn new() -> Self {
        let answers = Cache::builder().max_capacity(MOST).time_to_live(LIFETIME).build();
        Self { answers, generation: AtomicU64::new(0) }
    }

    /// The answer to `key`, found by `find` unless it is known.
    pub async fn get(&self, key: K, find: impl Future<Output = Result<V>>) -> Result<V> {
        let key = (self.generation.load(Ordering::Acquire), key);
        self.answers.try_get_with(key, find).await.map_err(|error: Arc<Error>| (*error).clone())
    }

    /// Lets go of every answer, because something was written.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_given_again_until_it_is_forgotten() {
        let memo = Memo::new();
        assert_eq!(memo.get("k", async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(memo.get("k", async { Ok(2) }).await.unwrap(), 1);
        memo.forget();
        assert_eq!(memo.get("k", async { Ok(2) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn an_answer_begun_before_a_write_is_not_given_after_it() {
        let memo = Arc::new(Memo::new());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let early = tokio::spawn({
            let memo = Arc::clone(&memo);
            async move {
                let find = async {
                    begun.send(()).unwrap();
                    wait.await.unwrap();
                    Ok("before")
                };
                memo.get("k", find).await
            }
        });
        has_begun.await.unwrap();
        memo.forget();
        assert_eq!(memo.get("k", async { Ok("after") }).await.unwrap(), "after");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap(), "before");
        assert_eq!(memo.get("k", async { Ok("never asked") }).await.unwrap(), "after");
    }

    #[tokio::test]
    async fn failures_are_not_kept() {
        let memo: Memo<&str, u8> = Memo::new();
        assert!(memo.get("k", async { Err(Error::NotFound) }).await.is_err());
        assert_eq!(memo.get("k", async { Ok(1) }).await.unwrap(), 1);
    }
}
