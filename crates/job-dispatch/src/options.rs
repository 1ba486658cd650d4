//! The settings of a worker.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use logistics_domain::jobs::LeaseTerms;

/// How a worker works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerOptions {
    /// How long a chunk is held without a heartbeat. The heart beats three times as often.
    pub lease: Duration,
    /// How often it looks for work of which it did not hear.
    pub poll: Duration,
    /// How often a chunk is tried before its records are isolated, or given up where what they need is away.
    pub attempts: u32,
    /// The pause after the first attempt that failed for a reason that may pass; it doubles with each further one.
    pub pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long a worker that is told to stop may still calculate before it returns its chunk.
    pub grace: Duration,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            attempts: 5,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            grace: Duration::from_secs(10),
        }
    }
}

impl WorkerOptions {
    /// The terms of a claim or of a heartbeat.
    pub(crate) fn terms(&self, now: DateTime<Utc>) -> LeaseTerms {
        let longest = self.lease.max(self.longest_pause);
        LeaseTerms { now, until: now + delta(self.lease), horizon: now + delta(longest.saturating_mul(2)) }
    }

    /// When a chunk is tried again after so many attempts.
    pub(crate) fn again(&self, now: DateTime<Utc>, attempts: u32) -> DateTime<Utc> {
        let doubled = 2u32.saturating_pow(attempts.saturating_sub(1));
        now + delta(self.pause.saturating_mul(doubled).min(self.longest_pause))
    }
}

fn delta(duration: Duration) -> TimeDelta {
    const LONGEST: TimeDelta = TimeDelta::days(1);
    TimeDelta::from_std(duration).map_or(LONGEST, |delta| delta.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let options = WorkerOptions::default();
        let now = DateTime::UNIX_EPOCH;
        let seconds = |attempts| (options.again(now, attempts) - now).num_seconds();
        assert_eq!([1, 2, 3, 7, 99].map(seconds), [1, 2, 4, 60, 60]);
    }
}
