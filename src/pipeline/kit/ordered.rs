//! Work on batches in parallel, results in order: besides the writers of large files, the only place that starts
//! threads.
//!
//! Jobs are numbered as they are made; a sink sees the results in that order whatever the number of workers,
//! so threads never show in an output. At most a few batches per worker are in flight.

use crate::record::Failure;
use crossbeam_channel::bounded;
use std::collections::BTreeMap;

/// Runs `work` on `threads` workers, each with its own `state`; `sink` gets the results in order. A failure ends it.
pub(crate) fn ordered<J: Send, S, R: Send>(
    threads: usize,
    jobs: impl Iterator<Item = Result<J, Failure>> + Send,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, J) -> Result<R, Failure> + Sync,
    mut sink: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if threads <= 1 {
        let mut state = state();
        for job in jobs {
            sink(work(&mut state, job?)?)?;
        }
        return Ok(());
    }
    std::thread::scope(|scope| {
        let (give, take) = bounded::<(u64, Result<J, Failure>)>(threads);
        let (done, results) = bounded::<(u64, Result<R, Failure>)>(threads * 2);
        scope.spawn(move || {
            for numbered in (0..).zip(jobs) {
                let failed = numbered.1.is_err();
                if give.send(numbered).is_err() || failed {
                    break;
                }
            }
        });
        for _ in 0..threads {
            let (take, done, state, work) = (take.clone(), done.clone(), &state, &work);
            scope.spawn(move || {
                let mut state = state();
                for (number, job) in take {
                    if done.send((number, job.and_then(|job| work(&mut state, job)))).is_err() {
                        break;
                    }
                }
            });
        }
        drop((take, done));
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                sink(result?)?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::ordered;
    use crate::record::Failure;

    fn squares(threads: usize, fail_at: Option<u64>) -> (Vec<u64>, Result<(), Failure>) {
        let mut seen = Vec::new();
        let jobs = (0..500u64).map(|n| if Some(n) == fail_at { Err(Failure::run("no")) } else { Ok(n) });
        let work = |(): &mut (), n| {
            if n % 7 == 0 {
                std::thread::yield_now();
            }
            Ok(n * n)
        };
        let sink = |square| {
            seen.push(square);
            Ok(())
        };
        let result = ordered(threads, jobs, || (), work, sink);
        (seen, result)
    }

    #[test]
    fn results_come_in_order_for_any_number_of_workers() {
        let expected: Vec<u64> = (0..500).map(|n| n * n).collect();
        for threads in [1, 2, 5] {
            assert_eq!(squares(threads, None), (expected.clone(), Ok(())));
        }
    }

    #[test]
    fn the_first_failure_ends_it_after_all_results_before_it() {
        for threads in [1, 3] {
            let (seen, result) = squares(threads, Some(42));
            assert_eq!(seen.len(), 42);
            assert!(result.is_err());
        }
    }

    #[test]
    fn a_sink_that_fails_stops_the_rest_without_hanging() {
        let sink = |n| if n == 5 { Err(Failure::run("full")) } else { Ok(()) };
        assert!(ordered(3, (0..10_000u32).map(Ok), || (), |(), n| Ok(n), sink).is_err());
    }
}
