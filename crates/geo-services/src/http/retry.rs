//! How long to wait before a call is repeated.

use std::time::Duration;

use crate::config::RetryPolicy;

impl RetryPolicy {
    /// The wait before the repetition that follows attempt number `attempt`, counted from 0; none if there shall be none.
    /// `draw` takes the longest wait and gives a random one up to it.
    pub(super) fn wait(
        &self,
        attempt: u32,
        retry_after: Option<Duration>,
        draw: impl FnOnce(Duration) -> Duration,
    ) -> Option<Duration> {
        if attempt >= self.retries {
            return None;
        }
        match retry_after {
            Some(wanted) => (wanted <= self.max_delay).then_some(wanted),
            None => {
                let longest = self.base_delay.saturating_mul(2_u32.saturating_pow(attempt));
                Some(draw(longest.min(self.max_delay)))
            }
        }
    }
}

/// A random time up to a longest one ("full jitter"), so that many callers do not come back at the same moment.
pub(super) fn jitter(longest: Duration) -> Duration {
    longest.mul_f64(rand::random_range(0.0..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy =
        RetryPolicy { retries: 6, base_delay: Duration::from_millis(200), max_delay: Duration::from_secs(5) };

    #[test]
    fn the_longest_wait_doubles_to_its_limit() {
        let longest = |attempt| POLICY.wait(attempt, None, |longest| longest).map(|wait| wait.as_millis());
        let waits: Vec<_> = (0..7).map(longest).collect();
        assert_eq!(waits, [Some(200), Some(400), Some(800), Some(1600), Some(3200), Some(5000), None]);
    }

    #[test]
    fn the_server_may_ask_for_patience_up_to_a_limit() {
        let wait = |seconds| POLICY.wait(0, Some(Duration::from_secs(seconds)), |_| Duration::ZERO);
        assert_eq!(wait(3), Some(Duration::from_secs(3)));
        assert_eq!(wait(3600), None);
    }

    #[test]
    fn jitter_stays_within_its_limit() {
        let longest = Duration::from_millis(10);
        assert!((0..1000).all(|_| jitter(longest) <= longest));
        assert_eq!(jitter(Duration::ZERO), Duration::ZERO);
    }
}
