//! Work on all cores whose results come in the order of what was worked on.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};

use depeche::pipeline::Flow;

/// How many results may wait for an earlier one, a core: enough that no core idles behind a long
/// article, few enough that memory stays flat.
const N_AHEAD: usize = 4;

/// Does `work` on each item and hands the results to `take` in order, each as soon as it and all
/// before it are done, until `take` says stop.
pub fn for_each<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Flow,
) {
    let n_ahead = N_AHEAD * rayon::current_num_threads();
    rayon::in_place_scope(|scope| {
        let mut rest = items.into_iter();
        let mut under_way: VecDeque<Receiver<R>> = VecDeque::new();
        loop {
            for item in rest.by_ref().take(n_ahead - under_way.len()) {
                let (send, receive) = channel();
                under_way.push_back(receive);
                let work = &work;
                // Nobody listens any more where `take` said stop.
                scope.spawn(move |_| drop(send.send(work(item))));
            }
            // A sender that is gone has panicked; the scope says so when it ends.
            let Some(Ok(result)) = under_way.pop_front().map(|next| next.recv()) else { return };
            if take(result) == Flow::Stop {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_stop_when_told() {
        let mut taken = Vec::new();
        let slow_for_even = |n: u64| {
            std::thread::sleep(std::time::Duration::from_millis(3 - 3 * (n % 2)));
            n
        };
        for_each(0..100, slow_for_even, |n| {
            taken.push(n);
            if n < 40 { Flow::Continue } else { Flow::Stop }
        });
        assert_eq!(taken, (0..=40).collect::<Vec<_>>());
    }
}
