//! At most so many calls a second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// Takes a number above 0.
    pub fn new(per_second: f64) -> Self {
        let interval = Duration::try_from_secs_f64(per_second.recip()).unwrap_or(Duration::MAX);
        Self { interval, next: Mutex::new(None) }
    }

    /// Waits until this call's turn.
    pub async fn turn(&self) {
        let turn = self.take(Instant::now());
        sleep_until(turn).await;
    }

    fn take(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = turn.checked_add(self.interval);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_an_interval_apart_and_are_not_saved_up() {
        let (pace, now) = (Pace::new(2.0), Instant::now());
        let half = Duration::from_millis(500);
        assert_eq!([pace.take(now), pace.take(now), pace.take(now)], [now, now + half, now + 2 * half]);
        let later = now + 100 * half;
        assert_eq!([pace.take(later), pace.take(later)], [later, later + half]);
    }
}
