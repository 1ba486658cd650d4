//! Answers that were given before.

use std::future::Future;
use std::hash::Hash;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use crate::config::CachePolicy;

/// Keeps answers by question, each for its time. One question is asked once, however many ask it at the same moment.
pub(crate) struct Memory<K, V> {
    /// None where nothing shall be kept.
    kept: Option<Cache<K, (Instant, V)>>,
    policy: CachePolicy,
}

/// An answer knows whether it is one.
pub(crate) trait Memorable: Clone {
    /// There is no such place or route.
    fn is_nothing(&self) -> bool;
}

impl<K: Hash + Eq + Clone, V: Memorable> Memory<K, V> {
    pub fn new(policy: CachePolicy) -> Self {
        Self { kept: (policy.entries > 0).then(|| Cache::new(policy.entries)), policy }
    }

    /// The answer that is kept, or else the one that `ask` gives. An error is not kept.
    pub async fn or_ask<E>(&self, key: &K, ask: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let Some(kept) = &self.kept else {
            return ask.await;
        };
        if let Some((at, answer)) = kept.get(key)
            && at.elapsed() > self.time_to_live(&answer)
        {
            kept.remove(key);
        }
        match kept.get_value_or_guard_async(key).await {
            Ok((_, answer)) => Ok(answer),
            Err(guard) => {
                let answer = ask.await?;
                // Refused only if the entry was removed meanwhile.
                let _removed = guard.insert((Instant::now(), answer.clone()));
                Ok(answer)
            }
        }
    }

    fn time_to_live(&self, answer: &V) -> Duration {
        if answer.is_nothing() { self.policy.time_to_live_of_nothing } else { self.policy.time_to_live }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    impl Memorable for Option<u32> {
        fn is_nothing(&self) -> bool {
            self.is_none()
        }
    }

    struct Oracle(AtomicU32);

    impl Oracle {
        async fn ask(&self) -> Result<Option<u32>, ()> {
            tokio::task::yield_now().await;
            Ok(Some(self.0.fetch_add(1, Ordering::Relaxed)))
        }
    }

    #[tokio::test]
    async fn one_question_is_asked_once() {
        let (memory, oracle) = (Memory::new(CachePolicy::default()), Oracle(AtomicU32::new(7)));
        let (a, b) = tokio::join!(memory.or_ask(&"x", oracle.ask()), memory.or_ask(&"x", oracle.ask()));
        assert_eq!((a, b, memory.or_ask(&"x", oracle.ask()).await), (Ok(Some(7)), Ok(Some(7)), Ok(Some(7))));
    }

    #[tokio::test]
    async fn errors_are_not_kept_and_nothing_is_kept_for_its_own_time() {
        let policy = CachePolicy { time_to_live_of_nothing: Duration::ZERO, ..CachePolicy::default() };
        let (memory, oracle) = (Memory::new(policy), Oracle(AtomicU32::new(0)));
        assert_eq!(memory.or_ask(&1, async { Err("away") }).await, Err("away"));
        assert_eq!(memory.or_ask(&1, async { Ok::<_, ()>(None) }).await, Ok(None));
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(memory.or_ask(&1, oracle.ask()).await, Ok(Some(0)));
    }

    #[tokio::test]
    async fn answers_grow_old_and_need_not_be_kept() {
        let now = CachePolicy { time_to_live: Duration::ZERO, ..CachePolicy::default() };
        for policy in [now, CachePolicy { entries: 0, ..CachePolicy::default() }] {
            let (memory, oracle) = (Memory::new(policy), Oracle(AtomicU32::new(0)));
            assert_eq!(memory.or_ask(&1, oracle.ask()).await, Ok(Some(0)));
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert_eq!(memory.or_ask(&1, oracle.ask()).await, Ok(Some(1)));
        }
    }
}
