use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use logistics_domain::accounts::{Accounts, KnownKey};
use logistics_domain::ids::ApiKeyId;
use logistics_domain::ports::{Clock, StoreError};
use quick_cache::sync::Cache;
use subtle::ConstantTimeEq;

use super::hash_key;

/// For how long a key that was found is not looked up again: a revoked key works at most that much longer.
const REMEMBERED: Duration = Duration::from_secs(2);

/// How many keys are remembered at once.
const CAPACITY: usize = 10_000;

/// How many requests a key may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In a second, in the long run.
    pub per_second: NonZeroU32,
    /// At once.
    pub burst: NonZeroU32,
}

/// The keys that requests present.
pub struct Keys {
    accounts: Arc<dyn Accounts>,
    clock: Arc<dyn Clock>,
    found: Cache<[u8; 32], (Arc<KnownKey>, Instant)>,
    used: Mutex<HashMap<ApiKeyId, DateTime<Utc>>>,
    limiter: Option<DefaultKeyedRateLimiter<ApiKeyId>>,
}

impl Keys {
    /// The keys of these accounts, of which each may make so many requests; any number if there is no rate.
    #[must_use]
    pub fn new(accounts: Arc<dyn Accounts>, clock: Arc<dyn Clock>, rate: Option<Rate>) -> Self {
        let quota = |rate: Rate| Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            accounts,
            clock,
            found: Cache::new(CAPACITY),
            used: Mutex::default(),
            limiter: rate.map(|rate| RateLimiter::keyed(quota(rate))),
        }
    }

    /// The key with that text, if it holds.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn find(&self, text: &str) -> Result<Option<Arc<KnownKey>>, StoreError> {
        let hash = hash_key(text);
        let found = match self.found.get(&hash) {
            Some((key, since)) if since.elapsed() < REMEMBERED => Some(key),
            _ => self.look_up(hash).await?,
        };
        let now = self.clock.now();
        let found = found.filter(|key| bool::from(key.hash.ct_eq(&hash)) && key.holds(now));
        if let Some(key) = &found {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(key.id, now);
        }
        Ok(found)
    }

    async fn look_up(&self, hash: [u8; 32]) -> Result<Option<Arc<KnownKey>>, StoreError> {
        let since = Instant::now();
        let found = self.accounts.key(hash).await?.map(Arc::new);
        match &found {
            Some(key) => self.found.insert(hash, (key.clone(), since)),
            None => {
                self.found.remove(&hash);
            }
        }
        Ok(found)
    }

    /// Counts a request of a key.
    ///
    /// # Errors
    /// The seconds after which the next request is admitted, if this one is not.
    pub fn admit(&self, key: &KnownKey) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&key.id).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }

    /// Makes this process look every key up again: one was changed.
    pub fn forget(&self) {
        self.found.clear();
    }

    /// Writes down when the keys were last used, since it was last written down. It belongs to a timer and to the end of a
    /// program: requests do not wait for it.
    pub async fn note_uses(&self) {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return;
        }
        if let Err(error) = self.accounts.note_use(used.into_iter().collect()).await {
            tracing::warn!(%error, "when keys were last used is not noted");
        }
    }
}
