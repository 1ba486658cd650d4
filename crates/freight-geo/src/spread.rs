//! Batches, spread over the cores.

use tokio::runtime::Handle;

/// Answers questions on all cores, off the async threads, each core at least so many of them; the answers are in the order
/// of the questions. Where a part stops short, each of its questions has the answer that `lost` makes of the reason.
pub(crate) async fn over_cores<Q, A>(
    runtime: &Handle,
    mut questions: Vec<Q>,
    least: usize,
    answer: impl Fn(Q) -> A + Clone + Send + 'static,
    lost: impl Fn(String) -> A,
) -> Vec<A>
where
    Q: Send + 'static,
    A: Clone + Send + 'static,
{
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = questions.len().div_ceil(cores).max(least);
    let mut answers = Vec::with_capacity(questions.len());
    let mut tasks = Vec::new();
    while !questions.is_empty() {
        let rest = questions.split_off(share.min(questions.len()));
        let (part, answer) = (std::mem::replace(&mut questions, rest), answer.clone());
        let count = part.len();
        let work = move || part.into_iter().map(answer).collect::<Vec<A>>();
        tasks.push((count, runtime.spawn_blocking(work)));
    }
    for (count, task) in tasks {
        match task.await {
            Ok(part) => answers.extend(part),
            Err(stopped) => answers.extend(std::iter::repeat_n(lost(stopped.to_string()), count)),
        }
    }
    answers
}
