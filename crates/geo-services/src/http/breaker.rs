//! A circuit breaker: a server that fails is left alone for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::config::BreakerPolicy;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Calls pass; so many have failed in a row.
    Closed { failures: u32 },
    /// No call passes before that time.
    Open { until: Instant },
    /// One call is trying.
    HalfOpen,
}

#[derive(Debug)]
pub(super) struct Breaker {
    policy: BreakerPolicy,
    state: Mutex<State>,
}

/// The right to make one call. Dropped without a verdict, as when the caller is cancelled, it leaves the state as it was.
#[derive(Debug)]
pub(super) struct Admission<'a> {
    breaker: &'a Breaker,
    /// This call decides whether the breaker closes.
    trial: bool,
    settled: bool,
}

impl Breaker {
    pub fn new(policy: BreakerPolicy) -> Self {
        Self { policy, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// Lets a call pass, or not.
    pub fn admit(&self, now: Instant) -> Option<Admission<'_>> {
        let mut state = self.state();
        let trial = match *state {
            State::Closed { .. } => false,
            State::Open { until } if now >= until => {
                *state = State::HalfOpen;
                true
            }
            State::Open { .. } | State::HalfOpen => return None,
        };
        Some(Admission { breaker: self, trial, settled: false })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission<'_> {
    /// The server answered. True if that closed the breaker.
    pub fn succeeded(mut self) -> bool {
        self.settled = true;
        let mut state = self.breaker.state();
        if self.trial || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
        self.trial
    }

    /// The server did not answer. True if that opened the breaker.
    pub fn failed(mut self, now: Instant) -> bool {
        self.settled = true;
        let mut state = self.breaker.state();
        let policy = self.breaker.policy;
        let open = State::Open { until: now + policy.rest };
        match *state {
            State::HalfOpen if self.trial => *state = open,
            State::Closed { failures } if failures + 1 >= policy.failures => *state = open,
            State::Closed { failures } => {
                *state = State::Closed { failures: failures + 1 };
                return false;
            }
            // A straggler from before the breaker opened.
            State::Open { .. } | State::HalfOpen => return false,
        }
        true
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if self.trial && !self.settled {
            *self.breaker.state() = State::Open { until: Instant::now() };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const REST: Duration = Duration::from_secs(30);

    fn breaker() -> Breaker {
        Breaker::new(BreakerPolicy { failures: 3, rest: REST })
    }

    fn fail(breaker: &Breaker, now: Instant) -> bool {
        breaker.admit(now).unwrap().failed(now)
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let (breaker, now) = (breaker(), Instant::now());
        assert!(!fail(&breaker, now) && !fail(&breaker, now));
        assert!(!breaker.admit(now).unwrap().succeeded());
        assert!(!fail(&breaker, now) && !fail(&breaker, now));
        assert!(fail(&breaker, now));
        assert!(breaker.admit(now + REST - Duration::from_millis(1)).is_none());
    }

    #[test]
    fn after_a_rest_one_call_tries() {
        let (breaker, now) = (breaker(), Instant::now());
        (0..3).for_each(|_| _ = fail(&breaker, now));
        let later = now + REST;
        let trial = breaker.admit(later).unwrap();
        assert!(breaker.admit(later).is_none(), "a second one must wait for the first");
        assert!(trial.failed(later));
        assert!(breaker.admit(later + REST - Duration::from_millis(1)).is_none());
        assert!(breaker.admit(later + REST).unwrap().succeeded());
        assert!(!fail(&breaker, later + REST), "closed, and counting from zero");
    }

    #[test]
    fn a_cancelled_trial_does_not_block_the_next() {
        let (breaker, now) = (breaker(), Instant::now().checked_sub(2 * REST).unwrap());
        (0..3).for_each(|_| _ = fail(&breaker, now));
        drop(breaker.admit(now + REST).unwrap());
        assert!(breaker.admit(Instant::now() + REST).is_some());
    }

    #[test]
    fn stragglers_change_nothing() {
        let (breaker, now) = (breaker(), Instant::now());
        let (slow, slower) = (breaker.admit(now).unwrap(), breaker.admit(now).unwrap());
        (0..3).for_each(|_| _ = fail(&breaker, now));
        assert!(!slow.succeeded() && !slower.failed(now));
        assert!(breaker.admit(now).is_none());
    }
}
