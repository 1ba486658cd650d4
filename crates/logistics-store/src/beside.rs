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
