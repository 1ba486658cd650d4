//! Work that goes on while a database is at work.

use std::panic::resume_unwind;
use std::thread;

/// From how many legs on a thread is worth its while: about a millisecond.
const MANY: usize = 256;

/// Does something about so many legs while this thread does something else. Where they are few, or the system gives no thread, one
/// comes after the other.
pub fn beside<A: Send, B>(legs: usize, other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    if legs < MANY {
        return (other(), own());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, &other);
        let own = own();
        let other = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_no_thread) => other(),
        };
        (other, own)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_done_beside_one_another_where_there_is_much_to_do() {
        for (legs, apart) in [(0, false), (MANY - 1, false), (MANY, true), (5_000, true)] {
            let own_thread = || thread::current().id();
            let (other, own) = beside(legs, own_thread, own_thread);
            assert_eq!((own, other != own), (own_thread(), apart), "{legs}");
        }
    }

    #[test]
    #[should_panic(expected = "broken")]
    fn what_panics_beside_panics_here() {
        beside(MANY, || panic!("broken"), || ());
    }
}
